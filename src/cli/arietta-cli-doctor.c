/* The verb that checks an installation: is everything there that the studio needs? */
#define G_LOG_DOMAIN "arietta-cli"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <gst/gst.h>

#include "audio/arietta-soundfont.h"
#include "base/arietta-json.h"
#include "cli/arietta-cli.h"
#include "studio/arietta-compose.h"
#include "studio/arietta-model-list.h"

typedef struct
{
  const char *name;
  /* A new sentence; @ok says whether it is good news. */
  char     *(*check) (AriettaCli *cli,
                      gboolean   *ok);
} Check;

static char *
bad (gboolean *ok,
     GError   *error)
{
  char *sentence = g_strdup (error->message);

  *ok = FALSE;
  g_error_free (error);

  return sentence;
}

static char *
check_library (AriettaCli *cli,
               gboolean   *ok)
{
  GError         *error = NULL;
  AriettaLibrary *library = arietta_cli_get_library (cli, &error);

  if (library == NULL)
    return bad (ok, error);

  return g_strdup_printf (_("The library in “%s” opens."), arietta_library_get_folder (library));
}

static char *
check_models (AriettaCli *cli,
              gboolean   *ok)
{
  GError                     *error = NULL;
  AriettaComposeRequest       request = ARIETTA_COMPOSE_REQUEST_INIT;
  AriettaLibrary             *library = arietta_cli_get_library (cli, &error);
  g_autoptr(AriettaComposed)  composed = NULL;
  g_autoptr(GPtrArray)        models = NULL;

  if (library == NULL ||
      (composed = arietta_compose (library, &request, NULL, &error)) == NULL ||
      (models = arietta_models_list (library, &error)) == NULL)
    return bad (ok, error);

  for (guint i = 0; i < models->len; i++)
    {
      const AriettaModelInfo *info = g_ptr_array_index (models, i);

      if (info->problem != NULL)
        {
          *ok = FALSE;
          return g_strdup_printf (_("The model “%s” is broken: %s"), info->name, info->problem);
        }
    }

  return g_strdup_printf (_("The bundled model composes: %u notes."),
                          arietta_piece_get_n_notes (composed->piece));
}

static char *
check_soundfont (AriettaCli *cli,
                 gboolean   *ok)
{
  GError          *error = NULL;
  g_autofree char *path = arietta_soundfont_find (NULL, &error);

  if (path == NULL)
    return bad (ok, error);

  return g_strdup_printf (_("Instruments come from “%s”."), path);
}

static char *
check_gstreamer (AriettaCli *cli,
                 gboolean   *ok)
{
  static const char * const  elements[] = {
    "autoaudiosink", "audioconvert", "audioresample", "wavenc", "flacenc", "uridecodebin", "level"
  };
  g_autoptr(GString) missing = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (elements); i++)
    {
      g_autoptr(GstElementFactory) factory = gst_element_factory_find (elements[i]);

      if (factory == NULL)
        g_string_append_printf (missing, "%s%s", missing->len > 0 ? ", " : "", elements[i]);
    }

  if (missing->len == 0)
    return g_strdup (_("Every GStreamer element in use is there."));

  *ok = FALSE;
  return g_strdup_printf (_("These GStreamer elements are missing: %s. The packages gstreamer1.0-plugins-base and "
                            "gstreamer1.0-plugins-good bring them."), missing->str);
}

static char *
check_writing (AriettaCli *cli,
               gboolean   *ok)
{
  GError          *error = NULL;
  AriettaLibrary  *library = arietta_cli_get_library (cli, &error);
  g_autofree char *path = NULL;

  if (library == NULL)
    return bad (ok, error);

  path = g_build_filename (arietta_library_get_folder (library), ".doctor", NULL);
  if (!g_file_set_contents_full (path, "well", -1, G_FILE_SET_CONTENTS_DURABLE, 0600, &error))
    return bad (ok, error);
  g_unlink (path);

  return g_strdup (_("The library’s folder can be written to."));
}

JsonNode *
arietta_cli_doctor (AriettaCli *cli,
                    char      **args,
                    GError    **error)
{
  static const Check checks[] = {
    { "library", check_library },
    { "writing", check_writing },
    { "models", check_models },
    { "soundfont", check_soundfont },
    { "gstreamer", check_gstreamer },
  };
  g_autoptr(JsonBuilder) builder = NULL;

  if (!arietta_cli_parse (cli, NULL, &args, 0, 0, error))
    return NULL;

  builder = json_builder_new ();
  json_builder_begin_object (builder);
  arietta_json_begin_array (builder, "checks");
  for (guint i = 0; i < G_N_ELEMENTS (checks); i++)
    {
      gboolean         ok = TRUE;
      g_autofree char *detail = checks[i].check (cli, &ok);

      arietta_cli_print (cli, "%s  %-10s %s\n", ok ? "✓" : "✗", checks[i].name, detail);
      json_builder_begin_object (builder);
      arietta_json_string (builder, "name", checks[i].name);
      arietta_json_boolean (builder, "ok", ok);
      arietta_json_string (builder, "detail", detail);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);

  return json_builder_get_root (builder);
}
