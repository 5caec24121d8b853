// SPDX-License-Identifier: MPL-2.0
// A wish to stop, which calls share. Terraform's StopProvider asks the calls under way to end; calls that come later
// work again (facts: protocol, 6.1). So a source hands every call the signal of its time, and firing starts a new time.
#ifndef VNS_BASE_CANCEL_H
#define VNS_BASE_CANCEL_H

#include <stdbool.h>

struct cancel;        // one time's signal, counted
struct cancel_source; // hands out the current signal; safe to use from all threads

// NULL when the system has no file descriptor or memory left.
struct cancel_source *cancel_source_new(void);
void cancel_source_free(struct cancel_source *source); // NULL is fine; signals that are still held live on
// The current signal; to be given back with cancel_release.
struct cancel *cancel_acquire(struct cancel_source *source);
void cancel_release(struct cancel *cancel); // NULL is fine
// Fires the current signal and starts a new time. When no new signal can be made, the fired one stays in force.
void cancel_source_fire(struct cancel_source *source);

// For those who look, NULL is a signal that never fires.
bool cancel_fired(const struct cancel *cancel);
// Becomes and stays readable when fired: for poll() and curl_multi_poll(). Not to be read from or closed. -1, which
// poll() passes over, for NULL.
int cancel_fd(const struct cancel *cancel);

#endif
