#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-foryou-page.h"

#include <glib/gi18n.h>

#include "studio/arietta-compose.h"
#include "studio/arietta-explore.h"
#include "views/arietta-error-presenter.h"
#include "views/arietta-load.h"
#include "views/arietta-piece-row.h"
#include "views/arietta-record-list.h"

#define COUNT 60
/* The slider settles for this long before the list is made anew. */
#define SETTLE_MS 200

struct _AriettaForyouPage
{
  AriettaPage        parent_instance;

  /* owned */
  AriettaRecordList *list;
  GCancellable      *loading;
  guint              settle_source;

  /* template children */
  GtkWidget         *stack;
  GtkWidget         *rows;
  GtkWidget         *surprise;
};

G_DEFINE_FINAL_TYPE (AriettaForyouPage, arietta_foryou_page, ARIETTA_TYPE_PAGE)

/* A recommendation that begins with an id, as record lists want it. */
typedef struct
{
  gint64                 id;
  AriettaRecommendation *what;
} Row;

static void
row_free (Row *row)
{
  arietta_recommendation_free (row->what);
  g_free (row);
}

static AriettaSession *
get_session (AriettaForyouPage *self)
{
  return arietta_page_get_session (ARIETTA_PAGE (self));
}

static AriettaLibrary *
get_library (AriettaForyouPage *self)
{
  return arietta_session_get_library (get_session (self));
}

/* ---- Asking ---- */

typedef struct
{
  AriettaLibrary *library;
  double          surprise;
} Request;

static void
request_free (Request *request)
{
  g_object_unref (request->library);
  g_free (request);
}

static gpointer
read_list (gpointer  data,
           GError  **error)
{
  Request             *request = data;
  g_autoptr(GPtrArray) list = arietta_recommend (request->library, COUNT, request->surprise, NULL, error);
  GPtrArray           *rows;

  if (list == NULL)
    return NULL;

  rows = g_ptr_array_new_with_free_func ((GDestroyNotify) row_free);
  g_ptr_array_set_free_func (list, NULL);
  for (guint i = 0; i < list->len; i++)
    {
      Row *row = g_new0 (Row, 1);

      row->what = g_ptr_array_index (list, i);
      row->id = row->what->take_id != 0 ? -row->what->take_id : row->what->item_id;
      g_ptr_array_add (rows, row);
    }

  return rows;
}

static void
list_read_cb (gpointer      owner,
              gpointer      result,
              const GError *error)
{
  AriettaForyouPage *self = owner;

  arietta_present_error (GTK_WIDGET (self), error);
  if (result == NULL)
    return;

  arietta_record_list_take (self->list, result);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack),
                                    g_list_model_get_n_items (G_LIST_MODEL (self->list)) > 0 ? "list" : "empty");
}

static void
reload (AriettaForyouPage *self)
{
  Request *request = g_new0 (Request, 1);

  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  self->loading = g_cancellable_new ();

  request->library = g_object_ref (get_library (self));
  request->surprise = gtk_range_get_value (GTK_RANGE (self->surprise));
  arietta_load_async (self, self->loading, read_list, request, (GDestroyNotify) request_free,
                      (GDestroyNotify) g_ptr_array_unref, list_read_cb);
}

static gboolean
settled_cb (gpointer user_data)
{
  AriettaForyouPage *self = user_data;

  self->settle_source = 0;
  reload (self);

  return G_SOURCE_REMOVE;
}

static void
surprise_changed_cb (AriettaForyouPage *self)
{
  g_clear_handle_id (&self->settle_source, g_source_remove);
  self->settle_source = g_timeout_add (SETTLE_MS, settled_cb, self);
}

/* Rows do not jump under the pointer while one listens; likes, and what is new, bring a new order. */
static void
library_changed_cb (AriettaForyouPage    *self,
                    AriettaLibraryTables  tables)
{
  if ((tables & (ARIETTA_TABLE_TAKES | ARIETTA_TABLE_ITEMS)) != 0)
    reload (self);
}

