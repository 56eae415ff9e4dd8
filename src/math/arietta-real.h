/* arietta-real.h - the one number type of the engine
 *
 * The engine is written once, for AriettaReal.  In the program it is float; the tests compile floors 1
 * and 2 a second time with ARIETTA_REAL_IS_DOUBLE, and that twin is what finite differences and the
 * float kernels are checked against.
 *
 * Habits of this folder: C11 and CBLAS only; a kernel is a free function, outputs first, inputs next,
 * sizes last; shapes stand in comments, row-major, with capitals for sizes; buffers alias nothing
 * unless the comment says so; forward and backward are neighbours, and backward ADDS to the gradients
 * it is given (NULL: that gradient is not wanted).  Callers have checked shapes; kernels assert them.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef ARIETTA_REAL_IS_DOUBLE
typedef double AriettaReal;
#else
typedef float AriettaReal;
#endif
