#define G_LOG_DOMAIN "arietta-music"

#include "music/arietta-play-order.h"

#include "music/arietta-piece-private.h"

#define N_CHANNELS 16

/* A program change and where it stands. */
typedef struct
{
  gint64 tick;
  guint  track;
  guint8 port;
  guint8 channel;
  guint8 program;
} Change;

struct _AriettaPlayOrder
{
  GArray *changes; /* Change, by port, channel, tick, track; then as in the track */
};

/* What shares a tick within a track. */
typedef struct
{
  gint64              tick;
  guint               track;
  const AriettaEvent *events;
  guint               n_events;
  const AriettaNote  *notes;
  guint               n_notes;
} Group;

/* A walk through one group after another. */
typedef struct
{
  guint8               *programs;          /* (16), in force now */
  AriettaPlayOrderFunc  func;              /* or NULL */
  gpointer              data;
  GArray               *implied;           /* of Change, or NULL: changes that are missing */
  gboolean              missing;           /* a note has another program than the one in force */
  guint                 next;              /* the first note of the group that has not been walked */
  guint                 found[N_CHANNELS]; /* how far each channel's next note was looked for */
} Walk;

/* Helpers */

static int
compare_changes_cb (gconstpointer a, gconstpointer b, gpointer data)
{
  const Change *x = a;
  const Change *y = b;

  if (x->port != y->port)
    return x->port < y->port ? -1 : 1;
  if (x->channel != y->channel)
    return x->channel < y->channel ? -1 : 1;
  if (x->tick != y->tick)
    return x->tick < y->tick ? -1 : 1;
  return (x->track > y->track) - (x->track < y->track);
}

static int
compare_groups_cb (gconstpointer a, gconstpointer b, gpointer data)
{
  const Group *x = a;
  const Group *y = b;

  if (x->tick != y->tick)
    return x->tick < y->tick ? -1 : 1;
  return (x->track > y->track) - (x->track < y->track);
}

static inline gboolean
is_program_change (const AriettaEvent *event)
{
  return (event->status & 0xF0) == 0xC0;
}

