// SPDX-License-Identifier: MPL-2.0
#include "aws/trust.h"

#include <stddef.h>
#include <unistd.h>

// In the order in which they are asked. A named file that does not exist is kept: the error then names it.
static const char *const file_variables[] = { "AWS_CA_BUNDLE", "SSL_CERT_FILE", "NIX_SSL_CERT_FILE" };

static const struct text files[] = {
	TEXT("/etc/ssl/certs/ca-certificates.crt"), // Debian, Ubuntu, Arch, Gentoo
	TEXT("/etc/pki/tls/certs/ca-bundle.crt"),   // Fedora, RHEL, Amazon Linux
	TEXT("/etc/ssl/ca-bundle.pem"),             // SUSE
	TEXT("/etc/pki/tls/cacert.pem"),
	TEXT("/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem"),
	TEXT("/etc/ssl/cert.pem"), // Alpine
	TEXT("/etc/ssl/certs/ca-bundle.crt"),
	TEXT("/usr/local/share/certs/ca-root-nss.crt"), // FreeBSD
};

static const struct text directories[] = { TEXT("/etc/ssl/certs"), TEXT("/etc/pki/tls/certs") };

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

// The tables' texts end in NUL, being literals.
static bool exists_in_file_system(struct text path)
{
	return access(path.at, R_OK) == 0;
}

static struct text first_existing(const struct text *paths, size_t count, bool (*exists)(struct text path))
{
	for (size_t i = 0; i < count; i++) {
		if (exists(paths[i]))
			return paths[i];
	}
	return T("");
}

struct trust trust_find(const struct environment *environment, bool (*exists)(struct text path))
{
	for (size_t i = 0; i < COUNT(file_variables); i++) {
		const struct text file = environment_get(environment, file_variables[i]);
		if (file.length)
			return (struct trust){ .file = file, .chosen_by = text_of(file_variables[i]) };
	}
	const struct text directory = environment_get(environment, "SSL_CERT_DIR");
	if (directory.length)
		return (struct trust){ .directory = directory, .chosen_by = T("SSL_CERT_DIR") };
	if (!exists)
		exists = exists_in_file_system;
	struct trust trust = { .file = first_existing(files, COUNT(files), exists) };
	if (trust.file.length == 0)
		trust.directory = first_existing(directories, COUNT(directories), exists);
	return trust;
}
