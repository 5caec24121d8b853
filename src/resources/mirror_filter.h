// SPDX-License-Identifier: MPL-2.0
#ifndef VNS_RESOURCES_MIRROR_FILTER_H
#define VNS_RESOURCES_MIRROR_FILTER_H

#include "ec2/resource.h"

extern const struct resource mirror_filter;

#endif
