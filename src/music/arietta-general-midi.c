#define G_LOG_DOMAIN "arietta-music"

#include "config.h"

#include "music/arietta-general-midi.h"

#include <glib/gi18n.h>

#define FIRST_KEY 35

static const char * const families[ARIETTA_N_FAMILIES] = {
  N_("Piano"), N_("Chromatic Percussion"), N_("Organ"), N_("Guitar"), N_("Bass"), N_("Strings"), N_("Ensemble"),
  N_("Brass"), N_("Reed"), N_("Pipe"), N_("Synth Lead"), N_("Synth Pad"), N_("Synth Effects"), N_("Folk"),
  N_("Percussive"), N_("Sound Effects"),
};

static const char * const programs[ARIETTA_N_PROGRAMS] = {
  N_("Grand Piano"), N_("Bright Piano"), N_("Electric Grand"), N_("Honky-Tonk Piano"), N_("Electric Piano 1"),
  N_("Electric Piano 2"), N_("Harpsichord"), N_("Clavinet"),
  N_("Celesta"), N_("Glockenspiel"), N_("Music Box"), N_("Vibraphone"), N_("Marimba"), N_("Xylophone"),
  N_("Tubular Bells"), N_("Dulcimer"),
  N_("Drawbar Organ"), N_("Percussive Organ"), N_("Rock Organ"), N_("Church Organ"), N_("Reed Organ"), N_("Accordion"),
  N_("Harmonica"), N_("Bandoneon"),
  N_("Nylon Guitar"), N_("Steel Guitar"), N_("Jazz Guitar"), N_("Clean Guitar"), N_("Muted Guitar"),
  N_("Overdriven Guitar"), N_("Distorted Guitar"), N_("Guitar Harmonics"),
  N_("Double Bass"), N_("Fingered Bass"), N_("Picked Bass"), N_("Fretless Bass"), N_("Slap Bass 1"), N_("Slap Bass 2"),
  N_("Synth Bass 1"), N_("Synth Bass 2"),
  N_("Violin"), N_("Viola"), N_("Cello"), N_("Contrabass"), N_("Tremolo Strings"), N_("Pizzicato Strings"), N_("Harp"),
  N_("Timpani"),
  N_("String Ensemble 1"), N_("String Ensemble 2"), N_("Synth Strings 1"), N_("Synth Strings 2"), N_("Choir Aahs"),
  N_("Voice Oohs"), N_("Synth Voice"), N_("Orchestra Hit"),
  N_("Trumpet"), N_("Trombone"), N_("Tuba"), N_("Muted Trumpet"), N_("French Horn"), N_("Brass Section"),
  N_("Synth Brass 1"), N_("Synth Brass 2"),
  N_("Soprano Saxophone"), N_("Alto Saxophone"), N_("Tenor Saxophone"), N_("Baritone Saxophone"), N_("Oboe"),
  N_("English Horn"), N_("Bassoon"), N_("Clarinet"),
  N_("Piccolo"), N_("Flute"), N_("Recorder"), N_("Pan Flute"), N_("Blown Bottle"), N_("Shakuhachi"), N_("Whistle"),
  N_("Ocarina"),
  N_("Square Lead"), N_("Sawtooth Lead"), N_("Calliope Lead"), N_("Chiff Lead"), N_("Charang Lead"), N_("Voice Lead"),
  N_("Fifths Lead"), N_("Bass and Lead"),
  N_("New Age Pad"), N_("Warm Pad"), N_("Polysynth Pad"), N_("Choir Pad"), N_("Bowed Pad"), N_("Metallic Pad"),
  N_("Halo Pad"), N_("Sweep Pad"),
  N_("Rain"), N_("Soundtrack"), N_("Crystal"), N_("Atmosphere"), N_("Brightness"), N_("Goblins"), N_("Echoes"),
  N_("Science Fiction"),
  N_("Sitar"), N_("Banjo"), N_("Shamisen"), N_("Koto"), N_("Kalimba"), N_("Bagpipe"), N_("Fiddle"), N_("Shanai"),
  N_("Tinkle Bell"), N_("Agogo"), N_("Steel Drums"), N_("Woodblock"), N_("Taiko Drum"), N_("Melodic Tom"),
  N_("Synth Drum"), N_("Reverse Cymbal"),
  N_("Fret Noise"), N_("Breath Noise"), N_("Seashore"), N_("Bird Tweet"), N_("Telephone"), N_("Helicopter"),
  N_("Applause"), N_("Gunshot"),
};

static const char * const percussion[] = {
  N_("Acoustic Bass Drum"), N_("Bass Drum"), N_("Side Stick"), N_("Snare"), N_("Hand Clap"), N_("Electric Snare"),
  N_("Low Floor Tom"), N_("Closed Hi-Hat"), N_("High Floor Tom"), N_("Pedal Hi-Hat"), N_("Low Tom"), N_("Open Hi-Hat"),
  N_("Low-Mid Tom"), N_("High-Mid Tom"), N_("Crash Cymbal"), N_("High Tom"), N_("Ride Cymbal"), N_("Chinese Cymbal"),
  N_("Ride Bell"), N_("Tambourine"), N_("Splash Cymbal"), N_("Cowbell"), N_("Crash Cymbal 2"), N_("Vibraslap"),
  N_("Ride Cymbal 2"), N_("High Bongo"), N_("Low Bongo"), N_("Muted High Conga"), N_("Open High Conga"),
  N_("Low Conga"), N_("High Timbale"), N_("Low Timbale"), N_("High Agogo"), N_("Low Agogo"), N_("Cabasa"),
  N_("Maracas"), N_("Short Whistle"), N_("Long Whistle"), N_("Short Güiro"), N_("Long Güiro"), N_("Claves"),
  N_("High Woodblock"), N_("Low Woodblock"), N_("Muted Cuica"), N_("Open Cuica"), N_("Muted Triangle"),
  N_("Open Triangle"),
};

const char *
arietta_general_midi_get_program (int program)
{
  g_return_val_if_fail (program >= 0 && program < ARIETTA_N_PROGRAMS, NULL);

  return g_dgettext (GETTEXT_PACKAGE, programs[program]);
}

const char *
arietta_general_midi_get_family (int family)
{
  g_return_val_if_fail (family >= 0 && family < ARIETTA_N_FAMILIES, NULL);

  return g_dgettext (GETTEXT_PACKAGE, families[family]);
}

const char *
arietta_general_midi_get_percussion (int pitch)
{
  if (pitch < FIRST_KEY || pitch >= FIRST_KEY + (int) G_N_ELEMENTS (percussion))
    return NULL;
  return g_dgettext (GETTEXT_PACKAGE, percussion[pitch - FIRST_KEY]);
}
