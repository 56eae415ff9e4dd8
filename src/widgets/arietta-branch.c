#define G_LOG_DOMAIN "arietta-widgets"

#include "widgets/arietta-branch.h"

#include "widgets/arietta-colors.h"

#define STEP      18
#define MAX_DEPTH 16
#define INK       0.35

struct _AriettaBranch
{
  GtkWidget parent_instance;

  guint     depth;
  guint32   goes_on;
};

G_DEFINE_FINAL_TYPE (AriettaBranch, arietta_branch, GTK_TYPE_WIDGET)

static void
arietta_branch_snapshot (GtkWidget   *widget,
                         GtkSnapshot *snapshot)
{
  AriettaBranch  *self = ARIETTA_BRANCH (widget);
  double          width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  gboolean        mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  double          middle = (double) ((int) height / 2);
  AriettaPalette  palette;

  arietta_colors_get (widget, &palette);
  for (guint level = 0; level < self->depth; level++)
    {
      gboolean own = level + 1 == self->depth, on = (self->goes_on >> level & 1) != 0;
      double   x = level * STEP + STEP / 2;

      if (mirrored)
        x = width - x - 1;
      if (on || own)
        arietta_colors_append (snapshot, palette.foreground, INK, x, 0, 1, on ? height : middle + 1);
      if (own)
        arietta_colors_append (snapshot, palette.foreground, INK, mirrored ? x - STEP / 2 + 2 : x + 1, middle,
                               STEP / 2 - 2, 1);
    }
}

static void
arietta_branch_class_init (AriettaBranchClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = arietta_branch_snapshot;

  gtk_widget_class_set_css_name (widget_class, "branch");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
arietta_branch_init (AriettaBranch *self)
{
}

GtkWidget *
arietta_branch_new (guint   depth,
                    guint32 goes_on)
{
  AriettaBranch *self = g_object_new (ARIETTA_TYPE_BRANCH, NULL);

  self->depth = MIN (depth, MAX_DEPTH);
  self->goes_on = goes_on;
  gtk_widget_set_size_request (GTK_WIDGET (self), (int) self->depth * STEP, -1);

  return GTK_WIDGET (self);
}
