// SPDX-License-Identifier: MPL-2.0
#include "plugin/certificate.h"

#include "base/arena.h"
#include "base/call.h"
#include "base/diag.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <limits.h>
#include <string.h>

// Clocks of one machine agree; this is what the host's own certificate has.
static const long backdated_seconds = 30;
static const long valid_seconds = 60L * 60 * 24 * 365;

static bool fail(struct call *call, const char *doing)
{
	char reason[256];
	ERR_error_string_n(ERR_get_error(), reason, sizeof reason);
	diag_error(call, NULL, "The server's certificate could not be made", "OpenSSL failed while %s: %s", doing,
		   reason);
	return false;
}

static bool add_extension(X509 *x509, int nid, const char *value)
{
	X509_EXTENSION *extension = X509V3_EXT_nconf_nid(NULL, NULL, nid, value);
	bool added = extension && X509_add_ext(x509, extension, -1) == 1;
	X509_EXTENSION_free(extension);
	return added;
}

static bool set_serial(X509 *x509)
{
	unsigned char random[16];
	if (RAND_bytes(random, sizeof random) != 1)
		return false;
	BIGNUM *number = BN_bin2bn(random, sizeof random, NULL);
	bool set = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509)) != NULL;
	BN_free(number);
	return set;
}

// The host demands the name localhost as a SAN, and serverAuth where there is an extended usage.
static bool fill(X509 *x509, EVP_PKEY *key)
{
	const unsigned char *name = (const unsigned char *)"localhost";
	return X509_set_version(x509, X509_VERSION_3) == 1 && set_serial(x509) &&
	       X509_gmtime_adj(X509_getm_notBefore(x509), -backdated_seconds) &&
	       X509_gmtime_adj(X509_getm_notAfter(x509), valid_seconds) && X509_set_pubkey(x509, key) == 1 &&
	       X509_NAME_add_entry_by_NID(X509_get_subject_name(x509), NID_commonName, MBSTRING_ASC, name, -1, -1, 0) ==
		       1 &&
	       X509_set_issuer_name(x509, X509_get_subject_name(x509)) == 1 &&
	       add_extension(x509, NID_subject_alt_name, "DNS:localhost") &&
	       add_extension(x509, NID_key_usage, "critical,digitalSignature") &&
	       add_extension(x509, NID_ext_key_usage, "serverAuth") && X509_sign(x509, key, EVP_sha256()) > 0;
}

// Copies what was written to `bio` into the arena.
static char *bio_text(struct call *call, BIO *bio)
{
	char *at = NULL;
	long length = BIO_get_mem_data(bio, &at);
	return text_to_c_string(call->arena, (struct text){ at, length > 0 ? (size_t)length : 0 });
}

static void free_bio(void *bio)
{
	BIO_free_all(bio);
}

static BIO *new_bio(struct call *call)
{
	BIO *bio = BIO_new(BIO_s_secmem());
	if (bio)
		arena_on_free(call->arena, free_bio, bio);
	return bio;
}

static bool write_pems(struct call *call, X509 *x509, EVP_PKEY *key, struct certificate *ret_certificate)
{
	BIO *key_bio = new_bio(call);
	BIO *chain_bio = new_bio(call);
	if (!key_bio || !chain_bio || PEM_write_bio_PrivateKey(key_bio, key, NULL, NULL, 0, NULL, NULL) != 1 ||
	    PEM_write_bio_X509(chain_bio, x509) != 1)
		return fail(call, "writing the certificate");
	ret_certificate->key_pem = bio_text(call, key_bio);
	ret_certificate->chain_pem = bio_text(call, chain_bio);
	return true;
}

static bool write_base64(struct call *call, X509 *x509, struct certificate *ret_certificate)
{
	int length = i2d_X509(x509, NULL);
	if (length <= 0 || length > INT_MAX / 2)
		return fail(call, "encoding the certificate");
	unsigned char *der = arena_take(call->arena, (size_t)length);
	unsigned char *end = der;
	(void)i2d_X509(x509, &end);
	char *base64 = arena_take(call->arena, (size_t)length / 3 * 4 + 5);
	int written = EVP_EncodeBlock((unsigned char *)base64, der, length);
	while (written > 0 && base64[written - 1] == '=')
		written--;
	ret_certificate->der_base64 = (struct text){ base64, (size_t)written };
	return true;
}

static void free_key(void *key)
{
	EVP_PKEY_free(key);
}

static void free_x509(void *x509)
{
	X509_free(x509);
}

bool certificate_make(struct call *call, struct certificate *ret_certificate)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	if (!key)
		return fail(call, "making a key");
	arena_on_free(call->arena, free_key, key);
	X509 *x509 = X509_new();
	if (!x509)
		return fail(call, "making a certificate");
	arena_on_free(call->arena, free_x509, x509);
	if (!fill(x509, key))
		return fail(call, "signing the certificate");
	return write_pems(call, x509, key, ret_certificate) && write_base64(call, x509, ret_certificate);
}

void certificate_wipe_key(struct certificate *certificate)
{
	if (certificate->key_pem)
		explicit_bzero(certificate->key_pem, strlen(certificate->key_pem));
	certificate->key_pem = NULL;
}

bool certificate_check_pem(struct call *call, const char *pem)
{
	BIO *bio = BIO_new_mem_buf(pem, -1);
	X509 *x509 = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
	bool good = x509 != NULL;
	X509_free(x509);
	BIO_free_all(bio);
	ERR_clear_error();
	if (!good)
		diag_error(call, NULL, "PLUGIN_CLIENT_CERT is not a certificate",
			   "The host must put its client certificate into this environment variable, in PEM form. "
			   "Only Terraform or OpenTofu itself should set it.");
	return good;
}
