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
#define AS_HIGH      5.0    /* semitones from which on the other register is told */
#define BARS_AROUND  16     /* on each side, that bars filled in are compared with */

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

/* Notes of a track in some bars. */
typedef struct
{
  guint  notes, bars;
  double pitches;      /* their sum */
} Stretch;

/* Bars from .. to - 1, but not but_from .. but_to - 1. */
static Stretch
measure_stretch (AriettaTrack  *track,
                 AriettaBarMap *bars,
                 guint          from,
                 guint          to,
                 guint          but_from,
                 guint          but_to)
{
  guint              n, left = MAX (but_from, from), right = MIN (but_to, to);
  const AriettaNote *notes = arietta_track_get_notes (track, &n);
  Stretch            stretch = { .bars = to - from - (right > left ? right - left : 0) };

  for (guint i = 0; i < n; i++)
    {
      guint bar = arietta_bar_map_find (bars, notes[i].onset_ticks);

      if (bar < from || bar >= to || (bar >= but_from && bar < but_to))
        continue;
      stretch.notes++;
      stretch.pitches += notes[i].pitch;
    }

  return stretch;
}

/* What a track did where new notes are judged by it: around them where bars are filled or follow, there where notes are
 * changed. */
static Stretch
measure_before (const AriettaOffer *self,
                AriettaWish         wish,
                AriettaTrack       *old,
                AriettaBarMap      *bars,
                guint               n_bars)
{
  const guint first = self->first_bar, end = self->first_bar + self->n_bars;
  Stretch     around = { 0 };

  if (wish == ARIETTA_WISH_INFILL || wish == ARIETTA_WISH_CONTINUE)
    around = measure_stretch (old, bars, first > BARS_AROUND ? first - BARS_AROUND : 0, MIN (n_bars, end + BARS_AROUND),
                              first, end);

  return around.notes > 0 ? around : measure_stretch (old, bars, 0, n_bars, 0, 0);
}

/* How the new notes differ from what was there, mean over the tracks. */
typedef struct
{
  double busier;     /* doublings of the notes to the bar */
  double higher;     /* semitones; of drums 0 */
  double apart;      /* both without their signs: doublings, and octaves */
} Difference;

static void
add_difference (Difference    *sum,
                const Stretch *now,
                const Stretch *then,
                gboolean       pitched)
{
  double busier = log2 ((double) now->notes / now->bars / ((double) then->notes / then->bars));
  double higher = pitched ? now->pitches / now->notes - then->pitches / then->notes : 0.0;

  sum->busier += busier;
  sum->higher += higher;
  sum->apart += fabs (busier) + fabs (higher) / 12.0;
}

static Difference
compare (AriettaPiece       *before,
         const AriettaOffer *self,
         AriettaWish         wish)
{
  g_autoptr(AriettaBarMap) bars = arietta_bar_map_new (before);
  g_autoptr(AriettaBarMap) new_bars = arietta_bar_map_new (self->piece);
  guint                    n_bars = arietta_bar_map_count_sounding (bars, before), n_before = 0, n = 0;
  guint                    end = self->first_bar + self->n_bars;
  Stretch                  all = { .bars = n_bars };
  Difference               sum = { 0 };

  for (guint t = 0; t < arietta_piece_get_n_tracks (before); t++)
    {
      Stretch track = measure_stretch (arietta_piece_get_track (before, t), bars, 0, n_bars, 0, 0);

      n_before += track.notes > 0;
      all.notes += track.notes;
      all.pitches += track.pitches;
    }
  /* A new track is as busy as the others are on the average. */
  all.bars *= MAX (n_before, 1);

  for (guint t = 0; t < arietta_piece_get_n_tracks (self->piece) && all.notes > 0 && self->n_bars > 0; t++)
    {
      AriettaTrack *track = arietta_piece_get_track (self->piece, t);
      AriettaTrack *old = t < arietta_piece_get_n_tracks (before) ? arietta_piece_get_track (before, t) : NULL;
      Count         count = { 0 };
      Stretch       now, then = { 0 };

      count_new (track, old, ARIETTA_TONALITY_NONE, &count);
      now = measure_stretch (track, new_bars, self->first_bar, end, 0, 0);
      if (count.notes == 0 || now.notes == 0)
        continue;
      if (old != NULL)
        then = measure_before (self, wish, old, bars, n_bars);
      add_difference (&sum, &now, then.notes > 0 ? &then : &all,
                      then.notes > 0 && !arietta_track_is_percussion (track));
      n++;
    }
  n = MAX (n, 1);

  return (Difference) { sum.busier / n, sum.higher / n, sum.apart / n };
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
             AriettaWish   wish,
             AriettaPiece *before)
{
  AriettaTonality  key = arietta_key_finder_estimate (before, NULL);
  guint            n_before = arietta_piece_get_n_tracks (before);
  Count            count = { 0 };
  Difference       difference;
  double           keeps;
  g_autofree char *words = NULL;
  const char      *business, *name = arietta_key_get_name (key);

  for (guint t = 0; t < arietta_piece_get_n_tracks (self->piece); t++)
    count_new (arietta_piece_get_track (self->piece, t),
               t < n_before ? arietta_piece_get_track (before, t) : NULL, key, &count);
  if (count.notes == 0)
    {
      self->score = 0.0;
      self->reason = g_strdup (_("Changes nothing"));
      return;
    }

  keeps = count.pitched > 0 ? (double) count.in_key / count.pitched : 1.0;
  difference = compare (before, self, wish);
  self->score = CLAMP (keeps - 0.1 * MIN (difference.apart, 3.0), 0.0, 1.0);

  business = fabs (difference.busier) <= AS_BUSY ? _("as busy as before")
                                                 : difference.busier > 0.0 ? _("busier than before")
                                                                           : _("calmer than before");
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
  if (fabs (difference.higher) >= AS_HIGH)
    add_reason (self, difference.higher > 0.0 ? _("higher than before") : _("lower than before"));
}

void
arietta_offer_judge (AriettaOffer   *self,
                     AriettaLibrary *library,
                     AriettaWish     wish,
                     AriettaPiece   *before)
{
  judge_notes (self, wish, before);
  if (wish == ARIETTA_WISH_HARMONISE && arietta_piece_get_n_tracks (self->piece) > 3)
    judge_voices (self, before);
  if (self->score > 0.0)
    {
      g_autoptr(AriettaModel) model = arietta_models_load (library, self->model, NULL);

      judge_copies (self, before, model);
    }
}
