/* New notes of one track by points: what is there is moved a little, what is to come grows from
 * what stands around it. */
#define G_LOG_DOMAIN "arietta-studio"

#include "studio/arietta-assist-points-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/arietta-error.h"
#include "studio/arietta-latent.h"
#include "studio/arietta-plan.h"
#include "studio/arietta-studio-error.h"

#define DRUM_CHANNEL   9
#define PHRASE_WINDOWS 4      /* behind the last of which it goes on as it came */
#define TRIES          6      /* of a window that is to agree with what sounds beside it */
#define SIMPLER        2.0    /* deviations of density and syncopation at full amount */

AriettaDecodeSettings
arietta_assist_line_get_decode (const AriettaAssistLine *self)
{
  const AriettaAssistRequest *request = self->work->request;

  return (AriettaDecodeSettings) {
    .temperature = request->adventure,
    .key = request->in_scale && !self->drums ? self->key : ARIETTA_TONALITY_NONE,
    .tempo_bpm = 120.0,
  };
}

/* A window at a point, its notes between @first and @last appended to @notes. */
static gboolean
decode (AriettaAssistLine    *self,
        const float          *point,
        const AriettaWindow  *window,
        gint64                first,
        gint64                last,
        GArray               *notes,
        GError              **error)
{
  gint64                      tpq = arietta_piece_get_ticks_per_quarter (self->work->piece);
  const AriettaDecodeSettings settings = arietta_assist_line_get_decode (self);
  g_autoptr(AriettaPiece)     decoded = NULL;
  const AriettaNote          *from;
  guint                       n;

  decoded = arietta_model_decode (self->work->model, point, window, 1, &settings, self->work->random, error);
  if (decoded == NULL)
    return FALSE;

  for (guint t = 0; t < arietta_piece_get_n_tracks (decoded); t++)
    {
      from = arietta_track_get_notes (arietta_piece_get_track (decoded, t), &n);
      for (guint i = 0; i < n; i++)
        {
          AriettaNote note = from[i];

          note.onset_ticks = window->start_ticks + note.onset_ticks * tpq / ARIETTA_TICKS_PER_QUARTER;
          note.duration_ticks = MAX (note.duration_ticks * tpq / ARIETTA_TICKS_PER_QUARTER, 1);
          note.duration_ticks = MIN (note.duration_ticks, last - note.onset_ticks);
          if (note.onset_ticks >= first && note.onset_ticks < last)
            g_array_append_val (notes, note);
        }
    }

  return TRUE;
}

/* Denser or sparser than it comes, where that is asked for and the model knows how: half a
 * deviation a class. */
void
arietta_assist_line_change_density (const AriettaAssistLine *self,
                                    float                   *point)
{
  const float *vector = arietta_model_get_attribute_vector (self->work->model, "density");
  int          density = self->work->request->density;

  for (guint i = 0; density > 0 && vector != NULL && i < self->size; i++)
    point[i] += (float) (0.5 * (density - 5)) * vector[i];
}

static void
move_point (AriettaAssistLine *self,
            const float       *from,
            float             *to)
{
  AriettaModel     *model = self->work->model;
  double            amount = self->work->request->amount;
  g_autofree float *other = g_new0 (float, self->size);

  memcpy (to, from, self->size * sizeof *to);
  if (self->work->task == ARIETTA_ASSIST_VARY)
    {
      arietta_model_draw_latent (model, self->work->style, 1.0, self->work->random, other);
      arietta_latent_step (to, from, other, self->centre, amount, self->size);
    }
  else
    {
      static const char * const less[] = { "density", "syncopation" };

      for (guint a = 0; a < G_N_ELEMENTS (less); a++)
        {
          const float *vector = arietta_model_get_attribute_vector (model, less[a]);

          for (guint i = 0; vector != NULL && i < self->size; i++)
            to[i] -= (float) (SIMPLER * amount) * vector[i];
        }
    }
}

