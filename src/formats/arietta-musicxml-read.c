/* MusicXML into a piece: first the words of the document into parts and measures, then these into time. */
#define G_LOG_DOMAIN "arietta-formats"

#include "formats/arietta-musicxml.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "base/arietta-error.h"
#include "music/arietta-marks.h"

#define TPQ           ARIETTA_TICKS_PER_QUARTER
#define MAX_BYTES     (64 * 1024 * 1024)
#define MAX_DEPTH     64
#define MAX_MEASURES  100000
#define MAX_DIVISIONS 1000000
#define MAX_VOICES    16     /* that are told apart, for ties */
#define GRACE_TICKS   (TPQ / 8)
#define VELOCITY      80
#define DRUM_CHANNEL  9

enum { META = 0xff, META_TEXT = 0x01, META_LYRIC = 0x05 };

/* In ticks from the start of its measure. */
typedef struct
{
  gint64   onset, duration;
  int      pitch, velocity;
  guint    voice;
  gboolean tie_from, tie_to;
  char    *lyric;
} XmlNote;

typedef struct
{
  GArray  *notes;     /* XmlNote */
  gint64   length;    /* as far as its notes and rests go */
  int      beats, beat_type;   /* from here on; 0: as before */
  int      fifths;    /* G_MAXINT: as before */
  gboolean minor;
  GArray  *tempos;    /* gint64 onset, then double quarters to the minute */
  GArray  *chords;    /* AriettaChordMark, ticks from the measure */
} Measure;

typedef struct
{
  char       *id, *name;
  int         channel, program;
  gboolean    drums;
  GHashTable *unpitched;  /* instrument -> pitch + 1 */
  GPtrArray  *measures;   /* Measure */
} Part;

typedef struct
{
  gint64 onset;
  double bpm;
} Tempo;

typedef struct
{
  GPtrArray *parts;
  char      *title, *statement;
  Part      *part;        /* being read */
  Measure   *measure;

  GPtrArray *stack;       /* names of the elements that are open */
  GString   *text;        /* of the innermost */
  char      *instrument, *field;
  gboolean   is_score;

  /* The place in the measure. */
  int        divisions, transpose, velocity;
  gint64     cursor, last_onset;
  gint64     offset;

  /* The note that is open. */
  XmlNote    note;
  gboolean   is_rest, is_chord, is_grace, is_cue, syllable_goes_on;
  int        step, alter, octave;

  AriettaChord chord;
  char      *chord_kind;
} Reader;

static void
measure_free (gpointer data)
{
  Measure *measure = data;

  for (guint i = 0; i < measure->notes->len; i++)
    g_free (g_array_index (measure->notes, XmlNote, i).lyric);
  g_array_unref (measure->notes);
  g_array_unref (measure->tempos);
  g_array_unref (measure->chords);
  g_free (measure);
}

static void
part_free (gpointer data)
{
  Part *part = data;

  g_free (part->id);
  g_free (part->name);
  g_hash_table_unref (part->unpitched);
  g_ptr_array_unref (part->measures);
  g_free (part);
}

static void
reader_clear (Reader *self)
{
  g_clear_pointer (&self->parts, g_ptr_array_unref);
  g_clear_pointer (&self->stack, g_ptr_array_unref);
  g_string_free (self->text, TRUE);
  g_free (self->title);
  g_free (self->statement);
  g_free (self->instrument);
  g_free (self->field);
  g_free (self->chord_kind);
  g_free (self->note.lyric);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reader, reader_clear)

/* --- words --- */

static const char *
get_attribute (const char **names,
               const char **values,
               const char  *name)
{
  for (guint i = 0; names[i] != NULL; i++)
    if (strcmp (names[i], name) == 0)
      return values[i];

  return NULL;
}

static Part *
find_part (Reader     *self,
           const char *id,
           gboolean    make)
{
  Part *part;

  for (guint i = 0; i < self->parts->len; i++)
    if (g_strcmp0 (((Part *) self->parts->pdata[i])->id, id) == 0)
      return self->parts->pdata[i];
  if (!make)
    return NULL;

  part = g_new0 (Part, 1);
  part->id = g_strdup (id);
  part->name = g_strdup ("");
  part->channel = -1;
  part->unpitched = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  part->measures = g_ptr_array_new_with_free_func (measure_free);
  g_ptr_array_add (self->parts, part);

  return part;
}

