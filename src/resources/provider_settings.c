// SPDX-License-Identifier: MPL-2.0
#include "resources/provider_settings.h"

#include "schema/check.h"

static const struct row endpoint_rows[] = {
	{
		.name = "ec2",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL,
		.check = check_url,
		.doc = "Where EC2 is asked, for example `http://127.0.0.1:4566`. Without it, `AWS_ENDPOINT_URL_EC2` or "
		       "`AWS_ENDPOINT_URL` from the environment, else the region's public endpoint.",
	},
	{
		.name = "sts",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL,
		.check = check_url,
		.doc = "Where STS is asked for the account. Without it, `AWS_ENDPOINT_URL_STS` or `AWS_ENDPOINT_URL`.",
	},
	{
		.name = "elbv2",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL,
		.check = check_url,
		.doc = "Where Elastic Load Balancing is asked. Without it, "
		       "`AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2` or "
		       "`AWS_ENDPOINT_URL`.",
	},
	{ .name = NULL },
};

static const struct row default_tags_rows[] = {
	{
		.name = "tags",
		.kind = ROW_STRING_MAP,
		.flags = ROW_OPTIONAL,
		.check = check_tags,
		.doc = "Tags of every object. A resource's own tag of the same key wins.",
	},
	{ .name = NULL },
};

static const struct row ignore_tags_rows[] = {
	{
		.name = "keys",
		.kind = ROW_STRING_SET,
		.flags = ROW_OPTIONAL,
		.doc = "Keys of tags that others manage: they are neither shown nor removed.",
	},
	{
		.name = "key_prefixes",
		.kind = ROW_STRING_SET,
		.flags = ROW_OPTIONAL,
		.doc = "Beginnings of such keys.",
	},
	{ .name = NULL },
};

static const char *const severities[] = { "warning", "error", "none", NULL };

static const struct row rows[] = {
	{
		.name = "region",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL,
		.check = check_region,
		.doc = "The AWS region of resources that name none, for example `eu-central-1`. Without it, "
		       "`AWS_REGION` or "
		       "`AWS_DEFAULT_REGION` from the environment.",
	},
	{
		.name = "access_key",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL,
		.doc = "The id of the access key to sign requests with. Without it, credentials come from the "
		       "environment "
		       "(`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`).",
	},
	{
		.name = "secret_key",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL | ROW_SENSITIVE,
		.doc = "The secret of that access key.",
	},
	{
		.name = "token",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL | ROW_SENSITIVE,
		.doc = "The session token of temporary credentials.",
	},
	{
		.name = "max_retries",
		.kind = ROW_INTEGER,
		.flags = ROW_OPTIONAL,
		.min = 1,
		.max = 100,
		.doc = "How many times a request is sent at most, the first time included; 25 when absent.",
	},
	{
		.name = "deviation_severity",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL,
		.choices = severities,
		.doc = "What a plan says about a setting that departs from the recommended one: `warning` (also when "
		       "absent), "
		       "`error` or `none`. The attribute `deviations` of each resource lists them in any case.",
	},
	{
		.name = "endpoints",
		.kind = ROW_BLOCK,
		.flags = ROW_OPTIONAL,
		.fields = endpoint_rows,
		.doc = "Other endpoints than the public ones of AWS.",
	},
	{
		.name = "default_tags",
		.kind = ROW_BLOCK,
		.flags = ROW_OPTIONAL,
		.fields = default_tags_rows,
		.doc = "Tags that every object gets.",
	},
	{
		.name = "ignore_tags",
		.kind = ROW_BLOCK,
		.flags = ROW_OPTIONAL,
		.fields = ignore_tags_rows,
		.doc = "Tags that are none of this configuration's business.",
	},
	{ .name = NULL },
};

static void require_other(struct call *call, const struct value *config, struct text given, struct text other)
{
	if (!value_is_known(value_field(config, given)) || !value_is_null(value_field(config, other)))
		return;
	const struct path at = path_attribute(NULL, given);
	diag_error(call, &at, "Credentials are incomplete",
		   "`%.*s` is set in the provider block but `%.*s` is not. Set both, or leave both out to take the "
		   "credentials from the environment.",
		   TEXT_ARG(given), TEXT_ARG(other));
}