void
arietta_assist_line_refuse (GError **error)
{
  arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_NOTHING, NULL, NULL,
                     _("There are no notes in these bars for the model to go by."));
}

gboolean
arietta_assist_line_move (AriettaAssistLine  *self,
                          GError            **error)
{
  gint64            tpq = arietta_piece_get_ticks_per_quarter (self->work->piece);
  g_autofree float *point = g_new (float, self->size);
  gboolean          any = FALSE;

  for (guint w = 0; w < self->n_there; w++)
    {
      const AriettaWindow *window = &self->there[w];
      gint64               end = window->start_ticks + (gint64) window->n_steps * tpq / 4;

      if (end <= self->start || window->start_ticks >= self->end)
        continue;
      any = TRUE;
      move_point (self, self->points + (gsize) w * self->size, point);
      arietta_assist_line_change_density (self, point);
      if (!decode (self, point, window, MAX (self->start, window->start_ticks), MIN (self->end, end), self->notes,
                   error))
        return FALSE;
      arietta_assist_line_tell (self, arietta_bar_map_find (self->bars, end));
    }
  if (!any)
    arietta_assist_line_refuse (error);

  return any;
}

/* As many bars of one metre as a window holds, from bar @bar on. */
static AriettaWindow
lay_window (AriettaAssistLine *self,
            guint              bar,
            guint              end)
{
  AriettaPiece *piece = self->work->piece;
  gint64        tpq = arietta_piece_get_ticks_per_quarter (piece);
  gint64        start = arietta_bar_map_get_start (self->bars, bar);
  AriettaMeter  meter = arietta_piece_get_meter_at (piece, start);
  guint         n = 1, most = arietta_model_get_window_bars (self->work->model);

  while (n < most && bar + n < end)
    {
      AriettaMeter next = arietta_piece_get_meter_at (piece, arietta_bar_map_get_start (self->bars, bar + n));

      if (next.numerator != meter.numerator || next.denominator_log2 != meter.denominator_log2)
        break;
      n++;
    }

  return (AriettaWindow) {
    .start_ticks = start,
    .n_steps = (guint) ((arietta_bar_map_get_start (self->bars, bar + n) - start) * 4 / tpq),
    .n_bars = n,
    .numerator = meter.numerator,
    .denominator = 1 << meter.denominator_log2,
    .key = self->key,
  };
}

/* The nearest windows that end before the bars and begin behind them; -1: none. */
static void
find_neighbours (AriettaAssistLine *self,
                 int               *before,
                 int               *behind)
{
  *before = *behind = -1;
  for (guint w = 0; w < self->n_there; w++)
    if (self->there[w].start_ticks < self->start)
      *before = (int) w;
    else if (self->there[w].start_ticks >= self->end && *behind < 0)
      *behind = (int) w;
}

/* Where window @nth of @n grows from. @own has the points so far. */
static void
grow_point (AriettaAssistLine       *self,
            const AriettaPlanWindow *plan,
            guint                    nth,
            guint                    n,
            float                   *own)
{
  const float      *there = self->points;
  gsize             size = self->size;
  float            *to = own + nth * size;
  g_autofree float *draw = g_new (float, size);
  g_autofree float *from = g_new (float, size);
  int               before, behind;

  find_neighbours (self, &before, &behind);
  arietta_model_draw_latent (self->work->model, self->work->style, 1.0, self->work->random, draw);
  if (self->work->task == ARIETTA_ASSIST_CONTINUE && before >= 0)
    {
      guint phrase = MIN (PHRASE_WINDOWS, (guint) before + 1);

      memcpy (from, there + ((guint) before + 1 - phrase + nth % phrase) * size, size * sizeof *from);
      arietta_latent_step (to, from, draw, self->centre, nth % 2 == 0 ? 0.35 : 0.55, self->size);
    }
  else if (self->work->task == ARIETTA_ASSIST_INFILL && (before >= 0 || behind >= 0))
    {
      const float *a = there + (gsize) (before >= 0 ? before : behind) * size;
      const float *b = there + (gsize) (behind >= 0 ? behind : before) * size;

      arietta_latent_slerp (from, a, b, (nth + 1.0) / (n + 1.0), self->size);
      arietta_latent_step (to, from, draw, self->centre, 0.45, self->size);
    }
  else if (plan[nth].source == ARIETTA_PLAN_NEW)
    memcpy (to, draw, size * sizeof *to);
  else
    arietta_latent_step (to, own + plan[nth].source * size, draw, self->centre, plan[nth].distance, self->size);
}

