/* What the lanes above the roll show: the piece's markers, metres, tempos, and its chords, written or found. */
#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-compose-page-private.h"

#include "analysis/arietta-chord-finder.h"
#include "music/arietta-marks.h"
#include "views/arietta-load.h"

static void
fill_markers (AriettaComposePage *self)
{
  g_autoptr(GPtrArray) markers = arietta_marks_get_markers (self->shown_piece);
  g_autofree AriettaPoint *points = g_new0 (AriettaPoint, markers->len + 1);

  for (guint i = 0; i < markers->len; i++)
    {
      const AriettaMarker *marker = markers->pdata[i];

      points[i] = (AriettaPoint) { .tick = marker->tick, .text = marker->name };
    }
  arietta_point_lane_set_points (self->marker_lane, points, markers->len);
}

static void
fill_meters (AriettaComposePage *self)
{
  guint n;
  const AriettaMeter *meters = arietta_piece_get_meters (self->shown_piece, &n);
  g_autofree AriettaPoint *points = g_new0 (AriettaPoint, n + 1);
  g_auto(GStrv) texts = g_new0 (char *, n + 2);
  guint k = 0;

  if (n == 0 || meters[0].tick > 0)
    {
      texts[0] = g_strdup ("4/4");
      points[k++] = (AriettaPoint) { .tick = 0, .text = texts[0], .faint = TRUE };
    }
  for (guint i = 0; i < n; i++, k++)
    {
      texts[k] = g_strdup_printf ("%d/%d", meters[i].numerator, 1 << meters[i].denominator_log2);
      points[k] = (AriettaPoint) { .tick = meters[i].tick, .text = texts[k] };
    }
  arietta_point_lane_set_points (self->meter_lane, points, k);
}

static void
fill_tempos (AriettaComposePage *self)
{
  guint n;
  const AriettaTempo *tempos = arietta_piece_get_tempos (self->shown_piece, &n);
  g_autofree AriettaPoint *points = g_new0 (AriettaPoint, n + 1);
  g_auto(GStrv) texts = g_new0 (char *, n + 2);
  guint k = 0;

  if (n == 0 || tempos[0].tick > 0)
    {
      texts[0] = g_strdup ("120");
      points[k++] = (AriettaPoint) { .tick = 0, .value = 120, .text = texts[0], .faint = TRUE };
    }
  for (guint i = 0; i < n; i++, k++)
    {
      double value = 60e6 / tempos[i].us_per_quarter;

      texts[k] = g_strdup_printf ("%.4g", value);
      points[k] = (AriettaPoint) { .tick = tempos[i].tick, .value = value, .text = texts[k] };
    }
  arietta_point_lane_set_points (self->tempo_lane, points, k);
}

/* Chords that were written, or else those that were found, which look fainter. */
static void
fill_chords (AriettaComposePage *self)
{
  g_autoptr(GArray) written = arietta_marks_get_chords (self->shown_piece);
  gboolean found = written->len == 0 && self->found_chords != NULL;
  GArray *chords = found ? self->found_chords : written;
  g_autofree AriettaPoint *points = g_new0 (AriettaPoint, chords->len + 1);
  g_auto(GStrv) texts = g_new0 (char *, chords->len + 1);

  for (guint i = 0; i < chords->len; i++)
    {
      const AriettaChordMark *mark = &g_array_index (chords, AriettaChordMark, i);

      texts[i] = arietta_chord_dup_name (&mark->chord);
      points[i] = (AriettaPoint) { .tick = mark->tick, .text = texts[i], .faint = found };
    }
  arietta_point_lane_set_points (self->chord_lane, points, chords->len);
  arietta_page_enable_action (ARIETTA_PAGE (self), "forget-chords", self->composition != NULL && written->len > 0);
  arietta_page_enable_action (ARIETTA_PAGE (self), "write-chords", self->composition != NULL && found &&
                                                                     chords->len > 0);
}

static gpointer
find_chords (gpointer   data,
             GError   **error)
{
  return arietta_chord_finder_find (data);
}

static void
chords_found_cb (gpointer      owner,
                 gpointer      result,
                 const GError *error)
{
  AriettaComposePage *self = owner;

  g_clear_pointer (&self->found_chords, g_array_unref);
  self->found_chords = result;
  if (self->shown_piece != NULL)
    fill_chords (self);
}

static void
look_for_chords (AriettaComposePage *self)
{
  g_cancellable_cancel (self->chord_search);
  g_clear_object (&self->chord_search);
  if (!gtk_widget_get_visible (GTK_WIDGET (self->chord_lane)))
    return;
  self->chord_search = g_cancellable_new ();
  arietta_load_async (self, self->chord_search, find_chords, arietta_piece_ref (self->shown_piece),
                      (GDestroyNotify) arietta_piece_unref, (GDestroyNotify) g_array_unref, chords_found_cb);
}

void
arietta_compose_page_update_lanes (AriettaComposePage *self)
{
  if (self->shown_piece == NULL)
    return;
  fill_markers (self);
  fill_meters (self);
  fill_tempos (self);
  fill_chords (self);
  look_for_chords (self);
}
