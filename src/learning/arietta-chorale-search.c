/* Writing frames: many lines are drawn side by side, beat by beat the better ones go on.
 *
 * Each row of a walk is a line of frames.  Over a beat every row draws its voices by the model's
 * chances; then the rows are judged by how likely the model finds what they did and by the rules of
 * four voices (parallel fifths and octaves, crossing, spacing), and the best are kept and doubled.
 * So what is heard is drawn, not the single likeliest line, which would hardly move; but of what
 * could have been drawn, the better part. */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-chorale-private.h"

#include "analysis/arietta-voice-leading.h"

#include <math.h>
#include <string.h>

#define N_ROWS  32
#define N_BEAMS 8

/* What a fault costs, in nats. */
#define COST_PARALLEL 8.0
#define COST_CROSSING 1.5
#define COST_SPACING  0.5   /* more than an octave between upper neighbours */
#define COST_CLASH    0.7   /* a melody note that begins outside any triad or seventh chord */
#define COST_FOREIGN  1.0   /* a note of a new piece that begins outside its key */
#define COST_NOT_HOME 6.0   /* an end without the tonic in the bass */

/* What is this much less likely than the best is a slip, not an idea. */
#define LEAST_CHANCE  0.01

typedef struct
{
  AriettaChorale          *net;
  const AriettaChoraleTask *task;
  AriettaVoices           *voices;
  AriettaRandom           *random;
  AriettaChoraleWalk      *walk;
  AriettaFrame            *lines;      /* (rows, n_steps) */
  AriettaFrame             now[N_ROWS];
  double                   scores[N_ROWS];
  double                  *chances;    /* (rows,64) */
} Search;

static AriettaFrame *
line (Search *self,
      int     row)
{
  return self->lines + (gsize) row * self->voices->n_steps;
}

/* --- rules --- */

static int
sign (int x)
{
  return (x > 0) - (x < 0);
}

/* Semitones from the one up to the other, octaves apart. */
static int
interval (int from,
          int to)
{
  return ((to - from) % 12 + 12) % 12;
}

static double
judge_motion (const AriettaFrame *before,
              const AriettaFrame *now)
{
  double cost = 0.0;

  for (int v = 0; v < ARIETTA_N_VOICES; v++)
    for (int w = v + 1; w < ARIETTA_N_VOICES; w++)
      {
        int from = interval (before->pitches[w], before->pitches[v]);
        int to = interval (now->pitches[w], now->pitches[v]);
        int up = sign (now->pitches[v] - before->pitches[v]);

        if (before->pitches[v] < 0 || before->pitches[w] < 0 || now->pitches[v] < 0
            || now->pitches[w] < 0 || up == 0 || up != sign (now->pitches[w] - before->pitches[w]))
          continue;
        if (from == to && (from == 0 || from == 7))
          cost += COST_PARALLEL;
      }

  return cost;
}

static double
judge_chord (const AriettaFrame *frame,
             gboolean            melody_begins)
{
  double cost = 0.0;
  guint  classes = 0;

  for (int v = 0; v < ARIETTA_N_VOICES; v++)
    if (frame->pitches[v] >= 0)
      classes |= 1u << frame->pitches[v] % 12;
  if (melody_begins && !arietta_voice_leading_is_chord (classes))
    cost += COST_CLASH;

  for (int v = 0; v + 1 < ARIETTA_N_VOICES; v++)
    {
      int gap = frame->pitches[v] - frame->pitches[v + 1];

      if (frame->pitches[v] < 0 || frame->pitches[v + 1] < 0)
        continue;
      if (gap < 0)
        cost += COST_CROSSING;
      if (v < ARIETTA_VOICE_TENOR && gap > 12)
        cost += COST_SPACING;
    }

  return cost;
}

/* What keeps a new piece in its key, though not every note. */
static double
judge_key (AriettaTonality     key,
           const AriettaFrame *before,
           const AriettaFrame *now)
{
  double cost = 0.0;

  for (int v = 0; v < ARIETTA_N_VOICES; v++)
    if (now->pitches[v] >= 0 && (before == NULL || before->pitches[v] != now->pitches[v])
        && !arietta_tonality_contains (key, now->pitches[v]))
      cost += COST_FOREIGN;

  return cost;
}

