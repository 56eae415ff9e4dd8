/* What the network is told: facts about the frames so far, as rows of tables. */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-chorale-private.h"

#include <string.h>

const AriettaVoice arietta_chorale_order[ARIETTA_N_VOICES] = {
  ARIETTA_VOICE_SOPRANO, ARIETTA_VOICE_BASS, ARIETTA_VOICE_ALTO, ARIETTA_VOICE_TENOR,
};
const int arietta_chorale_lowest[ARIETTA_N_VOICES] = { 60, 52, 46, 36 };
const int arietta_chorale_highest[ARIETTA_N_VOICES] = { 81, 74, 69, 66 };

#define MAX_HELD     31
#define HELD_ROWS    (MAX_HELD + 1)
#define REACH        24               /* intervals beyond are as this */
#define INTERVALS    (2 * REACH + 2)  /* and one more where a voice rests */
#define ECHO_REACH   12
#define ECHO_ROWS    (2 * ECHO_REACH + 2)
#define N_AGREEMENTS 7                /* classes of how long a passage agrees */

/* How far back a passage must lie to count as heard before, and how far one is looked for. */
#define NEAREST_ECHO  8
#define FARTHEST_ECHO 2048

enum
{
  ECHO_FRAMES,   /* all voices agree */
  ECHO_SOPRANO,  /* the sopranos do */
  N_ECHOES,
};

struct _AriettaChoraleReader
{
  GArray *frames;                       /* AriettaFrame */
  /* By step j: how many steps up to j agree with as many up to the last one. */
  GArray *agree[N_ECHOES];              /* guint16 */
  int     held[ARIETTA_N_VOICES];       /* steps that the last pitch lasts beyond its first */
  int     before[ARIETTA_N_VOICES];     /* the pitch before it, or CHORALE_NONE */
};

AriettaChoraleReader *
arietta_chorale_reader_new (void)
{
  AriettaChoraleReader *self = g_new0 (AriettaChoraleReader, 1);

  self->frames = g_array_new (FALSE, FALSE, sizeof (AriettaFrame));
  for (int e = 0; e < N_ECHOES; e++)
    self->agree[e] = g_array_new (FALSE, FALSE, sizeof (guint16));
  for (int v = 0; v < ARIETTA_N_VOICES; v++)
    self->before[v] = CHORALE_NONE;

  return self;
}

AriettaChoraleReader *
arietta_chorale_reader_copy (const AriettaChoraleReader *self)
{
  AriettaChoraleReader *copy = g_memdup2 (self, sizeof *self);

  copy->frames = g_array_copy (self->frames);
  for (int e = 0; e < N_ECHOES; e++)
    copy->agree[e] = g_array_copy (self->agree[e]);

  return copy;
}

void
arietta_chorale_reader_free (AriettaChoraleReader *self)
{
  if (self == NULL)
    return;

  g_array_unref (self->frames);
  for (int e = 0; e < N_ECHOES; e++)
    g_array_unref (self->agree[e]);
  g_free (self);
}

static const AriettaFrame *
nth_frame (const AriettaChoraleReader *self,
           guint                       nth)
{
  return &g_array_index (self->frames, AriettaFrame, nth);
}

