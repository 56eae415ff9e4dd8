#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-a11y.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* The first label below @widget that says something. */
static const char *
find_label (GtkWidget *widget)
{
  const char *text = GTK_IS_LABEL (widget) ? gtk_label_get_text (GTK_LABEL (widget)) : NULL;

  if (text != NULL && *text != '\0')
    return text;

  text = NULL;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && text == NULL;
       child = gtk_widget_get_next_sibling (child))
    text = find_label (child);

  return text;
}

static void
name_images (GtkWidget  *widget,
             const char *title)
{
  if (ADW_IS_PREFERENCES_ROW (widget))
    title = adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget));
  else if (GTK_IS_TOGGLE_BUTTON (widget))
    title = find_label (widget);

  if (GTK_IS_IMAGE (widget) && title != NULL &&
      gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (widget)) == GTK_ACCESSIBLE_ROLE_IMG)
    gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                    -1);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    name_images (child, title);
}

static void
name_icon_buttons (GtkWidget  *widget,
                   const char *name)
{
  if (GTK_IS_BUTTON (widget) && gtk_button_get_icon_name (GTK_BUTTON (widget)) != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                    -1);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    name_icon_buttons (child, name);
}

/* Text that is a child of its own names no button in GTK 4.8. */
static void
name_text_buttons (GtkWidget *widget)
{
  const char *text = GTK_IS_BUTTON (widget) ? find_label (widget) : NULL;

  if (text != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    name_text_buttons (child);
}

void
arietta_a11y_name_row_images (GtkWidget *root)
{
  g_return_if_fail (GTK_IS_WIDGET (root));

  name_images (root, NULL);
}

void
arietta_a11y_name_window (GtkWidget  *window,
                          const char *title)
{
  g_return_if_fail (GTK_IS_WINDOW (window));

  name_images (window, title);
  name_text_buttons (window);
}

static void
toasts_changed_cb (GtkWidget *overlay)
{
  for (GtkWidget *child = gtk_widget_get_first_child (overlay); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (child != adw_toast_overlay_get_child (ADW_TOAST_OVERLAY (overlay)))
      name_icon_buttons (child, _("Close"));
}

void
arietta_a11y_name_toasts (GtkWidget *overlay)
{
  g_return_if_fail (ADW_IS_TOAST_OVERLAY (overlay));

  /* A toast that has to wait for another gets its widgets when its turn comes. */
  if (g_object_get_data (G_OBJECT (overlay), "arietta-toasts") == NULL)
    {
      GListModel *children = gtk_widget_observe_children (overlay);

      g_signal_connect_object (children, "items-changed", G_CALLBACK (toasts_changed_cb), overlay, G_CONNECT_SWAPPED);
      g_object_set_data_full (G_OBJECT (overlay), "arietta-toasts", children, g_object_unref);
    }
  toasts_changed_cb (overlay);
}

void
arietta_a11y_name_drop_down (GtkWidget  *drop_down,
                             const char *name)
{
  g_return_if_fail (GTK_IS_DROP_DOWN (drop_down));

  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_first_child (drop_down)),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

void
arietta_a11y_set_tooltip (GtkWidget  *widget,
                          const char *text)
{
  g_return_if_fail (GTK_IS_WIDGET (widget));

  if (g_strcmp0 (gtk_widget_get_tooltip_text (widget), text) != 0)
    gtk_widget_set_tooltip_text (widget, text);
}
