#define G_LOG_DOMAIN "arietta-audio"

#include "config.h"

#include "audio/arietta-sound-file.h"

#include <glib/gi18n.h>
#include <gst/pbutils/pbutils.h>

#include "audio/arietta-audio-sink.h"
#include "base/arietta-error.h"

#define TIMEOUT (5 * GST_SECOND)

static void
set_result_error (GError              **error,
                  const char           *path,
                  GstDiscovererResult   result,
                  const GError         *reason)
{
  g_autofree char *name = g_filename_display_basename (path);

  switch (result)
    {
    case GST_DISCOVERER_TIMEOUT:
      arietta_set_error (error, ARIETTA_AUDIO_ERROR, ARIETTA_AUDIO_ERROR_DECODE, path, NULL,
                         _("“%s” could not be read in time."), name);
      break;

    case GST_DISCOVERER_MISSING_PLUGINS:
      arietta_set_error (error, ARIETTA_AUDIO_ERROR, ARIETTA_AUDIO_ERROR_DECODE, path, NULL,
                         _("“%s” needs a decoder that is not installed."), name);
      break;

    case GST_DISCOVERER_OK:
      arietta_set_error (error, ARIETTA_AUDIO_ERROR, ARIETTA_AUDIO_ERROR_DECODE, path, NULL,
                         _("There is no sound in “%s”."), name);
      break;

    case GST_DISCOVERER_URI_INVALID:
    case GST_DISCOVERER_ERROR:
    case GST_DISCOVERER_BUSY:
    default:
      arietta_set_error (error, ARIETTA_AUDIO_ERROR, ARIETTA_AUDIO_ERROR_DECODE, path, NULL,
                         _("“%s” cannot be read as sound: %s"), name,
                         reason != NULL ? reason->message : _("it is damaged or of an unknown kind."));
      break;
    }
}

static char *
dup_title (GstDiscovererInfo *info,
           GList             *streams)
{
  const GstTagList *tags[2] = { NULL, NULL };
  GstDiscovererStreamInfo *container = gst_discoverer_info_get_stream_info (info);
  char *title = NULL;

  if (container != NULL)
    tags[0] = gst_discoverer_stream_info_get_tags (container);
  if (streams != NULL)
    tags[1] = gst_discoverer_stream_info_get_tags (streams->data);

  for (guint i = 0; i < G_N_ELEMENTS (tags) && title == NULL; i++)
    if (tags[i] != NULL)
      gst_tag_list_get_string (tags[i], GST_TAG_TITLE, &title);

  g_clear_object (&container);
  return title;
}

void
arietta_sound_info_clear (AriettaSoundInfo *self)
{
  g_clear_pointer (&self->codec, g_free);
  g_clear_pointer (&self->title, g_free);
}

gboolean
arietta_sound_file_probe (const char        *path,
                          AriettaSoundInfo  *info,
                          GError           **error)
{
  g_autoptr(GstDiscoverer) discoverer = NULL;
  g_autoptr(GstDiscovererInfo) found = NULL;
  g_autoptr(GstCaps) caps = NULL;
  g_autoptr(GError) reason = NULL;
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autofree char *uri = g_filename_to_uri (absolute, NULL, NULL);
  GstDiscovererResult result;
  GList *streams;

  g_return_val_if_fail (info != NULL, FALSE);

  *info = (AriettaSoundInfo) { 0 };
  if (!arietta_audio_init (error))
    return FALSE;

  discoverer = gst_discoverer_new (TIMEOUT, &reason);
  if (discoverer != NULL)
    found = gst_discoverer_discover_uri (discoverer, uri, &reason);
  result = found != NULL ? gst_discoverer_info_get_result (found) : GST_DISCOVERER_ERROR;
  streams = found != NULL ? gst_discoverer_info_get_audio_streams (found) : NULL;

  if (result != GST_DISCOVERER_OK || streams == NULL)
    {
      set_result_error (error, path, result, reason);
      gst_discoverer_stream_info_list_free (streams);
      return FALSE;
    }

  info->seconds = (double) gst_discoverer_info_get_duration (found) / GST_SECOND;
  info->sample_rate = gst_discoverer_audio_info_get_sample_rate (streams->data);
  info->channels = gst_discoverer_audio_info_get_channels (streams->data);
  caps = gst_discoverer_stream_info_get_caps (streams->data);
  info->codec = caps != NULL ? gst_pb_utils_get_codec_description (caps) : NULL;
  info->title = dup_title (found, streams);
  gst_discoverer_stream_info_list_free (streams);

  return TRUE;
}
