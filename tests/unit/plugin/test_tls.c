// SPDX-License-Identifier: MPL-2.0
#include "fixture.h"

#include "base/arena.h"
#include "base/call.h"
#include "plugin/certificate.h"
#include "protocol/identity.h"

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

// A server that trusts `host` alone, and what it takes to make one.
struct trusting {
	struct fixture fixture;
	struct arena arena;
	struct diagnostics diagnostics;
	struct call call;
	struct certificate certificate;
	struct identity host;
	struct identity stranger;
};

static int setup(void **state)
{
	struct trusting *trusting = calloc(1, sizeof *trusting);
	if (!trusting)
		return -1;
	*state = trusting;
	arena_init(&trusting->arena, 0);
	trusting->call = (struct call){ .arena = &trusting->arena, .diagnostics = &trusting->diagnostics };
	identity_make(&trusting->host, -30, 3600);
	identity_make(&trusting->stranger, -30, 3600);
	if (!certificate_make(&trusting->call, &trusting->certificate))
		return -1;
	trusting->fixture.log = log_none;
	fixture_start(&trusting->fixture, &trusting->certificate, trusting->host.certificate);
	return 0;
}

static int teardown(void **state)
{
	struct trusting *trusting = *state;
	fixture_end(&trusting->fixture);
	identity_free(&trusting->host);
	identity_free(&trusting->stranger);
	arena_free(&trusting->arena);
	free(trusting);
	return 0;
}

static grpc_status_code ask(struct trusting *trusting, const struct channel_tls *tls)
{
	struct channel client;
	channel_open(&client, trusting->fixture.address, tls);
	grpc_status_code status = fixture_ask(&client, "/toy.Toy/Packed", T(""));
	channel_close(&client);
	return status;
}

static void the_host_is_served(void **state)
{
	struct trusting *trusting = *state;
	char *from_line = identity_of_plugin(trusting->certificate.der_base64);
	assert_non_null(from_line);
	assert_string_equal(from_line, trusting->certificate.chain_pem);
	const struct channel_tls tls = { from_line, trusting->host.key, trusting->host.certificate };
	assert_int_equal(ask(trusting, &tls), GRPC_STATUS_OK);
	free(from_line);
}

static void nobody_else_is(void **state)
{
	struct trusting *trusting = *state;
	const char *server_pem = trusting->certificate.chain_pem;
	const struct channel_tls stranger = { server_pem, trusting->stranger.key, trusting->stranger.certificate };
	assert_int_equal(ask(trusting, &stranger), GRPC_STATUS_UNAVAILABLE);
	const struct channel_tls nameless = { server_pem, NULL, NULL };
	assert_int_equal(ask(trusting, &nameless), GRPC_STATUS_UNAVAILABLE);
	assert_int_equal(ask(trusting, NULL), GRPC_STATUS_UNAVAILABLE);
}

// The host trusts nothing but what the handshake line says.
static void every_process_has_a_certificate_of_its_own(void **state)
{
	struct trusting *trusting = *state;
	struct certificate other;
	assert_true(certificate_make(&trusting->call, &other));
	assert_false(text_equal(other.der_base64, trusting->certificate.der_base64));
	const struct channel_tls tls = { other.chain_pem, trusting->host.key, trusting->host.certificate };
	assert_int_equal(ask(trusting, &tls), GRPC_STATUS_UNAVAILABLE);
}

static SSL *connect_by_hand(const struct trusting *trusting, SSL_CTX *context)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const struct text name = text_part(text_of(trusting->fixture.address), strlen("unix-abstract:"), SIZE_MAX);
	memcpy(address.sun_path + 1, name.at, name.length);
	const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	const size_t length = offsetof(struct sockaddr_un, sun_path) + 1 + name.length;
	assert_int_equal(connect(fd, (struct sockaddr *)&address, (socklen_t)length), 0);
	SSL *connection = SSL_new(context);
	assert_int_equal(SSL_set_fd(connection, fd), 1);
	assert_int_equal(SSL_connect(connection), 1);
	return connection;
}

