#define G_LOG_DOMAIN "arietta-widgets"

#include "config.h"

#include "widgets/arietta-level-meter.h"

#include <glib/gi18n.h>
#include <math.h>

#include "widgets/arietta-colors.h"

#define FLOOR_DB      (-54.0)
#define WARNING_DB    (-9.0)
#define DANGER_DB     (-1.0)
#define FALL_PER_S    0.6      /* of the bar */
#define HOLD_US       1500000
#define TELL_US       500000

struct _AriettaLevelMeter
{
  GtkWidget parent_instance;

  double    part;       /* 0..1 */
  double    held;       /* 0..1 */
  gint64    held_us;
  gint64    last_us;
  gint64    told_us;
  int       told_db;
};

G_DEFINE_FINAL_TYPE (AriettaLevelMeter, arietta_level_meter, GTK_TYPE_WIDGET)

static double
part_of_db (double db)
{
  return CLAMP (1.0 - db / FLOOR_DB, 0.0, 1.0);
}

static void
append_part (GtkWidget   *widget,
             GtkSnapshot *snapshot,
             AriettaColor color,
             double       from,
             double       to)
{
  double height = gtk_widget_get_height (widget);

  if (to > from)
    arietta_colors_append (snapshot, color, 1.0, 0, height * (1 - to), gtk_widget_get_width (widget),
                           height * (to - from));
}

static void
arietta_level_meter_snapshot (GtkWidget   *widget,
                              GtkSnapshot *snapshot)
{
  static const AriettaColor warning = { 0.9, 0.65, 0.0 }, danger = { 0.88, 0.11, 0.14 };
  AriettaLevelMeter *self = ARIETTA_LEVEL_METER (widget);
  double width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  double from = part_of_db (WARNING_DB), above = part_of_db (DANGER_DB);
  AriettaPalette palette;

  arietta_colors_get (widget, &palette);
  arietta_colors_append (snapshot, palette.foreground, 0.12, 0, 0, width, height);
  append_part (widget, snapshot, palette.accent, 0, MIN (self->part, from));
  append_part (widget, snapshot, warning, from, MIN (self->part, above));
  append_part (widget, snapshot, danger, above, self->part);
  if (self->held > 0)
    arietta_colors_append (snapshot, self->held >= above ? danger : palette.foreground, 0.8, 0,
                           MIN (height * (1 - self->held), height - 2), width, 2);
}

static void
tell (AriettaLevelMeter *self,
      gint64             time_us)
{
  int db = (int) round (FLOOR_DB * (1 - self->held));
  g_autofree char *text = NULL;

  if (time_us - self->told_us < TELL_US || db == self->told_db)
    return;
  self->told_us = time_us;
  self->told_db = db;
  text = self->held > 0 ? g_strdup_printf (_("%d decibels"), db) : g_strdup (_("silent"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, self->held,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text, -1);
}

static void
arietta_level_meter_class_init (AriettaLevelMeterClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = arietta_level_meter_snapshot;
  gtk_widget_class_set_css_name (widget_class, "levelmeter");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_METER);
}

static void
arietta_level_meter_init (AriettaLevelMeter *self)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Level"),
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, 0.0, GTK_ACCESSIBLE_PROPERTY_VALUE_MAX, 1.0,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, 0.0,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, _("silent"), -1);
}

gboolean
arietta_level_meter_take (AriettaLevelMeter *self,
                          double             peak,
                          gint64             time_us)
{
  double before = self->part, held = self->held;
  double risen = peak > 0 ? part_of_db (20 * log10 (peak)) : 0;

  g_return_val_if_fail (ARIETTA_IS_LEVEL_METER (self), FALSE);

  self->part = MAX (risen, MAX (self->part - FALL_PER_S * CLAMP ((time_us - self->last_us) / 1e6, 0, 1), 0));
  self->last_us = time_us;
  if (self->part >= self->held)
    {
      self->held = self->part;
      self->held_us = time_us;
    }
  else if (time_us - self->held_us > HOLD_US)
    self->held = self->part;

  tell (self, time_us);
  if (self->part != before || self->held != held)
    gtk_widget_queue_draw (GTK_WIDGET (self));
  return self->part > 0 || self->held > 0;
}
