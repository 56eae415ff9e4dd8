#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-model-card.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "drawing/arietta-palette.h"
#include "studio/arietta-names.h"
#include "studio/arietta-model-words.h"
#include "widgets/arietta-face-view.h"
#include "widgets/arietta-quick-layout.h"
#include "widgets/arietta-style-mark.h"

#define FACE_SIZE 64
/* All of them stand in the detail. */
#define MOST_STYLES 8
#define NAME_KEY "arietta-model"
#define SAYS_KEY "arietta-model-says"

/* The first piece it could learn from. */
static gint64
find_item (AriettaLibrary         *library,
           const AriettaModelInfo *info,
           GPtrArray              *records)
{
  g_autoptr(GPtrArray) items = NULL;
  gint64               dataset = 0;

  for (guint i = 0; i < records->len; i++)
    {
      const AriettaModelRecord *record = records->pdata[i];

      if (record->id == info->id)
        dataset = record->dataset_id;
    }
  if (dataset == 0 || (items = arietta_library_list_items (library, dataset, NULL, NULL)) == NULL)
    return 0;

  for (guint i = 0; i < items->len; i++)
    {
      const AriettaItem *item = items->pdata[i];

      if (item->medium == ARIETTA_MEDIUM_NOTES && item->split == ARIETTA_SPLIT_TRAIN)
        return item->id;
    }

  return 0;
}

GArray *
arietta_model_extras_read (AriettaLibrary *library,
                           GPtrArray      *models)
{
  g_autoptr(GPtrArray) records = arietta_library_list_models (library, NULL);
  GArray              *extras = g_array_new (FALSE, TRUE, sizeof (AriettaModelExtra));

  for (guint i = 0; i < models->len; i++)
    {
      const AriettaModelInfo *info = models->pdata[i];
      AriettaModelExtra       extra = { 0 };
      GStatBuf                status;

      if (info->weights_path != NULL && g_stat (info->weights_path, &status) == 0)
        extra.bytes = status.st_size;
      if (info->id != 0 && records != NULL)
        extra.item_id = find_item (library, info, records);
      g_array_append_val (extras, extra);
    }

  return extras;
}

static GtkWidget *
label_new (const char *text,
           const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0.0f);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_width_chars (GTK_LABEL (label), 12);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 34);
  gtk_widget_add_css_class (label, css_class);

  return label;
}

static const char *
state_words (const AriettaModelInfo *info,
             gboolean                training)
{
  if (training || info->state == ARIETTA_MODEL_TRAINING)
    return _("Training");
  if (info->state == ARIETTA_MODEL_PAUSED)
    return _("Paused");

  return info->bundled ? _("Comes with Arietta") : _("Your own");
}

/* Mark and name of the first styles, in as many lines as they need, and how many more there are. */
static GtkWidget *
styles_new (GPtrArray *styles)
{
  GtkWidget *flow = gtk_flow_box_new ();
  guint      n = styles->len <= MOST_STYLES ? styles->len : MOST_STYLES - 1;

  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (flow), GTK_SELECTION_NONE);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (flow), 8);
  gtk_flow_box_set_column_spacing (GTK_FLOW_BOX (flow), 12);
  gtk_widget_set_can_focus (flow, FALSE);
  gtk_widget_set_can_target (flow, FALSE);
  for (guint i = 0; i < n; i++)
    {
      const char *style = styles->pdata[i];
      GtkWidget  *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
      GtkWidget  *label = gtk_label_new (arietta_style_get_name (style));

      gtk_widget_add_css_class (label, "caption");
      gtk_box_append (GTK_BOX (box), arietta_style_mark_new (arietta_palette_style_mark (style)));
      gtk_box_append (GTK_BOX (box), label);
      gtk_flow_box_append (GTK_FLOW_BOX (flow), box);
    }
  if (n < styles->len)
    {
      g_autofree char *more = g_strdup_printf ("+%u", styles->len - n);
      GtkWidget       *label = gtk_label_new (more);

      gtk_label_set_xalign (GTK_LABEL (label), 0.0f);
      gtk_widget_add_css_class (label, "caption");
      gtk_widget_add_css_class (label, "dim-label");
      gtk_flow_box_append (GTK_FLOW_BOX (flow), label);
    }

  return flow;
}

/* "0.7 million weights · 1.5 MB · CC0-1.0" */
static char *
dup_small_print (const AriettaModelInfo  *info,
                 const AriettaModelExtra *extra)
{
  g_autofree char      *weights = arietta_model_dup_facts (info);
  g_autofree char      *size = extra->bytes > 0 ? g_format_size ((guint64) extra->bytes) : NULL;
  g_autofree char      *rights = arietta_model_dup_rights (info);
  g_autoptr(GPtrArray)  parts = g_ptr_array_new ();

  if (*weights != '\0')
    g_ptr_array_add (parts, weights);
  if (size != NULL)
    g_ptr_array_add (parts, size);
  if (*rights != '\0')
    g_ptr_array_add (parts, rights);
  g_ptr_array_add (parts, NULL);

  return g_strjoinv (" · ", (char **) parts->pdata);
}

