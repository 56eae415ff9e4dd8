/* What must not stay of what the composer writes: copies, and bars that come a third time in a row. */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-composer-writing-private.h"

/* What is known of a part in a bar: given, or written by now. */
static gboolean
is_settled (AriettaWriting *self,
            guint           bar,
            guint           part)
{
  gsize at = (gsize) bar * self->score->parts->len + part;

  return self->wanted[at] == 0 || self->done[at] != 0;
}

/* Whether @part, with @bar as it is now, has a passage that the net learned from. */
static gboolean
copies (AriettaWriting *self,
        guint           bar,
        guint           part)
{
  guint first = bar >= ARIETTA_COPIED_BARS - 1 ? bar - (ARIETTA_COPIED_BARS - 1) : 0;

  if (self->settings->guard == NULL)
    return FALSE;

  for (guint from = first; from <= bar && from + ARIETTA_COPIED_BARS <= self->score->bars->len; from++)
    {
      gboolean settled = TRUE;

      for (guint b = from; b < from + ARIETTA_COPIED_BARS && settled; b++)
        settled = b == bar || is_settled (self, b, part);
      if (settled && arietta_copy_guard_finds (self->settings->guard, self->score, from, part))
        return TRUE;
    }

  return FALSE;
}

/* A number for a note's place and pitch that sums of others do not meet by chance. */
static guint64
mix (const AriettaEventNote *note)
{
  guint64 x = ((guint64) (note->onset + G_MAXINT16) << 8 | note->pitch) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  return (x ^ x >> 31) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
}

/* Whether @part begins the same notes in @bar as in both bars before, all of them written here. People seldom do that
 * (in one bar of a hundred); a net that has done it goes on, since all that it heard of late says so. Drums may. */
static gboolean
is_stuck (AriettaWriting *self,
          guint           bar,
          guint           part)
{
  gsize   n_parts = self->score->parts->len, at = bar * n_parts + part;
  guint64 sums[3] = { 0 };

  if (bar < 2 || self->wanted[at - n_parts] == 0 || self->wanted[at - 2 * n_parts] == 0
      || g_array_index (self->score->parts, AriettaEventPart, part).drums)
    return FALSE;

  /* The notes are in no order while they are written. */
  for (guint i = 0; i < self->score->notes->len; i++)
    {
      const AriettaEventNote *note = &g_array_index (self->score->notes, AriettaEventNote, i);

      if (note->part == part && note->bar + 2 >= bar && note->bar <= bar)
        sums[bar - note->bar] += mix (note);
    }

  return sums[0] != 0 && sums[0] == sums[1] && sums[0] == sums[2];
}

AriettaWritingFault
arietta_writing_check (AriettaWriting *self,
                       guint           bar,
                       guint           part)
{
  if (self->wanted[(gsize) bar * self->score->parts->len + part] == 0)
    return ARIETTA_WRITING_SOUND;
  if (copies (self, bar, part))
    return ARIETTA_WRITING_COPIES;

  return is_stuck (self, bar, part) ? ARIETTA_WRITING_STUCK : ARIETTA_WRITING_SOUND;
}
