/* arietta-models-page-private.h - shared by the files of the page; everybody else uses arietta-models-page.h
 *
 * arietta-models-page.c        the cards, the detail, trainings
 * arietta-models-page-files.c  models as files and copies, comparing, teaching further, hearing
 */
#pragma once

#include "studio/arietta-model-list.h"
#include "studio/arietta-train.h"
#include "views/arietta-models-page.h"

G_BEGIN_DECLS

struct _AriettaModelsPage
{
  AriettaPage  parent_instance;

  /* owned */
  GPtrArray    *models;      /* AriettaModelInfo */
  GArray       *extras;      /* AriettaModelExtra, one for each of them */
  GHashTable   *runs;        /* name -> AriettaTrainRun, those started here */
  GHashTable   *to_keep;     /* names of those that are to be kept once they have stopped */
  char         *shown;       /* name of the model in the detail, or NULL */
  GCancellable *reading;    /* of its log */
  guint         n_placed;    /* cards that speak of @models */
  gboolean      placing;     /* more of them are to come */
  guint64       n_heard;     /* samples so far, the seed of the next */

  /* template children */
  GtkWidget   *stack;
  GtkWidget   *cards;
  GtkWidget   *detail;
};

AriettaLibrary         *arietta_models_page_get_library (AriettaModelsPage         *self);
/* Of those listed; NULL. */
const AriettaModelInfo *arietta_models_page_find        (AriettaModelsPage         *self,
                                                         const char                *name);
void                    arietta_models_page_reload      (AriettaModelsPage         *self);
void                    arietta_models_page_start_run   (AriettaModelsPage         *self,
                                                         const AriettaTrainRequest *request,
                                                         const char                *name);
/* As an AriettaTrainStart. */
void                    arietta_models_page_start       (gpointer                   owner,
                                                         const AriettaTrainRequest *request);

/* --- files --- */
void                    arietta_models_page_init_files  (AriettaModelsPage         *self);
gboolean                arietta_models_page_open_files  (AriettaPage               *page,
                                                         GListModel                *files);
/* Whether there are weights of it that can be heard, of a run's last checkpoint too. */
gboolean                arietta_models_page_is_audible  (AriettaModelsPage         *self,
                                                         const char                *name);

G_END_DECLS
