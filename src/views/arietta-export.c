#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-export.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "library/arietta-project-file.h"
#include "studio/arietta-export-file.h"
#include "studio/arietta-provenance.h"
#include "views/arietta-ask.h"
#include "views/arietta-error-presenter.h"
#include "views/arietta-file-chooser.h"

typedef struct
{
  const char *name;         /* as the menus have it */
  const char *ending;       /* behind the dot */
  const char *title;
  int         midi_format;
  gboolean    stems;        /* a file for each track, in a folder of their own */
} Format;

static const Format formats[] = {
  { "mid", "mid", N_("Export as MIDI"), 1 },
  { "mid0", "mid", N_("Export as MIDI in One Track"), 0 },
  { "musicxml", "musicxml", N_("Export as MusicXML") },
  { "wav", "wav", N_("Export as WAV") },
  { "flac", "flac", N_("Export as FLAC") },
  { "ogg", "ogg", N_("Export as Ogg Vorbis") },
  { "opus", "opus", N_("Export as Opus") },
  { "mp3", "mp3", N_("Export as MP3") },
  { "png", "png", N_("Export as a PNG Picture") },
  { "svg", "svg", N_("Export as an SVG Picture") },
  { "arietta", "arietta", N_("Save as a Project") },
  { "stems-mid", "mid", N_("Export Tracks as MIDI"), 1, TRUE },
  { "stems-wav", "wav", N_("Export Tracks as WAV"), 1, TRUE },
  { "stems-flac", "flac", N_("Export Tracks as FLAC"), 1, TRUE },
  { "stems-ogg", "ogg", N_("Export Tracks as Ogg Vorbis"), 1, TRUE },
  { "stems-opus", "opus", N_("Export Tracks as Opus"), 1, TRUE },
  { "stems-mp3", "mp3", N_("Export Tracks as MP3"), 1, TRUE },
};

/* What the job works on; its thread touches nothing else. */
typedef struct
{
  AriettaSession      *session;   /* main thread only */
  AriettaLibrary      *library;
  AriettaPiece        *piece;     /* NULL: the take */
  gint64               take_id;
  gint64               project_id;  /* 0: none */
  char                *title;
  char                *author;
  gboolean             discreet;
  char                *soundfont;
  char                *path;      /* for stems the folder that was chosen */
  const Format        *format;
} Export;

static void
export_free (Export *export)
{
  g_clear_object (&export->session);
  g_clear_object (&export->library);
  g_clear_pointer (&export->piece, arietta_piece_unref);
  g_free (export->title);
  g_free (export->author);
  g_free (export->soundfont);
  g_free (export->path);
  g_free (export);
}

/* A title as a file name: what a file system cannot hold becomes a dash. */
static char *
dup_file_name (const char *title)
{
  char *clean = g_strdup (title);

  g_strdelimit (clean, "/\\:\n\r\t", '-');
  g_strstrip (clean);
  if (clean[0] != '.' && clean[0] != '\0')
    return clean;
  g_free (clean);
  return g_strdup (_("Take"));
}

/* A folder of the name of the piece that was not there before; the tracks go into it. */
static char *
make_stems_folder (const char *inside,
                   const char *name)
{
  for (guint i = 1; i < 1000; i++)
    {
      g_autofree char *numbered = i > 1 ? g_strdup_printf ("%s %u", name, i) : g_strdup (name);
      g_autofree char *folder = g_build_filename (inside, numbered, NULL);

      if (g_mkdir (folder, 0777) == 0)
        return g_steal_pointer (&folder);
      if (errno != EEXIST)
        break;
    }

  /* Writing into it will say what is wrong. */
  return g_build_filename (inside, name, NULL);
}

static char *
export_stems (Export                     *export,
              AriettaPiece               *piece,
              const AriettaExportOptions *options,
              AriettaJob                 *job,
              GError                    **error)
{
  g_autofree char *name = dup_file_name (export->title);
  g_autofree char *folder = make_stems_folder (export->path, name);
  g_autofree char *file = g_strdup_printf ("%s.%s", name, export->format->ending);
  g_autofree char *path = g_build_filename (folder, file, NULL);
  g_autoptr(GPtrArray) stems = arietta_export_stems (piece, path, TRUE, options, job, NULL, error);

  if (stems != NULL)
    return g_steal_pointer (&folder);
  g_rmdir (folder);
  return NULL;
}

