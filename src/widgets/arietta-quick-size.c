#define G_LOG_DOMAIN "arietta-widgets"

#include "widgets/arietta-quick-size.h"

/* There is one class of each, and so one function of it. */
static struct
{
  void (*label) (GtkWidget      *widget,
                 GtkOrientation  orientation,
                 int             for_size,
                 int            *minimum,
                 int            *natural,
                 int            *minimum_baseline,
                 int            *natural_baseline);
  void (*box)   (GtkLayoutManager *manager,
                 GtkWidget        *widget,
                 GtkOrientation    orientation,
                 int               for_size,
                 int              *minimum,
                 int              *natural,
                 int              *minimum_baseline,
                 int              *natural_baseline);
} measure;

static void
measure_label (GtkWidget      *widget,
               GtkOrientation  orientation,
               int             for_size,
               int            *minimum,
               int            *natural,
               int            *minimum_baseline,
               int            *natural_baseline)
{
  measure.label (widget, orientation, orientation == GTK_ORIENTATION_HORIZONTAL ? -1 : for_size, minimum, natural,
                 minimum_baseline, natural_baseline);
}

static void
measure_box (GtkLayoutManager *manager,
             GtkWidget        *widget,
             GtkOrientation    orientation,
             int               for_size,
             int              *minimum,
             int              *natural,
             int              *minimum_baseline,
             int              *natural_baseline)
{
  measure.box (manager, widget, orientation, orientation == GTK_ORIENTATION_HORIZONTAL ? -1 : for_size, minimum, natural,
               minimum_baseline, natural_baseline);
}

void
arietta_quick_size_install (void)
{
  /* Kept: the classes stay as they are from here on. */
  GtkWidgetClass        *label_class = g_type_class_ref (GTK_TYPE_LABEL);
  GtkLayoutManagerClass *box_class = g_type_class_ref (GTK_TYPE_BOX_LAYOUT);

  g_return_if_fail (measure.label == NULL);

  measure.label = label_class->measure;
  label_class->measure = measure_label;
  measure.box = box_class->measure;
  box_class->measure = measure_box;
}
