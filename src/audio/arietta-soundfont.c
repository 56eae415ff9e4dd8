#define G_LOG_DOMAIN "arietta-audio"

#include "config.h"

#include "audio/arietta-soundfont.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arietta-byte-reader.h"
#include "base/arietta-error.h"

/* What distributions call their folders and their default. */
static const char *const folders[] = { "sounds/sf2", "sounds/sf3", "soundfonts" };
static const char *const preferred[] = {
  "default-GM.sf2", "default-GM.sf3", "default.sf2", "TimGM6mb.sf2", "FluidR3_GM.sf2",
  "FluidR3Mono_GM.sf3", "MuseScore_General.sf3", "MuseScore_General_Lite.sf3",
};

/* Walks the outermost chunks; @size is the file's. */
static gboolean
has_all_chunks (FILE   *file,
                guint64 size)
{
  guint8 head[12];
  AriettaByteReader reader;
  guint64 at = 12;
  guint64 end;
  gboolean sounds = FALSE;
  gboolean presets = FALSE;

  if (fread (head, 1, 12, file) != 12
      || memcmp (head, "RIFF", 4) != 0 || memcmp (head + 8, "sfbk", 4) != 0)
    return FALSE;

  arietta_byte_reader_init (&reader, head + 4, 4);
  end = 8 + (guint64) arietta_byte_reader_u32le (&reader);
  if (end > size)
    return FALSE;

  while (at + 12 <= end)
    {
      guint64 next;

      if (fseeko (file, at, SEEK_SET) != 0 || fread (head, 1, 12, file) != 12)
        return FALSE;

      arietta_byte_reader_init (&reader, head + 4, 4);
      next = at + 8 + (guint64) arietta_byte_reader_u32le (&reader);
      if (next > end)
        return FALSE;

      sounds |= memcmp (head, "LIST", 4) == 0 && memcmp (head + 8, "sdta", 4) == 0;
      presets |= memcmp (head, "LIST", 4) == 0 && memcmp (head + 8, "pdta", 4) == 0;
      at = next + (next & 1);
    }

  return sounds && presets;
}

static gboolean
has_font_ending (const char *name)
{
  g_autofree char *lower = g_ascii_strdown (name, -1);

  return g_str_has_suffix (lower, ".sf2") || g_str_has_suffix (lower, ".sf3");
}

/* Two names may lead to one file: the first name stays. */
static void
add_font (GPtrArray  *fonts,
          GHashTable *seen,
          char       *path)
{
  char *real = realpath (path, NULL);

  if (real == NULL || g_hash_table_contains (seen, real) || !arietta_soundfont_check (path, NULL))
    {
      free (real);
      g_free (path);
      return;
    }

  g_hash_table_add (seen, g_strdup (real));
  free (real);
  g_ptr_array_add (fonts, path);
}

static int
compare_names_cb (gconstpointer a,
                  gconstpointer b)
{
  return strcmp (*(char **) a, *(char **) b);
}

static void
add_folder (GPtrArray  *fonts,
            GHashTable *seen,
            const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (has_font_ending (name))
      g_ptr_array_add (names, g_strdup (name));

  g_ptr_array_sort (names, compare_names_cb);
  for (guint i = 0; i < names->len; i++)
    add_font (fonts, seen, g_build_filename (folder, names->pdata[i], NULL));
}

static GPtrArray *
get_data_dirs (void)
{
  GPtrArray *dirs = g_ptr_array_new ();

  g_ptr_array_add (dirs, (gpointer) g_get_user_data_dir ());
  for (const char *const *dir = g_get_system_data_dirs (); *dir != NULL; dir++)
    g_ptr_array_add (dirs, (gpointer) *dir);

  return dirs;
}

gboolean
arietta_soundfont_check (const char  *path,
                         GError     **error)
{
  FILE *file = fopen (path, "rbe");
  struct stat status;
  gboolean whole = file != NULL && fstat (fileno (file), &status) == 0 && S_ISREG (status.st_mode)
                   && has_all_chunks (file, status.st_size);

  if (file != NULL)
    fclose (file);

  if (!whole)
    {
      g_autofree char *name = g_filename_display_name (path);

      arietta_set_error (error, ARIETTA_AUDIO_ERROR, ARIETTA_AUDIO_ERROR_NO_SOUNDFONT, path, NULL,
                         _("“%s” cannot be read as a SoundFont. Choose another one in Preferences."), name);
    }

  return whole;
}

char *
arietta_soundfont_find (const char  *chosen,
                        GError     **error)
{
  g_auto(GStrv) fonts = NULL;

  if (chosen != NULL && *chosen != '\0' && arietta_soundfont_check (chosen, NULL))
    return g_strdup (chosen);

  fonts = arietta_soundfont_list ();
  if (fonts[0] != NULL)
    return g_strdup (fonts[0]);

  arietta_set_error (error, ARIETTA_AUDIO_ERROR, ARIETTA_AUDIO_ERROR_NO_SOUNDFONT, NULL, NULL,
                     _("There is no SoundFont to play with. Install one (the package “timgm6mb-soundfont” or "
                       "“fluid-soundfont-gm”) or choose a file in Preferences."));
  return NULL;
}

char **
arietta_soundfont_list (void)
{
  g_autoptr(GPtrArray) fonts = g_ptr_array_new ();
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GPtrArray) dirs = get_data_dirs ();

  for (guint p = 0; p < G_N_ELEMENTS (preferred); p++)
    for (guint d = 0; d < dirs->len; d++)
      for (guint f = 0; f < G_N_ELEMENTS (folders); f++)
        add_font (fonts, seen, g_build_filename (dirs->pdata[d], folders[f], preferred[p], NULL));

  for (guint d = 0; d < dirs->len; d++)
    for (guint f = 0; f < G_N_ELEMENTS (folders); f++)
      {
        g_autofree char *folder = g_build_filename (dirs->pdata[d], folders[f], NULL);

        add_folder (fonts, seen, folder);
      }

  g_ptr_array_add (fonts, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&fonts), FALSE);
}

AriettaPiece *
arietta_soundfont_make_phrase (void)
{
  static const guint8 melody[] = { 67, 71, 74, 79, 76, 74, 71, 67 }, bass[] = { 43, 43, 36, 38 },
                      chords[] = { 55, 59, 62, 60, 64, 67 }, drums[] = { 36, 42, 38, 42 };
  static const guint8 programs[] = { 0, 48, 32, 0 };
  AriettaPiece *piece = arietta_piece_new (480);

  for (guint t = 0; t < G_N_ELEMENTS (programs); t++)
    {
      AriettaTrack *track = arietta_piece_add_track (piece, "");
      guint n = t == 1 ? 6 : 8;

      for (guint i = 0; i < n; i++)
        {
          AriettaNote note = { .off_velocity = 64, .velocity = t == 0 ? 100 : 70, .channel = t == 3 ? 9 : (guint8) t,
                               .program = programs[t] };

          note.onset_ticks = t == 1 ? i / 3 * 1920 : i * 480;
          note.duration_ticks = t == 1 ? 1920 : 470;
          note.pitch = t == 0 ? melody[i] : t == 1 ? chords[i] : t == 2 ? bass[i / 2] : drums[i % 4];
          arietta_track_add_note (track, &note);
        }
    }
  arietta_piece_set_tempo (piece, 0, 400000);
  return arietta_piece_freeze (piece);
}
