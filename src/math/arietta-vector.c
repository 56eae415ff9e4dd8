/* The same loops, compiled for each kind of processor.  The pragmas change what the compiler may use,
 * not what it computes: nothing here may be contracted or reordered but where MULTIPLY_ADD says so. */
#include "math/arietta-vector.h"

#include <assert.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* Enough lanes for two vectors of AVX-512; a fixed number, because sums depend on it. */
#define LANES 32

/* Reads and writes of vectors that lie anywhere. */
#define VECTOR(name, bytes)                                                                    \
  typedef AriettaReal name __attribute__ ((vector_size (bytes), may_alias));                   \
  typedef AriettaReal name##Unaligned                                                          \
    __attribute__ ((vector_size (bytes), may_alias, aligned (__alignof__ (AriettaReal))))

VECTOR (Vec16, 16);
#ifdef ARIETTA_REAL_IS_DOUBLE
#define ROOT sqrt
#else
#define ROOT sqrtf
#endif

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
#include "math/arietta-vector-body.h"
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
#include "math/arietta-vector-body.h"
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
#include "math/arietta-vector-body.h"
#include "math/arietta-vector-undef.h"
#pragma GCC pop_options
#endif

static _Atomic (const AriettaVector *) chosen;
static pthread_once_t choose_once = PTHREAD_ONCE_INIT;

const AriettaVector *
arietta_vector_find (const char *name)
{
#ifdef HAVE_X86_VERSIONS
  __builtin_cpu_init ();
  if (strcmp (name, "avx512") == 0)
    return __builtin_cpu_supports ("avx512f") && __builtin_cpu_supports ("avx512vl")
           && __builtin_cpu_supports ("avx512bw") && __builtin_cpu_supports ("avx512dq")
           ? &avx512_table : NULL;
  if (strcmp (name, "avx2") == 0)
    return __builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma") ? &avx2_table : NULL;
#endif

  return strcmp (name, "portable") == 0 ? &portable_table : NULL;
}

static void
choose_first (void)
{
  static const char *const best_first[] = { "avx512", "avx2", "portable" };
  const char              *wish = getenv ("ARIETTA_KERNELS");
  const AriettaVector     *found = NULL;

  if (wish != NULL && *wish != '\0')
    {
      found = arietta_vector_find (wish);
      if (found == NULL)
        found = &portable_table;
    }

  for (size_t i = 0; found == NULL; i++)
    found = arietta_vector_find (best_first[i]);

  atomic_store (&chosen, found);
}

const AriettaVector *
arietta_vector (void)
{
  const AriettaVector *v = atomic_load_explicit (&chosen, memory_order_acquire);

  if (v == NULL)
    {
      pthread_once (&choose_once, choose_first);
      v = atomic_load (&chosen);
    }

  return v;
}

int
arietta_vector_choose (const char *name)
{
  const AriettaVector *found = arietta_vector_find (name);

  if (found == NULL)
    return 0;

  atomic_store (&chosen, found);

  return 1;
}
