#include "math/arietta-tiles.h"

#include "math/arietta-vector.h"

#include <string.h>

#define VECTOR_BODY "math/arietta-tiles-body.h"
#include "math/arietta-vector-versions.h"

const AriettaTiles *
arietta_tiles (void)
{
#ifdef HAVE_X86_VERSIONS
  const char *name = arietta_vector ()->name;

  if (strcmp (name, avx512_tiles.name) == 0)
    return &avx512_tiles;
  if (strcmp (name, avx2_tiles.name) == 0)
    return &avx2_tiles;
#endif

  return &portable_tiles;
}