void
arietta_chorale_reader_push (AriettaChoraleReader *self,
                             const AriettaFrame   *frame)
{
  guint               n = self->frames->len;
  guint               from = n > FARTHEST_ECHO ? n - FARTHEST_ECHO : 0;
  guint16             zero = 0;
  guint16            *frames, *sopranos;

  for (int v = 0; v < ARIETTA_N_VOICES; v++)
    {
      if (n > 0 && frame->pitches[v] == nth_frame (self, n - 1)->pitches[v])
        {
          self->held[v] = MIN (self->held[v] + 1, MAX_HELD);
        }
      else
        {
          self->before[v] = n > 0 ? nth_frame (self, n - 1)->pitches[v] : CHORALE_NONE;
          self->held[v] = 0;
        }
    }

  g_array_append_val (self->frames, *frame);
  for (int e = 0; e < N_ECHOES; e++)
    g_array_append_val (self->agree[e], zero);

  frames = &g_array_index (self->agree[ECHO_FRAMES], guint16, 0);
  sopranos = &g_array_index (self->agree[ECHO_SOPRANO], guint16, 0);
  for (guint j = n; j-- > from;)
    {
      const AriettaFrame *other = nth_frame (self, j);

      frames[j] = memcmp (other, frame, sizeof *other) == 0
                    ? (guint16) MIN ((j > from ? frames[j - 1] : 0) + 1, G_MAXUINT16 - 1)
                    : 0;
      sopranos[j] = other->pitches[0] == frame->pitches[0]
                      ? (guint16) MIN ((j > from ? sopranos[j - 1] : 0) + 1, G_MAXUINT16 - 1)
                      : 0;
    }
}

/* --- rows --- */

/* Collects ids; each fact has rows of its own, one fact after another. */
typedef struct
{
  gint32 *ids;      /* NULL: only counting */
  int     n_facts;
  int     n_rows;
} Facts;

static void
tell (Facts *facts,
      int    id,
      int    n_rows)
{
  if (facts->ids != NULL)
    facts->ids[facts->n_facts] = id >= 0 ? facts->n_rows + id : -1;
  facts->n_facts++;
  facts->n_rows += n_rows;
}

static int
pitch_row (int pitch,
           int shift)
{
  if (pitch == CHORALE_NONE)
    return -1;

  return arietta_chorale_token (pitch == ARIETTA_VOICE_REST ? pitch : pitch + shift);
}

static int
interval_row (int pitch,
              int from,
              int reach)
{
  if (pitch == CHORALE_NONE || from == CHORALE_NONE)
    return -1;
  if (pitch == ARIETTA_VOICE_REST || from == ARIETTA_VOICE_REST)
    return 2 * reach + 1;

  return CLAMP (pitch - from, -reach, reach) + reach;
}

static int
last_pitch (const AriettaChoraleReader *self,
            int                         voice)
{
  guint n = self != NULL ? self->frames->len : 0;

  return n > 0 ? nth_frame (self, n - 1)->pitches[voice] : CHORALE_NONE;
}

static int
classify (int length)
{
  static const int least[N_AGREEMENTS] = { 1, 4, 8, 12, 16, 24, 32 };
  int              nth = 0;

  while (nth + 1 < N_AGREEMENTS && length >= least[nth + 1])
    nth++;

  return nth;
}

/* What @voice did when the passage was heard before, given the voices placed before @nth. */
static void
tell_echo (const AriettaChoraleReader *self,
           Facts                      *facts,
           int                         echo,
           int                         nth,
           const AriettaFrame         *frame)
{
  AriettaVoice voice = arietta_chorale_order[nth];
  guint        n = self != NULL ? self->frames->len : 0, best = 0;
  int          length = 0, id = -1;

  for (guint j = n > FARTHEST_ECHO ? n - FARTHEST_ECHO : 0; j + NEAREST_ECHO < n; j++)
    {
      const AriettaFrame *next = nth_frame (self, j + 1);
      int                 agreed = g_array_index (self->agree[echo], guint16, j);
      gboolean            fits = agreed >= length && agreed > 0;

      for (int k = 0; k < nth && fits; k++)
        fits = next->pitches[arietta_chorale_order[k]] == frame->pitches[arietta_chorale_order[k]];
      if (fits)
        {
          best = j + 1;
          length = agreed;
        }
    }

  if (length > 0)
    id = classify (length) * ECHO_ROWS
         + interval_row (nth_frame (self, best)->pitches[voice], last_pitch (self, voice), ECHO_REACH);
  tell (facts, id, N_AGREEMENTS * ECHO_ROWS);
}

