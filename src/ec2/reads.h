// SPDX-License-Identifier: MPL-2.0
// How objects are looked up by id: the one place through which every read goes, so that many can become one request.
#ifndef VNS_EC2_READS_H
#define VNS_EC2_READS_H

#include "aws/xml.h"
#include "ec2/resource.h"

enum reads_result {
	READS_FOUND,
	READS_GONE,
	READS_FAILED, // an error was added
};

// The item of that id as EC2 describes it now, in the call's arena. An object that this process created a moment ago is
// looked for again for a while before it counts as gone.
enum reads_result reads_describe(const struct operation *operation, struct text id, const struct xml_node **ret_item);

#endif
