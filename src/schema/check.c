// SPDX-License-Identifier: MPL-2.0
#include "schema/check.h"

#include "base/text.h"

#include <arpa/inet.h>
#include <string.h>

// Takes the prefix length: decimal, no sign, no leading zero.
static bool parse_prefix_length(struct text digits, int most, int *ret_length)
{
	int64_t length;
	if (digits.length == 0 || digits.length > 3 || digits.at[0] == '-' ||
	    (digits.length > 1 && digits.at[0] == '0') || !text_to_int64(digits, &length) || length > most)
		return false;
	*ret_length = (int)length;
	return true;
}

static bool bit_is_set(const unsigned char *address, int bit)
{
	return (address[bit / 8] >> (7 - bit % 8)) & 1;
}

bool check_cidr_parse(struct text text, struct cidr *ret_cidr, bool *ret_host_bits)
{
	size_t slash = text_find_char(text, '/');
	char address[INET6_ADDRSTRLEN];
	if (slash == SIZE_MAX || slash >= sizeof address)
		return false;
	memcpy(address, text.at, slash);
	address[slash] = '\0';
	if (strlen(address) != slash) // an inner NUL
		return false;
	struct cidr cidr = { .is_ipv6 = memchr(address, ':', slash) != NULL };
	int bits = cidr.is_ipv6 ? 128 : 32;
	if (inet_pton(cidr.is_ipv6 ? AF_INET6 : AF_INET, address, cidr.address) != 1 ||
	    !parse_prefix_length(text_part(text, slash + 1, text.length), bits, &cidr.prefix_length))
		return false;
	*ret_host_bits = false;
	for (int bit = cidr.prefix_length; bit < bits; bit++)
		*ret_host_bits |= bit_is_set(cidr.address, bit);
	*ret_cidr = cidr;
	return true;
}

bool check_cidr_same(struct text a, struct text b)
{
	struct cidr first, second;
	bool host_bits;
	return check_cidr_parse(a, &first, &host_bits) && check_cidr_parse(b, &second, &host_bits) &&
	       first.is_ipv6 == second.is_ipv6 && first.prefix_length == second.prefix_length &&
	       memcmp(first.address, second.address, sizeof first.address) == 0;
}

// The network without its host bits, as people write it.
static struct text print_network(struct arena *arena, struct cidr cidr)
{
	for (int bit = cidr.prefix_length; bit < 128; bit++)
		cidr.address[bit / 8] &= (unsigned char)~(0x80u >> (bit % 8));
	char address[INET6_ADDRSTRLEN];
	inet_ntop(cidr.is_ipv6 ? AF_INET6 : AF_INET, cidr.address, address, sizeof address);
	return text_print(arena, "%s/%d", address, cidr.prefix_length);
}

const char *check_cidr(struct arena *arena, const struct value *value)
{
	struct cidr cidr;
	bool host_bits;
	if (!check_cidr_parse(value->string, &cidr, &host_bits))
		return "must be a network in CIDR notation, such as \"10.0.0.0/8\" or \"2001:db8::/32\"";
	if (!host_bits)
		return NULL;
	struct text network = print_network(arena, cidr);
	return text_print(arena, "has bits set after its prefix of %d; the network is \"%.*s\"", cidr.prefix_length,
			  TEXT_ARG(network))
		.at;
}

