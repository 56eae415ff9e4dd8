/* count-allocations.h - counting what a program allocates: its malloc passes through here
 *
 * Included by one file of a program.  OpenBLAS is let be: its kernels for very small products (which real models
 * do not have) take scratch memory from malloc.
 */
#pragma once

#include <glib.h>
#include <link.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#if defined (__GLIBC__) && !defined (__SANITIZE_ADDRESS__) && !defined (__SANITIZE_THREAD__)
#define COUNTS_ALLOCATIONS

extern void *__libc_malloc (size_t size);
extern void *__libc_calloc (size_t n, size_t size);
extern void *__libc_realloc (void *memory, size_t size);
extern void *__libc_memalign (size_t alignment, size_t size);

void *malloc (size_t size);
void *calloc (size_t n, size_t size);
void *realloc (void *memory, size_t size);
void *aligned_alloc (size_t alignment, size_t size);
int   posix_memalign (void **memory, size_t alignment, size_t size);

static atomic_int count_n;
static guintptr   count_blas_from, count_blas_to;

static int
count_find_blas_cb (struct dl_phdr_info *info,
                    size_t               size,
                    void                *data)
{
  if (strstr (info->dlpi_name, "blas") == NULL)
    return 0;

  for (int i = 0; i < info->dlpi_phnum; i++)
    if (info->dlpi_phdr[i].p_type == PT_LOAD && (info->dlpi_phdr[i].p_flags & PF_X))
      {
        count_blas_from = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
        count_blas_to = count_blas_from + info->dlpi_phdr[i].p_memsz;
      }

  return 0;
}

/* Allocations so far; the first call also finds OpenBLAS. */
static int
count_allocations (void)
{
  if (count_blas_to == 0)
    dl_iterate_phdr (count_find_blas_cb, NULL);

  return atomic_load (&count_n);
}

static void
count_one (void *caller)
{
  if ((guintptr) caller < count_blas_from || (guintptr) caller >= count_blas_to)
    atomic_fetch_add (&count_n, 1);
}

void *
malloc (size_t size)
{
  count_one (__builtin_return_address (0));

  return __libc_malloc (size);
}

void *
calloc (size_t n,
        size_t size)
{
  count_one (__builtin_return_address (0));

  return __libc_calloc (n, size);
}

void *
realloc (void   *memory,
         size_t  size)
{
  count_one (__builtin_return_address (0));

  return __libc_realloc (memory, size);
}

void *
aligned_alloc (size_t alignment,
               size_t size)
{
  count_one (__builtin_return_address (0));

  return __libc_memalign (alignment, size);
}

int
posix_memalign (void   **memory,
                size_t   alignment,
                size_t   size)
{
  count_one (__builtin_return_address (0));
  *memory = __libc_memalign (alignment, size);

  return *memory != NULL ? 0 : 12; /* ENOMEM */
}
#endif
