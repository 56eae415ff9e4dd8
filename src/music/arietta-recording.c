#define G_LOG_DOMAIN "arietta-music"

#include "music/arietta-recording.h"

#include "music/arietta-note-verbs.h"

/* What a hand and a foot do: modulation, breath, expression, pedals. */
static const guint8 kept_controls[] = { 1, 2, 11, 64, 65, 66, 67 };

typedef struct
{
  gint64 onset;
  guint8 velocity;   /* 0: not held */
} Held;

typedef struct
{
  gint64 tick;
  guint8 status;     /* without a channel */
  guint8 data1;
  guint8 data2;
} Message;

struct _AriettaRecording
{
  GArray *notes;     /* AriettaNote */
  GArray *messages;  /* Message */
  Held    held[128];
};

typedef struct
{
  gint64 start_ticks;
  gint64 end_ticks;
} Span;

static gboolean
is_kept_control (guint8 controller)
{
  for (guint i = 0; i < G_N_ELEMENTS (kept_controls); i++)
    if (kept_controls[i] == controller)
      return TRUE;
  return FALSE;
}

static void
end_note (AriettaRecording *self,
          guint8            pitch,
          gint64            tick,
          guint8            off_velocity)
{
  Held *held = &self->held[pitch];
  const AriettaNote note = {
    .onset_ticks = held->onset, .duration_ticks = MAX (tick - held->onset, 1), .pitch = pitch,
    .velocity = held->velocity, .off_velocity = off_velocity, .flags = ARIETTA_NOTE_EDITED | ARIETTA_NOTE_OFF_BY_EVENT,
  };

  if (held->velocity > 0)
    g_array_append_val (self->notes, note);
  held->velocity = 0;
}

static int
compare_notes_cb (gconstpointer a,
                  gconstpointer b)
{
  const AriettaNote *x = a, *y = b;

  if (x->onset_ticks != y->onset_ticks)
    return x->onset_ticks < y->onset_ticks ? -1 : 1;
  return (int) x->pitch - (int) y->pitch;
}

/* What was played as @settings want it, on the track's channel; by onset. */
static GArray *
fit_notes (AriettaRecording               *self,
           const AriettaRecordingSettings *settings,
           guint8                          channel,
           guint8                          program)
{
  GArray *fitted = g_array_new (FALSE, FALSE, sizeof (AriettaNote));

  for (guint i = 0; i < self->notes->len; i++)
    {
      AriettaNote note = g_array_index (self->notes, AriettaNote, i);
      gint64 end = note.onset_ticks + note.duration_ticks;

      if (end <= settings->start_ticks)
        continue;
      note.onset_ticks = MAX (note.onset_ticks, settings->start_ticks);
      note.duration_ticks = end - note.onset_ticks;
      note.channel = channel;
      note.program = program;
      g_array_append_val (fitted, note);
    }
  g_array_sort (fitted, compare_notes_cb);
  return fitted;
}

static gboolean
is_replaced (const AriettaEvent *event,
             gpointer            user_data)
{
  const Span *span = user_data;
  guint8 kind = event->status & 0xF0;

  return event->tick >= span->start_ticks && event->tick < span->end_ticks
         && (kind == 0xD0 || kind == 0xE0 || (kind == 0xB0 && is_kept_control (event->data1)));
}

static GArray *
keep_notes (AriettaTrack *track,
            const Span   *replaced)
{
  guint n;
  const AriettaNote *notes = arietta_track_get_notes (track, &n);
  GArray *kept = g_array_new (FALSE, FALSE, sizeof (AriettaNote));

  for (guint i = 0; i < n; i++)
    if (notes[i].onset_ticks < replaced->start_ticks || notes[i].onset_ticks >= replaced->end_ticks)
      g_array_append_val (kept, notes[i]);
  return kept;
}

/* Both are sorted by onset; of notes that are equal in every way it is all the same which is meant. */
static AriettaSelection *
find_notes (AriettaTrack *track,
            guint         nth_track,
            GArray       *wanted)
{
  g_autoptr(GArray) refs = g_array_new (FALSE, FALSE, sizeof (AriettaNoteRef));
  g_autofree gboolean *found = g_new0 (gboolean, MAX (wanted->len, 1));
  guint first = 0, n;
  const AriettaNote *notes = arietta_track_get_notes (track, &n);

  for (guint i = 0; i < n; i++)
    {
      while (first < wanted->len && g_array_index (wanted, AriettaNote, first).onset_ticks < notes[i].onset_ticks)
        first++;
      for (guint k = first; k < wanted->len; k++)
        {
          const AriettaNote *note = &g_array_index (wanted, AriettaNote, k);

          if (note->onset_ticks != notes[i].onset_ticks)
            break;
          if (!found[k] && note->pitch == notes[i].pitch && note->duration_ticks == notes[i].duration_ticks
              && note->velocity == notes[i].velocity)
            {
              found[k] = TRUE;
              g_array_append_vals (refs, &(AriettaNoteRef) { nth_track, i }, 1);
              break;
            }
        }
    }

  return arietta_selection_new ((const AriettaNoteRef *) (gpointer) refs->data, refs->len);
}

