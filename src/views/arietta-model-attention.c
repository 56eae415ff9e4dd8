#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-model-attention.h"

#include <glib/gi18n.h>

#include "drawing/arietta-attention.h"
#include "learning/arietta-model-kind.h"
#include "music/arietta-bar-map.h"
#include "views/arietta-error-presenter.h"
#include "views/arietta-load.h"
#include "widgets/arietta-colors.h"

#define FIRST_BAR   9
#define PICTURE_HEIGHT 240

/* What a worker is asked, and what it finds. */
typedef struct
{
  AriettaLibrary *library;
  char           *model;
  guint           bar;        /* from 0 */
  AriettaPiece   *piece;
  char           *title;
  GArray         *attended;   /* AriettaAttended */
} Look;

struct _AriettaModelAttention
{
  AdwPreferencesGroup parent_instance;

  /* owned */
  AriettaSession *session;
  char           *model;
  Look           *look;       /* shown, or NULL */

  /* children */
  GtkWidget      *row;
  GtkWidget      *bar;
  GtkWidget      *button;
  GtkWidget      *picture;
};

G_DEFINE_FINAL_TYPE (AriettaModelAttention, arietta_model_attention, ADW_TYPE_PREFERENCES_GROUP)

static void
look_free (Look *self)
{
  if (self == NULL)
    return;

  g_clear_object (&self->library);
  g_clear_pointer (&self->piece, arietta_piece_unref);
  g_clear_pointer (&self->attended, g_array_unref);
  g_free (self->title);
  g_free (self->model);
  g_free (self);
}

static void
find_piece (Look    *self,
            GError **error)
{
  g_autoptr(GPtrArray) takes = arietta_library_list_takes (self->library, error), datasets = NULL;

  if (takes == NULL)
    return;

  if (takes->len > 0)
    {
      const AriettaTake *take = takes->pdata[0];

      self->piece = arietta_library_load_take (self->library, take->id, error);
      self->title = g_strdup (take->title);
      return;
    }

  datasets = arietta_library_list_datasets (self->library, error);
  for (guint d = 0; datasets != NULL && d < datasets->len && self->piece == NULL; d++)
    {
      g_autoptr(GPtrArray) items = arietta_library_list_items (self->library,
                                                               ((AriettaDataset *) datasets->pdata[d])->id, NULL, error);

      if (items == NULL || items->len == 0)
        continue;
      self->piece = arietta_library_load_item (self->library, ((AriettaItem *) items->pdata[0])->id, error);
      self->title = g_strdup (((AriettaItem *) items->pdata[0])->title);
    }
}

static gpointer
look (gpointer   data,
      GError   **error)
{
  const Look              *asked = data;
  Look                    *self = g_new0 (Look, 1);
  g_autoptr(AriettaModel)  model = arietta_models_load (asked->library, asked->model, error);
  g_autoptr(AriettaBarMap) bars = NULL;

  self->library = g_object_ref (asked->library);
  self->model = g_strdup (asked->model);
  if (model != NULL)
    find_piece (self, error);
  if (self->piece == NULL)
    {
      look_free (self);
      return NULL;
    }

  bars = arietta_bar_map_new (self->piece);
  self->bar = MIN (asked->bar, MAX (arietta_bar_map_get_n (bars), 2) - 1);
  self->attended = arietta_model_attend (model, self->piece, self->bar, error);
  if (self->attended == NULL)
    g_clear_pointer (&self, look_free);

  return self;
}

static void
show_look (AriettaModelAttention *self)
{
  const AriettaAttended *most = NULL;
  g_autofree char       *line = NULL, *name = NULL, *said = NULL;

  gtk_widget_set_visible (self->picture, self->look != NULL);
  gtk_widget_queue_draw (self->picture);
  if (self->look == NULL)
    {
      adw_action_row_set_subtitle (ADW_ACTION_ROW (self->row), NULL);
      return;
    }

  for (guint i = 0; i < self->look->attended->len; i++)
    {
      const AriettaAttended *one = &g_array_index (self->look->attended, AriettaAttended, i);

      if (most == NULL || one->share > most->share)
        most = one;
    }
  line = g_strdup_printf (_("Bar %u of “%s”"), self->look->bar + 1, self->look->title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->row), line);
  if (most == NULL)
    return;

  name = arietta_pitch_dup_name (most->pitch, FALSE);
  said = g_strdup_printf (_("%u notes before bar %u; looked at most: %s"), self->look->attended->len, self->look->bar + 1,
                          name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->picture), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, said, -1);
}

