/* Loop, tracks, levels, and keys under fingers: what goes to the sequencer as it is. */
#define G_LOG_DOMAIN "arietta-audio"

#include "audio/arietta-player-private.h"

#include <string.h>

/* A word beyond these is not one of ours. */
#define MOST_TRACKS 65536

void
arietta_player_send_flag (AriettaPlayer      *self,
                          AriettaCommandKind  kind,
                          guint               index,
                          gboolean            flag)
{
  arietta_synth_deck_send (self->synth, (AriettaCommand) { .kind = kind, .index = index, .flag = flag });
}

void
arietta_player_send_number (AriettaPlayer      *self,
                            AriettaCommandKind  kind,
                            guint               index,
                            double              number)
{
  arietta_synth_deck_send (self->synth, (AriettaCommand) { .kind = kind, .index = index, .a = number });
}

void
arietta_player_send_loop (AriettaPlayer *self)
{
  arietta_synth_deck_set_loop (self->synth, self->loop, self->loop_start_ticks, self->loop_end_ticks);
}

void
arietta_player_set_loop_range (AriettaPlayer *self,
                               gint64         start_ticks,
                               gint64         end_ticks)
{
  g_return_if_fail (ARIETTA_IS_PLAYER (self));

  if (self->loop_start_ticks == start_ticks && self->loop_end_ticks == end_ticks)
    return;
  self->loop_start_ticks = start_ticks;
  self->loop_end_ticks = end_ticks;
  arietta_player_send_loop (self);
  g_object_notify (G_OBJECT (self), "loop-start");
  g_object_notify (G_OBJECT (self), "loop-end");
}

static gboolean
change_set (GHashTable *set,
            guint       track,
            gboolean    in)
{
  gpointer key = GUINT_TO_POINTER (track + 1);

  return in ? g_hash_table_add (set, key) : g_hash_table_remove (set, key);
}

gboolean
arietta_player_get_mute (AriettaPlayer *self,
                         guint          track)
{
  g_return_val_if_fail (ARIETTA_IS_PLAYER (self), FALSE);

  return g_hash_table_contains (self->muted, GUINT_TO_POINTER (track + 1));
}

gboolean
arietta_player_get_solo (AriettaPlayer *self,
                         guint          track)
{
  g_return_val_if_fail (ARIETTA_IS_PLAYER (self), FALSE);

  return g_hash_table_contains (self->soloed, GUINT_TO_POINTER (track + 1));
}

void
arietta_player_set_mute (AriettaPlayer *self,
                         guint          track,
                         gboolean       mute)
{
  g_return_if_fail (ARIETTA_IS_PLAYER (self));

  if (!change_set (self->muted, track, mute))
    return;
  arietta_player_send_flag (self, ARIETTA_COMMAND_MUTE, track, mute);
  arietta_player_emit_mix_changed (self);
}

void
arietta_player_set_solo (AriettaPlayer *self,
                         guint          track,
                         gboolean       solo)
{
  g_return_if_fail (ARIETTA_IS_PLAYER (self));

  if (!change_set (self->soloed, track, solo))
    return;
  arietta_player_send_flag (self, ARIETTA_COMMAND_SOLO, track, solo);
  arietta_player_emit_mix_changed (self);
}

static void
reset_mix (AriettaPlayer *self)
{
  g_hash_table_remove_all (self->muted);
  g_hash_table_remove_all (self->soloed);
  arietta_player_send_flag (self, ARIETTA_COMMAND_RESET_MIX, 0, TRUE);
  arietta_player_emit_mix_changed (self);
}

static void
add_words (GPtrArray  *words,
           GHashTable *set,
           char        letter)
{
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, set);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_ptr_array_add (words, g_strdup_printf ("%c%u", letter, GPOINTER_TO_UINT (key) - 1));
}

static int
compare_words (gconstpointer one,
               gconstpointer other)
{
  return strcmp (*(const char * const *) one, *(const char * const *) other);
}

