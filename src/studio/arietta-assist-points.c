/* Assisting by a model whose windows are points of a latent space: what is there is moved a little, what is
 * to come grows from what stands around it. */
#define G_LOG_DOMAIN "arietta-studio"

#include "studio/arietta-assist-private.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "analysis/arietta-key-finder.h"
#include "analysis/arietta-melody.h"
#include "base/arietta-error.h"
#include "music/arietta-bar-map.h"
#include "music/arietta-track-verbs.h"
#include "studio/arietta-latent.h"
#include "studio/arietta-plan.h"
#include "studio/arietta-studio-error.h"

#define DRUM_CHANNEL   9
#define MELODY_CENTRE  72     /* the pitch a new melody lies around */
#define PHRASE_WINDOWS 4      /* behind the last of which it goes on as it came */
#define TRIES          6      /* of a window that is to agree with what sounds beside it */
#define SIMPLER        2.0    /* deviations of density and syncopation at full amount */

/* One track of the work. */
typedef struct
{
  const AriettaAssistWork *work;
  AriettaTonality          key;
  gboolean                 drums;
  guint                    size;          /* of a point */
  gint64                   start, end;    /* ticks of the bars */
  AriettaBarMap           *bars;
  float                   *points;        /* of what is there (n_there,size) */
  AriettaWindow           *there;
  guint                    n_there;
  float                   *centre;        /* of the draws */
  GArray                  *notes;         /* AriettaNote: new, in the piece's ticks */
  guint                    track;         /* or ARIETTA_FILL_NEW_TRACK */
  gboolean                 moves;         /* what is there, instead of writing anew */
  gboolean                 last;          /* of the tracks */
  AriettaPiece            *done;          /* with the tracks before */
} Line;

gboolean
arietta_assist_can_by_points (AriettaModel      *model,
                              AriettaAssistTask  task)
{
  AriettaModelAbilities abilities = arietta_model_get_abilities (model);

  if ((abilities & ARIETTA_MODEL_HAS_LATENT) == 0 || task == ARIETTA_ASSIST_BASS || task == ARIETTA_ASSIST_ARRANGE)
    return FALSE;
  if (task == ARIETTA_ASSIST_SIMPLIFY)
    return arietta_model_get_attribute_vector (model, "density") != NULL;
  if (task == ARIETTA_ASSIST_RESTYLE)
    return arietta_model_get_styles (model)[0] != NULL;

  return task != ((abilities & ARIETTA_MODEL_WRITES_DRUMS) != 0 ? ARIETTA_ASSIST_MELODY : ARIETTA_ASSIST_DRUMS);
}

static void
line_clear (Line *self)
{
  g_clear_pointer (&self->bars, arietta_bar_map_free);
  g_clear_pointer (&self->points, g_free);
  g_clear_pointer (&self->there, g_free);
  g_clear_pointer (&self->centre, g_free);
  g_clear_pointer (&self->notes, g_array_unref);
  g_clear_pointer (&self->done, arietta_piece_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Line, line_clear)

/* The piece with the notes of one track alone. */
static AriettaPiece *
copy_track (AriettaPiece *piece,
            guint         nth)
{
  AriettaPiece *copy = arietta_piece_copy (piece);

  for (guint t = arietta_piece_get_n_tracks (copy); t-- > 0;)
    if (t != nth)
      arietta_piece_remove_track (copy, t);

  return arietta_piece_freeze (copy);
}

/* A window at a point, its notes between @first and @last appended to @notes. */
static gboolean
decode (Line                 *self,
        const float          *point,
        const AriettaWindow  *window,
        gint64                first,
        gint64                last,
        GArray               *notes,
        GError              **error)
{
  const AriettaAssistRequest *request = self->work->request;
  gint64                      tpq = arietta_piece_get_ticks_per_quarter (self->work->piece);
  const AriettaDecodeSettings settings = {
    .temperature = request->adventure,
    .key = request->in_scale && !self->drums ? self->key : ARIETTA_TONALITY_NONE,
    .tempo_bpm = 120.0,
  };
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

/* Denser or sparser than it comes, where that is asked for and the model knows how: half a deviation a class. */
static void
change_density (const Line *self,
                float      *point)
{
  const float *vector = arietta_model_get_attribute_vector (self->work->model, "density");
  int          density = self->work->request->density;

  for (guint i = 0; density > 0 && vector != NULL && i < self->size; i++)
    point[i] += (float) (0.5 * (density - 5)) * vector[i];
}

/* The work as far as it is done, for who listens; @bar is the first that is not. */
static void tell (Line  *self,
                  guint  bar);

/* --- what is there, moved --- */

static void
move_point (Line        *self,
            const float *from,
            float       *to)
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
  else if (self->work->task == ARIETTA_ASSIST_RESTYLE)
    {
      if (!arietta_model_carry_latent (model, self->work->style, from, other))
        return;
      for (guint i = 0; i < self->size; i++)
        to[i] += (float) amount * (other[i] - from[i]);
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

static gboolean
move_what_is_there (Line    *self,
                    GError **error)
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
      change_density (self, point);
      if (!decode (self, point, window, MAX (self->start, window->start_ticks), MIN (self->end, end), self->notes,
                   error))
        return FALSE;
      tell (self, arietta_bar_map_find (self->bars, end));
    }
  if (!any)
    arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_NOTHING, NULL, NULL,
                       _("There are no notes in these bars for the model to go by."));

  return any;
}

