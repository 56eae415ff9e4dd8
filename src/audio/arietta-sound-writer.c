#define G_LOG_DOMAIN "arietta-audio"

#include "config.h"

#include "audio/arietta-sound-writer.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <gst/gst.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audio/arietta-audio-sink.h"
#include "audio/arietta-schedule.h"
#include "base/arietta-error.h"

#define FRAME_BYTES      4
#define WAV_HEADER_BYTES 44
/* An encoder this far behind is waited for. */
#define MAX_QUEUED_BYTES (4 * 1024 * 1024)

typedef struct
{
  const char *ending;
  const char *elements;  /* that must be there, in one word each; NULL: written here */
  const char *pipeline;  /* between our samples and the file; who is called "encoder" takes the tags */
} Format;

static const Format formats[] = {
  { ".wav", NULL, NULL },
  { ".flac", "flacenc", "flacenc name=encoder" },
  { ".ogg", "vorbisenc oggmux", "audioconvert ! vorbisenc name=encoder quality=0.6 ! oggmux" },
  /* Opus knows 48 kHz only. */
  { ".opus", "opusenc oggmux", "audioconvert ! audioresample quality=10 ! opusenc name=encoder bitrate=160000 ! oggmux" },
  { ".mp3", "lamemp3enc id3v2mux", "audioconvert ! lamemp3enc target=quality quality=2 ! id3v2mux name=encoder" },
};

struct _AriettaSoundWriter
{
  const Format *format;
  char         *path;
  char         *part;      /* the name while it is written; NULL once renamed */
  GHashTable   *tags;      /* NULL: none */
  int           fd;
  guint64       n_frames;
  GstElement   *pipeline;  /* NULL for what is written here */
  GstElement   *source;    /* borrowed from the pipeline */
};

static const Format *
find_format (const char *path)
{
  g_autofree char *lower = g_ascii_strdown (path, -1);

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    if (g_str_has_suffix (lower, formats[i].ending))
      return &formats[i];

  return NULL;
}

static void
set_io_error (GError     **error,
              const char  *path,
              int          code)
{
  g_autofree char *name = g_filename_display_name (path);
  g_autofree char *folder_path = g_path_get_dirname (path);
  g_autofree char *folder = g_filename_display_name (folder_path);

  /* Some file systems say so of every new file. */
  if (code == ENOENT && g_file_test (folder_path, G_FILE_TEST_IS_DIR))
    code = EACCES;

  switch (code)
    {
    case ENOSPC:
    case EDQUOT:
      arietta_set_error (error, ARIETTA_AUDIO_ERROR, ARIETTA_AUDIO_ERROR_IO, path, NULL,
                         _("“%s” was not written: the disk is full. Free some space or choose another folder."),
                         name);
      break;

    case EFBIG:
      arietta_set_error (error, ARIETTA_AUDIO_ERROR, ARIETTA_AUDIO_ERROR_IO, path, NULL,
                         _("“%s” was not written: it would be larger than a file may be there."), name);
      break;

    case EACCES:
    case EPERM:
    case EROFS:
      arietta_set_error (error, ARIETTA_AUDIO_ERROR, ARIETTA_AUDIO_ERROR_IO, path, NULL,
                         _("“%s” was not written: the folder “%s” cannot be written to. Choose another folder."),
                         name, folder);
      break;

    case ENOENT:
    case ENOTDIR:
      arietta_set_error (error, ARIETTA_AUDIO_ERROR, ARIETTA_AUDIO_ERROR_IO, path, NULL,
                         _("“%s” was not written: there is no folder “%s”."), name, folder);
      break;

    default:
      arietta_set_error (error, ARIETTA_AUDIO_ERROR, ARIETTA_AUDIO_ERROR_IO, path, NULL,
                         _("“%s” was not written: %s."), name, g_strerror (code));
      break;
    }
}

static gboolean
write_all (AriettaSoundWriter  *self,
           gconstpointer        bytes,
           gsize                n_bytes,
           GError             **error)
{
  const guint8 *at = bytes;

  while (n_bytes > 0)
    {
      gssize n = write (self->fd, at, n_bytes);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        {
          set_io_error (error, self->path, n < 0 ? errno : ENOSPC);
          return FALSE;
        }
      at += n;
      n_bytes -= n;
    }

  return TRUE;
}

