// SPDX-License-Identifier: MPL-2.0
// An exchange runs on a channel, which one thread has for itself: a multi handle (it keeps the connections, and its
// poll also watches the wish to stop). Its easy handle lives as long as an exchange, since its buffers keep what was
// sent and received, which may be secrets; libcurl's memory is wiped when it is given back. Idle channels wait in a
// list, the latest used first, so that a warm connection is found again. Names and TLS sessions are shared by all.
#include "aws/http_curl.h"

#include "aws/http_curl_setup.h"
#include "aws/secret_heap.h"
#include "aws/trust_directories.h"
#include "base/clock.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static const long default_connect_timeout_ms = 30 * 1000;
static const long default_stall_timeout_s = 60;

struct channel {
	CURLM *multi;
	CURL *easy;      // while an exchange is under way
	uint64_t origin; // of its last exchange; see http_origin
	struct channel *next;
};

struct curl_http {
	struct http http;
	pthread_mutex_t lock; // guards `idle`
	struct channel *idle;
	pthread_mutex_t share_locks[CURL_LOCK_DATA_LAST];
	struct http_curl_setup setup;
	struct proxy_rules proxies; // views of what follows
	char *proxy_texts[3];
};

// Of the whole view, also when it has a NUL inside: another view is made of the copy.
static char *copy_or_null(struct text view)
{
	char *copy = view.length ? malloc(view.length + 1) : NULL;
	if (copy) {
		memcpy(copy, view.at, view.length);
		copy[view.length] = '\0';
	}
	return copy;
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
	(void)curl_multi_cleanup(channel->multi);
	free(channel);
}

