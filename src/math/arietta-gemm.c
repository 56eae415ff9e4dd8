/* Our own product packs a part of B, and of A where its rows are columns, into the thread's scratch, and
 * adds up C over parts of K: the blocks of Goto and van de Geijn, "Anatomy of high-performance matrix
 * multiplication" (2008), with A read in place where it can be. */
#include "math/arietta-gemm.h"

#include "math/arietta-blas.h"
#include "math/arietta-packed.h"
#include "math/arietta-pool.h"
#include "math/arietta-vector.h"

#include <assert.h>

/* About half a millisecond of one core: long beside handing it over, short beside a step. */
#define PIECE_FLOPS 48e6

/* For our own: a block of C and a part of K, such that the parts of A and B fill the scratch and about the
 * second cache. */
#define ROWS 512
#define COLUMNS (11 * ARIETTA_PANEL)
#define DEPTH 512

_Static_assert ((ROWS + COLUMNS) * DEPTH * sizeof (float) <= ARIETTA_POOL_SCRATCH, "scratch");

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

/* The size of equal parts of n that are at most @most, in multiples of @unit. */
static int
equal_parts (int n,
             int most,
             int unit)
{
  return blocks (blocks (n, blocks (n, most)), unit) * unit;
}

/* Half of n, rounded up to whole vectors. */
static int
halved (int n)
{
  return (n / 2 + 15) / 16 * 16;
}

static void
blas_piece_cb (void *data,
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

static void
own_piece_cb (void *data,
              int   piece)
{
  const Product *p = data;
  AriettaReal   *packed = arietta_pool_scratch (), *turned = packed + COLUMNS * DEPTH;
  const int      m = piece / p->n_across * p->rows;
  const int      n = piece % p->n_across * p->columns;
  const int      rows = p->M - m < p->rows ? p->M - m : p->rows;
  const int      columns = p->N - n < p->columns ? p->N - n : p->columns;

  for (int k = 0; k < p->K; k += DEPTH)
    {
      const int          depth = p->K - k < DEPTH ? p->K - k : DEPTH;
      const AriettaReal *a = p->a + (size_t) m * p->K + k;
      int                lda = p->K;

      if (p->kind == ARIETTA_NT)
        arietta_pack_part (packed, p->b + (size_t) n * p->K + k, p->K, 0, columns, depth);
      else
        arietta_pack_part (packed, p->b + (size_t) k * p->N + n, p->N, 1, columns, depth);

      if (p->kind == ARIETTA_TN)
        {
          arietta_transpose (turned, depth, p->a + (size_t) k * p->M + m, p->M, depth, rows);
          a = turned;
          lda = depth;
        }

      arietta_packed_multiply_part (p->c + (size_t) m * p->N + n, p->N, a, lda, packed,
                                    p->beta == 1 || k > 0, rows, columns, depth);
    }
}

void
arietta_gemm (AriettaReal       *c_mn,
              const AriettaReal *a, const AriettaReal *b,
              AriettaReal        beta,
              AriettaGemmKind    kind, int M, int N, int K)
{
  const int own = arietta_packed_is_fast ();
  Product   p = { c_mn, a, b, beta, kind, M, N, K, M, N, 1 };

  assert (beta == 0 || beta == 1);

  if (own)
    {
      p.rows = equal_parts (M, ROWS, 8);
      p.columns = equal_parts (N, COLUMNS, ARIETTA_PANEL);

      /* A few large blocks would leave threads idle. */
      while (2.0 * p.rows * p.columns * K > PIECE_FLOPS && blocks (M, p.rows) * blocks (N, p.columns) < 4
             && (p.rows >= 64 || p.columns >= 4 * ARIETTA_PANEL))
        {
          if (p.rows >= 64 && p.rows >= p.columns)
            p.rows = equal_parts (p.rows, p.rows / 2, 8);
          else if (p.columns >= 4 * ARIETTA_PANEL)
            p.columns = equal_parts (p.columns, p.columns / 2, ARIETTA_PANEL);
          else
            p.rows = equal_parts (p.rows, p.rows / 2, 8);
        }
    }
  else
    {
      /* Halves the longer side until a block is small enough, but never below what GEMM needs to run at
       * its full rate. */
      while (2.0 * p.rows * p.columns * K > PIECE_FLOPS && (p.rows > 128 || p.columns > 128))
        {
          if (p.rows >= p.columns)
            p.rows = halved (p.rows);
          else
            p.columns = halved (p.columns);
        }
    }

  p.n_across = blocks (N, p.columns);
  arietta_pool_run (own ? own_piece_cb : blas_piece_cb, &p, blocks (M, p.rows) * p.n_across);
}

void
arietta_gemm_piece (AriettaReal       *c_mn,
                    const AriettaReal *a, const AriettaReal *b,
                    AriettaReal        beta,
                    AriettaGemmKind    kind, int M, int N, int K)
{
  Product p = { c_mn, a, b, beta, kind, M, N, K, M, N, 1 };

  blas_piece_cb (&p, 0);
}
