#define G_LOG_DOMAIN "arietta-widgets"

#include "widgets/arietta-face-cache.h"

#include "widgets/arietta-colors.h"
#include "widgets/arietta-raster.h"

/* 40 pixels squared are 6 KB, four times that on a fine screen. */
#define MAX_ENTRIES 600

typedef struct
{
  AriettaFace  *face;    /* owned */
  int           size;
  int           scale;
  AriettaColor  color;
  GdkTexture   *texture;
  GList         link;    /* in order */
} Entry;

typedef struct
{
  GHashTable *entries;
  GQueue      order;     /* latest first */
} Cache;

static guint
entry_hash (gconstpointer key)
{
  const Entry *entry = key;

  return g_direct_hash (entry->face) ^ (guint) entry->size * 31 ^ (guint) entry->scale * 1009 ^
         g_double_hash (&entry->color.red) ^ g_double_hash (&entry->color.blue);
}

static gboolean
entry_equal (gconstpointer a,
             gconstpointer b)
{
  const Entry *one = a, *other = b;

  return one->face == other->face && one->size == other->size && one->scale == other->scale &&
         one->color.red == other->color.red && one->color.green == other->color.green &&
         one->color.blue == other->color.blue;
}

static void
entry_free (Entry *entry)
{
  if (entry->face != NULL)
    arietta_face_unref (entry->face);
  g_clear_object (&entry->texture);
  g_free (entry);
}

static void
cache_free (Cache *cache)
{
  g_hash_table_unref (cache->entries);
  g_free (cache);
}

static Cache *
get_cache (GtkWidget *widget)
{
  GdkDisplay *display = gtk_widget_get_display (widget);
  Cache *cache = g_object_get_data (G_OBJECT (display), "arietta-face-cache");

  if (cache == NULL)
    {
      cache = g_new0 (Cache, 1);
      cache->entries = g_hash_table_new_full (entry_hash, entry_equal, (GDestroyNotify) entry_free, NULL);
      g_object_set_data_full (G_OBJECT (display), "arietta-face-cache", cache, (GDestroyNotify) cache_free);
    }
  return cache;
}

static void
draw_ring (cairo_t      *cr,
           int           size,
           AriettaColor  ink)
{
  cairo_set_source_rgba (cr, ink.red, ink.green, ink.blue, 0.18);
  cairo_set_line_width (cr, MAX (size / 24.0, 1.0));
  cairo_arc (cr, size / 2.0, size / 2.0, size * 0.36, 0, 2 * G_PI);
  cairo_stroke (cr);
}

static GdkTexture *
paint (const Entry          *key,
       int                   hue,
       const AriettaPalette *palette)
{
  cairo_surface_t *surface = arietta_raster_begin (key->size, key->size, key->scale);
  cairo_t *cr;

  if (surface == NULL)
    return NULL;

  cr = cairo_create (surface);
  if (key->face != NULL)
    arietta_face_draw (key->face, cr, key->size, hue, palette);
  else
    draw_ring (cr, key->size, key->color);
  cairo_destroy (cr);

  return arietta_raster_end (surface);
}

GdkTexture *
arietta_face_cache_get (GtkWidget   *widget,
                        AriettaFace *face,
                        int          size,
                        int          hue,
                        gboolean     may_paint)
{
  Entry key = { .face = face, .size = size };
  AriettaPalette palette;
  Cache *cache;
  Entry *entry;

  g_return_val_if_fail (GTK_IS_WIDGET (widget), NULL);

  arietta_colors_get (widget, &palette);
  key.scale = gtk_widget_get_scale_factor (widget);
  key.color = face == NULL || hue < 0 ? palette.foreground : palette.hues[hue % ARIETTA_PALETTE_SIZE];

  cache = get_cache (widget);
  entry = g_hash_table_lookup (cache->entries, &key);
  if (entry != NULL)
    {
      g_queue_unlink (&cache->order, &entry->link);
      g_queue_push_head_link (&cache->order, &entry->link);
      return entry->texture;
    }
  if (!may_paint)
    return NULL;

  key.texture = paint (&key, hue, &palette);
  if (key.texture == NULL)
    return NULL;

  entry = g_memdup2 (&key, sizeof key);
  if (face != NULL)
    arietta_face_ref (face);
  entry->link.data = entry;
  g_hash_table_add (cache->entries, entry);
  g_queue_push_head_link (&cache->order, &entry->link);
  while (g_queue_get_length (&cache->order) > MAX_ENTRIES)
    g_hash_table_remove (cache->entries, g_queue_pop_tail_link (&cache->order)->data);

  return entry->texture;
}