/* The first of @changes from @low to @high that does not stand before @place. */
static guint
find_place (GArray *changes, guint low, guint high, const Change *place)
{
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (compare_changes_cb (&g_array_index (changes, Change, middle), place, NULL) < 0)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* Cuts the next group off the front of a track, given how far it has been cut already. */
static gboolean
next_group (AriettaTrack *track, guint *event, guint *note, Group *group)
{
  gint64 tick;

  if (*event >= track->n_events && *note >= track->n_notes)
    return FALSE;

  tick = G_MAXINT64;
  if (*event < track->n_events)
    tick = track->events[*event].tick;
  if (*note < track->n_notes)
    tick = MIN (tick, track->notes[*note].onset_ticks);

  group->tick = tick;
  group->events = track->events + *event;
  group->notes = track->notes + *note;
  while (*event < track->n_events && track->events[*event].tick == tick)
    (*event)++;
  while (*note < track->n_notes && track->notes[*note].onset_ticks == tick)
    (*note)++;
  group->n_events = track->events + *event - group->events;
  group->n_notes = track->notes + *note - group->notes;
  return TRUE;
}

static inline gboolean
is_ready (const Walk *walk, const AriettaNote *note)
{
  return walk->programs[note->channel] == note->program;
}

static inline void
walk_note (Walk *walk, const Group *group)
{
  if (walk->func != NULL)
    walk->func (NULL, &group->notes[walk->next], walk->data);
  walk->next++;
}

/* Before @channel leaves its program: the notes that still need it, and those that stand before
 * them. Each step walks a note or moves a mark on, so that a whole group costs no more than its
 * size. */
static void
walk_waiting (Walk *walk, const Group *group, int channel)
{
  for (;;)
    {
      guint found = MAX (walk->found[channel], walk->next);

      while (found < group->n_notes && group->notes[found].channel != channel)
        found++;
      walk->found[channel] = found;
      if (found == group->n_notes || !is_ready (walk, &group->notes[found]))
        return;
      while (walk->next <= found && is_ready (walk, &group->notes[walk->next]))
        walk_note (walk, group);
      /* A note before it waits for a later change, and so does this one. */
      if (walk->next <= found)
        return;
    }
}

static void
walk_group (Walk *walk, const Group *group)
{
  gboolean marked = FALSE;

  walk->next = 0;
  for (guint i = 0; i < group->n_events; i++)
    {
      const AriettaEvent *event = &group->events[i];

      if (is_program_change (event))
        {
          int channel = event->status & 0x0F;

          if (!marked)
            for (int c = 0; c < N_CHANNELS; c++)
              walk->found[c] = 0;
          marked = TRUE;
          if (walk->programs[channel] != event->data1)
            walk_waiting (walk, group, channel);
          walk->programs[channel] = event->data1;
        }
      if (walk->func != NULL)
        walk->func (event, NULL, walk->data);
    }

  while (walk->next < group->n_notes)
    {
      const AriettaNote *note = &group->notes[walk->next];

      if (!is_ready (walk, note))
        {
          walk->missing = TRUE;
          if (walk->implied != NULL)
            {
              Change change = { group->tick, group->track, 0, note->channel, note->program };

              g_array_append_val (walk->implied, change);
              walk->programs[note->channel] = note->program;
            }
        }
      walk_note (walk, group);
    }
}

/* Walks one track, with the changes of the others seen as they come. */
static gboolean
walk_track (AriettaPlayOrder *self, AriettaPiece *piece, guint nth, AriettaPlayOrderFunc func,
            gpointer data)
{
  AriettaTrack *track = piece->tracks->pdata[nth];
  AriettaProgramCursor cursor = { .port = track->port };
  guint8 programs[N_CHANNELS] = { 0 };
  Walk walk = { .programs = programs, .func = func, .data = data };
  Group group = { .track = nth };
  guint event = 0;
  guint note = 0;

  while (next_group (track, &event, &note, &group))
    {
      for (guint i = 0; i < group.n_notes; i++)
        {
          int channel = group.notes[i].channel;

          programs[channel] = arietta_play_order_find_program (self, &cursor, channel, group.tick,
                                                               nth);
        }
      walk_group (&walk, &group);
    }
  return !walk.missing;
}

/* Settling where a change is missing: all groups of all tracks in the order of time, since an added
 * change also acts on the other tracks of its channel. */
static void
add_implied_changes (AriettaPiece *piece)
{
  g_autoptr(GArray) groups = g_array_new (FALSE, FALSE, sizeof (Group));
  g_autoptr(GArray) implied = g_array_new (FALSE, FALSE, sizeof (Change));
  g_autofree guint8 *programs = g_new0 (guint8, 256 * N_CHANNELS); /* (port, channel) */

  for (guint i = 0; i < piece->tracks->len; i++)
    {
      Group group = { .track = i };
      guint event = 0;
      guint note = 0;

      while (next_group (piece->tracks->pdata[i], &event, &note, &group))
        g_array_append_val (groups, group);
    }
  if (piece->tracks->len > 1)
    g_qsort_with_data (groups->data, groups->len, sizeof (Group), compare_groups_cb, NULL);

  for (guint i = 0; i < groups->len; i++)
    {
      const Group *group = &g_array_index (groups, Group, i);
      AriettaTrack *track = piece->tracks->pdata[group->track];
      Walk walk = { .programs = programs + track->port * N_CHANNELS, .implied = implied };

      walk_group (&walk, group);
    }

  for (guint i = 0; i < implied->len; i++)
    {
      const Change *change = &g_array_index (implied, Change, i);

      arietta_track_add_event (piece->tracks->pdata[change->track], change->tick,
                               0xC0 | change->channel, change->program, 0, NULL, 0);
    }
  for (guint i = 0; i < piece->tracks->len; i++)
    _arietta_track_sort (piece->tracks->pdata[i]);
}

/* Public */

AriettaPlayOrder *
arietta_play_order_new (AriettaPiece *piece)
{
  AriettaPlayOrder *self;

  g_return_val_if_fail (piece != NULL, NULL);

  self = g_new0 (AriettaPlayOrder, 1);
  self->changes = g_array_new (FALSE, FALSE, sizeof (Change));
  for (guint i = 0; i < piece->tracks->len; i++)
    {
      AriettaTrack *track = piece->tracks->pdata[i];

      for (guint k = 0; track->changed_channels != 0 && k < track->n_events; k++)
        {
          const AriettaEvent *event = &track->events[k];

          if (is_program_change (event))
            {
              Change change = { event->tick, i, track->port, event->status & 0x0F, event->data1 };

              g_array_append_val (self->changes, change);
            }
        }
    }
  if (self->changes->len > 1)
    g_qsort_with_data (self->changes->data, self->changes->len, sizeof (Change), compare_changes_cb,
                       NULL);
  return self;
}

void
arietta_play_order_free (AriettaPlayOrder *self)
{
  g_return_if_fail (self != NULL);

  g_array_unref (self->changes);
  g_free (self);
}

void
arietta_play_order_foreach (AriettaPlayOrder     *self,
                            AriettaPiece         *piece,
                            guint                 nth,
                            AriettaPlayOrderFunc  func,
                            gpointer              data)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (piece != NULL && piece->frozen);
  g_return_if_fail (nth < piece->tracks->len);

  walk_track (self, piece, nth, func, data);
}

guint8
arietta_play_order_find_program (AriettaPlayOrder     *self,
                                 AriettaProgramCursor *cursor,
                                 guint8                channel,
                                 gint64                tick,
                                 guint                 nth)
{
  Change place = { tick, nth, cursor->port, channel, 0 };
  guint *next = &cursor->next[channel];
  guint *end = &cursor->end[channel];
  const Change *last;
  guint step;

  if (*end == 0)
    {
      Change begin = { -1, 0, cursor->port, channel, 0 };
      Change behind = { G_MAXINT64, G_MAXUINT, cursor->port, channel, 0 };

      *next = find_place (self->changes, 0, self->changes->len, &begin);
      /* One too many, so that an empty stretch at the very start is not 0. */
      *end = find_place (self->changes, *next, self->changes->len, &behind) + 1;
    }

  /* Ever longer steps, then the place within the last: mostly none, and never all one by one. */
  for (step = 1; *next + step < *end; step *= 2)
    if (compare_changes_cb (&g_array_index (self->changes, Change, *next + step - 1), &place,
                            NULL) >= 0)
      break;
  if (step > 1 || *next + 1 < *end)
    *next = find_place (self->changes, *next + step / 2, MIN (*next + step, *end - 1), &place);

  if (*next == 0)
    return 0;
  last = &g_array_index (self->changes, Change, *next - 1);
  return last->port == cursor->port && last->channel == channel ? last->program : 0;
}

void
arietta_play_order_settle (AriettaPiece *piece)
{
  g_autoptr(AriettaPlayOrder) order = NULL;
  guint8 all_programs = 0;

  for (guint i = 0; i < piece->tracks->len; i++)
    all_programs |= ((AriettaTrack *) piece->tracks->pdata[i])->all_programs;
  if (all_programs == 0)
    return;

  order = arietta_play_order_new (piece);
  for (guint i = 0; i < piece->tracks->len; i++)
    if (!walk_track (order, piece, i, NULL, NULL))
      {
        add_implied_changes (piece);
        return;
      }
}
