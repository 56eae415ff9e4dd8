#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-models-page-private.h"

#include <glib/gi18n.h>

#include "views/arietta-change.h"
#include "views/arietta-error-presenter.h"
#include "views/arietta-load.h"
#include "views/arietta-model-card.h"
#include "views/arietta-model-detail.h"
#include "views/arietta-train-dialog.h"
#include "views/arietta-train-run.h"
#include "widgets/arietta-loose-bin.h"

G_DEFINE_FINAL_TYPE (AriettaModelsPage, arietta_models_page, ARIETTA_TYPE_PAGE)

AriettaLibrary *
arietta_models_page_get_library (AriettaModelsPage *self)
{
  return arietta_session_get_library (arietta_page_get_session (ARIETTA_PAGE (self)));
}

const AriettaModelInfo *
arietta_models_page_find (AriettaModelsPage *self,
                          const char        *name)
{
  for (guint i = 0; name != NULL && i < self->models->len; i++)
    {
      const AriettaModelInfo *info = g_ptr_array_index (self->models, i);

      if (g_str_equal (info->name, name))
        return info;
    }

  return NULL;
}

static AriettaTrainRun *
find_run (AriettaModelsPage *self,
          const char        *name)
{
  return name != NULL ? g_hash_table_lookup (self->runs, name) : NULL;
}

static gboolean
is_training_here (AriettaModelsPage *self,
                  const char        *name)
{
  AriettaTrainRun *run = find_run (self, name);

  return run != NULL && arietta_train_run_is_running (run);
}

/* ---- Cards ---- */

/* One card to a frame, each in the place of the one that spoke of it before: together they would
 * hold it up.  A card that says all this already stays. */
static void
place_card (GtkWidget *widget)
{
  AriettaModelsPage *self = ARIETTA_MODELS_PAGE (widget);
  AriettaSession    *session = arietta_page_get_session (ARIETTA_PAGE (self));
  GtkFlowBox        *cards = GTK_FLOW_BOX (self->cards);
  gboolean           stays = TRUE;

  while (stays && self->n_placed < self->models->len)
    {
      const AriettaModelInfo  *info = self->models->pdata[self->n_placed];
      const AriettaModelExtra *extra = &g_array_index (self->extras, AriettaModelExtra, self->n_placed);
      gboolean                 training = is_training_here (self, info->name);
      GtkFlowBoxChild         *before = gtk_flow_box_get_child_at_index (cards, (int) self->n_placed);

      stays = before != NULL && arietta_model_card_says (before, info, extra, training);
      if (!stays)
        {
          gtk_flow_box_insert (cards, arietta_model_card_new (session, info, extra, training), (int) self->n_placed);
          if (before != NULL)
            gtk_flow_box_remove (cards, GTK_WIDGET (before));
        }
      self->n_placed++;
    }
  while (self->n_placed >= self->models->len && gtk_flow_box_get_child_at_index (cards, (int) self->n_placed) != NULL)
    gtk_flow_box_remove (cards, GTK_WIDGET (gtk_flow_box_get_child_at_index (cards, (int) self->n_placed)));

  self->placing = self->n_placed < self->models->len;
  if (self->placing)
    arietta_slices_add_later (arietta_session_get_slices (session), widget, place_card);
}

static void
fill_cards (AriettaModelsPage *self)
{
  self->n_placed = 0;
  if (!self->placing)
    place_card (GTK_WIDGET (self));
}

/* ---- Reading ---- */

typedef struct
{
  GPtrArray *models;
  GArray    *extras;
} Listing;

static void
listing_free (Listing *listing)
{
  g_clear_pointer (&listing->models, g_ptr_array_unref);
  g_clear_pointer (&listing->extras, g_array_unref);
  g_free (listing);
}

static gpointer
read_models (gpointer  data,
             GError  **error)
{
  g_autoptr(GPtrArray) models = NULL;
  Listing             *listing;

  /* A run whose program was killed is paused from here on. */
  arietta_train_find_paused (data, NULL);
  models = arietta_models_list (data, error);
  if (models == NULL)
    return NULL;

  listing = g_new0 (Listing, 1);
  listing->extras = arietta_model_extras_read (data, models);
  listing->models = g_steal_pointer (&models);

  return listing;
}

