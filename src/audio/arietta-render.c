#define G_LOG_DOMAIN "arietta-audio"

#include "config.h"

#include "audio/arietta-render.h"

#include <glib/gi18n.h>
#include <math.h>

#include "audio/arietta-loudness.h"
#include "audio/arietta-sequencer.h"
#include "audio/arietta-sound-writer.h"
#include "audio/arietta-soundfont.h"
#include "base/arietta-error.h"

#define CHUNK_FRAMES     1024
#define MAX_TAIL_FRAMES  (2 * ARIETTA_SAMPLE_RATE)
#define FADE_FRAMES      (ARIETTA_SAMPLE_RATE / 4)   /* of a tail that would go on longer */
#define TAIL_SILENCE     1e-4f                       /* -80 dB */
/* A piece without notes is this long. */
#define MIN_FRAMES       (ARIETTA_SAMPLE_RATE / 10)

typedef struct
{
  AriettaSequencer   *sequencer;
  AriettaSoundWriter *writer;
  AriettaLoudness    *loudness;
  guint64             frame;
  guint               tail_frames;
  float               out[2 * CHUNK_FRAMES];
} Work;

static void
post (AriettaSequencer   *sequencer,
      AriettaCommandKind  kind,
      gpointer            pointer)
{
  AriettaCommand command = { .kind = kind, .pointer = pointer };

  arietta_sequencer_post (sequencer, &command);
}

static AriettaSequencer *
make_sequencer (AriettaPiece  *piece,
                const char    *soundfont,
                double        *end,
                GError       **error)
{
  g_autofree char *found = soundfont != NULL ? g_strdup (soundfont) : arietta_soundfont_find (NULL, error);
  AriettaSynth *synth = found != NULL ? arietta_synth_new (found, error) : NULL;
  AriettaSequencer *sequencer;
  AriettaSchedule *schedule;

  if (synth == NULL)
    return NULL;

  schedule = arietta_schedule_new (piece);
  *end = arietta_schedule_get_end (schedule);
  sequencer = arietta_sequencer_new ();
  post (sequencer, ARIETTA_COMMAND_SYNTH, synth);
  post (sequencer, ARIETTA_COMMAND_SCHEDULE, schedule);
  post (sequencer, ARIETTA_COMMAND_PLAY, NULL);

  return sequencer;
}

/* Renders one chunk; TRUE while more should follow. */
static gboolean
render_chunk (Work *work)
{
  gboolean ringing = FALSE;

  arietta_sequencer_render (work->sequencer, work->out, CHUNK_FRAMES, work->frame);
  work->frame += CHUNK_FRAMES;
  if (arietta_sequencer_is_playing (work->sequencer))
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
     double                  end,
     const char             *path,
     AriettaRenderProgress   progress,
     gpointer                user_data,
     GCancellable           *cancellable,
     GError                **error)
{
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
  g_autoptr(AriettaSequencer) sequencer = NULL;
  g_autoptr(AriettaSoundWriter) writer = NULL;
  g_autoptr(AriettaLoudness) loudness = NULL;
  g_autofree Work *work = NULL;
  double end;

  g_return_val_if_fail (piece != NULL && arietta_piece_is_frozen (piece), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  /* The target first: it is the likelier to be wrong, and quick to know. */
  writer = arietta_sound_writer_new (path, tags, error);
  if (writer == NULL)
    return FALSE;
  sequencer = make_sequencer (piece, soundfont, &end, error);
  if (sequencer == NULL)
    return FALSE;

  loudness = arietta_loudness_new (ARIETTA_SAMPLE_RATE);
  work = g_new0 (Work, 1);
  work->sequencer = sequencer;
  work->writer = writer;
  work->loudness = loudness;

  if (!run (work, end, path, progress, user_data, cancellable, error))
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
