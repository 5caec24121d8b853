// SPDX-License-Identifier: MPL-2.0
// The DER is written here, from a form with holes: OpenSSL's encoders would look through all that it can encode,
// several times, and that was a third of the time before the handshake line.
#include "plugin/certificate.h"

#include "base/arena.h"
#include "base/call.h"
#include "base/diag.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

#include <stdio.h>
#include <string.h>

enum {
	SERIAL_BYTES = 16,
	POINT_BYTES = 65,  // a public key of P-256, uncompressed
	SECRET_BYTES = 32, // a private one
	BODY_BYTES = 271,  // what is signed
	SIGNATURE_BYTES = 80,
	CERTIFICATE_BYTES = 4 + BODY_BYTES + 12 + 3 + SIGNATURE_BYTES,
	PEM_LINE_BYTES = 48, // 64 characters
};

#define OID_P256               "\x06\x08\x2A\x86\x48\xCE\x3D\x03\x01\x07"
#define ALGORITHM_ECDSA_SHA256 "\x30\x0A\x06\x08\x2A\x86\x48\xCE\x3D\x04\x03\x02"
#define NAME_LOCALHOST         "\x30\x14\x31\x12\x30\x10\x06\x03\x55\x04\x03\x0C\x09localhost"

// The body of the certificate, but for serial number and public key. It is never too early or too late for it: it lives
// as long as one process, and clocks may be wrong. The host demands the name localhost as a SAN, and serverAuth where
// there is an extended usage.
static const struct text body_head = TEXT("\x30\x82\x01\x0B\xA0\x03\x02\x01\x02\x02\x10");
static const struct text body_middle =
	TEXT(ALGORITHM_ECDSA_SHA256 NAME_LOCALHOST "\x30\x20\x17\x0D"
						   "700101000000Z"
						   "\x18\x0F"
						   "99991231235959Z" NAME_LOCALHOST
						   "\x30\x59\x30\x13\x06\x07\x2A\x86\x48\xCE\x3D\x02\x01" OID_P256
						   "\x03\x42\x00");
static const struct text body_tail =
	TEXT("\xA3\x3D\x30\x3B"
	     "\x30\x14\x06\x03\x55\x1D\x11\x04\x0D\x30\x0B\x82\x09localhost"
	     "\x30\x0E\x06\x03\x55\x1D\x0F\x01\x01\xFF\x04\x04\x03\x02\x07\x80"
	     "\x30\x13\x06\x03\x55\x1D\x25\x04\x0C\x30\x0A\x06\x08\x2B\x06\x01\x05\x05\x07\x03\x01");
// A private key as SEC 1 has it, but for both keys.
static const struct text key_head = TEXT("\x30\x77\x02\x01\x01\x04\x20");
static const struct text key_middle = TEXT("\xA0\x0A" OID_P256 "\xA1\x44\x03\x42\x00");

static bool fail(struct call *call, const char *doing)
{
	char reason[256];
	ERR_error_string_n(ERR_get_error(), reason, sizeof reason);
	diag_error(call, NULL, "The server's certificate could not be made", "OpenSSL failed while %s: %s", doing,
		   reason);
	return false;
}

// Bytes that are put one after the other into a place that is large enough.
static void put(unsigned char **end, const void *bytes, size_t length)
{
	memcpy(*end, bytes, length);
	*end += length;
}

static void put_text(unsigned char **end, struct text text)
{
	put(end, text.at, text.length);
}

static bool put_serial(unsigned char **end)
{
	unsigned char *serial = *end;
	if (RAND_bytes(serial, SERIAL_BYTES) != 1)
		return false;
	serial[0] = (unsigned char)((serial[0] & 0x7F) | 0x40); // positive, and as long as it says
	*end += SERIAL_BYTES;
	return true;
}

// Appends the signature over what there is so far, as a bit string.
static bool put_signature(unsigned char **end, const unsigned char *body, EVP_PKEY *key)
{
	const size_t body_bytes = (size_t)(*end - body);
	unsigned char signature[SIGNATURE_BYTES];
	size_t length = sizeof signature;
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	const bool is_signed = context && EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
			       EVP_DigestSign(context, signature, &length, body, body_bytes) == 1;
	EVP_MD_CTX_free(context);
	if (!is_signed)
		return false;
	const unsigned char head[] = { 0x03, (unsigned char)(length + 1), 0x00 };
	put_text(end, T(ALGORITHM_ECDSA_SHA256));
	put(end, head, sizeof head);
	put(end, signature, length);
	return true;
}

