#define G_LOG_DOMAIN "arietta-music"

#include "music/arietta-piece-private.h"

#include <string.h>

#define META_NAME 0x03
#define META_PORT 0x21

/* Helpers */

static gboolean
may_change (AriettaTrack *self)
{
  return self != NULL && !self->piece->frozen;
}

/* Room for @more further elements of @element bytes; doubles, so that adding one at a time is
 * linear. */
static gpointer
grow (gpointer array, guint n, guint *size, guint more, gsize element)
{
  if (more <= *size - n)
    return array;

  /* An empty array grows to what was asked for: readers add all at once. */
  *size = *size == 0 ? more : MAX (n + more, *size * 2);
  return g_realloc_n (array, *size, element);
}

static AriettaNote
tidied (const AriettaNote *note)
{
  return (AriettaNote) {
    .onset_ticks = MAX (note->onset_ticks, 0),
    .duration_ticks = MAX (note->duration_ticks, 0),
    .pitch = note->pitch & 0x7F,
    .velocity = CLAMP (note->velocity, 1, 127),
    .off_velocity = note->off_velocity & 0x7F,
    .channel = note->channel & 0x0F,
    .program = note->program & 0x7F,
    .flags = note->flags,
  };
}

static void
append_note (AriettaTrack *self, const AriettaNote *note)
{
  AriettaNote *added = &self->notes[self->n_notes];

  *added = tidied (note);
  if (self->n_notes > 0 && added[-1].onset_ticks > added->onset_ticks)
    self->notes_unsorted = TRUE;
  self->notes_end = MAX (self->notes_end, added->onset_ticks + added->duration_ticks);
  self->all_programs |= added->program;
  self->n_notes++;
}

static void
append_event (AriettaTrack *self, const AriettaEvent *event)
{
  if (self->n_events > 0 && self->events[self->n_events - 1].tick > event->tick)
    self->events_unsorted = TRUE;
  self->events_end = MAX (self->events_end, event->tick);
  if ((event->status & 0xF0) == 0xC0)
    {
      self->changed_channels |= 1 << (event->status & 0x0F);
      self->all_programs |= event->data1;
    }
  else if (event->status == 0xFF && event->data1 == META_PORT && event->n_bytes == 1)
    {
      self->port = event->bytes[0];
    }
  self->events[self->n_events++] = *event;
}

static guint8 *
new_block (AriettaTrack *self, gsize n_bytes)
{
  AriettaBlock *block = g_malloc (sizeof (AriettaBlock) + n_bytes);

  block->next = self->blocks;
  self->blocks = block;
  return block->bytes;
}

static int
compare_notes_cb (gconstpointer a, gconstpointer b, gpointer data)
{
  gint64 left = ((const AriettaNote *) a)->onset_ticks;
  gint64 right = ((const AriettaNote *) b)->onset_ticks;

  return (left > right) - (left < right);
}

static int
compare_events_cb (gconstpointer a, gconstpointer b, gpointer data)
{
  gint64 left = ((const AriettaEvent *) a)->tick;
  gint64 right = ((const AriettaEvent *) b)->tick;

  return (left > right) - (left < right);
}

static AriettaEvent *
find_name_event (AriettaTrack *self)
{
  for (guint i = 0; i < self->n_events; i++)
    if (self->events[i].status == 0xFF && self->events[i].data1 == META_NAME)
      return &self->events[i];

  return NULL;
}

/* Within music/ */

AriettaTrack *
_arietta_track_new (AriettaPiece *piece)
{
  AriettaTrack *self = g_new0 (AriettaTrack, 1);

  self->piece = piece;
  return self;
}

AriettaTrack *
_arietta_track_copy (AriettaTrack *self, AriettaPiece *piece)
{
  AriettaTrack *copy = _arietta_track_new (piece);

  copy->name = g_strdup (self->name);
  arietta_track_add_notes (copy, self->notes, self->n_notes);
  arietta_track_add_events (copy, self->events, self->n_events);
  copy->end_ticks = self->end_ticks;
  return copy;
}

void
_arietta_track_free (AriettaTrack *self)
{
  for (AriettaBlock *block = self->blocks; block != NULL;)
    {
      AriettaBlock *next = block->next;

      g_free (block);
      block = next;
    }
  g_free (self->notes);
  g_free (self->events);
  g_free (self->name);
  g_free (self);
}

/* Both sorts are merge sorts: what shares a tick keeps its order. */
void
_arietta_track_sort (AriettaTrack *self)
{
  if (self->notes_unsorted)
    g_qsort_with_data (self->notes, self->n_notes, sizeof (AriettaNote), compare_notes_cb, NULL);
  if (self->events_unsorted)
    g_qsort_with_data (self->events, self->n_events, sizeof (AriettaEvent), compare_events_cb, NULL);
  self->notes_unsorted = FALSE;
  self->events_unsorted = FALSE;
}

