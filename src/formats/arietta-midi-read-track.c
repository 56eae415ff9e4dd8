/* The events of one track: one pass over its bytes, nothing allocated for single events. */
#define G_LOG_DOMAIN "arietta-formats"

#include "formats/arietta-midi-read-private.h"

#include <glib/gi18n.h>
#include <string.h>

/* Small helpers */

/* A number of 7 bits a byte, four bytes at most.  FALSE: it is longer or cut short. */
static inline gboolean
take_number (const guint8 **at, const guint8 *end, guint32 *number)
{
  guint32 value = 0;

  for (int i = 0; i < 4 && *at < end; i++)
    {
      guint8 byte = *(*at)++;

      value = value << 7 | (byte & 0x7F);
      if (byte < 0x80)
        {
          *number = value;
          return TRUE;
        }
    }
  return FALSE;
}

static inline void
add_event (MidiReader *self, gint64 tick, guint8 status, guint8 data1, guint8 data2,
           const guint8 *bytes, guint32 n_bytes)
{
  if (G_UNLIKELY (self->n_events == self->events_size))
    {
      self->events_size = MAX (64, self->events_size * 2);
      self->events = g_renew (AriettaEvent, self->events, self->events_size);
    }
  self->events[self->n_events++] = (AriettaEvent) { tick, status, data1, data2, n_bytes, bytes };
}

static gboolean
is_plain (const guint8 *bytes, gsize n)
{
  guint8 any = 0;

  for (gsize i = 0; i < n; i++)
    any |= bytes[i];
  return any < 0x80;
}

/* Our own way to state a title; anything that would not come back the same stays a text. */
static gboolean
take_title (MidiReader *self, gint64 tick, const guint8 *bytes, gsize n)
{
  gsize prefix = strlen (MIDI_TITLE_PREFIX);

  if (self->title != NULL || self->n_tracks != 1 || tick != 0 || n <= prefix ||
      memcmp (bytes, MIDI_TITLE_PREFIX, prefix) != 0 ||
      !g_utf8_validate_len ((const char *) bytes, n, NULL))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (bytes[i] < 0x20)
      return FALSE;

  self->title = g_strndup ((const char *) bytes + prefix, n - prefix);
  return TRUE;
}

/* Meta events */

/* The three maps.  What cannot be stays an event, so that nothing is lost. */
static void
read_map_event (MidiReader *self, gint64 tick, guint8 type, const guint8 *bytes, guint32 n,
                gsize byte)
{
  static const guint8 lengths[] = {
    [MIDI_META_TEMPO] = 3, [MIDI_META_METER] = 4, [MIDI_META_KEY] = 2,
  };

  if (n < lengths[type])
    {
      midi_warn (self, byte,
                 _("a meta event of type 0x%02X has %u bytes instead of %u; it has no effect."),
            type, n, lengths[type]);
      add_event (self, tick, 0xFF, type, 0, bytes, n);
      return;
    }
  if (n > lengths[type])
    midi_warn (self, byte,
               _("a meta event of type 0x%02X has %u bytes instead of %u; the rest is dropped."),
          type, n, lengths[type]);

  if (type == MIDI_META_TEMPO)
    {
      guint32 us = (guint32) bytes[0] << 16 | bytes[1] << 8 | bytes[2];

      if (us > 0 && !self->smpte)
        {
          arietta_piece_set_tempo (self->piece, tick, us);
          return;
        }
      /* In real time a tempo changes nothing, but it is the file's. */
      if (us == 0)
        midi_warn (self, byte, _("a tempo of 0 microseconds per quarter has no effect."));
      add_event (self, tick, 0xFF, type, 0, bytes, lengths[type]);
    }
  else if (type == MIDI_META_METER)
    {
      AriettaMeter meter = { tick, bytes[0], bytes[1], bytes[2], bytes[3] };

      if (meter.numerator > 0 && meter.denominator_log2 <= 7)
        {
          arietta_piece_set_meter_full (self->piece, &meter);
          return;
        }
      midi_warn (self, byte, _("a metre of %u over 2 to the power of %u has no effect."), bytes[0],
                 bytes[1]);
      add_event (self, tick, 0xFF, type, 0, bytes, lengths[type]);
    }
  else
    {
      int sharps = (gint8) bytes[0];

      if (sharps >= -7 && sharps <= 7 && bytes[1] <= 1)
        {
          arietta_piece_set_key (self->piece, tick, sharps, bytes[1]);
          return;
        }
      midi_warn (self, byte, _("a key of %d sharps in mode %u has no effect."), sharps, bytes[1]);
      add_event (self, tick, 0xFF, type, 0, bytes, lengths[type]);
    }
}