static gboolean
is_inside (Reader     *self,
           const char *element)
{
  for (guint i = 0; i < self->stack->len; i++)
    if (strcmp (self->stack->pdata[i], element) == 0)
      return TRUE;

  return FALSE;
}

static gint64
to_ticks (Reader *self,
          gint64  divisions)
{
  return (gint64) llround ((double) divisions * TPQ / self->divisions);
}

/* In percent of 90, by the standard. */
static int
read_velocity (const char *text)
{
  return (int) lround (CLAMP (g_ascii_strtod (text, NULL) * 0.9, 1.0, 127.0));
}

static void
add_tempo (Reader     *self,
           const char *text)
{
  Tempo tempo = { MAX (self->cursor + self->offset, 0), text != NULL ? g_ascii_strtod (text, NULL) : 0.0 };

  if (tempo.bpm >= 5.0 && tempo.bpm <= 1000.0 && self->measure != NULL)
    g_array_append_val (self->measure->tempos, tempo);
}

static void
begin_measure (Reader  *self,
               GError **error)
{
  Measure *measure;

  if (self->part == NULL)
    return;
  if (self->part->measures->len >= MAX_MEASURES)
    {
      g_set_error (error, G_MARKUP_ERROR, G_MARKUP_ERROR_INVALID_CONTENT, _("it has more than %d bars"), MAX_MEASURES);
      return;
    }

  measure = g_new0 (Measure, 1);
  measure->notes = g_array_new (FALSE, TRUE, sizeof (XmlNote));
  measure->tempos = g_array_new (FALSE, TRUE, sizeof (Tempo));
  measure->chords = g_array_new (FALSE, TRUE, sizeof (AriettaChordMark));
  measure->fifths = G_MAXINT;
  g_ptr_array_add (self->part->measures, measure);
  self->measure = measure;
  self->cursor = self->last_onset = self->offset = 0;
}

static void
start_cb (GMarkupParseContext  *context,
          const char           *element,
          const char          **names,
          const char          **values,
          gpointer              user_data,
          GError              **error)
{
  Reader *self = user_data;

  if (self->stack->len >= MAX_DEPTH)
    {
      g_set_error (error, G_MARKUP_ERROR, G_MARKUP_ERROR_INVALID_CONTENT, _("its elements are nested too deeply"));
      return;
    }
  if (self->stack->len == 0 && strcmp (element, "score-partwise") != 0)
    {
      g_set_error (error, G_MARKUP_ERROR, G_MARKUP_ERROR_UNKNOWN_ELEMENT,
                   strcmp (element, "score-timewise") == 0 ? _("it is ordered by time; save it partwise instead")
                                                           : _("it is no score"));
      return;
    }
  self->is_score = TRUE;
  g_ptr_array_add (self->stack, g_strdup (element));
  g_string_truncate (self->text, 0);

  if (strcmp (element, "score-part") == 0 || strcmp (element, "part") == 0)
    {
      const char *id = get_attribute (names, values, "id");

      self->part = find_part (self, id != NULL ? id : "", TRUE);
      if (element[0] == 'p')
        {
          self->divisions = 1;
          self->transpose = 0;
          self->velocity = VELOCITY;
        }
    }
  else if (strcmp (element, "measure") == 0)
    begin_measure (self, error);
  else if (strcmp (element, "note") == 0)
    {
      const char *dynamics = get_attribute (names, values, "dynamics");

      g_clear_pointer (&self->note.lyric, g_free);
      self->note = (XmlNote) { .velocity = dynamics != NULL ? read_velocity (dynamics) : self->velocity, .pitch = -1 };
      self->is_rest = self->is_chord = self->is_grace = self->is_cue = FALSE;
      self->step = -1;
      self->alter = 0;
      self->octave = 4;
      g_clear_pointer (&self->instrument, g_free);
    }
  else if (strcmp (element, "tie") == 0)
    {
      const char *type = get_attribute (names, values, "type");

      self->note.tie_from |= g_strcmp0 (type, "stop") == 0;
      self->note.tie_to |= g_strcmp0 (type, "start") == 0;
    }
  else if (strcmp (element, "instrument") == 0 || strcmp (element, "midi-instrument") == 0)
    {
      g_free (self->instrument);
      self->instrument = g_strdup (get_attribute (names, values, "id"));
    }
  else if (strcmp (element, "sound") == 0)
    {
      const char *dynamics = get_attribute (names, values, "dynamics");

      add_tempo (self, get_attribute (names, values, "tempo"));
      if (dynamics != NULL)
        self->velocity = read_velocity (dynamics);
    }
  else if (strcmp (element, "harmony") == 0)
    {
      self->chord = (AriettaChord) { .bass_step = -1 };
      self->offset = 0;
      g_clear_pointer (&self->chord_kind, g_free);
    }
  else if (strcmp (element, "direction") == 0)
    self->offset = 0;
  else if (strcmp (element, "miscellaneous-field") == 0)
    {
      g_free (self->field);
      self->field = g_strdup (get_attribute (names, values, "name"));
    }
}

