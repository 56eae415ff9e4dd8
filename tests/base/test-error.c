#include <errno.h>

#include "base/arietta-error.h"

GQuark arietta_trial_error_quark (void);
ARIETTA_DEFINE_ERROR (trial)

static void
test_facts_travel (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) copy = NULL;

  arietta_set_error (&error, arietta_trial_error_quark (), 3, "tune.mid", "byte 12", "No %s.", "end");
  g_prefix_error (&error, "Oh: ");
  copy = g_error_copy (error);

  g_assert_error (copy, arietta_trial_error_quark (), 3);
  g_assert_cmpstr (copy->message, ==, "Oh: No end.");
  g_assert_cmpstr (arietta_error_get_file (copy), ==, "tune.mid");
  g_assert_cmpstr (arietta_error_get_place (copy), ==, "byte 12");
}

static void
test_foreign_domain (void)
{
  g_autoptr(GError) error = g_error_new_literal (G_FILE_ERROR, G_FILE_ERROR_NOENT, "gone");

  g_assert_null (arietta_error_get_file (error));
  g_assert_null (arietta_error_get_place (error));
}

/* GLib's own words, as they come. */
static void
test_reason (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) plain = g_error_new_literal (G_FILE_ERROR, G_FILE_ERROR_NOENT, "gone");

  g_assert_false (g_file_set_contents ("/proc/no/such/folder/x", "x", 1, &error));
  g_assert_cmpstr (arietta_error_get_reason (error), ==, g_strerror (ENOENT));
  g_assert_cmpstr (arietta_error_get_reason (plain), ==, "gone");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/error/facts-travel", test_facts_travel);
  g_test_add_func ("/base/error/foreign-domain", test_foreign_domain);
  g_test_add_func ("/base/error/reason", test_reason);
  return g_test_run ();
}
