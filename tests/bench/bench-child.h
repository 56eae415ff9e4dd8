/* bench-child.h - one shape in a process of its own, stepped when the other side says so
 *
 * Said on standard output, a line each; peer-engine.py speaks the same:
 *
 *   ready MILLISECONDS NAME    built and warmed up, how long a step took last, who it is
 *   (a number N comes in)
 *   MS MS MS ...               N steps were made
 *   (standard input ends)
 *   peak MEGABYTES             the most memory it ever held
 *
 * One thread is measured by its CPU time, which other programs on the machine disturb least; with more it is
 * the clock on the wall, since the waiting counts then.
 */
#pragma once

#include "bench-shapes.h"

G_BEGIN_DECLS

/* @cpu: the only processor to use, or -1. */
int bench_child_run (const BenchShape *shape,
                     int               n_threads,
                     int               cpu);

/* Products of 1024 x 1024 x 1024 by CBLAS over our pool: what these threads reach at best. */
extern const BenchShape bench_sgemm_shape;

G_END_DECLS
