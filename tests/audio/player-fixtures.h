/* player-fixtures.h - waiting for a player, and what it says of itself */
#pragma once

#include "audio/arietta-player.h"

#include "audio-fixtures.h"

#define PATIENCE_SECONDS 30

static inline gboolean
give_up_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_CONTINUE;
}

/* Runs the main loop until @condition holds; fails by its name when it never does. */
#define WAIT_UNTIL(condition)                                                          \
  G_STMT_START                                                                         \
  {                                                                                    \
    gboolean timed_out_ = FALSE;                                                       \
    guint    id_ = g_timeout_add_seconds (PATIENCE_SECONDS, give_up_cb, &timed_out_);  \
    while (!(condition) && !timed_out_)                                                \
      g_main_context_iteration (NULL, TRUE);                                           \
    g_source_remove (id_);                                                             \
    g_assert_true (condition);                                                         \
  }                                                                                    \
  G_STMT_END

static inline double
get_level (AriettaPlayer *player)
{
  double level;

  g_object_get (player, "level", &level, NULL);
  return level;
}
