#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-export.h"

#include <glib/gi18n.h>

#include "audio/arietta-render.h"
#include "drawing/arietta-roll.h"
#include "formats/arietta-formats.h"
#include "music/arietta-statement.h"
#include "studio/arietta-provenance.h"
#include "views/arietta-ask.h"
#include "views/arietta-error-presenter.h"
#include "views/arietta-file-chooser.h"

typedef enum
{
  KIND_NOTES,
  KIND_SOUND,
  KIND_PICTURE,
} Kind;

typedef struct
{
  const char *name;     /* behind the dot */
  const char *title;
  Kind        kind;
} Format;

static const Format formats[] = {
  { "mid", N_("Export as MIDI"), KIND_NOTES },
  { "musicxml", N_("Export as MusicXML"), KIND_NOTES },
  { "wav", N_("Export as WAV"), KIND_SOUND },
  { "flac", N_("Export as FLAC"), KIND_SOUND },
  { "ogg", N_("Export as Ogg Vorbis"), KIND_SOUND },
  { "opus", N_("Export as Opus"), KIND_SOUND },
  { "mp3", N_("Export as MP3"), KIND_SOUND },
  { "png", N_("Export as a PNG Picture"), KIND_PICTURE },
  { "svg", N_("Export as an SVG Picture"), KIND_PICTURE },
};

/* What the job works on; its thread touches nothing else. */
typedef struct
{
  AriettaSession      *session;   /* main thread only */
  AriettaLibrary      *library;
  AriettaPiece        *piece;     /* NULL: the take */
  gint64               take_id;
  char                *title;
  char                *soundfont;
  char                *path;
  const Format        *format;
} Export;

static void
export_free (Export *export)
{
  g_clear_object (&export->session);
  g_clear_object (&export->library);
  g_clear_pointer (&export->piece, arietta_piece_unref);
  g_free (export->title);
  g_free (export->soundfont);
  g_free (export->path);
  g_free (export);
}

static gboolean
progress (double   fraction,
          gpointer user_data)
{
  arietta_job_report (user_data, fraction, NULL);
  return arietta_job_check (user_data);
}

/* What a player shows, and the same statement that is inside of a MIDI file. */
static GHashTable *
make_tags (Export       *export,
           AriettaPiece *piece)
{
  GHashTable *tags = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  char *statement = arietta_statement_dup (piece);

  g_hash_table_insert (tags, (gpointer) "title", g_strdup (export->title));
  if (statement != NULL)
    g_hash_table_insert (tags, (gpointer) "comment", statement);
  return tags;
}

static gpointer
export_in_job (AriettaJob  *job,
               gpointer     data,
               GError     **error)
{
  Export *export = data;
  g_autoptr(AriettaPiece) kept = export->piece != NULL
                                   ? arietta_piece_ref (export->piece)
                                   : arietta_library_load_take (export->library, export->take_id, error);
  g_autoptr(AriettaPiece) piece = NULL;
  g_autoptr(GHashTable) tags = NULL;
  gboolean done = FALSE;

  if (kept == NULL)
    return NULL;

  piece = arietta_provenance_date (kept, g_get_real_time () / G_USEC_PER_SEC);
  switch (export->format->kind)
    {
    case KIND_NOTES:
      done = arietta_formats_write (piece, export->path, error);
      break;
    case KIND_SOUND:
      tags = make_tags (export, piece);
      done = arietta_render_file (piece, export->path, export->soundfont, tags, progress, job,
                                  arietta_job_get_cancellable (job), NULL, error);
      break;
    case KIND_PICTURE:
    default:
      done = arietta_roll_save (piece, export->path, error);
      break;
    }
  return done ? g_strdup (export->path) : NULL;
}

static void
exported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GtkWidget) near = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = arietta_job_run_finish (ARIETTA_JOB (source), result, &error);

  if (path != NULL)
    {
      g_autofree char *name = g_path_get_basename (path);
      g_autofree char *shown = g_utf8_make_valid (name, -1);
      g_autofree char *text = g_strdup_printf (_("Saved “%s”"), shown);

      arietta_toast (near, text);
    }
  else
    arietta_present_error (near, error);
}

static void
start (GtkWidget *near,
       Export    *export)
{
  g_autofree char *title = g_strdup_printf (_("Exporting “%s”"), export->title);
  g_autoptr(AriettaJob) job = arietta_job_new (title, FALSE, FALSE, export_in_job, export,
                                               (GDestroyNotify) export_free);

  arietta_job_queue_add (arietta_session_get_jobs (export->session), job, g_free, exported_cb,
                         g_object_ref (near));
}

