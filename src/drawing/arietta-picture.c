#define G_LOG_DOMAIN "arietta-drawing"

#include "drawing/arietta-picture.h"

#include <cairo-svg.h>
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "base/arietta-error.h"
#include "base/arietta-save.h"
#include "drawing/arietta-drawing-error.h"

#define PNG_HEAD 33   /* bytes of the signature and the first chunk */

static cairo_status_t
collect_cb (void                *closure,
            const unsigned char *data,
            unsigned int         length)
{
  g_byte_array_append (closure, data, length);

  return CAIRO_STATUS_SUCCESS;
}

static gboolean
ends_in (const char *path,
         const char *ending)
{
  g_autofree char *folded = g_ascii_strdown (path, -1);

  return g_str_has_suffix (folded, ending);
}

/* CRC-32 as PNG wants it (ISO 3309). */
static guint32
add_crc (guint32       crc,
         const guint8 *bytes,
         gsize         n)
{
  for (gsize i = 0; i < n; i++)
    {
      crc ^= bytes[i];
      for (int bit = 0; bit < 8; bit++)
        crc = (crc & 1) != 0 ? crc >> 1 ^ 0xEDB88320u : crc >> 1;
    }
  return crc;
}

static void
insert (GByteArray *bytes,
        gsize       at,
        const void *more,
        gsize       n)
{
  gsize old = bytes->len;

  g_byte_array_set_size (bytes, (guint) (old + n));
  memmove (bytes->data + at + n, bytes->data + at, old - at);
  memcpy (bytes->data + at, more, n);
}

/* An international text (iTXt), uncompressed, behind the header of the picture. */
static void
put_text_chunk (GByteArray *png,
                const char *comment)
{
  static const char     head[] = "iTXtComment\0\0\0\0";   /* the last zero ends the translated keyword */
  g_autoptr(GByteArray) chunk = g_byte_array_new ();
  gsize                 n = strlen (comment);
  guint32               length = GUINT32_TO_BE ((guint32) (sizeof head - 4 + n)), crc;

  g_byte_array_append (chunk, (const guint8 *) &length, 4);
  g_byte_array_append (chunk, (const guint8 *) head, sizeof head);
  g_byte_array_append (chunk, (const guint8 *) comment, (guint) n);
  crc = GUINT32_TO_BE (~add_crc (0xFFFFFFFFu, chunk->data + 4, chunk->len - 4));
  g_byte_array_append (chunk, (const guint8 *) &crc, 4);
  if (png->len > PNG_HEAD)
    insert (png, PNG_HEAD, chunk->data, chunk->len);
}

static void
put_metadata (GByteArray *svg,
              const char *comment)
{
  g_autofree char *text = g_markup_printf_escaped ("\n<metadata>%s</metadata>", comment);
  const char      *start = g_strstr_len ((const char *) svg->data, svg->len, "<svg");
  const char      *end = start != NULL
                           ? memchr (start, '>', (gsize) ((const char *) svg->data + svg->len - start)) : NULL;

  if (end != NULL)
    insert (svg, (gsize) (end + 1 - (const char *) svg->data), text, strlen (text));
}

gboolean
arietta_picture_can_write (const char *path)
{
  return ends_in (path, ".png") || ends_in (path, ".svg");
}

gboolean
arietta_picture_save (const char          *path,
                      double               width,
                      double               height,
                      const char          *comment,
                      AriettaPictureDraw   draw,
                      gpointer             user_data,
                      GError             **error)
{
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  cairo_surface_t      *surface;
  cairo_status_t        status;
  cairo_t              *cr;
  gboolean              as_svg = ends_in (path, ".svg");

  if (!arietta_picture_can_write (path))
    {
      arietta_set_error (error, ARIETTA_DRAWING_ERROR, ARIETTA_DRAWING_ERROR_UNKNOWN_FORMAT, path, NULL,
                         _("A picture can be saved as .png or .svg, so “%s” needs one of these endings."), path);
      return FALSE;
    }

  surface = as_svg ? cairo_svg_surface_create_for_stream (collect_cb, bytes, width, height)
                   : cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) ceil (width), (int) ceil (height));
  cr = cairo_create (surface);
  draw (cr, user_data);
  status = cairo_status (cr);
  cairo_destroy (cr);
  if (status == CAIRO_STATUS_SUCCESS && !as_svg)
    status = cairo_surface_write_to_png_stream (surface, collect_cb, bytes);
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);

  if (status != CAIRO_STATUS_SUCCESS)
    {
      arietta_set_error (error, ARIETTA_DRAWING_ERROR, ARIETTA_DRAWING_ERROR_MEMORY, path, NULL,
                         _("The picture “%s” could not be drawn: %s."), path, cairo_status_to_string (status));
      return FALSE;
    }

  if (comment != NULL && as_svg)
    put_metadata (bytes, comment);
  else if (comment != NULL)
    put_text_chunk (bytes, comment);

  return arietta_save_file (path, bytes->data, bytes->len, ARIETTA_DRAWING_ERROR, ARIETTA_DRAWING_ERROR_WRITE, error);
}
