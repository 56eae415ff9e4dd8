/* arietta-gemm.h - matrix products by CBLAS, cut into pieces for the pool */
#pragma once

#include "math/arietta-real.h"

typedef enum
{
  ARIETTA_NN, /* A (M,K)  B (K,N) */
  ARIETTA_NT, /* A (M,K)  B (N,K) */
  ARIETTA_TN, /* A (K,M)  B (K,N) */
} AriettaGemmKind;

/* C (M,N) = beta C + A' . B', rows dense.  Cut into blocks of C that depend on the shape only. */
void arietta_gemm       (AriettaReal       *c_mn,
                         const AriettaReal *a, const AriettaReal *b,
                         AriettaReal        beta,
                         AriettaGemmKind    kind, int M, int N, int K);

/* The same on the calling thread alone, for use within a piece. */
void arietta_gemm_piece (AriettaReal       *c_mn,
                         const AriettaReal *a, const AriettaReal *b,
                         AriettaReal        beta,
                         AriettaGemmKind    kind, int M, int N, int K);
