/* arietta-plan.h - the form of a piece before it has notes
 *
 * A piece longer than one window is planned as a musician would: A A′ B A″, and inside a long A
 * again the same.  Each window names the earlier window it grows from and how far it steps away
 * from it in latent space, so that no two unrelated draws are ever joined: a variation is a small
 * step, a contrast a large one.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ARIETTA_PLAN_NEW G_MAXUINT

typedef struct
{
  guint  source;     /* index of an earlier window, or ARIETTA_PLAN_NEW for the first one */
  double distance;   /* 0: the same point .. 1: as far as an unrelated draw */
  guint  section;    /* 0..3 at the outermost level: A A′ B A″ */
} AriettaPlanWindow;

/* @n_windows entries; free with g_free (). n_windows > 0. */
AriettaPlanWindow *arietta_plan_new           (guint n_windows) G_GNUC_WARN_UNUSED_RESULT;

/* "A A′ B A″" for four windows or more, "A A′" for two, ... */
const char        *arietta_plan_get_form      (guint n_windows);
/* The name of an outermost section: "A", "A′", ... */
const char        *arietta_plan_get_name      (guint n_windows,
                                               guint section);

G_END_DECLS
