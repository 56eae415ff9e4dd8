/* arietta-decoder-cell-private.h - what the cell and its state share */
#pragma once

#include "math/arietta-attention-step.h"
#include "nn/arietta-decoder-cell.h"

G_BEGIN_DECLS

typedef struct
{
  AriettaReal       *weight, *bias; /* bias NULL: RMS norm */
} AriettaDecoderNorm;

typedef struct
{
  AriettaDecoderNorm n1, n2;
  AriettaMatrix     *qkv, *o, *f1, *f2;
  AriettaReal       *rel, *far;     /* rel_emb as it is, and packed; or NULL */
  AriettaKeptTables  tables;
} AriettaDecoderLayer;

struct _AriettaDecoderCell
{
  AriettaDecoderShape  shape;       /* but for its prefix */
  AriettaDecoderLayer *layers;
  AriettaDecoderNorm   last;
  gsize                n_scratch;   /* that the largest matrix wants */
};

/* Rows on their way through the layers: (n,...) each. */
typedef struct
{
  int                  n;           /* rows there is room for */
  AriettaReal         *block;
  AriettaReal         *x, *normed, *qkv, *mixed, *inner, *active;
  AriettaReal         *stats;       /* of the norms (n,2) */
} AriettaDecoderRows;

struct _AriettaDecoderState
{
  AriettaDecoderCell  *cell;        /* borrowed */
  int                  n_sequences, capacity;

  int                 *ends;        /* places used, by sequence */
  gint64              *forgotten;   /* rows that stood before place 0 */
  AriettaReal         *keys, *values; /* by sequence and layer, see math/arietta-attention-step.h */
  AriettaReal         *weights;     /* (sequences,layers,H,capacity) of the last step */
  int                 *firsts, *counts; /* of those weights: place of the first, and how many */

  AriettaDecoderRows   step;        /* a row for each sequence */
  AriettaReal         *scratch;     /* of arietta_kept_attend () */

  AriettaDecoderRows   read;        /* made when first needed */
  AriettaReal         *attention;   /* scratch of attention over many rows */
  gsize                n_attention;
  AriettaReal         *rows_k, *rows_v; /* (capacity,E) */
  AriettaReal         *unpacked;    /* n_scratch of the cell */
};

AriettaKept arietta_decoder_state_kept (AriettaDecoderState *self,
                                        int                  sequence,
                                        int                  layer);
/* Makes room for one row at least by forgetting, and returns for how many there is. */
int         arietta_decoder_state_room (AriettaDecoderState *self,
                                        int                  sequence);
void        arietta_decoder_rows_init  (AriettaDecoderRows  *rows,
                                        AriettaDecoderCell  *cell,
                                        int                  n);

G_END_DECLS
