/* arietta-datasets-page-private.h - shared by the files of the page */
#pragma once

#include "views/arietta-datasets-page.h"
#include "views/arietta-record-list.h"

G_BEGIN_DECLS

struct _AriettaDatasetsPage
{
  AriettaPage         parent_instance;

  /* owned */
  AriettaRecordList  *datasets;
  AriettaRecordList  *items;
  GtkSingleSelection *dataset_selection;
  GtkMultiSelection  *item_selection;
  GCancellable       *loading;        /* of the items */
  gint64              wanted_dataset; /* to be selected when the list has it; 0: whichever is */
  gint64              listed_dataset; /* the one whose items are listed, or being read */
  gboolean            to_top;         /* other items are being read: their list begins at its top */
  guint               search_source;
  gboolean            filling;        /* the list of datasets is being replaced */
  gboolean            filling_items;  /* that of items */
  gboolean            reading;        /* the datasets are being read */
  gboolean            read_again;     /* and something changed meanwhile */

  GtkWidget          *inspector;      /* NULL until it is made: a turn after the page, or when it is wanted */

  /* template children */
  GtkWidget          *dataset_list;
  GtkWidget          *dataset_drop;
  GtkWidget          *side;
  GtkWidget          *search;
  GtkWidget          *refusals_bar;
  GtkWidget          *refusals_label;
  GtkWidget          *content;
  GtkWidget          *stack;
  GtkWidget          *item_list;
  GtkWidget          *inspector_revealer;
  GtkWidget          *drop_veil;
  GtkWidget          *drop_label;
  GMenuModel         *dataset_menu;
};

/* The selected dataset, or NULL. */
const AriettaDataset *arietta_datasets_page_get_dataset       (AriettaDatasetsPage  *self);
/* Borrowed records (AriettaItem) of the selected rows. */
GPtrArray            *arietta_datasets_page_get_selected      (AriettaDatasetsPage  *self);
void                  arietta_datasets_page_selection_changed (AriettaDatasetsPage  *self);
void                  arietta_datasets_page_reload            (AriettaDatasetsPage  *self);

/* arietta-datasets-page-actions.c: what can be done. */
void                  arietta_datasets_page_init_actions      (AriettaDatasetsPage  *self);

/* arietta-datasets-page-rows.c: the rows of the lists. */
void                  arietta_datasets_page_class_bind_rows   (GtkWidgetClass       *widget_class);

/* arietta-datasets-page-import.c: files coming in. */
void                  arietta_datasets_page_init_drops        (AriettaDatasetsPage  *self);
void                  arietta_datasets_page_add_files         (AriettaDatasetsPage  *self,
                                                               GListModel           *files);
void                  arietta_datasets_page_add_paths         (AriettaDatasetsPage  *self,
                                                               const char * const   *paths);
void                  arietta_datasets_page_choose            (AriettaDatasetsPage  *self,
                                                               gboolean              folders);
void                  arietta_datasets_page_paste             (AriettaDatasetsPage  *self);

G_END_DECLS