static const char *
get_list_name (AriettaModelsPage *self)
{
  return self->models->len > 0 ? "cards" : "none";
}

static void
update_detail (AriettaModelsPage *self)
{
  const AriettaModelInfo *info = arietta_models_page_find (self, self->shown);
  g_autoptr(JsonObject)   no_card = json_object_new ();
  /* A training just begun becomes a row of the library a moment later. */
  AriettaModelInfo        begun = { .name = self->shown, .state = ARIETTA_MODEL_TRAINING, .card = no_card };

  if (info == NULL && find_run (self, self->shown) != NULL)
    info = &begun;
  if (info != NULL)
    {
      AriettaModelDetail *detail = ARIETTA_MODEL_DETAIL (self->detail);
      gboolean            training = is_training_here (self, info->name);

      arietta_model_detail_show (detail, arietta_page_get_session (ARIETTA_PAGE (self)), info, training);
      if (training)
        arietta_model_detail_set_left (detail, arietta_train_run_get_left (find_run (self, info->name)));
    }

  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), info != NULL ? "detail" : get_list_name (self));
}

static void
models_loaded_cb (gpointer      owner,
                  gpointer      result,
                  const GError *error)
{
  AriettaModelsPage *self = owner;
  Listing           *listing = result;

  arietta_present_error (GTK_WIDGET (self), error);
  if (listing == NULL)
    return;

  g_ptr_array_unref (self->models);
  g_array_unref (self->extras);
  self->models = g_steal_pointer (&listing->models);
  self->extras = g_steal_pointer (&listing->extras);
  listing_free (listing);
  fill_cards (self);
  update_detail (self);
}

void
arietta_models_page_reload (AriettaModelsPage *self)
{
  arietta_load_async (self, NULL, read_models, g_object_ref (arietta_models_page_get_library (self)), g_object_unref,
                      (GDestroyNotify) listing_free, models_loaded_cb);
}

static void
library_changed_cb (AriettaModelsPage    *self,
                    AriettaLibraryTables  tables)
{
  if ((tables & ARIETTA_TABLE_MODELS) != 0)
    arietta_models_page_reload (self);
}

static gpointer
read_log (gpointer  data,
          GError  **error)
{
  return arietta_train_read_log (data, error);
}

static void
log_loaded_cb (gpointer      owner,
               gpointer      result,
               const GError *error)
{
  AriettaModelsPage *self = owner;
  g_autoptr(GArray)  points = result;

  /* A model without a log has no curve; that is no news. */
  arietta_model_detail_set_points (ARIETTA_MODEL_DETAIL (self->detail),
                                   points != NULL ? (const AriettaTrainPoint *) points->data : NULL,
                                   points != NULL ? points->len : 0);
}

static void
show_model (AriettaModelsPage *self,
            const char        *name)
{
  const AriettaModelInfo *info = arietta_models_page_find (self, name);

  if (info == NULL)
    return;

  g_free (self->shown);
  self->shown = g_strdup (name);
  update_detail (self);
  arietta_model_detail_set_points (ARIETTA_MODEL_DETAIL (self->detail), NULL, 0);
  /* A slow log of the model before must not come under this one. */
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  self->reading = g_cancellable_new ();
  arietta_load_async (self, self->reading, read_log, arietta_model_info_dup_log_path (info), g_free,
                      (GDestroyNotify) g_array_unref, log_loaded_cb);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "detail");
}

static void
card_activated_cb (AriettaModelsPage *self,
                   GtkFlowBoxChild   *child)
{
  show_model (self, arietta_model_card_get_name (child));
}

static void
back_clicked_cb (AriettaModelsPage *self)
{
  g_clear_pointer (&self->shown, g_free);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), get_list_name (self));
}

/* ---- Training ---- */

static void
point_cb (AriettaTrainRun         *run,
          const AriettaTrainPoint *point,
          AriettaModelsPage       *self)
{
  if (find_run (self, self->shown) != run)
    return;

  arietta_model_detail_add_point (ARIETTA_MODEL_DETAIL (self->detail), point);
  arietta_model_detail_set_left (ARIETTA_MODEL_DETAIL (self->detail), arietta_train_run_get_left (run));
  arietta_model_detail_set_audible (ARIETTA_MODEL_DETAIL (self->detail), arietta_models_page_is_audible (self, self->shown));
}

