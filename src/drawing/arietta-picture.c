#define G_LOG_DOMAIN "arietta-drawing"

#include "drawing/arietta-picture.h"

#include <cairo-svg.h>
#include <glib/gi18n.h>
#include <math.h>

#include "base/arietta-error.h"
#include "base/arietta-save.h"
#include "drawing/arietta-drawing-error.h"

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

gboolean
arietta_picture_can_write (const char *path)
{
  return ends_in (path, ".png") || ends_in (path, ".svg");
}

gboolean
arietta_picture_save (const char          *path,
                      double               width,
                      double               height,
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

  return arietta_save_file (path, bytes->data, bytes->len, ARIETTA_DRAWING_ERROR, ARIETTA_DRAWING_ERROR_WRITE, error);
}
