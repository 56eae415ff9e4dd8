#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-map-page-private.h"

#include <glib/gi18n.h>

#include "drawing/arietta-palette.h"
#include "studio/arietta-names.h"
#include "views/arietta-a11y.h"
#include "views/arietta-error-presenter.h"
#include "views/arietta-load.h"
#include "widgets/arietta-face-view.h"
#include "widgets/arietta-style-mark.h"

#define HOVER_GAP 14
/* Of more pieces the first map is one of so many at most. */
#define ENOUGH 1000

G_DEFINE_FINAL_TYPE (AriettaMapPage, arietta_map_page, ARIETTA_TYPE_PAGE)

static AriettaSession *
get_session (AriettaMapPage *self)
{
  return arietta_page_get_session (ARIETTA_PAGE (self));
}

/* ---- Showing ---- */

static char *
name_cb (guint    index,
         gpointer user_data)
{
  const AriettaMapPoint *point = arietta_map_chart_get_point (ARIETTA_MAP_PAGE (user_data)->chart, index);

  return point != NULL ? g_strdup (point->title) : NULL;
}

static void
show_marks (AriettaMapPage *self)
{
  AriettaMapChart     *chart = self->chart;
  g_autofree gboolean *hidden = g_new0 (gboolean, chart->styles->len + 1);

  for (guint i = 0; i < chart->styles->len; i++)
    hidden[i] = g_hash_table_contains (self->hidden, chart->styles->pdata[i]);
  for (guint i = 0; i < chart->map->points->len; i++)
    chart->marks[i].hidden = hidden[chart->style_of[i]];
  arietta_map_view_set_marks (ARIETTA_MAP_VIEW (self->canvas), chart->marks, chart->map->points->len);
}

static void
chip_toggled_cb (GtkToggleButton *chip,
                 AriettaMapPage  *self)
{
  const char *style = g_object_get_data (G_OBJECT (chip), "style");

  if (gtk_toggle_button_get_active (chip))
    g_hash_table_remove (self->hidden, style);
  else
    g_hash_table_add (self->hidden, g_strdup (style));
  show_marks (self);
}

static GtkWidget *
chip_new (AriettaMapPage *self,
          const char     *style,
          guint           n)
{
  const char      *name = *style != '\0' ? arietta_style_get_name (style) : _("no style");
  g_autofree char *text = g_strdup_printf ("%s %u", name, n);
  GtkWidget       *chip = gtk_toggle_button_new ();
  GtkWidget       *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  gtk_box_append (GTK_BOX (box), arietta_style_mark_new (arietta_palette_style_mark (style)));
  gtk_box_append (GTK_BOX (box), gtk_label_new (text));
  gtk_button_set_child (GTK_BUTTON (chip), box);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (chip), !g_hash_table_contains (self->hidden, style));
  gtk_widget_add_css_class (chip, "chip");
  gtk_accessible_update_property (GTK_ACCESSIBLE (chip), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data_full (G_OBJECT (chip), "style", g_strdup (style), g_free);
  g_signal_connect (chip, "toggled", G_CALLBACK (chip_toggled_cb), self);

  return chip;
}

static void
fill_legend (AriettaMapPage *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->legend)) != NULL)
    gtk_box_remove (GTK_BOX (self->legend), child);
  for (guint i = 0; i < self->chart->styles->len; i++)
    gtk_box_append (GTK_BOX (self->legend),
                    chip_new (self, self->chart->styles->pdata[i], g_array_index (self->chart->counts, guint, i)));
}

static void
update_playing_cb (AriettaMapPage *self)
{
  arietta_map_view_set_playing (ARIETTA_MAP_VIEW (self->canvas),
                                arietta_map_chart_find (self->chart, arietta_session_get_item_id (get_session (self)),
                                                        arietta_session_get_take_id (get_session (self))));
}

/* Says why there is no map. */
static void
show_nothing (AriettaMapPage *self,
              const GError   *error)
{
  const char *title, *description;

  if (error == NULL)
    {
      title = _("No Music to Place Yet");
      description = _("Compose something, or add music to a dataset: pieces that sound alike come to lie near each other "
                      "here.");
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      title = _("The Map Was Stopped");
      description = _("What the model listened to is kept, so that the next map is there sooner.");
    }
  else
    {
      title = _("No Map Could Be Drawn");
      description = error->message;
    }
  adw_status_page_set_title (ADW_STATUS_PAGE (self->empty), title);
  adw_status_page_set_description (ADW_STATUS_PAGE (self->empty), description);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "empty");
}

