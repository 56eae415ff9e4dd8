#define G_LOG_DOMAIN "arietta-studio"

#include "studio/arietta-offer.h"

#include "base/arietta-json.h"
#include "music/arietta-bar-map.h"
#include "music/arietta-mode.h"
#include "music/arietta-track-verbs.h"
#include "studio/arietta-names.h"
#include "studio/arietta-offer-private.h"

#include <glib/gi18n.h>
#include <string.h>

#define DRUM_CHANNEL 9

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
  const char         *action = NULL;

  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    action = arietta_json_get_text (json_node_get_object (root), "action");

  return action != NULL ? arietta_wish_find (action) : ARIETTA_WISH_N;
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

gboolean
arietta_offer_has_note (const AriettaNote *notes,
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

          if (note.channel != DRUM_CHANNEL && !arietta_offer_has_note (old, n_old, &note))
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
        if (!arietta_offer_has_note (old, n_old, &notes[i]))
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
  arietta_offer_judge (self, library, wish, piece);
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