static void
read_meta (MidiReader *self, MidiTrackFacts *facts, gint64 tick, guint8 type, const guint8 *bytes,
           guint32 n, gsize byte)
{
  if (type == MIDI_META_TEMPO || type == MIDI_META_METER || type == MIDI_META_KEY)
    {
      read_map_event (self, tick, type, bytes, n, byte);
      return;
    }

  if (type >= MIDI_META_TEXT && type <= MIDI_META_LAST_TEXT)
    {
      if (!is_plain (bytes, n))
        self->other_text = TRUE;
      if (type == MIDI_META_TEXT && take_title (self, tick, bytes, n))
        return;
    }
  else if (type == MIDI_META_PORT)
    {
      if (n == 1)
        facts->port = bytes[0];
      else
        midi_warn (self, byte, _("a port has %u bytes instead of 1; it has no effect."), n);
    }
  add_event (self, tick, 0xFF, type, 0, bytes, n);
}

/* Notes */

static inline void
begin_note (MidiReader *self, gint64 tick, guint8 channel, guint8 pitch, guint8 velocity,
            guint8 program)
{
  MidiWaiting *waiting = &self->waiting[channel << 7 | pitch];
  guint32 number;

  if (G_UNLIKELY (self->n_notes == self->notes_size))
    {
      self->notes_size = MAX (256, self->notes_size * 2);
      self->notes = g_renew (AriettaNote, self->notes, self->notes_size);
    }
  self->notes[self->n_notes] = (AriettaNote) {
    .onset_ticks = tick, .pitch = pitch, .velocity = velocity, .off_velocity = 64,
    .channel = channel, .program = program,
  };
  number = ++self->n_notes;

  if (waiting->first == 0)
    waiting->first = number;
  else
    self->notes[waiting->last - 1].duration_ticks = number;
  waiting->last = number;
  self->n_waiting++;
}

/* FALSE: no note waits. */
static inline gboolean
end_note (MidiReader *self, gint64 tick, guint8 channel, guint8 pitch, guint8 velocity,
          guint8 flags)
{
  MidiWaiting *waiting = &self->waiting[channel << 7 | pitch];
  AriettaNote *note;

  if (waiting->first == 0)
    return FALSE;

  note = &self->notes[waiting->first - 1];
  waiting->first = note->duration_ticks;
  note->duration_ticks = tick - note->onset_ticks;
  note->off_velocity = velocity;
  note->flags = flags;
  self->n_waiting--;
  return TRUE;
}

static void
end_waiting_notes (MidiReader *self, gint64 tick)
{
  for (guint i = 0; i < MIDI_N_SLOTS && self->n_waiting > 0; i++)
    while (self->waiting[i].first != 0)
      end_note (self, tick, i >> 7, i & 0x7F, 64, ARIETTA_NOTE_UNCLOSED);
}

/* Tracks */

/* What a track is found to be at its end, for one warning each. */
typedef struct
{
  guint    n_stray;
  gsize    stray_byte;
  gboolean resumed;       /* running status after a meta event or system exclusive */
  gsize    resumed_byte;
} Oddities;

/* Reads the events from @start to @end.  *end_tick is where the track ends, or where it broke;
 * *ended is whether it said so.  FALSE with @error for a break: what was gathered until then is
 * whole. */
