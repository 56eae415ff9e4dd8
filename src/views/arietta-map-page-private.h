/* arietta-map-page-private.h - shared by the files of the page
 *
 *   arietta-map-chart.c        a map made ready in the worker
 *   arietta-map-page.c         life, showing, hearing
 *   arietta-map-page-morph.c   the path from one point to another, as a take
 */
#pragma once

#include "views/arietta-map-chart.h"
#include "views/arietta-map-page.h"
#include "views/arietta-record-list.h"
#include "views/arietta-work-strip.h"

G_BEGIN_DECLS

struct _AriettaMapPage
{
  AriettaPage        parent_instance;

  /* owned */
  AriettaMapChart   *chart;       /* NULL until one is drawn */
  AriettaJob        *job;         /* the one drawing it */
  AriettaRecordList *datasets;
  GHashTable        *hidden;      /* styles switched off */
  char              *fitted;      /* name of the dataset the view was fitted to, "" for everything; NULL: not yet */
  gint64             morph_take;  /* the one the path stands for, 0: none */
  guint              morph_from, morph_to;
  guint              hovered;     /* the point that the card tells of */

  /* template children */
  GtkWidget         *stack;
  GtkWidget         *canvas;
  GtkWidget         *dataset;
  GtkWidget         *pick;
  GtkWidget         *path;
  GtkWidget         *pan;
  GtkWidget         *legend;
  GtkWidget         *hover;
  GtkWidget         *hover_face;
  GtkWidget         *hover_title;
  GtkWidget         *hover_style;
  GtkWidget         *note;
  GtkWidget         *empty;
  AriettaWorkStrip  *strip;
};

/* arietta-map-page-morph.c */
void arietta_map_page_init_morph (AriettaMapPage *self);
/* Makes the morph from one point to another. */
void arietta_map_page_morph      (AriettaMapPage *self,
                                  guint           from,
                                  guint           to);

G_END_DECLS
