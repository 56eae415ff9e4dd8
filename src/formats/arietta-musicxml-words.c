/* The words of a MusicXML document into parts and measures. */
#define G_LOG_DOMAIN "arietta-formats"

#include "formats/arietta-musicxml-private.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "music/arietta-marks.h"

#define MAX_DEPTH     64
#define MAX_MEASURES  100000
#define MAX_DIVISIONS 1000000
#define GRACE_TICKS   (TPQ / 8)
#define VELOCITY      80
#define TPQ           MUSICXML_TPQ
#define MAX_VOICES    MUSICXML_MAX_VOICES

typedef struct
{
  XmlScore   *score;
  XmlPart    *part;        /* being read */
  XmlMeasure *measure;

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
  guint      verse;       /* of the lyric that is open, from 1 */
  int        step, alter, octave;

  AriettaChord chord;
  char      *chord_kind, *chord_text;
  XmlDegree  degree;      /* the first of the chord */
  guint      n_degrees;
} Reader;

static void
measure_free (gpointer data)
{
  XmlMeasure *measure = data;

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
  XmlPart *part = data;

  g_free (part->id);
  g_free (part->name);
  g_hash_table_unref (part->unpitched);
  g_ptr_array_unref (part->measures);
  g_free (part);
}

static void
reader_clear (Reader *self)
{
  g_clear_pointer (&self->stack, g_ptr_array_unref);
  g_string_free (self->text, TRUE);
  g_free (self->instrument);
  g_free (self->field);
  g_free (self->chord_kind);
  g_free (self->chord_text);
  g_free (self->note.lyric);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reader, reader_clear)

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

static XmlPart *
find_part (Reader     *self,
           const char *id,
           gboolean    make)
{
  XmlPart *part;

  for (guint i = 0; i < self->score->parts->len; i++)
    if (g_strcmp0 (((XmlPart *) self->score->parts->pdata[i])->id, id) == 0)
      return self->score->parts->pdata[i];
  if (!make)
    return NULL;

  part = g_new0 (XmlPart, 1);
  part->id = g_strdup (id);
  part->name = g_strdup ("");
  part->unpitched = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  part->measures = g_ptr_array_new_with_free_func (measure_free);
  g_ptr_array_add (self->score->parts, part);

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
  XmlTempo tempo = { MAX (self->cursor + self->offset, 0), text != NULL ? g_ascii_strtod (text, NULL) : 0.0 };

  if (tempo.bpm >= 5.0 && tempo.bpm <= 1000.0 && self->measure != NULL)
    g_array_append_val (self->measure->tempos, tempo);
}

static void
begin_measure (Reader  *self,
               GError **error)
{
  XmlMeasure *measure;

  if (self->part == NULL)
    return;
  if (self->part->measures->len >= MAX_MEASURES)
    {
      g_set_error (error, G_MARKUP_ERROR, G_MARKUP_ERROR_INVALID_CONTENT, _("it has more than %d bars"), MAX_MEASURES);
      return;
    }

  measure = g_new0 (XmlMeasure, 1);
  measure->notes = g_array_new (FALSE, TRUE, sizeof (XmlNote));
  measure->tempos = g_array_new (FALSE, TRUE, sizeof (XmlTempo));
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
      self->is_rest = self->is_chord = self->is_grace = self->is_cue = self->syllable_goes_on = FALSE;
      self->verse = 0;
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
      g_clear_pointer (&self->chord_text, g_free);
      self->degree = (XmlDegree) { 0 };
      self->n_degrees = 0;
    }
  else if (strcmp (element, "kind") == 0)
    {
      g_free (self->chord_text);
      self->chord_text = g_strdup (get_attribute (names, values, "text"));
    }
  else if (strcmp (element, "lyric") == 0)
    self->verse++;
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
  static const char steps[] = "CDEFGAB";
  const char       *found = *text != '\0' ? strchr (steps, g_ascii_toupper (*text)) : NULL;

  return found != NULL ? (int) (found - steps) : -1;
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
      /* A syllable that goes on ends in a hyphen, as in MIDI (RP-026). */
      if (note->lyric != NULL && self->syllable_goes_on)
        {
          g_autofree char *syllable = g_steal_pointer (&note->lyric);

          note->lyric = g_strconcat (syllable, "-", NULL);
        }
      g_array_append_val (self->measure->notes, *note);
      note->lyric = NULL;
    }
}