static void
text_cb (GMarkupParseContext  *context,
         const char           *text,
         gsize                 n,
         gpointer              user_data,
         GError              **error)
{
  g_string_append_len (((Reader *) user_data)->text, text, (gssize) n);
}

static int
read_step (const char *text)
{
  const char *found = *text != '\0' ? strchr ("CDEFGAB", g_ascii_toupper (*text)) : NULL;

  return found != NULL && *found != '\0' ? (int) (found - "CDEFGAB") : -1;
}

static int
get_pitch (Reader *self)
{
  static const int classes[] = { 0, 2, 4, 5, 7, 9, 11 };
  gpointer         drum;

  if (self->part->drums && self->instrument != NULL
      && (drum = g_hash_table_lookup (self->part->unpitched, self->instrument)) != NULL)
    return GPOINTER_TO_INT (drum) - 1;
  if (self->step < 0)
    return -1;

  return 12 * (self->octave + 1) + classes[self->step] + self->alter
         + (self->part->drums ? 0 : self->transpose);
}

static void
end_note (Reader *self)
{
  XmlNote *note = &self->note;

  if (self->measure == NULL)
    return;

  note->onset = self->is_chord ? self->last_onset : self->cursor;
  if (self->is_grace)
    note->duration = GRACE_TICKS;
  else if (!self->is_chord)
    {
      self->last_onset = self->cursor;
      self->cursor += note->duration;
      self->measure->length = MAX (self->measure->length, self->cursor);
    }
  note->pitch = self->is_rest || self->is_cue ? -1 : get_pitch (self);
  if (note->pitch >= 0 && note->pitch <= 127 && note->duration > 0)
    {
      g_array_append_val (self->measure->notes, *note);
      note->lyric = NULL;
    }
}

static void
end_harmony (Reader *self)
{
  static const struct
  {
    const char *name;
    int         kind;
  } kinds[] = {
    { "major", 0 }, { "major-sixth", 1 }, { "major-seventh", 2 }, { "augmented", 7 }, { "minor", 8 },
    { "minor-sixth", 9 }, { "minor-seventh", 10 }, { "half-diminished", 11 }, { "diminished", 17 },
    { "diminished-seventh", 18 }, { "dominant", 19 }, { "suspended-fourth", 32 },
  };
  AriettaChordMark mark = { .tick = MAX (self->cursor + self->offset, 0), .chord = self->chord };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (self->chord_kind, kinds[i].name) == 0)
      mark.chord.kind = (gint8) kinds[i].kind;
  if (g_strcmp0 (self->chord_kind, "none") == 0)
    mark.chord.kind = ARIETTA_CHORD_KIND_NONE;
  if (self->measure != NULL)
    g_array_append_val (self->measure->chords, mark);
}