static SSL_CTX *client_context(const struct identity *identity)
{
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());
	BIO *key = BIO_new_mem_buf(identity->key, -1), *certificate = BIO_new_mem_buf(identity->certificate, -1);
	EVP_PKEY *read_key = PEM_read_bio_PrivateKey(key, NULL, NULL, NULL);
	X509 *read_certificate = PEM_read_bio_X509(certificate, NULL, NULL, NULL);
	assert_int_equal(SSL_CTX_use_certificate(context, read_certificate), 1);
	assert_int_equal(SSL_CTX_use_PrivateKey(context, read_key), 1);
	assert_int_equal(SSL_CTX_set_alpn_protos(context, (const unsigned char *)"\x02h2", 3), 0);
	EVP_PKEY_free(read_key);
	X509_free(read_certificate);
	BIO_free_all(key);
	BIO_free_all(certificate);
	return context;
}

static int tickets;

static int count_ticket(SSL *connection, SSL_SESSION *session)
{
	(void)connection, (void)session;
	tickets++;
	return 0;
}

// A host connects once per process, and the key of the tickets dies with it.
static void no_tickets_are_made(void **state)
{
	struct trusting *trusting = *state;
	SSL_CTX *context = client_context(&trusting->host);
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT);
	SSL_CTX_sess_set_new_cb(context, count_ticket);
	SSL *connection = connect_by_hand(trusting, context);
	assert_int_equal(SSL_version(connection), TLS1_3_VERSION);
	// The server's first frame: whatever the handshake has to say has been said before.
	char byte;
	assert_int_equal(SSL_read(connection, &byte, 1), 1);
	assert_int_equal(tickets, 0);
	(void)close(SSL_get_fd(connection));
	SSL_free(connection);
	SSL_CTX_free(context);
}

// Our own DER, read by OpenSSL: to the last byte, with nothing in it that reads in two ways.
static void a_certificate_is_what_hosts_demand(void **state)
{
	struct trusting *trusting = *state;
	BIO *bio = BIO_new_mem_buf(trusting->certificate.chain_pem, -1);
	X509 *x509 = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	assert_non_null(x509);
	unsigned char *der = NULL;
	const int length = i2d_re_X509_tbs(x509, &der);
	assert_int_equal(length, 271);
	OPENSSL_free(der);
	EVP_PKEY *key = X509_get0_pubkey(x509);
	assert_int_equal(X509_verify(x509, key), 1);
	assert_int_equal(X509_get_version(x509), X509_VERSION_3);
	assert_int_equal(X509_check_host(x509, "localhost", 0, 0, NULL), 1);
	assert_int_equal(X509_check_purpose(x509, X509_PURPOSE_SSL_SERVER, 0), 1);
	assert_int_equal(X509_get_key_usage(x509), KU_DIGITAL_SIGNATURE);
	assert_int_equal(X509_get_extended_key_usage(x509), XKU_SSL_SERVER);
	assert_int_equal(X509_get_extension_flags(x509) & (EXFLAG_INVALID | EXFLAG_CA), 0);
	assert_int_equal(X509_NAME_cmp(X509_get_subject_name(x509), X509_get_issuer_name(x509)), 0);
	assert_int_equal(X509_cmp_current_time(X509_get0_notBefore(x509)), -1);
	assert_int_equal(X509_cmp_current_time(X509_get0_notAfter(x509)), 1);
	assert_false(ASN1_STRING_get0_data(X509_get0_serialNumber(x509))[0] & 0x80);
	X509_free(x509);
	BIO_free_all(bio);
}

static void a_key_is_wiped(void **state)
{
	struct trusting *trusting = *state;
	struct certificate other;
	assert_true(certificate_make(&trusting->call, &other));
	char *key = other.key_pem;
	assert_int_equal(key[0], '-');
	certificate_wipe_key(&other);
	assert_null(other.key_pem);
	assert_int_equal(key[0], 0);
}

static void what_is_no_certificate_is_refused(void **state)
{
	struct trusting *trusting = *state;
	assert_true(certificate_check_pem(&trusting->call, trusting->host.certificate));
	assert_int_equal(trusting->diagnostics.errors, 0);
	assert_false(certificate_check_pem(&trusting->call, "-----BEGIN CERTIFICATE-----\nAAAA\n"));
	assert_false(certificate_check_pem(&trusting->call, trusting->host.key));
	assert_int_equal(trusting->diagnostics.errors, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_host_is_served),
		cmocka_unit_test(nobody_else_is),
		cmocka_unit_test(every_process_has_a_certificate_of_its_own),
		cmocka_unit_test(no_tickets_are_made),
		cmocka_unit_test(a_certificate_is_what_hosts_demand),
		cmocka_unit_test(a_key_is_wiped),
		cmocka_unit_test(what_is_no_certificate_is_refused),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
