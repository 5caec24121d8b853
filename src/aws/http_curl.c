// SPDX-License-Identifier: MPL-2.0
// The only file that knows libcurl. An exchange runs on a channel, which one thread has for itself: a multi handle (it
// keeps the connections, and its poll also watches the wish to stop) with one easy handle. Idle channels wait in a
// list, the latest used first, so that a warm connection is found again. Names and TLS sessions are shared by all.
#include "aws/http_curl.h"

#include "base/clock.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static const long default_connect_timeout_ms = 30 * 1000;
static const long default_stall_timeout_s = 60;

struct channel {
	CURLM *multi;
	CURL *easy;
	uint64_t origin; // of its last exchange; see http_origin
	struct channel *next;
};

struct curl_http {
	struct http http;
	pthread_mutex_t lock; // guards `idle`
	struct channel *idle;
	CURLSH *share;
	pthread_mutex_t share_locks[CURL_LOCK_DATA_LAST];
	char *ca_file; // NULL: none
	char *ca_directory;
	long connect_timeout_ms;
	long stall_timeout_s;
};

// What an exchange needs as C strings; wiped, since the headers carry the session token.
struct wire_request {
	char *url;
	char *method;
	struct curl_slist *headers;
};

static char *copy_or_null(struct text view)
{
	return view.length ? strndup(view.at, view.length) : NULL;
}

static void lock_share(CURL *easy, curl_lock_data data, curl_lock_access access, void *context)
{
	(void)easy;
	(void)access;
	struct curl_http *self = context;
	(void)pthread_mutex_lock(&self->share_locks[data]);
}

static void unlock_share(CURL *easy, curl_lock_data data, void *context)
{
	(void)easy;
	struct curl_http *self = context;
	(void)pthread_mutex_unlock(&self->share_locks[data]);
}

static void channel_free(struct channel *channel)
{
	if (!channel)
		return;
	curl_easy_cleanup(channel->easy);
	(void)curl_multi_cleanup(channel->multi);
	free(channel);
}

static struct channel *channel_new(void)
{
	struct channel *channel = calloc(1, sizeof *channel);
	if (!channel)
		return NULL;
	channel->multi = curl_multi_init();
	channel->easy = curl_easy_init();
	if (!channel->multi || !channel->easy) {
		channel_free(channel);
		return NULL;
	}
	return channel;
}

// The latest used idle channel of the origin, else the latest used one, else a new one.
static struct channel *take_channel(struct curl_http *self, uint64_t origin)
{
	(void)pthread_mutex_lock(&self->lock);
	struct channel **place = &self->idle;
	while (*place && (*place)->origin != origin)
		place = &(*place)->next;
	if (!*place)
		place = &self->idle;
	struct channel *channel = *place;
	if (channel)
		*place = channel->next;
	(void)pthread_mutex_unlock(&self->lock);
	if (!channel)
		channel = channel_new();
	if (channel)
		channel->origin = origin;
	return channel;
}

static void give_channel_back(struct curl_http *self, struct channel *channel)
{
	(void)pthread_mutex_lock(&self->lock);
	channel->next = self->idle;
	self->idle = channel;
	(void)pthread_mutex_unlock(&self->lock);
}

// libcurl's `size` is always 1.
static size_t on_header(char *at, size_t size, size_t count, void *response)
{
	return http_response_add_header_line(response, (struct text){ at, size * count }) ? count : 0;
}

static size_t on_body(char *at, size_t size, size_t count, void *response)
{
	return http_response_add_body(response, (struct text){ at, size * count }) ? count : 0;
}

static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
	(void)context;
	(void)purpose;
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static void wire_request_free(struct wire_request *wire)
{
	free(wire->url);
	free(wire->method);
	for (struct curl_slist *line = wire->headers; line; line = line->next)
		explicit_bzero(line->data, strlen(line->data));
	curl_slist_free_all(wire->headers);
}

static bool add_header(struct wire_request *wire, struct text name, struct text value)
{
	struct buffer line;
	buffer_init(&line, SIZE_MAX / 2);
	line.secret = true;
	buffer_append_text(&line, name);
	buffer_append_text(&line, value.length ? T(": ") : T(":"));
	buffer_append_text(&line, value);
	buffer_append_char(&line, '\0');
	struct curl_slist *longer = line.failed ? NULL : curl_slist_append(wire->headers, line.bytes);
	buffer_free(&line);
	if (longer)
		wire->headers = longer;
	return longer != NULL;
}

// False when there is no memory. What was made is to be given back either way.
static bool wire_request_make(struct wire_request *wire, const struct http_request *request)
{
	*wire = (struct wire_request){ copy_or_null(request->url), copy_or_null(request->method), NULL };
	// libcurl would ask for a permission to send a larger body, which some servers never give.
	bool made = add_header(wire, T("Expect"), T(""));
	for (size_t i = 0; made && i < request->header_count; i++)
		made = add_header(wire, request->headers[i].name, request->headers[i].value);
	return made && wire->url && wire->method;
}

// Options are checked as a whole: the first failure stays.
static void set(CURLcode *result, CURLcode one)
{
	if (*result == CURLE_OK)
		*result = one;
}

