/* arietta-work-strip.h - what a page is still at work on, or left for later
 *
 * A line below the page.  While a job goes on for more than a second: what it does, how far it is,
 * and a button that stops it; the page can be used meanwhile.  Else, when something was left for
 * later: a sentence that says so, and a button that has it done.  Else nothing.
 *
 * Signal: "go-on" (the rest is wanted).
 */
#pragma once

#include <gtk/gtk.h>

#include "studio/arietta-job.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_WORK_STRIP (arietta_work_strip_get_type ())
G_DECLARE_FINAL_TYPE (AriettaWorkStrip, arietta_work_strip, ARIETTA, WORK_STRIP, GtkWidget)

/* @job instead of the one before, until it ends. */
void arietta_work_strip_follow (AriettaWorkStrip *self,
                                AriettaJob       *job);
/* @text: what was left, NULL when nothing was; @button with a mnemonic. */
void arietta_work_strip_offer  (AriettaWorkStrip *self,
                                const char       *text,
                                const char       *button);

G_END_DECLS
