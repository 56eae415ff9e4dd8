#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-fill.h"
#include "music/arietta-track-verbs.h"

static const struct
{
  int lowest, highest, program;
} roles[ARIETTA_EVENTS_N_ROLES] = {
  [ARIETTA_ROLE_MELODY] = { 55, 86, 0 },
  [ARIETTA_ROLE_INNER] = { 48, 79, 0 },
  [ARIETTA_ROLE_CHORDS] = { 40, 84, 0 },
  [ARIETTA_ROLE_BASS] = { 28, 60, 32 },
  [ARIETTA_ROLE_DRUMS] = { 22, 81, 0 },
};

void
arietta_fill_get_range (AriettaEventRole role,
                        int             *lowest,
                        int             *highest)
{
  *lowest = roles[role].lowest;
  *highest = roles[role].highest;
}

/* Bars by the metre that holds last. */
static gboolean
extend (AriettaEventScore *score,
        guint              n_bars)
{
  AriettaEventBar bar = { 0, 4, 2 };

  if (n_bars > ARIETTA_EVENTS_MAX_BARS)
    return FALSE;
  if (score->bars->len > 0)
    bar = g_array_index (score->bars, AriettaEventBar, score->bars->len - 1);
  bar.length = arietta_event_bar_whole (bar.numerator, bar.denominator_log2);
  while (score->bars->len < n_bars)
    g_array_append_val (score->bars, bar);

  return TRUE;
}

/* A piece without notes still has metres and tempos. */
static AriettaEventScore *
lay_out_silence (AriettaPiece *piece)
{
  AriettaEventScore *score = arietta_event_score_new ();
  AriettaMeter       meter = arietta_piece_get_meter_at (piece, 0);
  AriettaEventBar    bar = { 0, (guint8) CLAMP (meter.numerator, 1, 32), (guint8) MIN (meter.denominator_log2, 6) };
  AriettaEventTempo  tempo = { 0, 0, arietta_piece_get_tempo_at (piece, 0) };

  bar.length = arietta_event_bar_whole (bar.numerator, bar.denominator_log2);
  g_array_append_val (score->bars, bar);
  g_array_append_val (score->tempos, tempo);
  arietta_event_score_settle (score);

  return score;
}

/* The part of a track that has no notes yet. */
static void
ensure_part (AriettaEventScore     *score,
             AriettaPiece          *piece,
             const AriettaFillPart *wanted,
             guint                  nth_new)
{
  guint            n_tracks = arietta_piece_get_n_tracks (piece);
  AriettaEventPart part = { .track = wanted->track };

  for (guint p = 0; p < score->parts->len && wanted->track != ARIETTA_FILL_NEW_TRACK; p++)
    if (g_array_index (score->parts, AriettaEventPart, p).track == wanted->track)
      return;
  if (score->parts->len >= ARIETTA_EVENTS_MAX_PARTS)
    return;

  if (wanted->track != ARIETTA_FILL_NEW_TRACK)
    {
      AriettaTrack *track = arietta_piece_get_track (piece, wanted->track);

      part.drums = arietta_track_is_percussion (track);
      part.program = (guint8) arietta_track_get_program (track);
      part.channel = (guint8) arietta_track_get_channel (track);
      part.role = part.drums ? ARIETTA_ROLE_DRUMS : ARIETTA_ROLE_INNER;
      part.name = g_strdup (arietta_track_get_name (track));
    }
  else
    {
      part.track = n_tracks + nth_new;
      part.role = wanted->role;
      part.drums = wanted->role == ARIETTA_ROLE_DRUMS;
      part.program = (guint8) (wanted->program >= 0 ? wanted->program : roles[wanted->role].program);
      part.channel = part.drums ? 9 : 16;   /* a free one is found when it is put in */
      part.name = g_strdup (wanted->name != NULL ? wanted->name : "");
    }
  g_array_append_val (score->parts, part);
}

AriettaEventScore *
arietta_fill_lay_out (AriettaPiece              *piece,
                      const AriettaFillSettings *settings,
                      guint8                   **wanted)
{
  g_autoptr(AriettaEventScore) score = arietta_event_score_from_piece (piece);
  guint                        n_tracks = arietta_piece_get_n_tracks (piece), n_new = 0, n_parts, kept = 0;

  *wanted = NULL;
  if (score == NULL && arietta_piece_get_n_notes (piece) > 0)
    return NULL;
  if (score == NULL)
    score = lay_out_silence (piece);
  if (!extend (score, settings->first_bar + settings->n_bars))
    return NULL;

  for (guint i = 0; i < settings->n_parts; i++)
    {
      const AriettaFillPart *part = &settings->parts[i];

      if (part->track == ARIETTA_FILL_NEW_TRACK || part->track < n_tracks)
        ensure_part (score, piece, part, part->track == ARIETTA_FILL_NEW_TRACK ? n_new++ : 0);
    }

  n_parts = score->parts->len;
  *wanted = g_new0 (guint8, score->bars->len * MAX (n_parts, 1));
  n_new = 0;
  for (guint i = 0; i < settings->n_parts; i++)
    {
      guint track = settings->parts[i].track;

      if (track == ARIETTA_FILL_NEW_TRACK)
        track = n_tracks + n_new++;
      for (guint p = 0; p < n_parts; p++)
        for (guint b = 0; b < settings->n_bars; b++)
          if (g_array_index (score->parts, AriettaEventPart, p).track == track
              && (settings->skipped == NULL || settings->skipped[b] == 0))
            (*wanted)[(settings->first_bar + b) * n_parts + p] = 1;
    }

  for (guint i = 0; i < score->notes->len; i++)
    {
      const AriettaEventNote note = g_array_index (score->notes, AriettaEventNote, i);

      if ((*wanted)[note.bar * n_parts + note.part] == 0)
        g_array_index (score->notes, AriettaEventNote, kept++) = note;
    }
  g_array_set_size (score->notes, kept);
  arietta_event_score_settle (score);

  return g_steal_pointer (&score);
}

