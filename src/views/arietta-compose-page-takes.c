/* What can be done with a take. */
#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-compose-page-private.h"

#include <glib/gi18n.h>

#include "views/arietta-change.h"
#include "views/arietta-error-presenter.h"
#include "views/arietta-export.h"
#include "views/arietta-load.h"

static AriettaSession *
get_session (AriettaComposePage *self)
{
  return arietta_page_get_session (ARIETTA_PAGE (self));
}

static AriettaLibrary *
get_library (AriettaComposePage *self)
{
  return arietta_session_get_library (get_session (self));
}

static const AriettaTake *
get_selected (AriettaComposePage *self)
{
  AriettaTakeObject *object = arietta_take_strip_get_selected (self->strip);

  return object != NULL ? arietta_take_object_get (object) : NULL;
}

static gboolean
make_star (AriettaLibrary *library, const gint64 *ids, guint n_ids, const char *text, gboolean flag, GError **error)
{
  return arietta_library_star_take (library, ids[0], flag, error);
}

static gboolean
make_title (AriettaLibrary *library, const gint64 *ids, guint n_ids, const char *text, gboolean flag, GError **error)
{
  return arietta_library_rename_take (library, ids[0], text, error);
}

static gboolean
make_removed (AriettaLibrary *library, const gint64 *ids, guint n_ids, const char *text, gboolean flag, GError **error)
{
  return arietta_library_remove_takes (library, ids, n_ids, flag, error);
}

static const AriettaChange change_star = { make_star, NULL };
static const AriettaChange change_title = { make_title, NULL };
static const AriettaChange change_removed = { make_removed, NULL };

void
arietta_compose_page_play_take (AriettaComposePage *self,
                                AriettaTakeObject  *object)
{
  const AriettaTake *take;

  if (object == NULL)
    return;
  take = arietta_take_object_get (object);
  arietta_session_play_take (get_session (self), take->id, take->title, TRUE);
}

static void
play_take_cb (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  AriettaComposePage *self = user_data;

  arietta_compose_page_play_take (self, arietta_take_strip_get_selected (self->strip));
}

static void
star_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  AriettaComposePage *self = user_data;
  const AriettaTake *take = get_selected (self);
  g_autoptr(GArray) ids = NULL;

  if (take == NULL)
    return;
  ids = arietta_change_ids (take->id);
  arietta_change_make (GTK_WIDGET (self), get_library (self), &change_star, ids, NULL, !take->starred);
}

static void
rename_cb (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  AriettaComposePage *self = user_data;
  const AriettaTake *take = get_selected (self);

  if (take != NULL)
    arietta_change_rename (GTK_WIDGET (self), get_library (self), &change_title, take->id,
                           _("Rename Take"), _("Title"), take->title);
}

static void
delete_cb (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  AriettaComposePage *self = user_data;
  const AriettaTake *take = get_selected (self);
  g_autoptr(GArray) ids = NULL;
  g_autofree char *text = NULL;

  if (take == NULL)
    return;
  ids = arietta_change_ids (take->id);
  text = g_strdup_printf (_("Deleted “%s”"), take->title);
  arietta_change_remove (GTK_WIDGET (self), get_library (self), &change_removed, ids, text);
}

static void
remove_examples_cb (GSimpleAction *action,
                    GVariant      *parameter,
                    gpointer       user_data)
{
  AriettaComposePage *self = user_data;
  g_autoptr(GArray) ids = arietta_take_strip_list_examples (self->strip);
  g_autofree char *text = NULL;

  if (ids->len == 0)
    return;
  arietta_compose_page_end_examples (self);
  text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Removed %u example", "Removed %u examples",
                                       ids->len), ids->len);
  arietta_change_remove (GTK_WIDGET (self), get_library (self), &change_removed, ids, text);
}

/* ---- Beside another, and again ---- */

typedef struct
{
  AriettaLibrary *library;
  gint64          id;
} TakeErrand;

typedef struct
{
  AriettaTake  *take;
  AriettaPiece *piece;
} TakeFound;

static void
take_errand_free (gpointer data)
{
  TakeErrand *errand = data;

  g_object_unref (errand->library);
  g_free (errand);
}

static void
take_found_free (gpointer data)
{
  TakeFound *found = data;

  arietta_take_free (found->take);
  g_clear_pointer (&found->piece, arietta_piece_unref);
  g_free (found);
}

static gpointer
find_take (gpointer   data,
           GError   **error)
{
  TakeErrand *errand = data;
  TakeFound *found = g_new0 (TakeFound, 1);

  found->take = arietta_library_get_take (errand->library, errand->id, error);
  if (found->take != NULL)
    found->piece = arietta_library_load_take (errand->library, errand->id, error);
  if (found->piece == NULL)
    g_clear_pointer (&found, take_found_free);

  return found;
}

