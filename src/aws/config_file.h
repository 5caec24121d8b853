// SPDX-License-Identifier: MPL-2.0
// The files ~/.aws/config and ~/.aws/credentials (facts: aws_client, 2.2): their grammar and how several are merged.
// Nothing in them is an error: what cannot be read is passed over, as in the AWS SDKs.
//
// Sections and properties are lists in the order of the files. The first of a list is also the root of a tree over the
// bits of a hash of the names, so that each is found in a few steps however many there are.
#ifndef VNS_AWS_CONFIG_FILE_H
#define VNS_AWS_CONFIG_FILE_H

#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>

struct config_property {
	struct text key; // in lower case
	struct text value;
	struct config_property *nested; // the sub-properties of a property without a value
	struct config_property *next;
	struct config_property *last; // of the list; only in its first
	struct config_property *children[2];
};

struct config_section {
	struct text name; // of a profile; else "sso-session x" or "services x"
	bool partial;     // the file read last that has it gives one half of a key pair only
	struct config_property *first;
	struct config_section *next;
	struct config_section *last; // of the list; only in its first
	struct config_section *children[2];
};

struct config_sections {
	struct config_section *first;
};

enum config_file_kind { CONFIG_FILE, CONFIG_FILE_OF_CREDENTIALS };

// Reads one file's content and merges it over what was read before. Everything is copied into the arena.
void config_file_read(struct arena *arena, struct text content, enum config_file_kind kind,
		      struct config_sections *sections);

// NULL when there is none.
const struct config_section *config_file_section(const struct config_sections *sections, struct text name);
// Of a section, which may be NULL, or of a list of sub-properties. Empty when there is none.
struct text config_file_value(const struct config_section *section, struct text key);
struct text config_file_nested_value(const struct config_section *section, struct text key, struct text nested_key);

#endif
