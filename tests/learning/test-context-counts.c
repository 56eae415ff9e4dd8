#include "learning/arietta-context-counts.h"

#define N_TOKENS 7
#define N_LEVELS 3

static void
make_contexts (const guint *tokens,
               guint        at,
               guint64      contexts[N_LEVELS])
{
  contexts[0] = arietta_context_mix (1, 0);
  for (guint k = 1; k < N_LEVELS; k++)
    contexts[k] = arietta_context_mix (contexts[k - 1], at >= k ? tokens[at - k] : N_TOKENS);
}

static void
learn (AriettaContextCounts *counts,
       const guint          *tokens,
       guint                 n,
       gboolean              forget)
{
  for (guint i = 0; i < n; i++)
    {
      guint64 contexts[N_LEVELS];

      make_contexts (tokens, i, contexts);
      if (forget)
        arietta_context_counts_forget (counts, contexts, N_LEVELS, tokens[i]);
      else
        arietta_context_counts_learn (counts, contexts, N_LEVELS, tokens[i]);
    }
}

static void
assert_same (AriettaContextCounts *a,
             AriettaContextCounts *b,
             const guint          *tokens,
             guint                 n)
{
  for (guint i = 0; i < n; i++)
    {
      guint64 contexts[N_LEVELS];
      double  of_a[N_TOKENS], of_b[N_TOKENS], sum = 0.0;

      make_contexts (tokens, i, contexts);
      arietta_context_counts_predict (a, contexts, N_LEVELS, of_a);
      arietta_context_counts_predict (b, contexts, N_LEVELS, of_b);
      for (guint t = 0; t < N_TOKENS; t++)
        {
          g_assert_cmpfloat_with_epsilon (of_a[t], of_b[t], 1e-12);
          sum += of_a[t];
        }
      g_assert_cmpfloat_with_epsilon (sum, 1.0, 1e-9);
    }
}

/* What is forgotten was never there; learned again, it is there once. */
static void
test_forget (void)
{
  static const guint one[] = { 0, 1, 2, 0, 1, 3, 0, 1, 2, 5 }, other[] = { 4, 1, 2, 6, 1, 6, 0, 4, 4, 2, 5 };
  g_autoptr(AriettaContextCounts) alone = arietta_context_counts_new (N_TOKENS);
  g_autoptr(AriettaContextCounts) both = arietta_context_counts_new (N_TOKENS);
  g_autoptr(AriettaContextCounts) moved = arietta_context_counts_new (N_TOKENS);
  g_autoptr(AriettaContextCounts) none = arietta_context_counts_new (N_TOKENS);

  learn (alone, one, G_N_ELEMENTS (one), FALSE);
  learn (both, one, G_N_ELEMENTS (one), FALSE);
  learn (both, other, G_N_ELEMENTS (other), FALSE);

  learn (moved, other, G_N_ELEMENTS (other), FALSE);
  learn (moved, one, G_N_ELEMENTS (one), FALSE);
  for (guint turn = 0; turn < 3; turn++)
    {
      learn (moved, other, G_N_ELEMENTS (other), TRUE);
      assert_same (moved, alone, one, G_N_ELEMENTS (one));
      assert_same (moved, alone, other, G_N_ELEMENTS (other));
      learn (moved, other, G_N_ELEMENTS (other), FALSE);
      assert_same (moved, both, other, G_N_ELEMENTS (other));
    }

  learn (moved, one, G_N_ELEMENTS (one), TRUE);
  learn (moved, other, G_N_ELEMENTS (other), TRUE);
  assert_same (moved, none, one, G_N_ELEMENTS (one));
  /* Never learned, nothing to take back. */
  learn (none, one, G_N_ELEMENTS (one), TRUE);
  assert_same (moved, none, one, G_N_ELEMENTS (one));
}

/* Chances sum to one, and what was seen more is likelier. */
static void
test_chances (void)
{
  g_autoptr(AriettaContextCounts) counts = arietta_context_counts_new (7);
  const guint64                   contexts[] = { arietta_context_mix (1, 1), arietta_context_mix (2, 2) };
  double                          chances[7], sum = 0.0;

  for (guint i = 0; i < 3000; i++)
    {
      const guint64 other[] = { contexts[0], arietta_context_mix (3, i) };

      arietta_context_counts_learn (counts, i % 3 == 0 ? contexts : other, 2, i % 3 == 0 ? 4 : i % 2);
    }
  arietta_context_counts_predict (counts, contexts, 2, chances);
  for (guint t = 0; t < 7; t++)
    sum += chances[t];
  g_assert_cmpfloat_with_epsilon (sum, 1.0, 1e-12);
  g_assert_cmpfloat (chances[4], >, 0.99);
  g_assert_cmpfloat (chances[5], >, 0.0);
  /* In the coarse context alone: 1000 of 3000, three kinds. */
  arietta_context_counts_predict (counts, contexts, 1, chances);
  g_assert_cmpfloat_with_epsilon (chances[4], (1000 + 3.0 / 7) / 3003, 1e-12);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/learning/context-counts/forget", test_forget);
  g_test_add_func ("/learning/context-counts/chances", test_chances);

  return g_test_run ();
}
