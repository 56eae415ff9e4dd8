/* arietta-late-menu.h - a menu that is made when it is first asked for
 *
 * GtkMenuButton makes the rows of its menu as soon as it is given one, which for a page with long menus is most
 * of what building the page takes.  Used in templates, beside the button:
 *
 *     <object class="AriettaLateMenu">
 *       <property name="button">grid_button</property>
 *       <property name="menu-model">grid_menu</property>
 *     </object>
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ARIETTA_TYPE_LATE_MENU (arietta_late_menu_get_type ())
G_DECLARE_FINAL_TYPE (AriettaLateMenu, arietta_late_menu, ARIETTA, LATE_MENU, GObject)

G_END_DECLS