typedef struct
{
  AriettaLibrary *library;
  char           *name;
} KeepRequest;

static void
keep_request_free (KeepRequest *request)
{
  g_object_unref (request->library);
  g_free (request->name);
  g_free (request);
}

static gpointer
keep_model (gpointer  data,
            GError  **error)
{
  KeepRequest *request = data;

  arietta_train_stop_and_keep (request->library, request->name, error);
  return NULL;
}

static void
kept_cb (gpointer      owner,
         gpointer      result,
         const GError *error)
{
  arietta_present_error (GTK_WIDGET (owner), error);
  arietta_models_page_reload (owner);
}

static void
keep (AriettaModelsPage *self,
      const char        *name)
{
  KeepRequest *request = g_new0 (KeepRequest, 1);

  request->library = g_object_ref (arietta_models_page_get_library (self));
  request->name = g_strdup (name);
  arietta_load_async (self, NULL, keep_model, request, (GDestroyNotify) keep_request_free, NULL, kept_cb);
}

static void
ended_cb (AriettaTrainRun   *run,
          const GError      *error,
          AriettaModelsPage *self)
{
  GHashTableIter iter;
  gpointer       name, value;

  if (gtk_widget_get_root (GTK_WIDGET (self)) != NULL)
    arietta_present_error (GTK_WIDGET (self), error);

  g_hash_table_iter_init (&iter, self->runs);
  while (g_hash_table_iter_next (&iter, &name, &value))
    if (value == run && g_hash_table_remove (self->to_keep, name))
      {
        keep (self, name);
        return;
      }
  arietta_models_page_reload (self);
}

void
arietta_models_page_start_run (AriettaModelsPage         *self,
                               const AriettaTrainRequest *request,
                               const char                *name)
{
  g_autofree char *title = g_strdup_printf (_("Training “%s”"), name);
  AriettaTrainRun *run = arietta_train_run_start (arietta_page_get_session (ARIETTA_PAGE (self)), request, title);

  g_signal_connect_object (run, "point", G_CALLBACK (point_cb), self, 0);
  g_signal_connect_object (run, "ended", G_CALLBACK (ended_cb), self, 0);
  g_hash_table_replace (self->runs, g_strdup (name), run);

  if (g_strcmp0 (self->shown, name) != 0)
    arietta_model_detail_set_points (ARIETTA_MODEL_DETAIL (self->detail), NULL, 0);
  g_free (self->shown);
  self->shown = g_strdup (name);
  update_detail (self);
}

void
arietta_models_page_start (gpointer                   owner,
                           const AriettaTrainRequest *request)
{
  arietta_models_page_start_run (owner, request, request->name);
}

/* ---- Actions ---- */

static void
train_action (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  arietta_train_dialog_present (GTK_WIDGET (user_data), arietta_page_get_session (ARIETTA_PAGE (user_data)),
                                arietta_models_page_start, user_data);
}

static void
pause_action (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  AriettaTrainRun *run = find_run (user_data, g_variant_get_string (parameter, NULL));

  if (run != NULL)
    arietta_train_run_pause (run);
}

static void
resume_action (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  const char          *name = g_variant_get_string (parameter, NULL);
  AriettaTrainRequest  request = { .resume = name, .seed = 1 };

  arietta_models_page_start_run (user_data, &request, name);
}

static void
keep_action (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  AriettaModelsPage *self = user_data;
  const char        *name = g_variant_get_string (parameter, NULL);

  if (is_training_here (self, name))
    {
      g_hash_table_add (self->to_keep, g_strdup (name));
      arietta_train_run_pause (find_run (self, name));
    }
  else
    {
      keep (self, name);
    }
}

static gboolean
make_name (AriettaLibrary *library, const gint64 *ids, guint n_ids, const char *text, gboolean flag, GError **error)
{
  return arietta_library_rename_model (library, ids[0], text, error);
}

/* The detail follows the name. */
static void
renamed_cb (GtkWidget  *near,
            gint64      id,
            const char *text,
            gboolean    flag)
{
  AriettaModelsPage *self = ARIETTA_MODELS_PAGE (near);

  g_free (self->shown);
  self->shown = g_strdup (text);
  arietta_models_page_reload (self);
}

