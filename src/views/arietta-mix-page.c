#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-mix-page.h"

#include <glib/gi18n.h>
#include <string.h>

#include "drawing/arietta-palette.h"
#include "studio/arietta-compose.h"
#include "studio/arietta-names.h"
#include "views/arietta-a11y.h"
#include "views/arietta-error-presenter.h"
#include "views/arietta-load.h"
#include "views/arietta-record-list.h"
#include "views/arietta-source-list.h"
#include "widgets/arietta-piano-roll.h"
#include "widgets/arietta-style-mark.h"
#include "widgets/arietta-value-meter.h"

/* The least height of a roll, in pixels. */
#define ROLL         150
#define COMPACT_ROLL 240

struct _AriettaMixPage
{
  AriettaPage        parent_instance;

  /* owned */
  AriettaRecordList *sources;
  GPtrArray         *scales;        /* borrowed GtkScale, one a style, in the order of styles */
  char             **styles;
  AriettaPiece      *source;
  char              *source_title;
  gint64             source_id;
  AriettaPiece      *result;
  gint64             result_take;
  char              *result_title;

  /* template children */
  GtkWidget         *stack;
  GtkWidget         *chooser;
  GtkWidget         *source_roll;
  GtkWidget         *result_roll;
  GtkWidget         *result_stack;
  GtkWidget         *weights;
  GtkWidget         *strength;
  GtkWidget         *body;
  GtkWidget         *pieces;
  GtkWidget         *result_part;
  GtkWidget         *kept;
  GtkWidget         *arrived;
};

G_DEFINE_FINAL_TYPE (AriettaMixPage, arietta_mix_page, ARIETTA_TYPE_PAGE)

static AriettaSession *
get_session (AriettaMixPage *self)
{
  return arietta_page_get_session (ARIETTA_PAGE (self));
}

static AriettaLibrary *
get_library (AriettaMixPage *self)
{
  return arietta_session_get_library (get_session (self));
}

static double
get_weight (AriettaMixPage *self,
            guint           nth)
{
  return gtk_range_get_value (GTK_RANGE (g_ptr_array_index (self->scales, nth)));
}

/* Mixing needs a piece and at least one style with weight. */
static void
update_verb (AriettaMixPage *self)
{
  gboolean any = FALSE;

  for (guint i = 0; i < self->scales->len; i++)
    any |= get_weight (self, i) > 0.0;
  arietta_page_enable_action (ARIETTA_PAGE (self), "mix", any && self->source != NULL);
  arietta_page_enable_action (ARIETTA_PAGE (self), "switch", self->source != NULL && self->result != NULL);
  arietta_page_enable_action (ARIETTA_PAGE (self), "play-source", self->source != NULL);
}

/* ---- The source ---- */

typedef struct
{
  AriettaLibrary *library;
  gint64          id;
} SourceRequest;

static void
source_request_free (SourceRequest *request)
{
  g_object_unref (request->library);
  g_free (request);
}

static gpointer
read_source (gpointer  data,
             GError  **error)
{
  SourceRequest *request = data;

  return arietta_source_load (request->library, request->id, error);
}

static void
source_loaded_cb (gpointer      owner,
                  gpointer      result,
                  const GError *error)
{
  AriettaMixPage *self = owner;

  arietta_present_error (GTK_WIDGET (self), error);
  if (result == NULL)
    return;

  g_clear_pointer (&self->source, arietta_piece_unref);
  g_clear_pointer (&self->result, arietta_piece_unref);
  self->result_take = 0;
  self->source = result;
  g_object_set (self->source_roll, "piece", self->source, NULL);
  arietta_piano_roll_zoom_to_fit (ARIETTA_PIANO_ROLL (self->source_roll));
  gtk_stack_set_visible_child_name (GTK_STACK (self->result_stack), "none");
  g_object_set (self->kept, "value", -1.0, NULL);
  g_object_set (self->arrived, "value", -1.0, "reference", -1.0, NULL);
  update_verb (self);
}

