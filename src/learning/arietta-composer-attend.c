/* What the network looks at: the attention of the tokens of a bar on the notes before it. */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-composer-private.h"

#include "base/arietta-error.h"
#include "learning/arietta-composer-use.h"

#include <glib/gi18n.h>

#define BARS_BEFORE 16

/* The window that ends with @bar, as much before as the context holds. */
static GArray *
encode_prompt (AriettaComposer   *net,
               AriettaEventScore *score,
               guint              bar,
               guint             *first,
               guint8             order[ARIETTA_EVENTS_MAX_PARTS],
               int               *transpose)
{
  AriettaEventsSettings events = ARIETTA_EVENTS_SETTINGS_INIT;

  events.detail = score->played ? ARIETTA_EVENTS_PLAYED : ARIETTA_EVENTS_GRID;
  events.signatures = FALSE;
  events.last_bar = FALSE;
  events.key = arietta_composer_find_key (score, 0, score->bars->len);
  events.transpose = *transpose = arietta_composer_way_home (net->home, events.key);
  if (events.key.tonic >= 0)
    events.key.tonic = (events.key.tonic + *transpose + 12) % 12;
  events.order = order;
  for (*first = bar > BARS_BEFORE ? bar - BARS_BEFORE : 0;; *first += 1)
    {
      GArray *tokens;

      events.first_bar = *first;
      events.n_bars = bar + 1 - *first;
      events.n_order = arietta_composer_order_parts (score, *first, events.n_bars, order);
      tokens = arietta_events_encode (score, &events);
      if (tokens->len <= (guint) net->n_context || *first == bar)
        return tokens;
      g_array_unref (tokens);
    }
}

static guint
find_bar_token (GArray *tokens,
                guint   nth)
{
  guint seen = 0;

  for (guint i = 0; i < tokens->len; i++)
    if (arietta_event_get_sort (g_array_index (tokens, AriettaEvent16, i), NULL) == ARIETTA_EVENT_BAR
        && seen++ == nth)
      return i;

  return tokens->len;
}

/* Reads all of it; @looked (n) gets what the tokens from @from on gave to each before. */
static void
read_prompt (AriettaComposer    *net,
             GArray             *tokens,
             guint               from,
             AriettaEventReader *reader,
             guint              *notes_after,
             gboolean           *in_cell,
             double             *looked)
{
  g_autoptr(AriettaComposerEcho)   echo = arietta_composer_echo_new ();
  g_autoptr(AriettaComposerState)  state = arietta_composer_state_new (net);
  g_autofree AriettaComposerPlace *places = g_new (AriettaComposerPlace, tokens->len);
  const AriettaEvent16            *data = (const AriettaEvent16 *) (gpointer) tokens->data;

  for (guint i = 0; i < tokens->len; i++)
    {
      if (!arietta_event_reader_feed (reader, data[i]))
        g_return_if_reached ();
      places[i] = arietta_composer_place (reader, echo, data[i]);
      notes_after[i] = arietta_event_reader_get_n_notes (reader);
      in_cell[i] = places[i].bar < COMPOSER_BARS - 1 && places[i].slot < COMPOSER_SLOTS - 1;
    }
  if (from > 0)
    arietta_composer_state_feed (state, data, places, from);
  for (guint i = from; i < tokens->len; i++)
    {
      arietta_composer_state_feed (state, data + i, places + i, 1);
      arietta_composer_state_add_attention (state, looked);
    }
}

GArray *
arietta_composer_attend (gpointer       net_pointer,
                         AriettaPiece  *piece,
                         guint          bar,
                         GError       **error)
{
  AriettaComposer              *net = net_pointer;
  g_autoptr(AriettaEventScore)  score = arietta_event_score_from_piece (piece);
  g_autoptr(AriettaEventReader) reader = arietta_event_reader_new ();
  g_autoptr(GArray)             tokens = NULL;
  g_autofree guint             *notes_after = NULL;
  g_autofree gboolean          *in_cell = NULL;
  g_autofree double            *looked = NULL;
  g_autofree gint64            *starts = NULL;
  GArray                       *attended = g_array_new (FALSE, FALSE, sizeof (AriettaAttended));
  guint8                        order[ARIETTA_EVENTS_MAX_PARTS];
  guint                         first, from, n_notes;
  int                           transpose;
  double                        all = 0.0;

  if (score == NULL || bar == 0 || bar >= score->bars->len)
    {
      arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_NO_DATA, NULL, NULL,
                         _("Bar %u has nothing before it that could be looked at."), bar + 1);
      g_array_unref (attended);
      return NULL;
    }

  tokens = encode_prompt (net, score, bar, &first, order, &transpose);
  g_array_set_size (tokens, MIN (tokens->len, (guint) net->n_context));
  from = find_bar_token (tokens, bar - first);
  notes_after = g_new0 (guint, tokens->len);
  in_cell = g_new0 (gboolean, tokens->len);
  looked = g_new0 (double, tokens->len);
  read_prompt (net, tokens, from, reader, notes_after, in_cell, looked);

  starts = arietta_event_score_dup_starts (score);
  n_notes = from > 0 ? notes_after[from - 1] : 0;
  for (guint i = 0, note = 0; note < n_notes; note++)
    {
      const AriettaEventNote *read = arietta_event_reader_get_note (reader, note);
      const AriettaEventPart *part = &g_array_index (score->parts, AriettaEventPart, order[read->part]);
      AriettaAttended         one = {
        .track = part->track,
        .onset_ticks = arietta_event_units_to_ticks (starts[first + read->bar] + read->onset,
                                                     arietta_piece_get_ticks_per_quarter (piece)),
        .pitch = read->pitch - (part->drums ? 0 : transpose),
      };

      /* Position, loudness, length and pitch are one note; the head, bars and metres are none. */
      for (gboolean whole = FALSE; i < from && !whole; i++)
        {
          one.share += in_cell[i] ? looked[i] : 0.0;
          whole = notes_after[i] == note + 1;
        }
      all += one.share;
      g_array_append_val (attended, one);
    }
  for (guint i = 0; i < attended->len && all > 0.0; i++)
    g_array_index (attended, AriettaAttended, i).share /= all;

  return attended;
}
