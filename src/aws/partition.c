// SPDX-License-Identifier: MPL-2.0
#include "aws/partition.h"

#include <stddef.h>

// The first whose prefix fits; the last fits all.
static const struct partition partitions[] = {
	{ TEXT("cn-"),
	  TEXT("aws-cn"),
	  TEXT("amazonaws.com.cn"),
	  TEXT("api.amazonwebservices.com.cn"),
	  { { TEXT("iam.cn-north-1.amazonaws.com.cn"), TEXT("iam-fips.amazonaws.com.cn") },
	    { TEXT("iam.global.api.amazonwebservices.com.cn"), TEXT("iam-fips.api.amazonwebservices.com.cn") } },
	  TEXT("cn-north-1") },
	{ TEXT("us-gov-"),
	  TEXT("aws-us-gov"),
	  TEXT("amazonaws.com"),
	  TEXT("api.aws"),
	  { { TEXT("iam.us-gov.amazonaws.com"), TEXT("iam.us-gov.amazonaws.com") },
	    { TEXT("iam.us-gov.api.aws"), TEXT("iam.us-gov.api.aws") } },
	  TEXT("us-gov-west-1") },
	{ TEXT("us-iso-"),
	  TEXT("aws-iso"),
	  TEXT("c2s.ic.gov"),
	  TEXT("api.aws.ic.gov"),
	  { { TEXT("iam.us-iso-east-1.c2s.ic.gov"), TEXT("iam-fips.us-iso-east-1.c2s.ic.gov") },
	    { TEXT("iam.api.aws.ic.gov"), TEXT("iam-fips.api.aws.ic.gov") } },
	  TEXT("us-iso-east-1") },
	{ TEXT("us-isob-"),
	  TEXT("aws-iso-b"),
	  TEXT("sc2s.sgov.gov"),
	  TEXT("api.aws.scloud"),
	  { { TEXT("iam.us-isob-east-1.sc2s.sgov.gov"), TEXT("iam-fips.us-isob-east-1.sc2s.sgov.gov") },
	    { TEXT("iam.api.aws.scloud"), TEXT("iam-fips.api.aws.scloud") } },
	  TEXT("us-isob-east-1") },
	{ TEXT("eu-isoe-"),
	  TEXT("aws-iso-e"),
	  TEXT("cloud.adc-e.uk"),
	  TEXT("api.cloud-aws.adc-e.uk"),
	  { { TEXT("iam.eu-isoe-west-1.cloud.adc-e.uk"), TEXT("iam-fips.cloud.adc-e.uk") },
	    { TEXT("iam.api.cloud-aws.adc-e.uk"), TEXT("iam-fips.api.cloud-aws.adc-e.uk") } },
	  TEXT("eu-isoe-west-1") },
	{ TEXT("us-isof-"),
	  TEXT("aws-iso-f"),
	  TEXT("csp.hci.ic.gov"),
	  TEXT("api.aws.hci.ic.gov"),
	  { { TEXT("iam.us-isof-south-1.csp.hci.ic.gov"), TEXT("iam-fips.csp.hci.ic.gov") },
	    { TEXT("iam.api.aws.hci.ic.gov"), TEXT("iam-fips.api.aws.hci.ic.gov") } },
	  TEXT("us-isof-south-1") },
	{ TEXT("eusc-"),
	  TEXT("aws-eusc"),
	  TEXT("amazonaws.eu"),
	  TEXT("api.amazonwebservices.eu"),
	  { { TEXT("iam.eusc-de-east-1.amazonaws.eu"), TEXT("iam-fips.amazonaws.eu") },
	    { TEXT("iam.global.api.amazonwebservices.eu"), TEXT("iam-fips.api.amazonwebservices.eu") } },
	  TEXT("eusc-de-east-1") },
	{ TEXT(""),
	  TEXT("aws"),
	  TEXT("amazonaws.com"),
	  TEXT("api.aws"),
	  { { TEXT("iam.amazonaws.com"), TEXT("iam-fips.amazonaws.com") },
	    { TEXT("iam.global.api.aws"), TEXT("iam-fips.global.api.aws") } },
	  TEXT("us-east-1") },
};

static const struct text regions[] = {
	TEXT("af-south-1"),      TEXT("ap-east-1"),      TEXT("ap-east-2"),      TEXT("ap-northeast-1"),
	TEXT("ap-northeast-2"),  TEXT("ap-northeast-3"), TEXT("ap-south-1"),     TEXT("ap-south-2"),
	TEXT("ap-southeast-1"),  TEXT("ap-southeast-2"), TEXT("ap-southeast-3"), TEXT("ap-southeast-4"),
	TEXT("ap-southeast-5"),  TEXT("ap-southeast-6"), TEXT("ap-southeast-7"), TEXT("ca-central-1"),
	TEXT("ca-west-1"),       TEXT("eu-central-1"),   TEXT("eu-central-2"),   TEXT("eu-north-1"),
	TEXT("eu-south-1"),      TEXT("eu-south-2"),     TEXT("eu-west-1"),      TEXT("eu-west-2"),
	TEXT("eu-west-3"),       TEXT("il-central-1"),   TEXT("me-central-1"),   TEXT("me-south-1"),
	TEXT("mx-central-1"),    TEXT("sa-east-1"),      TEXT("us-east-1"),      TEXT("us-east-2"),
	TEXT("us-west-1"),       TEXT("us-west-2"),      TEXT("cn-north-1"),     TEXT("cn-northwest-1"),
	TEXT("us-gov-east-1"),   TEXT("us-gov-west-1"),  TEXT("us-iso-east-1"),  TEXT("us-iso-west-1"),
	TEXT("us-isob-east-1"),  TEXT("us-isob-west-1"), TEXT("eu-isoe-west-1"), TEXT("us-isof-east-1"),
	TEXT("us-isof-south-1"), TEXT("eusc-de-east-1"),
};

const struct partition *partition_of_region(struct text region)
{
	const struct partition *partition = partitions;
	while (!text_starts_with(region, partition->region_prefix))
		partition++;
	return partition;
}

bool partition_knows_region(struct text region)
{
	for (size_t i = 0; i < sizeof regions / sizeof regions[0]; i++) {
		if (text_equal(region, regions[i]))
			return true;
	}
	return false;
}
