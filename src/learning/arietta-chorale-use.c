/* From frames to pieces: new chorales, and melodies set for four voices. */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-chorale-private.h"

#include "analysis/arietta-key-finder.h"
#include "analysis/arietta-melody.h"
#include "base/arietta-error.h"
#include "music/arietta-bar-map.h"

#include <glib/gi18n.h>
#include <string.h>

/* What a nat of the model's counts against a fault's: enough to be heard, not enough to freeze. */
#define LIKELIHOOD 0.5

#define VELOCITY      80
#define CHURCH_ORGAN  19

static gboolean
set_stopped (GError **error)
{
  arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_CANCELLED, NULL, NULL,
                     _("Composing was stopped."));
  return FALSE;
}

static void
add_voice (AriettaPiece        *piece,
           const AriettaVoices *voices,
           AriettaVoice         voice,
           int                  velocity,
           int                  program)
{
  GArray       *notes = g_array_new (FALSE, FALSE, sizeof (AriettaNote));
  AriettaTrack *track = arietta_piece_add_track (piece, arietta_voice_get_name (voice));

  /* Channel 10 is for drums. */
  arietta_voices_to_notes (voices, voice, velocity, program, voice, notes);
  arietta_track_take_notes (track, notes);
}

/* --- heard before it is finished, and nobody's --- */

/* At a bar that copies; each time warmer, until it is another one. */
#define TRIES 4
#define HEAT  0.2

/* What has been told of a piece that is being written, and found to be nobody's. */
typedef struct
{
  const AriettaWriteSettings *settings;
  AriettaVoices              *voices;    /* all steps of the piece */
  guint                       first;     /* of the steps that are written */
  guint                       n_told;    /* bars */
  AriettaBarMap              *bars;
  AriettaChoraleTask         *task;
  guint                       n_checked; /* bars */
  guint                       n_tries;   /* at the next of them */
  gboolean                    copies;    /* that one, so the search was ended */
  /* Of a melody that is set. */
  AriettaPiece               *melody;
  guint                       track;
  int                         channel, shift;
} Writing;

static AriettaPiece *make_chorale (const AriettaWriteSettings *settings,
                                   const AriettaVoices        *voices);
static AriettaPiece *make_setting (const Writing              *self,
                                   const AriettaVoices        *voices);

/* The piece with the first @n_steps of those that are written. */
static AriettaPiece *
make_piece (const Writing      *self,
            const AriettaFrame *frames,
            guint               n_steps)
{
  g_autofree AriettaFrame *all = g_memdup2 (self->voices->frames, (self->first + n_steps) * sizeof *all);
  AriettaVoices            so_far = *self->voices;

  for (guint s = 0; s < n_steps; s++)
    for (int v = 0; v < ARIETTA_N_VOICES; v++)
      all[self->first + s].pitches[v] = frames[s].pitches[v] == ARIETTA_VOICE_REST
                                          ? ARIETTA_VOICE_REST
                                          : (gint8) CLAMP (frames[s].pitches[v] - self->shift, 0, 127);
  so_far.n_steps = self->first + n_steps;
  so_far.frames = all;

  return self->melody != NULL ? make_setting (self, &so_far) : make_chorale (self->settings, &so_far);
}

/* Those of the first @whole bars that have not been looked at before.  FALSE when one copies and is
 * to be written anew: the steps before it are given then, as @frames has them. */
static gboolean
check_bars (Writing            *self,
            AriettaPiece       *so_far,
            guint               whole,
            const AriettaFrame *frames)
{
  AriettaChoraleTask *task = self->task;
  AriettaCopyGuard   *guard = self->settings->guard;

  for (; self->n_checked < whole; self->n_checked++, self->n_tries = 0)
    {
      guint n = 0;

      task->temperature = self->settings->temperature;
      if (!arietta_copy_guard_finds_at (guard, so_far, self->n_checked))
        continue;
      if (++self->n_tries == TRIES)
        {
          guard->kept++;
          continue;
        }

      guard->redrawn++;
      task->temperature += HEAT * self->n_tries;
      while (arietta_bar_map_find (self->bars, self->voices->starts[self->first + n]) < self->n_checked)
        n++;
      memmove (self->voices->frames + self->first, frames, sizeof *frames * n);
      task->n_given = n;
      self->copies = TRUE;
      return FALSE;
    }

  return TRUE;
}

