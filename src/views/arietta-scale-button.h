/* arietta-scale-button.h - the key of the piece in the tool bar, and behind it what is done with it
 *
 * Shows the scale, found or chosen; the popover chooses another one and has the two switches of the page, actions
 * page.compose-scale (shade what lies outside) and page.compose-scale-snap (keep to it).
 *
 * Signal: "chosen" (int tonic, int mode): tonic -1 for the one that is found.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ARIETTA_TYPE_SCALE_BUTTON (arietta_scale_button_get_type ())
G_DECLARE_FINAL_TYPE (AriettaScaleButton, arietta_scale_button, ARIETTA, SCALE_BUTTON, GtkWidget)

/* What is in force; @tonic -1: none was found.  @chosen: by a person, not by the analysis. */
void arietta_scale_button_set_scale (AriettaScaleButton *self,
                                     int                 tonic,
                                     int                 mode,
                                     gboolean            chosen);

/* “G Major”, translated; “No Key” for @tonic -1. */
char *arietta_scale_dup_name        (int                 tonic,
                                     int                 mode) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
