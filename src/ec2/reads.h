// SPDX-License-Identifier: MPL-2.0
// How objects are looked up by id: the one place through which every read goes, so that many become one request.
//
// A host reads hundreds of objects one by one, several at a time, and waits for each. So reads that wait at the same
// time share one Describe, and when a tenth object of a type is asked for, all objects are listed instead, page by page
// as far as needed: the page that answers one read answers hundreds of later ones.
//
// N objects, ten or more, cost ceil(9 / P) + ceil(N / 1000) requests when P are read at a time and none of them comes
// late: two for a hundred with the hosts' -parallelism=10, 10 with -parallelism=1, where there is nobody to share with.
// They never cost more than 9 + ceil(N / 1000). It could be less only if fewer than ten were listed: nothing tells
// beforehand how many there will be. Terraform 1.11 and OpenTofu 1.12 were seen to send the UpgradeResourceState of an
// object just before its ReadResource, object by object, and at -parallelism=10 for those that are about to be read,
// which wait in line together anyhow.
//
// No read is answered by what is older than a change (changes.h) that this process made before the read began, whatever
// was changed; nor by a listing older than two minutes. A listing never says that an object is gone: that is believed
// only of an answer about its very id, and, unless it says "not found", of a second one.
//
// This is state that calls share and change, behind one lock in reads.c. It lives with the configured provider.
#ifndef VNS_EC2_READS_H
#define VNS_EC2_READS_H

#include "aws/xml.h"
#include "ec2/resource.h"

enum reads_result {
	READS_FOUND,
	READS_GONE,
	READS_UNSEEN, // EC2 does not show it, but it is so new that this says nothing
	READS_FAILED, // an error was added
};

struct reads;

// NULL when there is no memory.
struct reads *reads_new(void);
// No call may be using it. It does not outlive the clients of its operations. NULL is fine.
void reads_free(struct reads *reads);

// The item of that id, valid as long as the call's arena. A new object (recent.h) is looked for again for a while, and
// never counts as gone.
enum reads_result reads_describe(const struct operation *operation, struct text id, const struct xml_node **ret_item);

#endif
