#include "widgets/arietta-mark-raster.h"

#include <math.h>

#include "drawing/arietta-shape.h"

#define PHASES 4

struct _AriettaMarkRaster
{
  AriettaColor hues[ARIETTA_PALETTE_SIZE];
  AriettaColor halo;       /* a hair of ground around each mark keeps neighbours apart */
  int          scale_factor;
  double       radius;     /* device pixels, like all below */
  int          size;       /* of a stamp, square */
  gboolean     drawn[ARIETTA_PALETTE_MARKS];   /* stamps that are there: a map has few of them */
  guint32     *stamps;     /* [mark][phase y][phase x][size][size], premultiplied ARGB */
  guint8      *spans;      /* [mark][phase y][phase x][size][2]: first column with ink, and the one after the last */
  guint32     *pixels;
  int          width;
  int          height;
};

static guint32 *
stamp_of (AriettaMarkRaster *self,
          guint              mark,
          int                phase_x,
          int                phase_y)
{
  return self->stamps + (((gsize) mark * PHASES + phase_y) * PHASES + phase_x) * self->size * self->size;
}

static guint8 *
spans_of (AriettaMarkRaster *self,
          guint              mark,
          int                phase_x,
          int                phase_y)
{
  return self->spans + (((gsize) mark * PHASES + phase_y) * PHASES + phase_x) * self->size * 2;
}

static void
draw_stamp (AriettaMarkRaster *self,
            guint              mark,
            int                phase_x,
            int                phase_y)
{
  cairo_surface_t *surface =
    cairo_image_surface_create_for_data ((guchar *) stamp_of (self, mark, phase_x, phase_y), CAIRO_FORMAT_ARGB32,
                                         self->size, self->size, self->size * 4);
  cairo_t *cr = cairo_create (surface);
  AriettaColor color = self->hues[arietta_palette_mark_hue (mark)];
  double middle = self->size / 2;

  cairo_set_fill_rule (cr, CAIRO_FILL_RULE_EVEN_ODD);
  arietta_shape_path (cr, mark, middle + (double) phase_x / PHASES, middle + (double) phase_y / PHASES, self->radius);
  cairo_set_source_rgba (cr, self->halo.red, self->halo.green, self->halo.blue, 0.75);
  cairo_set_line_width (cr, 2.0 * self->scale_factor);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  if (self->radius >= 3 * self->scale_factor)
    cairo_stroke_preserve (cr);
  cairo_set_source_rgba (cr, color.red, color.green, color.blue, 0.92);
  cairo_fill (cr);
  cairo_destroy (cr);
  cairo_surface_finish (surface);
  cairo_surface_destroy (surface);

  for (int row = 0; row < self->size; row++)
    {
      const guint32 *ink = stamp_of (self, mark, phase_x, phase_y) + row * self->size;
      guint8 *span = spans_of (self, mark, phase_x, phase_y) + row * 2;
      int first = 0, end = self->size;

      while (first < end && ink[first] == 0)
        first++;
      while (end > first && ink[end - 1] == 0)
        end--;
      span[0] = (guint8) first;
      span[1] = (guint8) end;
    }
}

static inline void
draw_stamps (AriettaMarkRaster *self,
             guint              mark)
{
  if (self->drawn[mark])
    return;
  for (int y = 0; y < PHASES; y++)
    for (int x = 0; x < PHASES; x++)
      draw_stamp (self, mark, x, y);
  self->drawn[mark] = TRUE;
}

AriettaMarkRaster *
arietta_mark_raster_new (const AriettaPalette *palette,
                         double                radius,
                         int                   scale_factor)
{
  AriettaMarkRaster *self = g_new0 (AriettaMarkRaster, 1);

  for (int i = 0; i < ARIETTA_PALETTE_SIZE; i++)
    self->hues[i] = palette->hues[i];
  self->halo = palette->background;
  self->scale_factor = scale_factor;
  self->radius = radius * scale_factor;
  /* The largest shape reaches 1.6 radii; then the halo and the phase. */
  self->size = 2 * ((int) ceil (self->radius * 1.6) + scale_factor + 1);
  self->stamps = g_new0 (guint32, (gsize) ARIETTA_PALETTE_MARKS * PHASES * PHASES * self->size * self->size);
  self->spans = g_new0 (guint8, (gsize) ARIETTA_PALETTE_MARKS * PHASES * PHASES * self->size * 2);

  return self;
}

void
arietta_mark_raster_free (AriettaMarkRaster *self)
{
  if (self == NULL)
    return;

  g_free (self->pixels);
  g_free (self->spans);
  g_free (self->stamps);
  g_free (self);
}

void
arietta_mark_raster_begin (AriettaMarkRaster *self,
                           int                width,
                           int                height)
{
  g_clear_pointer (&self->pixels, g_free);
  self->width = MAX (width, 1) * self->scale_factor;
  self->height = MAX (height, 1) * self->scale_factor;
  self->pixels = g_new0 (guint32, (gsize) self->width * self->height);
}

/* Premultiplied "over", two channels of the word at a time; x / 255 as (x + 128 + (x + 128 >> 8)) >> 8. */
static inline guint32
over (guint32 source,
      guint32 ground)
{
  guint32 keep = 255 - (source >> 24);
  guint32 odd = (ground & 0x00ff00ff) * keep + 0x00800080;
  guint32 even = ((ground >> 8) & 0x00ff00ff) * keep + 0x00800080;

  odd = ((odd + ((odd >> 8) & 0x00ff00ff)) >> 8) & 0x00ff00ff;
  even = (even + ((even >> 8) & 0x00ff00ff)) & 0xff00ff00;

  return source + (odd | even);
}

void
arietta_mark_raster_add (AriettaMarkRaster *self,
                         double             x,
                         double             y,
                         guint              mark)
{
  int quarter_x, quarter_y, left, top, from_x, from_y, to_x, to_y;
  const guint32 *stamp;
  const guint8 *spans;

  x *= self->scale_factor;
  y *= self->scale_factor;
  /* Also keeps what is far outside from overflowing an int. */
  if (!(x > -self->size && x < self->width + self->size && y > -self->size && y < self->height + self->size))
    return;

  mark %= ARIETTA_PALETTE_MARKS;
  draw_stamps (self, mark);
  quarter_x = (int) floor (x * PHASES + 0.5);
  quarter_y = (int) floor (y * PHASES + 0.5);
  left = (quarter_x >> 2) - self->size / 2;
  top = (quarter_y >> 2) - self->size / 2;
  stamp = stamp_of (self, mark, quarter_x & (PHASES - 1), quarter_y & (PHASES - 1));

  spans = spans_of (self, mark, quarter_x & (PHASES - 1), quarter_y & (PHASES - 1));

  from_x = MAX (-left, 0);
  from_y = MAX (-top, 0);
  to_x = MIN (self->size, self->width - left);
  to_y = MIN (self->size, self->height - top);
  for (int row = from_y; row < to_y; row++)
    {
      const guint32 *in = stamp + row * self->size;
      guint32 *out = self->pixels + (gsize) (top + row) * self->width + left;

      int end = MIN (to_x, spans[2 * row + 1]);

      for (int column = MAX (from_x, spans[2 * row]); column < end; column++)
        out[column] = over (in[column], out[column]);
    }
}

GdkTexture *
arietta_mark_raster_end (AriettaMarkRaster *self)
{
  gsize stride = (gsize) self->width * 4;
  g_autoptr(GBytes) bytes = g_bytes_new_take (g_steal_pointer (&self->pixels), stride * self->height);

  return gdk_memory_texture_new (self->width, self->height, GDK_MEMORY_DEFAULT, bytes, stride);
}