/* What the texts of the leaves mean. */
static void
end_leaf (Reader     *self,
          const char *element,
          const char *text)
{
  gint64 number = (gint64) CLAMP (g_ascii_strtod (text, NULL), -1e9, 1e9);

  if (strcmp (element, "duration") == 0)
    {
      if (is_inside (self, "backup"))
        self->cursor = MAX (0, self->cursor - to_ticks (self, MAX (number, 0)));
      else if (is_inside (self, "forward"))
        {
          self->cursor += to_ticks (self, MAX (number, 0));
          if (self->measure != NULL)
            self->measure->length = MAX (self->measure->length, self->cursor);
        }
      else
        self->note.duration = to_ticks (self, MAX (number, 0));
    }
  else if (strcmp (element, "voice") == 0)
    self->note.voice = (guint) CLAMP (number, 0, MAX_VOICES - 1);
  else if (strcmp (element, "step") == 0 || strcmp (element, "display-step") == 0)
    self->step = read_step (text);
  else if (strcmp (element, "alter") == 0)
    self->alter = (int) CLAMP (lround (g_ascii_strtod (text, NULL)), -3, 3);
  else if (strcmp (element, "octave") == 0 || strcmp (element, "display-octave") == 0)
    self->octave = (int) CLAMP (number, -1, 10);
  else if (strcmp (element, "text") == 0 && is_inside (self, "lyric"))
    {
      if (self->note.lyric == NULL)
        self->note.lyric = g_strdup (text);
    }
  else if (strcmp (element, "divisions") == 0)
    self->divisions = (int) CLAMP (number, 1, MAX_DIVISIONS);
  else if (strcmp (element, "offset") == 0)
    self->offset = to_ticks (self, number);
  else if (strcmp (element, "chromatic") == 0 && is_inside (self, "transpose"))
    self->transpose = self->transpose / 12 * 12 + (int) CLAMP (number, -24, 24);
  else if (strcmp (element, "octave-change") == 0)
    self->transpose += 12 * (int) CLAMP (number, -4, 4);
  else if (strcmp (element, "part-name") == 0 && self->part != NULL)
    {
      g_free (self->part->name);
      self->part->name = g_strdup (text);
    }
  else if (strcmp (element, "midi-channel") == 0 && self->part != NULL)
    {
      self->part->channel = (int) CLAMP (number, 1, 16) - 1;
      self->part->drums = self->part->channel == DRUM_CHANNEL;
    }
  else if (strcmp (element, "midi-program") == 0 && self->part != NULL)
    self->part->program = (int) CLAMP (number, 1, 128) - 1;
  else if (strcmp (element, "midi-unpitched") == 0 && self->part != NULL && self->instrument != NULL)
    g_hash_table_insert (self->part->unpitched, g_strdup (self->instrument),
                         GINT_TO_POINTER ((int) CLAMP (number, 1, 128)));
  else if (self->title == NULL && *text != '\0'
           && (strcmp (element, "work-title") == 0 || strcmp (element, "movement-title") == 0))
    self->title = g_strdup (text);
  else if (strcmp (element, "miscellaneous-field") == 0 && g_strcmp0 (self->field, "arietta") == 0)
    {
      g_free (self->statement);
      self->statement = g_strdup (text);
    }
  else if (strcmp (element, "root-step") == 0)
    self->chord.step = (gint8) MAX (read_step (text), 0);
  else if (strcmp (element, "root-alter") == 0)
    self->chord.alter = (gint8) CLAMP (number, -2, 2);
  else if (strcmp (element, "bass-step") == 0)
    self->chord.bass_step = (gint8) read_step (text);
  else if (strcmp (element, "bass-alter") == 0)
    self->chord.bass_alter = (gint8) CLAMP (number, -2, 2);
  else if (strcmp (element, "kind") == 0)
    {
      g_free (self->chord_kind);
      self->chord_kind = g_strdup (text);
    }
  else if (self->measure == NULL)
    return;
  else if (strcmp (element, "beats") == 0)
    {
      /* "3+2" is five. */
      g_auto(GStrv) sums = g_strsplit (text, "+", 16);

      self->measure->beats = 0;
      for (guint i = 0; sums[i] != NULL; i++)
        self->measure->beats += (int) CLAMP (g_ascii_strtoll (sums[i], NULL, 10), 0, 255);
    }
  else if (strcmp (element, "beat-type") == 0)
    self->measure->beat_type = (int) number;
  else if (strcmp (element, "fifths") == 0)
    self->measure->fifths = (int) CLAMP (number, -7, 7);
  else if (strcmp (element, "mode") == 0)
    self->measure->minor = strcmp (text, "minor") == 0;
}

