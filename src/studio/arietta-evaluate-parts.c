#define G_LOG_DOMAIN "arietta-studio"

#include "studio/arietta-evaluate-parts.h"

#include "base/arietta-error.h"
#include "studio/arietta-studio-error.h"

#include <glib/gi18n.h>

#define BARS 8

static const struct
{
  const char      *name;
  AriettaEventRole role;
  gboolean         melody_alone;   /* it is asked for to nothing else */
} tasks[] = {
  { "chords", ARIETTA_ROLE_CHORDS, TRUE },
  { "melody", ARIETTA_ROLE_MELODY, FALSE },
  { "bass", ARIETTA_ROLE_BASS, FALSE },
  { "drums", ARIETTA_ROLE_DRUMS, FALSE },
};

typedef struct
{
  double together, consonant;   /* units of time */
} Consonance;

typedef struct
{
  guint      cases, bars, played;
  Consonance ours, moved, people, people_moved;
} Account;

static AriettaEventRole
role_of (AriettaEventScore *score,
         guint              part)
{
  return g_array_index (score->parts, AriettaEventPart, part).role;
}

static gboolean
has_role (AriettaEventScore *score,
          AriettaEventRole   role)
{
  for (guint i = 0; i < score->notes->len; i++)
    if (role_of (score, g_array_index (score->notes, AriettaEventNote, i).part) == role)
      return TRUE;

  return FALSE;
}

/* The first bars alone. */
static void
cut (AriettaEventScore *score)
{
  guint kept = 0;

  for (guint i = 0; i < score->notes->len; i++)
    if (g_array_index (score->notes, AriettaEventNote, i).bar < BARS)
      g_array_index (score->notes, AriettaEventNote, kept++) = g_array_index (score->notes, AriettaEventNote, i);
  g_array_set_size (score->notes, kept);
  if (score->bars->len > BARS)
    g_array_set_size (score->bars, BARS);
  while (score->tempos->len > 0
         && g_array_index (score->tempos, AriettaEventTempo, score->tempos->len - 1).bar >= score->bars->len)
    g_array_set_size (score->tempos, score->tempos->len - 1);
  while (score->keys->len > 0
         && g_array_index (score->keys, AriettaEventKey, score->keys->len - 1).bar >= score->bars->len)
    g_array_set_size (score->keys, score->keys->len - 1);
  arietta_event_score_settle (score);
}

/* Notes of a role leave @score. */
static void
take_away (AriettaEventScore *score,
           AriettaEventRole   role,
           gboolean           melody_alone)
{
  guint kept = 0;

  for (guint i = 0; i < score->notes->len; i++)
    {
      AriettaEventNote note = g_array_index (score->notes, AriettaEventNote, i);
      AriettaEventRole its = role_of (score, note.part);

      if (melody_alone ? its == ARIETTA_ROLE_MELODY : its != role)
        g_array_index (score->notes, AriettaEventNote, kept++) = note;
    }
  g_array_set_size (score->notes, kept);
  arietta_event_score_settle (score);
}

/* Over the time in which a note of @part and one of @ground sound together; @part moved by @bars, those that
 * fall out at the end come first. */
static void
add_consonance (AriettaEventScore *ground,
                const GArray      *part,
                guint              bars,
                Consonance        *sum)
{
  static const gboolean consonant[12] = { TRUE, FALSE, FALSE, TRUE, TRUE, TRUE, FALSE, TRUE, TRUE, TRUE, FALSE, FALSE };
  g_autofree gint64    *starts = arietta_event_score_dup_starts (ground);
  guint                 n_bars = ground->bars->len;

  for (guint i = 0; i < part->len; i++)
    {
      const AriettaEventNote *note = &g_array_index (part, AriettaEventNote, i);
      gint64                  start = starts[(note->bar + bars) % n_bars] + note->onset;

      for (guint k = 0; k < ground->notes->len; k++)
        {
          const AriettaEventNote *other = &g_array_index (ground->notes, AriettaEventNote, k);
          gint64                  begins = starts[other->bar] + other->onset;
          gint64                  time = MIN (start + note->duration, begins + other->duration) - MAX (start, begins);

          if (time <= 0 || role_of (ground, other->part) == ARIETTA_ROLE_DRUMS)
            continue;
          sum->together += (double) time;
          if (consonant[ABS (note->pitch - other->pitch) % 12])
            sum->consonant += (double) time;
        }
    }
}

/* Of the notes of @score those of a role, or of a track; bars of the ground only. */
static GArray *
dup_part (AriettaEventScore *score,
          AriettaEventRole   role,
          guint              track,
          guint              n_bars)
{
  GArray *notes = g_array_new (FALSE, FALSE, sizeof (AriettaEventNote));

  for (guint i = 0; i < score->notes->len; i++)
    {
      AriettaEventNote        note = g_array_index (score->notes, AriettaEventNote, i);
      const AriettaEventPart *part = &g_array_index (score->parts, AriettaEventPart, note.part);

      if (note.bar < n_bars && (track != G_MAXUINT ? part->track == track : part->role == role))
        g_array_append_val (notes, note);
    }

  return notes;
}

