// SPDX-License-Identifier: MPL-2.0
#include "aws/complaint.h"

// What happened and what to do, by problem.
static const struct {
	const char *what;
	const char *advice;
} explanations[] = {
	[HTTP_ANSWERED] = { "", "" },
	[HTTP_NO_SUCH_HOST] = { "its name could not be resolved",
				"Check the spelling of the region and of the endpoint, and the name service." },
	[HTTP_REFUSED] = { "no connection could be made", "Check that the endpoint is right, that something listens "
							  "there, and that no firewall is in the "
							  "way." },
	[HTTP_TIMEOUT] = { "it did not answer in time", "Check the network and whether a firewall drops packets." },
	[HTTP_UNTRUSTED] = { "its certificate could not be verified",
			     "Behind a proxy that opens TLS, name its certificates in the provider argument "
			     "custom_ca_bundle or in AWS_CA_BUNDLE; else check that "
			     "the endpoint's host name is the one in the certificate." },
	[HTTP_TLS] = { "no TLS connection could be made",
		       "Check that the endpoint speaks TLS 1.2 or newer; one without TLS must begin with http://." },
	[HTTP_NO_PROXY] = { "the proxy did not pass the request on",
			    "Check the provider arguments http_proxy, https_proxy and no_proxy, or the environment "
			    "variables HTTP_PROXY, HTTPS_PROXY and NO_PROXY." },
	[HTTP_BROKEN] = { "the connection ended before the answer was whole", "Check the network; try again." },
	[HTTP_TOO_LARGE] = { "its answer is larger than any answer of AWS",
			     "Check that the endpoint is an AWS service." },
	[HTTP_CANCELLED] = { "the request was stopped", "" },
	[HTTP_UNUSABLE] = { "the request could not be made", "" },
};

static const char *unknown_outcome(const struct complaint *about)
{
	return about->outcome_unknown
		       ? "\n\nThe request was sent, so it may have taken effect although no answer came: its "
			 "outcome is unknown. Check in AWS before you try again."
		       : "";
}

void complaint_transport(struct call *call, const struct complaint *about, const struct http_response *response)
{
	if (response->problem == HTTP_CANCELLED) {
		complaint_stopped(call, about);
		return;
	}
	const char *summary =
		about->outcome_unknown ? "No answer from AWS; the outcome is unknown" : "Cannot reach AWS";
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
	const char *why = redirect ? "it wants to send the request elsewhere, which is never done: a request carries "
				     "credentials"
				   : "its answer is not one of AWS";
	diag_error(
		call, NULL, "The endpoint does not answer like AWS",
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
		latest->detail = text_print(call->arena, "%.*s\n\n%.*s of %.*s: an attempt before got no answer.%s",
					    TEXT_ARG(latest->detail), TEXT_ARG(about->action), TEXT_ARG(about->service),
					    unknown_outcome(about));
}

void complaint_stopped(struct call *call, const struct complaint *about)
{
	diag_error(call, NULL, about->outcome_unknown ? "Stopped; the outcome is unknown" : "Stopped",
		   "%.*s of %.*s was given up because Terraform asked to stop.%s", TEXT_ARG(about->action),
		   TEXT_ARG(about->service),
		   about->outcome_unknown ? unknown_outcome(about) : " Nothing was changed by it.");
}