static gboolean
settled_cb (const AriettaFrame *frames,
            guint               n_steps,
            gpointer            user_data)
{
  Writing                *self = user_data;
  guint                   whole = arietta_bar_map_find (self->bars, self->voices->starts[self->first + n_steps]);
  g_autoptr(AriettaPiece) so_far = NULL;

  if (whole <= self->n_checked)
    return TRUE;

  so_far = make_piece (self, frames, n_steps);
  if (!check_bars (self, so_far, whole, frames))
    return FALSE;
  if (self->settings->filled != NULL && whole > self->n_told)
    self->settings->filled (so_far, whole, self->settings->filled_data);
  self->n_told = MAX (self->n_told, whole);
  return TRUE;
}

static gboolean
search (Writing            *self,
        AriettaChoraleTask *task,
        AriettaChorale     *net,
        AriettaVoices      *written,
        AriettaPiece       *metres,
        AriettaRandom      *random,
        AriettaGoOnFunc     go_on,
        gpointer            user_data)
{
  gboolean finished;

  self->bars = arietta_bar_map_new (metres);
  self->task = task;
  self->n_told = self->n_checked = arietta_bar_map_find (self->bars, self->voices->starts[self->first]);
  if (self->settings->filled != NULL || self->settings->guard != NULL)
    {
      task->settled = settled_cb;
      task->settled_data = self;
    }
  do
    {
      self->copies = FALSE;
      finished = arietta_chorale_search (net, task, written, random, go_on, user_data);
      /* The last bars settle only with the end. */
      if (finished && self->settings->guard != NULL)
        {
          g_autoptr(AriettaPiece) whole = make_piece (self, written->frames, written->n_steps);
          gint64                  end = self->voices->starts[self->first + written->n_steps];

          check_bars (self, whole, arietta_bar_map_find (self->bars, end - 1) + 1, written->frames);
        }
    }
  while (self->copies);
  g_clear_pointer (&self->bars, arietta_bar_map_free);

  return finished;
}

/* --- writing --- */

/* Without notes: its maps. */
static AriettaPiece *
new_frame (const AriettaWriteSettings *settings)
{
  gint64        quarter = ARIETTA_TICKS_PER_QUARTER;
  gint64        bar = quarter * 4 * settings->numerator / MAX (settings->denominator, 1);
  gboolean      pickup = bar % quarter == 0 && bar > quarter && settings->bars > 1;
  AriettaPiece *piece = arietta_piece_new ((int) quarter);

  /* Like most chorales it begins with the last beat of a bar, which its last bar leaves out. */
  arietta_piece_set_meter (piece, 0, settings->numerator, settings->denominator);
  if (pickup)
    arietta_piece_set_meter (piece, quarter, settings->numerator, settings->denominator);
  arietta_piece_set_tempo (piece, 0, (guint32) (60e6 / CLAMP (settings->tempo_bpm, 10.0, 600.0) + 0.5));
  if (settings->key.tonic >= 0)
    arietta_piece_set_key (piece, 0, arietta_tonality_get_sharps (settings->key),
                           settings->key.scale == ARIETTA_SCALE_MINOR);
  return piece;
}

static AriettaPiece *
make_chorale (const AriettaWriteSettings *settings,
              const AriettaVoices        *voices)
{
  AriettaPiece *piece = new_frame (settings);

  for (int v = 0; v < ARIETTA_N_VOICES; v++)
    add_voice (piece, voices, v, VELOCITY, CHURCH_ORGAN);

  return arietta_piece_freeze (piece);
}

AriettaPiece *
arietta_chorale_write (gpointer                     net,
                       const AriettaWriteSettings  *settings,
                       AriettaRandom               *random,
                       AriettaGoOnFunc              go_on,
                       gpointer                     user_data,
                       GError                     **error)
{
  g_autoptr(AriettaVoices) voices = NULL;
  g_autoptr(AriettaPiece)  frame = NULL;
  Writing                  self = { .settings = settings };
  AriettaChoraleTask       task = {
    .key = settings->key,
    .temperature = settings->temperature,
    .likelihood = LIKELIHOOD,
  };

  voices = arietta_voices_new_empty (settings->numerator, settings->denominator, settings->bars);
  if (voices == NULL)
    {
      arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_UNABLE, NULL, NULL,
                         _("This model cannot write %u bars of %d/%d."), settings->bars,
                         settings->numerator, settings->denominator);
      return NULL;
    }
  self.voices = voices;
  frame = arietta_piece_freeze (new_frame (settings));
  if (!search (&self, &task, net, voices, frame, random, go_on, user_data))
    {
      set_stopped (error);
      return NULL;
    }

  return make_chorale (settings, voices);
}

/* --- harmonising --- */

/* The sopranos as the network is to hear them: rests within the melody are sung on.  The shift in
 * semitones that brings them into the soprano's range. */
