/* arietta-bar-choice.h - which of many bars: a button for each, as a list that scrolls
 *
 * For any number of bars: there are buttons for those in view only, and they become others as it scrolls.  Lives in a
 * GtkScrolledWindow.
 *
 * A click or Space takes a bar or leaves it; with Shift it does so with all bars from the one before.  Arrows, Page Up and
 * Page Down, Home and End go to other bars, with Shift these become as the one gone from; Control+A takes all,
 * Control+Shift+A none.
 *
 * Signal "changed": by a person or by arietta_bar_choice_take ().
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ARIETTA_TYPE_BAR_CHOICE (arietta_bar_choice_get_type ())
G_DECLARE_FINAL_TYPE (AriettaBarChoice, arietta_bar_choice, ARIETTA, BAR_CHOICE, GtkWidget)

GtkWidget    *arietta_bar_choice_new       (void);

/* @n bars, named from @first_bar on (counted from 0), all of them taken; says nothing. */
void          arietta_bar_choice_set_bars  (AriettaBarChoice *self,
                                            guint             first_bar,
                                            guint             n);
/* (n bars): 1 where it is taken; borrowed until the next call.  NULL without bars. */
const guint8 *arietta_bar_choice_get_taken (AriettaBarChoice *self,
                                            guint            *n);
guint         arietta_bar_choice_count     (AriettaBarChoice *self);
/* The @n bars from @nth on (counted from 0 in the list), as far as there are any. */
void          arietta_bar_choice_take      (AriettaBarChoice *self,
                                            guint             nth,
                                            guint             n,
                                            gboolean          taken);

G_END_DECLS
