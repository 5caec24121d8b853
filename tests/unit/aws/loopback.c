// SPDX-License-Identifier: MPL-2.0
#include "loopback.h"

#include "base/buffer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

struct connection {
	struct loopback *loopback;
	int fd;
	SSL *ssl; // NULL: plain
	int requests;
};

// assert() vanishes with NDEBUG.
static void must(bool well)
{
	if (!well)
		abort();
}

static ssize_t take(const struct connection *c, void *at, size_t size)
{
	return c->ssl ? SSL_read(c->ssl, at, (int)size) : recv(c->fd, at, size, 0);
}

static bool give(const struct connection *c, const void *at, size_t size)
{
	const ssize_t sent = c->ssl ? SSL_write(c->ssl, at, (int)size) : send(c->fd, at, size, MSG_NOSIGNAL);
	return sent == (ssize_t)size;
}

static bool give_string(const struct connection *c, const char *bytes)
{
	return give(c, bytes, strlen(bytes));
}

// Until the client goes or the test is over.
static void hold(const struct connection *c)
{
	char byte;
	while (!atomic_load(&c->loopback->ending)) {
		struct pollfd event = { .fd = c->fd, .events = POLLIN };
		if (poll(&event, 1, 20) > 0 && recv(c->fd, &byte, 1, 0) <= 0)
			return;
	}
}

static size_t body_length(const char *head)
{
	const char *at = strcasestr(head, "\r\ncontent-length:");
	size_t length = 0;
	return at && sscanf(at + 17, " %zu", &length) == 1 ? length : 0;
}