/* ---- Liking ---- */

static void
judge (AriettaForyouPage *self,
       AriettaPieceRow   *row,
       int                liking)
{
  g_autoptr(GError) error = NULL;
  AriettaListen     listen = {
    .item_id = arietta_piece_row_get_item_id (row),
    .take_id = arietta_piece_row_get_take_id (row),
    .liking = liking,
  };

  /* One small row: not worth a worker. */
  arietta_library_add_listen (get_library (self), &listen, &error);
  arietta_present_error (GTK_WIDGET (self), error);
  arietta_toast (GTK_WIDGET (self), liking > 0 ? _("More like this") : _("Less like this"));
  reload (self);
}

static void
like_clicked_cb (GtkWidget         *button,
                 AriettaForyouPage *self)
{
  judge (self, ARIETTA_PIECE_ROW (gtk_widget_get_ancestor (button, ARIETTA_TYPE_PIECE_ROW)), 1);
}

static void
dislike_clicked_cb (GtkWidget         *button,
                    AriettaForyouPage *self)
{
  judge (self, ARIETTA_PIECE_ROW (gtk_widget_get_ancestor (button, ARIETTA_TYPE_PIECE_ROW)), -1);
}

static GtkWidget *
judge_button_new (AriettaForyouPage *self,
                  const char        *icon_name,
                  const char        *name,
                  GCallback          callback)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon_name);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "circular");
  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_signal_connect (button, "clicked", callback, self);

  return button;
}

static void
row_setup_cb (AriettaForyouPage *self,
              GtkListItem       *list_item)
{
  GtkWidget *row = arietta_piece_row_new (get_session (self));

  arietta_piece_row_add_suffix (ARIETTA_PIECE_ROW (row),
                                judge_button_new (self, "arietta-like-symbolic", _("Like"),
                                                  G_CALLBACK (like_clicked_cb)));
  arietta_piece_row_add_suffix (ARIETTA_PIECE_ROW (row),
                                judge_button_new (self, "arietta-dislike-symbolic", _("Dislike"),
                                                  G_CALLBACK (dislike_clicked_cb)));
  gtk_list_item_set_child (list_item, row);
}

static void
row_bind_cb (AriettaForyouPage *self,
             GtkListItem       *list_item)
{
  const Row                   *row = arietta_record_get (gtk_list_item_get_item (list_item));
  const AriettaRecommendation *what = row->what;

  arietta_piece_row_show (ARIETTA_PIECE_ROW (gtk_list_item_get_child (list_item)), what->item_id, what->take_id,
                          what->title, what->reason, what->style);
}

static void
row_unbind_cb (AriettaForyouPage *self,
               GtkListItem       *list_item)
{
  arietta_piece_row_clear (ARIETTA_PIECE_ROW (gtk_list_item_get_child (list_item)));
}

/* ---- Composing for the person ---- */

typedef struct
{
  AriettaLibrary *library;
  guint64         seed;
} ComposeWork;

static void
compose_work_free (ComposeWork *work)
{
  g_object_unref (work->library);
  g_free (work);
}

/* In the style of what would be recommended first, if the model knows it. */
static char *
choose_style (AriettaLibrary *library)
{
  g_autoptr(GPtrArray) list = arietta_recommend (library, 1, 0.0, NULL, NULL);
  g_auto(GStrv)        styles = arietta_compose_list_styles (library, NULL, NULL);
  const char          *style = list != NULL && list->len > 0
                               ? ((AriettaRecommendation *) g_ptr_array_index (list, 0))->style : NULL;

  return styles != NULL && style != NULL && g_strv_contains ((const char * const *) styles, style)
         ? g_strdup (style) : NULL;
}

