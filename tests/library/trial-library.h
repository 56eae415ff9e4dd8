/* trial-library.h - a library in a folder of its own for one test, and small pieces to put in */
#pragma once

#include "../test-folder.h"

#include "library/arietta-library.h"

static inline char *
trial_make_folder (void)
{
  g_autoptr(GError) error = NULL;
  char             *folder = g_dir_make_tmp ("arietta-library-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

static inline AriettaLibrary *
trial_open (const char *folder)
{
  g_autoptr(GError) error = NULL;
  AriettaLibrary   *library = arietta_library_open (folder, &error);

  g_assert_no_error (error);
  g_assert_nonnull (library);
  return library;
}

/* A melody of 16 quarters that @number decides: others for other numbers. */
static inline AriettaPiece *
trial_piece (guint number)
{
  AriettaPiece *piece = arietta_piece_new (480);
  AriettaTrack *track = arietta_piece_add_track (piece, "");

  for (guint i = 0; i < 16; i++)
    {
      AriettaNote note = { i * 480, 480, 0, 80, 64, 0, 0, 0 };

      note.pitch = (guint8) (60 + (i % 2 == 0 ? 0 : (number >> (i / 2) * 3 & 7)));
      arietta_track_add_note (track, &note);
    }

  return arietta_piece_freeze (piece);
}

/* Adds piece @number under @title; the id, 0 when it is there already. */
static inline gint64
trial_add (AriettaLibrary *library,
           gint64          dataset_id,
           guint           number,
           const char     *title,
           int             split)
{
  g_autoptr(GError)       error = NULL;
  g_autoptr(AriettaPiece) piece = trial_piece (number);
  g_autofree char        *path = g_strdup_printf ("/music/%s.mid", title);
  AriettaNewItem          item = { .source_path = path, .medium = ARIETTA_MEDIUM_NOTES, .piece = piece,
                                   .title = title, .style = "folk", .licence = "CC0-1.0",
                                   .may_train = TRUE, .split = split };
  gint64                  id = arietta_library_add_item (library, dataset_id, &item, &error);

  g_assert_no_error (error);
  return id;
}

static inline AriettaSplit
trial_split_of (AriettaLibrary *library,
                gint64          id)
{
  g_autoptr(GError)      error = NULL;
  g_autoptr(AriettaItem) item = arietta_library_get_item (library, id, &error);

  g_assert_no_error (error);
  return item->split;
}

static inline gint64
trial_dataset (AriettaLibrary *library,
               const char     *name)
{
  g_autoptr(GError) error = NULL;
  gint64            id = arietta_library_ensure_dataset (library, name, &error);

  g_assert_no_error (error);
  g_assert_cmpint (id, >, 0);
  return id;
}
