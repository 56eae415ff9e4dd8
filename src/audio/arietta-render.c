#define G_LOG_DOMAIN "arietta-audio"

#include "config.h"

#include "audio/arietta-render.h"

#include <glib/gi18n.h>
#include <math.h>

#include "audio/arietta-loudness.h"
#include "audio/arietta-render-shares.h"
#include "audio/arietta-schedule.h"
#include "audio/arietta-sound-writer.h"
#include "base/arietta-error.h"

#define CHUNK_FRAMES     ARIETTA_RENDER_CHUNK_FRAMES
#define MAX_TAIL_FRAMES  (2 * ARIETTA_SAMPLE_RATE)
#define FADE_FRAMES      (ARIETTA_SAMPLE_RATE / 4)   /* of a tail that would go on longer */
#define TAIL_SILENCE     1e-4f                       /* -80 dB */
/* A piece without notes is this long. */
#define MIN_FRAMES       (ARIETTA_SAMPLE_RATE / 10)

typedef struct
{
  AriettaRenderShares *shares;
  AriettaSoundWriter  *writer;
  AriettaLoudness     *loudness;
  guint64              frame;
  guint                tail_frames;
  float               *out;          /* the chunk rendered last */
} Work;

/* Renders one chunk; TRUE while more should follow. */
static gboolean
render_chunk (Work *work)
{
  gboolean ringing = FALSE;
  gboolean playing;

  work->out = arietta_render_shares_next (work->shares, &playing);
  work->frame += CHUNK_FRAMES;
  if (playing)
    return TRUE;

  for (guint i = 0; i < CHUNK_FRAMES; i++)
    {
      guint left = MAX_TAIL_FRAMES - MIN (work->tail_frames, MAX_TAIL_FRAMES);
      float fade = MIN ((float) left / FADE_FRAMES, 1.0f);

      ringing |= fabsf (work->out[2 * i]) > TAIL_SILENCE || fabsf (work->out[2 * i + 1]) > TAIL_SILENCE;
      work->out[2 * i] *= fade;
      work->out[2 * i + 1] *= fade;
      work->tail_frames++;
    }

  return (ringing && work->tail_frames < MAX_TAIL_FRAMES) || work->frame < MIN_FRAMES;
}

static gboolean
store_chunk (Work    *work,
             GError **error)
{
  gint16 samples[2 * CHUNK_FRAMES];

  for (guint i = 0; i < 2 * CHUNK_FRAMES; i++)
    samples[i] = (gint16) lrintf (CLAMP (work->out[i], -1.0f, 1.0f) * 32767.0f);

  arietta_loudness_add (work->loudness, work->out, CHUNK_FRAMES);
  return arietta_sound_writer_write (work->writer, samples, CHUNK_FRAMES, error);
}

static gboolean
run (Work                   *work,
     const char             *path,
     AriettaRenderProgress   progress,
     gpointer                user_data,
     GCancellable           *cancellable,
     GError                **error)
{
  const double end = arietta_render_shares_get_end (work->shares);
  gboolean more = TRUE;

  while (more)
    {
      double fraction = end > 0 ? MIN (work->frame / end, 1.0) : 1.0;

      if (g_cancellable_is_cancelled (cancellable) || (progress != NULL && !progress (fraction, user_data)))
        {
          arietta_set_error (error, ARIETTA_AUDIO_ERROR, ARIETTA_AUDIO_ERROR_CANCELLED, path, NULL,
                             _("Rendering was cancelled."));
          return FALSE;
        }

      more = render_chunk (work);
      if (!store_chunk (work, error))
        return FALSE;
    }

  if (!arietta_sound_writer_finish (work->writer, error))
    return FALSE;
  if (progress != NULL)
    progress (1.0, user_data);

  return TRUE;
}

gboolean
arietta_render_file (AriettaPiece           *piece,
                     const char             *path,
                     const char             *soundfont,
                     GHashTable             *tags,
                     AriettaRenderProgress   progress,
                     gpointer                user_data,
                     GCancellable           *cancellable,
                     AriettaRenderResult    *result,
                     GError                **error)
{
  g_autoptr(AriettaRenderShares) shares = NULL;
  g_autoptr(AriettaSoundWriter) writer = NULL;
  g_autoptr(AriettaLoudness) loudness = NULL;
  g_autofree Work *work = NULL;

  g_return_val_if_fail (piece != NULL && arietta_piece_is_frozen (piece), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  /* The target first: it is the likelier to be wrong, and quick to know. */
  writer = arietta_sound_writer_new (path, tags, error);
  if (writer == NULL)
    return FALSE;
  shares = arietta_render_shares_new (piece, soundfont, error);
  if (shares == NULL)
    return FALSE;

  loudness = arietta_loudness_new (ARIETTA_SAMPLE_RATE);
  work = g_new0 (Work, 1);
  work->shares = shares;
  work->writer = writer;
  work->loudness = loudness;

  if (!run (work, path, progress, user_data, cancellable, error))
    return FALSE;

  if (result != NULL)
    {
      result->seconds = (double) work->frame / ARIETTA_SAMPLE_RATE;
      result->peak_db = arietta_loudness_get_peak (loudness);
      result->lufs = arietta_loudness_get (loudness);
    }

  return TRUE;
}

gboolean
arietta_render_can_write (const char  *path,
                          GError     **error)
{
  return arietta_sound_writer_can_write (path, error);
}