/* --- what is to come --- */

/* As many bars of one metre as a window holds, from bar @bar on. */
static AriettaWindow
lay_window (Line  *self,
            guint  bar,
            guint  end)
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
find_neighbours (Line *self,
                 int  *before,
                 int  *behind)
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
grow_point (Line                    *self,
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

/* The share of notes that sound in other parts of the piece too, as pitch classes; below 0 when nothing else
 * sounds. */
static double
agree (Line   *self,
       GArray *notes)
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

static gboolean
write_what_comes (Line    *self,
                  GError **error)
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
          change_density (self, point);
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
      tell (self, bar);
    }

  return TRUE;
}

/* --- putting in place --- */

/* New notes by octaves to where the part lies. */
static void
settle (GArray *notes,
        double  centre)
{
  double sum = 0.0;
  int    shift;

  for (guint i = 0; i < notes->len; i++)
    sum += g_array_index (notes, AriettaNote, i).pitch;
  if (notes->len == 0)
    return;

  shift = 12 * (int) lround ((centre - sum / notes->len) / 12.0);
  for (guint i = 0; i < notes->len; i++)
    {
      AriettaNote *note = &g_array_index (notes, AriettaNote, i);

      note->pitch = (guint8) CLAMP (note->pitch + shift, 0, 127);
    }
}

static double
find_centre (const AriettaNote *notes,
             guint              n)
{
  double sum = 0.0;

  for (guint i = 0; i < n; i++)
    sum += notes[i].pitch;

  return n > 0 ? sum / n : MELODY_CENTRE;
}

/* A line has one note at a time: new notes give way to what stays. */
static gboolean
is_free (const Line        *self,
         const AriettaNote *kept,
         guint              n,
         AriettaNote       *note)
{
  for (guint i = 0; i < n; i++)
    {
      gint64 end = kept[i].onset_ticks + kept[i].duration_ticks;

      if (self->drums ? kept[i].onset_ticks == note->onset_ticks && kept[i].pitch == note->pitch
                      : kept[i].onset_ticks <= note->onset_ticks && end > note->onset_ticks)
        return FALSE;
      if (!self->drums && kept[i].onset_ticks > note->onset_ticks)
        note->duration_ticks = MIN (note->duration_ticks, kept[i].onset_ticks - note->onset_ticks);
    }

  return TRUE;
}

/* @track is one of @result's, or a new one that has none yet. */
static void
put (const Line   *self,
     AriettaTrack *track,
     int           channel,
     int           program)
{
  g_autoptr(GArray)  placed = g_array_new (FALSE, FALSE, sizeof (AriettaNote));
  guint              n, n_kept;
  const AriettaNote *notes = arietta_track_get_notes (track, &n);

  for (guint i = 0; i < n; i++)
    if (notes[i].onset_ticks < self->start || notes[i].onset_ticks >= self->end
        || (notes[i].flags & ARIETTA_NOTE_LOCKED) != 0)
      g_array_append_val (placed, notes[i]);
  n_kept = placed->len;
  for (guint i = 0; i < self->notes->len; i++)
    {
      AriettaNote note = g_array_index (self->notes, AriettaNote, i);

      note.channel = (guint8) channel;
      note.program = (guint8) program;
      if (is_free (self, (const AriettaNote *) (gpointer) placed->data, n_kept, &note))
        g_array_append_val (placed, note);
    }
  arietta_track_take_notes (track, g_steal_pointer (&placed));
}

/* Where new notes lie: a part that is moved is left where the model put it. */
static void
settle_line (Line   *self,
             GArray *notes)
{
  guint              n;
  const AriettaNote *there;

  if (self->drums || self->moves)
    return;
  if (self->track == ARIETTA_FILL_NEW_TRACK)
    {
      settle (notes, MELODY_CENTRE);
      return;
    }
  there = arietta_track_get_notes (arietta_piece_get_track (self->work->piece, self->track), &n);
  settle (notes, find_centre (there, n));
}

/* The notes of the line so far into a copy of what is done already; of a new part the track is made. */
static AriettaPiece *
place (Line         *self,
       AriettaPiece *piece)
{
  AriettaPiece *result = arietta_piece_copy (piece);
  AriettaTrack *track;

  if (self->track == ARIETTA_FILL_NEW_TRACK)
    {
      int channel = self->drums ? DRUM_CHANNEL : arietta_tracks_find_free_channel (piece);

      track = arietta_piece_add_track (result, self->drums ? _("Drums") : _("Melody"));
      put (self, track, channel, 0);
    }
  else
    {
      track = arietta_piece_get_track (result, self->track);
      put (self, track, self->drums ? DRUM_CHANNEL : arietta_track_get_channel (track),
           arietta_track_get_program (track));
    }

  return arietta_piece_freeze (result);
}

