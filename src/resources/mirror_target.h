// SPDX-License-Identifier: MPL-2.0
#ifndef VNS_RESOURCES_MIRROR_TARGET_H
#define VNS_RESOURCES_MIRROR_TARGET_H

#include "ec2/resource.h"

extern const struct resource mirror_target;

#endif
