// SPDX-License-Identifier: MPL-2.0
#include "resources/provider_settings.h"

#include "aws/endpoint.h"
#include "resources/provider_checks.h"
#include "resources/provider_meta.h"
#include "resources/provider_rows.h"

// As in the AWS provider an empty text is none.
static bool is_none(const struct value *value)
{
	return value_is_null(value) ||
	       (value_is_known(value) && value->type->kind == TYPE_STRING && value->string.length == 0);
}

static bool is_given(const struct value *value)
{
	return value_is_known(value) && !is_none(value);
}

static void require_other(struct call *call, const struct value *config, struct text given, struct text other)
{
	if (!is_given(value_field(config, given)) || !is_none(value_field(config, other)))
		return;
	const struct path at = path_attribute(NULL, given);
	diag_error(call, &at, "Credentials are incomplete",
		   "`%.*s` is set in the provider block but `%.*s` is not. Set both, or leave both out to take the "
		   "credentials from the environment.",
		   TEXT_ARG(given), TEXT_ARG(other));
}

// `where` is the path of the object; NULL: the provider block.
static void refuse_both(struct call *call, const struct path *where, const struct value *object, struct text one,
			struct text other)
{
	if (!value_is_known(value_field(object, one)) || !value_is_known(value_field(object, other)))
		return;
	const struct path at = path_attribute(where, one);
	diag_error(call, &at, "Conflicting arguments", "`%.*s` and `%.*s` cannot both be set. Remove one of them.",
		   TEXT_ARG(one), TEXT_ARG(other));
}

static void validate_web_identity(struct call *call, const struct value *blocks)
{
	const struct path list = path_attribute(NULL, T("assume_role_with_web_identity"));
	for (size_t i = 0; value_is_known(blocks) && i < blocks->count; i++) {
		const struct path at = path_index(&list, (int64_t)i);
		if (value_is_known(&blocks->items[i]))
			refuse_both(call, &at, &blocks->items[i], T("web_identity_token"),
				    T("web_identity_token_file"));
	}
}

// As in the AWS provider keys of the block end the search, without a word; here it is said.
static void warn_of_keys(struct call *call, const struct value *config)
{
	const struct path at = path_attribute(NULL, T("assume_role_with_web_identity"));
	const struct value *blocks = value_field(config, T("assume_role_with_web_identity"));
	if (value_is_known(blocks) && blocks->count > 0 && is_given(value_field(config, T("access_key"))))
		diag_warning(call, &at, "Block without effect",
			     "`access_key` and `secret_key` take precedence over this block, so no web identity is "
			     "used. Remove one of them.");
}

// A block without a role is passed over when it is the only one, as in the AWS provider; in a chain it is a gap.
static void validate_roles(struct call *call, const struct value *blocks)
{
	const struct path list = path_attribute(NULL, T("assume_role"));
	for (size_t i = 0; value_is_known(blocks) && i < blocks->count; i++) {
		const struct path at = path_index(&list, (int64_t)i);
		const struct value *block = &blocks->items[i];
		if (!value_is_known(block) || !is_none(value_field(block, T("role_arn"))))
			continue;
		if (blocks->count > 1)
			diag_error(call, &at, "No role", "`role_arn` is missing. Set it, or remove the block.");
		else
			diag_warning(
				call, &at, "No role",
				"The block has no `role_arn`, so no role is assumed. Set it, or remove the block.");
	}
}

static void validate(struct call *call, const struct value *config)
{
	require_other(call, config, T("access_key"), T("secret_key"));
	require_other(call, config, T("secret_key"), T("access_key"));
	require_other(call, config, T("token"), T("access_key"));
	refuse_both(call, NULL, config, T("allowed_account_ids"), T("forbidden_account_ids"));
	validate_web_identity(call, value_field(config, T("assume_role_with_web_identity")));
	warn_of_keys(call, config);
	validate_roles(call, value_field(config, T("assume_role")));
}

const struct row_set provider_settings = {
	.name = "vns",
	.noun = "provider",
	.doc = "Sets up AWS VPC Traffic Mirroring towards Virtual Network Sensors: what is mirrored, from where, and "
	       "to which sensor. Every default is the setting that the sensor's documentation recommends.",
	.rows = provider_rows,
	.validate = validate,
};

// Reads the block for the AWS client; unknown values are noted in aws->unknown.
struct reader {
	struct call *call;
	const struct value *object; // the provider block, or one of the blocks inside
	const char *block;          // the name of that; NULL: the provider block
	struct aws_settings *aws;
};

// The field's value, NULL unless it is wholly known.
static const struct value *take(const struct reader *reader, const char *name)
{
	const struct value *value = value_field(reader->object, text_of(name));
	if (!value_is_wholly_known(value) && !reader->aws->unknown.length)
		reader->aws->unknown =
			reader->block ? text_print(reader->call->arena, "%s.%s", reader->block, name) : text_of(name);
	return value_is_null(value) || !value_is_wholly_known(value) ? NULL : value;
}