static void
end_cb (GMarkupParseContext  *context,
        const char           *element,
        gpointer              user_data,
        GError              **error)
{
  Reader          *self = user_data;
  g_autofree char *text = g_strstrip (g_strdup (self->text->str));

  if (strcmp (element, "note") == 0)
    end_note (self);
  else if (strcmp (element, "harmony") == 0)
    end_harmony (self);
  else if (strcmp (element, "measure") == 0)
    self->measure = NULL;
  else if (strcmp (element, "rest") == 0)
    self->is_rest = TRUE;
  else if (strcmp (element, "chord") == 0)
    self->is_chord = TRUE;
  else if (strcmp (element, "grace") == 0)
    self->is_grace = TRUE;
  else if (strcmp (element, "cue") == 0)
    self->is_cue = TRUE;
  else if (strcmp (element, "unpitched") == 0 && self->part != NULL)
    self->part->drums = TRUE;
  else
    end_leaf (self, element, text);

  g_ptr_array_set_size (self->stack, (int) self->stack->len - 1);
  g_string_truncate (self->text, 0);
}

/* --- time --- */

/* Starts of the measures: each as long as its longest part, one more at the end. */
static gint64 *
lay_measures (Reader *self,
              guint  *n)
{
  gint64 *starts;
  gint64  whole = 4 * TPQ;

  *n = 0;
  for (guint p = 0; p < self->parts->len; p++)
    *n = MAX (*n, ((Part *) self->parts->pdata[p])->measures->len);
  starts = g_new0 (gint64, *n + 1);
  for (guint m = 0; m < *n; m++)
    {
      gint64 length = 0;

      for (guint p = 0; p < self->parts->len; p++)
        {
          Part *part = self->parts->pdata[p];

          if (m < part->measures->len)
            {
              Measure *measure = part->measures->pdata[m];

              length = MAX (length, measure->length);
              if (measure->beats > 0 && measure->beat_type > 0)
                whole = MAX (1, (gint64) 4 * TPQ * measure->beats / measure->beat_type);
            }
        }
      starts[m + 1] = starts[m] + (length > 0 ? length : whole);
    }

  return starts;
}

static gboolean
is_meter (int beats,
          int beat_type)
{
  return beats >= 1 && beats <= 255 && beat_type >= 1 && beat_type <= 64 && (beat_type & (beat_type - 1)) == 0;
}

/* Metres, keys and tempos, which any part may have told. */
static void
set_maps (Reader       *self,
          AriettaPiece *piece,
          const gint64 *starts,
          guint         n,
          GArray       *chords)
{
  int      beats = 4, beat_type = 4;
  gboolean short_before = FALSE;

  for (guint m = 0; m < n; m++)
    {
      gboolean told = m == 0;

      for (guint p = 0; p < self->parts->len; p++)
        {
          Part    *part = self->parts->pdata[p];
          Measure *measure = m < part->measures->len ? part->measures->pdata[m] : NULL;

          if (measure == NULL)
            continue;
          if (is_meter (measure->beats, measure->beat_type))
            {
              told |= measure->beats != beats || measure->beat_type != beat_type;
              beats = measure->beats;
              beat_type = measure->beat_type;
            }
          /* A transposing part writes another key. */
          if (measure->fifths != G_MAXINT && p == 0)
            arietta_piece_set_key (piece, starts[m], measure->fifths, measure->minor);
          for (guint i = 0; i < measure->tempos->len; i++)
            {
              const Tempo *tempo = &g_array_index (measure->tempos, Tempo, i);

              arietta_piece_set_tempo (piece, starts[m] + tempo->onset, (guint32) lround (6e7 / tempo->bpm));
            }
          for (guint i = 0; i < measure->chords->len; i++)
            {
              AriettaChordMark mark = g_array_index (measure->chords, AriettaChordMark, i);

              mark.tick += starts[m];
              g_array_append_val (chords, mark);
            }
        }
      /* A bar that is not whole is cut short by a metre behind it, as the metre map has it. */
      if (told || short_before)
        arietta_piece_set_meter (piece, starts[m], beats, beat_type);
      short_before = starts[m + 1] - starts[m] != (gint64) 4 * TPQ * beats / beat_type;
    }
}

