// SPDX-License-Identifier: MPL-2.0
#ifndef VNS_RESOURCES_MIRROR_SESSION_H
#define VNS_RESOURCES_MIRROR_SESSION_H

#include "ec2/resource.h"

extern const struct resource mirror_session;

#endif
