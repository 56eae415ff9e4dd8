#define G_LOG_DOMAIN "arietta-audio"

#include "config.h"

#include "audio/arietta-synth.h"

#include <fluidsynth.h>
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "audio/arietta-soundfont.h"
#include "base/arietta-error.h"

#define BLOCK_FRAMES    64
/* With meters, so much is rendered at a time. */
#define MAX_PIECE       256
/* Below this nothing is heard or written (16 bits end at 3e-5); the effects' tails stop there. */
#define SILENCE         1e-5f
#define QUIET_BLOCKS    32
/* FluidSynth's own default, 0.2, leaves one piano 20 dB under everything else on the desktop. */
#define GAIN            0.6

struct _AriettaSynth
{
  fluid_settings_t    *settings;
  fluid_synth_t       *synth;
  AriettaSynthChannel  defaults;
  AriettaSynthChannel  channels[ARIETTA_SYNTH_N_CHANNELS];
  guint8               on[ARIETTA_SYNTH_N_CHANNELS][128];
  guint8               n_on[ARIETTA_SYNTH_N_CHANNELS];
  gboolean             percussion[ARIETTA_SYNTH_N_CHANNELS];
  double               gains[ARIETTA_SYNTH_N_CHANNELS];
  guint                pending;       /* frames left of FluidSynth's present block */
  guint                quiet_frames;
  gboolean             asleep;

  guint                n_meters;      /* 0: one stereo buffer for all */
  float                peaks[ARIETTA_SYNTH_N_METERS];
  float                dry[ARIETTA_SYNTH_N_METERS][2][MAX_PIECE];
  float                mix[2][MAX_PIECE];
};

static void
log_cb (int         level,
        const char *message,
        void       *user_data)
{
  g_debug ("FluidSynth: %s", message);
}

/* FluidSynth sets up its tables at the first synth, without a lock of its own that waits. */
static fluid_synth_t *
make_synth (fluid_settings_t *settings)
{
  static GMutex first_use;
  fluid_synth_t *synth;

  g_mutex_lock (&first_use);
  synth = new_fluid_synth (settings);
  g_mutex_unlock (&first_use);

  return synth;
}

static fluid_settings_t *
make_settings (guint n_meters)
{
  fluid_settings_t *settings;

  for (int level = 0; level < LAST_LOG_LEVEL; level++)
    fluid_set_log_function (level, log_cb, NULL);

  settings = new_fluid_settings ();
  fluid_settings_setint (settings, "synth.midi-channels", ARIETTA_SYNTH_N_CHANNELS);
  fluid_settings_setnum (settings, "synth.sample-rate", ARIETTA_SAMPLE_RATE);
  fluid_settings_setnum (settings, "synth.gain", GAIN);
  fluid_settings_setint (settings, "synth.polyphony", ARIETTA_SYNTH_VOICES);
  fluid_settings_setint (settings, "synth.cpu-cores", 1);
  fluid_settings_setint (settings, "synth.threadsafe-api", 0);
  fluid_settings_setint (settings, "synth.lock-memory", 0);
  if (n_meters > 0)
    {
      fluid_settings_setint (settings, "synth.audio-channels", (int) n_meters);
      fluid_settings_setint (settings, "synth.audio-groups", (int) n_meters);
    }

  return settings;
}

static void
wake (AriettaSynth *self)
{
  self->asleep = FALSE;
  self->quiet_frames = 0;
}

/* FluidSynth gives each of its groups of channels a stereo pair of its own, and the effects theirs;
 * it adds to what is there. */
static void
render_metered (AriettaSynth *self,
                float        *out,
                guint         n_frames)
{
  float *dry[2 * ARIETTA_SYNTH_N_METERS], *effects[4];

  memset (self->mix, 0, sizeof self->mix);
  memset (self->dry, 0, sizeof self->dry);
  for (guint i = 0; i < 4; i++)
    effects[i] = self->mix[i % 2];
  for (guint i = 0; i < 2 * self->n_meters; i++)
    dry[i] = self->dry[i / 2][i % 2];
  fluid_synth_process (self->synth, (int) n_frames, 4, effects, (int) (2 * self->n_meters), dry);

  for (guint i = 0; i < 2 * self->n_meters; i++)
    {
      float peak = self->peaks[i / 2];

      for (guint k = 0; k < n_frames; k++)
        {
          peak = MAX (peak, fabsf (dry[i][k]));
          self->mix[i % 2][k] += dry[i][k];
        }
      self->peaks[i / 2] = peak;
    }
  for (guint k = 0; k < n_frames; k++)
    {
      out[2 * k] = self->mix[0][k];
      out[2 * k + 1] = self->mix[1][k];
    }
}

