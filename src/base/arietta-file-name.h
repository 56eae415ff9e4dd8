/* arietta-file-name.h - what the names of files say
 *
 * Threads: pure functions.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The ending of @path with its dot, or the end of @path where its last part has none. */
const char *arietta_file_name_find_ending (const char *path);
/* The last part of @path without its ending, for people: "My Song" of "/music/My Song.mid", as
 * valid UTF-8 whatever the bytes are.  A name that begins with its only dot is all title.  Where
 * underscores stand for spaces they become some, and two of them a dash: "Arne – Winter Wind" of
 * "Arne__Winter_Wind.mid". */
char       *arietta_file_name_dup_title   (const char *path) G_GNUC_WARN_UNUSED_RESULT;
/* @path with @text before its ending: "/music/Song-2.mid". */
char       *arietta_file_name_dup_with    (const char *path,
                                           const char *text) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