static void
count_played (AriettaEventScore *ground,
              const GArray      *part,
              Account           *account)
{
  for (guint b = 0; b < ground->bars->len; b++)
    {
      gboolean played = FALSE;

      if (ground->cells[b * ground->parts->len] == ground->cells[(b + 1) * ground->parts->len])
        continue;
      for (guint i = 0; i < part->len && !played; i++)
        played = g_array_index (part, AriettaEventNote, i).bar == b;
      account->bars++;
      account->played += played;
    }
}

static void
try_case (AriettaModel  *model,
          AriettaPiece  *piece,
          guint          task,
          AriettaRandom *random,
          Account       *account)
{
  g_autoptr(AriettaEventScore) whole = arietta_event_score_from_piece (piece);
  g_autoptr(AriettaEventScore) ground = arietta_event_score_from_piece (piece), heard = NULL, written = NULL;
  AriettaFillPart              asked = { ARIETTA_FILL_NEW_TRACK, tasks[task].role, -1, NULL, 0, 0, 0 };
  AriettaFillSettings          settings = ARIETTA_FILL_SETTINGS_INIT;
  g_autoptr(AriettaPiece)      given = NULL, got = NULL;
  g_autoptr(GArray)            part = NULL, people = NULL;

  if (whole == NULL)
    return;

  cut (whole);
  cut (ground);
  take_away (ground, tasks[task].role, tasks[task].melody_alone);
  if (ground->bars->len < BARS || ground->notes->len < 2 * BARS
      || (tasks[task].melody_alone && !has_role (ground, ARIETTA_ROLE_MELODY)))
    return;

  given = arietta_event_score_to_piece (ground, ARIETTA_TICKS_PER_QUARTER);
  arietta_piece_freeze (given);
  settings.n_bars = BARS;
  settings.parts = &asked;
  settings.n_parts = 1;
  got = arietta_model_fill (model, given, &settings, random, NULL, NULL, NULL);
  written = got != NULL ? arietta_event_score_from_piece (got) : NULL;
  /* A bar that is shorter than its metre may be a whole one in the piece that was given. */
  heard = arietta_event_score_from_piece (given);
  if (written == NULL || heard == NULL)
    return;

  account->cases++;
  part = dup_part (written, 0, arietta_piece_get_n_tracks (given), MIN (BARS, heard->bars->len));
  people = dup_part (whole, tasks[task].role, G_MAXUINT, BARS);
  count_played (heard, part, account);
  if (tasks[task].role == ARIETTA_ROLE_DRUMS)
    return;
  add_consonance (heard, part, 0, &account->ours);
  add_consonance (heard, part, 1, &account->moved);
  add_consonance (ground, people, 0, &account->people);
  add_consonance (ground, people, 1, &account->people_moved);
}

static void
set_consonance (JsonObject       *object,
                const char       *name,
                const Consonance *sum)
{
  if (sum->together > 0.0)
    json_object_set_double_member (object, name, sum->consonant / sum->together);
}

JsonObject *
arietta_evaluate_parts (AriettaModel          *model,
                        const AriettaExample  *examples,
                        guint                  n_examples,
                        guint                  n,
                        guint64                seed,
                        AriettaJob            *job,
                        GError               **error)
{
  g_autoptr(JsonObject) results = json_object_new ();

  for (guint task = 0; task < G_N_ELEMENTS (tasks); task++)
    {
      Account       account = { 0 };
      JsonObject   *object = json_object_new ();
      AriettaRandom random;

      arietta_random_init (&random, seed, tasks[task].name);
      json_object_set_object_member (results, tasks[task].name, object);
      /* Spread over the pieces, twice as many looked at as are wanted, since not all have what is needed. */
      for (guint i = 0; i < 2 * n && i < n_examples && account.cases < n; i++)
        {
          if (!arietta_job_check (job))
            {
              arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_CANCELLED, NULL, NULL,
                                 _("Measuring was stopped."));
              return NULL;
            }
          try_case (model, examples[(guint) ((guint64) i * n_examples / MIN (2 * n, n_examples))].piece, task, &random,
                    &account);
        }
      json_object_set_int_member (object, "cases", account.cases);
      if (account.bars > 0)
        json_object_set_double_member (object, "played", (double) account.played / account.bars);
      set_consonance (object, "consonant", &account.ours);
      set_consonance (object, "moved", &account.moved);
      set_consonance (object, "people", &account.people);
      set_consonance (object, "people_moved", &account.people_moved);
    }

  return g_steal_pointer (&results);
}