static gpointer
compose_in_thread (AriettaJob  *job,
                   gpointer     data,
                   GError     **error)
{
  ComposeWork                *work = data;
  AriettaComposeRequest       request = ARIETTA_COMPOSE_REQUEST_INIT;
  g_autofree char            *style = choose_style (work->library);
  g_autoptr(AriettaComposed)  composed = NULL;

  request.seed = work->seed;
  request.style = style;
  composed = arietta_compose (work->library, &request, job, error);
  if (composed == NULL || !arietta_library_add_take (work->library, composed->take, composed->piece, error))
    return NULL;

  return g_steal_pointer (&composed);
}

static void
composed_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(AriettaForyouPage) self = ARIETTA_FORYOU_PAGE (user_data);
  g_autoptr(GError)            error = NULL;
  g_autoptr(AriettaComposed)   composed = arietta_job_run_finish (ARIETTA_JOB (source), result, &error);

  if (gtk_widget_get_root (GTK_WIDGET (self)) == NULL)
    return;

  arietta_present_error (GTK_WIDGET (self), error);
  if (composed != NULL)
    arietta_session_play_take_piece (get_session (self), composed->take->id, composed->piece, composed->take->title,
                                     TRUE);
}

static void
compose_action (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  AriettaForyouPage    *self = user_data;
  ComposeWork          *work = g_new0 (ComposeWork, 1);
  g_autoptr(AriettaJob) job = NULL;

  work->library = g_object_ref (get_library (self));
  work->seed = g_random_int ();   /* which take it is stays with the take, so it can be made again */
  job = arietta_job_new (_("Composing for you"), FALSE, FALSE, compose_in_thread, work,
                         (GDestroyNotify) compose_work_free);
  arietta_job_queue_add (arietta_session_get_jobs (get_session (self)), job, (GDestroyNotify) arietta_composed_free,
                         composed_cb, g_object_ref (self));
}

static const GActionEntry actions[] = {
  { "compose-for-me", compose_action },
};

static void
arietta_foryou_page_shown (AriettaPage *page)
{
  reload (ARIETTA_FORYOU_PAGE (page));
}

static void
arietta_foryou_page_constructed (GObject *object)
{
  AriettaForyouPage *self = ARIETTA_FORYOU_PAGE (object);

  G_OBJECT_CLASS (arietta_foryou_page_parent_class)->constructed (object);

  arietta_page_add_actions (ARIETTA_PAGE (self), actions, G_N_ELEMENTS (actions));
  g_signal_connect_object (get_library (self), "changed", G_CALLBACK (library_changed_cb), self, G_CONNECT_SWAPPED);
}

static void
arietta_foryou_page_dispose (GObject *object)
{
  AriettaForyouPage *self = ARIETTA_FORYOU_PAGE (object);

  g_clear_handle_id (&self->settle_source, g_source_remove);
  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  g_clear_object (&self->list);

  G_OBJECT_CLASS (arietta_foryou_page_parent_class)->dispose (object);
}

static void
arietta_foryou_page_class_init (AriettaForyouPageClass *klass)
{
  GObjectClass     *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass   *widget_class = GTK_WIDGET_CLASS (klass);
  AriettaPageClass *page_class = ARIETTA_PAGE_CLASS (klass);

  object_class->constructed = arietta_foryou_page_constructed;
  object_class->dispose = arietta_foryou_page_dispose;
  page_class->shown = arietta_foryou_page_shown;
  arietta_page_class_set_verb (page_class, N_("Compose for Me"), "arietta-compose-symbolic", "page.compose-for-me");

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/arietta/Arietta/arietta-foryou-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AriettaForyouPage, stack);
  gtk_widget_class_bind_template_child (widget_class, AriettaForyouPage, rows);
  gtk_widget_class_bind_template_child (widget_class, AriettaForyouPage, surprise);
  gtk_widget_class_bind_template_callback (widget_class, surprise_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_unbind_cb);
}

static void
arietta_foryou_page_init (AriettaForyouPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->list = arietta_record_list_new ();
  gtk_list_view_set_model (GTK_LIST_VIEW (self->rows),
                           GTK_SELECTION_MODEL (gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->list)))));
}