/* The share of notes that sound in other parts of the piece too, as pitch classes; below 0 when
 * nothing else sounds. */
static double
agree (AriettaAssistLine *self,
       GArray            *notes)
{
  AriettaPiece *piece = self->work->piece;
  guint         right = 0, all = 0;

  for (guint i = 0; i < notes->len; i++)
    {
      const AriettaNote *note = &g_array_index (notes, AriettaNote, i);
      guint              classes = 0;

      for (guint t = 0; t < arietta_piece_get_n_tracks (piece); t++)
        {
          guint              n;
          const AriettaNote *other = arietta_track_get_notes (arietta_piece_get_track (piece, t), &n);

          for (guint k = 0; k < n && other[k].onset_ticks <= note->onset_ticks; k++)
            if (other[k].channel != DRUM_CHANNEL
                && other[k].onset_ticks + other[k].duration_ticks > note->onset_ticks)
              classes |= 1u << other[k].pitch % 12;
        }
      all += classes != 0;
      right += (classes >> note->pitch % 12 & 1) != 0;
    }

  return all > 0 ? (double) right / all : -1.0;
}

gboolean
arietta_assist_line_write (AriettaAssistLine  *self,
                           GError            **error)
{
  const AriettaAssistWork      *work = self->work;
  g_autoptr(GArray)             windows = g_array_new (FALSE, FALSE, sizeof (AriettaWindow));
  g_autofree AriettaPlanWindow *plan = NULL;
  g_autofree float             *own = NULL, *point = g_new (float, self->size);
  guint                         bar;

  for (bar = work->first_bar; bar < work->first_bar + work->n_bars;)
    {
      AriettaWindow window = lay_window (self, bar, work->first_bar + work->n_bars);

      g_array_append_val (windows, window);
      bar += window.n_bars;
    }
  bar = work->first_bar;
  plan = arietta_plan_new (windows->len);
  own = g_new (float, (gsize) windows->len * self->size);

  for (guint w = 0; w < windows->len; w++)
    {
      const AriettaWindow *window = &g_array_index (windows, AriettaWindow, w);
      g_autoptr(GArray)    best = NULL;
      double               best_agrees = -2.0;
      guint                tries = work->task == ARIETTA_ASSIST_MELODY ? TRIES : 1;

      grow_point (self, plan, w, windows->len, own);
      for (guint i = 0; i < tries && best_agrees < 1.0; i++)
        {
          g_autoptr(GArray) notes = g_array_new (FALSE, FALSE, sizeof (AriettaNote));
          double            agrees;

          if (!arietta_job_check (work->job))
            return FALSE;
          memcpy (point, own + (gsize) w * self->size, self->size * sizeof *point);
          arietta_assist_line_change_density (self, point);
          if (!decode (self, point, window, self->start, self->end, notes, error))
            return FALSE;
          agrees = tries > 1 ? agree (self, notes) : 0.0;
          if (agrees > best_agrees)
            {
              g_clear_pointer (&best, g_array_unref);
              best = g_steal_pointer (&notes);
              best_agrees = agrees;
            }
          /* Alone it need not agree with anything. */
          if (agrees < 0.0)
            break;
        }
      g_array_append_vals (self->notes, best->data, best->len);
      bar += window->n_bars;
      arietta_assist_line_tell (self, bar);
    }

  return TRUE;
}
