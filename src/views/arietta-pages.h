/* arietta-pages.h - the table of pages, in the order of the sidebar
 *
 * Adding a page is one row in the .c file; see arietta-page.h.
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef struct
{
  const char *name;            /* stable: settings, the action win.page, tests */
  const char *title;           /* untranslated, marked */
  const char *icon_name;
  GType     (*get_type) (void); /* a subclass of AriettaPage */
  const char *suffix;          /* files of this ending go to no other page; may be NULL */
} AriettaPageInfo;

const AriettaPageInfo *arietta_pages_get (guint *n_pages);

G_END_DECLS
