/* arietta-record-list.h - rows of the library as a list model
 *
 * A GListModel over an array of records that makes the object for a row only when a view asks for it, so a list of
 * 100,000 rows costs what is on the screen.
 *
 * Records are those of library/arietta-records.h, or any struct that begins with a gint64 id.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a view gets: one record, alive as long as the object.  Signal "changed" (): there is another in its place. */
#define ARIETTA_TYPE_RECORD (arietta_record_get_type ())
G_DECLARE_FINAL_TYPE (AriettaRecord, arietta_record, ARIETTA, RECORD, GObject)

/* The record itself, to be cast by who knows what list it came from. */
gconstpointer      arietta_record_get      (AriettaRecord     *self);

#define ARIETTA_TYPE_RECORD_LIST (arietta_record_list_get_type ())
G_DECLARE_FINAL_TYPE (AriettaRecordList, arietta_record_list, ARIETTA, RECORD_LIST, GObject)

AriettaRecordList *arietta_record_list_new  (void);
/* When two records look alike to the views: rows at both ends that stayed the same then keep their places, their
 * selection and the scrolling.  Without it every new array replaces all rows. */
void               arietta_record_list_set_same (AriettaRecordList *self,
                                                 GEqualFunc         same);
/* Before there are rows: a new array is filled into the places of the old one, each telling by "changed" if it looks
 * different now; views keep their rows, of which GTK makes two hundred, and only the list's end comes or goes.  What
 * is selected stays with the place, so who selects says anew what. */
void               arietta_record_list_set_in_place (AriettaRecordList *self);
/* Takes @records, an array with a free function (which may be called in another thread), or NULL for none. */
void               arietta_record_list_take (AriettaRecordList *self,
                                             GPtrArray         *records);
/* Borrowed; NULL past the end. */
gconstpointer      arietta_record_list_get  (AriettaRecordList *self,
                                             guint              position);
/* Position of the record with @id, or G_MAXUINT. */
guint              arietta_record_list_find (AriettaRecordList *self,
                                             gint64             id);

G_END_DECLS