static void
offer_rest (AriettaMapPage *self)
{
  const AriettaMap *map = self->chart->map;
  g_autofree char  *text = NULL;

  if (map->waiting > 0)
    text = g_strdup_printf (_("The map shows %'u of %'u pieces so far."), map->points->len, map->points->len + map->waiting);
  arietta_work_strip_offer (self->strip, text, _("Place _All"));
}

static void
show_map (AriettaMapPage *self)
{
  AriettaMap      *map = self->chart->map;
  const char      *dataset = self->chart->dataset;
  g_autofree char *note = NULL;

  offer_rest (self);

  if (map->points->len == 0)
    {
      show_nothing (self, NULL);
      return;
    }

  if (map->left_out > 0)
    note = g_strdup_printf (ngettext ("%u piece has no melody the model can place",
                                      "%u pieces have no melody the model can place", map->left_out),
                            map->left_out);
  gtk_label_set_label (GTK_LABEL (self->note), note != NULL ? note : "");
  gtk_widget_set_visible (self->note, note != NULL);
  fill_legend (self);
  show_marks (self);
  if (g_strcmp0 (self->fitted, dataset) != 0)
    {
      g_free (self->fitted);
      self->fitted = g_strdup (dataset);
      arietta_map_view_zoom_to_fit (ARIETTA_MAP_VIEW (self->canvas));
    }
  update_playing_cb (self);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "map");
}

/* ---- Drawing the map ---- */

static void
map_done_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(AriettaMapPage)  self = ARIETTA_MAP_PAGE (user_data);
  g_autoptr(GError)          error = NULL;
  g_autoptr(AriettaMapChart) chart = arietta_job_run_finish (ARIETTA_JOB (source), result, &error);

  /* A newer one may be on its way, and then this one is of no use any more. */
  if (self->job != ARIETTA_JOB (source))
    return;

  g_clear_object (&self->job);
  if (chart != NULL)
    {
      arietta_map_chart_free (self->chart);
      self->chart = g_steal_pointer (&chart);
      show_map (self);
    }
  else if (self->chart == NULL)
    {
      show_nothing (self, error);
    }
  else if (gtk_widget_get_root (GTK_WIDGET (self)) != NULL)
    {
      arietta_present_error (GTK_WIDGET (self), error);
    }
}

static void
start_drawing (AriettaMapPage *self,
               guint           enough)
{
  const AriettaDataset *dataset;
  guint                 selected = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->dataset));

  /* The first row stands for everything. */
  dataset = selected > 0 && selected != GTK_INVALID_LIST_POSITION
            ? arietta_record_list_get (self->datasets, selected - 1) : NULL;

  if (self->job != NULL)
    arietta_job_cancel (self->job);
  g_clear_object (&self->job);
  self->job = arietta_map_chart_job_new (arietta_session_get_library (get_session (self)),
                                         dataset != NULL ? dataset->name : NULL, enough);
  arietta_work_strip_follow (self->strip, self->job);
  if (self->chart == NULL)
    gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "working");
  arietta_job_queue_add (arietta_session_get_jobs (get_session (self)), self->job,
                         (GDestroyNotify) arietta_map_chart_free, map_done_cb, g_object_ref (self));
}

static void
draw_map (AriettaMapPage *self)
{
  start_drawing (self, ENOUGH);
}

static void
go_on_cb (AriettaMapPage *self)
{
  start_drawing (self, 0);
}

/* ---- Hearing and walking ---- */

static void
point_activated_cb (AriettaMapPage *self,
                    guint           index)
{
  const AriettaMapPoint *point = arietta_map_chart_get_point (self->chart, index);
  AriettaItem            item = { 0 };

  if (point == NULL)
    return;

  if (point->take_id != 0)
    {
      arietta_session_play_take (get_session (self), point->take_id, point->title, TRUE);
      return;
    }

  item.id = point->item_id;
  item.medium = ARIETTA_MEDIUM_NOTES;
  item.title = point->title;
  arietta_session_play_item (get_session (self), &item, TRUE);
}