static void
compared_cb (gpointer      owner,
             gpointer      result,
             const GError *error)
{
  AriettaComposePage *self = owner;
  TakeFound *found = result;

  if (found == NULL)
    {
      arietta_present_error (GTK_WIDGET (self), error);
      return;
    }
  arietta_compose_page_compare (self, found->take, found->piece);
  take_found_free (found);
}

static void
compare_cb (GSimpleAction *action,
            GVariant      *parameter,
            gpointer       user_data)
{
  AriettaComposePage *self = user_data;
  const AriettaTake *take = get_selected (self);
  TakeErrand *errand;

  if (take == NULL || self->composition == NULL)
    return;
  errand = g_new (TakeErrand, 1);
  *errand = (TakeErrand) { g_object_ref (get_library (self)), take->id };
  arietta_load_async (self, NULL, find_take, errand, take_errand_free, take_found_free, compared_cb);
}

/* What a model did with a piece is asked for again on the open one; what was written alone is written again. */
static void
again_cb (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       user_data)
{
  AriettaComposePage *self = user_data;
  const AriettaTake *take = get_selected (self);
  AriettaWish wish;

  if (take == NULL)
    return;
  wish = arietta_offer_find_wish (take->settings);
  if (wish < ARIETTA_WISH_N)
    arietta_compose_page_ask_again (self, wish, take->seed);
  else
    arietta_compose_page_write_again (self, take);
}

static void
family_cb (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  AriettaComposePage *self = user_data;

  arietta_take_strip_show_tree (self->strip, FALSE);
}

static void
note_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  AriettaComposePage *self = user_data;

  arietta_take_strip_show_tree (self->strip, TRUE);
}

/* The selected take; as it was edited, where it is the one that is open. */
static void
export_cb (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  AriettaComposePage *self = user_data;
  const char *format = g_variant_get_string (parameter, NULL);
  const AriettaTake *take = get_selected (self);

  if (take == NULL)
    return;
  if (self->composition != NULL && arietta_composition_get_take_id (self->composition) == take->id)
    arietta_export_piece (GTK_WIDGET (self), get_session (self),
                          arietta_composition_get_piece (self->composition), take->title, format);
  else
    arietta_export_take (GTK_WIDGET (self), get_session (self), take, format);
}

static void
export_open_cb (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  AriettaComposePage *self = user_data;

  if (self->composition != NULL && g_str_equal (g_variant_get_string (parameter, NULL), "arietta"))
    arietta_export_composition (GTK_WIDGET (self), get_session (self), self->composition);
  else if (self->composition != NULL)
    arietta_export_piece (GTK_WIDGET (self), get_session (self),
                          arietta_composition_get_piece (self->composition),
                          arietta_composition_get_title (self->composition),
                          g_variant_get_string (parameter, NULL));
}

static void
selected_cb (AriettaComposePage *self)
{
  static const char * const verbs[] = {
    "play-take", "star", "rename", "note", "compare", "again", "family", "delete", "export",
  };
  gboolean any = get_selected (self) != NULL;

  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    arietta_page_enable_action (ARIETTA_PAGE (self), verbs[i], any);
}

static void
examples_cb (AriettaComposePage *self)
{
  gboolean examples;

  g_object_get (self->strip, "examples", &examples, NULL);
  arietta_page_enable_action (ARIETTA_PAGE (self), "remove-examples", examples);
}

static void
strip_activated_cb (AriettaComposePage *self,
                    AriettaTakeObject  *object)
{
  arietta_compose_page_play_take (self, object);
}

/* The last own take is where one left off; examples alone leave the choices in sight. */
static void
strip_loaded_cb (AriettaComposePage *self)
{
  AriettaTakeObject *newest = arietta_take_strip_get_nth (self->strip, 0);
  const AriettaTake *take = newest != NULL ? arietta_take_object_get (newest) : NULL;

  arietta_compose_page_open_last (self, take != NULL && !take->example ? newest : NULL);
}

static const GActionEntry actions[] = {
  { .name = "play-take", .activate = play_take_cb },
  { .name = "star", .activate = star_cb },
  { .name = "rename", .activate = rename_cb },
  { .name = "note", .activate = note_cb },
  { .name = "compare", .activate = compare_cb },
  { .name = "again", .activate = again_cb },
  { .name = "family", .activate = family_cb },
  { .name = "delete", .activate = delete_cb },
  { .name = "remove-examples", .activate = remove_examples_cb },
  { .name = "export", .parameter_type = "s", .activate = export_cb },
  { .name = "export-open", .parameter_type = "s", .activate = export_open_cb },
};

void
arietta_compose_page_init_takes (AriettaComposePage *self)
{
  arietta_page_add_actions (ARIETTA_PAGE (self), actions, G_N_ELEMENTS (actions));
  examples_cb (self);
  selected_cb (self);
}

void
arietta_compose_page_class_bind_takes (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, examples_cb);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, strip_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, strip_loaded_cb);
}
