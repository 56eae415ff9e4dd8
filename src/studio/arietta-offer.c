#define G_LOG_DOMAIN "arietta-studio"

#include "studio/arietta-offer.h"

#include "analysis/arietta-key-finder.h"
#include "analysis/arietta-melody.h"
#include "analysis/arietta-voice-leading.h"
#include "music/arietta-bar-map.h"
#include "music/arietta-mode.h"
#include "music/arietta-track-verbs.h"
#include "studio/arietta-composed-private.h"
#include "studio/arietta-model-list.h"
#include "studio/arietta-names.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define KEEPS_TO_KEY 0.97
#define DRUM_CHANNEL 9
#define PASSAGE_BARS 3      /* around a new note that a passage of four may reach */
#define AS_BUSY      0.5    /* doublings of the notes to the bar that are still "as busy" */

typedef struct
{
  const char        *name, *label;
  AriettaAssistTask  task;   /* unless it is harmonising */
} Wish;

static const Wish wishes[ARIETTA_WISH_N] = {
  [ARIETTA_WISH_CONTINUE] = { "continue", N_("Continue"), ARIETTA_ASSIST_CONTINUE },
  [ARIETTA_WISH_INFILL] = { "infill", N_("Fill In"), ARIETTA_ASSIST_INFILL },
  [ARIETTA_WISH_VARY] = { "vary", N_("Vary"), ARIETTA_ASSIST_VARY },
  [ARIETTA_WISH_SIMPLIFY] = { "simplify", N_("Simplify"), ARIETTA_ASSIST_SIMPLIFY },
  [ARIETTA_WISH_RESTYLE] = { "restyle", N_("Change the Style"), ARIETTA_ASSIST_RESTYLE },
  [ARIETTA_WISH_HARMONISE] = { "harmonise", N_("Harmonise"), 0 },
  [ARIETTA_WISH_MELODY] = { "melody", N_("Add a Melody"), ARIETTA_ASSIST_MELODY },
  [ARIETTA_WISH_BASS] = { "bass", N_("Add a Bass"), ARIETTA_ASSIST_BASS },
  [ARIETTA_WISH_DRUMS] = { "drums", N_("Add Drums"), ARIETTA_ASSIST_DRUMS },
  [ARIETTA_WISH_ARRANGE] = { "arrange", N_("Arrange"), ARIETTA_ASSIST_ARRANGE },
};

const char *
arietta_wish_get_name (AriettaWish wish)
{
  return wishes[wish].name;
}

AriettaWish
arietta_wish_find (const char *name)
{
  guint wish = 0;

  while (wish < ARIETTA_WISH_N && strcmp (wishes[wish].name, name) != 0)
    wish++;

  return wish;
}

AriettaWish
arietta_offer_find_wish (const char *settings)
{
  g_autoptr(JsonNode) root = settings != NULL && *settings != '\0' ? json_from_string (settings, NULL) : NULL;

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return ARIETTA_WISH_N;

  return arietta_wish_find (json_object_get_string_member_with_default (json_node_get_object (root), "action", ""));
}

const char *
arietta_wish_get_label (AriettaWish wish)
{
  return _(wishes[wish].label);
}

void
arietta_offer_free (AriettaOffer *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->piece, arietta_piece_unref);
  g_free (self->maker);
  g_free (self->reason);
  g_free (self->model);
  g_free (self->model_hash);
  g_free (self->settings);
  g_free (self->style);
  g_free (self);
}

/* --- putting in place --- */

/* Which bars are taken, for notes by their onset. */
typedef struct
{
  AriettaBarMap *bars;
  const guint8  *taken;
  guint          first, n;
} Taken;

static gboolean
is_taken (const Taken *self,
          gint64       tick)
{
  guint bar = arietta_bar_map_find (self->bars, tick);

  if (bar < self->first)
    return FALSE;

  return self->taken == NULL || (bar - self->first < self->n && self->taken[bar - self->first] != 0);
}