static gboolean
read_events (MidiReader *self, MidiTrackFacts *facts, gsize start, gsize end, gint64 *end_tick,
             gsize *stopped, gboolean *ended, Oddities *odd, GError **error)
{
  const guint8 *at = self->data + start;
  const guint8 *last = self->data + end;
  guint8 programs[MIDI_N_CHANNELS] = { 0 };
  gint64 changed_at[MIDI_N_CHANNELS];
  AriettaProgramCursor cursor = { 0 };
  gint64 tick = self->offset;
  guint8 status = 0;
  gboolean interrupted = FALSE;

  for (int c = 0; c < MIDI_N_CHANNELS; c++)
    changed_at[c] = -1;
  if (self->order != NULL)
    cursor.port = g_array_index (self->facts, MidiTrackFacts, self->n_tracks - 1).port;

  *end_tick = tick;
  *ended = FALSE;
  while (at < last)
    {
      const guint8 *event_at = at;
      guint8 channel;
      guint8 data1;
      guint8 data2;
      guint32 delta;

      if (G_LIKELY (*at < 0x80))
        delta = *at++;
      else if (!take_number (&at, last, &delta))
        {
          if (at == last)
            goto cut_short;
          return midi_fail (self, error, ARIETTA_FORMATS_ERROR_MALFORMED, event_at - self->data,
                       _("a time is longer than four bytes."));
        }

      tick += delta;
      if (G_UNLIKELY (tick > MIDI_MAX_TICKS))
        return midi_fail (self, error, ARIETTA_FORMATS_ERROR_MALFORMED, event_at - self->data,
                     _("the piece would last longer than %d ticks."), MIDI_MAX_TICKS);

      if (at == last)
        goto cut_short;
      if (*at >= 0x80 && *at < 0xF0)
        {
          status = *at++;
          interrupted = FALSE;
        }
      else if (*at >= 0xF0)
        {
          guint8 type = *at++;
          guint8 meta = 0;
          guint32 n = 0;

          interrupted = TRUE;
          if (type != 0xFF && type != 0xF0 && type != 0xF7)
            {
              static const guint8 n_data[16] = { [1] = 1, [2] = 2, [3] = 1 };

              n = n_data[type & 0x0F];
              if (n > (gsize) (last - at))
                goto cut_short;
              midi_warn (self, event_at - self->data,
                    _("a message 0x%02X does not belong into a file and is left out."), type);
              /* As sent over a wire, its data may be missing. */
              for (; n > 0 && *at < 0x80; n--)
                at++;
              *end_tick = tick;
              continue;
            }
          if (type == 0xFF)
            {
              if (at == last)
                goto cut_short;
              meta = *at++;
            }
          if (at == last)
            goto cut_short;
          if (!take_number (&at, last, &n))
            {
              if (at == last)
                goto cut_short;
              return midi_fail (self, error, ARIETTA_FORMATS_ERROR_MALFORMED, event_at - self->data,
                           _("a length is longer than four bytes."));
            }
          if (n > (gsize) (last - at))
            return midi_fail (self, error, ARIETTA_FORMATS_ERROR_TRUNCATED, event_at - self->data,
                         _("an event promises %u bytes, but its track has only %zu left."),
                         n, (gsize) (last - at));

          *end_tick = tick;
          if (type != 0xFF)
            {
              add_event (self, tick, type, 0, 0, at, n);
            }
          else if (meta == MIDI_META_END_OF_TRACK)
            {
              at += n;
              *stopped = at - self->data;
              *ended = TRUE;
              return TRUE;
            }
          else
            {
              read_meta (self, facts, tick, meta, at, n, event_at - self->data);
            }
          at += n;
          continue;
        }
      else if (status == 0)
        {
          return midi_fail (self, error, ARIETTA_FORMATS_ERROR_MALFORMED, at - self->data,
                       _("0x%02X stands where an event must begin."), *at);
        }
      else if (G_UNLIKELY (interrupted))
        {
          if (!odd->resumed)
            odd->resumed_byte = at - self->data;
          odd->resumed = TRUE;
          interrupted = FALSE;
        }

      channel = status & 0x0F;
      if (at == last)
        goto cut_short;
      data1 = *at++;
      data2 = 0;
      if ((status & 0xE0) != 0xC0)
        {
          if (at == last)
            goto cut_short;
          data2 = *at++;
        }
      if (G_UNLIKELY ((data1 | data2) >= 0x80))
        return midi_fail (self, error, ARIETTA_FORMATS_ERROR_MALFORMED, event_at - self->data,
                     _("0x%02X stands where a value from 0 to 127 must be."),
                     data1 >= 0x80 ? data1 : data2);

      *end_tick = tick;
      switch (status >> 4)
        {
        case 0x9:
          if (data2 > 0)
            {
              guint16 bit = 1 << channel;

              /* The second time, other tracks count; but what this one just said comes last. */
              if (G_UNLIKELY (self->order != NULL) && changed_at[channel] != tick)
                programs[channel] = arietta_play_order_find_program (self->order, &cursor, channel,
                                                                     tick, self->n_tracks - 1);
              facts->noted |= bit;
              facts->early |= bit & ~facts->changed;
              begin_note (self, tick, channel, data1, data2, programs[channel]);
              break;
            }
          if (!end_note (self, tick, channel, data1, 64, 0) && odd->n_stray++ == 0)
            odd->stray_byte = event_at - self->data;
          break;

        case 0x8:
          if (!end_note (self, tick, channel, data1, data2, ARIETTA_NOTE_OFF_BY_EVENT) &&
              odd->n_stray++ == 0)
            odd->stray_byte = event_at - self->data;
          break;

        case 0xC:
          facts->changed |= 1 << channel;
          programs[channel] = data1;
          changed_at[channel] = tick;
          self->lowest_program[channel] = MIN (self->lowest_program[channel], data1);
          self->highest_program[channel] = MAX (self->highest_program[channel], data1);
          add_event (self, tick, status, data1, 0, NULL, 0);
          break;

        default:
          add_event (self, tick, status, data1, data2, NULL, 0);
          break;
        }
    }

  *stopped = end;
  return TRUE;

cut_short:
  return midi_fail (self, error, ARIETTA_FORMATS_ERROR_TRUNCATED, end,
               _("the track ends in the middle of an event."));
}