static void
source_chosen_cb (AriettaMixPage *self)
{
  const AriettaSourceChoice *choice =
    arietta_record_list_get (self->sources, gtk_drop_down_get_selected (GTK_DROP_DOWN (self->chooser)));
  SourceRequest             *request;

  if (choice == NULL || choice->id == self->source_id)
    return;

  self->source_id = choice->id;
  g_free (self->source_title);
  self->source_title = g_strdup (choice->title);
  request = g_new0 (SourceRequest, 1);
  request->library = g_object_ref (get_library (self));
  request->id = choice->id;
  arietta_load_async (self, NULL, read_source, request, (GDestroyNotify) source_request_free,
                      (GDestroyNotify) arietta_piece_unref, source_loaded_cb);
}

static gpointer
read_sources (gpointer  data,
              GError  **error)
{
  return arietta_source_list_read (data, error);
}

/* What is open, as long as nothing was chosen here: the id of its item, less than 0 that of a take. */
static gint64
get_open_id (AriettaMixPage *self)
{
  gint64 take = arietta_session_get_take_id (get_session (self));

  return take != 0 ? -take : arietta_session_get_item_id (get_session (self));
}

static void
sources_loaded_cb (gpointer      owner,
                   gpointer      result,
                   const GError *error)
{
  AriettaMixPage *self = owner;
  guint           position;

  arietta_present_error (GTK_WIDGET (self), error);
  if (result == NULL)
    return;

  g_signal_handlers_block_by_func (self->chooser, source_chosen_cb, self);
  arietta_record_list_take (self->sources, result);
  position = arietta_record_list_find (self->sources, self->source_id != 0 ? self->source_id : get_open_id (self));
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->chooser), position != G_MAXUINT ? position : 0);
  g_signal_handlers_unblock_by_func (self->chooser, source_chosen_cb, self);

  gtk_stack_set_visible_child_name (GTK_STACK (self->stack),
                                    g_list_model_get_n_items (G_LIST_MODEL (self->sources)) > 0 ? "mix" : "empty");
  source_chosen_cb (self);
}

/* ---- The styles ---- */

static gpointer
read_styles (gpointer  data,
             GError  **error)
{
  return arietta_compose_list_styles (data, ARIETTA_DEFAULT_MODEL, error);
}

static void
add_weight (AriettaMixPage *self,
            const char     *style,
            int             row)
{
  GtkWidget *mark = arietta_style_mark_new (arietta_palette_style_mark (style));
  GtkWidget *label = gtk_label_new (arietta_style_get_name (style));
  GtkWidget *scale = gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, 0.0, 1.0, 0.05);

  gtk_label_set_xalign (GTK_LABEL (label), 0.0f);
  gtk_scale_set_draw_value (GTK_SCALE (scale), FALSE);
  gtk_widget_set_hexpand (scale, TRUE);
  gtk_widget_set_size_request (scale, 120, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (scale), GTK_ACCESSIBLE_PROPERTY_LABEL, arietta_style_get_name (style),
                                  -1);
  g_signal_connect_swapped (scale, "value-changed", G_CALLBACK (update_verb), self);
  gtk_grid_attach (GTK_GRID (self->weights), mark, 0, row, 1, 1);
  gtk_grid_attach (GTK_GRID (self->weights), label, 1, row, 1, 1);
  gtk_grid_attach (GTK_GRID (self->weights), scale, 2, row, 1, 1);
  g_ptr_array_add (self->scales, scale);
}

static void
styles_loaded_cb (gpointer      owner,
                  gpointer      result,
                  const GError *error)
{
  AriettaMixPage *self = owner;

  arietta_present_error (GTK_WIDGET (self), error);
  if (result == NULL)
    return;

  g_strfreev (self->styles);
  self->styles = result;
  for (guint i = 0; self->styles[i] != NULL; i++)
    add_weight (self, self->styles[i], (int) i);
  update_verb (self);
}

