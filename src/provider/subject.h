// SPDX-License-Identifier: MPL-2.0
// The provider as its handlers see it, and the resource that a request is about. Private to provider/.
#ifndef VNS_PROVIDER_SUBJECT_H
#define VNS_PROVIDER_SUBJECT_H

#include "base/call.h"
#include "resources/resources.h"
#include "tfplugin6.pb-c.h"
#include "value/type.h"

#include <pthread.h>
#include <stdbool.h>

struct configured;

struct provider {
	Tfplugin6__Provider_Service service; // first: this is what a handler is given
	const char *version;
	struct arena arena;                // what is made once: the types
	const struct type *settings_type;  // of the provider block
	const struct type *meta_type;      // of the block provider_meta
	const struct type **subject_types; // of the resources, as in resources_all
	pthread_mutex_t lock;              // of what follows
	struct configured *configured;     // the newest; NULL before ConfigureProvider
	char *packed_schema;               // the answer of GetProviderSchema; NULL before the first
	size_t packed_schema_length;
};

static inline struct provider *subject_provider(Tfplugin6__Provider_Service *service)
{
	return (struct provider *)service;
}

// What a request is about.
struct subject {
	const struct resource *resource;
	const struct type *type; // of its values
};

// False, with an error, when this provider has no resource of that type.
bool subject_find(struct call *call, const struct provider *provider, const char *type_name,
		  struct subject *ret_subject);

#endif
