/* arietta-words-private.h - rows of figures, for those who put a card or an evaluation into words */
#pragma once

#include <json-glib/json-glib.h>
#include <stdarg.h>

G_BEGIN_DECLS

/* An empty array of AriettaModelResult with its clear function. */
GArray *arietta_words_new            (void) G_GNUC_WARN_UNUSED_RESULT;
/* Takes @value and @baseline. */
void    arietta_words_add            (GArray     *results,
                                      const char *title,
                                      char       *value,
                                      char       *baseline);
/* "97.8 %". */
char   *arietta_words_percent        (double      share) G_GNUC_WARN_UNUSED_RESULT;

/* The number at the keys that lead to it, ending with NULL ("reconstruction", "sampled", NULL), or NaN. */
double  arietta_words_number_at      (JsonObject *object,
                                      const char *first,
                                      ...) G_GNUC_NULL_TERMINATED;
double  arietta_words_number_at_list (JsonObject *object,
                                      const char *first,
                                      va_list     args);

G_END_DECLS