/* --- drawing --- */

/* Whether @pitch belongs to the tonic triad; of the bass, whether it is the tonic.  A piece in
 * minor may end in major. */
static gboolean
is_home (AriettaTonality key,
         AriettaVoice    voice,
         int             pitch)
{
  int degree = interval (key.tonic, pitch);

  if (voice == ARIETTA_VOICE_BASS)
    return degree == 0;

  return degree == 0 || degree == 4 || degree == 7
         || (degree == 3 && key.scale == ARIETTA_SCALE_MINOR);
}

static gboolean
is_allowed (const Search *self,
            AriettaVoice  voice,
            int           token,
            gboolean      home)
{
  int pitch = arietta_chorale_pitch (token);

  if (token == 0 || pitch < arietta_chorale_lowest[voice] - 1
      || pitch > arietta_chorale_highest[voice] + 1)
    return FALSE;

  return !home || is_home (self->task->key, voice, pitch);
}

/* A token for one voice of one row; its score is what the model thinks of it. */
static int
draw (Search       *self,
      const double *chances,
      AriettaVoice  voice,
      gboolean      home,
      double       *score)
{
  float  weights[CHORALE_TOKENS] = { 0 };
  double best = 0.0, expected = 0.0;
  int    token;

  for (int t = 1; t < CHORALE_TOKENS; t++)
    if (is_allowed (self, voice, t, home))
      best = MAX (best, chances[t]);

  for (int t = 1; t < CHORALE_TOKENS; t++)
    if (is_allowed (self, voice, t, home) && chances[t] >= LEAST_CHANCE * best)
      weights[t] = (float) (self->task->temperature < 0.05
                              ? chances[t] >= best
                              : pow (chances[t] / best, 1.0 / self->task->temperature));

  for (int t = 0; t < CHORALE_TOKENS; t++)
    if (chances[t] > 1e-9)
      expected += chances[t] * log (chances[t]);
  token = (int) arietta_random_weighted (self->random, weights, CHORALE_TOKENS);
  *score += self->task->likelihood * (log (MAX (chances[token], 1e-9)) - expected);

  return token;
}

/* The step's voices that are not given. */
static void
draw_step (Search *self,
           guint   step)
{
  const AriettaFrame *given = &self->voices->frames[step];
  gboolean            soprano = self->task->melody;
  gboolean            home = self->task->key.tonic >= 0 && !soprano
                             && (step == 0 || step + 4 >= self->voices->n_steps);

  arietta_chorale_walk_step (self->walk, self->voices->phases[step]);
  for (int i = 0; i < N_ROWS; i++)
    self->now[i] = *given;
  if (step < self->task->n_given)
    {
      for (int i = 0; i < N_ROWS; i++)
        line (self, i)[step] = *given;
      arietta_chorale_walk_push (self->walk, self->now);
      return;
    }

  for (int k = soprano ? 1 : 0; k < ARIETTA_N_VOICES; k++)
    {
      AriettaVoice voice = arietta_chorale_order[k];

      arietta_chorale_walk_predict (self->walk, k, self->now, self->chances);
      for (int i = 0; i < N_ROWS; i++)
        self->now[i].pitches[voice] = (gint8) arietta_chorale_pitch (
          draw (self, self->chances + (gsize) i * CHORALE_TOKENS, voice, home, &self->scores[i]));
    }

  for (int i = 0; i < N_ROWS; i++)
    {
      const AriettaFrame *before;

      /* The last chord stands. */
      if (home && step > 0 && step + 4 > self->voices->n_steps)
        self->now[i] = line (self, i)[step - 1];
      before = step > 0 ? &line (self, i)[step - 1] : NULL;
      if (!soprano)
        self->scores[i] -= judge_key (self->task->key, before, &self->now[i]);
      if (before != NULL)
        self->scores[i] -= judge_motion (before, &self->now[i]);
      self->scores[i] -= judge_chord (&self->now[i],
                                      before == NULL || before->pitches[0] != self->now[i].pitches[0]);
      line (self, i)[step] = self->now[i];
    }
  arietta_chorale_walk_push (self->walk, self->now);
}

/* --- choosing --- */