static void
looked_cb (gpointer      owner,
           gpointer      result,
           const GError *error)
{
  AriettaModelAttention *self = owner;
  Look                  *found = result;

  /* The window has gone. */
  if (self->session == NULL)
    {
      look_free (found);
      return;
    }

  gtk_widget_set_sensitive (self->button, TRUE);
  /* Another model is shown by now. */
  if (found != NULL && g_strcmp0 (found->model, self->model) != 0)
    {
      look_free (found);
      return;
    }
  if (error != NULL && gtk_widget_get_root (GTK_WIDGET (self)) != NULL)
    arietta_present_error (GTK_WIDGET (self), error);
  g_clear_pointer (&self->look, look_free);
  self->look = found;
  show_look (self);
  if (found == NULL && error == NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (self->row), _("There is no music in the library yet."));
}

static void
look_cb (AriettaModelAttention *self)
{
  Look *asked = g_new0 (Look, 1);

  asked->library = g_object_ref (arietta_session_get_library (self->session));
  asked->model = g_strdup (self->model);
  asked->bar = (guint) gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->bar)) - 1;
  gtk_widget_set_sensitive (self->button, FALSE);
  arietta_load_async (self, NULL, look, asked, (GDestroyNotify) look_free, (GDestroyNotify) look_free, looked_cb);
}

static void
draw_cb (GtkDrawingArea *area,
         cairo_t        *cr,
         int             width,
         int             height,
         gpointer        user_data)
{
  AriettaModelAttention *self = user_data;
  AriettaPalette         palette;

  if (self->look == NULL)
    return;

  arietta_colors_get (GTK_WIDGET (area), &palette);
  arietta_attention_draw (self->look->piece, (const AriettaAttended *) (gpointer) self->look->attended->data,
                          self->look->attended->len, self->look->bar, width, height, cr, &palette);
}

static void
arietta_model_attention_dispose (GObject *object)
{
  AriettaModelAttention *self = ARIETTA_MODEL_ATTENTION (object);

  g_clear_object (&self->session);
  g_clear_pointer (&self->look, look_free);

  G_OBJECT_CLASS (arietta_model_attention_parent_class)->dispose (object);
}

static void
arietta_model_attention_finalize (GObject *object)
{
  g_free (ARIETTA_MODEL_ATTENTION (object)->model);

  G_OBJECT_CLASS (arietta_model_attention_parent_class)->finalize (object);
}

static void
arietta_model_attention_class_init (AriettaModelAttentionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = arietta_model_attention_dispose;
  G_OBJECT_CLASS (klass)->finalize = arietta_model_attention_finalize;
}

static void
arietta_model_attention_init (AriettaModelAttention *self)
{
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self), _("What It Looks At"));
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self),
                                         _("The notes before a bar, as strong as the model looks at them while it reads "
                                           "the bar."));

  self->row = adw_action_row_new ();
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->row), _("Bar of the Newest Take"));
  self->bar = gtk_spin_button_new_with_range (2, 999, 1);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->bar), FIRST_BAR);
  gtk_widget_set_valign (self->bar, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->bar), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Bar"), -1);
  self->button = gtk_button_new_with_mnemonic (_("_Look"));
  gtk_widget_set_valign (self->button, GTK_ALIGN_CENTER);
  g_signal_connect_swapped (self->button, "clicked", G_CALLBACK (look_cb), self);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self->row), self->bar);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self->row), self->button);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), self->row);

  self->picture = gtk_drawing_area_new ();
  gtk_widget_set_margin_top (self->picture, 18);
  gtk_widget_set_visible (self->picture, FALSE);
  gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (self->picture), PICTURE_HEIGHT);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (self->picture), draw_cb, self, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->picture), GTK_ACCESSIBLE_PROPERTY_LABEL, _("What It Looks At"),
                                  -1);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), self->picture);
}

void
arietta_model_attention_show (AriettaModelAttention  *self,
                              AriettaSession         *session,
                              const AriettaModelInfo *info)
{
  const AriettaModelKind *kind = info->kind != NULL ? arietta_model_kind_find (info->kind) : NULL;

  g_return_if_fail (ARIETTA_IS_MODEL_ATTENTION (self));

  gtk_widget_set_visible (GTK_WIDGET (self), info->sha256 != NULL && info->problem == NULL && kind != NULL
                                               && kind->attend != NULL);
  g_set_object (&self->session, session);
  if (g_strcmp0 (self->model, info->name) == 0)
    return;

  g_free (self->model);
  self->model = g_strdup (info->name);
  g_clear_pointer (&self->look, look_free);
  show_look (self);
}