// The same for every exchange.
static const struct {
	CURLoption option;
	long value;
} fixed_options[] = {
	{ CURLOPT_FOLLOWLOCATION, 0 },
	{ CURLOPT_NETRC, CURL_NETRC_IGNORED },
	{ CURLOPT_DISALLOW_USERNAME_IN_URL, 1 },
	{ CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2 }, // or newer
	{ CURLOPT_SSL_VERIFYPEER, 1 },
	{ CURLOPT_SSL_VERIFYHOST, 2 },
	{ CURLOPT_NOSIGNAL, 1 },
	{ CURLOPT_QUICK_EXIT, 1 }, // a stop does not wait for a name server that does not answer
	{ CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1 },
	{ CURLOPT_PATH_AS_IS, 1 }, // the path is signed as it is
	{ CURLOPT_TCP_KEEPALIVE, 1 },
	{ CURLOPT_LOW_SPEED_LIMIT, 1 }, // bytes per second
};

static CURLcode set_fixed(const struct curl_http *self, CURL *easy)
{
	CURLcode result = CURLE_OK;
	for (size_t i = 0; i < sizeof fixed_options / sizeof fixed_options[0]; i++)
		set(&result, curl_easy_setopt(easy, fixed_options[i].option, fixed_options[i].value));
	set(&result, curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https"));
	// The empty proxy keeps libcurl from the environment's.
	set(&result, curl_easy_setopt(easy, CURLOPT_PROXY, ""));
	set(&result, curl_easy_setopt(easy, CURLOPT_NOPROXY, ""));
	if (self->ca_file || self->ca_directory) {
		set(&result, curl_easy_setopt(easy, CURLOPT_CAINFO, self->ca_file));
		set(&result, curl_easy_setopt(easy, CURLOPT_CAPATH, self->ca_directory));
	}
	set(&result, curl_easy_setopt(easy, CURLOPT_SHARE, self->share));
	set(&result, curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket));
	set(&result, curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, self->connect_timeout_ms));
	set(&result, curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, self->stall_timeout_s));
	return result;
}

static CURLcode set_request(CURL *easy, const struct http_request *request, const struct wire_request *wire,
			    struct http_response *response)
{
	CURLcode result = CURLE_OK;
	set(&result, curl_easy_setopt(easy, CURLOPT_URL, wire->url));
	if (text_equal(request->method, T("GET"))) {
		set(&result, curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L));
	} else {
		set(&result, curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.length));
		set(&result, curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request->body.length ? request->body.at : ""));
		set(&result, curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, wire->method));
	}
	set(&result, curl_easy_setopt(easy, CURLOPT_HTTPHEADER, wire->headers));
	set(&result, curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header));
	set(&result, curl_easy_setopt(easy, CURLOPT_HEADERDATA, response));
	set(&result, curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body));
	set(&result, curl_easy_setopt(easy, CURLOPT_WRITEDATA, response));
	set(&result, curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, response->explanation));
	return result;
}

static bool was_sent(CURL *easy)
{
	long bytes = 0;
	return curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &bytes) == CURLE_OK && bytes > 0;
}

// Runs the transfer to its end; CURLE_ABORTED_BY_CALLBACK when the wish to stop ended it.
static CURLcode drive(const struct channel *channel, const struct http_request *request)
{
	const int longest_poll_ms = 60 * 1000;
	bool cancelled = false;
	int64_t end_ms = 0; // once cancelled
	for (;;) {
		if (!cancelled && request->cancel && cancel_fired(request->cancel)) {
			cancelled = true;
			end_ms = clock_monotonic_ms(&clock_system) + (was_sent(channel->easy) ? request->grace_ms : 0);
		}
		const int64_t left_ms = cancelled ? end_ms - clock_monotonic_ms(&clock_system) : longest_poll_ms;
		if (left_ms <= 0)
			return CURLE_ABORTED_BY_CALLBACK;
		int running = 0;
		if (curl_multi_perform(channel->multi, &running) != CURLM_OK)
			return CURLE_OUT_OF_MEMORY;
		if (running == 0)
			break;
		const bool watch = request->cancel && !cancelled;
		struct curl_waitfd fired = { .fd = watch ? cancel_fd(request->cancel) : -1,
					     .events = CURL_WAIT_POLLIN };
		if (curl_multi_poll(channel->multi, watch ? &fired : NULL, watch ? 1 : 0, (int)left_ms, NULL) !=
		    CURLM_OK)
			return CURLE_OUT_OF_MEMORY;
	}
	int left = 0;
	const CURLMsg *message = curl_multi_info_read(channel->multi, &left);
	return message ? message->data.result : CURLE_OUT_OF_MEMORY;
}

