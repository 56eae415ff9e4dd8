#define G_LOG_DOMAIN "arietta-audio"

#include "audio/arietta-schedule.h"

#include "base/arietta-sort.h"
#include "music/arietta-bar-map.h"
#include "music/arietta-beat.h"

/* More clicks than this come from a broken metre map, not from music. */
#define MAX_CLICKS 200000

struct _AriettaSchedule
{
  AriettaPiece           *piece;
  AriettaDue             *dues;
  guint                   n_dues;
  AriettaScheduleChannel *channels;
  guint                   n_channels;
  double                  end;
  double                  loop_end;
};

/* What comes first at one tick. */
typedef enum
{
  RANK_NOTE_OFF,
  RANK_EVENT,
  RANK_CLICK,
  RANK_NOTE_ON,  /* and the program a note brings along */
} Rank;

/* A due while it is still placed by tick. */
typedef struct
{
  gint64 tick;
  guint8 rank;
  guint8 kind;
  guint8 channel;
  guint8 data1;
  guint8 data2;
} Draft;

typedef struct
{
  gint64 onset;
  gint64 end;      /* < 0: taken over by a later note of the same pitch */
  guint8 channel;
  guint8 pitch;
  guint8 velocity;
  guint8 program;
} Sounding;

typedef struct
{
  AriettaPiece *piece;
  GArray       *channels;  /* AriettaScheduleChannel */
  GArray       *drafts;
  GArray       *notes;
} Builder;

static void
add_draft (Builder        *builder,
           gint64          tick,
           Rank            rank,
           AriettaDueKind  kind,
           guint8          channel,
           guint8          data1,
           guint8          data2)
{
  Draft draft = { tick, rank, kind, channel, data1, data2 };

  g_array_append_val (builder->drafts, draft);
}

/* By tick and rank; what is equal in both keeps the order of adding. */
static guint64
get_draft_key (gconstpointer record)
{
  const Draft *draft = record;

  return ((guint64) MAX (draft->tick, 0) << 2) | draft->rank;
}

static guint64
get_note_key (gconstpointer record)
{
  return (guint64) MAX (((const Sounding *) record)->onset, 0);
}

static const AriettaScheduleChannel *
get_channel (Builder *builder,
             guint    nth)
{
  return &g_array_index (builder->channels, AriettaScheduleChannel, nth);
}

static guint8
channel_of_pair (Builder *builder,
                 guint    track,
                 guint8   midi_channel)
{
  AriettaScheduleChannel channel = { track, midi_channel, midi_channel == 9 };

  /* Backwards: the pair sought is almost always among the newest. */
  for (guint i = builder->channels->len; i > 0; i--)
    {
      const AriettaScheduleChannel *known = get_channel (builder, i - 1);

      if (known->track == track && known->midi_channel == midi_channel)
        return i - 1;
    }

  if (builder->channels->len == ARIETTA_SCHEDULE_MAX_CHANNELS)
    {
      for (guint i = 0; i < builder->channels->len; i++)
        if (get_channel (builder, i)->midi_channel == midi_channel)
          return i;
      return 0;
    }

  g_array_append_val (builder->channels, channel);
  return builder->channels->len - 1;
}

static void
gather_notes (Builder *builder)
{
  for (guint t = 0; t < arietta_piece_get_n_tracks (builder->piece); t++)
    {
      guint n;
      const AriettaNote *notes =
        arietta_track_get_notes (arietta_piece_get_track (builder->piece, t), &n);

      for (guint i = 0; i < n; i++)
        {
          Sounding note = {
            .onset = notes[i].onset_ticks,
            .end = notes[i].onset_ticks + MAX (notes[i].duration_ticks, 1),
            .channel = channel_of_pair (builder, t, notes[i].channel & 15),
            .pitch = notes[i].pitch & 127,
            .velocity = CLAMP (notes[i].velocity, 1, 127),
            .program = notes[i].program & 127,
          };

          g_array_append_val (builder->notes, note);
        }
    }

  arietta_sort_by_key (builder->notes, sizeof (Sounding), get_note_key);
}

static void
resolve_overlaps (Builder *builder)
{
  g_autofree guint *latest = g_new0 (guint, 256 * 128);  /* index + 1 */

  for (guint i = 0; i < builder->notes->len; i++)
    {
      Sounding *note = &g_array_index (builder->notes, Sounding, i);
      guint *slot = &latest[note->channel * 128 + note->pitch];

      if (*slot > 0)
        {
          Sounding *earlier = &g_array_index (builder->notes, Sounding, *slot - 1);

          if (earlier->onset == note->onset)
            note->end = MAX (note->end, earlier->end);
          if (earlier->end > note->onset)
            earlier->end = -1;
        }

      *slot = i + 1;
    }
}

