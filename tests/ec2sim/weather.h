// SPDX-License-Identifier: MPL-2.0
// What befalls a call on its way, beside its effect: it is late, throttled, or struck by a fault. This is the one place
// where a call fails before or after its effect; the effects know nothing of it.
#ifndef EC2SIM_WEATHER_H
#define EC2SIM_WEATHER_H

#include "exchange.h"

enum weather_stage {
	WEATHER_BEFORE_EFFECT, // the parameters are checked, nothing has changed yet
	WEATHER_AFTER_EFFECT,  // the effect is made and saved, the answer is not sent yet
};

// Called without the lock, since it may take its time. False: the call was refused or lost here.
bool weather_pass(struct exchange *exchange, enum weather_stage stage);

// Spoils the answer that was written, or how it is delivered, if the call's fault is of that kind.
void weather_spoil(const struct exchange *exchange, struct http_answer *answer);

#endif