static struct channel *channel_new(void)
{
	struct channel *channel = calloc(1, sizeof *channel);
	if (!channel)
		return NULL;
	channel->multi = curl_multi_init();
	if (!channel->multi) {
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

// libcurl repeats by itself what it sent on a kept connection that ended without an answer.
static int on_request(void *response, char *ip, char *local_ip, int port, int local_port)
{
	(void)ip;
	(void)local_ip;
	(void)port;
	(void)local_port;
	struct http_response *own = response;
	own->resent = own->sent;
	own->sent = true;
	return CURL_PREREQFUNC_OK;
}

static long info(CURL *easy, CURLINFO wanted)
{
	long number = 0;
	return curl_easy_getinfo(easy, wanted, &number) == CURLE_OK ? number : 0;
}

// A request to a proxy to connect counts as sent for libcurl; the request itself goes out after the TLS handshake.
static bool was_sent(CURL *easy)
{
	if (info(easy, CURLINFO_REQUEST_SIZE) == 0)
		return false;
	char *scheme = NULL;
	curl_off_t secured_after_us = 0;
	const bool secure = curl_easy_getinfo(easy, CURLINFO_SCHEME, &scheme) == CURLE_OK && scheme &&
			    text_equal_ignore_case(text_of(scheme), T("https"));
	(void)curl_easy_getinfo(easy, CURLINFO_APPCONNECT_TIME_T, &secured_after_us);
	const bool new_connection = info(easy, CURLINFO_NUM_CONNECTS) > 0;
	return !secure || !new_connection || secured_after_us > 0;
}

// To its end, or CURLE_ABORTED_BY_CALLBACK: the wish to stop; or CURLE_FAILED_INIT: it could not be run.
static CURLcode drive(const struct channel *channel, const struct http_request *request, struct http_response *response)
{
	const int longest_poll_ms = 60 * 1000;
	bool cancelled = false;
	int64_t end_ms = 0; // once cancelled
	for (;;) {
		if (!cancelled && cancel_fired(request->cancel)) {
			cancelled = true;
			end_ms = clock_monotonic_ms(&clock_system) + (was_sent(channel->easy) ? request->grace_ms : 0);
		}
		const int64_t left_ms = cancelled ? end_ms - clock_monotonic_ms(&clock_system) : longest_poll_ms;
		if (left_ms <= 0)
			return CURLE_ABORTED_BY_CALLBACK;
		int running = 0;
		CURLMcode failure = curl_multi_perform(channel->multi, &running);
		if (failure == CURLM_OK && running == 0)
			break;
		const bool watch = request->cancel && !cancelled;
		struct curl_waitfd fired = { .fd = watch ? cancel_fd(request->cancel) : -1,
					     .events = CURL_WAIT_POLLIN };
		if (failure == CURLM_OK)
			failure = curl_multi_poll(channel->multi, watch ? &fired : NULL, watch ? 1 : 0, (int)left_ms,
						  NULL);
		if (failure != CURLM_OK) {
			http_response_fail(response, HTTP_UNUSABLE, curl_multi_strerror(failure));
			return CURLE_FAILED_INIT;
		}
	}
	int left = 0;
	const CURLMsg *message = curl_multi_info_read(channel->multi, &left);
	return message ? message->data.result : CURLE_FAILED_INIT;
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
		{ CURLE_COULDNT_RESOLVE_PROXY, HTTP_NO_PROXY },
		{ CURLE_PROXY, HTTP_NO_PROXY },
		{ CURLE_ABORTED_BY_CALLBACK, HTTP_CANCELLED },
		{ CURLE_OUT_OF_MEMORY, HTTP_UNUSABLE },
		{ CURLE_FAILED_INIT, HTTP_UNUSABLE },
		{ CURLE_URL_MALFORMAT, HTTP_UNUSABLE },
		{ CURLE_LOGIN_DENIED, HTTP_UNUSABLE }, // a user name in the URL
	};
	if (result != CURLE_OK && (response->body.failed || response->header_lines.failed))
		return HTTP_TOO_LARGE;
	if (result == CURLE_OUT_OF_MEMORY && response->sent)
		return HTTP_TOO_LARGE; // a header line past libcurl's own ceiling
	for (size_t i = 0; i < sizeof problems / sizeof problems[0]; i++) {
		if (problems[i].result == result)
			return problems[i].problem;
	}
	return HTTP_BROKEN;
}

// Names the proxy, without its password. What does not fit is cut.
static void explain(struct text proxy, CURLcode result, struct http_response *response)
{
	struct buffer words;
	buffer_init(&words, SIZE_MAX / 2);
	if (proxy.length) {
		buffer_append_text(&words, T("by the proxy "));
		buffer_append_text(&words, proxy_scheme(proxy));
		buffer_append_text(&words, proxy_authority(proxy));
		buffer_append_text(&words, T(": "));
	}
	buffer_append_text(&words,
			   text_of(response->explanation[0] ? response->explanation : curl_easy_strerror(result)));
	buffer_append_char(&words, '\0');
	http_response_fail(response, response->problem, words.failed ? "out of memory" : words.bytes);
	buffer_free(&words);
}

static void finish(CURLcode result, CURL *easy, struct text proxy, struct http_response *response)
{
	response->sent = was_sent(easy);
	response->problem = problem_of(result, response);
	// Where there is a proxy, it is the one that was not reached.
	const bool refused_by_proxy = response->problem == HTTP_REFUSED && proxy.length;
	if (refused_by_proxy || (result != CURLE_OK && info(easy, CURLINFO_HTTP_CONNECTCODE) >= 300))
		response->problem = HTTP_NO_PROXY;
	response->status = (int)info(easy, CURLINFO_RESPONSE_CODE);
	if (response->problem != HTTP_ANSWERED)
		explain(proxy, result, response);
}

// NULL, or what libcurl could not do.
static const char *set_destination(CURL *easy, struct http_response *response)
{
	const CURLcode results[] = {
		curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header),
		curl_easy_setopt(easy, CURLOPT_HEADERDATA, response),
		curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body),
		curl_easy_setopt(easy, CURLOPT_WRITEDATA, response),
		curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, response->explanation),
		curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_request),
		curl_easy_setopt(easy, CURLOPT_PREREQDATA, response),
	};
	for (size_t i = 0; i < sizeof results / sizeof results[0]; i++) {
		if (results[i] != CURLE_OK)
			return curl_easy_strerror(results[i]);
	}
	return NULL;
}

