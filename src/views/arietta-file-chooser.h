/* arietta-file-chooser.h - asking for files, by the desktop's own dialog
 *
 * The one place that knows which dialog the toolkit in use offers; in a sandbox it goes through the portal.
 * Nothing is called when the person thinks better of it.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* @files: GFile, at least one. */
typedef void (*AriettaFilesFunc) (GtkWidget  *near,
                                  GListModel *files,
                                  gpointer    user_data);

/* MIDI and sound files. */
void arietta_choose_music  (GtkWidget        *near,
                            gboolean          multiple,
                            AriettaFilesFunc  chosen,
                            gpointer          user_data,
                            GDestroyNotify    free_user_data);
void arietta_choose_folder (GtkWidget        *near,
                            const char       *title,
                            AriettaFilesFunc  chosen,
                            gpointer          user_data,
                            GDestroyNotify    free_user_data);
/* @suffix such as "sf2", @kind its name for people. */
void arietta_choose_file   (GtkWidget        *near,
                            const char       *title,
                            const char       *kind,
                            const char       *suffix,
                            AriettaFilesFunc  chosen,
                            gpointer          user_data,
                            GDestroyNotify    free_user_data);
/* Where to save; the list has the one target. Asks before an existing file is replaced. */
void arietta_choose_target (GtkWidget        *near,
                            const char       *title,
                            const char       *suggested_name,
                            AriettaFilesFunc  chosen,
                            gpointer          user_data,
                            GDestroyNotify    free_user_data);

G_END_DECLS