static struct text take_text(const struct reader *reader, const char *name)
{
	const struct value *value = take(reader, name);
	return value ? value->string : T("");
}

static bool take_bool(const struct reader *reader, const char *name)
{
	const struct value *value = take(reader, name);
	return value && value->boolean;
}

static int take_int(const struct reader *reader, const char *name)
{
	const struct value *value = take(reader, name);
	return value ? (int)value->number.integer : 0;
}

static int64_t take_duration(const struct reader *reader, const char *name)
{
	int64_t seconds = 0;
	return provider_checks_parse_duration(take_text(reader, name), &seconds) ? seconds : 0;
}

static struct proxy_argument take_proxy(const struct reader *reader, const char *name)
{
	const struct value *value = take(reader, name);
	return (struct proxy_argument){ value != NULL, value ? value->string : T("") };
}

static enum settings_switch take_switch(const struct reader *reader, const char *name)
{
	const struct text word = take_text(reader, name);
	if (word.length == 0)
		return SETTINGS_UNSET;
	return text_equal(word, T("true")) ? SETTINGS_ON : SETTINGS_OFF;
}

// Nulls among them are left out.
static struct settings_texts take_texts(const struct reader *reader, const char *name)
{
	const struct value *list = take(reader, name);
	const size_t count = list ? list->count : 0;
	struct text *texts = ARENA_ARRAY(reader->call->arena, struct text, count);
	struct settings_texts taken = { texts, 0 };
	for (size_t i = 0; i < count; i++) {
		if (value_is_known(&list->items[i]))
			texts[taken.count++] = list->items[i].string;
	}
	return taken;
}

static struct settings_pairs take_pairs(const struct reader *reader, const char *name)
{
	const struct value *map = take(reader, name);
	const size_t count = map ? map->count : 0;
	struct settings_pair *pairs = ARENA_ARRAY(reader->call->arena, struct settings_pair, count);
	struct settings_pairs taken = { pairs, 0 };
	for (size_t i = 0; i < count; i++) {
		if (value_is_known(&map->items[i]))
			pairs[taken.count++] = (struct settings_pair){ map->keys[i], map->items[i].string };
	}
	return taken;
}

// The list of blocks of that name, NULL when there are none or it is not known, which is noted.
static const struct value *take_blocks(const struct reader *reader, const char *name)
{
	const struct value *blocks = value_field(reader->object, text_of(name));
	if (value_is_unknown(blocks) && !reader->aws->unknown.length)
		reader->aws->unknown = text_of(name);
	return value_is_known(blocks) ? blocks : NULL;
}

// False when the block is not known, which is noted.
static bool enter_block(const struct reader *outer, const struct value *block, const char *name,
			struct reader *ret_reader)
{
	*ret_reader = (struct reader){ outer->call, block, name, outer->aws };
	if (!value_is_known(block) && !outer->aws->unknown.length)
		outer->aws->unknown = text_of(name);
	return value_is_known(block);
}

static void read_endpoints(const struct reader *reader)
{
	static const char name[] = "endpoints";
	const struct value *blocks = take_blocks(reader, name);
	for (size_t b = 0; blocks && b < blocks->count; b++) {
		struct reader inner;
		if (!enter_block(reader, &blocks->items[b], name, &inner))
			continue;
		for (size_t i = 0; i < AWS_SERVICE_COUNT; i++) {
			const struct text url = take_text(&inner, endpoint_service((enum aws_service)i)->argument);
			if (url.length)
				reader->aws->endpoints[i] = url;
		}
	}
}

static void read_roles(const struct reader *reader)
{
	static const char name[] = "assume_role";
	const struct value *blocks = take_blocks(reader, name);
	const size_t count = blocks ? blocks->count : 0;
	struct settings_role *roles = ARENA_ARRAY(reader->call->arena, struct settings_role, count);
	struct settings_roles read = { roles, 0 };
	for (size_t i = 0; i < count; i++) {
		struct reader inner;
		if (!enter_block(reader, &blocks->items[i], name, &inner))
			continue;
		const struct settings_role role = {
			.role_arn = take_text(&inner, "role_arn"),
			.session_name = take_text(&inner, "session_name"),
			.duration_s = take_duration(&inner, "duration"),
			.external_id = take_text(&inner, "external_id"),
			.policy = take_text(&inner, "policy"),
			.source_identity = take_text(&inner, "source_identity"),
			.policy_arns = take_texts(&inner, "policy_arns"),
			.tags = take_pairs(&inner, "tags"),
			.transitive_tag_keys = take_texts(&inner, "transitive_tag_keys"),
		};
		if (role.role_arn.length)
			roles[read.count++] = role;
	}
	reader->aws->assume_role = read;
}

