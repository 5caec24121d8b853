// SPDX-License-Identifier: MPL-2.0
// Peers that are no hosts: what they send, and what they do not read, may cost them their connection and nobody else
// anything.
#include "fixture.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { GARBAGE_CONNECTIONS = 32, UNREAD_CALLS = 2000 };

// A plain connection to where the provider listens.
static int dial(const struct fixture *fixture)
{
	struct text address = fixture->host.greeting.address;
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	assert_true(address.length < sizeof to.sun_path);
	memcpy(to.sun_path, address.at, address.length);
	socklen_t size = sizeof to;
	if (address.at[0] == '@') {
		to.sun_path[0] = '\0';
		size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + address.length);
	}
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, size), 0);
	return fd;
}

// As much as the peer takes. False when it takes no more within a second, or has hung up.
static bool send_all(int fd, const void *bytes, size_t length)
{
	const char *at = bytes;
	while (length > 0) {
		struct pollfd poll_fd = { .fd = fd, .events = POLLOUT };
		if (poll(&poll_fd, 1, 1000) <= 0)
			return false;
		ssize_t sent = send(fd, at, length, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (sent < 0 && errno != EAGAIN)
			return false;
		if (sent > 0) {
			at += sent;
			length -= (size_t)sent;
		}
	}
	return true;
}

static void assert_still_serves(struct fixture *fixture)
{
	assert_int_equal(fixture_status(fixture, PROVIDER_RPC("GetMetadata"), T("")), GRPC_STATUS_OK);
}

static const char preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

// What can be told to be wrong is hung up on; what may yet become something is not.
static const struct {
	struct text bytes;
	bool is_no_http2;
	bool is_no_tls;
} garbage[] = {
	{ TEXT(""), false, false },
	{ TEXT("\n"), true, false },
	{ TEXT("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"), true, true },
	{ TEXT("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), false, true },
	{ TEXT("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00"
	       "garbage that is no frame at all"),
	  true, true },
	{ TEXT("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\xFF\xFF\xFF\x04\x00\x00\x00\x00\x00"), true, true },
	{ TEXT("PRI * HTTP/1.9\r\n"), true, true },
	{ TEXT("\x16\x03\x01\x00\xFF\x01\x00"), true, false }, // a TLS greeting, cut
	{ TEXT("\x16\x03\x01\xFF\xFF"), true, true },
	{ TEXT("\x80\x2E\x01\x03\x01"), true, false },
};

// Reads to the end. A peer that says nothing, or only the beginning of something, is not to wait for: it may go on.
static void assert_hangs_up(int fd)
{
	char bytes[4096];
	for (;;) {
		struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
		assert_int_equal(poll(&poll_fd, 1, FIXTURE_CALL_MS), 1);
		ssize_t got = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
		if (got == 0 || (got < 0 && errno == ECONNRESET))
			return;
		assert_true(got > 0 || errno == EAGAIN);
	}
}

static void send_garbage(struct fixture *fixture, bool plain)
{
	for (size_t i = 0; i < sizeof garbage / sizeof garbage[0]; i++) {
		int fd = dial(fixture);
		(void)send_all(fd, garbage[i].bytes.at, garbage[i].bytes.length);
		if (plain ? garbage[i].is_no_http2 : garbage[i].is_no_tls)
			assert_hangs_up(fd);
		(void)close(fd);
	}
	assert_still_serves(fixture);
	// Noise of the same kind every time (xorshift), and the connections stay open.
	uint64_t noise = 0x9E3779B97F4A7C15u;
	int open[GARBAGE_CONNECTIONS];
	for (size_t i = 0; i < GARBAGE_CONNECTIONS; i++) {
		uint64_t bytes[512];
		for (size_t k = 0; k < sizeof bytes / sizeof bytes[0]; k++) {
			noise ^= noise << 13;
			noise ^= noise >> 7;
			noise ^= noise << 17;
			bytes[k] = noise;
		}
		open[i] = dial(fixture);
		if (i % 2 == 0)
			(void)send_all(open[i], preface, sizeof preface - 1);
		(void)send_all(open[i], bytes, sizeof bytes);
	}
	assert_still_serves(fixture);
	for (size_t i = 0; i < GARBAGE_CONNECTIONS; i++) {
		assert_hangs_up(open[i]);
		(void)close(open[i]);
	}
}

static void garbage_is_hung_up_on(void **state)
{
	(void)state;
	static const bool kinds[] = { true, false };
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		struct fixture fixture;
		fixture_start(&fixture, kinds[i], NULL);
		send_garbage(&fixture, kinds[i]);
		assert_still_serves(&fixture);
		fixture_stop(&fixture);
	}
}

struct frames {
	char bytes[1024];
	size_t length;
};

static void add_frame(struct frames *frames, unsigned char type, unsigned char flags, uint32_t stream, const char *body,
		      size_t length)
{
	unsigned char head[9] = { 0, (unsigned char)(length >> 8), (unsigned char)length, type, flags };
	for (int i = 0; i < 4; i++)
		head[5 + i] = (unsigned char)(stream >> (24 - 8 * i));
	memcpy(frames->bytes + frames->length, head, sizeof head);
	memcpy(frames->bytes + frames->length + sizeof head, body, length);
	frames->length += sizeof head + length;
}

// A header field in HPACK's literal form, never indexed.
static void add_field(char *block, size_t *length, const char *name, const char *value)
{
	size_t name_length = strlen(name), value_length = strlen(value);
	block[(*length)++] = 0x10;
	block[(*length)++] = (char)name_length;
	memcpy(block + *length, name, name_length);
	*length += name_length;
	block[(*length)++] = (char)value_length;
	memcpy(block + *length, value, value_length);
	*length += value_length;
}

// One whole GetProviderSchema call: headers, an empty message, the end of the stream.
static void add_call(struct frames *frames, uint32_t stream)
{
	char block[512];
	size_t length = 0;
	add_field(block, &length, ":method", "POST");
	add_field(block, &length, ":scheme", "http");
	add_field(block, &length, ":path", PROVIDER_RPC("GetProviderSchema"));
	add_field(block, &length, ":authority", "localhost");
	add_field(block, &length, "content-type", "application/grpc");
	add_field(block, &length, "te", "trailers");
	add_frame(frames, 1, 4, stream, block, length);
	add_frame(frames, 0, 1, stream, "\0\0\0\0\0", 5);
}

// It wants everything at once (windows as large as they can be) and takes nothing.
static void a_client_that_never_reads_harms_nobody(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_start(&fixture, true, NULL);
	int fd = dial(&fixture);
	assert_true(send_all(fd, preface, sizeof preface - 1));
	struct frames frames = { .length = 0 };
	add_frame(&frames, 4, 0, 0, "\x00\x04\x7F\xFF\xFF\xFF", 6);
	add_frame(&frames, 8, 0, 0, "\x7F\xFF\x00\x00", 4);
	assert_true(send_all(fd, frames.bytes, frames.length));
	bool takes = true;
	int calls = 0;
	for (; takes && calls < UNREAD_CALLS; calls++) {
		frames.length = 0;
		add_call(&frames, (uint32_t)(2 * calls + 1));
		takes = send_all(fd, frames.bytes, frames.length);
	}
	assert_true(calls > 1);
	assert_still_serves(&fixture);
	// The calls were understood: something is there to be read.
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	assert_int_equal(poll(&poll_fd, 1, 1000), 1);
	char some[64];
	assert_true(recv(fd, some, sizeof some, MSG_DONTWAIT) > 0);
	fixture_stop(&fixture); // at once, though there is much left to be sent
	(void)close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(garbage_is_hung_up_on),
		cmocka_unit_test(a_client_that_never_reads_harms_nobody),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