gboolean
_arietta_track_equal (AriettaTrack *a, AriettaTrack *b)
{
  if (a->n_notes != b->n_notes || a->n_events != b->n_events ||
      arietta_track_get_end_ticks (a) != arietta_track_get_end_ticks (b))
    return FALSE;

  for (guint i = 0; i < a->n_notes; i++)
    {
      const AriettaNote *x = &a->notes[i];
      const AriettaNote *y = &b->notes[i];
      gboolean by_event = x->flags & ARIETTA_NOTE_OFF_BY_EVENT;

      if (x->onset_ticks != y->onset_ticks || x->duration_ticks != y->duration_ticks ||
          x->pitch != y->pitch || x->velocity != y->velocity || x->channel != y->channel ||
          x->program != y->program || by_event != (y->flags & ARIETTA_NOTE_OFF_BY_EVENT) ||
          (by_event && x->off_velocity != y->off_velocity))
        return FALSE;
    }

  for (guint i = 0; i < a->n_events; i++)
    {
      const AriettaEvent *x = &a->events[i];
      const AriettaEvent *y = &b->events[i];

      if (x->tick != y->tick || x->status != y->status || x->data1 != y->data1 ||
          x->data2 != y->data2 || x->n_bytes != y->n_bytes ||
          (x->n_bytes > 0 && memcmp (x->bytes, y->bytes, x->n_bytes) != 0))
        return FALSE;
    }

  return TRUE;
}

/* Public */

const char *
arietta_track_get_name (AriettaTrack *self)
{
  g_return_val_if_fail (self != NULL, "");

  return self->name != NULL ? self->name : "";
}

void
arietta_track_set_shown_name (AriettaTrack *self,
                              const char   *name)
{
  g_return_if_fail (may_change (self));

  g_free (self->name);
  self->name = name != NULL && name[0] != '\0' ? g_strdup (name) : NULL;
}

void
arietta_track_set_name (AriettaTrack *self,
                        const char   *name)
{
  gsize length = name != NULL ? strlen (name) : 0;
  AriettaEvent *event;

  g_return_if_fail (may_change (self));
  g_return_if_fail (length <= G_MAXUINT16);

  event = find_name_event (self);
  if (length == 0 && event != NULL)
    {
      guint after = self->n_events - (event - self->events) - 1;

      memmove (event, event + 1, after * sizeof (AriettaEvent));
      self->n_events--;
    }
  else if (length > 0)
    {
      if (event == NULL)
        {
          /* First of all, where the standard wants it; everything else moves one place on. */
          self->events = grow (self->events, self->n_events, &self->events_size, 1,
                               sizeof (AriettaEvent));
          memmove (self->events + 1, self->events, self->n_events * sizeof (AriettaEvent));
          self->n_events++;
          event = &self->events[0];
          *event = (AriettaEvent) { .tick = 0, .status = 0xFF, .data1 = META_NAME };
        }
      event->bytes = memcpy (new_block (self, length), name, length);
      event->n_bytes = length;
    }

  arietta_track_set_shown_name (self, name);
}

const AriettaNote *
arietta_track_get_notes (AriettaTrack *self,
                         guint        *n)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->notes_unsorted)
    _arietta_track_sort (self);
  if (n != NULL)
    *n = self->n_notes;
  return self->notes;
}

void
arietta_track_add_note (AriettaTrack      *self,
                        const AriettaNote *note)
{
  arietta_track_add_notes (self, note, 1);
}

void
arietta_track_add_notes (AriettaTrack      *self,
                         const AriettaNote *notes,
                         guint              n)
{
  g_return_if_fail (may_change (self));
  g_return_if_fail (notes != NULL || n == 0);

  self->notes = grow (self->notes, self->n_notes, &self->notes_size, n, sizeof (AriettaNote));
  for (guint i = 0; i < n; i++)
    append_note (self, &notes[i]);
}

void
arietta_track_take_notes (AriettaTrack *self,
                          GArray       *notes)
{
  g_return_if_fail (may_change (self));
  g_return_if_fail (notes != NULL && g_array_get_element_size (notes) == sizeof (AriettaNote));

  self->n_notes = 0;
  self->notes_end = 0;
  self->notes_unsorted = FALSE;
  arietta_track_add_notes (self, (const AriettaNote *) notes->data, notes->len);
  g_array_unref (notes);
}

