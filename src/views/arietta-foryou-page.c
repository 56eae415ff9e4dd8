#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-foryou-page.h"

#include <glib/gi18n.h>

#include "studio/arietta-compose.h"
#include "studio/arietta-explore.h"
#include "views/arietta-error-presenter.h"
#include "views/arietta-piece-row.h"
#include "views/arietta-record-list.h"
#include "views/arietta-work-strip.h"

#define COUNT 60
/* Of more pieces the first list is made of so many at most. */
#define ENOUGH 4000
/* The slider settles for this long before the list is made anew. */
#define SETTLE_MS 200

struct _AriettaForyouPage
{
  AriettaPage        parent_instance;

  /* owned */
  AriettaRecordList *list;
  AriettaJob        *job;            /* the one making a new list */
  gboolean           all;            /* of all pieces, however many: until that is done or stopped */
  guint              settle_source;
  gboolean           binding;        /* a row is being filled: its buttons change because of us */

  /* template children */
  GtkWidget         *stack;
  GtkWidget         *rows;
  GtkWidget         *surprise;
  AriettaWorkStrip  *strip;
};

G_DEFINE_FINAL_TYPE (AriettaForyouPage, arietta_foryou_page, ARIETTA_TYPE_PAGE)

/* A recommendation that begins with an id, as record lists want it. */
typedef struct
{
  gint64                 id;
  AriettaRecommendation *what;
  int                    liking;   /* 1, -1 or 0, the person's last word */
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
  guint           enough;
} Request;

typedef struct
{
  GPtrArray *rows;
  guint      n_chosen, n_waiting;
} Found;

static void
found_free (gpointer data)
{
  Found *found = data;

  g_clear_pointer (&found->rows, g_ptr_array_unref);
  g_free (found);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Found, found_free)

static void
request_free (Request *request)
{
  g_object_unref (request->library);
  g_free (request);
}

/* The last word on each piece; takes under negative ids. */
static GHashTable *
collect_liking (GPtrArray *listens)
{
  GHashTable *liking = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);

  for (guint i = 0; i < listens->len; i++)
    {
      const AriettaListen *listen = listens->pdata[i];
      gint64               id = listen->take_id != 0 ? -listen->take_id : listen->item_id;

      if (listen->liking != 0 || listen->seconds <= 0.0)
        g_hash_table_replace (liking, g_memdup2 (&id, sizeof id), GINT_TO_POINTER (listen->liking));
    }

  return liking;
}

static gpointer
find_in_job (AriettaJob  *job,
             gpointer     data,
             GError     **error)
{
  Request             *request = data;
  Found               *found = g_new0 (Found, 1);
  g_autoptr(GPtrArray) list = arietta_recommend (request->library, COUNT, request->surprise, request->enough, job,
                                                 &found->n_chosen, &found->n_waiting, error);
  g_autoptr(GPtrArray) listens = list != NULL ? arietta_library_list_listens (request->library, error) : NULL;
  g_autoptr(GHashTable) liking = NULL;

  if (listens == NULL)
    {
      found_free (found);
      return NULL;
    }

  liking = collect_liking (listens);
  found->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) row_free);
  g_ptr_array_set_free_func (list, NULL);
  for (guint i = 0; i < list->len; i++)
    {
      Row *row = g_new0 (Row, 1);

      row->what = g_ptr_array_index (list, i);
      row->id = row->what->take_id != 0 ? -row->what->take_id : row->what->item_id;
      row->liking = GPOINTER_TO_INT (g_hash_table_lookup (liking, &row->id));
      g_ptr_array_add (found->rows, row);
    }

  return found;
}

