/* Whole pieces from nothing: who plays, and the key that was asked for. */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-composer-writing-private.h"

#include "analysis/arietta-key-finder.h"
#include "learning/arietta-composer-use.h"

#include <glib/gi18n.h>

#define MAX_DRAWN_PARTS 6
#define MAX_ATTEMPTS    5     /* to write a piece in the key asked for */
#define PATIENCE        75    /* notes for each bar in all attempts, no other after that: who waits does so for each */
#define CALMER          0.92  /* temperature of an attempt by that of the one before */

/* Who plays, when nobody said: the network's own choice for the style. */
static void
draw_parts (AriettaComposer           *net,
            const AriettaFillSettings *settings,
            AriettaRandom             *random,
            GArray                    *parts)
{
  static const AriettaEventSort first[] = { ARIETTA_EVENT_TRACK };
  static const AriettaEventSort more[] = {
    ARIETTA_EVENT_TRACK, ARIETTA_EVENT_ROLE,     ARIETTA_EVENT_PROGRAM,  ARIETTA_EVENT_DRUMS,
    ARIETTA_EVENT_BAR,   ARIETTA_EVENT_VELOCITY, ARIETTA_EVENT_DURATION,
  };
  AriettaComposerLimits             limits = { .temperature = settings->temperature, .nucleus = 0.9 };
  g_autoptr(AriettaComposerSampler) sampler = arietta_composer_sampler_new (net, &limits, random);
  int                               style = arietta_composer_find_style (net, settings->style);
  AriettaTonality                   tonality = settings->key;
  int                               key;
  AriettaEvent16                    token;

  if (net->home && tonality.tonic >= 0)
    tonality.tonic = 0;
  key = arietta_event_key_value (tonality);

  arietta_composer_sampler_give (sampler, arietta_event_make (ARIETTA_EVENT_BEGIN, 0));
  if (style >= 0)
    arietta_composer_sampler_give (sampler, arietta_event_make (ARIETTA_EVENT_STYLE, (guint) style));
  if (key >= 0)
    arietta_composer_sampler_give (sampler, arietta_event_make (ARIETTA_EVENT_KEY, (guint) key));

  while (arietta_composer_sampler_draw_of (sampler, parts->len == 0 ? first : more,
                                           parts->len == 0 ? G_N_ELEMENTS (first) : G_N_ELEMENTS (more),
                                           &token))
    {
      guint            value;
      AriettaEventSort sort = arietta_event_get_sort (token, &value);
      AriettaFillPart *last = parts->len > 0 ? &g_array_index (parts, AriettaFillPart, parts->len - 1) : NULL;

      if (sort == ARIETTA_EVENT_BAR || (sort == ARIETTA_EVENT_TRACK && parts->len == MAX_DRAWN_PARTS))
        return;
      if (sort == ARIETTA_EVENT_TRACK)
        {
          const AriettaFillPart part = { ARIETTA_FILL_NEW_TRACK, ARIETTA_ROLE_CHORDS, -1, NULL, 0, 0, 0 };

          g_array_append_val (parts, part);
        }
      else if (sort == ARIETTA_EVENT_ROLE && value != ARIETTA_ROLE_DRUMS)
        last->role = value;
      else if (sort == ARIETTA_EVENT_PROGRAM && last->role != ARIETTA_ROLE_DRUMS)
        last->program = (int) value;
      else if (sort == ARIETTA_EVENT_DRUMS)
        last->role = ARIETTA_ROLE_DRUMS;
    }
}

/* Drums alone are a pattern; with these it is a piece. */
static void
join_drums (GArray *parts)
{
  static const AriettaEventRole band[] = { ARIETTA_ROLE_MELODY, ARIETTA_ROLE_CHORDS, ARIETTA_ROLE_BASS };

  for (guint i = 0; i < parts->len; i++)
    if (g_array_index (parts, AriettaFillPart, i).role != ARIETTA_ROLE_DRUMS)
      return;

  g_array_set_size (parts, MIN (parts->len, 1));
  for (guint i = 0; i < G_N_ELEMENTS (band); i++)
    {
      const AriettaFillPart part = { ARIETTA_FILL_NEW_TRACK, band[i], -1, NULL, 0, 0, 0 };

      g_array_insert_val (parts, i, part);
    }
}

/* 2: the key asked for, 1: its relative, 0: another.  Nothing asked, or nothing with a pitch: 2. */
static guint
judge_key (AriettaPiece    *piece,
           AriettaTonality  asked)
{
  AriettaTonality heard = arietta_key_finder_hear (piece, NULL);

  if (asked.tonic < 0 || heard.tonic < 0 || (heard.tonic == asked.tonic && heard.scale == asked.scale))
    return 2;

  return arietta_tonality_get_sharps (heard) == arietta_tonality_get_sharps (asked);
}