/* RIFF, one 16-byte format chunk, the samples: what every reader knows. */
static gboolean
write_wav_header (AriettaSoundWriter  *self,
                  guint32              n_behind,
                  GError             **error)
{
  guint32 n_bytes = self->n_frames * FRAME_BYTES;
  guint8 head[WAV_HEADER_BYTES] = "RIFF....WAVEfmt ";
  const guint32 fields[][2] = {
    { 4, WAV_HEADER_BYTES - 8 + n_bytes + n_behind },
    { 16, 16 },
    { 20, 2 << 16 | 1 },                     /* PCM, stereo */
    { 24, ARIETTA_SAMPLE_RATE },
    { 28, ARIETTA_SAMPLE_RATE * FRAME_BYTES },
    { 32, 16 << 16 | FRAME_BYTES },          /* bytes of a frame, bits of a sample */
    { 40, n_bytes },
  };

  memcpy (head + 36, "data", 4);
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    for (guint b = 0; b < 4; b++)
      head[fields[i][0] + b] = fields[i][1] >> (8 * b);

  if (lseek (self->fd, 0, SEEK_SET) < 0)
    {
      set_io_error (error, self->path, errno);
      return FALSE;
    }

  return write_all (self, head, sizeof head, error);
}

static void
add_wav_tag (GByteArray *list,
             const char *id,
             const char *text)
{
  guint32 n = text != NULL ? (guint32) strlen (text) : 0;
  guint32 room = (n + 4) & ~3u;   /* ends in a zero; whole words, so that nobody meets half a frame */
  guint32 size = GUINT32_TO_LE (room);
  gsize   at = list->len;

  if (n == 0)
    return;
  g_byte_array_set_size (list, (guint) (at + 8 + room));
  memset (list->data + at, 0, 8 + room);
  memcpy (list->data + at, id, 4);
  memcpy (list->data + at + 4, &size, 4);
  memcpy (list->data + at + 8, text, n);
}

/* A LIST of INFO behind the samples, where whoever wants the plain header does not see it. */
static gboolean
finish_wav (AriettaSoundWriter  *self,
            GError             **error)
{
  g_autoptr(GByteArray) list = g_byte_array_new ();
  guint32               size;

  /* A title alone is not worth more than the plainest file there is. */
  if (self->tags == NULL || g_hash_table_lookup (self->tags, "comment") == NULL)
    return write_wav_header (self, 0, error);

  g_byte_array_append (list, (const guint8 *) "LIST....INFO", 12);
  add_wav_tag (list, "INAM", g_hash_table_lookup (self->tags, "title"));
  add_wav_tag (list, "IART", g_hash_table_lookup (self->tags, "artist"));
  add_wav_tag (list, "ICMT", g_hash_table_lookup (self->tags, "comment"));
  if (self->n_frames * FRAME_BYTES > G_MAXUINT32 - WAV_HEADER_BYTES - list->len)
    return write_wav_header (self, 0, error);

  size = GUINT32_TO_LE (list->len - 8);
  memcpy (list->data + 4, &size, 4);
  return write_all (self, list->data, list->len, error) && write_wav_header (self, list->len, error);
}

static gboolean
write_wav (AriettaSoundWriter  *self,
           const gint16        *frames,
           guint                n_frames,
           GError             **error)
{
  g_autofree guint8 *bytes = NULL;

  if ((self->n_frames + n_frames) * FRAME_BYTES > G_MAXUINT32 - WAV_HEADER_BYTES)
    {
      set_io_error (error, self->path, EFBIG);
      return FALSE;
    }

  bytes = g_malloc (n_frames * FRAME_BYTES);
  for (guint i = 0; i < 2 * n_frames; i++)
    {
      bytes[2 * i] = frames[i] & 0xFF;
      bytes[2 * i + 1] = (guint16) frames[i] >> 8;
    }

  return write_all (self, bytes, n_frames * FRAME_BYTES, error);
}

static void
add_tags (GstElement *pipeline,
          GHashTable *tags)
{
  static const struct
  {
    const char *key;
    const char *tag;
  } names[] = {
    { "title", GST_TAG_TITLE },
    { "artist", GST_TAG_ARTIST },
    { "comment", GST_TAG_COMMENT },
  };
  g_autoptr(GstElement) encoder = gst_bin_get_by_name (GST_BIN (pipeline), "encoder");

  if (tags == NULL || !GST_IS_TAG_SETTER (encoder))
    return;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const char *value = g_hash_table_lookup (tags, names[i].key);

      if (value != NULL && *value != '\0')
        gst_tag_setter_add_tags (GST_TAG_SETTER (encoder), GST_TAG_MERGE_REPLACE,
                                 names[i].tag, value, NULL);
    }
}