static void
add_part (AriettaPiece *piece,
          Part         *part,
          const gint64 *starts,
          int           channel)
{
  AriettaTrack     *track = arietta_piece_add_track (piece, part->name);
  g_autoptr(GArray) notes = g_array_new (FALSE, FALSE, sizeof (AriettaNote));
  int               open[MAX_VOICES][128];   /* the note that a tie goes on from; -1: none */

  memset (open, 0xff, sizeof open);
  for (guint m = 0; m < part->measures->len; m++)
    {
      Measure *measure = part->measures->pdata[m];

      for (guint i = 0; i < measure->notes->len; i++)
        {
          const XmlNote *from = &g_array_index (measure->notes, XmlNote, i);
          gint64         onset = starts[m] + from->onset;
          int            held = open[from->voice][from->pitch];
          AriettaNote   *before = held >= 0 ? &g_array_index (notes, AriettaNote, held) : NULL;

          if (from->lyric != NULL && *from->lyric != '\0')
            arietta_track_add_event (track, onset, META, META_LYRIC, 0, (const guint8 *) from->lyric,
                                     (guint32) strlen (from->lyric));
          if (from->tie_from && before != NULL && before->onset_ticks + before->duration_ticks == onset)
            before->duration_ticks += from->duration;
          else
            {
              const AriettaNote note = {
                .onset_ticks = onset, .duration_ticks = from->duration, .pitch = (guint8) from->pitch,
                .velocity = (guint8) from->velocity, .off_velocity = 64, .channel = (guint8) channel,
                .program = (guint8) part->program, .flags = ARIETTA_NOTE_OFF_BY_EVENT,
              };

              held = (int) notes->len;
              g_array_append_val (notes, note);
            }
          open[from->voice][from->pitch] = from->tie_to ? held : -1;
        }
    }
  arietta_track_add_notes (track, (const AriettaNote *) (gpointer) notes->data, notes->len);
}

static AriettaPiece *
make_piece (Reader *self)
{
  AriettaPiece       *piece = arietta_piece_new (TPQ), *marked;
  g_autoptr(GArray)   chords = g_array_new (FALSE, TRUE, sizeof (AriettaChordMark));
  guint               n;
  g_autofree gint64  *starts = lay_measures (self, &n);
  int                 free_channel = 0;

  for (guint p = 0; p < self->parts->len; p++)
    {
      Part *part = self->parts->pdata[p];
      int   channel = part->drums ? DRUM_CHANNEL : free_channel;

      /* Each part its own as long as there are any, whatever the file says: many files say 1 to all. */
      if (!part->drums)
        free_channel = (free_channel + 1) % 16 == DRUM_CHANNEL ? free_channel + 2 : (free_channel + 1) % 16;
      add_part (piece, part, starts, channel);
    }
  set_maps (self, piece, starts, n, chords);
  if (self->title != NULL)
    arietta_piece_set_title (piece, self->title);
  if (self->statement != NULL && arietta_piece_get_n_tracks (piece) > 0)
    {
      g_autofree char *text = g_strconcat ("Arietta: ", self->statement, NULL);

      arietta_track_add_event (arietta_piece_get_track (piece, 0), 0, META, META_TEXT, 0,
                               (const guint8 *) text, (guint32) strlen (text));
    }
  arietta_piece_freeze (piece);
  if (chords->len == 0)
    return piece;

  marked = arietta_marks_set_chords (piece, chords);
  arietta_piece_unref (piece);

  return marked;
}

/* --- bytes --- */