// Reads one request; false when the client has gone.
static bool read_request(struct connection *c, char *head, size_t size)
{
	size_t length = 0;
	char *end = NULL;
	while (!end) {
		if (length + 1 >= size)
			return false;
		const ssize_t got = take(c, head + length, size - length - 1);
		if (got <= 0)
			return false;
		length += (size_t)got;
		head[length] = '\0';
		if (head[0] < 'A' || head[0] > 'Z') { // TLS, where none is spoken
			(void)give_string(c, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
			return false;
		}
		end = strstr(head, "\r\n\r\n");
	}
	const size_t have = length - (size_t)(end + 4 - head);
	for (size_t left = body_length(head) - have; left && left <= 1 << 20;) {
		char bytes[4096];
		const ssize_t got = take(c, bytes, left < sizeof bytes ? left : sizeof bytes);
		if (got <= 0)
			return false;
		left -= (size_t)got;
	}
	(void)pthread_mutex_lock(&c->loopback->lock);
	memcpy(c->loopback->last_head, head, length + 1);
	(void)pthread_mutex_unlock(&c->loopback->lock);
	atomic_fetch_add(&c->loopback->requests, 1);
	c->requests++;
	return true;
}

void loopback_allow_files(rlim_t count)
{
	struct rlimit limit;
	must(getrlimit(RLIMIT_NOFILE, &limit) == 0);
	limit.rlim_cur = count < limit.rlim_max ? count : limit.rlim_max;
	must(setrlimit(RLIMIT_NOFILE, &limit) == 0);
}

static void give_endless(const struct connection *c, const char *start, const char *piece)
{
	struct buffer many; // larger writes, so that an endless body is soon too large
	buffer_init(&many, 1 << 20);
	while (many.length < 1 << 16)
		buffer_append_text(&many, text_of(piece));
	bool well = give_string(c, start);
	while (well && !atomic_load(&c->loopback->ending))
		well = give(c, many.bytes, many.length);
	buffer_free(&many);
}

// What a proxy is asked for begins with a host of somebody else.
static bool is_path(const char *head, const char *path)
{
	static const char elsewhere[] = "http://sensor.invalid";
	const char *at = strchr(head, ' ');
	if (at && strncmp(at + 1, elsewhere, sizeof elsewhere - 1) == 0)
		at += sizeof elsewhere - 1;
	return at && strncmp(at + 1, path, strlen(path)) == 0 && at[1 + strlen(path)] == ' ';
}

// Answers; false when the connection is to end.
static bool answer(struct connection *c, const char *head)
{
	static const char ok[] = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Two:  2 \r\n\r\nhello";
	if (is_path(head, "/ok"))
		return give_string(c, ok);
	if (is_path(head, "/slow"))
		return usleep(250 * 1000) == 0 && give_string(c, ok);
	if (is_path(head, "/continue"))
		return give_string(c, "HTTP/1.1 100 Continue\r\nX-Two: wrong\r\n\r\n") && give_string(c, ok);
	if (is_path(head, "/redirect"))
		return give_string(c, "HTTP/1.1 307 Moved\r\nLocation: /ok\r\nContent-Length: 0\r\n\r\n");
	if (is_path(head, "/weary"))
		return c->requests == 1 && give_string(c, "HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\nno");
	if (is_path(head, "/starve")) {
		loopback_allow_files(1);
		if (give_string(c, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhel"))
			hold(c);
	} else if (is_path(head, "/hang"))
		hold(c);
	else if (is_path(head, "/stall") && give_string(c, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhel"))
		hold(c);
	else if (is_path(head, "/cut"))
		(void)give_string(c, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhel");
	else if (is_path(head, "/nonsense"))
		(void)give_string(c, "SSH-2.0-OpenSSH\r\n\r\n");
	else if (is_path(head, "/headers"))
		give_endless(c, "HTTP/1.1 200 OK\r\n", "X-Filler: 0123456789012345678901234567890123456789\r\n");
	else if (is_path(head, "/header"))
		give_endless(c, "HTTP/1.1 200 OK\r\nX-Filler: ", "0123456789abcdef");
	else if (is_path(head, "/huge")) // 10 GB
		give_endless(c, "HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n", "0123456789abcdef");
	else if (is_path(head, "/chunks"))
		give_endless(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "4\r\nabcd\r\n");
	else if (is_path(head, "/encoded"))
		return give_string(c, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello");
	else if (is_path(head, "sensor.invalid:443")) // CONNECT
		(void)give_string(c, "HTTP/1.1 407 Proxy Authentication Required\r\nX-Proxy: 1\r\n"
				     "Content-Length: 0\r\n\r\n");
	else if (is_path(head, "/interim"))
		give_endless(c, "",
			     "HTTP/1.1 100 Continue\r\nX-Filler: 0123456789012345678901234567890123456789\r\n\r\n");
	else if (is_path(head, "/short"))
		return give_string(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhello");
	else if (is_path(head, "/negative"))
		return give_string(c, "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello");
	else if (is_path(head, "/endless"))
		give_endless(c, "HTTP/1.1 200 OK\r\n\r\n", "0123456789abcdef");
	return false;
}

static void *serve(void *argument)
{
	struct connection *c = argument;
	char head[8192];
	const bool ready = !c->ssl || (SSL_set_fd(c->ssl, c->fd) == 1 && SSL_accept(c->ssl) == 1);
	while (ready && read_request(c, head, sizeof head) && answer(c, head))
		continue;
	SSL_free(c->ssl);
	(void)close(c->fd);
	atomic_fetch_sub(&c->loopback->under_way, 1);
	free(c);
	return NULL;
}

static void serve_in_thread(struct loopback *loopback, int fd)
{
	struct connection *c = calloc(1, sizeof *c);
	must(c != NULL);
	c->loopback = loopback;
	c->fd = fd;
	c->ssl = loopback->tls ? SSL_new(loopback->tls) : NULL;
	// An idle connection ends with the test.
	const struct timeval wait = { .tv_sec = 5 };
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
	atomic_fetch_add(&loopback->connections, 1);
	atomic_fetch_add(&loopback->under_way, 1);
	pthread_t thread;
	must(pthread_create(&thread, NULL, serve, c) == 0);
	(void)pthread_detach(thread);
}

static void *accept_all(void *argument)
{
	struct loopback *loopback = argument;
	while (!atomic_load(&loopback->ending)) {
		struct pollfd event = { .fd = loopback->listener, .events = POLLIN };
		if (poll(&event, 1, 20) <= 0)
			continue;
		const int fd = accept4(loopback->listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd >= 0)
			serve_in_thread(loopback, fd);
	}
	return NULL;
}

void loopback_start(struct loopback *loopback, SSL_CTX *tls)
{
	memset(loopback, 0, sizeof *loopback);
	loopback->tls = tls;
	must(pthread_mutex_init(&loopback->lock, NULL) == 0);
	loopback->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof address;
	must(loopback->listener >= 0 && bind(loopback->listener, (struct sockaddr *)&address, size) == 0);
	must(listen(loopback->listener, 64) == 0);
	must(getsockname(loopback->listener, (struct sockaddr *)&address, &size) == 0);
	loopback->port = ntohs(address.sin_port);
	must(pthread_create(&loopback->thread, NULL, accept_all, loopback) == 0);
}

void loopback_stop(struct loopback *loopback)
{
	atomic_store(&loopback->ending, true);
	must(pthread_join(loopback->thread, NULL) == 0);
	(void)close(loopback->listener);
	while (atomic_load(&loopback->under_way) > 0)
		(void)usleep(1000);
	SSL_CTX_free(loopback->tls);
	(void)pthread_mutex_destroy(&loopback->lock);
}

static X509 *self_signed(EVP_PKEY *key)
{
	X509 *certificate = X509_new();
	must(certificate && X509_set_version(certificate, 2) == 1);
	must(ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1) == 1);
	must(X509_gmtime_adj(X509_getm_notBefore(certificate), -3600) != NULL);
	must(X509_gmtime_adj(X509_getm_notAfter(certificate), 3600) != NULL);
	X509_NAME *name = X509_get_subject_name(certificate);
	must(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"localhost", -1, -1, 0) == 1);
	must(X509_set_issuer_name(certificate, name) == 1);
	must(X509_set_pubkey(certificate, key) == 1);
	must(X509_sign(certificate, key, EVP_sha256()) > 0);
	return certificate;
}

SSL_CTX *loopback_tls(const char *certificate_path)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	must(key != NULL);
	X509 *certificate = self_signed(key);
	FILE *file = fopen(certificate_path, "w");
	must(file && PEM_write_X509(file, certificate) == 1 && fclose(file) == 0);
	SSL_CTX *tls = SSL_CTX_new(TLS_server_method());
	must(tls && SSL_CTX_use_certificate(tls, certificate) == 1 && SSL_CTX_use_PrivateKey(tls, key) == 1);
	X509_free(certificate);
	EVP_PKEY_free(key);
	// cppcheck-suppress resourceLeak ; a check that fails ends the process
	return tls;
}