static void
add_notes (GArray       *notes,
           AriettaTrack *track,
           const Taken  *taken,
           gboolean      wanted)
{
  guint              n;
  const AriettaNote *from = arietta_track_get_notes (track, &n);

  for (guint i = 0; i < n; i++)
    if (is_taken (taken, from[i].onset_ticks) == wanted)
      g_array_append_val (notes, from[i]);
}

AriettaPiece *
arietta_offer_merge (AriettaPiece *before,
                     AriettaPiece *after,
                     guint         first_bar,
                     const guint8 *taken,
                     guint         n)
{
  g_autoptr(AriettaBarMap) bars = arietta_bar_map_new (after);
  const Taken              which = { bars, taken, first_bar, n };
  AriettaPiece            *merged = arietta_piece_copy (before);
  guint                    n_before = arietta_piece_get_n_tracks (before);

  for (guint t = 0; t < arietta_piece_get_n_tracks (after); t++)
    {
      AriettaTrack     *offered = arietta_piece_get_track (after, t);
      AriettaTrack     *track;
      g_autoptr(GArray) notes = g_array_new (FALSE, FALSE, sizeof (AriettaNote));

      add_notes (notes, offered, &which, TRUE);
      if (t < n_before)
        {
          track = arietta_piece_get_track (merged, t);
          add_notes (notes, arietta_piece_get_track (before, t), &which, FALSE);
        }
      else
        {
          if (notes->len == 0)
            continue;
          track = arietta_piece_add_track (merged, arietta_track_get_name (offered));
        }
      arietta_track_take_notes (track, g_steal_pointer (&notes));
    }

  return arietta_piece_freeze (merged);
}

/* --- keeping to a scale --- */

static gboolean
has_note (const AriettaNote *notes,
          guint              n,
          const AriettaNote *note)
{
  guint low = 0, high = n;

  while (low < high)
    {
      guint middle = (low + high) / 2;

      if (notes[middle].onset_ticks < note->onset_ticks)
        low = middle + 1;
      else
        high = middle;
    }
  for (; low < n && notes[low].onset_ticks == note->onset_ticks; low++)
    if (notes[low].pitch == note->pitch && notes[low].duration_ticks == note->duration_ticks)
      return TRUE;

  return FALSE;
}

static gboolean
sounds_already (GArray            *notes,
                const AriettaNote *note)
{
  for (guint i = notes->len; i-- > 0;)
    {
      const AriettaNote *other = &g_array_index (notes, AriettaNote, i);

      if (other->onset_ticks < note->onset_ticks)
        return FALSE;
      if (other->pitch == note->pitch && other->channel == note->channel)
        return TRUE;
    }

  return FALSE;
}

/* @after (taken) with the notes that @before does not have on the nearest pitch of the scale. */
static AriettaPiece *
keep_to_classes (AriettaPiece *before,
                 AriettaPiece *after,
                 guint         classes)
{
  g_autoptr(AriettaPiece) wild = after;
  AriettaPiece           *kept;

  if (classes == 0)
    return g_steal_pointer (&wild);

  kept = arietta_piece_copy (wild);
  for (guint t = 0; t < arietta_piece_get_n_tracks (wild); t++)
    {
      guint              n, n_old = 0;
      const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (wild, t), &n), *old = NULL;
      g_autoptr(GArray)  placed = g_array_sized_new (FALSE, FALSE, sizeof (AriettaNote), n);

      if (t < arietta_piece_get_n_tracks (before))
        old = arietta_track_get_notes (arietta_piece_get_track (before, t), &n_old);
      for (guint i = 0; i < n; i++)
        {
          AriettaNote note = notes[i];

          if (note.channel != DRUM_CHANNEL && !has_note (old, n_old, &note))
            {
              note.pitch = (guint8) CLAMP (arietta_classes_nearest (classes, note.pitch), 0, 127);
              if (note.pitch != notes[i].pitch && sounds_already (placed, &note))
                continue;
            }
          g_array_append_val (placed, note);
        }
      arietta_track_take_notes (arietta_piece_get_track (kept, t), g_steal_pointer (&placed));
    }

  return arietta_piece_freeze (kept);
}

