// SPDX-License-Identifier: MPL-2.0
#include "aws_stub.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char identity[] =
	"<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>"
	"<Arn>arn:aws:iam::123456789012:user/test</Arn><UserId>AIDATEST</UserId><Account>123456789012</Account>"
	"</GetCallerIdentityResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata>"
	"</GetCallerIdentityResponse>";

// Reads until the action is known: it stands in the body, behind the headers.
static bool asks_who(int connection)
{
	char request[16384];
	size_t length = 0;
	ssize_t got;
	while (length + 1 < sizeof request &&
	       (got = read(connection, request + length, sizeof request - length - 1)) > 0) {
		length += (size_t)got;
		request[length] = '\0';
		if (strstr(request, "Action="))
			return strstr(request, "GetCallerIdentity") != NULL;
	}
	return false;
}

static void answer(int connection)
{
	char head[256];
	int length = snprintf(head, sizeof head,
			      "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: %zu\r\n"
			      "Connection: close\r\n\r\n",
			      sizeof identity - 1);
	(void)!write(connection, head, (size_t)length);
	(void)!write(connection, identity, sizeof identity - 1);
	(void)close(connection);
}

static void *run(void *argument)
{
	struct aws_stub *stub = argument;
	int connection;
	while ((connection = accept(stub->listener, NULL, NULL)) >= 0) {
		if (asks_who(connection)) {
			answer(connection);
		} else if (stub->open_count < AWS_STUB_MOST_CONNECTIONS) {
			stub->open[stub->open_count++] = connection;
			atomic_fetch_add(&stub->hanging, 1);
		} else {
			(void)close(connection);
		}
	}
	return NULL;
}

void aws_stub_start(struct aws_stub *stub)
{
	*stub = (struct aws_stub){ .listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) };
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof address;
	if (bind(stub->listener, (struct sockaddr *)&address, size) != 0 ||
	    listen(stub->listener, AWS_STUB_MOST_CONNECTIONS) != 0 ||
	    getsockname(stub->listener, (struct sockaddr *)&address, &size) != 0 ||
	    pthread_create(&stub->thread, NULL, run, stub) != 0)
		abort();
	(void)snprintf(stub->endpoint, sizeof stub->endpoint, "http://127.0.0.1:%d", ntohs(address.sin_port));
}

void aws_stub_stop(struct aws_stub *stub)
{
	(void)shutdown(stub->listener, SHUT_RDWR);
	(void)pthread_join(stub->thread, NULL);
	(void)close(stub->listener);
	for (int i = 0; i < stub->open_count; i++)
		(void)close(stub->open[i]);
}
