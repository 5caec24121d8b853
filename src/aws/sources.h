// SPDX-License-Identifier: MPL-2.0
// The chain of the program: every source of credentials in its order, and the provider's roles on top of them. The
// chain itself (credentials.h) knows none by name, since some of them call AWS, which needs credentials.
#ifndef VNS_AWS_SOURCES_H
#define VNS_AWS_SOURCES_H

#include "aws/credentials.h"

extern const struct credential_sources sources_all;

#endif