static void
add_event (Builder            *builder,
           const AriettaEvent *event)
{
  for (guint i = 0; i < builder->channels->len; i++)
    {
      gint64 tick = event->tick;
      guint8 data1 = event->data1 & 127;
      guint8 data2 = event->data2 & 127;

      if (get_channel (builder, i)->midi_channel != (event->status & 15))
        continue;

      switch (event->status & 0xF0)
        {
        case 0xA0:
          add_draft (builder, tick, RANK_EVENT, ARIETTA_DUE_KEY_PRESSURE, i, data1, data2);
          break;

        case 0xB0:
          /* Local control and the modes are about one instrument's wiring; FluidSynth would
           * regroup the neighbouring channels. */
          if (data1 < 122 || data1 == 123)
            add_draft (builder, tick, RANK_EVENT, ARIETTA_DUE_CONTROL, i, data1, data2);
          break;

        case 0xC0:
          add_draft (builder, tick, RANK_EVENT, ARIETTA_DUE_PROGRAM, i, data1, 0);
          break;

        case 0xD0:
          add_draft (builder, tick, RANK_EVENT, ARIETTA_DUE_PRESSURE, i, data1, 0);
          break;

        case 0xE0:
          add_draft (builder, tick, RANK_EVENT, ARIETTA_DUE_BEND, i, data1, data2);
          break;

        default:
          break;
        }
    }
}

static void
add_events (Builder *builder)
{
  for (guint t = 0; t < arietta_piece_get_n_tracks (builder->piece); t++)
    {
      guint n;
      const AriettaEvent *events =
        arietta_track_get_events (arietta_piece_get_track (builder->piece, t), &n);

      for (guint i = 0; i < n; i++)
        if (events[i].status >= 0xA0 && events[i].status < 0xF0)
          add_event (builder, &events[i]);
    }
}

/* With the program changes that only the notes know of.  Drafts so far hold the file's own events. */
static void
add_notes (Builder *builder)
{
  guint n_events = builder->drafts->len;
  guint at = 0;
  int program[256];

  for (guint i = 0; i < 256; i++)
    program[i] = 0;

  arietta_sort_by_key (builder->drafts, sizeof (Draft), get_draft_key);

  for (guint i = 0; i < builder->notes->len; i++)
    {
      const Sounding *note = &g_array_index (builder->notes, Sounding, i);

      for (; at < n_events; at++)
        {
          const Draft *draft = &g_array_index (builder->drafts, Draft, at);

          if (draft->tick > note->onset)
            break;
          if (draft->kind == ARIETTA_DUE_PROGRAM)
            program[draft->channel] = draft->data1;
        }

      if (program[note->channel] != note->program)
        {
          add_draft (builder, note->onset, RANK_NOTE_ON,
                     ARIETTA_DUE_PROGRAM, note->channel, note->program, 0);
          program[note->channel] = note->program;
        }

      add_draft (builder, note->onset, RANK_NOTE_ON,
                 ARIETTA_DUE_NOTE_ON, note->channel, note->pitch, note->velocity);
      if (note->end >= 0)
        add_draft (builder, note->end, RANK_NOTE_OFF,
                   ARIETTA_DUE_NOTE_OFF, note->channel, note->pitch, 0);
    }
}

/* Past the end of the piece its last metre goes on. */
static AriettaBar
get_bar (AriettaBarMap *bars,
         guint          nth)
{
  guint n_bars = arietta_bar_map_get_n (bars);
  AriettaBar bar = *arietta_bar_map_get_nth (bars, MIN (nth, n_bars - 1));

  bar.start_ticks = arietta_bar_map_get_start (bars, nth);
  bar.length_ticks = arietta_bar_map_get_start (bars, nth + 1) - bar.start_ticks;
  return bar;
}

static void
add_clicks (Builder       *builder,
            AriettaBarMap *bars,
            gint64         until_ticks)
{
  guint n_bars = arietta_bar_map_get_n (bars);
  guint n_clicks = 0;

  for (guint b = 0; (b < n_bars || arietta_bar_map_get_start (bars, b) < until_ticks) && n_clicks < MAX_CLICKS; b++)
    {
      const AriettaBar there = get_bar (bars, b), *bar = &there;
      gint64 whole = 4 * (gint64) arietta_piece_get_ticks_per_quarter (builder->piece);
      int units = arietta_beat_get_units (bar->numerator, bar->denominator);
      gboolean pickup = b == 0 && arietta_bar_map_has_pickup (bars);
      /* A pickup's beats are the last ones of a whole bar. */
      gint64 skipped = pickup ? whole * bar->numerator / bar->denominator - bar->length_ticks : 0;

      for (int beat = 0; n_clicks < MAX_CLICKS; beat++)
        {
          gint64 at = whole * units * beat / bar->denominator - skipped;

          if (at >= bar->length_ticks || beat * units >= bar->numerator)
            break;
          if (at < 0)
            continue;

          add_draft (builder, bar->start_ticks + at, RANK_CLICK, ARIETTA_DUE_CLICK, 0, beat == 0, 0);
          n_clicks++;
        }
    }
}