static Export *
export_copy (const Export *chosen)
{
  Export *export = g_new0 (Export, 1);

  export->session = g_object_ref (chosen->session);
  export->library = g_object_ref (chosen->library);
  export->piece = chosen->piece != NULL ? arietta_piece_ref (chosen->piece) : NULL;
  export->take_id = chosen->take_id;
  export->title = g_strdup (chosen->title);
  export->soundfont = g_strdup (chosen->soundfont);
  export->path = g_strdup (chosen->path);
  export->format = chosen->format;
  return export;
}

static void
replace_answer_cb (GtkWidget *near,
                   gboolean   agreed,
                   gpointer   user_data)
{
  if (agreed)
    start (near, export_copy (user_data));
}

static void
target_chosen_cb (GtkWidget  *near,
                  GListModel *files,
                  gpointer    user_data)
{
  Export *chosen = user_data;
  g_autoptr(GFile) file = g_list_model_get_item (files, 0);
  g_autofree char *path = g_file_get_path (file);
  g_autofree char *suffix = NULL;

  if (path == NULL)
    {
      arietta_toast (near, _("Files can be saved on this computer only."));
      return;
    }

  g_free (chosen->path);
  suffix = g_strconcat (".", chosen->format->name, NULL);
  if (g_str_has_suffix (path, suffix))
    {
      chosen->path = g_steal_pointer (&path);
      start (near, export_copy (chosen));
      return;
    }

  /* The ending names the format; a name without it gets it.  The chooser asked about the name it knew, not about
   * this one. */
  chosen->path = g_strconcat (path, suffix, NULL);
  if (g_file_test (chosen->path, G_FILE_TEST_IS_REGULAR))
    {
      g_autofree char *base = g_path_get_basename (chosen->path);
      g_autofree char *shown = g_utf8_make_valid (base, -1);
      g_autofree char *heading = g_strdup_printf (_("Replace “%s”?"), shown);

      arietta_ask (near, heading, _("A file of this name is there already. Replacing it writes over what is in it."),
                   _("_Replace"), TRUE, replace_answer_cb, export_copy (chosen), (GDestroyNotify) export_free);
    }
  else
    {
      start (near, export_copy (chosen));
    }
}

/* A title as a file name: what a file system cannot hold becomes a dash. */
static char *
dup_file_name (const char *title,
               const char *ending)
{
  g_autofree char *clean = g_strdup (title);

  g_strdelimit (clean, "/\\:\n\r\t", '-');
  g_strstrip (clean);
  return g_strdup_printf ("%s.%s", clean[0] == '.' || clean[0] == '\0' ? _("Take") : clean, ending);
}

static void
ask_where (GtkWidget      *near,
           AriettaSession *session,
           AriettaPiece   *piece,
           gint64          take_id,
           const char     *title,
           const char     *format)
{
  g_autofree char *name = NULL;
  g_autofree char *soundfont = NULL;
  Export *export;
  guint nth = 0;

  while (nth < G_N_ELEMENTS (formats) && !g_str_equal (formats[nth].name, format))
    nth++;
  g_return_if_fail (nth < G_N_ELEMENTS (formats));

  soundfont = g_settings_get_string (arietta_session_get_settings (session), "soundfont");
  export = g_new0 (Export, 1);
  export->session = g_object_ref (session);
  export->library = g_object_ref (arietta_session_get_library (session));
  export->piece = piece != NULL ? arietta_piece_ref (piece) : NULL;
  export->take_id = take_id;
  export->title = g_strdup (title != NULL ? title : "");
  export->soundfont = soundfont[0] != '\0' ? g_steal_pointer (&soundfont) : NULL;
  export->format = &formats[nth];

  name = dup_file_name (export->title, format);
  arietta_choose_target (near, _(formats[nth].title), name, target_chosen_cb, export,
                         (GDestroyNotify) export_free);
}

void
arietta_export_take (GtkWidget         *near,
                     AriettaSession    *session,
                     const AriettaTake *take,
                     const char        *format)
{
  g_return_if_fail (GTK_IS_WIDGET (near));
  g_return_if_fail (ARIETTA_IS_SESSION (session));
  g_return_if_fail (take != NULL);

  ask_where (near, session, NULL, take->id, take->title, format);
}

void
arietta_export_piece (GtkWidget      *near,
                      AriettaSession *session,
                      AriettaPiece   *piece,
                      const char     *title,
                      const char     *format)
{
  g_return_if_fail (GTK_IS_WIDGET (near));
  g_return_if_fail (ARIETTA_IS_SESSION (session));
  g_return_if_fail (piece != NULL);

  ask_where (near, session, piece, 0, title, format);
}