static enum http_problem problem_of(CURLcode result, const struct http_response *response)
{
	static const struct {
		CURLcode result;
		enum http_problem problem;
	} problems[] = {
		{ CURLE_OK, HTTP_ANSWERED },
		{ CURLE_COULDNT_RESOLVE_HOST, HTTP_NO_SUCH_HOST },
		{ CURLE_COULDNT_CONNECT, HTTP_REFUSED },
		{ CURLE_OPERATION_TIMEDOUT, HTTP_TIMEOUT },
		{ CURLE_PEER_FAILED_VERIFICATION, HTTP_UNTRUSTED },
		{ CURLE_SSL_CACERT_BADFILE, HTTP_UNTRUSTED },
		{ CURLE_SSL_CONNECT_ERROR, HTTP_TLS },
		{ CURLE_ABORTED_BY_CALLBACK, HTTP_CANCELLED },
		{ CURLE_OUT_OF_MEMORY, HTTP_UNUSABLE },
		{ CURLE_URL_MALFORMAT, HTTP_UNUSABLE },
		{ CURLE_LOGIN_DENIED, HTTP_UNUSABLE }, // a user name in the URL
	};
	if (result != CURLE_OK && (response->body.failed || response->header_lines.failed))
		return HTTP_TOO_LARGE;
	for (size_t i = 0; i < sizeof problems / sizeof problems[0]; i++) {
		if (problems[i].result == result)
			return problems[i].problem;
	}
	return HTTP_BROKEN;
}

static void finish(CURLcode result, CURL *easy, struct http_response *response)
{
	long status = 0;
	response->problem = problem_of(result, response);
	response->sent = was_sent(easy);
	if (curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK)
		response->status = (int)status;
	if (response->problem != HTTP_ANSWERED && response->explanation[0] == '\0')
		http_response_fail(response, response->problem, curl_easy_strerror(result));
}

static void exchange_on(struct curl_http *self, struct channel *channel, const struct http_request *request,
			const struct wire_request *wire, struct http_response *response)
{
	CURL *easy = channel->easy;
	CURLcode result = set_fixed(self, easy);
	set(&result, set_request(easy, request, wire, response));
	if (result == CURLE_OK && curl_multi_add_handle(channel->multi, easy) != CURLM_OK)
		result = CURLE_OUT_OF_MEMORY;
	if (result == CURLE_OK)
		result = drive(channel, request);
	finish(result, easy, response);
	(void)curl_multi_remove_handle(channel->multi, easy);
	curl_easy_reset(easy); // keeps connections, forgets the pointers
}

static void curl_exchange(struct http *http, const struct http_request *request, struct http_response *response)
{
	struct curl_http *self = (struct curl_http *)http;
	struct wire_request wire;
	const bool made = wire_request_make(&wire, request);
	struct channel *channel = made ? take_channel(self, http_origin(request->url)) : NULL;
	if (channel) {
		exchange_on(self, channel, request, &wire, response);
		give_channel_back(self, channel);
	} else {
		http_response_fail(response, HTTP_UNUSABLE, "out of memory");
	}
	wire_request_free(&wire);
}

static void curl_free_all(struct http *http)
{
	struct curl_http *self = (struct curl_http *)http;
	while (self->idle) {
		struct channel *next = self->idle->next;
		channel_free(self->idle);
		self->idle = next;
	}
	(void)curl_share_cleanup(self->share);
	(void)pthread_mutex_destroy(&self->lock);
	for (size_t i = 0; i < CURL_LOCK_DATA_LAST; i++)
		(void)pthread_mutex_destroy(&self->share_locks[i]);
	free(self->ca_file);
	free(self->ca_directory);
	free(self);
	curl_global_cleanup();
}

static CURLSH *share_new(struct curl_http *self)
{
	CURLSH *share = curl_share_init();
	if (!share)
		return NULL;
	if (curl_share_setopt(share, CURLSHOPT_LOCKFUNC, lock_share) == CURLSHE_OK &&
	    curl_share_setopt(share, CURLSHOPT_UNLOCKFUNC, unlock_share) == CURLSHE_OK &&
	    curl_share_setopt(share, CURLSHOPT_USERDATA, self) == CURLSHE_OK &&
	    curl_share_setopt(share, CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS) == CURLSHE_OK &&
	    curl_share_setopt(share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION) == CURLSHE_OK)
		return share;
	(void)curl_share_cleanup(share);
	return NULL;
}

struct http *http_curl_new(const struct http_curl_options *options)
{
	// Counted and thread-safe since libcurl 7.84.
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return NULL;
	struct curl_http *self = calloc(1, sizeof *self);
	if (!self) {
		curl_global_cleanup();
		return NULL;
	}
	self->http = (struct http){ curl_exchange, curl_free_all };
	(void)pthread_mutex_init(&self->lock, NULL);
	for (size_t i = 0; i < CURL_LOCK_DATA_LAST; i++)
		(void)pthread_mutex_init(&self->share_locks[i], NULL);
	self->ca_file = copy_or_null(options->ca_file);
	self->ca_directory = copy_or_null(options->ca_directory);
	self->connect_timeout_ms =
		options->connect_timeout_ms ? options->connect_timeout_ms : default_connect_timeout_ms;
	self->stall_timeout_s = options->stall_timeout_s ? options->stall_timeout_s : default_stall_timeout_s;
	self->share = share_new(self);
	if (self->share && (self->ca_file || !options->ca_file.length) &&
	    (self->ca_directory || !options->ca_directory.length))
		return &self->http;
	curl_free_all(&self->http);
	return NULL;
}
