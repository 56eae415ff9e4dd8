/* bench-shapes.h - the shapes that bench-engine measures, a file for each group
 *
 * A shape is built once, then stepped many times, in a process of its own.  Its name is the one that
 * peer-engine.py knows the same network by.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Who is measured in turn with us; bits of BenchShape.peers. */
enum
{
  BENCH_PYTORCH      = 1 << 0,
  BENCH_PYTORCH_BF16 = 1 << 1, /* under its bfloat16 autocast */
  BENCH_ONNX         = 1 << 2,
};

typedef struct
{
  const char  *name;
  guint        peers;
  double       examples;       /* of a step; 0 where there is no such thing */
  double       tokens;
  double       flops;          /* of the products that a step really computes, two for multiply and add */

  gpointer   (*build) (void);
  void       (*step)  (gpointer state);
  void       (*free)  (gpointer state);
} BenchShape;

/* Each ends with a row without a name. */
extern const BenchShape bench_melody_vae_shapes[];
extern const BenchShape bench_image_shapes[];
extern const BenchShape bench_small_shapes[];
extern const BenchShape bench_transformer_shapes[];

G_END_DECLS
