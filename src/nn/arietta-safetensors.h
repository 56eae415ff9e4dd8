/* arietta-safetensors.h - the safetensors container, by our own bounded reader and writer
 *
 * Layout: u64 little-endian header length N; N bytes of JSON
 *   {"name": {"dtype": "F32", "shape": [...], "data_offsets": [begin, end]}, ...,
 *    "__metadata__": {string: string}}
 * padded with spaces; then raw little-endian data, offsets counted from the header's end.
 *
 * Nothing in the file is believed before it is checked: the header is at most 100 MB, every product of
 * dimensions is overflow-checked and equals the byte range, ranges leave no gap and no overlap and
 * end at the end of the file, names are unique, every dtype is known or refused by name.  Each defect has a
 * sentence of its own.
 *
 * Threads: a file is immutable once opened and may be read from any thread.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  ARIETTA_DTYPE_F32,
  ARIETTA_DTYPE_F16,
  ARIETTA_DTYPE_BF16,
  ARIETTA_DTYPE_F64,
  ARIETTA_DTYPE_I8,
  ARIETTA_DTYPE_U8,
  ARIETTA_DTYPE_I16,
  ARIETTA_DTYPE_I32,
  ARIETTA_DTYPE_I64,
  ARIETTA_DTYPE_U64,
  ARIETTA_DTYPE_BOOL,
  ARIETTA_DTYPE_U16,
  ARIETTA_DTYPE_U32,
} AriettaDtype;

#define ARIETTA_TENSOR_MAX_DIMS 8

typedef struct
{
  const char   *name;      /* owned by the file */
  AriettaDtype  dtype;
  int           n_dims;
  gint64        shape[ARIETTA_TENSOR_MAX_DIMS];
  gsize         n_elements;
  const void   *data;      /* into the mapped file; aligned only as the file is: copy, or use _dup_f32 */
  gsize         n_bytes;
} AriettaTensorView;

typedef struct _AriettaSafetensors AriettaSafetensors;

/* Maps the file.  Errors: ARIETTA_NN_ERROR with file and place. */
AriettaSafetensors      *arietta_safetensors_open         (const char  *path,
                                                           GError     **error) G_GNUC_WARN_UNUSED_RESULT;
/* @name stands for the file in sentences. */
AriettaSafetensors      *arietta_safetensors_open_bytes   (GBytes      *bytes,
                                                           const char  *name,
                                                           GError     **error) G_GNUC_WARN_UNUSED_RESULT;
void                     arietta_safetensors_free         (AriettaSafetensors *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaSafetensors, arietta_safetensors_free)

guint                    arietta_safetensors_get_n        (AriettaSafetensors *self);
const AriettaTensorView *arietta_safetensors_get_nth      (AriettaSafetensors *self,
                                                           guint               nth);
/* NULL if there is none of that name. */
const AriettaTensorView *arietta_safetensors_find         (AriettaSafetensors *self,
                                                           const char         *name);
/* A value of __metadata__, or NULL. */
const char              *arietta_safetensors_get_metadata (AriettaSafetensors *self,
                                                           const char         *key);

/* F32, F16, BF16 and F64 as a new float array of n_elements; NULL and an error for other types. */
float                   *arietta_tensor_view_dup_f32      (const AriettaTensorView  *view,
                                                           GError                  **error);
/* The same of a tensor of @self, and also I8 with a scale for each row (arietta_safetensors_writer_add_as_bytes ()). */
float                   *arietta_safetensors_dup_f32      (AriettaSafetensors       *self,
                                                           const AriettaTensorView  *view,
                                                           GError                  **error);

/* Collects tensors and metadata, then writes them at once: atomically and durably (a temporary file beside the
 * target, fsync, rename, fsync of the folder).  Order of adding is the order in the file, so equal contents give
 * equal bytes.  Data is copied when added, except by _add_borrowed (). */
typedef struct _AriettaSafetensorsWriter AriettaSafetensorsWriter;

AriettaSafetensorsWriter *arietta_safetensors_writer_new          (void);
void                      arietta_safetensors_writer_free         (AriettaSafetensorsWriter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaSafetensorsWriter, arietta_safetensors_writer_free)
void                      arietta_safetensors_writer_set_metadata (AriettaSafetensorsWriter *self,
                                                                   const char               *key,
                                                                   const char               *value);
void                      arietta_safetensors_writer_add          (AriettaSafetensorsWriter *self,
                                                                   const char               *name,
                                                                   AriettaDtype              dtype,
                                                                   int                       n_dims,
                                                                   const gint64             *shape,
                                                                   const void               *data);
/* @data must stay as it is until the file is saved. */
void                      arietta_safetensors_writer_add_borrowed (AriettaSafetensorsWriter *self,
                                                                   const char               *name,
                                                                   AriettaDtype              dtype,
                                                                   int                       n_dims,
                                                                   const gint64             *shape,
                                                                   const void               *data);
/* Stores float data as IEEE half precision (round to nearest even). */
void                      arietta_safetensors_writer_add_as_f16   (AriettaSafetensorsWriter *self,
                                                                   const char               *name,
                                                                   int                       n_dims,
                                                                   const gint64             *shape,
                                                                   const float              *data);
/* Stores rows of shape[0] in 8 bits: I8 under @name, and beside it "NAME.scale", F32 (shape[0]), which is what 1 stands
 * for: the scale, up to the largest of the row by 127, that leaves the least squared error. */
void                      arietta_safetensors_writer_add_as_bytes (AriettaSafetensorsWriter *self,
                                                                   const char               *name,
                                                                   int                       n_dims,
                                                                   const gint64             *shape,
                                                                   const float              *data);
/* What the two above make of numbers, in place; the second of @n_rows rows of @n_columns, and it returns the size of
 * what was lost beside the size of all. */
void                      arietta_safetensors_round_f16           (float                    *data,
                                                                   gsize                     n);
double                    arietta_safetensors_round_bytes         (float                    *data,
                                                                   gsize                     n_rows,
                                                                   gsize                     n_columns);
gboolean                  arietta_safetensors_writer_save         (AriettaSafetensorsWriter  *self,
                                                                   const char                *path,
                                                                   GError                   **error);

G_END_DECLS