static void
tell_encoder (const AriettaChoraleReader *self,
              Facts                      *facts,
              guint                       phase,
              int                         shift)
{
  for (int v = 0; v < ARIETTA_N_VOICES; v++)
    {
      int last = last_pitch (self, v);

      tell (facts, pitch_row (last, shift), CHORALE_TOKENS);
      tell (facts, last == CHORALE_NONE ? -1 : self->held[v], HELD_ROWS);
      tell (facts, last == CHORALE_NONE ? -1 : interval_row (last, self->before[v], REACH), INTERVALS);
      for (int w = 0; w < v; w++)
        tell (facts, interval_row (last, last_pitch (self, w), REACH), INTERVALS);
    }
  for (int e = 0; e < N_ECHOES; e++)
    tell_echo (self, facts, e, 0, NULL);
  tell (facts, (int) phase, ARIETTA_VOICE_PHASES);
}

static void
tell_head (const AriettaChoraleReader *self,
           Facts                      *facts,
           guint                       phase,
           int                         nth,
           const AriettaFrame         *frame,
           int                         shift)
{
  AriettaVoice voice = arietta_chorale_order[nth];
  int          last = last_pitch (self, voice);

  tell (facts, (int) phase, ARIETTA_VOICE_PHASES);
  tell (facts, pitch_row (last, shift), CHORALE_TOKENS);
  tell (facts, last == CHORALE_NONE ? -1 : self->held[voice], HELD_ROWS);
  tell (facts, last == CHORALE_NONE ? -1 : interval_row (last, self->before[voice], REACH), INTERVALS);
  for (int w = 0; w < ARIETTA_N_VOICES; w++)
    if (w != (int) voice)
      tell (facts, interval_row (last_pitch (self, w), last, REACH), INTERVALS);

  for (int k = 0; k < nth; k++)
    {
      AriettaVoice placed = arietta_chorale_order[k];
      int          now = frame != NULL ? frame->pitches[placed] : CHORALE_NONE;
      int          was = last_pitch (self, placed);

      tell (facts, pitch_row (now, shift), CHORALE_TOKENS);
      tell (facts, interval_row (now, was, REACH), INTERVALS);
      tell (facts, interval_row (now, last, REACH), INTERVALS);
      tell (facts, was == CHORALE_NONE ? -1 : (now == was) * HELD_ROWS + self->held[placed],
            2 * HELD_ROWS);
      for (int l = 0; l < k; l++)
        tell (facts,
              frame != NULL ? interval_row (now, frame->pitches[arietta_chorale_order[l]], REACH) : -1,
              INTERVALS);
    }
  for (int e = 0; e < N_ECHOES; e++)
    tell_echo (self, facts, e, nth, frame);
}

static Facts
count_encoder (void)
{
  Facts facts = { NULL, 0, 0 };

  tell_encoder (NULL, &facts, 0, 0);
  return facts;
}

static Facts
count_head (int nth)
{
  Facts facts = { NULL, 0, 0 };

  tell_head (NULL, &facts, 0, nth, NULL, 0);
  return facts;
}

int
arietta_chorale_encoder_facts (void)
{
  return count_encoder ().n_facts;
}

int
arietta_chorale_encoder_rows (void)
{
  return count_encoder ().n_rows;
}

int
arietta_chorale_head_facts (int nth)
{
  return count_head (nth).n_facts;
}

int
arietta_chorale_head_rows (int nth)
{
  return count_head (nth).n_rows;
}

void
arietta_chorale_reader_encoder (const AriettaChoraleReader *self,
                                guint                       phase,
                                int                         shift,
                                gint32                     *ids)
{
  Facts facts = { ids, 0, 0 };

  tell_encoder (self, &facts, phase, shift);
}

void
arietta_chorale_reader_head (const AriettaChoraleReader *self,
                             guint                       phase,
                             int                         nth,
                             const AriettaFrame         *frame,
                             int                         shift,
                             gint32                     *ids,
                             gint32                     *place)
{
  Facts facts = { ids, 0, 0 };
  int   token = pitch_row (last_pitch (self, arietta_chorale_order[nth]), shift);

  tell_head (self, &facts, phase, nth, frame, shift);
  *place = token > 0 ? token : -1;
}
