/* A library in a folder of its own for each test. */
#pragma once

#include "trial-library.h"


typedef struct
{
  char           *folder;
  AriettaLibrary *library;
} Fixture;

static inline void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = trial_make_folder ();
  fixture->library = trial_open (fixture->folder);
}

static inline void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_assert_finalize_object (fixture->library);
  test_folder_delete (fixture->folder);
  g_free (fixture->folder);
}

static inline void
reopen (Fixture *fixture)
{
  g_assert_finalize_object (fixture->library);
  fixture->library = trial_open (fixture->folder);
}

static inline guint
count_items (Fixture    *fixture,
             gint64      dataset_id,
             const char *search)
{
  g_autoptr(GError)    error = NULL;
  g_autoptr(GPtrArray) items = arietta_library_list_items (fixture->library, dataset_id, search, &error);

  g_assert_no_error (error);
  return items->len;
}

#define ADD(name, function)                                                                         \
  g_test_add ("/library/" name, Fixture, NULL, set_up, function, tear_down)
