/* arietta-change.h - one change of rows of the library, made in a worker, with its way back
 *
 * Takes, items, datasets and models are renamed, labelled and removed alike: ids, what to do with them, and
 * Undo where something went.  The library's "changed" signal brings lists up to date; errors are presented.
 */
#pragma once

#include <gtk/gtk.h>

#include "library/arietta-library.h"

G_BEGIN_DECLS

/* A table entry, never freed. */
typedef struct
{
  /* In a worker.  @text and @flag are what the caller gave; for removals @flag TRUE removes, FALSE brings back. */
  gboolean (*make) (AriettaLibrary *library,
                    const gint64   *ids,
                    guint           n_ids,
                    const char     *text,
                    gboolean        flag,
                    GError        **error);
  /* On the main loop when it went well, before lists hear of it; may be NULL. */
  void     (*made) (GtkWidget      *near,
                    gint64          first_id,
                    const char     *text,
                    gboolean        flag);
} AriettaChange;

/* @near speaks if it fails; nothing more happens when it is gone by then.  @ids (gint64) is borrowed. */
void    arietta_change_make   (GtkWidget           *near,
                               AriettaLibrary      *library,
                               const AriettaChange *change,
                               GArray              *ids,
                               const char          *text,
                               gboolean             flag);
/* Removes, then says @toast with Undo. */
void    arietta_change_remove (GtkWidget           *near,
                               AriettaLibrary      *library,
                               const AriettaChange *change,
                               GArray              *ids,
                               const char          *toast);
/* Asks for another name in a dialog; the answer is the text of the change. */
void    arietta_change_rename (GtkWidget           *near,
                               AriettaLibrary      *library,
                               const AriettaChange *change,
                               gint64               id,
                               const char          *heading,
                               const char          *label,
                               const char          *name);

GArray *arietta_change_ids    (gint64               id) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
