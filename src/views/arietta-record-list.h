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

/* What a view gets: one record, alive as long as the object. */
#define ARIETTA_TYPE_RECORD (arietta_record_get_type ())
G_DECLARE_FINAL_TYPE (AriettaRecord, arietta_record, ARIETTA, RECORD, GObject)

/* The record itself, to be cast by who knows what list it came from. */
gconstpointer      arietta_record_get      (AriettaRecord     *self);
gint64             arietta_record_get_id   (AriettaRecord     *self);

#define ARIETTA_TYPE_RECORD_LIST (arietta_record_list_get_type ())
G_DECLARE_FINAL_TYPE (AriettaRecordList, arietta_record_list, ARIETTA, RECORD_LIST, GObject)

AriettaRecordList *arietta_record_list_new  (void);
/* When two records look alike to the views: rows at both ends that stayed the same then keep their places, their
 * selection and the scrolling.  Without it every new array replaces all rows. */
void               arietta_record_list_set_same (AriettaRecordList *self,
                                                 GEqualFunc         same);
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