static gboolean
open_pipeline (AriettaSoundWriter  *self,
               GHashTable          *tags,
               GError             **error)
{
  g_autofree char *description =
    g_strdup_printf ("appsrc name=source format=time ! %s ! filesink name=sink", self->format->pipeline);
  g_autoptr(GError) reason = NULL;
  g_autoptr(GstElement) sink = NULL;
  g_autoptr(GstCaps) caps = NULL;

  self->pipeline = gst_parse_launch (description, &reason);
  if (reason != NULL)
    {
      arietta_set_error (error, ARIETTA_AUDIO_ERROR, ARIETTA_AUDIO_ERROR_NO_ENCODER, self->path, NULL,
                         _("The encoder for “%s” could not be set up: %s"),
                         self->format->ending, reason->message);
      return FALSE;
    }

  caps = gst_caps_new_simple ("audio/x-raw",
                              "format", G_TYPE_STRING, "S16LE",
                              "rate", G_TYPE_INT, ARIETTA_SAMPLE_RATE,
                              "channels", G_TYPE_INT, 2,
                              "layout", G_TYPE_STRING, "interleaved",
                              "channel-mask", GST_TYPE_BITMASK, (guint64) 3,  /* left and right */
                              NULL);
  self->source = gst_bin_get_by_name (GST_BIN (self->pipeline), "source");
  gst_object_unref (self->source);  /* the pipeline keeps it */
  g_object_set (self->source, "caps", caps, "max-bytes", (guint64) 0, NULL);
  sink = gst_bin_get_by_name (GST_BIN (self->pipeline), "sink");
  g_object_set (sink, "location", self->part, NULL);
  add_tags (self->pipeline, tags);

  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
  return TRUE;
}

/* Looks for an error or, if @wait_ns is not 0, waits for the end. */
static gboolean
check_pipeline (AriettaSoundWriter  *self,
                GstClockTime         wait_ns,
                gboolean            *ended,
                GError             **error)
{
  g_autoptr(GstBus) bus = gst_element_get_bus (self->pipeline);
  g_autoptr(GstMessage) message =
    gst_bus_timed_pop_filtered (bus, wait_ns, GST_MESSAGE_ERROR | GST_MESSAGE_EOS);
  g_autoptr(GError) reason = NULL;

  if (message == NULL)
    return TRUE;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS)
    {
      *ended = TRUE;
      return TRUE;
    }

  gst_message_parse_error (message, &reason, NULL);
  if (g_error_matches (reason, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT))
    set_io_error (error, self->path, ENOSPC);
  else
    {
      g_autofree char *name = g_filename_display_name (self->path);

      arietta_set_error (error, ARIETTA_AUDIO_ERROR, ARIETTA_AUDIO_ERROR_IO, self->path, NULL,
                         _("“%s” was not written: %s"), name, reason->message);
    }

  return FALSE;
}

static gboolean
write_pipeline (AriettaSoundWriter  *self,
                const gint16        *frames,
                guint                n_frames,
                GError             **error)
{
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, n_frames * FRAME_BYTES, NULL);
  GstFlowReturn flow = GST_FLOW_OK;
  gboolean ended = FALSE;
  guint64 queued = 0;
  GstMapInfo map;

  gst_buffer_map (buffer, &map, GST_MAP_WRITE);
  for (guint i = 0; i < 2 * n_frames; i++)
    {
      map.data[2 * i] = frames[i] & 0xFF;
      map.data[2 * i + 1] = (guint16) frames[i] >> 8;
    }
  gst_buffer_unmap (buffer, &map);

  GST_BUFFER_PTS (buffer) = gst_util_uint64_scale (self->n_frames, GST_SECOND, ARIETTA_SAMPLE_RATE);
  GST_BUFFER_DURATION (buffer) =
    gst_util_uint64_scale (self->n_frames + n_frames, GST_SECOND, ARIETTA_SAMPLE_RATE)
    - GST_BUFFER_PTS (buffer);
  g_signal_emit_by_name (self->source, "push-buffer", buffer, &flow);
  gst_buffer_unref (buffer);

  /* Never blocking inside appsrc: after an error downstream nothing would wake it. */
  do
    {
      if (!check_pipeline (self, queued > MAX_QUEUED_BYTES ? 10 * GST_MSECOND : 0, &ended, error))
        return FALSE;
      g_object_get (self->source, "current-level-bytes", &queued, NULL);
    }
  while (queued > MAX_QUEUED_BYTES);

  return TRUE;
}

