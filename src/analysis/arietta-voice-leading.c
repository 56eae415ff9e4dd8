#define G_LOG_DOMAIN "arietta-analysis"

#include "analysis/arietta-voice-leading.h"

#define N ARIETTA_VOICE_LEADING_VOICES

static int
sign (int x)
{
  return (x > 0) - (x < 0);
}

static int
interval (int low,
          int high)
{
  return ((high - low) % 12 + 12) % 12;
}

gboolean
arietta_voice_leading_is_chord (guint classes)
{
  static const guint chords[] = {
    1 << 0 | 1 << 3 | 1 << 6 | 1 << 9, /* diminished seventh, and the diminished triad */
    1 << 0 | 1 << 3 | 1 << 6 | 1 << 10,
    1 << 0 | 1 << 3 | 1 << 7 | 1 << 10,
    1 << 0 | 1 << 4 | 1 << 7 | 1 << 10,
    1 << 0 | 1 << 4 | 1 << 7 | 1 << 11,
    1 << 0 | 1 << 4 | 1 << 8,
  };

  for (guint c = 0; c < G_N_ELEMENTS (chords); c++)
    for (int root = 0; root < 12; root++)
      {
        guint chord = (chords[c] << root | chords[c] >> (12 - root)) & 0xfff;

        if ((classes & ~chord) == 0)
          return TRUE;
      }

  return FALSE;
}

static void
add_pairs (AriettaVoiceLeading *self,
           const gint8         *before,
           const gint8         *now)
{
  for (int v = 0; v < N; v++)
    for (int w = v + 1; w < N; w++)
      {
        int from, to;

        if (before[v] < 0 || before[w] < 0 || now[v] < 0 || now[w] < 0 || now[v] == before[v]
            || sign (now[v] - before[v]) != sign (now[w] - before[w]))
          continue;

        from = interval (before[w], before[v]);
        to = interval (now[w], now[v]);
        self->pairs++;
        self->fifths += from == 7 && to == 7;
        self->octaves += from == 0 && to == 0;
      }
}

void
arietta_voice_leading_add (AriettaVoiceLeading *self,
                           const gint8         *pitches,
                           guint                n_steps)
{
  g_return_if_fail (self != NULL);

  for (guint s = 0; s < n_steps; s++)
    {
      const gint8 *now = pitches + (gsize) s * N;
      const gint8 *before = s > 0 ? now - N : NULL;
      gboolean     full = TRUE, crossed = FALSE;
      guint        classes = 0;

      for (int v = 0; v < N; v++)
        {
          full = full && now[v] >= 0;
          for (int w = v + 1; w < N; w++)
            crossed = crossed || (now[v] >= 0 && now[w] > now[v]);
          self->moves[v] += before != NULL && now[v] != before[v];
          if (now[v] >= 0)
            classes |= 1u << now[v] % 12;
        }
      self->steps++;
      self->full += full;
      self->crossed += crossed;
      if (before != NULL)
        add_pairs (self, before, now);

      if (now[0] >= 0 && (before == NULL || now[0] != before[0]))
        {
          self->melody_notes++;
          self->chord_notes += arietta_voice_leading_is_chord (classes);
        }
    }
}
