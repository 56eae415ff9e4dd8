#define G_LOG_DOMAIN "arietta-studio"

#include "studio/arietta-export-file.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "analysis/arietta-key-finder.h"
#include "base/arietta-error.h"
#include "base/arietta-file-name.h"
#include "drawing/arietta-picture.h"
#include "drawing/arietta-roll.h"
#include "formats/arietta-formats.h"
#include "formats/arietta-midi.h"
#include "music/arietta-general-midi.h"
#include "music/arietta-statement.h"
#include "studio/arietta-studio-error.h"

enum
{
  META = 0xff, META_TEXT = 0x01, META_COPYRIGHT = 0x02, META_MARKER = 0x06, META_CUE = 0x07, META_SPECIFIC = 0x7f,
  YAMAHA = 0x43   /* whose chord symbols music/arietta-marks.h writes */
};

/* Of several files one after another. */
typedef struct
{
  AriettaJob *job;
  guint       nth, n;
} Progress;

static gboolean
progress_cb (double   fraction,
             gpointer user_data)
{
  const Progress *progress = user_data;

  arietta_job_report (progress->job, (progress->nth + fraction) / progress->n, NULL);
  return arietta_job_check (progress->job);
}

/* What a player shows, and the statement that is inside of a MIDI file. */
static GHashTable *
make_tags (AriettaPiece *piece,
           const char   *title)
{
  GHashTable      *tags = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  char            *statement = arietta_statement_dup (piece);
  g_autofree char *author = arietta_statement_dup_member (statement, "author");

  if (title == NULL)
    title = arietta_piece_get_title (piece);
  if (title != NULL)
    g_hash_table_insert (tags, (gpointer) "title", g_strdup (title));
  if (author != NULL)
    g_hash_table_insert (tags, (gpointer) "artist", g_steal_pointer (&author));
  if (statement != NULL)
    g_hash_table_insert (tags, (gpointer) "comment", statement);
  return tags;
}

static gboolean
is_midi (const char *path)
{
  g_autofree char *folded = g_ascii_strdown (path, -1);

  return g_str_has_suffix (folded, ".mid") || g_str_has_suffix (folded, ".midi") || g_str_has_suffix (folded, ".smf");
}

/* Of pieces that bear no key, as most MIDI files: a score of them would stand in C major, full of accidentals. */
static AriettaPiece *
dup_with_key (AriettaPiece *piece)
{
  AriettaTonality key;
  AriettaPiece   *keyed;
  guint           n;

  arietta_piece_get_keys (piece, &n);
  key = n == 0 ? arietta_key_finder_estimate (piece, NULL) : ARIETTA_TONALITY_NONE;
  if (key.tonic < 0)
    return arietta_piece_ref (piece);

  keyed = arietta_piece_copy (piece);
  arietta_piece_set_key (keyed, 0, arietta_tonality_get_sharps (key), key.scale != ARIETTA_SCALE_MAJOR);
  return arietta_piece_freeze (keyed);
}

static gboolean
write_one (AriettaPiece                *piece,
           const char                  *path,
           const AriettaExportOptions  *options,
           Progress                    *progress,
           AriettaRenderResult         *result,
           GError                     **error)
{
  g_autoptr(GHashTable) tags = NULL;

  if (is_midi (path))
    return arietta_midi_write_file (piece, options->midi_format, path, error);
  if (arietta_formats_can_write (path))
    {
      g_autoptr(AriettaPiece) score = dup_with_key (piece);

      return arietta_formats_write (score, path, error);
    }
  if (arietta_picture_can_write (path))
    return arietta_roll_save (piece, path, error);

  tags = make_tags (piece, options->title);
  return arietta_render_file (piece, path, options->soundfont, tags, progress->job != NULL ? progress_cb : NULL, progress,
                              progress->job != NULL ? arietta_job_get_cancellable (progress->job) : NULL, result, error);
}

gboolean
arietta_export_file (AriettaPiece                *piece,
                     const char                  *path,
                     const AriettaExportOptions  *options,
                     AriettaJob                  *job,
                     AriettaRenderResult         *result,
                     GError                     **error)
{
  Progress progress = { job, 0, 1 };

  g_return_val_if_fail (piece != NULL && arietta_piece_is_frozen (piece), FALSE);
  g_return_val_if_fail (path != NULL && options != NULL, FALSE);

  return write_one (piece, path, options, &progress, result, error);
}

