/* fuzz.h - what a fuzz target and the plain driver share
 *
 * A target is a file with LLVMFuzzerTestOneInput () and its seeds, linked with fuzz-main.c:
 *
 *   fuzz-THING                mutates the seeds, always in the same way; the bounded test
 *   fuzz-THING --rounds N     the same, longer
 *   fuzz-THING FILE...        replays files, such as one that made it fail
 *
 * With FUZZ_LAST=PATH in the environment the input that made it abort is left in PATH.
 *
 * Linked with a fuzzing engine instead of fuzz-main.c it is driven by that.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Aborts on a fault of the code under test; the answer is always 0. */
int         LLVMFuzzerTestOneInput (const guint8 *data,
                                    size_t        size);

/* Seed @nth, or NULL past the last. */
GByteArray *fuzz_seed_new          (guint         nth);

G_END_DECLS