static bool is_lower_hexadecimal(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool all_are(struct text view, bool (*is_good)(char))
{
	for (size_t i = 0; i < view.length; i++) {
		if (!is_good(view.at[i]))
			return false;
	}
	return true;
}

bool check_is_id(struct text id, struct text prefix)
{
	if (!text_starts_with(id, prefix))
		return false;
	struct text digits = text_part(id, prefix.length, id.length);
	return (digits.length == 8 || digits.length == 17) && all_are(digits, is_lower_hexadecimal);
}

// The region becomes a label of a host name, so it must be one whatever regions there will be.
const char *check_region(struct arena *arena, const struct value *value)
{
	(void)arena;
	return text_is_label(value->string) ? NULL : "must be the name of an AWS region, such as \"eu-central-1\"";
}

const char *check_network_balancer_arn(struct arena *arena, const struct value *value)
{
	(void)arena;
	static const char problem[] = "must be the ARN of a network load balancer, such as "
				      "\"arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/net/"
				      "sensors/50dc6c495c0c9188\"";
	struct text rest = value->string, arn, partition, service, region, account;
	if (!text_take_until(&rest, ':', &arn) || !text_take_until(&rest, ':', &partition) ||
	    !text_take_until(&rest, ':', &service) || !text_take_until(&rest, ':', &region) ||
	    !text_take_until(&rest, ':', &account))
		return problem;
	if (!text_equal(arn, T("arn")) || !text_starts_with(partition, T("aws")) ||
	    !text_equal(service, T("elasticloadbalancing")) || !text_is_label(region))
		return problem;
	if (account.length != 12 || !all_are(account, is_digit))
		return problem;
	if (text_starts_with(rest, T("loadbalancer/app/")))
		return "must be the ARN of a network load balancer; this one is an application load balancer's, which "
		       "EC2 does not mirror to";
	struct text kind, net, name, id;
	if (!text_take_until(&rest, '/', &kind) || !text_take_until(&rest, '/', &net) ||
	    !text_take_until(&rest, '/', &name) || !text_take_until(&rest, '/', &id))
		return problem;
	bool good = text_equal(kind, T("loadbalancer")) && text_equal(net, T("net")) && name.length > 0 &&
		    id.length > 0 && rest.length == 0 && !text_ends_with(value->string, T("/"));
	return good ? NULL : problem;
}

size_t check_characters(struct text view)
{
	size_t characters = 0;
	for (size_t i = 0; i < view.length; i++)
		characters += ((unsigned char)view.at[i] & 0xC0) != 0x80; // bytes that do not continue a character
	return characters;
}

const char check_fits_xml_problem[] =
	"must not have control characters or noncharacters: an answer of EC2, which is XML, cannot repeat them";

bool check_fits_xml(struct text view)
{
	for (size_t i = 0; i < view.length; i++) {
		char c = view.at[i];
		struct text three = text_part(view, i, 3);
		if (((unsigned char)c < ' ' && c != '\t' && c != '\n' && c != '\r') ||
		    text_equal(three, T("\xEF\xBF\xBE")) || text_equal(three, T("\xEF\xBF\xBF")))
			return false;
	}
	return true;
}

static const size_t longest_key = 127, longest_tag_value = 256;

static const char *check_tag(struct arena *arena, struct text key, const struct value *value)
{
	if (key.length == 0)
		return "must not have a tag with an empty key";
	if (check_characters(key) > longest_key)
		return text_print(arena, "has a key of %zu characters, and EC2 takes %zu: \"%.*s\"",
				  check_characters(key), longest_key, TEXT_ARG(key))
			.at;
	if (!check_fits_xml(key) || (value_is_known(value) && !check_fits_xml(value->string)))
		return check_fits_xml_problem;
	if (text_equal_ignore_case(text_part(key, 0, 4), T("aws:")))
		return text_print(arena, "must not have the key \"%.*s\": AWS keeps the prefix \"aws:\" for itself",
				  TEXT_ARG(key))
			.at;
	if (value_is_known(value) && check_characters(value->string) > longest_tag_value)
		return text_print(arena, "has a value of %zu characters for the key \"%.*s\", and EC2 takes %zu",
				  check_characters(value->string), TEXT_ARG(key), longest_tag_value)
			.at;
	return NULL;
}

const char *check_tags(struct arena *arena, const struct value *value)
{
	size_t count = 0; // a null is a place for a tag, and none
	for (size_t i = 0; i < value->count; i++)
		count += !value_is_null(&value->items[i]);
	if (count > (size_t)CHECK_MOST_TAGS)
		return text_print(arena, "must have %zu tags at most, not %zu", (size_t)CHECK_MOST_TAGS, count).at;
	for (size_t i = 0; i < value->count; i++) {
		const char *problem = check_tag(arena, value->keys[i], &value->items[i]);
		if (problem)
			return problem;
	}
	return NULL;
}