static gboolean
finish_pipeline (AriettaSoundWriter  *self,
                 GError             **error)
{
  GstFlowReturn flow;
  gboolean ended = FALSE;

  g_signal_emit_by_name (self->source, "end-of-stream", &flow);
  if (!check_pipeline (self, GST_CLOCK_TIME_NONE, &ended, error))
    return FALSE;

  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  return TRUE;
}

/* Best effort: some file systems cannot. */
static void
sync_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd >= 0)
    {
      fsync (fd);
      close (fd);
    }
}

gboolean
arietta_sound_writer_can_write (const char  *path,
                                GError     **error)
{
  const Format *format = find_format (path);
  g_auto(GStrv) elements = NULL;

  if (format == NULL)
    {
      g_autofree char *name = g_filename_display_basename (path);

      arietta_set_error (error, ARIETTA_AUDIO_ERROR, ARIETTA_AUDIO_ERROR_NO_ENCODER, path, NULL,
                         _("“%s” names no sound format that can be written. Use the ending .wav, .flac, .ogg, .opus or .mp3."),
                         name);
      return FALSE;
    }

  if (format->elements == NULL)
    return TRUE;
  if (!arietta_audio_init (error))
    return FALSE;

  elements = g_strsplit (format->elements, " ", -1);
  for (guint i = 0; elements[i] != NULL; i++)
    {
      g_autoptr(GstElementFactory) factory = gst_element_factory_find (elements[i]);

      if (factory != NULL)
        continue;
      arietta_set_error (error, ARIETTA_AUDIO_ERROR, ARIETTA_AUDIO_ERROR_NO_ENCODER, path, NULL,
                         _("Sound cannot be written as %s here: GStreamer’s “%s” is not installed."),
                         format->ending, elements[i]);
      return FALSE;
    }

  return TRUE;
}

AriettaSoundWriter *
arietta_sound_writer_new (const char  *path,
                          GHashTable  *tags,
                          GError     **error)
{
  g_autoptr(AriettaSoundWriter) self = NULL;
  g_autofree char *folder = g_path_get_dirname (path);

  if (!arietta_sound_writer_can_write (path, error))
    return NULL;

  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    {
      set_io_error (error, path, EISDIR);
      return NULL;
    }

  self = g_new0 (AriettaSoundWriter, 1);
  self->format = find_format (path);
  self->path = g_strdup (path);
  self->tags = tags != NULL ? g_hash_table_ref (tags) : NULL;
  self->part = g_build_filename (folder, ".arietta-XXXXXX", NULL);
  self->fd = g_mkstemp_full (self->part, O_RDWR | O_CLOEXEC, 0666);
  if (self->fd < 0)
    {
      set_io_error (error, path, errno);
      g_clear_pointer (&self->part, g_free);
      return NULL;
    }

  if (self->format->elements == NULL ? !write_wav_header (self, 0, error) : !open_pipeline (self, tags, error))
    return NULL;

  return g_steal_pointer (&self);
}

gboolean
arietta_sound_writer_write (AriettaSoundWriter  *self,
                            const gint16        *frames,
                            guint                n_frames,
                            GError             **error)
{
  gboolean done;

  if (n_frames == 0)
    return TRUE;

  if (self->pipeline != NULL)
    done = write_pipeline (self, frames, n_frames, error);
  else
    done = write_wav (self, frames, n_frames, error);

  self->n_frames += n_frames;
  return done;
}

gboolean
arietta_sound_writer_finish (AriettaSoundWriter  *self,
                             GError             **error)
{
  if (self->pipeline != NULL ? !finish_pipeline (self, error) : !finish_wav (self, error))
    return FALSE;

  /* A full disk may show itself only here. */
  if (fsync (self->fd) != 0 || g_rename (self->part, self->path) != 0)
    {
      set_io_error (error, self->path, errno);
      return FALSE;
    }

  g_clear_pointer (&self->part, g_free);
  sync_folder (self->path);
  return TRUE;
}

void
arietta_sound_writer_free (AriettaSoundWriter *self)
{
  if (self == NULL)
    return;

  if (self->pipeline != NULL)
    {
      gst_element_set_state (self->pipeline, GST_STATE_NULL);
      gst_object_unref (self->pipeline);
    }
  if (self->fd >= 0)
    close (self->fd);
  if (self->part != NULL)
    g_unlink (self->part);

  g_clear_pointer (&self->tags, g_hash_table_unref);
  g_free (self->part);
  g_free (self->path);
  g_free (self);
}
