#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-take-tile.h"
#include "studio/arietta-names.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define SLIDE_MS 200

struct _AriettaTakeTile
{
  GtkWidget        parent_instance;

  AdwAnimation    *slide;        /* made when first wanted */
  double           away;         /* so many of its own widths before its place, while it slides */
  gboolean         slide_later;  /* when it is mapped: GTK ends animations of what is not shown */

  GtkWidget       *popover;      /* made when first wanted */
  GMenuModel      *menu;

  /* template children */
  GtkWidget       *box;
  AriettaFaceView *face_view;
  GtkLabel        *number_label;
  GtkWidget       *star_image;
  GtkLabel        *title_label;
  GtkLabel        *seed_label;
};

G_DEFINE_FINAL_TYPE (AriettaTakeTile, arietta_take_tile, GTK_TYPE_WIDGET)

enum
{
  MENU,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
secondary_pressed_cb (AriettaTakeTile *self,
                      int              n_press,
                      double           x,
                      double           y,
                      GtkGesture      *gesture)
{
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  g_signal_emit (self, signals[MENU], 0);
}

static void
long_pressed_cb (AriettaTakeTile *self)
{
  g_signal_emit (self, signals[MENU], 0);
}

static void
arietta_take_tile_size_allocate (GtkWidget *widget,
                                 int        width,
                                 int        height,
                                 int        baseline)
{
  AriettaTakeTile *self = ARIETTA_TAKE_TILE (widget);

  const double sign = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL ? 1.0 : -1.0;
  GskTransform *place = NULL;

  if (self->away > 0.0)
    place = gsk_transform_translate (NULL, &GRAPHENE_POINT_INIT (sign * self->away * width, 0.0f));
  gtk_widget_allocate (self->box, width, height, baseline, place);
  if (self->popover != NULL)
    gtk_popover_present (GTK_POPOVER (self->popover));
}

static void
arietta_take_tile_measure (GtkWidget      *widget,
                           GtkOrientation  orientation,
                           int             for_size,
                           int            *minimum,
                           int            *natural,
                           int            *minimum_baseline,
                           int            *natural_baseline)
{
  gtk_widget_measure (ARIETTA_TAKE_TILE (widget)->box, orientation, for_size, minimum, natural,
                      minimum_baseline, natural_baseline);
}

static void
slide_cb (double   away,
          gpointer user_data)
{
  AriettaTakeTile *self = user_data;

  self->away = away;
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

static void
play_slide (AriettaTakeTile *self)
{
  self->slide_later = FALSE;
  if (self->slide == NULL)
    {
      AdwAnimationTarget *target = adw_callback_animation_target_new (slide_cb, self, NULL);

      self->slide = adw_timed_animation_new (GTK_WIDGET (self), 1.0, 0.0, SLIDE_MS, target);
    }
  adw_animation_play (self->slide);
}

static void
arietta_take_tile_map (GtkWidget *widget)
{
  AriettaTakeTile *self = ARIETTA_TAKE_TILE (widget);

  GTK_WIDGET_CLASS (arietta_take_tile_parent_class)->map (widget);

  if (self->slide_later)
    play_slide (self);
}

static void
arietta_take_tile_dispose (GObject *object)
{
  AriettaTakeTile *self = ARIETTA_TAKE_TILE (object);

  g_clear_object (&self->slide);
  g_clear_pointer (&self->popover, gtk_widget_unparent);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->menu);

  G_OBJECT_CLASS (arietta_take_tile_parent_class)->dispose (object);
}

static void
arietta_take_tile_class_init (AriettaTakeTileClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = arietta_take_tile_dispose;
  widget_class->map = arietta_take_tile_map;
  widget_class->measure = arietta_take_tile_measure;
  widget_class->size_allocate = arietta_take_tile_size_allocate;

  signals[MENU] = g_signal_new ("menu", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_css_name (widget_class, "taketile");
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/arietta/Arietta/arietta-take-tile.ui");
  gtk_widget_class_bind_template_child (widget_class, AriettaTakeTile, box);
  gtk_widget_class_bind_template_child (widget_class, AriettaTakeTile, face_view);
  gtk_widget_class_bind_template_child (widget_class, AriettaTakeTile, number_label);
  gtk_widget_class_bind_template_child (widget_class, AriettaTakeTile, star_image);
  gtk_widget_class_bind_template_child (widget_class, AriettaTakeTile, title_label);
  gtk_widget_class_bind_template_child (widget_class, AriettaTakeTile, seed_label);
  gtk_widget_class_bind_template_callback (widget_class, secondary_pressed_cb);
  gtk_widget_class_bind_template_callback (widget_class, long_pressed_cb);
}

static void
arietta_take_tile_init (AriettaTakeTile *self)
{
  g_type_ensure (ARIETTA_TYPE_FACE_VIEW);
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
arietta_take_tile_new (void)
{
  return g_object_new (ARIETTA_TYPE_TAKE_TILE, NULL);
}

void
arietta_take_tile_show (AriettaTakeTile   *self,
                        AriettaTakeObject *object,
                        guint              nth,
                        AriettaFaceLoader *faces)
{
  const AriettaTake *take;
  const char *model;
  g_autofree char *number = NULL;
  g_autofree char *seed_number = NULL;
  g_autofree char *seed = NULL;
  g_autofree char *tooltip = NULL;

  g_return_if_fail (ARIETTA_IS_TAKE_TILE (self));

  take = arietta_take_object_get (object);
  number = nth < 9 ? g_strdup_printf ("%u", nth + 1) : g_strdup ("");
  /* A macro within a translated string ends it where the translators' tool reads. */
  seed_number = g_strdup_printf ("%" G_GUINT64_FORMAT, take->seed);
  /* Translators: the number that chance started from; the same seed gives the same notes */
  seed = g_strdup_printf (_("Seed %s"), seed_number);
  model = arietta_model_get_title (take->model);
  tooltip = g_strdup_printf ("%s\n%s · %s%s%s", take->title, model != NULL ? model : "", seed,
                             take->note != NULL && *take->note != '\0' ? "\n" : "",
                             take->note != NULL ? take->note : "");

  gtk_label_set_text (self->number_label, number);
  gtk_widget_set_visible (GTK_WIDGET (self->number_label), nth < 9);
  gtk_widget_set_visible (self->star_image, take->starred);
  gtk_label_set_text (self->title_label, take->title);
  gtk_label_set_text (self->seed_label, seed);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), tooltip);

  g_object_set (self->face_view, "hue",
                (int) arietta_palette_style_hue (take->style != NULL ? take->style : ""), NULL);
  arietta_face_loader_show (faces, self->face_view, 0, take->id);
}

void
arietta_take_tile_set_menu (AriettaTakeTile *self,
                            GMenuModel      *menu)
{
  g_return_if_fail (ARIETTA_IS_TAKE_TILE (self));

  g_set_object (&self->menu, menu);
}

void
arietta_take_tile_popup_menu (AriettaTakeTile *self)
{
  g_return_if_fail (ARIETTA_IS_TAKE_TILE (self));

  if (self->popover == NULL)
    {
      self->popover = gtk_popover_menu_new_from_model (self->menu);
      gtk_popover_set_position (GTK_POPOVER (self->popover), GTK_POS_TOP);
      gtk_widget_set_parent (self->popover, GTK_WIDGET (self));
    }
  gtk_popover_popup (GTK_POPOVER (self->popover));
}

void
arietta_take_tile_slide (AriettaTakeTile *self)
{
  g_return_if_fail (ARIETTA_IS_TAKE_TILE (self));

  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    play_slide (self);
  else
    self->slide_later = TRUE;
}

void
arietta_take_tile_stay (AriettaTakeTile *self)
{
  g_return_if_fail (ARIETTA_IS_TAKE_TILE (self));

  self->slide_later = FALSE;
  if (self->slide != NULL)
    adw_animation_skip (self->slide);
}
