/* One track in another style.  How far that is differs from style to style and from melody to
 * melody, so the place is sought as Style Mix seeks it (studio/arietta-mix-search.h), section by
 * section: the first can be heard while the next is sought. */
#define G_LOG_DOMAIN "arietta-studio"

#include "studio/arietta-assist-points-private.h"

#include "studio/arietta-mix-search.h"

#define SECTION  16     /* bars: enough of a melody for its style to be told */
#define FAR      0.33   /* of what real pieces have */
#define ARRIVING 2.0    /* strength of the mix at full amount: at half of it the style is there as in real pieces */

/* @alone with the notes from @from to @to. */
static AriettaPiece *
copy_section (AriettaPiece *alone,
              gint64        from,
              gint64        to)
{
  AriettaPiece *section = arietta_piece_copy (alone);

  for (guint t = 0; t < arietta_piece_get_n_tracks (section); t++)
    {
      AriettaTrack      *track = arietta_piece_get_track (section, t);
      g_autoptr(GArray)  within = g_array_new (FALSE, FALSE, sizeof (AriettaNote));
      guint              n;
      const AriettaNote *notes = arietta_track_get_notes (track, &n);

      for (guint i = 0; i < n; i++)
        if (notes[i].onset_ticks >= from && notes[i].onset_ticks < to)
          g_array_append_val (within, notes[i]);
      arietta_track_take_notes (track, g_steal_pointer (&within));
    }

  return arietta_piece_freeze (section);
}

/* The notes of the candidate, which has ticks of its own. */
static void
add_notes (AriettaAssistLine *self,
           AriettaPiece      *piece,
           gint64             first,
           gint64             last)
{
  const gint64 tpq = arietta_piece_get_ticks_per_quarter (self->work->piece);
  const gint64 own = arietta_piece_get_ticks_per_quarter (piece);

  for (guint t = 0; t < arietta_piece_get_n_tracks (piece); t++)
    {
      guint              n;
      const AriettaNote *from = arietta_track_get_notes (arietta_piece_get_track (piece, t), &n);

      for (guint i = 0; i < n; i++)
        {
          AriettaNote note = from[i];

          note.onset_ticks = note.onset_ticks * tpq / own;
          note.duration_ticks = MIN (MAX (note.duration_ticks * tpq / own, 1), last - note.onset_ticks);
          if (note.onset_ticks >= first && note.onset_ticks < last)
            g_array_append_val (self->notes, note);
        }
    }
}

/* As Style Mix would; but where that stays far from the style, for what it costs to come nearer,
 * the one that comes nearest: another style was asked for. */
static guint
choose (AriettaMixSearch *search,
        double            amount,
        double            typical)
{
  const double whole = 1.0;
  guint        best = arietta_mix_search_choose (search, &whole, ARRIVING * amount);
  double       nearest = arietta_mix_search_get_nth (search, best)->chances[0];

  if (amount <= 0.0 || (best > 0 && nearest >= FAR * MIN (1.0, ARRIVING * amount) * typical))
    return best;

  for (guint c = 1; c < arietta_mix_search_get_n (search); c++)
    if (best == 0 || arietta_mix_search_get_nth (search, c)->chances[0] > nearest)
      {
        best = c;
        nearest = arietta_mix_search_get_nth (search, c)->chances[0];
      }

  return best;
}

static gboolean
restyle_section (AriettaAssistLine  *self,
                 AriettaPiece       *alone,
                 const float        *shift,
                 gint64              from,
                 gint64              to,
                 GError            **error)
{
  const AriettaAssistWork      *work = self->work;
  const char * const            styles[] = { work->style, NULL };
  const double                  whole = 1.0;
  const AriettaDecodeSettings   decode = arietta_assist_line_get_decode (self);
  g_autoptr(AriettaPiece)       section = copy_section (alone, from, to);
  g_autoptr(AriettaMixSearch)   search = NULL;
  guint                         best;

  search = arietta_mix_search_new (work->model, section, shift, styles, &whole, 1, &decode, work->request->seed, work->job,
                                   error);
  if (search == NULL)
    return FALSE;

  best = choose (search, work->request->amount, arietta_model_get_typical_style (work->model, work->style));
  add_notes (self, arietta_mix_search_get_nth (search, best)->piece, MAX (self->start, from), MIN (self->end, to));
  return TRUE;
}

gboolean
arietta_assist_line_restyle (AriettaAssistLine  *self,
                             AriettaPiece       *alone,
                             GError            **error)
{
  const gint64      tpq = arietta_piece_get_ticks_per_quarter (self->work->piece);
  g_autofree float *shift = g_new0 (float, MAX (self->size, 1));
  gint64            from = -1, to = 0;
  guint             n_bars = 0;

  arietta_assist_line_change_density (self, shift);
  for (guint w = 0; w < self->n_there; w++)
    {
      const AriettaWindow *window = &self->there[w];
      gint64               end = window->start_ticks + (gint64) window->n_steps * tpq / 4;

      if (end <= self->start || window->start_ticks >= self->end)
        continue;
      from = n_bars == 0 ? window->start_ticks : from;
      to = end;
      n_bars += window->n_bars;
      /* A few bars that would be left over at the end belong to the section before. */
      if (n_bars < SECTION
          || arietta_bar_map_find (self->bars, self->end - 1) < arietta_bar_map_find (self->bars, to) + SECTION / 2)
        continue;
      if (!restyle_section (self, alone, shift, from, to, error))
        return FALSE;
      arietta_assist_line_tell (self, arietta_bar_map_find (self->bars, to));
      n_bars = 0;
    }

  if (from < 0)
    {
      arietta_assist_line_refuse (error);
      return FALSE;
    }

  return n_bars == 0 || restyle_section (self, alone, shift, from, to, error);
}
