/* What compose, morph and mix have in common: a result, its name and its statement of origin. */
#define G_LOG_DOMAIN "arietta-studio"

#include "studio/arietta-composed-private.h"

#include <string.h>

#include "studio/arietta-provenance.h"

enum { META = 0xff, META_MARKER = 0x06 };

void
arietta_composed_free (AriettaComposed *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->piece, arietta_piece_unref);
  g_clear_pointer (&self->take, arietta_take_free);
  g_free (self);
}

AriettaComposed *
arietta_composed_new (AriettaPiece       *notes,
                      const char         *title,
                      AriettaModelInfo   *info,
                      const char         *style,
                      guint64             seed,
                      JsonBuilder        *settings,
                      const char * const *markers,
                      const gint64       *marker_ticks)
{
  AriettaComposed *self = g_new0 (AriettaComposed, 1);
  AriettaPiece    *piece = arietta_piece_copy (notes);
  const char *licences = json_object_get_string_member_with_default (info->card, "licences", NULL);

  self->take = g_new0 (AriettaTake, 1);
  self->take->title = g_strdup (title);
  self->take->model = g_strdup (info->name);
  self->take->model_hash = g_strdup (info->sha256);
  self->take->seed = seed;
  self->take->settings = arietta_json_dup_text (settings);
  self->take->style = g_strdup (style != NULL ? style : "");

  arietta_piece_set_title (piece, title);
  arietta_provenance_add (piece, self->take, licences);
  for (guint i = 0; markers != NULL && markers[i] != NULL; i++)
    arietta_track_add_event (arietta_piece_get_track (piece, 0), marker_ticks[i], META, META_MARKER,
                             0, (const guint8 *) markers[i], (guint32) strlen (markers[i]));

  self->piece = arietta_piece_freeze (piece);
  self->take->seconds = arietta_piece_get_duration_seconds (piece);
  self->take->n_notes = arietta_piece_get_n_notes (piece);

  return self;
}
