#define G_LOG_DOMAIN "arietta-base"

#include "base/arietta-deflate.h"

#include <gio/gio.h>

static GBytes *
convert (GConverter   *converter,
         const guint8 *bytes,
         gsize         n,
         gsize         most)
{
  g_autoptr(GInputStream) source = g_memory_input_stream_new_from_data (bytes, (gssize) n, NULL);
  g_autoptr(GInputStream) through = g_converter_input_stream_new (source, converter);
  g_autoptr(GByteArray)   out = g_byte_array_new ();
  guint8                  block[4096];
  gssize                  got;

  while ((got = g_input_stream_read (through, block, sizeof block, NULL, NULL)) > 0)
    {
      if ((gsize) got > most - out->len)
        return NULL;
      g_byte_array_append (out, block, (guint) got);
    }

  return got == 0 ? g_byte_array_free_to_bytes (g_steal_pointer (&out)) : NULL;
}

GBytes *
arietta_deflate (const guint8 *bytes,
                 gsize         n)
{
  g_autoptr(GConverter) converter =
    G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, 9));

  return convert (converter, bytes, n, G_MAXUINT32 / 2);
}

GBytes *
arietta_inflate (const guint8 *bytes,
                 gsize         n,
                 gsize         most)
{
  g_autoptr(GConverter) converter =
    G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB));

  return convert (converter, bytes, n, MIN (most, G_MAXUINT32 / 2));
}