static void
found_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(AriettaForyouPage) self = ARIETTA_FORYOU_PAGE (user_data);
  g_autoptr(GError)            error = NULL;
  g_autoptr(Found)             found = arietta_job_run_finish (ARIETTA_JOB (source), result, &error);
  g_autofree char             *text = NULL;

  /* A newer list is on its way. */
  if (self->job != ARIETTA_JOB (source))
    return;

  g_clear_object (&self->job);
  self->all = FALSE;
  arietta_present_error (GTK_WIDGET (self), error);
  if (found != NULL)
    {
      if (found->n_waiting > 0)
        text = g_strdup_printf (_("Chosen from %'u of %'u pieces so far."), found->n_chosen,
                                found->n_chosen + found->n_waiting);
      arietta_work_strip_offer (self->strip, text, _("Look Through _All"));
      arietta_record_list_take (self->list, g_steal_pointer (&found->rows));
    }
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack),
                                    g_list_model_get_n_items (G_LIST_MODEL (self->list)) > 0 ? "list" : "empty");
}

static void
reload (AriettaForyouPage *self)
{
  Request *request = g_new0 (Request, 1);

  if (self->job != NULL)
    arietta_job_cancel (self->job);
  g_clear_object (&self->job);

  request->library = g_object_ref (get_library (self));
  request->surprise = gtk_range_get_value (GTK_RANGE (self->surprise));
  request->enough = self->all ? 0 : ENOUGH;
  self->job = arietta_job_new (_("Looking through your music"), FALSE, FALSE, find_in_job, request,
                               (GDestroyNotify) request_free);
  arietta_work_strip_follow (self->strip, self->job);
  /* Not in the queue: with a few pieces it is over before a row of it could be read. */
  arietta_job_run_async (self->job, found_free, found_cb, g_object_ref (self));
}

static void
go_on_cb (AriettaForyouPage *self)
{
  self->all = TRUE;
  reload (self);
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
  if ((tables & (ARIETTA_TABLE_TAKES | ARIETTA_TABLE_ITEMS)) != 0 && gtk_widget_get_mapped (GTK_WIDGET (self)))
    surprise_changed_cb (self);
}

/* ---- Liking ---- */

typedef struct
{
  AriettaForyouPage *page;
  AriettaListen      listen;
  int                before;   /* the word before this one */
} Undo;

static void
undo_free (Undo *undo)
{
  g_object_unref (undo->page);
  g_free (undo);
}

/* A disliked piece leaves the list, so the way back is in the toast. */
static void
undo_dislike_cb (GtkWidget *near,
                 gpointer   user_data)
{
  Undo             *undo = user_data;
  g_autoptr(GError) error = NULL;

  undo->listen.liking = undo->before;
  arietta_library_add_listen (get_library (undo->page), &undo->listen, &error);
  arietta_present_error (near, error);
  reload (undo->page);
}

static void
judge (AriettaForyouPage *self,
       AriettaPieceRow   *row,
       int                liking,
       int                before)
{
  g_autoptr(GError) error = NULL;
  AriettaListen     listen = {
    .item_id = arietta_piece_row_get_item_id (row),
    .take_id = arietta_piece_row_get_take_id (row),
    .liking = liking,
  };

  /* One small row: not worth a worker. */
  if (!arietta_library_add_listen (get_library (self), &listen, &error))
    {
      arietta_present_error (GTK_WIDGET (self), error);
    }
  else if (liking > 0)
    {
      arietta_toast (GTK_WIDGET (self), _("There will be more like this"));
    }
  else if (liking < 0)
    {
      Undo *undo = g_new0 (Undo, 1);

      undo->page = g_object_ref (self);
      undo->listen = listen;
      undo->before = before;
      arietta_toast_undo (GTK_WIDGET (self), _("There will be less like this"), undo_dislike_cb, undo,
                          (GDestroyNotify) undo_free);
    }
  reload (self);
}

static void
like_toggled_cb (GtkToggleButton   *button,
                 AriettaForyouPage *self)
{
  gboolean liked = gtk_toggle_button_get_active (button);

  if (!self->binding)
    judge (self, ARIETTA_PIECE_ROW (gtk_widget_get_ancestor (GTK_WIDGET (button), ARIETTA_TYPE_PIECE_ROW)), liked, !liked);
}

static void
dislike_clicked_cb (GtkWidget         *button,
                    AriettaForyouPage *self)
{
  GtkWidget *row = gtk_widget_get_ancestor (button, ARIETTA_TYPE_PIECE_ROW);
  GtkWidget *like = g_object_get_data (G_OBJECT (row), "like");

  judge (self, ARIETTA_PIECE_ROW (row), -1, gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (like)));
}