/* Notes of the track that stay: outside the wanted cells, or locked. */
static GArray *
keep_notes (AriettaTrack      *track,
            guint              nth,
            AriettaEventScore *score,
            const guint8      *wanted,
            const gint64      *starts,
            int                tpq)
{
  guint              n;
  const AriettaNote *notes = arietta_track_get_notes (track, &n);
  GArray            *kept = g_array_sized_new (FALSE, FALSE, sizeof (AriettaNote), n);

  for (guint i = 0; i < n; i++)
    {
      guint    bar = arietta_event_find_bar (starts, score->bars->len,
                                             arietta_event_ticks_to_units (notes[i].onset_ticks, tpq));
      gboolean goes = FALSE;

      for (guint p = 0; p < score->parts->len && (notes[i].flags & ARIETTA_NOTE_LOCKED) == 0; p++)
        {
          const AriettaEventPart *part = &g_array_index (score->parts, AriettaEventPart, p);

          if (part->track == nth && part->channel == notes[i].channel)
            goes = wanted[bar * score->parts->len + p] != 0;
        }
      if (!goes)
        g_array_append_val (kept, notes[i]);
    }

  return kept;
}

/* Equal pitches of a channel that overlap cannot be told apart in a file: a new note ends where the
 * next begins, and gives way where a kept one sounds. The first @n_kept are those that stay. */
static void
part_equal_pitches (GArray *notes,
                    guint   n_kept)
{
  AriettaNote       *all = (AriettaNote *) (gpointer) notes->data;
  guint              n = notes->len, left = n_kept;
  g_autofree guint8 *gone = g_new0 (guint8, n);

  for (guint i = n_kept; i < n; i++)
    for (guint k = 0; k < n && !gone[i]; k++)
      {
        gint64 onset = all[k].onset_ticks, end = onset + all[k].duration_ticks;

        if (k == i || gone[k] || all[k].pitch != all[i].pitch || all[k].channel != all[i].channel)
          continue;
        if (onset > all[i].onset_ticks)
          all[i].duration_ticks = MIN (all[i].duration_ticks, onset - all[i].onset_ticks);
        else if (onset == all[i].onset_ticks ? k < i : k < n_kept && end > all[i].onset_ticks)
          gone[i] = 1;
      }
  for (guint i = n_kept; i < n; i++)
    if (!gone[i])
      all[left++] = all[i];
  g_array_set_size (notes, left);
}

static gboolean
is_wanted (AriettaEventScore *score,
           const guint8      *wanted,
           guint              part)
{
  for (guint b = 0; b < score->bars->len; b++)
    if (wanted[b * score->parts->len + part] != 0)
      return TRUE;

  return FALSE;
}

AriettaPiece *
arietta_fill_splice (AriettaPiece      *piece,
                     AriettaEventScore *score,
                     const guint8      *wanted)
{
  AriettaPiece      *result = arietta_piece_copy (piece);
  g_autofree gint64 *starts = arietta_event_score_dup_starts (score);
  int                tpq = arietta_piece_get_ticks_per_quarter (piece);
  guint              n_tracks = arietta_piece_get_n_tracks (piece);

  for (guint p = 0; p < score->parts->len; p++)
    {
      AriettaEventPart  *part = &g_array_index (score->parts, AriettaEventPart, p);
      g_autoptr(GArray)  notes = NULL;
      AriettaTrack      *track;
      guint              n_kept;

      if (!is_wanted (score, wanted, p))
        continue;
      if (part->track >= n_tracks)
        {
          if (part->channel > 15)
            part->channel = (guint8) arietta_tracks_find_free_channel (result);
          track = arietta_piece_add_track (result, part->name);
          notes = g_array_new (FALSE, FALSE, sizeof (AriettaNote));
        }
      else
        {
          track = arietta_piece_get_track (result, part->track);
          notes = keep_notes (track, part->track, score, wanted, starts, tpq);
        }

      n_kept = notes->len;
      for (guint b = 0; b < score->bars->len; b++)
        {
          guint                   n;
          const AriettaEventNote *cell = arietta_event_score_get_cell (score, b, p, &n);

          for (guint i = 0; i < n && wanted[b * score->parts->len + p] != 0; i++)
            {
              gint64 onset = arietta_event_units_to_ticks (starts[b] + cell[i].onset, tpq);
              gint64 duration = arietta_event_units_to_ticks (cell[i].duration, tpq);

              g_array_append_val (notes, ((AriettaNote) {
                                           .onset_ticks = onset,
                                           .duration_ticks = MAX (duration, 1),
                                           .pitch = cell[i].pitch,
                                           .velocity = cell[i].velocity,
                                           .off_velocity = 64,
                                           .channel = part->channel,
                                           .program = part->program,
                                           .flags = ARIETTA_NOTE_OFF_BY_EVENT,
                                         }));
            }
        }
      part_equal_pitches (notes, n_kept);
      arietta_track_take_notes (track, g_steal_pointer (&notes));
    }

  return arietta_piece_freeze (result);
}