/* The document in UTF-8, by its mark or the encoding it declares. */
static char *
decode (const char  *bytes,
        gsize        n,
        GError     **error)
{
  g_autoptr(GMatchInfo) match = NULL;
  g_autoptr(GRegex)     regex = NULL;
  g_autofree char      *head = NULL, *encoding = NULL;

  if (n == 0)
    return g_strdup ("");
  if (n >= 2 && ((guint8) bytes[0] == 0xff || (guint8) bytes[0] == 0xfe) && ((guint8) bytes[1] | 1) == 0xff)
    return g_convert (bytes, (gssize) n, "UTF-8", "UTF-16", NULL, NULL, error);
  if (n >= 3 && memcmp (bytes, "\xef\xbb\xbf", 3) == 0)
    {
      bytes += 3;
      n -= 3;
    }

  head = g_strndup (bytes, MIN (n, 200));
  regex = g_regex_new ("<\\?xml[^>]*encoding=[\"']([A-Za-z0-9._-]+)[\"']", G_REGEX_RAW, 0, NULL);
  if (g_regex_match (regex, head, 0, &match))
    encoding = g_match_info_fetch (match, 1);
  if (encoding == NULL || g_ascii_strcasecmp (encoding, "UTF-8") == 0)
    return g_strndup (bytes, n);

  return g_convert (bytes, (gssize) n, "UTF-8", encoding, NULL, NULL, error);
}

AriettaPiece *
arietta_musicxml_read_bytes (const char  *bytes,
                             gsize        n,
                             const char  *name,
                             GError     **error)
{
  static const GMarkupParser     parser = { start_cb, end_cb, text_cb, NULL, NULL };
  g_auto(Reader)                 reader = { .divisions = 1, .velocity = VELOCITY };
  g_autoptr(GMarkupParseContext) context = NULL;
  g_autoptr(GError)              reason = NULL;
  g_autofree char               *text = NULL;

  reader.parts = g_ptr_array_new_with_free_func (part_free);
  reader.stack = g_ptr_array_new_with_free_func (g_free);
  reader.text = g_string_new (NULL);
  text = decode (bytes, n, &reason);
  if (text == NULL)
    {
      arietta_set_error (error, ARIETTA_FORMATS_ERROR, ARIETTA_FORMATS_ERROR_MALFORMED, name, NULL,
                         _("“%s” cannot be read: its text is not in the encoding it declares."), name);
      return NULL;
    }

  context = g_markup_parse_context_new (&parser, G_MARKUP_TREAT_CDATA_AS_TEXT, &reader, NULL);
  if (g_markup_parse_context_parse (context, text, (gssize) strlen (text), &reason)
      && g_markup_parse_context_end_parse (context, &reason) && !reader.is_score)
    g_set_error (&reason, G_MARKUP_ERROR, G_MARKUP_ERROR_EMPTY, _("it is no score"));
  if (reason != NULL)
    {
      /* It quotes the document, whatever stands there. */
      g_autofree char *why = g_utf8_make_valid (reason->message, -1), *place = NULL;
      int              line, column;

      g_markup_parse_context_get_position (context, &line, &column);
      place = g_strdup_printf ("%d:%d", line, column);
      arietta_set_error (error, ARIETTA_FORMATS_ERROR, ARIETTA_FORMATS_ERROR_MALFORMED, name, place,
                         _("“%s” cannot be read as MusicXML, line %d: %s."), name, line, why);
      return NULL;
    }

  return make_piece (&reader);
}

AriettaPiece *
arietta_musicxml_read_file (const char  *path,
                            GError     **error)
{
  g_autofree char  *shown = g_filename_display_name (path), *bytes = NULL;
  g_autoptr(GFile)  file = g_file_new_for_path (path);
  g_autoptr(GError) reason = NULL;
  g_autoptr(GFileInfo) info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, 0, NULL, NULL);
  gsize             n;

  if (info != NULL && g_file_info_get_size (info) > MAX_BYTES)
    {
      arietta_set_error (error, ARIETTA_FORMATS_ERROR, ARIETTA_FORMATS_ERROR_UNSUPPORTED, shown, NULL,
                         _("“%s” is larger than any score: %d MB at most are read."), shown, MAX_BYTES >> 20);
      return NULL;
    }
  if (!g_file_get_contents (path, &bytes, &n, &reason))
    {
      arietta_set_error (error, ARIETTA_FORMATS_ERROR, ARIETTA_FORMATS_ERROR_IO, shown, NULL,
                         _("“%s” cannot be read: %s."), shown, arietta_error_get_reason (reason));
      return NULL;
    }

  return arietta_musicxml_read_bytes (bytes, n, shown, error);
}
