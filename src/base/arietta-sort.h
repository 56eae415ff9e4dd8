/* arietta-sort.h - records in the order of a whole number, the quick way
 *
 * A radix sort: as fast as reading, where comparing would take a multiple of it.  Stable; what is in order already
 * costs one look.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Of one record of the array. */
typedef guint64 (*AriettaSortKey) (gconstpointer record);

/* @array of records of @record_size, fewer than 2^32. */
void arietta_sort_by_key (GArray         *array,
                          gsize           record_size,
                          AriettaSortKey  key);

G_END_DECLS
