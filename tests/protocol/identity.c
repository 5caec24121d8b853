// SPDX-License-Identifier: MPL-2.0
#include "identity.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const int version_3 = 2;
static const int serial_bits = 128;

static const struct extension {
	int nid;
	const char *value;
} extensions[] = {
	{ NID_basic_constraints, "critical,CA:TRUE" },
	{ NID_key_usage, "critical,digitalSignature,keyEncipherment,keyAgreement,keyCertSign" },
	{ NID_ext_key_usage, "clientAuth,serverAuth" },
	{ NID_subject_alt_name, "DNS:localhost" },
};

static char *take_text(BIO *bio)
{
	char *at = NULL;
	long length = BIO_get_mem_data(bio, &at);
	char *copy = strndup(at, (size_t)length);
	BIO_free(bio);
	return copy;
}

static char *print_certificate(X509 *x509)
{
	BIO *bio = BIO_new(BIO_s_mem());
	(void)PEM_write_bio_X509(bio, x509);
	return take_text(bio);
}

static void set_serial(X509 *x509)
{
	BIGNUM *number = BN_new();
	(void)BN_rand(number, serial_bits, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY);
	(void)BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509));
	BN_free(number);
}

static void set_name(X509 *x509)
{
	X509_NAME *name = X509_get_subject_name(x509);
	(void)X509_NAME_add_entry_by_txt(name, "O", MBSTRING_ASC, (const unsigned char *)"HashiCorp", -1, -1, 0);
	(void)X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"localhost", -1, -1, 0);
	(void)X509_set_issuer_name(x509, name);
}

void identity_make(struct identity *ret_identity, long from_seconds, long until_seconds)
{
	EVP_PKEY *key = EVP_EC_gen("P-521");
	X509 *x509 = X509_new();
	(void)X509_set_version(x509, version_3);
	set_serial(x509);
	(void)X509_gmtime_adj(X509_getm_notBefore(x509), from_seconds);
	(void)X509_gmtime_adj(X509_getm_notAfter(x509), until_seconds);
	(void)X509_set_pubkey(x509, key);
	set_name(x509);
	for (size_t i = 0; i < sizeof extensions / sizeof extensions[0]; i++) {
		X509_EXTENSION *made = X509V3_EXT_nconf_nid(NULL, NULL, extensions[i].nid, extensions[i].value);
		(void)X509_add_ext(x509, made, -1);
		X509_EXTENSION_free(made);
	}
	if (X509_sign(x509, key, EVP_sha512()) == 0)
		abort();
	BIO *bio = BIO_new(BIO_s_mem());
	(void)PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL);
	ret_identity->key = take_text(bio);
	ret_identity->certificate = print_certificate(x509);
	X509_free(x509);
	EVP_PKEY_free(key);
}

void identity_free(struct identity *identity)
{
	free(identity->key);
	free(identity->certificate);
	*identity = (struct identity){ .key = NULL };
}

char *identity_of_plugin(struct text base64)
{
	char padded[4096];
	unsigned char der[sizeof padded / 4 * 3];
	if (base64.length == 0 || base64.length + 3 > sizeof padded)
		return NULL;
	memcpy(padded, base64.at, base64.length);
	size_t length = base64.length;
	size_t missing = (4 - length % 4) % 4;
	memset(padded + length, '=', missing);
	int decoded = EVP_DecodeBlock(der, (const unsigned char *)padded, (int)(length + missing));
	if (decoded <= (int)missing)
		return NULL;
	const unsigned char *at = der;
	X509 *x509 = d2i_X509(NULL, &at, decoded - (int)missing);
	bool whole = x509 && at == der + decoded - (int)missing;
	char *pem = whole ? print_certificate(x509) : NULL;
	X509_free(x509);
	return pem;
}
