// SPDX-License-Identifier: MPL-2.0
#include "aws/complaint.h"

// What happened and what to do, by problem.
static const struct {
	const char *what;
	const char *advice;
} explanations[] = {
	[HTTP_ANSWERED] = { "", "" },
	[HTTP_NO_SUCH_HOST] = { "its name could not be resolved",
				"Check the spelling of the region and of the endpoint, and the DNS server." },
	[HTTP_REFUSED] = { "no connection could be made", "Check that the endpoint is right, that something listens "
							  "there, and that no firewall is in the "
							  "way." },
	[HTTP_TIMEOUT] = { "it did not answer in time", "Check the network and whether a firewall drops packets." },
	[HTTP_UNTRUSTED] = { "its certificate could not be verified",
			     "If a proxy intercepts TLS, set the provider argument custom_ca_bundle or AWS_CA_BUNDLE "
			     "to a file with its CA certificate; otherwise check that the certificate is for the "
			     "endpoint's host name." },
	[HTTP_TLS] = { "no TLS connection could be made",
		       "Check that the endpoint speaks TLS 1.2 or newer; one without TLS must begin with http://." },
	[HTTP_NO_PROXY] = { "the proxy did not forward the request",
			    "Check the provider arguments http_proxy, https_proxy and no_proxy, or the environment "
			    "variables HTTP_PROXY, HTTPS_PROXY and NO_PROXY." },
	[HTTP_BROKEN] = { "the connection ended before the response was complete", "Check the network; try again." },
	[HTTP_TOO_LARGE] = { "its response is larger than any response of AWS",
			     "Check that the endpoint is an AWS service." },
	[HTTP_CANCELLED] = { "the request was stopped", "" },
	[HTTP_UNUSABLE] = { "the request could not be made", "" },
};

static const char *unknown_outcome(const struct complaint *about)
{
	return about->outcome_unknown ? "\n\nThe request was sent and may have taken effect although no response "
					"arrived: its outcome is unknown. Check in AWS before you try again."
				      : "";
}

void complaint_transport(struct call *call, const struct complaint *about, const struct http_response *response)
{
	if (response->problem == HTTP_CANCELLED) {
		complaint_stopped(call, about);
		return;
	}
	const char *summary =
		about->outcome_unknown ? "No response from AWS; the outcome is unknown" : "Cannot reach AWS";
	diag_error(
		call, NULL, summary,
		"%.*s of %.*s failed at the host %.*s: %s (%s), after %d attempt%s. The host was chosen by %.*s. %s%s",
		TEXT_ARG(about->action), TEXT_ARG(about->service), TEXT_ARG(about->endpoint->host),
		explanations[response->problem].what, response->explanation, about->attempts,
		about->attempts == 1 ? "" : "s", TEXT_ARG(about->chosen_by), explanations[response->problem].advice,
		unknown_outcome(about));
}

void complaint_foreign_answer(struct call *call, const struct complaint *about, const struct http_response *response,
			      struct text problem)
{
	const bool redirect = response->status >= 300 && response->status <= 399;
	const char *why = redirect ? "it redirects the request, which the provider does not follow because requests "
				     "carry credentials"
				   : "its response is not from AWS";
	diag_error(
		call, NULL, "The endpoint does not respond like AWS",
		"%.*s of %.*s: the host %.*s answered with HTTP status %d, but %s (%.*s), after %d attempt%s. The host "
		"was chosen by %.*s; check that it is the service's endpoint, and whether a proxy answers in its "
		"place.%s",
		TEXT_ARG(about->action), TEXT_ARG(about->service), TEXT_ARG(about->endpoint->host), response->status,
		why, TEXT_ARG(problem), about->attempts, about->attempts == 1 ? "" : "s", TEXT_ARG(about->chosen_by),
		unknown_outcome(about));
}

void complaint_unsigned(struct call *call, const struct complaint *about)
{
	diag_error(call, NULL, "Request to AWS cannot be signed", "OpenSSL could not compute the signature of %.*s.%s",
		   TEXT_ARG(about->action), unknown_outcome(about));
}

void complaint_add_outcome(struct call *call, const struct complaint *about)
{
	struct diagnostic *latest = NULL;
	for (struct diagnostic *each = call->diagnostics->first; each; each = each->next)
		latest = each->severity == SEVERITY_ERROR ? each : latest;
	if (latest && about->outcome_unknown)
		latest->detail = text_print(call->arena, "%.*s\n\n%.*s of %.*s: an earlier attempt got no response.%s",
					    TEXT_ARG(latest->detail), TEXT_ARG(about->action), TEXT_ARG(about->service),
					    unknown_outcome(about));
}

void complaint_stopped(struct call *call, const struct complaint *about)
{
	diag_error(call, NULL, about->outcome_unknown ? "Stopped; the outcome is unknown" : "Stopped",
		   "%.*s of %.*s was stopped because Terraform asked to stop.%s", TEXT_ARG(about->action),
		   TEXT_ARG(about->service), about->outcome_unknown ? unknown_outcome(about) : " Nothing was changed.");
}