static void
set_name (GtkWidget  *button,
          const char *name)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static GtkWidget *
add_judgement (AriettaPieceRow *row,
               GType            type,
               const char      *icon_name,
               const char      *tooltip)
{
  GtkWidget *button = g_object_new (type, "icon-name", icon_name, "tooltip-text", tooltip, NULL);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "circular");
  arietta_piece_row_add_suffix (row, button);
  return button;
}

static void
build_row (AriettaPieceRow *row,
           gpointer         user_data)
{
  GtkWidget *like = add_judgement (row, GTK_TYPE_TOGGLE_BUTTON, "arietta-like-symbolic", _("Like"));
  GtkWidget *dislike = add_judgement (row, GTK_TYPE_BUTTON, "arietta-dislike-symbolic", _("Dislike"));

  gtk_widget_add_css_class (like, "like");
  g_signal_connect (like, "toggled", G_CALLBACK (like_toggled_cb), user_data);
  g_signal_connect (dislike, "clicked", G_CALLBACK (dislike_clicked_cb), user_data);
  g_object_set_data (G_OBJECT (row), "like", like);
  g_object_set_data (G_OBJECT (row), "dislike", dislike);
}

static void
show_row (AriettaPieceRow *row,
          gpointer         user_data)
{
  AriettaForyouPage *self = user_data;
  const char        *title = arietta_piece_row_get_title (row);
  GtkWidget         *like = g_object_get_data (G_OBJECT (row), "like");
  g_autofree char   *like_name = g_strdup_printf (_("Like “%s”"), title);
  g_autofree char   *dislike_name = g_strdup_printf (_("Dislike “%s”"), title);

  self->binding = TRUE;
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (like),
                                GPOINTER_TO_INT (g_object_get_data (G_OBJECT (row), "liking")) > 0);
  self->binding = FALSE;
  set_name (like, like_name);
  set_name (g_object_get_data (G_OBJECT (row), "dislike"), dislike_name);
}

static void
row_setup_cb (AriettaForyouPage *self,
              GtkListItem       *list_item)
{
  gtk_list_item_set_activatable (list_item, FALSE);
  gtk_list_item_set_child (list_item, arietta_piece_row_new (get_session (self), build_row, show_row, self));
}

static void
row_bind_cb (AriettaForyouPage *self,
             GtkListItem       *list_item)
{
  const Row                   *row = arietta_record_get (gtk_list_item_get_item (list_item));
  const AriettaRecommendation *what = row->what;
  GtkWidget                   *piece = gtk_list_item_get_child (list_item);

  g_object_set_data (G_OBJECT (piece), "liking", GINT_TO_POINTER (row->liking));
  arietta_piece_row_show (ARIETTA_PIECE_ROW (piece), what->item_id, what->take_id, what->title, what->reason,
                          what->style);
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
  g_autoptr(GPtrArray) list = arietta_recommend (library, 1, 0.0, ENOUGH, NULL, NULL, NULL, NULL);
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
  AriettaForyouPage *self = ARIETTA_FORYOU_PAGE (page);

  /* What is being looked through goes on. */
  if (self->job == NULL)
    reload (self);
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
  if (self->job != NULL)
    arietta_job_cancel (self->job);
  g_clear_object (&self->job);
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
  gtk_widget_class_bind_template_child (widget_class, AriettaForyouPage, strip);
  gtk_widget_class_bind_template_callback (widget_class, go_on_cb);
  gtk_widget_class_bind_template_callback (widget_class, surprise_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_unbind_cb);
}

static void
arietta_foryou_page_init (AriettaForyouPage *self)
{
  g_type_ensure (ARIETTA_TYPE_WORK_STRIP);
  gtk_widget_init_template (GTK_WIDGET (self));

  self->list = arietta_record_list_new ();
  gtk_list_view_set_model (GTK_LIST_VIEW (self->rows),
                           GTK_SELECTION_MODEL (gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->list)))));
}
