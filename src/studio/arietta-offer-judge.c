/* How good an offer seems before anybody has heard it, and why. */
#define G_LOG_DOMAIN "arietta-studio"

#include "studio/arietta-offer-private.h"

#include "analysis/arietta-key-finder.h"
#include "analysis/arietta-melody.h"
#include "analysis/arietta-voice-leading.h"
#include "music/arietta-bar-map.h"
#include "studio/arietta-model-list.h"
#include "studio/arietta-names.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define KEEPS_TO_KEY 0.97
#define PASSAGE_BARS 3      /* around a new note that a passage of four may reach */
#define AS_BUSY      0.5    /* doublings of the notes to the bar that are still "as busy" */

/* What is counted of some notes. */
typedef struct
{
  guint notes, pitched, in_key;
} Count;

/* The notes of @track that @old (may be NULL) does not have. */
static void
count_new (AriettaTrack    *track,
           AriettaTrack    *old,
           AriettaTonality  key,
           Count           *count)
{
  guint              n, n_old = 0;
  const AriettaNote *notes = arietta_track_get_notes (track, &n);
  const AriettaNote *old_notes = old != NULL ? arietta_track_get_notes (old, &n_old) : NULL;

  for (guint i = 0; i < n; i++)
    {
      if (arietta_offer_has_note (old_notes, n_old, &notes[i]))
        continue;
      count->notes++;
      if (notes[i].channel == 9)
        continue;
      count->pitched++;
      count->in_key += arietta_tonality_contains (key, notes[i].pitch);
    }
}

/* How many times as many notes to the bar and track as the piece had, in doublings. */
static double
compare_business (AriettaPiece       *before,
                  const AriettaOffer *self,
                  const Count        *count,
                  guint               n_written)
{
  g_autoptr(AriettaBarMap) bars = arietta_bar_map_new (before);
  guint                    n_bars = arietta_bar_map_count_sounding (bars, before), n_tracks = 0;

  for (guint t = 0; t < arietta_piece_get_n_tracks (before); t++)
    {
      guint n;

      arietta_track_get_notes (arietta_piece_get_track (before, t), &n);
      n_tracks += n > 0;
    }
  if (n_tracks == 0 || count->notes == 0 || n_written == 0)
    return 0.0;

  return log2 ((double) count->notes / (self->n_bars * n_written)
               / ((double) arietta_piece_get_n_notes (before) / (n_bars * n_tracks)));
}

/* The melody and the three last tracks, a sixteenth after another: how often two voices run in parallel fifths
 * or octaves. */
static guint
count_parallels (AriettaPiece *before,
                 AriettaPiece *after)
{
  g_autoptr(GArray)   melody = arietta_melody_dup_notes (before);
  AriettaVoiceLeading leading = { 0 };
  guint               n_tracks = arietta_piece_get_n_tracks (after);
  gint64              step = MAX (arietta_piece_get_ticks_per_quarter (after) / 4, 1);
  guint               n_steps = (guint) (arietta_piece_get_notes_end_ticks (after) / step) + 1;
  g_autofree gint8   *pitches = g_new (gint8, (gsize) n_steps * ARIETTA_VOICE_LEADING_VOICES);

  memset (pitches, ARIETTA_VOICE_LEADING_REST, (gsize) n_steps * ARIETTA_VOICE_LEADING_VOICES);
  for (guint v = 0; v < ARIETTA_VOICE_LEADING_VOICES; v++)
    {
      const AriettaNote *notes = (const AriettaNote *) (gpointer) melody->data;
      guint              n = melody->len;

      if (v > 0)
        notes = arietta_track_get_notes (arietta_piece_get_track (after, n_tracks - 4 + v), &n);
      for (guint i = 0; i < n; i++)
        for (gint64 s = notes[i].onset_ticks / step;
             s * step < notes[i].onset_ticks + notes[i].duration_ticks && s < n_steps; s++)
          pitches[s * ARIETTA_VOICE_LEADING_VOICES + v] = (gint8) notes[i].pitch;
    }
  arietta_voice_leading_add (&leading, pitches, n_steps);

  return (guint) (leading.fifths + leading.octaves);
}

static void
add_reason (AriettaOffer *self,
            const char   *words)
{
  g_autofree char *reason = g_steal_pointer (&self->reason);

  /* Translators: "keeps to G major, busier than before", "no parallels" */
  self->reason = g_strdup_printf (_("%s, %s"), reason, words);
}

/* Voices are judged by how they move together, too. */
static void
judge_voices (AriettaOffer *self,
              AriettaPiece *before)
{
  guint            n = count_parallels (before, self->piece);
  g_autofree char *parallels = n == 0 ? g_strdup (_("no parallels"))
                                      : g_strdup_printf (ngettext ("%u parallel", "%u parallels", n), n);

  self->score = MAX (self->score - 0.05 * n, 0.0);
  add_reason (self, parallels);
}