static int
prepare_melody (AriettaVoices *voices)
{
  int low = 127, high = 0, shift = 0, last = ARIETTA_VOICE_REST;

  for (guint s = 0; s < voices->n_steps; s++)
    {
      gint8 *pitch = &voices->frames[s].pitches[ARIETTA_VOICE_SOPRANO];

      if (*pitch == ARIETTA_VOICE_REST)
        *pitch = (gint8) last;
      last = *pitch;
      if (last == ARIETTA_VOICE_REST)
        continue;
      low = MIN (low, last);
      high = MAX (high, last);
    }

  if (low < arietta_chorale_lowest[0] && high > arietta_chorale_highest[0])
    shift = (arietta_chorale_lowest[0] + arietta_chorale_highest[0] - low - high) / 2;
  else if (low < arietta_chorale_lowest[0])
    shift = MIN (arietta_chorale_lowest[0] - low, MAX (arietta_chorale_highest[0] - high, 0));
  else if (high > arietta_chorale_highest[0])
    shift = -MIN (high - arietta_chorale_highest[0], MAX (low - arietta_chorale_lowest[0], 0));

  for (guint s = 0; s < voices->n_steps; s++)
    {
      gint8 *pitch = &voices->frames[s].pitches[ARIETTA_VOICE_SOPRANO];

      if (*pitch != ARIETTA_VOICE_REST)
        *pitch = (gint8) CLAMP (*pitch + shift, CHORALE_LOWEST, CHORALE_HIGHEST);
    }

  return shift;
}

/* A new piece with the maps of @piece and the part @channel of track @nth alone, events and all. */
static AriettaPiece *
copy_part (AriettaPiece *piece,
           guint         nth,
           int           channel)
{
  AriettaPiece       *copy = arietta_piece_copy (piece);
  AriettaTrack       *track = arietta_piece_get_track (copy, nth);
  GArray             *kept = g_array_new (FALSE, FALSE, sizeof (AriettaNote));
  guint               n;
  const AriettaNote  *notes = arietta_track_get_notes (track, &n);

  for (guint i = 0; i < n; i++)
    if (notes[i].channel == channel)
      g_array_append_val (kept, notes[i]);
  arietta_track_take_notes (track, kept);
  for (guint t = arietta_piece_get_n_tracks (copy); t-- > 0;)
    if (t != nth)
      arietta_piece_remove_track (copy, t);

  return copy;
}

static AriettaPiece *
make_setting (const Writing       *self,
              const AriettaVoices *voices)
{
  AriettaPiece *result = copy_part (self->melody, self->track, self->channel);
  AriettaTrack *track = arietta_piece_get_track (result, 0);
  guint         n;
  int           velocity = arietta_track_get_notes (track, &n)[0].velocity;

  for (int v = ARIETTA_VOICE_ALTO; v < ARIETTA_N_VOICES; v++)
    add_voice (result, voices, v, MAX (velocity - 8, 1), arietta_track_get_program (track));

  return arietta_piece_freeze (result);
}

AriettaPiece *
arietta_chorale_harmonise (gpointer                     net,
                           AriettaPiece                *melody,
                           const AriettaWriteSettings  *settings,
                           AriettaRandom               *random,
                           AriettaGoOnFunc              go_on,
                           gpointer                     user_data,
                           GError                     **error)
{
  g_autoptr(AriettaVoices) voices = arietta_voices_new_melody (melody);
  AriettaVoices            sounding;
  Writing                  self = { .settings = settings, .voices = voices, .melody = melody };
  AriettaChoraleTask       task = {
    .melody = TRUE,
    .key = settings->key.tonic >= 0 ? settings->key : arietta_key_finder_estimate (melody, NULL),
    .temperature = settings->temperature,
    .likelihood = LIKELIHOOD,
  };

  if (voices == NULL || !arietta_melody_find_part (melody, &self.track, &self.channel))
    {
      const char *title = arietta_piece_get_title (melody);

      arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_NO_DATA, NULL, NULL,
                         _("“%s” holds no melody that could be set for four voices."),
                         title != NULL ? title : _("The piece"));
      return NULL;
    }

  self.shift = prepare_melody (voices);
  if (task.key.tonic >= 0)
    task.key.tonic = ((task.key.tonic + self.shift) % 12 + 12) % 12;
  while (voices->frames[self.first].pitches[ARIETTA_VOICE_SOPRANO] == ARIETTA_VOICE_REST)
    self.first++;
  sounding = (AriettaVoices) {
    .n_steps = voices->n_steps - self.first,
    .frames = voices->frames + self.first,
    .phases = voices->phases + self.first,
    .starts = voices->starts + self.first,
  };
  if (!search (&self, &task, net, &sounding, melody, random, go_on, user_data))
    {
      set_stopped (error);
      return NULL;
    }

  return make_piece (&self, sounding.frames, sounding.n_steps);
}
