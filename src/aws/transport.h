// SPDX-License-Identifier: MPL-2.0
// What settings and environment say about connections: proxies, and whose certificates are trusted.
#ifndef VNS_AWS_TRANSPORT_H
#define VNS_AWS_TRANSPORT_H

#include "aws/environment.h"
#include "aws/http_curl.h"
#include "aws/aws_settings.h"
#include "base/call.h"

#include <stdbool.h>

// False with an error. Texts are views of the settings, the environment or the call's arena.
bool transport_choose(struct call *call, const struct aws_settings *settings, const struct environment *environment,
		      struct http_curl_options *ret_options);

#endif