static void
end_harmony (Reader *self)
{
  AriettaChordMark mark = { .tick = MAX (self->cursor + self->offset, 0), .chord = self->chord };

  mark.chord.kind = (gint8) _arietta_musicxml_find_chord (self->chord_kind, &self->degree, self->chord_text);
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
      /* Of several verses the first; two syllables on one note are one. */
      if (self->verse == 1)
        {
          g_autofree char *before = g_steal_pointer (&self->note.lyric);

          self->note.lyric = before != NULL ? g_strconcat (before, " ", text, NULL) : g_strdup (text);
        }
    }
  else if (strcmp (element, "syllabic") == 0)
    {
      if (self->verse == 1)
        self->syllable_goes_on = strcmp (text, "begin") == 0 || strcmp (text, "middle") == 0;
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
    self->part->drums = (int) CLAMP (number, 1, 16) - 1 == MUSICXML_DRUM_CHANNEL;
  else if (strcmp (element, "midi-program") == 0 && self->part != NULL)
    self->part->program = (int) CLAMP (number, 1, 128) - 1;
  else if (strcmp (element, "midi-unpitched") == 0 && self->part != NULL && self->instrument != NULL)
    g_hash_table_insert (self->part->unpitched, g_strdup (self->instrument),
                         GINT_TO_POINTER ((int) CLAMP (number, 1, 128)));
  else if (self->score->title == NULL && *text != '\0'
           && (strcmp (element, "work-title") == 0 || strcmp (element, "movement-title") == 0))
    self->score->title = g_strdup (text);
  else if (strcmp (element, "miscellaneous-field") == 0 && g_strcmp0 (self->field, "arietta") == 0)
    {
      g_free (self->score->statement);
      self->score->statement = g_strdup (text);
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
  else if (strcmp (element, "degree-value") == 0)
    {
      if (self->n_degrees++ == 0)
        self->degree.value = (int) CLAMP (number, 0, 13);
    }
  else if (strcmp (element, "degree-alter") == 0)
    {
      if (self->n_degrees == 1)
        self->degree.alter = (int) CLAMP (number, -2, 2);
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

void
_arietta_musicxml_score_clear (XmlScore *self)
{
  g_clear_pointer (&self->parts, g_ptr_array_unref);
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->statement, g_free);
}

gboolean
_arietta_musicxml_read_words (const char  *text,
                              XmlScore    *score,
                              int         *line,
                              int         *column,
                              GError     **error)
{
  static const GMarkupParser     parser = { start_cb, end_cb, text_cb, NULL, NULL };
  g_auto(Reader)                 reader = { .score = score, .divisions = 1, .velocity = VELOCITY };
  g_autoptr(GMarkupParseContext) context = NULL;
  g_autoptr(GError)              reason = NULL;

  reader.stack = g_ptr_array_new_with_free_func (g_free);
  reader.text = g_string_new (NULL);
  score->parts = g_ptr_array_new_with_free_func (part_free);

  context = g_markup_parse_context_new (&parser, G_MARKUP_TREAT_CDATA_AS_TEXT, &reader, NULL);
  if (g_markup_parse_context_parse (context, text, (gssize) strlen (text), &reason)
      && g_markup_parse_context_end_parse (context, &reason) && !reader.is_score)
    g_set_error (&reason, G_MARKUP_ERROR, G_MARKUP_ERROR_EMPTY, _("it is no score"));
  if (reason == NULL)
    return TRUE;

  g_markup_parse_context_get_position (context, line, column);
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}