/* --- tracks of their own --- */

static gboolean
has_notes (AriettaPiece *piece,
           guint         nth)
{
  guint n;

  arietta_track_get_notes (arietta_piece_get_track (piece, nth), &n);
  return n > 0;
}

/* What the first track says of the whole piece: texts, copyright, markers, cues, chord symbols. */
static gboolean
is_of_the_whole (const AriettaEvent *event)
{
  if (event->status != META)
    return FALSE;
  if (event->data1 == META_SPECIFIC)
    return event->n_bytes > 0 && event->bytes[0] == YAMAHA;
  return event->data1 == META_TEXT || event->data1 == META_COPYRIGHT || event->data1 == META_MARKER
         || event->data1 == META_CUE;
}

AriettaPiece *
arietta_export_take_track (AriettaPiece *piece,
                           guint         nth)
{
  AriettaPiece       *alone = arietta_piece_copy (piece);
  AriettaTrack       *track;
  guint               n;
  const AriettaEvent *events = arietta_track_get_events (arietta_piece_get_track (piece, 0), &n);

  for (guint t = arietta_piece_get_n_tracks (alone); t-- > 0;)
    if (t != nth)
      arietta_piece_remove_track (alone, t);
  track = arietta_piece_get_track (alone, 0);
  for (guint i = 0; nth > 0 && i < n; i++)
    if (is_of_the_whole (&events[i]))
      arietta_track_add_events (track, &events[i], 1);

  return arietta_piece_freeze (alone);
}

/* What is behind the name: "-1", or "-1 Piano". */
static char *
dup_suffix (AriettaTrack *track,
            guint         number,
            gboolean      named)
{
  const char      *name = arietta_track_get_name (track);
  g_autofree char *clean = g_strdup (*name != '\0' ? name : arietta_track_is_percussion (track) ? _("Drums")
                                     : arietta_general_midi_get_program (arietta_track_get_program (track)));

  g_strdelimit (clean, "/\\:\n\r\t", '-');
  g_strstrip (clean);
  return named ? g_strdup_printf ("-%u %s", number, clean) : g_strdup_printf ("-%u", number);
}

static void
remove_all (GPtrArray *paths)
{
  for (guint i = 0; i < paths->len; i++)
    g_unlink (paths->pdata[i]);
}

GPtrArray *
arietta_export_stems (AriettaPiece                *piece,
                      const char                  *path,
                      gboolean                     named,
                      const AriettaExportOptions  *options,
                      AriettaJob                  *job,
                      AriettaRenderResult         *result,
                      GError                     **error)
{
  g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  Progress             progress = { job, 0, 0 };

  g_return_val_if_fail (piece != NULL && arietta_piece_is_frozen (piece), NULL);
  g_return_val_if_fail (path != NULL && options != NULL, NULL);

  for (guint t = 0; t < arietta_piece_get_n_tracks (piece); t++)
    progress.n += has_notes (piece, t);
  if (progress.n == 0)
    {
      arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNABLE, NULL, NULL,
                         _("The piece has no notes, so there are no tracks to save."));
      return NULL;
    }

  for (guint t = 0; t < arietta_piece_get_n_tracks (piece); t++)
    {
      g_autoptr(AriettaPiece) alone = NULL;
      g_autofree char        *suffix = NULL, *own = NULL;
      AriettaRenderResult     one = { 0 };

      if (!has_notes (piece, t))
        continue;
      alone = arietta_export_take_track (piece, t);
      suffix = dup_suffix (arietta_piece_get_track (piece, t), progress.nth + 1, named);
      own = arietta_file_name_dup_with (path, suffix);
      if ((job != NULL && !progress_cb (0.0, &progress)) || !write_one (alone, own, options, &progress, &one, error))
        {
          if (error != NULL && *error == NULL)
            g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("Saving the tracks was stopped."));
          remove_all (paths);
          return NULL;
        }
      if (result != NULL)
        *result = progress.nth == 0 ? one : (AriettaRenderResult) { MAX (result->seconds, one.seconds),
                                                                   MAX (result->peak_db, one.peak_db),
                                                                   MAX (result->lufs, one.lufs) };
      g_ptr_array_add (paths, g_steal_pointer (&own));
      progress.nth++;
    }

  return g_steal_pointer (&paths);
}
