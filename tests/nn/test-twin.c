/* The float kernels against the portable twin compiled for double, which is loaded as a module so that
 * both engines live in one program. */
#include "math/arietta-pool.h"
#include "math/arietta-vector.h"

#include <dlfcn.h>
#include <glib.h>
#include <math.h>

typedef gsize (*TwinRunFunc) (double **out);

/* The float ones, linked in. */
gsize twin_run        (double **out);
gsize twin_run_images (double **out);

static const struct
{
  const char  *name;
  TwinRunFunc  run;
} models[] = {
  { "twin_run", twin_run },
  { "twin_run_images", twin_run_images },
};

static void
test_twin (gconstpointer data)
{
  const char         *kernels = data;
  g_autofree char    *path = g_test_build_filename (G_TEST_BUILT, "nn", "libengine-twin.so", NULL);
  void               *module;

  if (!arietta_vector_choose (kernels))
    {
      g_test_skip ("this processor lacks them");
      return;
    }

  /* Never unloaded: its worker pool lives on. */
  module = dlopen (path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (module == NULL)
    g_error ("%s", dlerror ());

  for (gsize k = 0; k < G_N_ELEMENTS (models); k++)
    {
      TwinRunFunc        exact_run = (TwinRunFunc) dlsym (module, models[k].name);
      g_autofree double *ours = NULL, *exact = NULL;
      gsize              n;

      g_assert_nonnull (exact_run);
      g_assert_true (exact_run != models[k].run);
      n = models[k].run (&ours);
      g_assert_cmpuint (n, >, 1000);
      g_assert_cmpuint (exact_run (&exact), ==, n);

      for (gsize i = 0; i < n; i++)
        if (!(fabs (ours[i] - exact[i]) <= 1e-5 + 1e-4 * fabs (exact[i])))
          g_error ("%s, number %" G_GSIZE_FORMAT ": %.9g, the twin %.9g", models[k].name, i, ours[i], exact[i]);
    }
}

/* However many threads there are, the bits are the same. */
static void
test_threads (void)
{
  const int before = arietta_pool_get_threads ();

  for (gsize k = 0; k < G_N_ELEMENTS (models); k++)
    {
      g_autofree double *alone = NULL;
      gsize              n;

      arietta_pool_set_threads (1);
      n = models[k].run (&alone);
      for (int threads = 2; threads <= 5; threads += 3)
        {
          g_autofree double *together = NULL;

          arietta_pool_set_threads (threads);
          g_assert_cmpuint (models[k].run (&together), ==, n);
          g_assert_cmpmem (alone, n * sizeof *alone, together, n * sizeof *together);
        }
    }
  arietta_pool_set_threads (before);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/nn/twin/portable", "portable", test_twin);
  g_test_add_data_func ("/nn/twin/avx2", "avx2", test_twin);
  g_test_add_data_func ("/nn/twin/avx512", "avx512", test_twin);
  g_test_add_func ("/nn/twin/threads", test_threads);

  return g_test_run ();
}