/* Who listens hears an attempt from where it is in its key on, as one that is not will not stay; and
 * no other attempt after it. */
typedef struct
{
  const AriettaFillSettings *fill;
  guint                      attempt, told;   /* counted from 1; 0: none yet */
} Telling;

static void
tell_cb (AriettaPiece *so_far,
         guint         n_bars,
         gpointer      user_data)
{
  Telling *self = user_data;

  if (self->told == 0 && judge_key (so_far, self->fill->key) == 2)
    self->told = self->attempt;
  if (self->told == self->attempt)
    self->fill->filled (so_far, n_bars, self->fill->filled_data);
}

/* Small networks wander off: what is heard in another key than was asked for is written again, each
 * time a little nearer to what is usual. */
static AriettaPiece *
write_in_key (AriettaComposer            *net,
              AriettaPiece               *empty,
              const AriettaFillSettings  *fill,
              AriettaRandom              *random,
              AriettaGoOnFunc             go_on,
              gpointer                    user_data,
              GError                    **error)
{
  g_autoptr(AriettaPiece) best = NULL;
  AriettaFillSettings     calmer = *fill;
  Telling                 telling = { .fill = fill };
  guint                   best_key = 0, n_notes = 0;

  if (fill->filled != NULL)
    {
      calmer.filled = tell_cb;
      calmer.filled_data = &telling;
    }
  for (guint attempt = 0; attempt < MAX_ATTEMPTS && best_key < 2 && n_notes < PATIENCE * fill->n_bars;
       attempt++, calmer.temperature *= CALMER)
    {
      g_autoptr(AriettaPiece) piece = NULL;
      guint                   key;

      telling.attempt = attempt + 1;
      piece = arietta_composer_fill (net, empty, &calmer, random, go_on, user_data, error);
      if (piece == NULL)
        return NULL;
      n_notes += arietta_piece_get_n_notes (piece);
      key = judge_key (piece, fill->key);
      if (best == NULL || key > best_key)
        {
          g_clear_pointer (&best, arietta_piece_unref);
          best = g_steal_pointer (&piece);
          best_key = key;
        }
    }

  return g_steal_pointer (&best);
}

AriettaPiece *
arietta_composer_compose (gpointer                     net,
                          const AriettaWriteSettings  *settings,
                          AriettaRandom               *random,
                          AriettaGoOnFunc              go_on,
                          gpointer                     user_data,
                          GError                     **error)
{
  static const char * const names[ARIETTA_EVENTS_N_ROLES] = {
    [ARIETTA_ROLE_MELODY] = N_("Melody"), [ARIETTA_ROLE_INNER] = N_("Voice"),
    [ARIETTA_ROLE_CHORDS] = N_("Chords"), [ARIETTA_ROLE_BASS] = N_("Bass"),
    [ARIETTA_ROLE_DRUMS] = N_("Drums"),
  };
  g_autoptr(GArray)       parts = g_array_new (FALSE, FALSE, sizeof (AriettaFillPart));
  g_autoptr(AriettaPiece) empty = arietta_piece_new (ARIETTA_TICKS_PER_QUARTER);
  AriettaFillSettings     fill = ARIETTA_FILL_SETTINGS_INIT;

  fill.n_bars = settings->bars;
  fill.ends = TRUE;
  fill.style = settings->style;
  fill.key = settings->key;
  fill.in_scale = settings->in_scale;
  fill.density = settings->density;
  fill.temperature = settings->temperature;
  fill.guard = settings->guard;
  fill.filled = settings->filled;
  fill.filled_data = settings->filled_data;
  arietta_piece_set_meter (empty, 0, settings->numerator, settings->denominator);
  arietta_piece_set_tempo (empty, 0, (guint32) (6e7 / settings->tempo_bpm + 0.5));
  if (settings->key.tonic >= 0)
    arietta_piece_set_key (empty, 0, arietta_tonality_get_sharps (settings->key),
                           settings->key.scale == ARIETTA_SCALE_MINOR);
  arietta_piece_freeze (empty);

  if (settings->n_parts > 0)
    g_array_append_vals (parts, settings->parts, settings->n_parts);
  else
    {
      draw_parts (net, &fill, random, parts);
      if (settings->with_melody)
        join_drums (parts);
    }
  for (guint i = 0; i < parts->len; i++)
    {
      AriettaFillPart *part = &g_array_index (parts, AriettaFillPart, i);

      if (part->name == NULL)
        part->name = _(names[part->role]);
    }
  fill.parts = (const AriettaFillPart *) (gpointer) parts->data;
  fill.n_parts = parts->len;

  return write_in_key (net, empty, &fill, random, go_on, user_data, error);
}