static void read_web_identity(const struct reader *reader)
{
	static const char name[] = "assume_role_with_web_identity";
	const struct value *blocks = take_blocks(reader, name);
	struct reader inner;
	if (!blocks || blocks->count == 0 || !enter_block(reader, &blocks->items[0], name, &inner))
		return;
	reader->aws->assume_role_with_web_identity = (struct settings_web_identity){
		.is_set = true,
		.role_arn = take_text(&inner, "role_arn"),
		.session_name = take_text(&inner, "session_name"),
		.duration_s = take_duration(&inner, "duration"),
		.policy = take_text(&inner, "policy"),
		.policy_arns = take_texts(&inner, "policy_arns"),
		.token = take_text(&inner, "web_identity_token"),
		.token_file = take_text(&inner, "web_identity_token_file"),
	};
}

static struct text take_products(const struct reader *reader, const char *name)
{
	const struct value *products = take(reader, name);
	return products ? provider_meta_join(reader->call->arena, products) : T("");
}

static void read_credentials(const struct reader *reader)
{
	struct aws_settings *aws = reader->aws;
	aws->access_key = take_text(reader, "access_key");
	aws->secret_key = take_text(reader, "secret_key");
	aws->token = take_text(reader, "token");
	aws->profile = take_text(reader, "profile");
	aws->shared_config_files = take_texts(reader, "shared_config_files");
	aws->shared_credentials_files = take_texts(reader, "shared_credentials_files");
	aws->skip_metadata_api_check = take_switch(reader, "skip_metadata_api_check");
	aws->ec2_metadata_service_endpoint = take_text(reader, "ec2_metadata_service_endpoint");
	aws->ec2_metadata_service_endpoint_mode = take_text(reader, "ec2_metadata_service_endpoint_mode");
	aws->allowed_account_ids = take_texts(reader, "allowed_account_ids");
	aws->forbidden_account_ids = take_texts(reader, "forbidden_account_ids");
	aws->skip_credentials_validation = take_bool(reader, "skip_credentials_validation");
	aws->skip_requesting_account_id = take_bool(reader, "skip_requesting_account_id");
	read_roles(reader);
	read_web_identity(reader);
}

static void read_transport(const struct reader *reader)
{
	struct aws_settings *aws = reader->aws;
	aws->region = take_text(reader, "region");
	aws->sts_region = take_text(reader, "sts_region");
	aws->use_fips_endpoint = take_bool(reader, "use_fips_endpoint");
	aws->use_dualstack_endpoint = take_bool(reader, "use_dualstack_endpoint");
	aws->skip_region_validation = take_bool(reader, "skip_region_validation");
	aws->max_attempts = take_int(reader, "max_retries");
	aws->retry_mode = take_text(reader, "retry_mode");
	aws->token_bucket_rate_limiter_capacity = take_int(reader, "token_bucket_rate_limiter_capacity");
	aws->proxies.http = take_proxy(reader, "http_proxy");
	aws->proxies.https = take_proxy(reader, "https_proxy");
	aws->proxies.exceptions = take_text(reader, "no_proxy");
	aws->custom_ca_bundle = take_text(reader, "custom_ca_bundle");
	aws->insecure = take_bool(reader, "insecure");
	aws->user_agent = take_products(reader, "user_agent");
	read_endpoints(reader);
}

// The block's object: a null when there is none, unknown when that is not known.
static const struct value *block_object(const struct value *config, struct text name)
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

static enum deviation_severity severity_of(const struct value *word)
{
	if (!value_is_known(word) || text_equal(word->string, T("warning")))
		return DEVIATION_WARNING;
	return text_equal(word->string, T("error")) ? DEVIATION_ERROR : DEVIATION_NONE;
}

void provider_settings_read(struct call *call, const struct value *config, struct aws_settings *ret_aws,
			    struct settings *ret_settings)
{
	const struct reader reader = { call, config, NULL, ret_aws };
	*ret_aws = (struct aws_settings){ .region = T("") };
	read_transport(&reader);
	read_credentials(&reader);
	const struct value *default_tags = block_object(config, T("default_tags"));
	const struct value *ignore_tags = block_object(config, T("ignore_tags"));
	const struct value *region = value_field(config, T("region"));
	const struct value *skip_preflight = value_field(config, T("skip_preflight"));
	*ret_settings = (struct settings){
		.region = is_none(region) ? value_null(&type_string) : *region,
		.default_tags = block_field(default_tags, T("tags"), &type_string_map),
		.ignore_keys = block_field(ignore_tags, T("keys"), &type_string_set),
		.ignore_prefixes = block_field(ignore_tags, T("key_prefixes"), &type_string_set),
		.deviation_severity = severity_of(value_field(config, T("deviation_severity"))),
		.skip_preflight = value_is_known(skip_preflight) && skip_preflight->boolean,
	};
}