static void exchange_on(struct curl_http *self, struct channel *channel, const struct http_request *request,
			struct text proxy, const struct wire_request *wire, struct http_response *response)
{
	CURL *easy = curl_easy_init();
	const char *problem = easy ? http_curl_setup_easy(easy, &self->setup, request, wire)
				   : curl_easy_strerror(CURLE_OUT_OF_MEMORY);
	channel->easy = easy;
	if (!problem)
		problem = set_destination(easy, response);
	if (problem) {
		http_response_fail(response, HTTP_UNUSABLE, problem);
	} else {
		const bool added = curl_multi_add_handle(channel->multi, easy) == CURLM_OK;
		finish(added ? drive(channel, request, response) : CURLE_OUT_OF_MEMORY, easy, proxy, response);
	}
	(void)curl_multi_remove_handle(channel->multi, easy);
	curl_easy_cleanup(easy);
	channel->easy = NULL;
}

static void curl_exchange(struct http *http, const struct http_request *request, struct http_response *response)
{
	struct curl_http *self = (struct curl_http *)http;
	const struct text proxy = request->no_proxy ? T("") : proxy_of_url(&self->proxies, request->url);
	struct wire_request wire;
	const bool made = http_curl_setup_wire(&wire, request, proxy);
	struct channel *channel = made ? take_channel(self, http_origin(request->url)) : NULL;
	if (channel) {
		exchange_on(self, channel, request, proxy, &wire, response);
		give_channel_back(self, channel);
	} else {
		http_response_fail(response, HTTP_UNUSABLE, "out of memory");
	}
	http_curl_setup_free_wire(&wire);
}

static void curl_free_all(struct http *http)
{
	struct curl_http *self = (struct curl_http *)http;
	while (self->idle) {
		struct channel *next = self->idle->next;
		channel_free(self->idle);
		self->idle = next;
	}
	(void)curl_share_cleanup(self->setup.share);
	(void)pthread_mutex_destroy(&self->lock);
	for (size_t i = 0; i < CURL_LOCK_DATA_LAST; i++)
		(void)pthread_mutex_destroy(&self->share_locks[i]);
	free(self->setup.ca_file);
	trust_directories_free(self->setup.directories);
	for (size_t i = 0; i < sizeof self->proxy_texts / sizeof self->proxy_texts[0]; i++) {
		if (self->proxy_texts[i])
			explicit_bzero(self->proxy_texts[i], strlen(self->proxy_texts[i]));
		free(self->proxy_texts[i]);
	}
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

// False when there is no memory.
static bool own_texts(struct curl_http *self, const struct http_curl_options *options)
{
	self->proxies = options->proxies;
	const struct {
		struct text from;
		char **to;
		struct text *view; // NULL: none
	} texts[] = {
		{ options->ca_file, &self->setup.ca_file, NULL },
		{ options->proxies.http, &self->proxy_texts[0], &self->proxies.http },
		{ options->proxies.https, &self->proxy_texts[1], &self->proxies.https },
		{ options->proxies.exceptions, &self->proxy_texts[2], &self->proxies.exceptions },
	};
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		*texts[i].to = copy_or_null(texts[i].from);
		if (texts[i].from.length && !*texts[i].to)
			return false;
		if (texts[i].view)
			texts[i].view->at = *texts[i].to;
	}
	if (options->ca_directories.length)
		self->setup.directories = trust_directories_new(options->ca_directories, options->ca_file);
	return options->ca_directories.length == 0 || self->setup.directories;
}

struct http *http_curl_new(const struct http_curl_options *options)
{
	// Counted and thread-safe since libcurl 7.84.
	if (curl_global_init_mem(CURL_GLOBAL_DEFAULT, secret_heap_take, secret_heap_give_back, secret_heap_resize,
				 secret_heap_copy, secret_heap_take_zeroed) != CURLE_OK)
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
	self->setup = (struct http_curl_setup){
		.insecure = options->insecure,
		.connect_timeout_ms =
			options->connect_timeout_ms ? options->connect_timeout_ms : default_connect_timeout_ms,
		.stall_timeout_s = options->stall_timeout_s ? options->stall_timeout_s : default_stall_timeout_s,
		.share = share_new(self),
	};
	if (self->setup.share && own_texts(self, options))
		return &self->http;
	curl_free_all(&self->http);
	return NULL;
}