/* The tracks that differ, as far as a passage with something new in it may reach. */
static AriettaPiece *
copy_surroundings (const AriettaOffer *self,
                   AriettaPiece       *before)
{
  g_autoptr(AriettaBarMap) bars = arietta_bar_map_new (self->piece);
  guint                    first = self->first_bar > PASSAGE_BARS ? self->first_bar - PASSAGE_BARS : 0;
  gint64                   start = arietta_bar_map_get_start (bars, first);
  gint64                   end = arietta_bar_map_get_start (bars, self->first_bar + self->n_bars + PASSAGE_BARS);
  AriettaPiece            *copy = arietta_piece_copy (self->piece);

  for (guint t = arietta_piece_get_n_tracks (copy); t-- > 0;)
    {
      AriettaTrack      *old = t < arietta_piece_get_n_tracks (before) ? arietta_piece_get_track (before, t) : NULL;
      Count              count = { 0 };
      guint              n;
      const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (self->piece, t), &n);
      g_autoptr(GArray)  near = g_array_new (FALSE, FALSE, sizeof (AriettaNote));

      count_new (arietta_piece_get_track (self->piece, t), old, ARIETTA_TONALITY_NONE, &count);
      for (guint i = 0; i < n && count.notes > 0; i++)
        if (notes[i].onset_ticks >= start && notes[i].onset_ticks < end)
          g_array_append_val (near, notes[i]);
      arietta_track_take_notes (arietta_piece_get_track (copy, t), g_steal_pointer (&near));
    }

  return arietta_piece_freeze (copy);
}

/* Whether passages with new notes are those the model learned from, the ones that were there before apart. */
static void
judge_copies (AriettaOffer *self,
              AriettaPiece *before,
              AriettaModel *model)
{
  g_autoptr(AriettaCopied) known = model != NULL ? arietta_model_dup_known (model) : NULL;
  AriettaCopiedCount       now = { 0 }, then = { 0 };
  guint                    copied, passages;

  if (known == NULL)
    return;

  {
    g_autoptr(AriettaPiece) near = copy_surroundings (self, before);

    arietta_copied_measure (known, near, &now);
    arietta_copied_measure (known, before, &then);
  }
  passages = now.passages + now.drum_passages;
  copied = now.copied + now.drum_copied;
  copied -= MIN (copied, then.copied + then.drum_copied);
  if (passages == 0)
    return;

  self->score = MAX (self->score - 0.5 * copied / passages, 0.0);
  add_reason (self, copied == 0 ? _("copies nobody")
                                : ngettext ("a passage it learned", "passages it learned", copied));
}

static void
judge_notes (AriettaOffer *self,
             AriettaPiece *before)
{
  AriettaTonality  key = arietta_key_finder_estimate (before, NULL);
  guint            n_before = arietta_piece_get_n_tracks (before), n_written = 0;
  Count            count = { 0 };
  double           keeps, busier;
  g_autofree char *words = NULL;
  const char      *business, *name = arietta_key_get_name (key);

  for (guint t = 0; t < arietta_piece_get_n_tracks (self->piece); t++)
    {
      guint had = count.notes;

      count_new (arietta_piece_get_track (self->piece, t),
                 t < n_before ? arietta_piece_get_track (before, t) : NULL, key, &count);
      n_written += count.notes > had;
    }
  if (count.notes == 0)
    {
      self->score = 0.0;
      self->reason = g_strdup (_("Changes nothing"));
      return;
    }

  keeps = count.pitched > 0 ? (double) count.in_key / count.pitched : 1.0;
  busier = compare_business (before, self, &count, n_written);
  self->score = CLAMP (keeps - 0.1 * MIN (fabs (busier), 3.0), 0.0, 1.0);

  business = fabs (busier) <= AS_BUSY ? _("as busy as before")
                                      : busier > 0.0 ? _("busier than before") : _("calmer than before");
  if (count.pitched == 0 || key.tonic < 0)
    {
      self->reason = g_strdup (business);
      return;
    }
  words = keeps >= KEEPS_TO_KEY
            ? g_strdup_printf (_("keeps to %s"), name)
            : g_strdup_printf (ngettext ("%u note outside %s", "%u notes outside %s", count.pitched - count.in_key),
                               count.pitched - count.in_key, name);
  /* Translators: why a suggestion stands where it stands: "keeps to G major, as busy as before" */
  self->reason = g_strdup_printf (_("%s, %s"), words, business);
}

void
arietta_offer_judge (AriettaOffer   *self,
                     AriettaLibrary *library,
                     AriettaWish     wish,
                     AriettaPiece   *before)
{
  judge_notes (self, before);
  if (wish == ARIETTA_WISH_HARMONISE && arietta_piece_get_n_tracks (self->piece) > 3)
    judge_voices (self, before);
  if (self->score > 0.0)
    {
      g_autoptr(AriettaModel) model = arietta_models_load (library, self->model, NULL);

      judge_copies (self, before, model);
    }
}