static void
judge_end (Search *self)
{
  guint n = self->voices->n_steps;

  if (self->task->key.tonic < 0)
    return;

  for (int i = 0; i < N_ROWS; i++)
    for (int v = self->task->melody ? 1 : 0; v < ARIETTA_N_VOICES; v++)
      if (!is_home (self->task->key, v, line (self, i)[n - 1].pitches[v]))
        self->scores[i] -= v == ARIETTA_VOICE_BASS ? COST_NOT_HOME : COST_NOT_HOME / 3.0;
}

/* The best rows, no two alike since step @since, each as often as there is room. */
static void
select_rows (Search *self,
             guint   since,
             guint   end)
{
  guint    from[N_ROWS];
  int      order[N_ROWS], n = 0;
  gsize    size = sizeof (AriettaFrame) * end;
  double   scores[N_ROWS];
  gboolean taken[N_ROWS] = { FALSE };
  g_autofree AriettaFrame *kept = NULL;

  while (n < N_BEAMS)
    {
      int best = -1;

      for (int i = 0; i < N_ROWS; i++)
        if (!taken[i] && (best < 0 || self->scores[i] > self->scores[best]))
          best = i;
      if (best < 0)
        break;

      order[n++] = best;
      for (int i = 0; i < N_ROWS; i++)
        taken[i] |= memcmp (line (self, i) + since, line (self, best) + since,
                            sizeof (AriettaFrame) * (end - since)) == 0;
    }

  kept = g_new (AriettaFrame, (gsize) n * end);
  for (int b = 0; b < n; b++)
    memcpy (kept + (gsize) b * end, line (self, order[b]), size);
  for (int i = 0; i < N_ROWS; i++)
    {
      from[i] = (guint) order[i % n];
      scores[i] = self->scores[from[i]];
      memcpy (line (self, i), kept + (gsize) (i % n) * end, size);
    }
  memcpy (self->scores, scores, sizeof scores);
  arietta_chorale_walk_take (self->walk, from);
}

/* The steps on which all lines that are left agree, counted on from @from: no later choice can
 * change them. */
static guint
count_settled (Search *self,
               guint   from,
               guint   end)
{
  for (; from < end; from++)
    for (int i = 1; i < N_ROWS; i++)
      if (memcmp (&line (self, i)[from], &line (self, 0)[from], sizeof (AriettaFrame)) != 0)
        return from;

  return from;
}

gboolean
arietta_chorale_search (AriettaChorale           *net,
                        const AriettaChoraleTask *task,
                        AriettaVoices            *voices,
                        AriettaRandom            *random,
                        AriettaGoOnFunc           go_on,
                        gpointer                  user_data)
{
  Search self = {
    .net = net,
    .task = task,
    .voices = voices,
    .random = random,
    .walk = arietta_chorale_walk_new (net, N_ROWS),
    .lines = g_new (AriettaFrame, (gsize) N_ROWS * voices->n_steps),
    .chances = g_new (double, (gsize) N_ROWS * CHORALE_TOKENS),
  };
  gboolean finished = TRUE, wanted = TRUE;
  guint    since = 0, settled = 0;
  int      best = 0;

  for (guint s = 0; s < voices->n_steps && finished && wanted; s++)
    {
      gboolean last = s + 1 == voices->n_steps;

      draw_step (&self, s);
      if (last)
        judge_end (&self);
      /* The last two beats are judged as one, so that there is a way home to choose. */
      else if (voices->phases[s + 1] % 4 == 0 && s + 8 < voices->n_steps)
        {
          select_rows (&self, since, s + 1);
          since = s + 1;
          if (task->settled != NULL)
            {
              guint before = settled;

              settled = count_settled (&self, settled, since);
              if (settled > before)
                wanted = task->settled (line (&self, 0), settled, task->settled_data);
            }
        }
      finished = go_on == NULL || go_on (user_data);
    }

  for (int i = 1; i < N_ROWS; i++)
    if (self.scores[i] > self.scores[best])
      best = i;
  finished = finished && wanted;
  if (finished)
    memcpy (voices->frames, line (&self, best), sizeof (AriettaFrame) * voices->n_steps);

  arietta_chorale_walk_free (self.walk);
  g_free (self.lines);
  g_free (self.chances);

  return finished;
}