/* A sequence of format 2 begins afresh: what the one before it left in force ends here. */
static void
begin_sequence (MidiReader *self)
{
  AriettaMeter meter = arietta_piece_get_meter_at (self->piece, self->offset);
  guint n_tempos;

  arietta_piece_get_tempos (self->piece, &n_tempos);
  if (!self->smpte && n_tempos > 0 &&
      arietta_piece_get_tempo_at (self->piece, self->offset) != 500000)
    arietta_piece_set_tempo (self->piece, self->offset, 500000);
  if (meter.numerator != 4 || meter.denominator_log2 != 2)
    arietta_piece_set_meter (self->piece, self->offset, 4, 4);
}

static void
report_oddities (MidiReader *self, const Oddities *odd, guint n_unclosed, gsize end)
{
  if (odd->resumed)
    midi_warn (self, odd->resumed_byte,
          _("an event leaves out its status after a meta event or system exclusive; "
            "the one before is taken."));
  if (odd->n_stray > 0)
    midi_warn (self, odd->stray_byte,
          ngettext ("%u note-off ends no note and is left out.",
                    "%u note-offs end no note and are left out.", odd->n_stray), odd->n_stray);
  if (n_unclosed > 0)
    midi_warn (self, end,
          ngettext ("%u note is never ended and ends with its track.",
                    "%u notes are never ended and end with their track.", n_unclosed), n_unclosed);
}

/* Public */

gboolean
midi_read_track (MidiReader  *self,
                 gsize        start,
                 gsize        end,
                 gsize        promised,
                 GError     **error)
{
  g_autoptr(GError) broken = NULL;
  MidiTrackFacts facts = { 0 };
  Oddities odd = { 0 };
  AriettaTrack *track;
  gint64 end_tick;
  gsize stopped = end;
  gboolean ended;
  guint n_unclosed;

  self->n_notes = 0;
  self->n_events = 0;
  if (self->format == 2 && self->n_tracks > 1)
    begin_sequence (self);

  if (!read_events (self, &facts, start, end, &end_tick, &stopped, &ended, &odd, &broken) ||
      (!ended && promised > end - start))
    {
      if (broken == NULL || (promised > end - start &&
                             g_error_matches (broken, ARIETTA_FORMATS_ERROR,
                                              ARIETTA_FORMATS_ERROR_TRUNCATED)))
        {
          g_clear_error (&broken);
          midi_fail (self, &broken, ARIETTA_FORMATS_ERROR_TRUNCATED, end,
                _("the file ends here, but the track promises %zu more bytes."),
                promised - (end - start));
        }
      if (!self->salvage)
        {
          g_propagate_error (error, g_steal_pointer (&broken));
          return FALSE;
        }
      midi_warn_plainly (self, g_strdup_printf (_("%s The rest of the track is lost."),
                                                broken->message));
    }
  else if (ended && stopped < end)
    {
      midi_warn (self, stopped, ngettext ("%zu byte after the end of the track is left out.",
                                     "%zu bytes after the end of the track are left out.",
                                     end - stopped), end - stopped);
    }
  else if (ended && promised > end - start)
    {
      midi_warn (self, stopped,
                 _("the track promises more bytes than the file has, but it is whole."));
    }
  else if (!ended)
    {
      midi_warn (self, end, _("the track has no end-of-track event."));
    }

  n_unclosed = self->n_waiting;
  end_waiting_notes (self, end_tick);
  report_oddities (self, &odd, n_unclosed, end);

  track = arietta_piece_add_track (self->piece, NULL);
  arietta_track_add_notes (track, self->notes, self->n_notes);
  arietta_track_add_events (track, self->events, self->n_events);
  arietta_track_set_end_ticks (track, end_tick);
  if (self->order == NULL)
    g_array_append_val (self->facts, facts);
  if (self->format == 2)
    self->offset = end_tick;
  return TRUE;
}