/* --- judging --- */

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
      if (has_note (old_notes, n_old, &notes[i]))
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
judge (AriettaOffer *self,
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

/* --- asking --- */

/* The voices behind the melody, as further tracks of the piece. */
static AriettaPiece *
add_voices (AriettaPiece *before,
            AriettaPiece *harmonised)
{
  AriettaPiece *piece = arietta_piece_copy (before);

  for (guint t = 1; t < arietta_piece_get_n_tracks (harmonised); t++)
    {
      AriettaTrack      *voice = arietta_piece_get_track (harmonised, t);
      int                channel = arietta_tracks_find_free_channel (piece);
      AriettaTrack      *track = arietta_piece_add_track (piece, arietta_track_get_name (voice));
      guint              n;
      const AriettaNote *notes = arietta_track_get_notes (voice, &n);
      g_autoptr(GArray)  moved = g_array_sized_new (FALSE, FALSE, sizeof (AriettaNote), n);

      /* The chorale's own may be another instrument's here. */
      g_array_append_vals (moved, notes, n);
      for (guint i = 0; i < n; i++)
        g_array_index (moved, AriettaNote, i).channel = (guint8) channel;
      arietta_track_take_notes (track, g_steal_pointer (&moved));
    }

  return arietta_piece_freeze (piece);
}

/* A JSON object with one number more. */
static char *
dup_with_number (const char *text,
                 const char *name,
                 gint64      number)
{
  g_autoptr(JsonNode) root = json_from_string (text, NULL);

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return g_strdup (text);

  json_object_set_int_member (json_node_get_object (root), name, number);

  return json_to_string (root, FALSE);
}

/* Where the two first and last differ, by the onsets of what is new. */
static void
find_bars (AriettaOffer *self,
           AriettaPiece *before)
{
  g_autoptr(AriettaBarMap) bars = arietta_bar_map_new (self->piece);
  guint                    first = G_MAXUINT, last = 0;

  for (guint t = 0; t < arietta_piece_get_n_tracks (self->piece); t++)
    {
      guint              n, n_old = 0;
      const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (self->piece, t), &n);
      const AriettaNote *old = NULL;

      if (t < arietta_piece_get_n_tracks (before))
        old = arietta_track_get_notes (arietta_piece_get_track (before, t), &n_old);
      for (guint i = 0; i < n; i++)
        if (!has_note (old, n_old, &notes[i]))
          {
            guint bar = arietta_bar_map_find (bars, notes[i].onset_ticks);

            first = MIN (first, bar);
            last = MAX (last, bar);
          }
    }
  self->first_bar = first == G_MAXUINT ? 0 : first;
  self->n_bars = first == G_MAXUINT ? 1 : last - first + 1;
}

/* What a model made, in its place, and nothing else of it. */
static AriettaPiece *
put_in (AriettaPiece               *before,
        AriettaPiece               *made,
        AriettaWish                 wish,
        const AriettaAssistRequest *request)
{
  AriettaPiece *whole = wish == ARIETTA_WISH_HARMONISE ? add_voices (before, made)
                                                       : arietta_offer_merge (before, made, 0, NULL, 0);

  return keep_to_classes (before, whole, request->classes);
}

typedef struct
{
  AriettaPiece               *before;
  AriettaWish                 wish;
  const AriettaAssistRequest *request;
} Hearing;

/* What is there so far, as the offer will have it. */
static void
filled_cb (AriettaPiece *so_far,
           guint         n_bars,
           gpointer      user_data)
{
  const Hearing          *hearing = user_data;
  g_autoptr(AriettaPiece) whole = put_in (hearing->before, so_far, hearing->wish, hearing->request);

  hearing->request->filled (whole, n_bars, hearing->request->filled_data);
}

