// SPDX-License-Identifier: MPL-2.0
// Answers at once: the calls under way end by themselves when they notice.
#include "base/call.h"
#include "provider/handlers.h"

HANDLER(stop_provider, StopProvider)
{
	(void)service;
	(void)request;
	const struct call *call = closure_data;
	if (call->cancel_source)
		cancel_source_fire(call->cancel_source);
	Tfplugin6__StopProvider__Response response;
	tfplugin6__stop_provider__response__init(&response);
	closure(&response, closure_data);
}