static void
render_some (AriettaSynth *self,
             float        *out,
             guint         n_frames)
{
  if (self->n_meters == 0)
    fluid_synth_write_float (self->synth, n_frames, out, 0, 2, out, 1, 2);
  else
    for (guint done = 0; done < n_frames; done += MAX_PIECE)
      render_metered (self, out + 2 * done, MIN (n_frames - done, MAX_PIECE));
  self->pending = (self->pending + BLOCK_FRAMES - n_frames % BLOCK_FRAMES) % BLOCK_FRAMES;
}

static AriettaSynth *
synth_new (const char  *soundfont,
           guint        n_meters,
           GError     **error)
{
  g_autoptr(AriettaSynth) self = NULL;

  g_return_val_if_fail (soundfont != NULL, NULL);

  self = g_new0 (AriettaSynth, 1);
  self->n_meters = n_meters;
  if (!arietta_soundfont_check (soundfont, error))
    return NULL;

  self->settings = make_settings (n_meters);
  self->synth = make_synth (self->settings);

  if (self->synth == NULL
      || fluid_synth_sfload (self->synth, soundfont, TRUE) == FLUID_FAILED)
    {
      g_autofree char *name = g_filename_display_name (soundfont);

      arietta_set_error (error, ARIETTA_AUDIO_ERROR, ARIETTA_AUDIO_ERROR_NO_SOUNDFONT, soundfont, NULL,
                         _("“%s” cannot be read as a SoundFont. Choose another one in Preferences."), name);
      return NULL;
    }

  self->defaults.bend = 8192;
  for (int i = 0; i < 128; i++)
    {
      int value = 0;

      fluid_synth_get_cc (self->synth, 0, i, &value);
      self->defaults.controls[i] = value;
    }

  for (int i = 0; i < ARIETTA_SYNTH_N_CHANNELS; i++)
    {
      self->channels[i] = self->defaults;
      self->gains[i] = 1.0;
      self->percussion[i] = i % 16 == 9;  /* FluidSynth's own choice */
      arietta_synth_set_percussion (self, i, i == ARIETTA_SYNTH_CLICK || i == ARIETTA_SYNTH_LIVE_DRUMS);
    }

  self->asleep = TRUE;

  return g_steal_pointer (&self);
}

AriettaSynth *
arietta_synth_new (const char  *soundfont,
                   GError     **error)
{
  return synth_new (soundfont, 0, error);
}

AriettaSynth *
arietta_synth_new_with_meters (const char  *soundfont,
                               GError     **error)
{
  return synth_new (soundfont, ARIETTA_SYNTH_N_METERS, error);
}

void
arietta_synth_free (AriettaSynth *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->synth, delete_fluid_synth);
  g_clear_pointer (&self->settings, delete_fluid_settings);
  g_free (self);
}

void
arietta_synth_set_polyphony (AriettaSynth *self,
                             guint         n_voices)
{
  fluid_synth_set_polyphony (self->synth, CLAMP (n_voices, 1, ARIETTA_SYNTH_VOICES));
}

const AriettaSynthChannel *
arietta_synth_get_defaults (AriettaSynth *self)
{
  return &self->defaults;
}

void
arietta_synth_set_channel (AriettaSynth              *self,
                           guint                      channel,
                           const AriettaSynthChannel *wanted)
{
  AriettaSynthChannel *now = &self->channels[channel];
  gboolean bank_differs = now->controls[0] != wanted->controls[0]
                          || now->controls[32] != wanted->controls[32];

  for (guint i = 0; i < 120; i++)
    if (!arietta_synth_is_parameter (i) && now->controls[i] != wanted->controls[i])
      arietta_synth_control (self, channel, i, wanted->controls[i]);

  if (bank_differs || now->program != wanted->program)
    arietta_synth_program (self, channel, wanted->program);
  if (now->bend != wanted->bend)
    arietta_synth_bend (self, channel, wanted->bend);
  if (now->pressure != wanted->pressure)
    arietta_synth_pressure (self, channel, wanted->pressure);
}

void
arietta_synth_set_percussion (AriettaSynth *self,
                              guint         channel,
                              gboolean      percussion)
{
  if (self->percussion[channel] == percussion)
    return;

  self->percussion[channel] = percussion;
  fluid_synth_set_channel_type (self->synth, channel,
                                percussion ? CHANNEL_TYPE_DRUM : CHANNEL_TYPE_MELODIC);
  fluid_synth_bank_select (self->synth, channel, percussion ? 128 : self->channels[channel].controls[0]);
  fluid_synth_program_change (self->synth, channel, self->channels[channel].program);
}

