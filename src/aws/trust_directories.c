// SPDX-License-Identifier: MPL-2.0
#include "aws/trust_directories.h"

#include <dirent.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct trust_directories {
	char *list;
	char *known;
	pthread_mutex_t lock;
	struct stack_st_X509 *certificates; // guarded by lock; NULL: not read yet
};

struct trust_directories *trust_directories_new(struct text list, struct text known)
{
	struct trust_directories *made = calloc(1, sizeof *made);
	if (!made)
		return NULL;
	(void)pthread_mutex_init(&made->lock, NULL);
	made->list = strndup(list.at, list.length);
	made->known = strndup(known.length ? known.at : "", known.length);
	if (made->list && made->known)
		return made;
	trust_directories_free(made);
	return NULL;
}

void trust_directories_free(struct trust_directories *directories)
{
	if (!directories)
		return;
	sk_X509_pop_free(directories->certificates, X509_free);
	(void)pthread_mutex_destroy(&directories->lock);
	free(directories->list);
	free(directories->known);
	free(directories);
}

// Without it the library would ask at the terminal.
static int no_password(char *room, int size, int writing, void *context)
{
	(void)room;
	(void)size;
	(void)writing;
	(void)context;
	return -1;
}

// What is no certificate is passed over.
static void read_file(FILE *file, struct stack_st_X509 *certificates)
{
	for (long before = -1; ftell(file) > before;) {
		before = ftell(file);
		X509 *certificate = PEM_read_X509(file, NULL, no_password, NULL);
		if (certificate && sk_X509_push(certificates, certificate) <= 0)
			X509_free(certificate);
	}
}

// Such links are the hashed names of files that are read anyway.
static bool is_link_within(int directory, const char *name)
{
	char target[256]; // of what is longer, the beginning
	const ssize_t length = readlinkat(directory, name, target, sizeof target);
	return length > 0 && !memchr(target, '/', (size_t)length);
}

static bool is_same_file(const struct stat *status, const char *path)
{
	struct stat other;
	return stat(path, &other) == 0 && status->st_dev == other.st_dev && status->st_ino == other.st_ino;
}

static void read_entry(const struct trust_directories *self, int directory, const char *name,
		       struct stack_st_X509 *certificates)
{
	struct stat status;
	if (is_link_within(directory, name))
		return;
	const int fd = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return;
	FILE *file = fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && !is_same_file(&status, self->known)
			     ? fdopen(fd, "r")
			     : NULL;
	if (!file) {
		(void)close(fd);
		return;
	}
	read_file(file, certificates);
	(void)fclose(file);
}

static void read_directory(const struct trust_directories *self, const char *path, struct stack_st_X509 *certificates)
{
	DIR *directory = opendir(path);
	if (!directory)
		return;
	// cppcheck-suppress readdirCalled ; one thread reads one directory
	for (const struct dirent *entry = readdir(directory); entry; entry = readdir(directory))
		read_entry(self, dirfd(directory), entry->d_name, certificates);
	(void)closedir(directory);
}

// Under the lock. NULL: no memory.
static struct stack_st_X509 *read_all(const struct trust_directories *self)
{
	struct stack_st_X509 *certificates = sk_X509_new_null();
	char *list = strdup(self->list);
	char *rest = list;
	(void)ERR_set_mark();
	for (const char *path = NULL; certificates && (path = strsep(&rest, ":"));)
		read_directory(self, path, certificates);
	(void)ERR_pop_to_mark();
	free(list);
	return certificates;
}

// False when there is nothing to add.
static bool add_to(struct trust_directories *self, X509_STORE *store)
{
	(void)pthread_mutex_lock(&self->lock);
	if (!self->certificates)
		self->certificates = read_all(self);
	const int count = sk_X509_num(self->certificates);
	for (int i = 0; i < count; i++)
		(void)X509_STORE_add_cert(store, sk_X509_value(self->certificates, i));
	(void)pthread_mutex_unlock(&self->lock);
	return count > 0;
}

static int verify(X509_STORE_CTX *chain, void *context)
{
	const int result = X509_verify_cert(chain);
	if (result > 0 || !add_to(context, X509_STORE_CTX_get0_store(chain)))
		return result;
	X509_STORE_CTX_set0_verified_chain(chain, NULL); // or it could not be verified again
	X509_STORE_CTX_set_error(chain, X509_V_OK);
	return X509_verify_cert(chain);
}

void trust_directories_use(struct trust_directories *directories, void *tls_context)
{
	SSL_CTX_set_cert_verify_callback(tls_context, verify, directories);
}
