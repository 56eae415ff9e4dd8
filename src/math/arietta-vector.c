#include "math/arietta-vector.h"

#include <assert.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* Enough lanes for two vectors of AVX-512; a fixed number, because sums depend on it. */
#define LANES 32

#ifdef ARIETTA_REAL_IS_DOUBLE
#define ROOT sqrt
#else
#define ROOT sqrtf
#endif

#define VECTOR_BODY "math/arietta-vector-body.h"
#include "math/arietta-vector-versions.h"

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