/* Beside the point, on the side where there is room, clear of the pointer; wherever the point is by then. */
static gboolean
place_hover_cb (AriettaMapPage *self,
                GtkWidget      *widget,
                GdkRectangle   *place)
{
  GtkRequisition natural;
  int            width = gtk_widget_get_width (self->canvas), height = gtk_widget_get_height (self->canvas);
  double         x, y, left, top;

  if (widget != self->hover ||
      !arietta_map_view_get_place (ARIETTA_MAP_VIEW (self->canvas), self->hovered, &x, &y))
    return FALSE;

  gtk_widget_get_preferred_size (self->hover, NULL, &natural);
  left = x + HOVER_GAP + natural.width <= width ? x + HOVER_GAP : x - HOVER_GAP - natural.width;
  top = y + HOVER_GAP + natural.height <= height ? y + HOVER_GAP : y - HOVER_GAP - natural.height;
  *place = (GdkRectangle) {
    .x = (int) CLAMP (left, 0.0, MAX (width - natural.width, 0)),
    .y = (int) MAX (top, 0.0),
    .width = natural.width,
    .height = natural.height,
  };
  return TRUE;
}

static void
point_hovered_cb (AriettaMapPage *self,
                  guint           index)
{
  const AriettaMapPoint *point = arietta_map_chart_get_point (self->chart, index);

  gtk_widget_set_visible (self->hover, point != NULL);
  if (point == NULL)
    return;

  gtk_label_set_label (GTK_LABEL (self->hover_title), point->title);
  gtk_label_set_label (GTK_LABEL (self->hover_style), arietta_style_get_name (point->style));
  gtk_widget_set_visible (self->hover_style, *point->style != '\0');
  g_object_set (self->hover_face, "hue", (int) arietta_palette_style_hue (point->style), NULL);
  arietta_face_loader_show (arietta_session_get_faces (get_session (self)), ARIETTA_FACE_VIEW (self->hover_face),
                            point->item_id, point->take_id);
  self->hovered = index;
  gtk_widget_queue_resize (self->hover);
}

static void
tool_toggled_cb (AriettaMapPage *self)
{
  const char *tool = gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->path)) ? "path"
                   : gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->pan)) ? "pan" : "pick";

  g_object_set (self->canvas, "tool", tool, NULL);
}

/* ---- Datasets to choose from ---- */

static gpointer
read_datasets (gpointer  data,
               GError  **error)
{
  return arietta_library_list_datasets (data, error);
}

static void
datasets_loaded_cb (gpointer      owner,
                    gpointer      result,
                    const GError *error)
{
  AriettaMapPage           *self = owner;
  g_autoptr(GtkStringList)  names = gtk_string_list_new (NULL);
  guint                     selected = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->dataset));
  const AriettaDataset     *before = selected > 0 ? arietta_record_list_get (self->datasets, selected - 1) : NULL;
  g_autofree char          *name = before != NULL ? g_strdup (before->name) : NULL;
  guint                     again = 0;

  if (result == NULL)
    return;

  arietta_record_list_take (self->datasets, result);
  gtk_string_list_append (names, _("Everything"));
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->datasets)); i++)
    {
      const AriettaDataset *dataset = arietta_record_list_get (self->datasets, i);

      gtk_string_list_append (names, dataset->name);
      if (g_strcmp0 (dataset->name, name) == 0)
        again = i + 1;
    }

  g_signal_handlers_block_by_func (self->dataset, draw_map, self);
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->dataset), G_LIST_MODEL (names));
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->dataset), again);
  g_signal_handlers_unblock_by_func (self->dataset, draw_map, self);
}

static void
load_datasets (AriettaMapPage *self)
{
  arietta_load_async (self, NULL, read_datasets, g_object_ref (arietta_session_get_library (get_session (self))),
                      g_object_unref, (GDestroyNotify) g_ptr_array_unref, datasets_loaded_cb);
}

static void
redraw_action (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  load_datasets (user_data);
  draw_map (user_data);
}

static void
fit_action (GSimpleAction *action,
            GVariant      *parameter,
            gpointer       user_data)
{
  arietta_map_view_zoom_to_fit (ARIETTA_MAP_VIEW (ARIETTA_MAP_PAGE (user_data)->canvas));
}

static const GActionEntry actions[] = {
  { "draw-map", redraw_action },
  { "fit", fit_action },
};

/* Coming back to the page shows what was added meanwhile: latents are remembered, so it is quick. */
static void
arietta_map_page_shown (AriettaPage *page)
{
  AriettaMapPage *self = ARIETTA_MAP_PAGE (page);

  load_datasets (self);
  /* What is being placed goes on. */
  if (self->job == NULL)
    draw_map (self);
}