/* ---- Mixing ---- */

typedef struct
{
  AriettaLibrary     *library;
  AriettaPiece       *source;
  AriettaStyleWeight *weights;
  char              **styles;
  guint               n;
  double              strength;
} MixRequest;

static void
mix_request_free (MixRequest *request)
{
  g_object_unref (request->library);
  arietta_piece_unref (request->source);
  g_strfreev (request->styles);
  g_free (request->weights);
  g_free (request);
}

static gpointer
mix_in_thread (AriettaJob  *job,
               gpointer     data,
               GError     **error)
{
  MixRequest           *request = data;
  g_autoptr(AriettaMix) mix = arietta_mix (request->library, NULL, request->source, request->weights, request->n,
                                           request->strength, 1, job, error);

  if (mix == NULL ||
      !arietta_library_add_take (request->library, mix->composed->take, mix->composed->piece, error))
    return NULL;

  return g_steal_pointer (&mix);
}

/* Chance of the wanted styles together, by the measure. */
static double
arrival_of (AriettaMixPage *self,
            GHashTable     *chances)
{
  double sum = 0.0;

  for (guint i = 0; i < self->scales->len; i++)
    {
      const double *chance = g_hash_table_lookup (chances, self->styles[i]);

      if (chance != NULL && get_weight (self, i) > 0.0)
        sum += *chance;
    }

  return CLAMP (sum, 0.0, 1.0);
}

static void
mix_done_cb (GObject      *source,
             GAsyncResult *async_result,
             gpointer      user_data)
{
  g_autoptr(AriettaMixPage) self = ARIETTA_MIX_PAGE (user_data);
  g_autoptr(GError)         error = NULL;
  g_autoptr(AriettaMix)     mix = arietta_job_run_finish (ARIETTA_JOB (source), async_result, &error);

  if (gtk_widget_get_root (GTK_WIDGET (self)) == NULL)
    return;

  arietta_present_error (GTK_WIDGET (self), error);
  if (mix == NULL)
    return;

  g_clear_pointer (&self->result, arietta_piece_unref);
  self->result = arietta_piece_ref (mix->composed->piece);
  self->result_take = mix->composed->take->id;
  g_free (self->result_title);
  self->result_title = g_strdup (mix->composed->take->title);

  g_object_set (self->result_roll, "piece", self->result, NULL);
  gtk_stack_set_visible_child_name (GTK_STACK (self->result_stack), "roll");
  update_verb (self);
  arietta_piano_roll_zoom_to_fit (ARIETTA_PIANO_ROLL (self->result_roll));
  g_object_set (self->kept, "value",
                (mix->retention_chroma + mix->retention_contour + mix->retention_onset_f1) / 3.0, NULL);
  g_object_set (self->arrived, "value", arrival_of (self, mix->arrival), "reference",
                arrival_of (self, mix->arrival_before), NULL);
  arietta_session_play_take_piece (get_session (self), self->result_take, self->result, self->result_title, TRUE);
}

static void
mix_action (GSimpleAction *action,
            GVariant      *parameter,
            gpointer       user_data)
{
  AriettaMixPage       *self = user_data;
  MixRequest           *request;
  g_autoptr(AriettaJob) job = NULL;

  if (self->source == NULL || self->styles == NULL)
    return;

  request = g_new0 (MixRequest, 1);
  request->library = g_object_ref (get_library (self));
  request->source = arietta_piece_ref (self->source);
  request->styles = g_strdupv (self->styles);
  request->weights = g_new0 (AriettaStyleWeight, self->scales->len);
  request->strength = gtk_range_get_value (GTK_RANGE (self->strength));
  for (guint i = 0; i < self->scales->len; i++)
    if (get_weight (self, i) > 0.0)
      request->weights[request->n++] = (AriettaStyleWeight) { request->styles[i], get_weight (self, i) };

  job = arietta_job_new (_("Mixing styles"), FALSE, FALSE, mix_in_thread, request, (GDestroyNotify) mix_request_free);
  arietta_job_queue_add (arietta_session_get_jobs (get_session (self)), job, (GDestroyNotify) arietta_mix_free,
                         mix_done_cb, g_object_ref (self));
}

