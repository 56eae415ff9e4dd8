#define G_LOG_DOMAIN "arietta-widgets"

#include "widgets/arietta-map-view-private.h"

#include <glib/gi18n.h>
#include <math.h>

#define CELLS ARIETTA_MAP_CELLS
#define MAX_ZOOM 400.0   /* times the scale that fits */

G_DEFINE_FINAL_TYPE (AriettaMapView, arietta_map_view, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_TOOL,
  PROP_NARROW,
  N_PROPS
};

enum
{
  SIGNAL_POINT_ACTIVATED,
  SIGNAL_POINT_HOVERED,
  SIGNAL_PATH_DRAWN,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static const char *const TOOLS[] = { "pick", "path", "pan" };

static int
cell_of (double world)
{
  return CLAMP ((int) floor ((world + 1.0) / 2.0 * CELLS), 0, CELLS - 1);
}

/* Counting sort of the marks into a grid. */
static void
index_marks (AriettaMapView *self)
{
  guint *fill;

  g_free (self->cell_starts);
  g_free (self->cell_marks);
  self->cell_starts = g_new0 (guint, CELLS * CELLS + 1);
  self->cell_marks = g_new (guint, MAX (self->n_marks, 1));

  for (guint i = 0; i < self->n_marks; i++)
    self->cell_starts[cell_of (self->marks[i].y) * CELLS + cell_of (self->marks[i].x) + 1]++;
  for (int c = 0; c < CELLS * CELLS; c++)
    self->cell_starts[c + 1] += self->cell_starts[c];

  fill = g_memdup2 (self->cell_starts, (CELLS * CELLS + 1) * sizeof (guint));
  for (guint i = 0; i < self->n_marks; i++)
    self->cell_marks[fill[cell_of (self->marks[i].y) * CELLS + cell_of (self->marks[i].x)]++] = i;
  g_free (fill);
}

static double
fitting_scale (AriettaMapView *self)
{
  double side = MIN (gtk_widget_get_width (GTK_WIDGET (self)), gtk_widget_get_height (GTK_WIDGET (self)));

  return MAX (side - 48, 48) / 2.0;
}

static void
repaint (AriettaMapView *self)
{
  g_clear_object (&self->texture);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
scale_factor_cb (AriettaMapView *self)
{
  g_clear_pointer (&self->raster, arietta_mark_raster_free);
  repaint (self);
}

void
arietta_map_view_to_widget (AriettaMapView *self,
                            guint           index,
                            double         *x,
                            double         *y)
{
  const AriettaMapMark *mark = &self->marks[index];

  *x = gtk_widget_get_width (GTK_WIDGET (self)) / 2.0 + (mark->x - self->center_x) * self->scale;
  *y = gtk_widget_get_height (GTK_WIDGET (self)) / 2.0 - (mark->y - self->center_y) * self->scale;
}

/* Fewer marks are larger, and they grow a little on the way in. */
double
arietta_map_view_get_radius (AriettaMapView *self)
{
  double radius = self->n_marks <= 300 ? 6.0 : self->n_marks <= 3000 ? 4.5 : self->n_marks <= 20000 ? 3.2 : 2.2;
  double zoom = self->scale / fitting_scale (self);

  radius = MIN (radius * pow (MAX (zoom, 0.5), 0.3), 8.0);

  /* Quarters of a pixel, so that the stamps are not drawn anew at every step. */
  return round ((radius + (self->narrow ? 1.0 : 0.0)) * 4) / 4;
}

guint
arietta_map_view_find (AriettaMapView *self,
                       double          x,
                       double          y,
                       double          reach)
{
  double world_x = self->center_x + (x - gtk_widget_get_width (GTK_WIDGET (self)) / 2.0) / self->scale;
  double world_y = self->center_y - (y - gtk_widget_get_height (GTK_WIDGET (self)) / 2.0) / self->scale;
  double best = reach / self->scale * reach / self->scale;
  guint found = ARIETTA_MAP_NONE;

  if (self->n_marks == 0)
    return found;

  for (int row = cell_of (world_y - reach / self->scale); row <= cell_of (world_y + reach / self->scale); row++)
    for (int column = cell_of (world_x - reach / self->scale); column <= cell_of (world_x + reach / self->scale);
         column++)
      for (guint k = self->cell_starts[row * CELLS + column]; k < self->cell_starts[row * CELLS + column + 1]; k++)
        {
          const AriettaMapMark *mark = &self->marks[self->cell_marks[k]];
          double dx = mark->x - world_x, dy = mark->y - world_y;

          if (!mark->hidden && dx * dx + dy * dy <= best)
            {
              best = dx * dx + dy * dy;
              found = self->cell_marks[k];
            }
        }

  return found;
}

void
arietta_map_view_move (AriettaMapView *self,
                       double          center_x,
                       double          center_y,
                       double          scale)
{
  double fitting = fitting_scale (self);

  scale = CLAMP (scale, fitting * 0.5, fitting * MAX_ZOOM);
  center_x = CLAMP (center_x, -1.2, 1.2);
  center_y = CLAMP (center_y, -1.2, 1.2);
  if (scale == self->scale && center_x == self->center_x && center_y == self->center_y)
    return;

  self->scale = scale;
  self->center_x = center_x;
  self->center_y = center_y;
  self->fitted = FALSE;
  repaint (self);
}

void
arietta_map_view_zoom_around (AriettaMapView *self,
                              double          factor,
                              double          x,
                              double          y)
{
  double dx = x - gtk_widget_get_width (GTK_WIDGET (self)) / 2.0;
  double dy = y - gtk_widget_get_height (GTK_WIDGET (self)) / 2.0;
  double fitting = fitting_scale (self);
  double scale = CLAMP (self->scale * factor, fitting * 0.5, fitting * MAX_ZOOM);

  arietta_map_view_move (self,
                         self->center_x + dx / self->scale - dx / scale,
                         self->center_y - dy / self->scale + dy / scale,
                         scale);
}

void
arietta_map_view_set_hovered (AriettaMapView *self,
                              guint           index)
{
  if (self->hovered == index)
    return;

  self->hovered = index;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit (self, signals[SIGNAL_POINT_HOVERED], 0, index);
}

void
arietta_map_view_emit_activated (AriettaMapView *self,
                                 guint           index)
{
  g_signal_emit (self, signals[SIGNAL_POINT_ACTIVATED], 0, index);
}

void
arietta_map_view_emit_path (AriettaMapView *self,
                            guint           from,
                            guint           to)
{
  arietta_map_view_set_path (self, from, to, -1);
  g_signal_emit (self, signals[SIGNAL_PATH_DRAWN], 0, from, to);
}

static void
arietta_map_view_measure (GtkWidget      *widget,
                          GtkOrientation  orientation,
                          int             for_size,
                          int            *minimum,
                          int            *natural,
                          int            *minimum_baseline,
                          int            *natural_baseline)
{
  *minimum = 0;
  *natural = 0;
}

static void
arietta_map_view_size_allocate (GtkWidget *widget,
                                int        width,
                                int        height,
                                int        baseline)
{
  AriettaMapView *self = ARIETTA_MAP_VIEW (widget);

  if (self->fitted)
    {
      self->scale = fitting_scale (self);
      g_clear_object (&self->texture);
    }
}

static void
arietta_map_view_css_changed (GtkWidget         *widget,
                              GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (arietta_map_view_parent_class)->css_changed (widget, change);

  g_clear_pointer (&ARIETTA_MAP_VIEW (widget)->raster, arietta_mark_raster_free);
  repaint (ARIETTA_MAP_VIEW (widget));
}

static void
arietta_map_view_get_property (GObject    *object,
                               guint       id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  AriettaMapView *self = ARIETTA_MAP_VIEW (object);

  switch (id)
    {
    case PROP_TOOL:
      g_value_set_static_string (value, TOOLS[self->tool]);
      break;
    case PROP_NARROW:
      g_value_set_boolean (value, self->narrow);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
set_tool (AriettaMapView *self,
          const char     *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (TOOLS); i++)
    if (g_strcmp0 (name, TOOLS[i]) == 0)
      {
        if (self->tool == i)
          return;
        self->tool = i;
        gtk_widget_set_cursor_from_name (GTK_WIDGET (self),
                                         i == ARIETTA_MAP_TOOL_PAN ? "grab"
                                         : i == ARIETTA_MAP_TOOL_PATH ? "crosshair" : NULL);
        g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TOOL]);
        return;
      }
  g_warning ("The map knows no tool “%s”", name);
}

static void
arietta_map_view_set_property (GObject      *object,
                               guint         id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  AriettaMapView *self = ARIETTA_MAP_VIEW (object);

  switch (id)
    {
    case PROP_TOOL:
      set_tool (self, g_value_get_string (value));
      break;
    case PROP_NARROW:
      if (self->narrow == g_value_get_boolean (value))
        break;
      self->narrow = g_value_get_boolean (value);
      repaint (self);
      g_object_notify_by_pspec (object, pspec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
arietta_map_view_finalize (GObject *object)
{
  AriettaMapView *self = ARIETTA_MAP_VIEW (object);

  if (self->name_destroy != NULL)
    self->name_destroy (self->name_data);
  g_clear_object (&self->texture);
  g_clear_pointer (&self->raster, arietta_mark_raster_free);
  g_free (self->marks);
  g_free (self->cell_starts);
  g_free (self->cell_marks);

  G_OBJECT_CLASS (arietta_map_view_parent_class)->finalize (object);
}

static void
arietta_map_view_class_init (AriettaMapViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = arietta_map_view_finalize;
  object_class->get_property = arietta_map_view_get_property;
  object_class->set_property = arietta_map_view_set_property;
  widget_class->measure = arietta_map_view_measure;
  widget_class->size_allocate = arietta_map_view_size_allocate;
  widget_class->snapshot = arietta_map_view_snapshot;
  widget_class->css_changed = arietta_map_view_css_changed;

  properties[PROP_TOOL] = g_param_spec_string ("tool", NULL, NULL, "pick", flags);
  properties[PROP_NARROW] = g_param_spec_boolean ("narrow", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_POINT_ACTIVATED] = g_signal_new ("point-activated", ARIETTA_TYPE_MAP_VIEW, G_SIGNAL_RUN_LAST, 0,
                                                  NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[SIGNAL_POINT_HOVERED] = g_signal_new ("point-hovered", ARIETTA_TYPE_MAP_VIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                                                NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[SIGNAL_PATH_DRAWN] = g_signal_new ("path-drawn", ARIETTA_TYPE_MAP_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                             NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT);

  gtk_widget_class_set_css_name (widget_class, "mapview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  arietta_map_view_input_class_init (widget_class);
}

static void
arietta_map_view_init (AriettaMapView *self)
{
  self->scale = 1;
  self->fitted = TRUE;
  self->hovered = self->focused = self->playing = self->pressed = ARIETTA_MAP_NONE;
  self->path_from = self->path_to = ARIETTA_MAP_NONE;
  self->path_fraction = -1;
  index_marks (self);

  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Map of Pieces"), -1);
  arietta_map_view_input_init (self);
  arietta_map_view_describe (self);
  g_signal_connect (self, "notify::scale-factor", G_CALLBACK (scale_factor_cb), NULL);
}

GtkWidget *
arietta_map_view_new (void)
{
  return g_object_new (ARIETTA_TYPE_MAP_VIEW, NULL);
}

void
arietta_map_view_set_marks (AriettaMapView       *self,
                            const AriettaMapMark *marks,
                            guint                 n_marks)
{
  gboolean same_size;

  g_return_if_fail (ARIETTA_IS_MAP_VIEW (self));
  g_return_if_fail (marks != NULL || n_marks == 0);

  /* The legend sends the same marks with some hidden: then what was chosen stays chosen. */
  same_size = n_marks == self->n_marks;
  g_free (self->marks);
  self->marks = g_memdup2 (marks, n_marks * sizeof *marks);
  self->n_marks = n_marks;
  for (guint i = 0; i < n_marks; i++)
    {
      AriettaMapMark *mark = &self->marks[i];

      mark->x = isfinite (mark->x) ? mark->x : 0;
      mark->y = isfinite (mark->y) ? mark->y : 0;
    }
  index_marks (self);

  self->drawing = self->walking = FALSE;
  if (!same_size)
    {
      self->focused = self->playing = self->path_from = self->path_to = ARIETTA_MAP_NONE;
      arietta_map_view_set_hovered (self, ARIETTA_MAP_NONE);
    }
  arietta_map_view_describe (self);
  repaint (self);
}

void
arietta_map_view_set_playing (AriettaMapView *self,
                              guint           index)
{
  g_return_if_fail (ARIETTA_IS_MAP_VIEW (self));

  if (self->playing == index)
    return;
  self->playing = index;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
arietta_map_view_zoom_to_fit (AriettaMapView *self)
{
  g_return_if_fail (ARIETTA_IS_MAP_VIEW (self));

  arietta_map_view_move (self, 0, 0, fitting_scale (self));
  self->fitted = TRUE;
}

void
arietta_map_view_set_names (AriettaMapView     *self,
                            AriettaMapNameFunc  func,
                            gpointer            user_data,
                            GDestroyNotify      destroy)
{
  g_return_if_fail (ARIETTA_IS_MAP_VIEW (self));

  if (self->name_destroy != NULL)
    self->name_destroy (self->name_data);
  self->name_func = func;
  self->name_data = user_data;
  self->name_destroy = destroy;
  arietta_map_view_describe (self);
}

void
arietta_map_view_set_path (AriettaMapView *self,
                           guint           from,
                           guint           to,
                           double          fraction)
{
  g_return_if_fail (ARIETTA_IS_MAP_VIEW (self));

  self->path_from = from;
  self->path_to = to;
  self->path_fraction = fraction;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

gboolean
arietta_map_view_get_place (AriettaMapView *self,
                            guint           index,
                            double         *x,
                            double         *y)
{
  g_return_val_if_fail (ARIETTA_IS_MAP_VIEW (self), FALSE);

  if (index >= self->n_marks)
    return FALSE;

  arietta_map_view_to_widget (self, index, x, y);

  return gtk_widget_contains (GTK_WIDGET (self), *x, *y);
}