static gboolean
make_removed (AriettaLibrary *library, const gint64 *ids, guint n_ids, const char *text, gboolean flag, GError **error)
{
  return arietta_library_remove_model (library, ids[0], flag, error);
}

static const AriettaChange change_name = { make_name, renamed_cb };
static const AriettaChange change_removed = { make_removed, NULL };

static void
rename_action (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  const AriettaModelInfo *info = arietta_models_page_find (user_data, g_variant_get_string (parameter, NULL));

  if (info != NULL && info->id != 0)
    arietta_change_rename (GTK_WIDGET (user_data), arietta_models_page_get_library (user_data), &change_name, info->id,
                           _("Rename Model"), _("Name"), info->name);
}

static void
delete_action (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  AriettaModelsPage      *self = user_data;
  const AriettaModelInfo *info = arietta_models_page_find (self, g_variant_get_string (parameter, NULL));
  g_autofree char        *text = NULL;
  g_autoptr(GArray)       ids = NULL;

  if (info == NULL || info->id == 0)
    return;

  ids = arietta_change_ids (info->id);
  text = g_strdup_printf (_("Deleted “%s”"), info->name);
  arietta_change_remove (GTK_WIDGET (self), arietta_models_page_get_library (self), &change_removed, ids, text);
  back_clicked_cb (self);
}

static const GActionEntry actions[] = {
  { "train", train_action },
  { "pause-model", pause_action, "s" },
  { "resume-model", resume_action, "s" },
  { "keep-model", keep_action, "s" },
  { "rename-model", rename_action, "s" },
  { "delete-model", delete_action, "s" },
};

static void
arietta_models_page_constructed (GObject *object)
{
  AriettaModelsPage *self = ARIETTA_MODELS_PAGE (object);

  G_OBJECT_CLASS (arietta_models_page_parent_class)->constructed (object);

  arietta_page_add_actions (ARIETTA_PAGE (self), actions, G_N_ELEMENTS (actions));
  arietta_models_page_init_files (self);
  /* One below the other, cards need not be as high as the highest. */
  g_object_bind_property (self, "compact", self->cards, "homogeneous", G_BINDING_SYNC_CREATE | G_BINDING_INVERT_BOOLEAN);
  g_signal_connect_object (arietta_models_page_get_library (self), "changed",
                           G_CALLBACK (library_changed_cb), self, G_CONNECT_SWAPPED);
  arietta_models_page_reload (self);
}

static void
arietta_models_page_finalize (GObject *object)
{
  AriettaModelsPage *self = ARIETTA_MODELS_PAGE (object);

  g_clear_pointer (&self->models, g_ptr_array_unref);
  g_clear_pointer (&self->extras, g_array_unref);
  g_clear_pointer (&self->runs, g_hash_table_unref);
  g_clear_pointer (&self->to_keep, g_hash_table_unref);
  g_clear_object (&self->reading);
  g_clear_pointer (&self->shown, g_free);

  G_OBJECT_CLASS (arietta_models_page_parent_class)->finalize (object);
}

static void
arietta_models_page_class_init (AriettaModelsPageClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = arietta_models_page_constructed;
  object_class->finalize = arietta_models_page_finalize;
  ARIETTA_PAGE_CLASS (klass)->open_files = arietta_models_page_open_files;
  arietta_page_class_set_verb (ARIETTA_PAGE_CLASS (klass), N_("New Model"), "list-add-symbolic", "page.train");

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/arietta/Arietta/arietta-models-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AriettaModelsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, AriettaModelsPage, cards);
  gtk_widget_class_bind_template_child (widget_class, AriettaModelsPage, detail);
  gtk_widget_class_bind_template_callback (widget_class, card_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, back_clicked_cb);
}

static void
arietta_models_page_init (AriettaModelsPage *self)
{
  g_type_ensure (ARIETTA_TYPE_LOOSE_BIN);
  g_type_ensure (ARIETTA_TYPE_MODEL_DETAIL);
  gtk_widget_init_template (GTK_WIDGET (self));

  self->models = g_ptr_array_new_with_free_func ((GDestroyNotify) arietta_model_info_free);
  self->extras = g_array_new (FALSE, TRUE, sizeof (AriettaModelExtra));
  self->to_keep = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->runs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
}