/* The other of both, at the same place, playing on if it played. */
static void
switch_action (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  AriettaMixPage *self = user_data;
  AriettaSession *session = get_session (self);
  AriettaPlayer  *player = arietta_session_get_player (session);
  gboolean        playing = arietta_player_is_playing (player);
  gboolean        to_source = self->result_take != 0 && arietta_session_get_take_id (session) == self->result_take;
  AriettaPiece   *before = arietta_session_get_piece (session);
  AriettaPiece   *after = to_source ? self->source : self->result;
  double          seconds;

  if (after == NULL || before == NULL)
    return;

  seconds = arietta_piece_ticks_to_seconds (before, arietta_player_get_position (player));
  if (to_source)
    arietta_session_play_piece (session, self->source, self->source_title, FALSE);
  else
    arietta_session_play_take_piece (session, self->result_take, self->result, self->result_title, FALSE);
  arietta_player_seek (player, arietta_piece_seconds_to_ticks (after, seconds));
  if (playing)
    arietta_player_play (player);
}

static void
play_source_action (GSimpleAction *action,
                    GVariant      *parameter,
                    gpointer       user_data)
{
  AriettaMixPage *self = user_data;

  if (self->source != NULL)
    arietta_session_play_piece (get_session (self), self->source, self->source_title, TRUE);
}

static const GActionEntry actions[] = {
  { "mix", mix_action },
  { "switch", switch_action },
  { "play-source", play_source_action },
};

static void
library_changed_cb (AriettaMixPage       *self,
                    AriettaLibraryTables  tables)
{
  if ((tables & (ARIETTA_TABLE_TAKES | ARIETTA_TABLE_ITEMS)) != 0)
    arietta_load_async (self, NULL, read_sources, g_object_ref (get_library (self)), g_object_unref,
                        (GDestroyNotify) g_ptr_array_unref, sources_loaded_cb);
}

static char *
source_title_cb (AriettaRecord *record,
                 gpointer       user_data)
{
  return record != NULL ? g_strdup (((const AriettaSourceChoice *) arietta_record_get (record))->title) : NULL;
}

static gboolean
same_source (gconstpointer a,
             gconstpointer b)
{
  const AriettaSourceChoice *one = a, *other = b;

  return one->id == other->id && strcmp (one->title, other->title) == 0;
}

static void
set_roll_height (GtkWidget *roll,
                 int        height)
{
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (gtk_widget_get_parent (roll)), height);
}

/* Where all stands one below the other, the result comes after what makes it. */
static void
narrow_changed_cb (AriettaMixPage *self)
{
  gboolean   compact = arietta_page_get_compact (ARIETTA_PAGE (self));
  GtkWidget *place = compact ? self->body : self->pieces;

  /* The page scrolls there, and shares its height with nothing. */
  set_roll_height (self->source_roll, compact ? COMPACT_ROLL : ROLL);
  set_roll_height (self->result_roll, compact ? COMPACT_ROLL : ROLL);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->body),
                                  compact ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  if (gtk_widget_get_parent (self->result_part) == place)
    return;

  g_object_ref (self->result_part);
  gtk_box_remove (GTK_BOX (gtk_widget_get_parent (self->result_part)), self->result_part);
  gtk_box_append (GTK_BOX (place), self->result_part);
  g_object_unref (self->result_part);
}

