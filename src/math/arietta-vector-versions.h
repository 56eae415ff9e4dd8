/* arietta-vector-versions.h - includes VECTOR_BODY once for each kind of processor
 *
 * Defines for each: NAME (x), a name of its own; Vec, UnalignedVec and VEC_LANES, the vectors it likes;
 * MULTIPLY_ADD (x, w, sum), sum + x w for a number x, and the same for a vector x; LOAD_BF16 and LOAD_INT8, a
 * vector of as many numbers of bfloat16 or 8 bits, where there is an instruction for it; and sizes
 * of tiles.  The pragmas change what the compiler may use, not what it computes: nothing may be
 * contracted or reordered but where MULTIPLY_ADD says so.  HAVE_X86_VERSIONS tells whether there
 * are more than the portable one.
 */

/* Reads and writes of vectors that lie anywhere. */
#define VECTOR(name, bytes)                                                                    \
  typedef AriettaReal name __attribute__ ((vector_size (bytes), may_alias));                   \
  typedef AriettaReal name##Unaligned                                                          \
    __attribute__ ((vector_size (bytes), may_alias, aligned (__alignof__ (AriettaReal))))

VECTOR (Vec16, 16);
#define NAME(x) portable_##x
#define QUOTED_NAME "portable"
#define FAST_PANELS 0
#define PANEL_ROWS 1
#define TILE_VECTORS 12
#define PANEL_DEPTH 128
#define Vec Vec16
#define UnalignedVec Vec16Unaligned
#define VEC_LANES (16 / (int) sizeof (AriettaReal))
#define MULTIPLY_ADD(x, w, sum) ((sum) + (x) * (w))
#define MULTIPLY_ADD_VECTORS(x, w, sum) ((sum) + (x) * (w))
#include VECTOR_BODY
#include "math/arietta-vector-undef.h"

#if defined (__x86_64__) && defined (__GNUC__) && !defined (__clang__) && !defined (ARIETTA_REAL_IS_DOUBLE)
#define HAVE_X86_VERSIONS

#include <immintrin.h>

VECTOR (Vec32, 32);
VECTOR (Vec64, 64);

#pragma GCC push_options
#pragma GCC target ("avx2,fma")
#define NAME(x) avx2_##x
#define QUOTED_NAME "avx2"
#define FAST_PANELS 1
#define PANEL_ROWS 4
#define TILE_VECTORS 3
#define PANEL_DEPTH 128
#define Vec Vec32
#define UnalignedVec Vec32Unaligned
#define VEC_LANES 8
#define MULTIPLY_ADD(x, w, sum) _mm256_fmadd_ps (_mm256_set1_ps (x), (w), (sum))
#define MULTIPLY_ADD_VECTORS(x, w, sum) _mm256_fmadd_ps ((x), (w), (sum))
#define LOAD_BF16(p) \
  ((Vec) _mm256_slli_epi32 (_mm256_cvtepu16_epi32 (_mm_loadu_si128 ((const __m128i *) (p))), 16))
#define LOAD_INT8(p) \
  ((Vec) _mm256_cvtepi32_ps (_mm256_cvtepi8_epi32 (_mm_loadl_epi64 ((const __m128i *) (p)))))
#include VECTOR_BODY
#include "math/arietta-vector-undef.h"
#pragma GCC pop_options

#pragma GCC push_options
#pragma GCC target ("avx512f,avx512vl,avx512bw,avx512dq,prefer-vector-width=512")
#define NAME(x) avx512_##x
#define QUOTED_NAME "avx512"
#define FAST_PANELS 1
#define PANEL_ROWS 8
#define TILE_VECTORS 3
#define PANEL_DEPTH 2048
#define Vec Vec64
#define UnalignedVec Vec64Unaligned
#define VEC_LANES 16
#define MULTIPLY_ADD(x, w, sum) _mm512_fmadd_ps (_mm512_set1_ps (x), (w), (sum))
#define MULTIPLY_ADD_VECTORS(x, w, sum) _mm512_fmadd_ps ((x), (w), (sum))
#define LOAD_BF16(p) \
  ((Vec) _mm512_slli_epi32 (_mm512_cvtepu16_epi32 (_mm256_loadu_si256 ((const __m256i *) (p))), 16))
#define LOAD_INT8(p) \
  ((Vec) _mm512_cvtepi32_ps (_mm512_cvtepi8_epi32 (_mm_loadu_si128 ((const __m128i *) (p)))))
#include VECTOR_BODY
#include "math/arietta-vector-undef.h"
#pragma GCC pop_options
#endif
