#include <math.h>
#include <string.h>

#include "drawing/arietta-face.h"

#define SIZE 64

/* A melody in letters: a pitch class name each eighth, lower case an octave below; '-' holds. */
static AriettaPiece *
tune (const char *letters,
      int         transpose,
      int         channel)
{
  static const int SEMITONES[] = { 9, 11, 0, 2, 4, 5, 7 };
  AriettaPiece *piece = arietta_piece_new (480);
  AriettaTrack *track = arietta_piece_add_track (piece, "tune");

  for (int i = 0; letters[i] != '\0'; i++)
    {
      gboolean low = g_ascii_islower (letters[i]);
      AriettaNote note = { .onset_ticks = i * 240, .duration_ticks = 240, .velocity = 90, .channel = channel };

      if (letters[i] == '-')
        continue;
      while (letters[i + note.duration_ticks / 240] == '-')
        note.duration_ticks += 240;
      note.pitch = (low ? 60 : 72) + SEMITONES[g_ascii_toupper (letters[i]) - 'A'] + transpose;
      arietta_track_add_note (track, &note);
    }

  return arietta_piece_freeze (piece);
}

static const char *JIG = "GBDGBDecAFGAgbdGBDcABGfadgbdGBDecAFGABGFADG-----";
static const char *JIG_VARIED = "GBDGBDecAFGAgbdGBDcBAGfadgbdGBDecAFGBBGFADG-----";
static const char *HYMN = "C---D---E---C---F---E---D-------E---F---G---E---D---C---C-------";

static cairo_surface_t *
draw (AriettaFace          *face,
      int                   size,
      int                   hue,
      const AriettaPalette *palette)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, size, size);
  cairo_t *cr = cairo_create (surface);

  arietta_face_draw (face, cr, size, hue, palette);
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_flush (surface);

  return surface;
}

/* Mean difference in opacity, 0..255. */
static double
difference (AriettaPiece *a,
            AriettaPiece *b)
{
  g_autoptr(AriettaFace) face_a = arietta_face_new (a);
  g_autoptr(AriettaFace) face_b = arietta_face_new (b);
  cairo_surface_t *one = draw (face_a, SIZE, 0, arietta_palette_get_light ());
  cairo_surface_t *two = draw (face_b, SIZE, 0, arietta_palette_get_light ());
  const guint32 *p = (const guint32 *) cairo_image_surface_get_data (one);
  const guint32 *q = (const guint32 *) cairo_image_surface_get_data (two);
  double sum = 0;

  for (int i = 0; i < SIZE * SIZE; i++)
    sum += ABS ((int) (p[i] >> 24) - (int) (q[i] >> 24));
  cairo_surface_destroy (one);
  cairo_surface_destroy (two);

  return sum / (SIZE * SIZE);
}

static void
test_same (void)
{
  g_autoptr(AriettaPiece) a = tune (JIG, 0, 0);
  g_autoptr(AriettaPiece) b = tune (JIG, 0, 0);

  g_assert_cmpfloat (difference (a, b), ==, 0.0);
}

static void
test_siblings (void)
{
  g_autoptr(AriettaPiece) jig = tune (JIG, 0, 0);
  g_autoptr(AriettaPiece) varied = tune (JIG_VARIED, 0, 0);
  g_autoptr(AriettaPiece) hymn = tune (HYMN, 0, 0);
  g_autoptr(AriettaPiece) transposed = tune (JIG, 3, 0);
  g_autoptr(AriettaPiece) drums = tune (JIG, -36, 9);
  double sibling = difference (jig, varied);

  g_assert_cmpfloat (sibling, >, 0.0);
  g_assert_cmpfloat (difference (jig, hymn), >, 3 * sibling);
  g_assert_cmpfloat (difference (jig, transposed), >, 3 * sibling);
  g_assert_cmpfloat (difference (jig, drums), >, 3 * sibling);
}

/* Where the file begins and in which unit it counts are no part of the music. */
static void
test_silence_before (void)
{
  g_autoptr(AriettaPiece) plain = tune (JIG, 0, 0);
  g_autoptr(AriettaPiece) later = arietta_piece_new (960);
  AriettaTrack *track = arietta_piece_add_track (later, "");
  guint n;
  const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (plain, 0), &n);

  for (guint i = 0; i < n; i++)
    {
      AriettaNote note = notes[i];

      note.onset_ticks = note.onset_ticks * 2 + 2 * 3840;
      note.duration_ticks *= 2;
      arietta_track_add_note (track, &note);
    }

  g_assert_cmpfloat (difference (plain, later), <, 0.5);
}

static void
test_every_size (void)
{
  g_autoptr(AriettaPiece) piece = tune (JIG, 0, 0);
  g_autoptr(AriettaFace) face = arietta_face_new (piece);

  for (int size = 16; size <= 256; size += 16)
    {
      cairo_surface_t *surface = draw (face, size, size / 16 % 9 - 1, arietta_palette_get_dark ());
      const guint32 *pixels = (const guint32 *) cairo_image_surface_get_data (surface);
      int painted = 0;

      for (int i = 0; i < size * size; i++)
        painted += (pixels[i] >> 24) > 64;
      /* A quarter of the square at least, and nothing at its corners: nothing is cut off. */
      g_assert_cmpint (painted, >, size * size / 5);
      g_assert_cmpint (pixels[0] >> 24, ==, 0);
      g_assert_cmpint (pixels[size * size - 1] >> 24, ==, 0);
      cairo_surface_destroy (surface);
    }
}

static void
test_empty (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_freeze (arietta_piece_new (480));
  g_autoptr(AriettaFace) face = arietta_face_new (piece);
  cairo_surface_t *surface = draw (face, 24, -1, arietta_palette_get_light ());
  const guint32 *pixels = (const guint32 *) cairo_image_surface_get_data (surface);
  gboolean any = FALSE;

  for (int i = 0; i < 24 * 24; i++)
    any |= pixels[i] != 0;
  g_assert_true (any);
  cairo_surface_destroy (surface);
}

static void
test_odd_notes (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (1);
  AriettaTrack *track = arietta_piece_add_track (piece, NULL);
  AriettaNote notes[] = {
    { .onset_ticks = 0, .duration_ticks = 0, .pitch = 0, .velocity = 1 },
    { .onset_ticks = 1, .duration_ticks = G_GINT64_CONSTANT (1) << 40, .pitch = 127, .velocity = 127 },
    { .onset_ticks = 5, .duration_ticks = 3, .pitch = 127, .velocity = 127, .channel = 9 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (notes); i++)
    arietta_track_add_note (track, &notes[i]);
  arietta_piece_freeze (piece);

  {
    g_autoptr(AriettaFace) face = arietta_face_new (piece);
    cairo_surface_t *surface = draw (face, 48, 3, arietta_palette_get_light ());

    cairo_surface_destroy (surface);
  }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/drawing/face/same", test_same);
  g_test_add_func ("/drawing/face/siblings", test_siblings);
  g_test_add_func ("/drawing/face/silence-before", test_silence_before);
  g_test_add_func ("/drawing/face/every-size", test_every_size);
  g_test_add_func ("/drawing/face/empty", test_empty);
  g_test_add_func ("/drawing/face/odd-notes", test_odd_notes);

  return g_test_run ();
}
