#define G_LOG_DOMAIN "arietta-widgets"

#include "widgets/arietta-tile-cache.h"

#include <math.h>

#include "widgets/arietta-raster.h"

#define MAX_TILES 128  /* 32 MB at scale factor 1; a full-screen window shows about 60 */

typedef struct
{
  GdkTexture *texture;
  guint64     used;     /* the snapshot that showed it last */
} Tile;

/* All tiles of one scale. */
typedef struct
{
  GHashTable *tiles;    /* packed column and row -> Tile */
  double      scale_x;
  double      scale_y;
} Layer;

struct _AriettaTileCache
{
  AriettaTilePaintFunc paint;
  gpointer             user_data;
  gboolean             opaque;
  Layer                now;
  Layer                before;
  int                  scale_factor;
  guint64              clock;
};

static void
tile_free (gpointer data)
{
  Tile *tile = data;

  g_object_unref (tile->texture);
  g_free (tile);
}

static gint64 *
pack (int column,
      int row)
{
  gint64 key = ((gint64) column << 32) | (guint32) row;

  return g_memdup2 (&key, sizeof key);
}

static Tile *
find (Layer *layer,
      int    column,
      int    row)
{
  gint64 key = ((gint64) column << 32) | (guint32) row;

  return g_hash_table_lookup (layer->tiles, &key);
}

static void
forget_oldest (AriettaTileCache *self)
{
  GHashTableIter iter;
  gpointer value;

  /* Whatever was not shown by the last few snapshots; all that is shown is needed. */
  g_hash_table_iter_init (&iter, self->now.tiles);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (((Tile *) value)->used + 8 < self->clock)
      g_hash_table_iter_remove (&iter);
}

static Tile *
paint_tile (AriettaTileCache *self,
            int               column,
            int               row)
{
  cairo_surface_t *surface;
  cairo_t *cr;
  Tile *tile;

  surface = arietta_raster_begin (ARIETTA_TILE_SIZE, ARIETTA_TILE_SIZE, self->scale_factor);
  if (surface == NULL)
    return NULL;

  cr = cairo_create (surface);
  self->paint (cr, (double) column * ARIETTA_TILE_SIZE, (double) row * ARIETTA_TILE_SIZE, self->user_data);
  cairo_destroy (cr);

  if (g_hash_table_size (self->now.tiles) >= MAX_TILES)
    forget_oldest (self);

  tile = g_new0 (Tile, 1);
  tile->texture = self->opaque ? arietta_raster_end_opaque (surface) : arietta_raster_end (surface);
  tile->used = self->clock;
  g_hash_table_insert (self->now.tiles, pack (column, row), tile);

  return tile;
}

/* The old tiles, stretched to the new scale. */
static void
snapshot_before (AriettaTileCache *self,
                 GtkSnapshot      *snapshot,
                 double            x,
                 double            y,
                 double            width,
                 double            height)
{
  double stretch_x = self->now.scale_x / self->before.scale_x;
  double stretch_y = self->now.scale_y / self->before.scale_y;
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, self->before.tiles);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      int column = (int) (*(gint64 *) key >> 32), row = (int) (gint32) *(gint64 *) key;
      double left = column * ARIETTA_TILE_SIZE * stretch_x - x;
      double top = row * ARIETTA_TILE_SIZE * stretch_y - y;
      double w = ARIETTA_TILE_SIZE * stretch_x, h = ARIETTA_TILE_SIZE * stretch_y;

      if (left < width && top < height && left + w > 0 && top + h > 0)
        gtk_snapshot_append_texture (snapshot, ((Tile *) value)->texture,
                                     &GRAPHENE_RECT_INIT ((float) left, (float) top, (float) w, (float) h));
    }
}

AriettaTileCache *
arietta_tile_cache_new (AriettaTilePaintFunc paint,
                        gboolean             opaque,
                        gpointer             user_data)
{
  AriettaTileCache *self = g_new0 (AriettaTileCache, 1);

  self->paint = paint;
  self->opaque = opaque;
  self->user_data = user_data;
  self->scale_factor = 1;
  self->now.tiles = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, tile_free);
  self->before.tiles = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, tile_free);

  return self;
}

void
arietta_tile_cache_free (AriettaTileCache *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->now.tiles);
  g_hash_table_unref (self->before.tiles);
  g_free (self);
}

void
arietta_tile_cache_clear (AriettaTileCache *self)
{
  g_return_if_fail (self != NULL);

  g_hash_table_remove_all (self->now.tiles);
  g_hash_table_remove_all (self->before.tiles);
}

gboolean
arietta_tile_cache_set_scale (AriettaTileCache *self,
                              double            scale_x,
                              double            scale_y,
                              int               scale_factor)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (self->scale_factor != scale_factor)
    arietta_tile_cache_clear (self);
  self->scale_factor = scale_factor;

  if (self->now.scale_x == scale_x && self->now.scale_y == scale_y)
    return FALSE;

  /* A quick zoom leaves half-painted layers behind; the last whole one is the better stand-in. */
  if (g_hash_table_size (self->before.tiles) <= 2 * g_hash_table_size (self->now.tiles))
    {
      Layer layer = self->before;

      self->before = self->now;
      self->now = layer;
    }
  g_hash_table_remove_all (self->now.tiles);
  self->now.scale_x = scale_x;
  self->now.scale_y = scale_y;
  return TRUE;
}

gboolean
arietta_tile_cache_snapshot (AriettaTileCache *self,
                             GtkSnapshot      *snapshot,
                             double            x,
                             double            y,
                             double            width,
                             double            height,
                             gint64            budget_us)
{
  int first_column, last_column, first_row, last_row;
  gint64 stop = g_get_monotonic_time () + budget_us;
  gboolean complete = TRUE;

  g_return_val_if_fail (self != NULL, TRUE);

  self->clock++;
  if (width <= 0 || height <= 0)
    return TRUE;

  first_column = (int) floor (x / ARIETTA_TILE_SIZE);
  last_column = (int) ceil ((x + width) / ARIETTA_TILE_SIZE) - 1;
  first_row = (int) floor (y / ARIETTA_TILE_SIZE);
  last_row = (int) ceil ((y + height) / ARIETTA_TILE_SIZE) - 1;

  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  if (g_hash_table_size (self->before.tiles) > 0)
    snapshot_before (self, snapshot, x, y, width, height);

  for (int row = first_row; row <= last_row; row++)
    for (int column = first_column; column <= last_column; column++)
      {
        Tile *tile = find (&self->now, column, row);

        if (tile == NULL && complete && budget_us >= 0)
          {
            tile = paint_tile (self, column, row);
            /* Asked after painting, so that every frame gets at least one tile further. */
            if (g_get_monotonic_time () > stop)
              complete = FALSE;
          }
        else if (tile == NULL)
          complete = FALSE;

        if (tile == NULL)
          continue;
        tile->used = self->clock;
        gtk_snapshot_append_texture (snapshot, tile->texture,
                                     &GRAPHENE_RECT_INIT ((float) (column * ARIETTA_TILE_SIZE - x),
                                                          (float) (row * ARIETTA_TILE_SIZE - y),
                                                          ARIETTA_TILE_SIZE, ARIETTA_TILE_SIZE));
      }
  gtk_snapshot_pop (snapshot);

  if (complete)
    g_hash_table_remove_all (self->before.tiles);

  return complete;
}
