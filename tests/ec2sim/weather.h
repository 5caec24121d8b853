// SPDX-License-Identifier: MPL-2.0
// What befalls a call on its way, beside its effect: so far it is only late. This is the one place where a call can be
// made to fail before or after its effect, so that faults need no change anywhere else.
#ifndef EC2SIM_WEATHER_H
#define EC2SIM_WEATHER_H

#include "exchange.h"

enum weather_stage {
	WEATHER_BEFORE_EFFECT, // the parameters are checked, nothing has changed yet
	WEATHER_AFTER_EFFECT,  // the effect is made and saved, the answer is not sent yet
};

// Called without the lock, since it may take its time. False: the call was refused here.
bool weather_pass(struct exchange *exchange, enum weather_stage stage);

#endif
