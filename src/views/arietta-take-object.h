/* arietta-take-object.h - a take as a row of a list
 *
 * A snapshot: when the library changes, lists get new ones.  Properties (read only): "id" (int64), "title",
 * "style", "starred" (bool), "example" (bool), "seed" (uint64).
 */
#pragma once

#include "library/arietta-records.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_TAKE_OBJECT (arietta_take_object_get_type ())
G_DECLARE_FINAL_TYPE (AriettaTakeObject, arietta_take_object, ARIETTA, TAKE_OBJECT, GObject)

/* Takes @take. */
AriettaTakeObject *arietta_take_object_new  (AriettaTake       *take) G_GNUC_WARN_UNUSED_RESULT;
const AriettaTake *arietta_take_object_get  (AriettaTakeObject *self);
/* TRUE when a row showing one need not change to show the other. */
gboolean           arietta_take_object_same (AriettaTakeObject *self,
                                             AriettaTakeObject *other);

G_END_DECLS
