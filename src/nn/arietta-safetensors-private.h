/* arietta-safetensors-private.h - what opening a file and scanning its header share */
#pragma once

#include "nn/arietta-safetensors.h"

G_BEGIN_DECLS

struct _AriettaSafetensors
{
  GBytes     *bytes;
  char       *file;
  GArray     *tensors;   /* AriettaTensorView, in the order of their data */
  GHashTable *by_name;   /* name (owned here) -> index + 1 */
  GHashTable *metadata;  /* char * -> char * */
};

/* Of the tensor beside one in 8 bits. */
#define ARIETTA_SCALE_SUFFIX ".scale"

/* The name and the bytes of an element; NULL for a number that is no dtype. */
const char *arietta_dtype_get_name       (AriettaDtype         dtype,
                                          gsize               *size);

/* Reads @n_header bytes of JSON into tensors, by_name and metadata, with @data_size bytes of data right behind
 * the header.  Each tensor lies within the data; whether they leave gaps is not looked at here. */
gboolean    arietta_safetensors_scan     (AriettaSafetensors  *self,
                                          const char          *header,
                                          gsize                n_header,
                                          gsize                data_size,
                                          GError             **error);

G_END_DECLS
