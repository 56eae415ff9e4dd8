#include "widgets/arietta-raster.h"

#include <math.h>

cairo_surface_t *
arietta_raster_begin (double width,
                      double height,
                      int    scale_factor)
{
  cairo_surface_t *surface;
  int w = (int) ceil (width * scale_factor), h = (int) ceil (height * scale_factor);

  surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, MAX (w, 1), MAX (h, 1));
  if (cairo_surface_status (surface) != CAIRO_STATUS_SUCCESS)
    {
      cairo_surface_destroy (surface);
      return NULL;
    }
  cairo_surface_set_device_scale (surface, scale_factor, scale_factor);

  return surface;
}

static GdkTexture *
make_texture (cairo_surface_t *surface,
              GdkMemoryFormat  format)
{
  g_autoptr(GBytes) bytes = NULL;
  int stride, width, height;

  cairo_surface_flush (surface);
  stride = cairo_image_surface_get_stride (surface);
  width = cairo_image_surface_get_width (surface);
  height = cairo_image_surface_get_height (surface);
  bytes = g_bytes_new_with_free_func (cairo_image_surface_get_data (surface), (gsize) stride * height,
                                      (GDestroyNotify) cairo_surface_destroy, surface);

  return gdk_memory_texture_new (width, height, format, bytes, stride);
}

GdkTexture *
arietta_raster_end (cairo_surface_t *surface)
{
  return make_texture (surface, GDK_MEMORY_DEFAULT);
}

/* GTK 4.8's Cairo renderer takes each pixel of its own format through floating point and back whenever it draws it,
 * half the time of a frame; of pixels that are not premultiplied it does not.  Where all are opaque both are the same
 * bytes. */
GdkTexture *
arietta_raster_end_opaque (cairo_surface_t *surface)
{
#if G_BYTE_ORDER == G_LITTLE_ENDIAN
  return make_texture (surface, GDK_MEMORY_B8G8R8A8);
#else
  return make_texture (surface, GDK_MEMORY_A8R8G8B8);
#endif
}
