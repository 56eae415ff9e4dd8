/* arietta-blas.h - CBLAS for AriettaReal; for .c files of math/ only
 *
 * OpenBLAS's header brings in <complex.h>, which owns the name I.
 */
#pragma once

#include "math/arietta-real.h"

#include <cblas.h>

#ifdef ARIETTA_REAL_IS_DOUBLE
#define arietta_cblas_gemm cblas_dgemm
#else
#define arietta_cblas_gemm cblas_sgemm
#endif
