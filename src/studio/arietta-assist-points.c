/* Assisting by a model whose windows are points of a latent space: which tracks, and where new
 * notes go. */
#define G_LOG_DOMAIN "arietta-studio"

#include "studio/arietta-assist-points-private.h"

#include <glib/gi18n.h>
#include <math.h>

#include "analysis/arietta-key-finder.h"
#include "analysis/arietta-melody.h"
#include "base/arietta-error.h"
#include "music/arietta-track-verbs.h"
#include "studio/arietta-latent.h"
#include "studio/arietta-studio-error.h"

#define DRUM_CHANNEL  9
#define MELODY_CENTRE 72     /* the pitch a new melody lies around */

gboolean
arietta_assist_can_by_points (AriettaModel      *model,
                              AriettaAssistTask  task)
{
  AriettaModelAbilities abilities = arietta_model_get_abilities (model);

  if ((abilities & ARIETTA_MODEL_HAS_LATENT) == 0 || task == ARIETTA_ASSIST_BASS || task == ARIETTA_ASSIST_ARRANGE)
    return FALSE;
  if (task == ARIETTA_ASSIST_SIMPLIFY)
    return arietta_model_get_attribute_vector (model, "density") != NULL;
  if (task == ARIETTA_ASSIST_RESTYLE)
    return arietta_model_get_styles (model)[0] != NULL;

  return task != ((abilities & ARIETTA_MODEL_WRITES_DRUMS) != 0 ? ARIETTA_ASSIST_MELODY : ARIETTA_ASSIST_DRUMS);
}

