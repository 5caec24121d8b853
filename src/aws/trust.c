// SPDX-License-Identifier: MPL-2.0
#include "aws/trust.h"

#include <stddef.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const file_variables[] = { "SSL_CERT_FILE", "NIX_SSL_CERT_FILE" };

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

#define DIRECTORY_OF_ALL    "/etc/ssl/certs"
#define DIRECTORY_OF_FEDORA "/etc/pki/tls/certs"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

// A directory, or a file with something in it: /dev/null says that there shall be none. The texts end in NUL, being
// literals or values of the environment.
static bool exists_in_file_system(struct text path)
{
	struct stat status;
	return stat(path.at, &status) == 0 && (S_ISDIR(status.st_mode) || status.st_size > 0) &&
	       access(path.at, R_OK) == 0;
}

// One that is named and does not exist is passed over, and so are those that distributions use.
static struct text find_file(const struct environment *environment, bool (*exists)(struct text path))
{
	for (size_t i = 0; i < COUNT(file_variables); i++) {
		const struct text named = environment_get(environment, file_variables[i]);
		if (named.length)
			return exists(named) ? named : T("");
	}
	for (size_t i = 0; i < COUNT(files); i++) {
		if (exists(files[i]))
			return files[i];
	}
	return T("");
}

static struct text find_directories(const struct environment *environment, bool (*exists)(struct text path))
{
	const struct text named = environment_get(environment, "SSL_CERT_DIR");
	if (named.length)
		return named;
	return exists(T(DIRECTORY_OF_ALL)) || exists(T(DIRECTORY_OF_FEDORA))
		       ? T(DIRECTORY_OF_ALL ":" DIRECTORY_OF_FEDORA)
		       : T("");
}

struct trust trust_find(const struct environment *environment, bool (*exists)(struct text path))
{
	// Kept also when it does not exist: the error then names it.
	const struct text bundle = environment_get(environment, "AWS_CA_BUNDLE");
	if (bundle.length)
		return (struct trust){ .file = bundle };
	if (!exists)
		exists = exists_in_file_system;
	return (struct trust){ find_file(environment, exists), find_directories(environment, exists) };
}