const AriettaEvent *
arietta_track_get_events (AriettaTrack *self,
                          guint        *n)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->events_unsorted)
    _arietta_track_sort (self);
  if (n != NULL)
    *n = self->n_events;
  return self->events;
}

void
arietta_track_add_event (AriettaTrack *self,
                         gint64        tick,
                         guint8        status,
                         guint8        data1,
                         guint8        data2,
                         const guint8 *bytes,
                         guint32       n_bytes)
{
  AriettaEvent event = { tick, status, data1, data2, n_bytes, bytes };

  arietta_track_add_events (self, &event, 1);
}

void
arietta_track_add_events (AriettaTrack       *self,
                          const AriettaEvent *events,
                          guint               n)
{
  gsize total = 0;
  guint8 *block = NULL;

  g_return_if_fail (may_change (self));
  g_return_if_fail (events != NULL || n == 0);

  for (guint i = 0; i < n; i++)
    total += events[i].n_bytes;
  if (total > 0)
    block = new_block (self, total);

  self->events = grow (self->events, self->n_events, &self->events_size, n, sizeof (AriettaEvent));
  for (guint i = 0; i < n; i++)
    {
      AriettaEvent event = events[i];

      event.tick = MAX (event.tick, 0);
      event.bytes = NULL;
      if (event.n_bytes > 0)
        {
          event.bytes = memcpy (block, events[i].bytes, event.n_bytes);
          block += event.n_bytes;
        }
      append_event (self, &event);
    }
}

void
arietta_track_set_event_bytes (AriettaTrack *self,
                               guint         nth,
                               const guint8 *bytes,
                               guint32       n_bytes)
{
  g_return_if_fail (may_change (self));
  g_return_if_fail (nth < self->n_events);
  g_return_if_fail (bytes != NULL && n_bytes > 0);

  self->events[nth].bytes = memcpy (new_block (self, n_bytes), bytes, n_bytes);
  self->events[nth].n_bytes = n_bytes;
}

void
arietta_track_drop_events (AriettaTrack  *self,
                           gboolean     (*drop) (const AriettaEvent *event,
                                                 gpointer            user_data),
                           gpointer       user_data)
{
  guint n_before;

  g_return_if_fail (may_change (self));

  n_before = self->n_events;
  self->n_events = 0;
  self->events_end = 0;
  self->changed_channels = 0;
  /* Their bytes stay with the track until it goes. */
  for (guint i = 0; i < n_before; i++)
    if (!drop (&self->events[i], user_data))
      append_event (self, &(AriettaEvent) { self->events[i].tick, self->events[i].status, self->events[i].data1,
                                            self->events[i].data2, self->events[i].n_bytes, self->events[i].bytes });
}

gint64
arietta_track_get_end_ticks (AriettaTrack *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return MAX (self->end_ticks, MAX (self->notes_end, self->events_end));
}

void
arietta_track_set_end_ticks (AriettaTrack *self,
                             gint64        tick)
{
  g_return_if_fail (may_change (self));

  self->end_ticks = MAX (tick, 0);
}

/* The first program change, for tracks without notes. */
static const AriettaEvent *
find_program_change (AriettaTrack *self)
{
  guint n;
  const AriettaEvent *events = arietta_track_get_events (self, &n);

  for (guint i = 0; i < n && self->changed_channels != 0; i++)
    if ((events[i].status & 0xF0) == 0xC0)
      return &events[i];

  return NULL;
}

int
arietta_track_get_program (AriettaTrack *self)
{
  const AriettaEvent *change;

  g_return_val_if_fail (self != NULL, 0);

  if (self->n_notes > 0)
    return arietta_track_get_notes (self, NULL)[0].program;
  change = find_program_change (self);
  return change != NULL ? change->data1 : 0;
}

int
arietta_track_get_channel (AriettaTrack *self)
{
  const AriettaEvent *change;

  g_return_val_if_fail (self != NULL, 0);

  if (self->n_notes > 0)
    return arietta_track_get_notes (self, NULL)[0].channel;
  change = find_program_change (self);
  return change != NULL ? change->status & 0x0F : 0;
}

void
arietta_track_set_program (AriettaTrack *self,
                           int           program)
{
  g_return_if_fail (may_change (self));
  g_return_if_fail (program >= 0 && program < 128);

  for (guint i = 0; i < self->n_notes; i++)
    self->notes[i].program = program;
  for (guint i = 0; i < self->n_events; i++)
    if ((self->events[i].status & 0xF0) == 0xC0)
      self->events[i].data1 = program;
  self->all_programs |= program;
}

gboolean
arietta_track_is_percussion (AriettaTrack *self)
{
  return arietta_track_get_channel (self) == 9;
}
