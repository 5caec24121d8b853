// SPDX-License-Identifier: MPL-2.0
#include "pem.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <stdlib.h>
#include <string.h>

static char *take_text(BIO *bio)
{
	char *at = NULL;
	long length = BIO_get_mem_data(bio, &at);
	char *copy = strndup(at, (size_t)length);
	BIO_free(bio);
	return copy;
}

static void extend(X509 *x509, int nid, const char *value)
{
	X509_EXTENSION *extension = X509V3_EXT_nconf_nid(NULL, NULL, nid, value);
	(void)X509_add_ext(x509, extension, -1);
	X509_EXTENSION_free(extension);
}

static char *certificate_text(X509 *x509)
{
	BIO *bio = BIO_new(BIO_s_mem());
	(void)PEM_write_bio_X509(bio, x509);
	return take_text(bio);
}

void pem_make(struct pem *ret_pem)
{
	EVP_PKEY *key = EVP_EC_gen("P-521");
	X509 *x509 = X509_new();
	X509_NAME *name = X509_get_subject_name(x509);
	(void)X509_set_version(x509, X509_VERSION_3);
	(void)ASN1_INTEGER_set(X509_get_serialNumber(x509), 7);
	(void)X509_gmtime_adj(X509_getm_notBefore(x509), -30);
	(void)X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
	(void)X509_set_pubkey(x509, key);
	(void)X509_NAME_add_entry_by_NID(name, NID_organizationName, MBSTRING_ASC, (const unsigned char *)"HashiCorp",
					 -1, -1, 0);
	(void)X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_ASC, (const unsigned char *)"localhost", -1, -1,
					 0);
	(void)X509_set_issuer_name(x509, name);
	extend(x509, NID_basic_constraints, "critical,CA:TRUE");
	extend(x509, NID_key_usage, "critical,digitalSignature,keyEncipherment,keyAgreement,keyCertSign");
	extend(x509, NID_ext_key_usage, "clientAuth,serverAuth");
	extend(x509, NID_subject_alt_name, "DNS:localhost");
	(void)X509_sign(x509, key, EVP_sha512());
	BIO *bio = BIO_new(BIO_s_mem());
	(void)PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL);
	ret_pem->key = take_text(bio);
	ret_pem->certificate = certificate_text(x509);
	X509_free(x509);
	EVP_PKEY_free(key);
}

void pem_free(struct pem *pem)
{
	free(pem->key);
	free(pem->certificate);
}

char *pem_from_handshake(struct text base64)
{
	char padded[4096];
	unsigned char der[3072];
	if (base64.length + 4 > sizeof padded || text_find_char(base64, '=') != SIZE_MAX)
		return NULL;
	memcpy(padded, base64.at, base64.length);
	size_t length = base64.length;
	while (length % 4)
		padded[length++] = '=';
	int decoded = EVP_DecodeBlock(der, (const unsigned char *)padded, (int)length);
	if (decoded <= 0)
		return NULL;
	const unsigned char *at = der;
	X509 *x509 = d2i_X509(NULL, &at, decoded);
	char *pem = x509 ? certificate_text(x509) : NULL;
	X509_free(x509);
	return pem;
}
