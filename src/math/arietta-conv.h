/* arietta-conv.h - convolution of images, and its two adjoints, without laying patches out
 *
 * Images are channels-last.  A convolution lies between a wide side x (B,H,W,C) and a narrow side y (B,P,Q,D);
 * its weights are W (KH,KW,C/G,D), G the number of groups.  With s, p, d the stride, padding and dilation,
 * place (p,q) of the narrow side meets place (p s - pad + i d, q s - pad + j d) of the wide one through W[i][j]:
 *
 *   gather    y[p,q,:] += sum over i, j of x[meeting place,:] W[i][j]       convolution; a transposed
 *                                                                           convolution's way back
 *   scatter   x[meeting place,:] += y[p,q,:] W[i][j]^T                      a convolution's way back; transposed
 *                                                                           convolution
 *   weights   dW[i][j] += sum over places of x[meeting place,:]^T y[p,q,:]  both
 *
 * (cross-correlation, as everybody calls convolution here).  What meets outside of x is zero.
 *
 * Patches are read where they lie: with channels last, a row of a patch is one run of memory, and so the rows
 * of the matrix product are pointers ("The indirect convolution algorithm", Dukhan 2019, is the same thought
 * for less regular cases).  Only images with padding are copied, with zeros around them.  For scatter the
 * places of x fall into s x s phases, each a small convolution of y by some of the weights.  Weights are
 * packed into panels of columns once for each call.
 *
 * Where the outcome of a layer went through a rectifier, its slope below zero (0, or 0.2, or what it is; 1 for
 * none) is applied as the numbers are written, and on the way back as they are copied.
 *
 * Bits do not depend on the number of threads.
 */
#pragma once

#include "math/arietta-real.h"

typedef struct
{
  int B;
  int H, W, C;                                       /* the wide side */
  int P, Q, D;                                       /* the narrow side */
  int kernel[2], stride[2], padding[2], dilation[2]; /* height and width */
  int groups;                                        /* divides C and D */
} AriettaConvShape;

typedef struct _AriettaConv AriettaConv;

AriettaConv *arietta_conv_new      (const AriettaConvShape *shape);
void         arietta_conv_free     (AriettaConv            *self);

/* Places of the narrow side along one axis (0 height, 1 width) for @n of the wide one; 0 or less: none. */
int          arietta_conv_narrow   (const AriettaConvShape *shape,
                                    int                     axis,
                                    int                     n);

/* One side of a convolution as it is read.  If outcome is not NULL, values are gradients with regard to it and
 * are multiplied by slope where it is not above zero. */
typedef struct
{
  const AriettaReal *values;
  const AriettaReal *outcome;
  AriettaReal        slope;
  AriettaReal       *room;   /* of arietta_conv_room () numbers; what is prepared in it serves further calls */
  int                ready;  /* 0 at first */
} AriettaConvSide;

typedef enum
{
  ARIETTA_CONV_WIDE,
  ARIETTA_CONV_NARROW,
} AriettaConvWhich;

/* Numbers of room for reading a side, by gather (wide) or scatter (narrow); may be 0 without an outcome. */
size_t       arietta_conv_room     (const AriettaConv      *self,
                                    AriettaConvWhich        which,
                                    int                     with_outcome);
/* Numbers of room for the packed weights of gather (wide) or scatter (narrow). */
size_t       arietta_conv_packed   (const AriettaConv      *self,
                                    AriettaConvWhich        which);
/* Numbers of room for the partial sums of weights (). */
size_t       arietta_conv_partials (const AriettaConv      *self);

/* y (B,P,Q,D) = slope (x * W + bias (D)), bias may be NULL; or y += x * W if add. */
void         arietta_conv_gather   (const AriettaConv      *self,
                                    AriettaReal            *y,
                                    AriettaConvSide        *x,
                                    const AriettaReal      *W,
                                    const AriettaReal      *bias,
                                    AriettaReal             slope,
                                    int                     add,
                                    AriettaReal            *packed);
/* x (B,H,W,C) = slope (adjoint of W on y + bias (C)), or += */
void         arietta_conv_scatter  (const AriettaConv      *self,
                                    AriettaReal            *x,
                                    AriettaConvSide        *y,
                                    const AriettaReal      *W,
                                    const AriettaReal      *bias,
                                    AriettaReal             slope,
                                    int                     add,
                                    AriettaReal            *packed);
/* dW (KH,KW,C/G,D) += as above, and db += the sums over places of @summed, (D) or (C); each may be NULL.
 * Readable beyond the end of y's values must be 16 numbers. */
void         arietta_conv_weights  (const AriettaConv      *self,
                                    AriettaReal            *dW,
                                    AriettaReal            *db,
                                    AriettaConvWhich        summed,
                                    AriettaConvSide        *x,
                                    AriettaConvSide        *y,
                                    AriettaReal            *partials);
