/* arietta-piece-private.h - the insides of a piece, for the files of music/ alone */
#pragma once

#include "music/arietta-piece.h"

G_BEGIN_DECLS

/* One allocation of event bytes; a track frees its blocks with itself. */
typedef struct _AriettaBlock AriettaBlock;

struct _AriettaBlock
{
  AriettaBlock *next;
  guint8        bytes[];
};

struct _AriettaTrack
{
  AriettaPiece *piece;            /* borrowed: the owner */
  char         *name;             /* owned, NULL for "" */

  AriettaNote  *notes;
  guint         n_notes;
  guint         notes_size;
  AriettaEvent *events;
  guint         n_events;
  guint         events_size;
  AriettaBlock *blocks;

  gint64        end_ticks;        /* as set; the getter answers with the latest of the three */
  gint64        notes_end;
  gint64        events_end;

  guint16       changed_channels; /* bit c: a program change on channel c */
  guint8        all_programs;     /* every program of a note or a change, or-ed */
  guint8        port;             /* of a file made for several interfaces, 0 otherwise */
  gboolean      notes_unsorted;
  gboolean      events_unsorted;
};

struct _AriettaPiece
{
  gatomicrefcount ref_count;
  gboolean        frozen;

  int             ticks_per_quarter;
  int             smpte_frames;
  int             smpte_subframes;
  char           *title;

  GArray         *tempos;          /* AriettaTempo, by tick */
  GArray         *meters;
  GArray         *keys;
  gboolean        maps_unsorted;   /* one of the three; see _arietta_piece_sort_maps () */
  GPtrArray      *tracks;

  double         *tempo_seconds;   /* when each tempo begins; NULL when to be computed again */
};

AriettaTrack *_arietta_track_new           (AriettaPiece *piece);
AriettaTrack *_arietta_track_copy          (AriettaTrack *self,
                                            AriettaPiece *piece);
void          _arietta_track_free          (AriettaTrack *self);
void          _arietta_track_sort          (AriettaTrack *self);
gboolean      _arietta_track_equal         (AriettaTrack *a,
                                            AriettaTrack *b);

/* The maps: arrays of records that begin with their tick (arietta-piece-maps.c). */
gint64        _arietta_piece_maps_end      (AriettaPiece *self);
GArray       *_arietta_piece_map_copy      (GArray       *map);
gboolean      _arietta_piece_maps_equal    (AriettaPiece *a,
                                            AriettaPiece *b);
/* Before a map is looked at. */
void          _arietta_piece_sort_maps     (AriettaPiece *self);
void          _arietta_piece_build_seconds (AriettaPiece *self);

/* For verbs: @after (taken) frozen, or @before with a new reference when the two say the same. */
AriettaPiece *_arietta_piece_freeze_unless_equal (AriettaPiece *before,
                                                  AriettaPiece *after);

G_END_DECLS