static void
arietta_mix_page_constructed (GObject *object)
{
  AriettaMixPage *self = ARIETTA_MIX_PAGE (object);
  AriettaPlayer  *player = arietta_session_get_player (get_session (self));

  G_OBJECT_CLASS (arietta_mix_page_parent_class)->constructed (object);

  arietta_page_add_actions (ARIETTA_PAGE (self), actions, G_N_ELEMENTS (actions));
  update_verb (self);
  g_signal_connect_object (get_library (self), "changed", G_CALLBACK (library_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect (self, "notify::compact", G_CALLBACK (narrow_changed_cb), NULL);
  narrow_changed_cb (self);
  g_object_bind_property (player, "position-ticks", self->source_roll, "position", G_BINDING_SYNC_CREATE);
  g_object_bind_property (player, "position-ticks", self->result_roll, "position", G_BINDING_SYNC_CREATE);

  arietta_load_async (self, NULL, read_styles, g_object_ref (get_library (self)), g_object_unref,
                      (GDestroyNotify) g_strfreev, styles_loaded_cb);
  library_changed_cb (self, ARIETTA_TABLE_TAKES);
}

static void
arietta_mix_page_dispose (GObject *object)
{
  AriettaMixPage *self = ARIETTA_MIX_PAGE (object);

  g_clear_object (&self->sources);
  g_clear_pointer (&self->scales, g_ptr_array_unref);
  g_clear_pointer (&self->styles, g_strfreev);
  g_clear_pointer (&self->source, arietta_piece_unref);
  g_clear_pointer (&self->result, arietta_piece_unref);
  g_clear_pointer (&self->source_title, g_free);
  g_clear_pointer (&self->result_title, g_free);

  G_OBJECT_CLASS (arietta_mix_page_parent_class)->dispose (object);
}

static void
arietta_mix_page_class_init (AriettaMixPageClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = arietta_mix_page_constructed;
  object_class->dispose = arietta_mix_page_dispose;
  arietta_page_class_set_verb (ARIETTA_PAGE_CLASS (klass), N_("Mix"), "arietta-style-mix-symbolic", "page.mix");

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/arietta/Arietta/arietta-mix-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AriettaMixPage, stack);
  gtk_widget_class_bind_template_child (widget_class, AriettaMixPage, chooser);
  gtk_widget_class_bind_template_child (widget_class, AriettaMixPage, source_roll);
  gtk_widget_class_bind_template_child (widget_class, AriettaMixPage, result_roll);
  gtk_widget_class_bind_template_child (widget_class, AriettaMixPage, result_stack);
  gtk_widget_class_bind_template_child (widget_class, AriettaMixPage, weights);
  gtk_widget_class_bind_template_child (widget_class, AriettaMixPage, strength);
  gtk_widget_class_bind_template_child (widget_class, AriettaMixPage, body);
  gtk_widget_class_bind_template_child (widget_class, AriettaMixPage, pieces);
  gtk_widget_class_bind_template_child (widget_class, AriettaMixPage, result_part);
  gtk_widget_class_bind_template_child (widget_class, AriettaMixPage, kept);
  gtk_widget_class_bind_template_child (widget_class, AriettaMixPage, arrived);

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_x, 0, "page.switch", NULL);
}

static void
arietta_mix_page_init (AriettaMixPage *self)
{
  g_autoptr(GtkExpression) title = NULL;

  g_type_ensure (ARIETTA_TYPE_PIANO_ROLL);
  g_type_ensure (ARIETTA_TYPE_VALUE_METER);
  gtk_widget_init_template (GTK_WIDGET (self));

  arietta_a11y_name_drop_down (self->chooser, _("Source piece"));
  self->scales = g_ptr_array_new ();
  self->sources = arietta_record_list_new ();
  arietta_record_list_set_same (self->sources, same_source);
  title = gtk_cclosure_expression_new (G_TYPE_STRING, NULL, 0, NULL, G_CALLBACK (source_title_cb), NULL, NULL);
  gtk_drop_down_set_expression (GTK_DROP_DOWN (self->chooser), title);
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->chooser), G_LIST_MODEL (self->sources));
  g_signal_connect_swapped (self->chooser, "notify::selected", G_CALLBACK (source_chosen_cb), self);
}