static void
arietta_map_page_constructed (GObject *object)
{
  AriettaMapPage *self = ARIETTA_MAP_PAGE (object);

  G_OBJECT_CLASS (arietta_map_page_parent_class)->constructed (object);

  arietta_page_add_actions (ARIETTA_PAGE (self), actions, G_N_ELEMENTS (actions));
  g_signal_connect_object (get_session (self), "notify::item-id", G_CALLBACK (update_playing_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (get_session (self), "notify::take-id", G_CALLBACK (update_playing_cb), self, G_CONNECT_SWAPPED);
  arietta_map_page_init_morph (self);
  g_object_bind_property (self, "narrow", self->canvas, "narrow", G_BINDING_SYNC_CREATE);
}

static void
arietta_map_page_dispose (GObject *object)
{
  AriettaMapPage *self = ARIETTA_MAP_PAGE (object);

  if (self->job != NULL)
    arietta_job_cancel (self->job);
  g_clear_object (&self->job);
  g_clear_object (&self->datasets);
  g_clear_pointer (&self->chart, arietta_map_chart_free);
  g_clear_pointer (&self->fitted, g_free);
  g_clear_pointer (&self->hidden, g_hash_table_unref);

  G_OBJECT_CLASS (arietta_map_page_parent_class)->dispose (object);
}

static void
arietta_map_page_class_init (AriettaMapPageClass *klass)
{
  GObjectClass     *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass   *widget_class = GTK_WIDGET_CLASS (klass);
  AriettaPageClass *page_class = ARIETTA_PAGE_CLASS (klass);

  object_class->constructed = arietta_map_page_constructed;
  object_class->dispose = arietta_map_page_dispose;
  page_class->shown = arietta_map_page_shown;
  arietta_page_class_set_verb (page_class, N_("Draw Again"), "view-refresh-symbolic", "page.draw-map");

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/arietta/Arietta/arietta-map-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AriettaMapPage, stack);
  gtk_widget_class_bind_template_child (widget_class, AriettaMapPage, canvas);
  gtk_widget_class_bind_template_child (widget_class, AriettaMapPage, dataset);
  gtk_widget_class_bind_template_child (widget_class, AriettaMapPage, pick);
  gtk_widget_class_bind_template_child (widget_class, AriettaMapPage, path);
  gtk_widget_class_bind_template_child (widget_class, AriettaMapPage, pan);
  gtk_widget_class_bind_template_child (widget_class, AriettaMapPage, legend);
  gtk_widget_class_bind_template_child (widget_class, AriettaMapPage, hover);
  gtk_widget_class_bind_template_child (widget_class, AriettaMapPage, hover_face);
  gtk_widget_class_bind_template_child (widget_class, AriettaMapPage, hover_title);
  gtk_widget_class_bind_template_child (widget_class, AriettaMapPage, hover_style);
  gtk_widget_class_bind_template_child (widget_class, AriettaMapPage, note);
  gtk_widget_class_bind_template_child (widget_class, AriettaMapPage, empty);
  gtk_widget_class_bind_template_child (widget_class, AriettaMapPage, strip);
  gtk_widget_class_bind_template_callback (widget_class, point_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, place_hover_cb);
  gtk_widget_class_bind_template_callback (widget_class, point_hovered_cb);
  gtk_widget_class_bind_template_callback_full (widget_class, "path_drawn_cb", G_CALLBACK (arietta_map_page_morph));
  gtk_widget_class_bind_template_callback (widget_class, tool_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, go_on_cb);
}

static void
arietta_map_page_init (AriettaMapPage *self)
{
  g_type_ensure (ARIETTA_TYPE_MAP_VIEW);
  g_type_ensure (ARIETTA_TYPE_FACE_VIEW);
  g_type_ensure (ARIETTA_TYPE_WORK_STRIP);
  gtk_widget_init_template (GTK_WIDGET (self));

  arietta_a11y_name_drop_down (self->dataset, _("Dataset"));
  self->datasets = arietta_record_list_new ();
  self->hidden = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_signal_connect_swapped (self->dataset, "notify::selected", G_CALLBACK (draw_map), self);
  arietta_map_view_set_names (ARIETTA_MAP_VIEW (self->canvas), name_cb, self, NULL);
}