/* All that a card of @info is made of. */
static char *
dup_says (const AriettaModelInfo  *info,
          const AriettaModelExtra *extra,
          gboolean                 training)
{
  g_autoptr(GPtrArray) styles = arietta_model_list_styles (info);
  g_autofree char     *kind = arietta_model_dup_kind (info);
  g_autofree char     *line = arietta_model_dup_honest_line (info);
  g_autofree char     *print = dup_small_print (info, extra);
  g_autofree char     *named = NULL;

  g_ptr_array_add (styles, NULL);
  named = g_strjoinv (" ", (char **) styles->pdata);
  return g_strdup_printf ("%s\n%s\n%s\n%s\n%s\n%s\n%s\n%d %d %d %" G_GINT64_FORMAT, info->name, kind,
                          state_words (info, training), line, print, named, info->sha256 != NULL ? info->sha256 : "",
                          info->problem != NULL, info->state == ARIETTA_MODEL_PAUSED && !training, info->bundled,
                          extra->item_id);
}

GtkWidget *
arietta_model_card_new (AriettaSession          *session,
                        const AriettaModelInfo  *info,
                        const AriettaModelExtra *extra,
                        gboolean                 training)
{
  GtkWidget            *child = gtk_flow_box_child_new ();
  GtkWidget            *card = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget            *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget            *face = arietta_face_view_new ();
  g_autoptr(GPtrArray)  styles = arietta_model_list_styles (info);
  g_autofree char      *kind = arietta_model_dup_kind (info);
  g_autofree char      *line = arietta_model_dup_honest_line (info);
  g_autofree char      *print = dup_small_print (info, extra);
  g_autofree char      *heading = g_strdup_printf ("%s · %s", kind, state_words (info, training));
  const char           *title = arietta_model_get_title (info->name);
  g_autofree char      *name = g_strdup_printf ("%s, %s", title, heading);

  g_object_set (face, "size", FACE_SIZE, "valign", GTK_ALIGN_START, "hue",
                styles->len == 1 ? (int) arietta_palette_style_hue (styles->pdata[0]) : -1, NULL);
  if (extra->item_id != 0)
    arietta_face_loader_show (arietta_session_get_faces (session), ARIETTA_FACE_VIEW (face), extra->item_id, 0);
  else if (info->sha256 != NULL && info->problem == NULL)
    arietta_face_loader_show_model (arietta_session_get_faces (session), ARIETTA_FACE_VIEW (face), info->name,
                                    info->sha256);

  gtk_box_append (GTK_BOX (box), label_new (heading, "caption"));
  gtk_box_append (GTK_BOX (box), label_new (title, "title-4"));
  gtk_box_append (GTK_BOX (box), label_new (line, info->problem != NULL ? "error" : "body"));
  if (styles->len > 0)
    gtk_box_append (GTK_BOX (box), styles_new (styles));
  if (*print != '\0')
    {
      GtkWidget *small = label_new (print, "caption");

      gtk_widget_add_css_class (small, "dim-label");
      gtk_box_append (GTK_BOX (box), small);
    }
  if (info->state == ARIETTA_MODEL_PAUSED && !training)
    {
      GtkWidget       *resume = gtk_button_new_with_mnemonic (_("_Go On Training"));
      g_autofree char *resume_name = g_strdup_printf (_("Go On Training “%s”"), info->name);

      gtk_actionable_set_action_target (GTK_ACTIONABLE (resume), "s", info->name);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (resume), "page.resume-model");
      gtk_accessible_update_property (GTK_ACCESSIBLE (resume), GTK_ACCESSIBLE_PROPERTY_LABEL, resume_name, -1);
      gtk_widget_set_halign (resume, GTK_ALIGN_START);
      gtk_widget_set_margin_top (resume, 6);
      gtk_box_append (GTK_BOX (box), resume);
    }

  gtk_widget_set_hexpand (box, TRUE);
  gtk_box_append (GTK_BOX (card), face);
  gtk_box_append (GTK_BOX (card), box);
  gtk_widget_add_css_class (card, "model-card");
  gtk_widget_add_css_class (child, "card");
  gtk_widget_add_css_class (child, "activatable");
  arietta_quick_layout_ease (card);
  gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), card);
  gtk_accessible_update_property (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, line, -1);
  g_object_set_data_full (G_OBJECT (child), NAME_KEY, g_strdup (info->name), g_free);
  g_object_set_data_full (G_OBJECT (child), SAYS_KEY, dup_says (info, extra, training), g_free);

  return child;
}

const char *
arietta_model_card_get_name (GtkFlowBoxChild *card)
{
  return g_object_get_data (G_OBJECT (card), NAME_KEY);
}

gboolean
arietta_model_card_says (GtkFlowBoxChild         *card,
                         const AriettaModelInfo  *info,
                         const AriettaModelExtra *extra,
                         gboolean                 training)
{
  g_autofree char *says = dup_says (info, extra, training);

  return g_strcmp0 (g_object_get_data (G_OBJECT (card), SAYS_KEY), says) == 0;
}
