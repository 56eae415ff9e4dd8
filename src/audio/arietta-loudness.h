/* arietta-loudness.h - integrated loudness, ITU-R BS.1770-4, and peak
 *
 * K-weighting (a high shelf for the head, then a high pass), mean squares of 400 ms blocks overlapping
 * by 75 %, an absolute gate at -70 LUFS and a relative one 10 LU under what passes it.  Stereo, both
 * channels with weight 1.  The standard tabulates its filters for 48 kHz; for other rates the same analogue
 * filters are used.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What stands for silence in both figures, dB. */
#define ARIETTA_SILENCE_DB (-144.0)

typedef struct _AriettaLoudness AriettaLoudness;

AriettaLoudness *arietta_loudness_new      (int              sample_rate) G_GNUC_WARN_UNUSED_RESULT;
void             arietta_loudness_free     (AriettaLoudness *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaLoudness, arietta_loudness_free)

/* @frames interleaved stereo, @n_frames of them. */
void             arietta_loudness_add      (AriettaLoudness *self,
                                            const float     *frames,
                                            guint            n_frames);
/* LUFS of all so far. */
double           arietta_loudness_get      (AriettaLoudness *self);
/* Largest sample so far, dB of full scale. */
double           arietta_loudness_get_peak (AriettaLoudness *self);

G_END_DECLS
