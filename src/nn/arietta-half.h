/* arietta-half.h - IEEE 754 half precision, to and from float
 *
 * Rounds to nearest even, keeps subnormals, infinities and NaN (as a quiet one).
 */
#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

static inline guint16
arietta_half_from_float (float value)
{
  guint32 bits, sign, rest, mantissa;
  int     exponent, shift;

  memcpy (&bits, &value, 4);
  sign = bits >> 16 & 0x8000;
  rest = bits & 0x7fffffff;

  if (rest > 0x7f800000)
    return (guint16) (sign | 0x7e00);
  if (rest >= 0x47800000)               /* 65536 and more: infinity */
    return (guint16) (sign | 0x7c00);

  exponent = (int) (rest >> 23) - 127;
  if (exponent < -25)
    return (guint16) sign;

  /* The bits that fall away decide the rounding; a carry runs into the exponent, as it should. */
  if (exponent < -14)
    {
      mantissa = (rest & 0x7fffff) | 0x800000;
      shift = -1 - exponent;
      rest = mantissa >> shift;
    }
  else
    {
      mantissa = rest - ((127 - 15) << 23);
      shift = 13;
      rest = mantissa >> shift;
    }

  mantissa &= (1u << shift) - 1;
  if (mantissa > 1u << (shift - 1) || (mantissa == 1u << (shift - 1) && (rest & 1)))
    rest++;

  return (guint16) (sign | rest);
}

static inline float
arietta_half_to_float (guint16 half)
{
  guint32 sign = (guint32) (half & 0x8000) << 16;
  guint32 exponent = half >> 10 & 0x1f;
  guint32 mantissa = half & 0x3ff;
  guint32 bits;
  float   value;

  if (exponent == 0)
    {
      value = (float) mantissa * 0x1p-24f;
      return sign != 0 ? -value : value;
    }

  bits = sign | (exponent == 31 ? 255 : exponent + 127 - 15) << 23 | mantissa << 13;
  memcpy (&value, &bits, 4);
  return value;
}

G_END_DECLS