AriettaOffer *
arietta_offer_new (AriettaLibrary              *library,
                   AriettaPiece                *piece,
                   AriettaWish                  wish,
                   const AriettaAssistRequest  *request,
                   AriettaJob                  *job,
                   GError                     **error)
{
  g_autoptr(AriettaComposed) composed = NULL;
  Hearing                    hearing = { piece, wish, request };
  AriettaAssistRequest       own = *request;
  AriettaOffer              *self;

  if (request->filled != NULL)
    {
      own.filled = filled_cb;
      own.filled_data = &hearing;
    }
  if (wish == ARIETTA_WISH_HARMONISE)
    composed = arietta_assist_harmonise (library, piece, &own, job, error);
  else
    composed = arietta_assist_fill (library, piece, wishes[wish].task, &own, job, error);
  if (composed == NULL)
    return NULL;

  self = g_new0 (AriettaOffer, 1);
  self->piece = put_in (piece, composed->piece, wish, request);
  self->seed = request->seed;
  self->maker = request->classes != 0 ? dup_with_number (composed->maker, "pitch_classes", request->classes)
                                      : g_strdup (composed->maker);
  self->style = g_strdup (composed->take->style);
  self->model = g_strdup (composed->take->model);
  self->model_hash = g_strdup (composed->take->model_hash);
  self->settings = g_strdup (composed->take->settings);
  find_bars (self, piece);
  /* Bars that were asked for count, though nothing was written in some of them. */
  if (request->n_bars > 0)
    {
      self->first_bar = request->first_bar;
      self->n_bars = request->n_bars;
    }
  judge (self, piece);
  if (wish == ARIETTA_WISH_HARMONISE && arietta_piece_get_n_tracks (self->piece) > 3)
    judge_voices (self, piece);
  if (self->score > 0.0)
    {
      g_autoptr(AriettaModel) model = arietta_models_load (library, self->model, NULL);

      judge_copies (self, piece, model);
    }
  if (wish == ARIETTA_WISH_RESTYLE && composed->take->style[0] != '\0')
    {
      g_autofree char *reason = g_steal_pointer (&self->reason);

      /* Translators: a style, and why a suggestion in it stands where it stands */
      self->reason = g_strdup_printf (_("%s: %s"), arietta_style_get_name (composed->take->style), reason);
    }

  return self;
}

gint64
arietta_offer_keep (const AriettaOffer  *self,
                    AriettaLibrary      *library,
                    AriettaWish          wish,
                    AriettaPiece        *piece,
                    const char          *title,
                    gint64               parent_id,
                    GError             **error)
{
  g_autoptr(AriettaTake) take = g_new0 (AriettaTake, 1);
  const char            *label = arietta_wish_get_label (wish);

  take->title = title != NULL && *title != '\0' ? g_strdup_printf ("%s · %s", title, label) : g_strdup (label);
  take->model = g_strdup (self->model);
  take->model_hash = g_strdup (self->model_hash);
  take->seed = self->seed;
  take->settings = g_strdup (self->settings);
  take->style = g_strdup (self->style);
  take->parent_id = parent_id;

  return arietta_library_add_take (library, take, piece, error) ? take->id : 0;
}

char *
arietta_offer_dup_maker (const AriettaOffer *self,
                         gint64              take_id)
{
  return take_id != 0 ? dup_with_number (self->maker, "take", take_id) : g_strdup (self->maker);
}

char *
arietta_offer_dup_take_maker (const AriettaTake *take)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  arietta_json_string (builder, "model", take->model);
  arietta_json_string (builder, "model_hash", take->model_hash);
  arietta_json_int (builder, "seed", (gint64) take->seed);
  arietta_json_int (builder, "take", take->id);
  json_builder_end_object (builder);

  return arietta_json_dup_text (builder);
}