static gpointer
export_in_job (AriettaJob  *job,
               gpointer     data,
               GError     **error)
{
  Export *export = data;
  g_autoptr(AriettaPiece) kept = NULL;
  const AriettaExportOptions options = { export->title, export->soundfont, export->format->midi_format };
  const AriettaProvenanceWishes wishes = { export->author, g_get_real_time () / G_USEC_PER_SEC, export->discreet };
  g_autoptr(AriettaPiece) piece = NULL;

  if (export->project_id != 0)
    return arietta_project_file_save (export->library, export->project_id, export->path, error)
             ? g_strdup (export->path) : NULL;

  kept = export->piece != NULL ? arietta_piece_ref (export->piece)
                               : arietta_library_load_take (export->library, export->take_id, error);
  if (kept == NULL)
    return NULL;

  piece = arietta_provenance_export (kept, &wishes);
  if (!export->format->stems)
    return arietta_export_file (piece, export->path, &options, job, NULL, error) ? g_strdup (export->path) : NULL;
  return export_stems (export, piece, &options, job, error);
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

/* Takes @export. */
static AriettaJob *
make_job (Export *export)
{
  g_autofree char *title = g_strdup_printf (_("Exporting “%s”"), export->title);

  return arietta_job_new (title, FALSE, FALSE, export_in_job, export, (GDestroyNotify) export_free);
}

static void
start (GtkWidget *near,
       Export    *export)
{
  g_autoptr(AriettaJob) job = make_job (export);

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
  export->project_id = chosen->project_id;
  export->title = g_strdup (chosen->title);
  export->author = g_strdup (chosen->author);
  export->discreet = chosen->discreet;
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
  if (chosen->format->stems)
    {
      chosen->path = g_steal_pointer (&path);
      start (near, export_copy (chosen));
      return;
    }
  suffix = g_strconcat (".", chosen->format->ending, NULL);
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

static Export *
export_new (AriettaSession *session,
            AriettaPiece   *piece,
            gint64          take_id,
            const char     *title,
            const char     *format)
{
  GSettings *settings = arietta_session_get_settings (session);
  g_autofree char *soundfont = g_settings_get_string (settings, "soundfont");
  Export *export;
  guint nth = 0;

  while (nth < G_N_ELEMENTS (formats) && !g_str_equal (formats[nth].name, format))
    nth++;
  g_return_val_if_fail (nth < G_N_ELEMENTS (formats), NULL);

  export = g_new0 (Export, 1);
  export->session = g_object_ref (session);
  export->library = g_object_ref (arietta_session_get_library (session));
  export->piece = piece != NULL ? arietta_piece_ref (piece) : NULL;
  export->take_id = take_id;
  export->title = g_strdup (title != NULL ? title : "");
  export->author = g_settings_get_string (settings, "author");
  export->discreet = g_settings_get_boolean (settings, "discreet-exports");
  export->soundfont = soundfont[0] != '\0' ? g_steal_pointer (&soundfont) : NULL;
  export->format = &formats[nth];
  return export;
}

static void
ask_where (GtkWidget      *near,
           AriettaSession *session,
           AriettaPiece   *piece,
           gint64          take_id,
           gint64          project_id,
           const char     *title,
           const char     *format)
{
  Export *export = export_new (session, piece, take_id, title, format);
  g_autofree char *name = NULL;
  g_autofree char *file = NULL;

  if (export == NULL)
    return;
  export->project_id = project_id;
  if (export->format->stems)
    {
      arietta_choose_folder (near, _(export->format->title), target_chosen_cb, export, (GDestroyNotify) export_free);
      return;
    }
  name = dup_file_name (export->title);
  file = g_strdup_printf ("%s.%s", name, export->format->ending);
  arietta_choose_target (near, _(export->format->title), file, target_chosen_cb, export, (GDestroyNotify) export_free);
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

  ask_where (near, session, NULL, take->id, 0, take->title, format);
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

  ask_where (near, session, piece, 0, 0, title, format);
}

AriettaJob *
arietta_export_job_new (AriettaSession *session,
                        AriettaPiece   *piece,
                        gint64          take_id,
                        const char     *title,
                        const char     *format,
                        const char     *folder)
{
  Export *export = export_new (session, piece, take_id, title, format);
  g_autofree char *name = NULL;
  g_autofree char *file = NULL;

  g_return_val_if_fail (export != NULL && !export->format->stems, NULL);

  name = dup_file_name (export->title);
  file = g_strdup_printf ("%s.%s", name, export->format->ending);
  export->path = g_build_filename (folder, file, NULL);
  return make_job (export);
}

/* Once the last step is in the library. */
static void
kept_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  AriettaComposition *composition = ARIETTA_COMPOSITION (source);
  gpointer *both = user_data;
  g_autoptr(GtkWidget) near = both[0];
  g_autoptr(AriettaSession) session = both[1];
  g_autoptr(GError) error = NULL;

  g_free (both);
  if (arietta_composition_save_finish (composition, result, &error))
    ask_where (near, session, NULL, 0, arietta_composition_get_project_id (composition),
               arietta_composition_get_title (composition), "arietta");
  else
    arietta_present_error (near, error);
}

void
arietta_export_composition (GtkWidget          *near,
                            AriettaSession     *session,
                            AriettaComposition *composition)
{
  gpointer *both = g_new (gpointer, 2);

  g_return_if_fail (GTK_IS_WIDGET (near));
  g_return_if_fail (ARIETTA_IS_SESSION (session));
  g_return_if_fail (ARIETTA_IS_COMPOSITION (composition));

  both[0] = g_object_ref (near);
  both[1] = g_object_ref (session);
  arietta_composition_keep (composition);
  arietta_composition_save_async (composition, kept_cb, both);
}