// The length of the certificate, 0 when OpenSSL refuses.
static size_t write_certificate(unsigned char der[CERTIFICATE_BYTES], EVP_PKEY *key,
				const unsigned char point[POINT_BYTES])
{
	unsigned char *const body = der + 4;
	unsigned char *end = body;
	put_text(&end, body_head);
	if (!put_serial(&end))
		return 0;
	put_text(&end, body_middle);
	put(&end, point, POINT_BYTES);
	put_text(&end, body_tail);
	if (!put_signature(&end, body, key))
		return 0;
	const size_t length = (size_t)(end - body);
	const unsigned char head[] = { 0x30, 0x82, (unsigned char)(length >> 8), (unsigned char)length };
	memcpy(der, head, sizeof head);
	return length + sizeof head;
}

static char *write_pem(struct call *call, const char *label, const unsigned char *der, size_t length)
{
	const size_t lines = (length + PEM_LINE_BYTES - 1) / PEM_LINE_BYTES;
	const size_t room = 2 * (strlen(label) + sizeof "-----BEGIN -----\n") + lines * (PEM_LINE_BYTES / 3 * 4 + 1);
	char *pem = arena_take(call->arena, room + 1);
	char *end = pem + snprintf(pem, room, "-----BEGIN %s-----\n", label);
	for (size_t at = 0; at < length; at += PEM_LINE_BYTES) {
		const size_t piece = length - at < PEM_LINE_BYTES ? length - at : PEM_LINE_BYTES;
		end += EVP_EncodeBlock((unsigned char *)end, der + at, (int)piece);
		*end++ = '\n';
	}
	(void)snprintf(end, room - (size_t)(end - pem) + 1, "-----END %s-----\n", label);
	return pem;
}

static struct text write_base64(struct call *call, const unsigned char *der, size_t length)
{
	char *base64 = arena_take(call->arena, length / 3 * 4 + 5);
	int written = EVP_EncodeBlock((unsigned char *)base64, der, (int)length);
	while (written > 0 && base64[written - 1] == '=')
		written--;
	return (struct text){ base64, (size_t)written };
}

static bool write_key(struct call *call, const EVP_PKEY *key, const unsigned char point[POINT_BYTES],
		      struct certificate *ret_certificate)
{
	unsigned char secret[SECRET_BYTES];
	BIGNUM *number = NULL;
	const bool has_secret = EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_PRIV_KEY, &number) == 1 &&
				BN_bn2binpad(number, secret, sizeof secret) == SECRET_BYTES;
	BN_clear_free(number);
	if (!has_secret)
		return fail(call, "reading the key");
	unsigned char der[7 + SECRET_BYTES + 17 + POINT_BYTES];
	unsigned char *end = der;
	put_text(&end, key_head);
	put(&end, secret, sizeof secret);
	put_text(&end, key_middle);
	put(&end, point, POINT_BYTES);
	ret_certificate->key_pem = write_pem(call, "EC PRIVATE KEY", der, (size_t)(end - der));
	explicit_bzero(secret, sizeof secret);
	explicit_bzero(der, sizeof der);
	return true;
}

static void free_key(void *key)
{
	EVP_PKEY_free(key);
}

bool certificate_make(struct call *call, struct certificate *ret_certificate)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	if (!key)
		return fail(call, "making a key");
	arena_on_free(call->arena, free_key, key);
	unsigned char point[POINT_BYTES];
	size_t length = 0;
	if (EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point, &length) != 1 ||
	    length != sizeof point)
		return fail(call, "reading the public key");
	unsigned char der[CERTIFICATE_BYTES];
	length = write_certificate(der, key, point);
	if (length == 0)
		return fail(call, "signing the certificate");
	ret_certificate->chain_pem = write_pem(call, "CERTIFICATE", der, length);
	ret_certificate->der_base64 = write_base64(call, der, length);
	return write_key(call, key, point, ret_certificate);
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