AriettaRecording *
arietta_recording_new (void)
{
  AriettaRecording *self = g_new0 (AriettaRecording, 1);

  self->notes = g_array_new (FALSE, FALSE, sizeof (AriettaNote));
  self->messages = g_array_new (FALSE, FALSE, sizeof (Message));
  return self;
}

void
arietta_recording_free (AriettaRecording *self)
{
  if (self == NULL)
    return;

  g_array_unref (self->notes);
  g_array_unref (self->messages);
  g_free (self);
}

void
arietta_recording_add (AriettaRecording *self,
                       gint64            tick,
                       guint8            status,
                       guint8            data1,
                       guint8            data2)
{
  const guint8 kind = status & 0xF0;
  const Message message = { tick, kind, data1 & 127, data2 & 127 };

  if (kind == 0x80 || (kind == 0x90 && message.data2 == 0))
    end_note (self, message.data1, tick, kind == 0x80 ? message.data2 : 64);
  else if (kind == 0x90)
    {
      /* A key that was never let go of, or two keyboards at once. */
      end_note (self, message.data1, tick, 64);
      self->held[message.data1] = (Held) { tick, message.data2 };
    }
  else if (kind == 0xD0 || kind == 0xE0 || (kind == 0xB0 && is_kept_control (message.data1)))
    g_array_append_val (self->messages, message);
}

void
arietta_recording_end_notes (AriettaRecording *self,
                             gint64            tick)
{
  for (guint pitch = 0; pitch < 128; pitch++)
    end_note (self, (guint8) pitch, tick, 64);
}

guint
arietta_recording_get_n_notes (AriettaRecording *self)
{
  return self->notes->len;
}

AriettaPiece *
arietta_recording_apply (AriettaRecording               *self,
                         AriettaPiece                   *piece,
                         guint                           track,
                         const AriettaRecordingSettings *settings,
                         AriettaSelection              **selected)
{
  g_autoptr(AriettaPiece) after = NULL, quantised = NULL;
  g_autoptr(AriettaSelection) played = NULL;
  g_autoptr(GArray) fitted = NULL;
  GArray *notes;
  AriettaTrack *target;
  Span replaced = { settings->start_ticks, settings->replace ? settings->end_ticks : settings->start_ticks };
  guint8 channel;

  g_return_val_if_fail (piece != NULL && settings != NULL, NULL);

  if (selected != NULL)
    *selected = NULL;
  if (self->notes->len == 0 && self->messages->len == 0)
    return arietta_piece_ref (piece);

  after = arietta_piece_copy (piece);
  if (arietta_piece_get_n_tracks (after) == 0)
    arietta_piece_add_track (after, "");
  track = MIN (track, arietta_piece_get_n_tracks (after) - 1);
  target = arietta_piece_get_track (after, track);
  channel = (guint8) arietta_track_get_channel (target);

  fitted = fit_notes (self, settings, channel, (guint8) arietta_track_get_program (target));
  notes = keep_notes (target, &replaced);
  g_array_append_vals (notes, fitted->data, fitted->len);
  arietta_track_take_notes (target, notes);
  arietta_track_drop_events (target, is_replaced, &replaced);
  for (guint i = 0; i < self->messages->len; i++)
    {
      const Message *message = &g_array_index (self->messages, Message, i);

      if (message->tick >= settings->start_ticks)
        arietta_track_add_event (target, message->tick, message->status | channel, message->data1, message->data2,
                                 NULL, 0);
    }
  arietta_piece_freeze (after);
  played = find_notes (arietta_piece_get_track (after, track), track, fitted);

  if (settings->grid_ticks > 0)
    {
      const AriettaQuantise quantise = { settings->grid_ticks, 1.0, 0.0, FALSE };

      return arietta_notes_quantise (after, played, &quantise, selected);
    }
  if (selected != NULL)
    *selected = g_steal_pointer (&played);
  return g_steal_pointer (&after);
}
