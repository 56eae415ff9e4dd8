#include "math/arietta-gemm.h"

#include "math/arietta-blas.h"
#include "math/arietta-pool.h"

/* About half a millisecond of one core: long beside handing it over, short beside a step. */
#define PIECE_FLOPS 48e6

/* Large products are cut no further than this: each piece lays out its parts of A and B anew, and blocks
 * of 128 by 128 of a product 4096 deep get 82 GFLOP/s, eight blocks 96, the whole 102. */
#define MANY_PIECES 8

#define LONG 4096

typedef struct
{
  AriettaReal       *c;
  const AriettaReal *a, *b;
  AriettaReal        beta;
  AriettaGemmKind    kind;
  int                M, N, K;
  int                rows, columns; /* of a block */
  int                n_across;      /* blocks beside each other */
} Product;

static int
blocks (int n,
        int size)
{
  return (n + size - 1) / size;
}

/* Half of n, rounded up to whole vectors. */
static int
halved (int n)
{
  return (n / 2 + 15) / 16 * 16;
}

static void
product_piece_cb (void *data,
                  int   piece)
{
  const Product *p = data;
  int            m = piece / p->n_across * p->rows;
  int            n = piece % p->n_across * p->columns;
  int            rows = p->M - m < p->rows ? p->M - m : p->rows;
  int            columns = p->N - n < p->columns ? p->N - n : p->columns;
  int            lda = p->kind == ARIETTA_TN ? p->M : p->K;
  int            ldb = p->kind == ARIETTA_NT ? p->K : p->N;

  arietta_cblas_gemm (CblasRowMajor,
                      p->kind == ARIETTA_TN ? CblasTrans : CblasNoTrans,
                      p->kind == ARIETTA_NT ? CblasTrans : CblasNoTrans,
                      rows, columns, p->K, 1,
                      p->kind == ARIETTA_TN ? p->a + m : p->a + (size_t) m * lda, lda,
                      p->kind == ARIETTA_NT ? p->b + (size_t) n * ldb : p->b + n, ldb,
                      p->beta, p->c + (size_t) m * p->N + n, p->N);
}

void
arietta_gemm (AriettaReal       *c_mn,
              const AriettaReal *a, const AriettaReal *b,
              AriettaReal        beta,
              AriettaGemmKind    kind, int M, int N, int K)
{
  Product   p = { c_mn, a, b, beta, kind, M, N, K, M, N, 1 };
  const int least = K >= LONG ? 64 : 128;

  /* Halves the longer side until a block is small enough, but never below what GEMM needs to run at
   * its full rate, which is less where the sums are long. */
  while (2.0 * p.rows * p.columns * K > PIECE_FLOPS && (p.rows > least || p.columns > least)
         && blocks (M, p.rows) * blocks (N, p.columns) < MANY_PIECES)
    {
      if (p.rows >= p.columns)
        p.rows = halved (p.rows);
      else
        p.columns = halved (p.columns);
    }

  p.n_across = blocks (N, p.columns);
  arietta_pool_run (product_piece_cb, &p, blocks (M, p.rows) * p.n_across);
}

void
arietta_gemm_piece (AriettaReal       *c_mn,
                    const AriettaReal *a, const AriettaReal *b,
                    AriettaReal        beta,
                    AriettaGemmKind    kind, int M, int N, int K)
{
  Product p = { c_mn, a, b, beta, kind, M, N, K, M, N, 1 };

  product_piece_cb (&p, 0);
}