void
arietta_synth_set_gain (AriettaSynth *self,
                        guint         channel,
                        double        gain)
{
  /* Centibels; the generator's range ends at 144 dB. */
  double attenuation = gain > 6.4e-8 ? -200.0 * log10 (gain) : 1440.0;

  if (self->gains[channel] == gain)
    return;

  self->gains[channel] = gain;
  fluid_synth_set_gen (self->synth, channel, GEN_ATTENUATION, CLAMP (attenuation, 0.0, 1440.0));
}

void
arietta_synth_note_on (AriettaSynth *self,
                       guint         channel,
                       guint         pitch,
                       guint         velocity)
{
  wake (self);
  fluid_synth_noteon (self->synth, channel, pitch, velocity);

  if (!self->on[channel][pitch])
    self->n_on[channel]++;
  self->on[channel][pitch] = TRUE;
}

void
arietta_synth_note_off (AriettaSynth *self,
                        guint         channel,
                        guint         pitch)
{
  if (!self->on[channel][pitch])
    return;

  fluid_synth_noteoff (self->synth, channel, pitch);
  self->on[channel][pitch] = FALSE;
  self->n_on[channel]--;
}

gboolean
arietta_synth_is_on (AriettaSynth *self,
                     guint         channel,
                     guint         pitch)
{
  return self->on[channel][pitch];
}

void
arietta_synth_release (AriettaSynth *self,
                       guint         channel)
{
  for (guint pitch = 0; pitch < 128 && self->n_on[channel] > 0; pitch++)
    arietta_synth_note_off (self, channel, pitch);

  for (guint pedal = 64; pedal <= 69; pedal++)
    if (self->channels[channel].controls[pedal] != self->defaults.controls[pedal])
      arietta_synth_control (self, channel, pedal, self->defaults.controls[pedal]);
}

void
arietta_synth_control (AriettaSynth *self,
                       guint         channel,
                       guint         controller,
                       guint         value)
{
  AriettaSynthChannel *now = &self->channels[channel];

  fluid_synth_cc (self->synth, channel, controller, value);
  now->controls[controller] = value;

  if (controller == 121)  /* reset all controllers: ask what is left */
    {
      int bend = 8192;

      for (int i = 0; i < 120; i++)
        {
          int left = now->controls[i];

          if (i != 0 && i != 32)
            fluid_synth_get_cc (self->synth, channel, i, &left);
          now->controls[i] = left;
        }

      fluid_synth_get_pitch_bend (self->synth, channel, &bend);
      now->bend = bend;
      now->pressure = 0;
    }
  else if (controller == 120 || controller == 123)
    {
      memset (self->on[channel], 0, sizeof self->on[channel]);
      self->n_on[channel] = 0;
    }
}

void
arietta_synth_program (AriettaSynth *self,
                       guint         channel,
                       guint         program)
{
  fluid_synth_program_change (self->synth, channel, program);
  self->channels[channel].program = program;
}

void
arietta_synth_bend (AriettaSynth *self,
                    guint         channel,
                    guint         value)
{
  fluid_synth_pitch_bend (self->synth, channel, value);
  self->channels[channel].bend = value;
}

void
arietta_synth_pressure (AriettaSynth *self,
                        guint         channel,
                        guint         value)
{
  fluid_synth_channel_pressure (self->synth, channel, value);
  self->channels[channel].pressure = value;
}

void
arietta_synth_key_pressure (AriettaSynth *self,
                            guint         channel,
                            guint         pitch,
                            guint         value)
{
  fluid_synth_key_pressure (self->synth, channel, pitch, value);
}

gboolean
arietta_synth_is_parameter (guint controller)
{
  return controller == 6 || controller == 38 || (controller >= 96 && controller <= 101);
}

float
arietta_synth_get_peak (AriettaSynth *self,
                        guint         channel)
{
  return self->peaks[channel % ARIETTA_SYNTH_N_METERS];
}

void
arietta_synth_render (AriettaSynth *self,
                      float        *out,
                      guint         n_frames)
{
  gboolean silent = TRUE;

  memset (self->peaks, 0, sizeof self->peaks);
  if (self->asleep)
    {
      memset (out, 0, sizeof (float) * 2 * n_frames);
      return;
    }

  render_some (self, out, n_frames);

  for (guint i = 0; i < 2 * n_frames && silent; i++)
    silent = fabsf (out[i]) < SILENCE;

  if (!silent || fluid_synth_get_active_voice_count (self->synth) > 0)
    {
      self->quiet_frames = 0;
      return;
    }

  self->quiet_frames += n_frames;
  if (self->quiet_frames >= QUIET_BLOCKS * BLOCK_FRAMES)
    {
      float rest[2 * BLOCK_FRAMES];

      /* Drop the block begun, so that waking begins at a fresh one. */
      if (self->pending > 0)
        render_some (self, rest, self->pending);
      self->asleep = TRUE;
    }
}
