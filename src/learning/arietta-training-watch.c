#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-training-watch.h"

#include <math.h>

#define TAKE_BARS    16
#define MOST_HELD    60     /* validation pieces that stand for people */
#define DEVIATIONS   2.0    /* by which a share may be above people's by chance */
#define ALWAYS       0.02   /* a share that nobody minds, where people copy less */

struct _AriettaTrainingWatch
{
  const AriettaModelKind *kind;
  guint                   n_takes;
  guint64                 seed;
  GPtrArray              *held;      /* AriettaPiece, until measured */
  double                  people;
};

AriettaTrainingWatch *
arietta_training_watch_new (const AriettaModelKind *kind,
                            guint                   n_takes,
                            guint64                 seed)
{
  AriettaTrainingWatch *self;

  if ((kind->write == NULL && (kind->draw_latent == NULL || kind->decode == NULL)) || n_takes == 0)
    return NULL;

  self = g_new0 (AriettaTrainingWatch, 1);
  self->kind = kind;
  self->n_takes = n_takes;
  self->seed = seed;
  self->held = g_ptr_array_new_with_free_func ((GDestroyNotify) arietta_piece_unref);
  self->people = NAN;

  return self;
}

void
arietta_training_watch_free (AriettaTrainingWatch *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->held);
  g_free (self);
}

void
arietta_training_watch_add_held (AriettaTrainingWatch *self,
                                 AriettaPiece         *heard)
{
  if (self->held->len < MOST_HELD)
    g_ptr_array_add (self->held, arietta_piece_ref (heard));
}

static double
share_of (const AriettaCopiedCount *count)
{
  guint n = count->passages + count->drum_passages;

  return n > 0 ? (double) (count->copied + count->drum_copied) / n : NAN;
}

static AriettaPiece *
write_take (AriettaTrainingWatch *self,
            gpointer              net,
            guint                 nth,
            AriettaRandom        *random)
{
  const char * const  *styles = self->kind->get_styles != NULL ? self->kind->get_styles (net) : NULL;
  guint                n_styles = styles != NULL ? g_strv_length ((char **) styles) : 0;
  AriettaWriteSettings settings = {
    .bars = TAKE_BARS,
    .numerator = 4,
    .denominator = 4,
    .key = ARIETTA_TONALITY_NONE,   /* any: what is asked for may be written several times over */
    .style = n_styles > 0 ? styles[nth * n_styles / self->n_takes] : NULL,
    .style_weight = 1.0,
    .temperature = 1.0,
    .tempo_bpm = 120.0,
  };

  return self->kind->write (net, &settings, random, NULL, NULL, NULL);
}

/* Points in a row, drawn as they are before a prior is fitted. */
static AriettaPiece *
draw_take (AriettaTrainingWatch *self,
           gpointer              net,
           AriettaRandom        *random)
{
  guint                     size = self->kind->get_latent_size (net), bars = self->kind->get_window_bars (net);
  guint                     n = MAX (1, TAKE_BARS / bars);
  g_autofree float         *points = g_new (float, (gsize) n * size);
  g_autofree AriettaWindow *windows = g_new0 (AriettaWindow, n);
  AriettaDecodeSettings     settings = { .temperature = 1.0, .key = ARIETTA_TONALITY_NONE, .tempo_bpm = 120.0 };

  for (guint i = 0; i < n; i++)
    {
      windows[i] = (AriettaWindow) { .n_steps = 16 * bars, .n_bars = bars, .numerator = 4, .denominator = 4,
                                     .key = { .tonic = 0, .scale = ARIETTA_SCALE_MAJOR } };
      self->kind->draw_latent (net, NULL, 0.0, random, points + (gsize) i * size);
    }

  return self->kind->decode (net, points, windows, n, &settings, random, NULL);
}

AriettaTrainingWatched
arietta_training_watch_measure (AriettaTrainingWatch *self,
                                gpointer              net,
                                AriettaCopied        *known)
{
  AriettaTrainingWatched watched = { 0 };
  AriettaCopiedCount     count = { 0 };
  AriettaRandom          random;
  guint                  n;

  if (self->held->len > 0)
    {
      AriettaCopiedCount people = { 0 };

      for (guint i = 0; i < self->held->len; i++)
        arietta_copied_measure (known, self->held->pdata[i], &people);
      self->people = share_of (&people);
      g_ptr_array_set_size (self->held, 0);
    }

  arietta_random_init (&random, self->seed, "watch");
  if (self->kind->ready != NULL)
    self->kind->ready (net);
  for (guint i = 0; i < self->n_takes; i++)
    {
      g_autoptr(AriettaPiece) take = self->kind->write != NULL ? write_take (self, net, i, &random)
                                                               : draw_take (self, net, &random);

      if (take != NULL)
        arietta_copied_measure (known, take, &count);
    }

  n = count.passages + count.drum_passages;
  watched.share = share_of (&count);
  watched.people = self->people;
  if (n > 0 && isfinite (self->people))
    {
      double bar = MAX (self->people, ALWAYS);

      watched.memorises = watched.share > bar + DEVIATIONS * sqrt (bar * (1.0 - bar) / n);
    }
  g_debug ("watched: %.3f of %u passages are copies, people's %.3f", watched.share, n, watched.people);

  return watched;
}