char *
arietta_player_dup_heard (AriettaPlayer *self)
{
  g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  int percent;

  g_return_val_if_fail (ARIETTA_IS_PLAYER (self), NULL);

  percent = (int) (self->tempo_scale * 100 + 0.5);
  add_words (words, self->muted, 'm');
  add_words (words, self->soloed, 's');
  if (percent != 100)
    g_ptr_array_add (words, g_strdup_printf ("x%d", percent));
  g_ptr_array_sort (words, compare_words);
  g_ptr_array_add (words, NULL);
  return g_strjoinv (" ", (char **) words->pdata);
}

void
arietta_player_set_heard (AriettaPlayer *self,
                          const char    *heard)
{
  g_auto(GStrv) words = NULL;
  guint64 percent = 100;

  g_return_if_fail (ARIETTA_IS_PLAYER (self) && heard != NULL);

  reset_mix (self);
  words = g_strsplit (heard, " ", 2 * MOST_TRACKS + 1);
  for (guint i = 0; words[i] != NULL; i++)
    {
      guint64 track;

      if (words[i][0] == 'x' && g_ascii_string_to_unsigned (words[i] + 1, 10, 25, 400, &percent, NULL))
        continue;
      if ((words[i][0] != 'm' && words[i][0] != 's') ||
          !g_ascii_string_to_unsigned (words[i] + 1, 10, 0, MOST_TRACKS - 1, &track, NULL))
        continue;
      if (words[i][0] == 'm')
        arietta_player_set_mute (self, (guint) track, TRUE);
      else
        arietta_player_set_solo (self, (guint) track, TRUE);
    }
  g_object_set (self, "tempo-scale", (double) percent / 100, NULL);
}

void
arietta_player_note_on (AriettaPlayer *self,
                        int            pitch,
                        int            velocity,
                        int            program,
                        gboolean       percussion)
{
  g_return_if_fail (ARIETTA_IS_PLAYER (self));

  arietta_synth_deck_send (self->synth, (AriettaCommand) {
                                          .kind = ARIETTA_COMMAND_KEY_ON,
                                          .index = CLAMP (pitch, 0, 127),
                                          .flag = percussion,
                                          .velocity = CLAMP (velocity, 1, 127),
                                          .program = CLAMP (program, 0, 127),
                                        });
}

void
arietta_player_note_off (AriettaPlayer *self,
                         int            pitch)
{
  g_return_if_fail (ARIETTA_IS_PLAYER (self));

  arietta_player_send_flag (self, ARIETTA_COMMAND_KEY_OFF, CLAMP (pitch, 0, 127), TRUE);
}

void
arietta_player_set_live_voice (AriettaPlayer *self,
                               int            program,
                               gboolean       percussion,
                               int            volume,
                               int            pan)
{
  g_return_if_fail (ARIETTA_IS_PLAYER (self));

  arietta_synth_deck_send (self->synth, (AriettaCommand) {
                                          .kind = ARIETTA_COMMAND_LIVE_VOICE,
                                          .index = CLAMP (pan, 0, 127),
                                          .flag = percussion,
                                          .velocity = CLAMP (volume, 0, 127),
                                          .program = CLAMP (program, 0, 127),
                                        });
}

void
arietta_player_send_live (AriettaPlayer            *self,
                          const AriettaMidiMessage *message)
{
  arietta_synth_deck_send_live (self->synth, message);
}

void
arietta_player_wake (AriettaPlayer *self)
{
  g_return_if_fail (ARIETTA_IS_PLAYER (self));

  arietta_synth_deck_wake (self->synth);
}

double
arietta_player_take_track_level (AriettaPlayer *self,
                                 guint          track)
{
  g_return_val_if_fail (ARIETTA_IS_PLAYER (self), 0);

  return arietta_synth_deck_take_track_level (self->synth, track);
}

double
arietta_player_take_reduction (AriettaPlayer *self)
{
  g_return_val_if_fail (ARIETTA_IS_PLAYER (self), 1);

  return arietta_synth_deck_take_reduction (self->synth);
}