static void validate(struct call *call, const struct value *config)
{
	require_other(call, config, T("access_key"), T("secret_key"));
	require_other(call, config, T("secret_key"), T("access_key"));
	require_other(call, config, T("token"), T("access_key"));
}

const struct row_set provider_settings = {
	.name = "vns",
	.noun = "provider",
	.doc = "Sets up AWS VPC Traffic Mirroring towards Virtual Network Sensors: what is mirrored, from where, and "
	       "to which "
	       "sensor. Every default is the setting that the sensor's documentation recommends.",
	.rows = rows,
	.validate = validate,
};

// The text of a string that AWS calls need; notes the first that is not known yet.
static struct text take_text(const struct value *value, struct text place, struct aws_settings *aws)
{
	if (value_is_unknown(value) && !aws->unknown.length)
		aws->unknown = place;
	return value_is_known(value) ? value->string : T("");
}

// The block's object: a null when there is none, unknown when that is not known.
static const struct value *take_block(const struct value *config, struct text name)
{
	const struct value *blocks = value_field(config, name);
	return value_is_known(blocks) && blocks->count > 0 ? &blocks->items[0] : blocks;
}

// The field of a block's object. When there is no such object or it is unknown, the field is the same.
static struct value block_field(const struct value *block, struct text name, const struct type *type)
{
	if (value_is_unknown(block))
		return value_unknown(type);
	if (value_is_null(block) || block->type->kind != TYPE_OBJECT)
		return value_null(type);
	return *value_field(block, name);
}

static void read_endpoints(struct call *call, const struct value *config, struct aws_settings *aws)
{
	static const struct {
		enum aws_service service;
		struct text name;
	} services[] = { { AWS_EC2, TEXT("ec2") }, { AWS_STS, TEXT("sts") }, { AWS_ELBV2, TEXT("elbv2") } };
	const struct value *block = take_block(config, T("endpoints"));
	for (size_t i = 0; i < sizeof services / sizeof services[0]; i++) {
		const struct value url = block_field(block, services[i].name, &type_string);
		struct text place = text_print(call->arena, "endpoints.%.*s", TEXT_ARG(services[i].name));
		aws->endpoints[services[i].service] = take_text(&url, place, aws);
	}
}

static enum deviation_severity severity_of(const struct value *word)
{
	if (!value_is_known(word) || text_equal(word->string, T("warning")))
		return DEVIATION_WARNING;
	return text_equal(word->string, T("error")) ? DEVIATION_ERROR : DEVIATION_NONE;
}

void provider_settings_read(struct call *call, const struct value *config, struct aws_settings *ret_aws,
			    struct settings *ret_settings)
{
	*ret_aws = (struct aws_settings){ .region = T("") };
	ret_aws->region = take_text(value_field(config, T("region")), T("region"), ret_aws);
	ret_aws->access_key = take_text(value_field(config, T("access_key")), T("access_key"), ret_aws);
	ret_aws->secret_key = take_text(value_field(config, T("secret_key")), T("secret_key"), ret_aws);
	ret_aws->token = take_text(value_field(config, T("token")), T("token"), ret_aws);
	const struct value *max_retries = value_field(config, T("max_retries"));
	if (value_is_known(max_retries))
		ret_aws->max_attempts = (int)max_retries->number.integer;
	read_endpoints(call, config, ret_aws);

	const struct value *default_tags = take_block(config, T("default_tags"));
	const struct value *ignore_tags = take_block(config, T("ignore_tags"));
	*ret_settings = (struct settings){
		.region = *value_field(config, T("region")),
		.default_tags = block_field(default_tags, T("tags"), &type_string_map),
		.ignore_keys = block_field(ignore_tags, T("keys"), &type_string_set),
		.ignore_prefixes = block_field(ignore_tags, T("key_prefixes"), &type_string_set),
		.deviation_severity = severity_of(value_field(config, T("deviation_severity"))),
	};
}