static double
get_frame_of (AriettaSchedule *self,
              gint64           tick)
{
  return arietta_piece_ticks_to_seconds (self->piece, tick) * ARIETTA_SAMPLE_RATE;
}

static void
place_in_time (AriettaSchedule *self,
               GArray          *drafts)
{
  gint64 tick = 0;
  double frame = 0;

  self->n_dues = drafts->len;
  self->dues = g_new (AriettaDue, MAX (self->n_dues, 1));

  for (guint i = 0; i < drafts->len; i++)
    {
      const Draft *draft = &g_array_index (drafts, Draft, i);

      if (draft->tick != tick)
        {
          tick = draft->tick;
          frame = get_frame_of (self, tick);
        }

      self->dues[i] = (AriettaDue) { frame, draft->kind, draft->channel, draft->data1, draft->data2 };
    }
}

AriettaSchedule *
arietta_schedule_new (AriettaPiece *piece)
{
  return arietta_schedule_new_until (piece, 0);
}

AriettaSchedule *
arietta_schedule_new_until (AriettaPiece *piece,
                            gint64        until_ticks)
{
  g_autoptr(GArray) drafts = g_array_new (FALSE, FALSE, sizeof (Draft));
  g_autoptr(GArray) notes = g_array_new (FALSE, FALSE, sizeof (Sounding));
  g_autoptr(AriettaBarMap) bars = NULL;
  AriettaSchedule *self;
  Builder builder;
  gint64 end_ticks;
  guint last_bar;

  g_return_val_if_fail (piece != NULL && arietta_piece_is_frozen (piece), NULL);

  builder.piece = piece;
  builder.drafts = drafts;
  builder.notes = notes;
  builder.channels = g_array_new (FALSE, FALSE, sizeof (AriettaScheduleChannel));

  bars = arietta_bar_map_new (piece);
  gather_notes (&builder);
  resolve_overlaps (&builder);
  add_events (&builder);
  add_notes (&builder);
  add_clicks (&builder, bars, until_ticks);
  arietta_sort_by_key (drafts, sizeof (Draft), get_draft_key);

  self = g_new0 (AriettaSchedule, 1);
  self->piece = arietta_piece_ref (piece);
  self->n_channels = builder.channels->len;
  self->channels = (AriettaScheduleChannel *) g_array_free (builder.channels, FALSE);
  place_in_time (self, drafts);

  end_ticks = arietta_piece_get_notes_end_ticks (piece);
  self->end = get_frame_of (self, MAX (end_ticks, until_ticks));
  last_bar = arietta_bar_map_find (bars, MAX (end_ticks - 1, 0));
  self->loop_end = get_frame_of (self, arietta_bar_map_get_start (bars, last_bar + 1));

  return self;
}

void
arietta_schedule_free (AriettaSchedule *self)
{
  if (self == NULL)
    return;

  arietta_piece_unref (self->piece);
  g_free (self->dues);
  g_free (self->channels);
  g_free (self);
}

const AriettaDue *
arietta_schedule_get_dues (AriettaSchedule *self,
                           guint           *n)
{
  *n = self->n_dues;
  return self->dues;
}

guint
arietta_schedule_find (AriettaSchedule *self,
                       double           frame)
{
  guint low = 0;
  guint high = self->n_dues;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (self->dues[middle].frame < frame)
        low = middle + 1;
      else
        high = middle;
    }

  return low;
}

const AriettaScheduleChannel *
arietta_schedule_get_channels (AriettaSchedule *self,
                               guint           *n)
{
  *n = self->n_channels;
  return self->channels;
}

double
arietta_schedule_get_end (AriettaSchedule *self)
{
  return self->end;
}

double
arietta_schedule_get_loop_end (AriettaSchedule *self)
{
  return self->loop_end;
}

double
arietta_schedule_translate (AriettaSchedule *self,
                            double           frame,
                            AriettaSchedule *other)
{
  gint64 tick = arietta_piece_seconds_to_ticks (self->piece, frame / ARIETTA_SAMPLE_RATE);
  /* What rounding to a tick lost, so that an equal tempo map gives the very same frame. */
  double rest = frame - get_frame_of (self, tick);
  gint64 there = tick * arietta_piece_get_ticks_per_quarter (other->piece)
                 / arietta_piece_get_ticks_per_quarter (self->piece);

  return MAX (get_frame_of (other, there) + rest, 0);
}