static void
tell (Line  *self,
      guint  bar)
{
  const AriettaAssistWork *work = self->work;
  g_autoptr(GArray)        all = NULL;
  g_autoptr(AriettaPiece)  so_far = NULL;
  gint64                   end = self->end;

  /* Of several parts the last makes bars whole. */
  if (work->request->filled == NULL || !self->last || bar <= work->first_bar || bar >= work->first_bar + work->n_bars)
    return;

  all = g_steal_pointer (&self->notes);
  self->notes = g_array_new (FALSE, FALSE, sizeof (AriettaNote));
  g_array_append_vals (self->notes, all->data, all->len);
  settle_line (self, self->notes);
  self->end = arietta_bar_map_get_start (self->bars, bar);
  so_far = place (self, self->done);
  self->end = end;
  g_array_unref (self->notes);
  self->notes = g_steal_pointer (&all);
  work->request->filled (so_far, bar - work->first_bar, work->request->filled_data);
}

static gboolean
write_track (Line    *self,
             guint    track,
             GError **error)
{
  const AriettaAssistWork *work = self->work;

  self->track = track;
  g_clear_pointer (&self->points, g_free);
  g_clear_pointer (&self->there, g_free);
  self->n_there = 0;
  g_array_set_size (self->notes, 0);
  if (track != ARIETTA_FILL_NEW_TRACK)
    {
      g_autoptr(AriettaPiece) alone = copy_track (work->piece, track);
      g_autoptr(GError)       local_error = NULL;

      if (!arietta_model_encode (work->model, alone, &self->points, &self->there, &self->n_there, &local_error)
          && self->moves)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
    }

  if (!(self->moves ? move_what_is_there (self, error) : write_what_comes (self, error)))
    return FALSE;
  settle_line (self, self->notes);

  return TRUE;
}

/* Which tracks: those asked for that the model can read; else the melody, or the first percussion. */
static GArray *
choose_tracks (const AriettaAssistWork *work,
               gboolean                 drums)
{
  GArray *tracks = g_array_new (FALSE, FALSE, sizeof (guint));
  guint   n_tracks = arietta_piece_get_n_tracks (work->piece), melody;
  int     channel;

  for (guint i = 0; i < work->request->n_tracks; i++)
    {
      guint t = work->request->tracks[i];

      if (t < n_tracks && arietta_track_is_percussion (arietta_piece_get_track (work->piece, t)) == drums)
        g_array_append_val (tracks, t);
    }
  if (work->request->n_tracks > 0)
    return tracks;

  if (!drums && arietta_melody_find_part (work->piece, &melody, &channel))
    g_array_append_val (tracks, melody);
  for (guint t = 0; drums && t < n_tracks && tracks->len == 0; t++)
    if (arietta_track_is_percussion (arietta_piece_get_track (work->piece, t)))
      g_array_append_val (tracks, t);

  return tracks;
}

AriettaPiece *
arietta_assist_by_points (const AriettaAssistWork  *work,
                          GError                  **error)
{
  AriettaModelAbilities   abilities = arietta_model_get_abilities (work->model);
  gboolean                fresh = work->task == ARIETTA_ASSIST_MELODY || work->task == ARIETTA_ASSIST_DRUMS;
  g_auto(Line)            line = {
    .work = work,
    .drums = (abilities & ARIETTA_MODEL_WRITES_DRUMS) != 0,
    .key = work->request->key,
    .size = arietta_model_get_latent_size (work->model),
    .bars = arietta_bar_map_new (work->piece),
    .notes = g_array_new (FALSE, FALSE, sizeof (AriettaNote)),
    .moves = work->task == ARIETTA_ASSIST_VARY || work->task == ARIETTA_ASSIST_SIMPLIFY
             || work->task == ARIETTA_ASSIST_RESTYLE,
    .last = TRUE,
    .done = arietta_piece_ref (work->piece),
    .centre = arietta_latent_dup_centre (work->model, work->style, 1.0),
  };
  g_autoptr(GArray)       tracks = NULL;

  if (line.key.tonic < 0)
    line.key = arietta_key_finder_estimate (work->piece, NULL);
  line.start = arietta_bar_map_get_start (line.bars, work->first_bar);
  line.end = arietta_bar_map_get_start (line.bars, work->first_bar + work->n_bars);
  if (fresh)
    {
      if (!write_track (&line, ARIETTA_FILL_NEW_TRACK, error))
        return NULL;
      return place (&line, line.done);
    }

  tracks = choose_tracks (work, line.drums);
  if (tracks->len == 0)
    {
      arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_NOTHING, NULL, NULL,
                         line.drums ? _("There is no drum track for this model to go by.")
                                    : _("There is no melody for this model to go by."));
      return NULL;
    }
  for (guint i = 0; i < tracks->len; i++)
    {
      AriettaPiece *done;

      line.last = i + 1 == tracks->len;
      if (!write_track (&line, g_array_index (tracks, guint, i), error))
        return NULL;
      done = place (&line, line.done);
      arietta_piece_unref (line.done);
      line.done = done;
    }

  return g_steal_pointer (&line.done);
}
