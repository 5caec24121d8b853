// SPDX-License-Identifier: MPL-2.0
#include "resources/resources.h"

#include "resources/mirror_filter.h"
#include "resources/mirror_session.h"
#include "resources/mirror_target.h"

const struct resource *const resources_all[] = { &mirror_filter, &mirror_session, &mirror_target };
const size_t resources_count = sizeof resources_all / sizeof resources_all[0];

const struct resource *resources_find(struct text type_name)
{
	for (size_t i = 0; i < resources_count; i++) {
		if (text_equal(type_name, text_of(resources_all[i]->set.name)))
			return resources_all[i];
	}
	return NULL;
}
