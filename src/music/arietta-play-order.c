#define G_LOG_DOMAIN "arietta-music"

#include "music/arietta-play-order.h"

#include "music/arietta-piece-private.h"

#define N_CHANNELS 16

/* A program change and where it stands; a list of them is sorted by tick, then track, then file order. */
typedef struct
{
  gint64 tick;
  guint  track;
  guint8 port;
  guint8 channel;
  guint8 program;
} Change;

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

/* The programs in force while a group is walked, and what becomes of its members. */
typedef struct
{
  guint8               *programs;  /* (16) */
  AriettaPlayOrderFunc  func;      /* or NULL */
  gpointer              data;
  GArray               *implied;   /* of Change, or NULL: changes that are missing */
  gboolean              missing;   /* a note has another program than the one in force */
} Walk;

/* Helpers */

static int
compare_changes_cb (gconstpointer a, gconstpointer b, gpointer data)
{
  const Change *x = a;
  const Change *y = b;

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

static GArray *
list_changes (AriettaPiece *piece)
{
  GArray *changes = g_array_new (FALSE, FALSE, sizeof (Change));

  for (guint i = 0; i < piece->tracks->len; i++)
    {
      AriettaTrack *track = piece->tracks->pdata[i];

      for (guint k = 0; track->changed_channels != 0 && k < track->n_events; k++)
        {
          const AriettaEvent *event = &track->events[k];

          if (is_program_change (event))
            {
              Change change = { event->tick, i, track->port, event->status & 0x0F, event->data1 };

              g_array_append_val (changes, change);
            }
        }
    }
  if (changes->len > 1)
    g_qsort_with_data (changes->data, changes->len, sizeof (Change), compare_changes_cb, NULL);
  return changes;
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

static inline void
emit_note (Walk *walk, const AriettaNote *note)
{
  if (walk->func != NULL)
    walk->func (NULL, note, walk->data);
}

/* The notes from @first on that must sound before @channel leaves its program: up to the next note of
 * that channel, if it wants the program in force and all before it are ready too.  Their number. */
static guint
count_waiting (const Walk *walk, const Group *group, guint first, int channel)
{
  for (guint i = first; i < group->n_notes; i++)
    {
      const AriettaNote *note = &group->notes[i];

      if (walk->programs[note->channel] != note->program)
        return 0;
      if (note->channel == channel)
        return i - first + 1;
    }
  return 0;
}

static void
walk_group (Walk *walk, const Group *group)
{
  guint next = 0;

  for (guint i = 0; i < group->n_events; i++)
    {
      const AriettaEvent *event = &group->events[i];

      if (is_program_change (event))
        {
          int channel = event->status & 0x0F;

          while (walk->programs[channel] != event->data1)
            {
              guint waiting = count_waiting (walk, group, next, channel);

              if (waiting == 0)
                break;
              for (; waiting > 0; waiting--)
                emit_note (walk, &group->notes[next++]);
            }
          walk->programs[channel] = event->data1;
        }
      if (walk->func != NULL)
        walk->func (event, NULL, walk->data);
    }

  for (; next < group->n_notes; next++)
    {
      const AriettaNote *note = &group->notes[next];

      if (walk->programs[note->channel] != note->program)
        {
          walk->missing = TRUE;
          if (walk->implied != NULL)
            {
              Change change = { group->tick, group->track, 0, note->channel, note->program };

              g_array_append_val (walk->implied, change);
              walk->programs[note->channel] = note->program;
            }
        }
      emit_note (walk, note);
    }
}

/* Walks one track, with the changes of the others seen as they come. */
static gboolean
walk_track (AriettaPiece *piece, guint nth, GArray *changes, AriettaPlayOrderFunc func, gpointer data)
{
  AriettaTrack *track = piece->tracks->pdata[nth];
  guint8 programs[N_CHANNELS] = { 0 };
  Walk walk = { .programs = programs, .func = func, .data = data };
  Group group = { .track = nth };
  guint event = 0;
  guint note = 0;
  guint seen = 0;

  while (next_group (track, &event, &note, &group))
    {
      for (; seen < changes->len; seen++)
        {
          const Change *change = &g_array_index (changes, Change, seen);

          if (change->tick > group.tick || (change->tick == group.tick && change->track >= nth))
            break;
          if (change->port == track->port)
            programs[change->channel] = change->program;
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

void
arietta_play_order_foreach (AriettaPiece         *piece,
                            guint                 nth,
                            AriettaPlayOrderFunc  func,
                            gpointer              data)
{
  g_autoptr(GArray) changes = NULL;

  g_return_if_fail (piece != NULL && piece->frozen);
  g_return_if_fail (nth < piece->tracks->len);

  changes = list_changes (piece);
  walk_track (piece, nth, changes, func, data);
}

void
arietta_play_order_settle (AriettaPiece *piece)
{
  g_autoptr(GArray) changes = NULL;
  guint8 all_programs = 0;

  for (guint i = 0; i < piece->tracks->len; i++)
    all_programs |= ((AriettaTrack *) piece->tracks->pdata[i])->all_programs;
  if (all_programs == 0)
    return;

  changes = list_changes (piece);
  for (guint i = 0; i < piece->tracks->len; i++)
    if (!walk_track (piece, i, changes, NULL, NULL))
      {
        add_implied_changes (piece);
        return;
      }
}