static void
line_clear (AriettaAssistLine *self)
{
  g_clear_pointer (&self->bars, arietta_bar_map_free);
  g_clear_pointer (&self->points, g_free);
  g_clear_pointer (&self->there, g_free);
  g_clear_pointer (&self->centre, g_free);
  g_clear_pointer (&self->notes, g_array_unref);
  g_clear_pointer (&self->done, arietta_piece_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AriettaAssistLine, line_clear)

/* The piece with the notes of one track alone. */
static AriettaPiece *
copy_track (AriettaPiece *piece,
            guint         nth)
{
  AriettaPiece *copy = arietta_piece_copy (piece);

  for (guint t = arietta_piece_get_n_tracks (copy); t-- > 0;)
    if (t != nth)
      arietta_piece_remove_track (copy, t);

  return arietta_piece_freeze (copy);
}

/* --- putting in place --- */

/* New notes by octaves to where the part lies. */
static void
settle (GArray *notes,
        double  centre)
{
  double sum = 0.0;
  int    shift;

  for (guint i = 0; i < notes->len; i++)
    sum += g_array_index (notes, AriettaNote, i).pitch;
  if (notes->len == 0)
    return;

  shift = 12 * (int) lround ((centre - sum / notes->len) / 12.0);
  for (guint i = 0; i < notes->len; i++)
    {
      AriettaNote *note = &g_array_index (notes, AriettaNote, i);

      note->pitch = (guint8) CLAMP (note->pitch + shift, 0, 127);
    }
}

static double
find_centre (const AriettaNote *notes,
             guint              n)
{
  double sum = 0.0;

  for (guint i = 0; i < n; i++)
    sum += notes[i].pitch;

  return n > 0 ? sum / n : MELODY_CENTRE;
}

/* A line has one note at a time: new notes give way to what stays. */
static gboolean
is_free (const AriettaAssistLine *self,
         const AriettaNote       *kept,
         guint                    n,
         AriettaNote             *note)
{
  for (guint i = 0; i < n; i++)
    {
      gint64 end = kept[i].onset_ticks + kept[i].duration_ticks;

      if (self->drums ? kept[i].onset_ticks == note->onset_ticks && kept[i].pitch == note->pitch
                      : kept[i].onset_ticks <= note->onset_ticks && end > note->onset_ticks)
        return FALSE;
      if (!self->drums && kept[i].onset_ticks > note->onset_ticks)
        note->duration_ticks = MIN (note->duration_ticks, kept[i].onset_ticks - note->onset_ticks);
    }

  return TRUE;
}

/* @track is one of @result's, or a new one that has none yet. */
static void
put (const AriettaAssistLine *self,
     AriettaTrack            *track,
     int                      channel,
     int                      program)
{
  g_autoptr(GArray)  placed = g_array_new (FALSE, FALSE, sizeof (AriettaNote));
  guint              n, n_kept;
  const AriettaNote *notes = arietta_track_get_notes (track, &n);

  for (guint i = 0; i < n; i++)
    if (notes[i].onset_ticks < self->start || notes[i].onset_ticks >= self->end
        || (notes[i].flags & ARIETTA_NOTE_LOCKED) != 0)
      g_array_append_val (placed, notes[i]);
  n_kept = placed->len;
  for (guint i = 0; i < self->notes->len; i++)
    {
      AriettaNote note = g_array_index (self->notes, AriettaNote, i);

      note.channel = (guint8) channel;
      note.program = (guint8) program;
      if (is_free (self, (const AriettaNote *) (gpointer) placed->data, n_kept, &note))
        g_array_append_val (placed, note);
    }
  arietta_track_take_notes (track, g_steal_pointer (&placed));
}

/* Where new notes lie: a part that is moved is left where the model put it. */
static void
settle_line (AriettaAssistLine *self,
             GArray            *notes)
{
  guint              n;
  const AriettaNote *there;

  if (self->drums || self->moves)
    return;
  if (self->track == ARIETTA_FILL_NEW_TRACK)
    {
      settle (notes, MELODY_CENTRE);
      return;
    }
  there = arietta_track_get_notes (arietta_piece_get_track (self->work->piece, self->track), &n);
  settle (notes, find_centre (there, n));
}

/* The notes of the line so far into a copy of what is done already; of a new part the track is
 * made. */
static AriettaPiece *
place (AriettaAssistLine *self,
       AriettaPiece      *piece)
{
  AriettaPiece *result = arietta_piece_copy (piece);
  AriettaTrack *track;

  if (self->track == ARIETTA_FILL_NEW_TRACK)
    {
      int channel = self->drums ? DRUM_CHANNEL : arietta_tracks_find_free_channel (piece);

      track = arietta_piece_add_track (result, self->drums ? _("Drums") : _("Melody"));
      put (self, track, channel, 0);
    }
  else
    {
      track = arietta_piece_get_track (result, self->track);
      put (self, track, self->drums ? DRUM_CHANNEL : arietta_track_get_channel (track),
           arietta_track_get_program (track));
    }

  return arietta_piece_freeze (result);
}

void
arietta_assist_line_tell (AriettaAssistLine *self,
                          guint              bar)
{
  const AriettaAssistWork *work = self->work;
  g_autoptr(GArray)        all = NULL;
  g_autoptr(AriettaPiece)  so_far = NULL;
  gint64                   end = self->end;

  /* Of several parts the last makes bars whole. */
  if (work->request->filled == NULL || !self->last || bar <= work->first_bar || bar >= work->first_bar + work->n_bars)
    return;

  all = g_steal_pointer (&self->notes);
  self->notes = g_array_new (FALSE, FALSE, sizeof (AriettaNote));
  g_array_append_vals (self->notes, all->data, all->len);
  settle_line (self, self->notes);
  self->end = arietta_bar_map_get_start (self->bars, bar);
  so_far = place (self, self->done);
  self->end = end;
  g_array_unref (self->notes);
  self->notes = g_steal_pointer (&all);
  work->request->filled (so_far, bar - work->first_bar, work->request->filled_data);
}

static gboolean
write_track (AriettaAssistLine  *self,
             guint               track,
             GError            **error)
{
  const AriettaAssistWork *work = self->work;
  g_autoptr(AriettaPiece)  alone = NULL;
  gboolean                 done;

  self->track = track;
  g_clear_pointer (&self->points, g_free);
  g_clear_pointer (&self->there, g_free);
  self->n_there = 0;
  g_array_set_size (self->notes, 0);
  if (track != ARIETTA_FILL_NEW_TRACK)
    {
      g_autoptr(GError) local_error = NULL;

      alone = copy_track (work->piece, track);
      if (!arietta_model_encode (work->model, alone, &self->points, &self->there, &self->n_there, &local_error)
          && self->moves)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
    }

  if (work->task == ARIETTA_ASSIST_RESTYLE)
    done = arietta_assist_line_restyle (self, alone, error);
  else
    done = self->moves ? arietta_assist_line_move (self, error) : arietta_assist_line_write (self, error);
  if (!done)
    return FALSE;
  settle_line (self, self->notes);

  return TRUE;
}

/* Which tracks: those asked for that the model can read; else the melody, or the first
 * percussion. */
static GArray *
choose_tracks (const AriettaAssistWork *work,
               gboolean                 drums)
{
  GArray *tracks = g_array_new (FALSE, FALSE, sizeof (guint));
  guint   n_tracks = arietta_piece_get_n_tracks (work->piece), melody;
  int     channel;

  for (guint i = 0; i < work->request->n_tracks; i++)
    {
      guint t = work->request->tracks[i];

      if (t < n_tracks && arietta_track_is_percussion (arietta_piece_get_track (work->piece, t)) == drums)
        g_array_append_val (tracks, t);
    }
  if (work->request->n_tracks > 0)
    return tracks;

  if (!drums && arietta_melody_find_part (work->piece, &melody, &channel))
    g_array_append_val (tracks, melody);
  for (guint t = 0; drums && t < n_tracks && tracks->len == 0; t++)
    if (arietta_track_is_percussion (arietta_piece_get_track (work->piece, t)))
      g_array_append_val (tracks, t);

  return tracks;
}

AriettaPiece *
arietta_assist_by_points (const AriettaAssistWork  *work,
                          GError                  **error)
{
  AriettaModelAbilities     abilities = arietta_model_get_abilities (work->model);
  gboolean                  fresh = work->task == ARIETTA_ASSIST_MELODY || work->task == ARIETTA_ASSIST_DRUMS;
  g_auto(AriettaAssistLine) line = {
    .work = work,
    .drums = (abilities & ARIETTA_MODEL_WRITES_DRUMS) != 0,
    .key = work->request->key,
    .size = arietta_model_get_latent_size (work->model),
    .bars = arietta_bar_map_new (work->piece),
    .notes = g_array_new (FALSE, FALSE, sizeof (AriettaNote)),
    .moves = work->task == ARIETTA_ASSIST_VARY || work->task == ARIETTA_ASSIST_SIMPLIFY
             || work->task == ARIETTA_ASSIST_RESTYLE,
    .last = TRUE,
    .done = arietta_piece_ref (work->piece),
    .centre = arietta_latent_dup_centre (work->model, work->style, 1.0),
  };
  g_autoptr(GArray)         tracks = NULL;

  if (line.key.tonic < 0)
    line.key = arietta_key_finder_estimate (work->piece, NULL);
  line.start = arietta_bar_map_get_start (line.bars, work->first_bar);
  line.end = arietta_bar_map_get_start (line.bars, work->first_bar + work->n_bars);
  if (fresh)
    {
      if (!write_track (&line, ARIETTA_FILL_NEW_TRACK, error))
        return NULL;
      return place (&line, line.done);
    }

  tracks = choose_tracks (work, line.drums);
  if (tracks->len == 0)
    {
      arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_NOTHING, NULL, NULL,
                         line.drums ? _("There is no drum track for this model to go by.")
                                    : _("There is no melody for this model to go by."));
      return NULL;
    }
  for (guint i = 0; i < tracks->len; i++)
    {
      AriettaPiece *done;

      line.last = i + 1 == tracks->len;
      if (!write_track (&line, g_array_index (tracks, guint, i), error))
        return NULL;
      done = place (&line, line.done);
      arietta_piece_unref (line.done);
      line.done = done;
    }

  return g_steal_pointer (&line.done);
}
