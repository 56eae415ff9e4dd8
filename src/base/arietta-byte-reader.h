/* arietta-byte-reader.h - reads numbers from bytes that nobody vouches for
 *
 * A reader never steps outside its bytes.  A read past the end gives 0 and sets `failed`, which stays
 * set, so a parser may read a whole record and ask once.  The bytes are borrowed.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  const guint8 *data;
  gsize         size;
  gsize         position;
  gboolean      failed;
} AriettaByteReader;

static inline void
arietta_byte_reader_init (AriettaByteReader *self,
                          const guint8      *data,
                          gsize              size)
{
  *self = (AriettaByteReader) { data, size, 0, FALSE };
}

static inline gsize
arietta_byte_reader_left (const AriettaByteReader *self)
{
  return self->size - self->position;
}

/* @n bytes at the present place, which then moves past them; NULL (and failed) if fewer are left. */
static inline const guint8 *
arietta_byte_reader_take (AriettaByteReader *self,
                          gsize              n)
{
  const guint8 *at = self->data + self->position;

  if (n > arietta_byte_reader_left (self))
    {
      self->failed = TRUE;
      self->position = self->size;
      return NULL;
    }

  self->position += n;
  return at;
}

static inline guint8
arietta_byte_reader_u8 (AriettaByteReader *self)
{
  const guint8 *p = arietta_byte_reader_take (self, 1);

  return p != NULL ? p[0] : 0;
}

static inline guint16
arietta_byte_reader_u16be (AriettaByteReader *self)
{
  const guint8 *p = arietta_byte_reader_take (self, 2);

  return p != NULL ? (guint16) (p[0] << 8 | p[1]) : 0;
}

static inline guint32
arietta_byte_reader_u32be (AriettaByteReader *self)
{
  const guint8 *p = arietta_byte_reader_take (self, 4);

  return p != NULL ? (guint32) p[0] << 24 | (guint32) p[1] << 16 | (guint32) p[2] << 8 | p[3] : 0;
}

static inline guint32
arietta_byte_reader_u32le (AriettaByteReader *self)
{
  const guint8 *p = arietta_byte_reader_take (self, 4);

  return p != NULL ? (guint32) p[3] << 24 | (guint32) p[2] << 16 | (guint32) p[1] << 8 | p[0] : 0;
}

G_END_DECLS
