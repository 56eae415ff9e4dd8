#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-offer-bar.h"

#include <glib/gi18n.h>

#include "views/arietta-a11y.h"
#include "views/arietta-focus.h"
#include "widgets/arietta-bar-choice.h"

struct _AriettaOfferBar
{
  GtkWidget  parent_instance;

  GPtrArray *offers;
  int        chosen;     /* -1: none yet */
  guint      first_bar;  /* of those that can be chosen */
  char      *label;
  gboolean   open;
  gboolean   filling;    /* buttons are being set, not clicked */
  gboolean   compares;   /* A and B, not suggestions */
  gboolean   narrow;

  /* template children */
  GtkRevealer   *revealer;
  GtkWidget     *content;
  GtkOrientable *words;
  GtkLabel      *title;
  GtkLabel      *reason;
  GtkSpinner    *spinner;
  GtkBox        *numbers;
  GtkWidget     *again;
  GtkMenuButton *bars_button;
  AriettaBarChoice *bars;
  GtkLabel      *bars_label;
  GtkWidget     *accept;
};

G_DEFINE_FINAL_TYPE (AriettaOfferBar, arietta_offer_bar, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_OPEN,
  PROP_NARROW,
  N_PROPS
};

enum
{
  CHOSEN,
  BARS_CHANGED,
  ACCEPTED,
  DISCARDED,
  AGAIN,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint       signals[N_SIGNALS];

static AriettaOffer *
get_offer (AriettaOfferBar *self,
           guint            nth)
{
  return nth < self->offers->len ? self->offers->pdata[nth] : NULL;
}

/* 1 for the best; of equals the first. */
static guint
get_rank (AriettaOfferBar *self,
          guint            nth)
{
  double score = get_offer (self, nth)->score;
  guint  rank = 1;

  for (guint i = 0; i < self->offers->len; i++)
    rank += get_offer (self, i)->score > score || (get_offer (self, i)->score == score && i < nth);

  return rank;
}

static void
update_words (AriettaOfferBar *self)
{
  AriettaOffer    *offer = arietta_offer_bar_get_chosen (self);
  g_autofree char *title = NULL, *reason = NULL;
  guint            rank;

  if (offer == NULL)
    {
      gtk_label_set_label (self->title, self->label);
      gtk_label_set_label (self->reason, "");
      return;
    }

  if (self->compares)
    {
      gtk_label_set_label (self->title, self->label);
      gtk_label_set_label (self->reason, offer->reason);
      arietta_a11y_set_tooltip (GTK_WIDGET (self->reason), offer->reason);
      return;
    }

  title = offer->n_bars == 1
            ? g_strdup_printf (_("%s, Bar %u"), self->label, offer->first_bar + 1)
            : g_strdup_printf (_("%s, Bars %u–%u"), self->label, offer->first_bar + 1,
                               offer->first_bar + offer->n_bars);
  rank = get_rank (self, (guint) self->chosen);
  if (self->offers->len == 1)
    reason = g_strdup (offer->reason);
  else if (rank == 1)
    reason = g_strdup_printf (_("Best of %u: %s"), self->offers->len, offer->reason);
  else
    /* Translators: where a suggestion stands, and why: "Place 2 of 4: keeps to G major" */
    reason = g_strdup_printf (_("Place %u of %u: %s"), rank, self->offers->len, offer->reason);
  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->reason, reason);
  arietta_a11y_set_tooltip (GTK_WIDGET (self->reason), reason);
}

static void
show_count (AriettaOfferBar *self)
{
  guint n, n_taken = arietta_bar_choice_count (self->bars);
  g_autofree char *text = NULL;

  arietta_bar_choice_get_taken (self->bars, &n);
  /* Translators: so many of the bars of a suggestion are wanted: "12 of 96 Bars" */
  text = g_strdup_printf (_("%u of %u Bars"), n_taken, n);
  gtk_label_set_label (self->bars_label, text);
}

static void
bars_changed_cb (AriettaOfferBar *self)
{
  show_count (self);
  g_signal_emit (self, signals[BARS_CHANGED], 0);
}

static void
all_bars_cb (AriettaOfferBar *self)
{
  arietta_bar_choice_take (self->bars, 0, G_MAXUINT, TRUE);
}

static void
no_bars_cb (AriettaOfferBar *self)
{
  arietta_bar_choice_take (self->bars, 0, G_MAXUINT, FALSE);
}

/* What was left out of one suggestion is left out of the next for the same bars. */
static void
fill_bars (AriettaOfferBar *self)
{
  AriettaOffer *offer = arietta_offer_bar_get_chosen (self);
  guint         n = offer != NULL ? offer->n_bars : 0, n_now;

  gtk_widget_set_visible (GTK_WIDGET (self->bars_button), n > 1);
  arietta_bar_choice_get_taken (self->bars, &n_now);
  if (n == n_now && (n == 0 || offer->first_bar == self->first_bar))
    return;

  self->first_bar = n > 0 ? offer->first_bar : 0;
  arietta_bar_choice_set_bars (self->bars, self->first_bar, n);
  show_count (self);
}

static void
number_toggled_cb (AriettaOfferBar *self,
                   GtkToggleButton *button)
{
  if (!self->filling && gtk_toggle_button_get_active (button))
    arietta_offer_bar_choose (self, GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "nth")));
}

static void
add_number (AriettaOfferBar *self,
            guint            nth)
{
  g_autofree char *text = self->compares ? g_strdup_printf ("%c", 'A' + (int) nth) : g_strdup_printf ("%u", nth + 1);
  g_autofree char *name = self->compares ? g_strdup_printf ("%s: %s", text, get_offer (self, nth)->reason)
                                         : g_strdup_printf (_("Suggestion %u"), nth + 1);
  GtkWidget       *button = gtk_toggle_button_new_with_label (text);
  GtkWidget       *first = gtk_widget_get_first_child (GTK_WIDGET (self->numbers));

  arietta_focus_leave (button);
  if (first != NULL)
    gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button), GTK_TOGGLE_BUTTON (first));
  gtk_widget_add_css_class (button, "numeric");
  gtk_widget_set_tooltip_text (button, get_offer (self, nth)->reason);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data (G_OBJECT (button), "nth", GUINT_TO_POINTER (nth));
  g_signal_connect_swapped (button, "toggled", G_CALLBACK (number_toggled_cb), self);
  gtk_box_append (self->numbers, button);
}

/* Slid away it is gone for assistive technology too. */
static void
revealed_cb (AriettaOfferBar *self)
{
  if (!self->open && !gtk_revealer_get_child_revealed (self->revealer))
    gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

static void
set_open (AriettaOfferBar *self,
          gboolean         open)
{
  if (self->open == open)
    return;

  self->open = open;
  if (open)
    gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
  gtk_revealer_set_reveal_child (self->revealer, open);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OPEN]);
}

static void
forget_offers (AriettaOfferBar *self)
{
  GtkWidget *child;

  g_ptr_array_set_size (self->offers, 0);
  self->chosen = -1;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->numbers))) != NULL)
    gtk_box_remove (self->numbers, child);
  gtk_widget_set_sensitive (self->accept, FALSE);
  fill_bars (self);
}

static void
accept_cb (AriettaOfferBar *self)
{
  g_signal_emit (self, signals[ACCEPTED], 0);
}

static void
discard_cb (AriettaOfferBar *self)
{
  g_signal_emit (self, signals[DISCARDED], 0);
}

static void
again_cb (AriettaOfferBar *self)
{
  g_signal_emit (self, signals[AGAIN], 0);
}

static void
arietta_offer_bar_get_property (GObject    *object,
                                guint       id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  AriettaOfferBar *self = ARIETTA_OFFER_BAR (object);

  if (id == PROP_OPEN)
    g_value_set_boolean (value, self->open);
  else if (id == PROP_NARROW)
    g_value_set_boolean (value, self->narrow);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

/* The reason gets lines of its own. */
static void
set_narrow (AriettaOfferBar *self,
            gboolean         narrow)
{
  if (self->narrow == narrow)
    return;

  self->narrow = narrow;
  gtk_orientable_set_orientation (self->words, narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  gtk_box_set_spacing (GTK_BOX (self->words), narrow ? 0 : 12);
  gtk_label_set_wrap (self->reason, narrow);
  gtk_label_set_lines (self->reason, narrow ? 3 : -1);
  if (narrow)
    gtk_widget_add_css_class (self->content, "narrow");
  else
    gtk_widget_remove_css_class (self->content, "narrow");
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NARROW]);
}

static void
arietta_offer_bar_set_property (GObject      *object,
                                guint         id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  if (id == PROP_NARROW)
    set_narrow (ARIETTA_OFFER_BAR (object), g_value_get_boolean (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
arietta_offer_bar_dispose (GObject *object)
{
  AriettaOfferBar *self = ARIETTA_OFFER_BAR (object);
  GtkWidget       *child = gtk_widget_get_first_child (GTK_WIDGET (self));

  if (child != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (arietta_offer_bar_parent_class)->dispose (object);
}

static void
arietta_offer_bar_finalize (GObject *object)
{
  AriettaOfferBar *self = ARIETTA_OFFER_BAR (object);

  g_ptr_array_unref (self->offers);
  g_free (self->label);

  G_OBJECT_CLASS (arietta_offer_bar_parent_class)->finalize (object);
}

static void
arietta_offer_bar_class_init (AriettaOfferBarClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  static const char * const names[] = { "bars-changed", "accepted", "discarded", "again" };

  object_class->get_property = arietta_offer_bar_get_property;
  object_class->set_property = arietta_offer_bar_set_property;
  object_class->dispose = arietta_offer_bar_dispose;
  object_class->finalize = arietta_offer_bar_finalize;

  properties[PROP_OPEN] = g_param_spec_boolean ("open", NULL, NULL, FALSE,
                                                G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_NARROW] = g_param_spec_boolean ("narrow", NULL, NULL, FALSE,
                                                  G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[CHOSEN] = g_signal_new ("chosen", ARIETTA_TYPE_OFFER_BAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_UINT);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    signals[BARS_CHANGED + i] = g_signal_new (names[i], ARIETTA_TYPE_OFFER_BAR, G_SIGNAL_RUN_LAST, 0, NULL,
                                              NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/arietta/Arietta/arietta-offer-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, AriettaOfferBar, revealer);
  gtk_widget_class_bind_template_child (widget_class, AriettaOfferBar, content);
  gtk_widget_class_bind_template_child (widget_class, AriettaOfferBar, words);
  gtk_widget_class_bind_template_child (widget_class, AriettaOfferBar, title);
  gtk_widget_class_bind_template_child (widget_class, AriettaOfferBar, reason);
  gtk_widget_class_bind_template_child (widget_class, AriettaOfferBar, spinner);
  gtk_widget_class_bind_template_child (widget_class, AriettaOfferBar, numbers);
  gtk_widget_class_bind_template_child (widget_class, AriettaOfferBar, again);
  gtk_widget_class_bind_template_child (widget_class, AriettaOfferBar, bars_button);
  gtk_widget_class_bind_template_child (widget_class, AriettaOfferBar, bars);
  gtk_widget_class_bind_template_child (widget_class, AriettaOfferBar, bars_label);
  gtk_widget_class_bind_template_child (widget_class, AriettaOfferBar, accept);
  gtk_widget_class_bind_template_callback (widget_class, revealed_cb);
  gtk_widget_class_bind_template_callback (widget_class, bars_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, all_bars_cb);
  gtk_widget_class_bind_template_callback (widget_class, no_bars_cb);
  gtk_widget_class_bind_template_callback (widget_class, accept_cb);
  gtk_widget_class_bind_template_callback (widget_class, discard_cb);
  gtk_widget_class_bind_template_callback (widget_class, again_cb);
}

static void
arietta_offer_bar_init (AriettaOfferBar *self)
{
  self->offers = g_ptr_array_new_with_free_func ((GDestroyNotify) arietta_offer_free);
  self->chosen = -1;
  g_type_ensure (ARIETTA_TYPE_BAR_CHOICE);
  gtk_widget_init_template (GTK_WIDGET (self));
  arietta_focus_leave (GTK_WIDGET (self->bars_button));
}

void
arietta_offer_bar_begin (AriettaOfferBar *self,
                         const char      *label)
{
  g_return_if_fail (ARIETTA_IS_OFFER_BAR (self));

  forget_offers (self);
  g_free (self->label);
  self->label = g_strdup (label);
  self->compares = FALSE;
  gtk_widget_set_visible (self->again, TRUE);
  gtk_widget_set_sensitive (self->again, FALSE);
  gtk_spinner_start (self->spinner);
  update_words (self);
  set_open (self, TRUE);
}

void
arietta_offer_bar_compare (AriettaOfferBar *self,
                           const char      *label)
{
  arietta_offer_bar_begin (self, label);
  self->compares = TRUE;
  gtk_widget_set_visible (self->again, FALSE);
  gtk_spinner_stop (self->spinner);
}

void
arietta_offer_bar_take (AriettaOfferBar *self,
                        AriettaOffer    *offer)
{
  g_return_if_fail (ARIETTA_IS_OFFER_BAR (self));

  g_ptr_array_add (self->offers, offer);
  add_number (self, self->offers->len - 1);
  if (self->chosen < 0)
    arietta_offer_bar_choose (self, 0);
  else
    update_words (self);
}

void
arietta_offer_bar_end (AriettaOfferBar *self)
{
  g_return_if_fail (ARIETTA_IS_OFFER_BAR (self));

  gtk_spinner_stop (self->spinner);
  gtk_widget_set_sensitive (self->again, TRUE);
}

void
arietta_offer_bar_close (AriettaOfferBar *self)
{
  g_return_if_fail (ARIETTA_IS_OFFER_BAR (self));

  gtk_spinner_stop (self->spinner);
  set_open (self, FALSE);
  forget_offers (self);
}

gboolean
arietta_offer_bar_is_open (AriettaOfferBar *self)
{
  g_return_val_if_fail (ARIETTA_IS_OFFER_BAR (self), FALSE);

  return self->open;
}

guint
arietta_offer_bar_get_n (AriettaOfferBar *self)
{
  g_return_val_if_fail (ARIETTA_IS_OFFER_BAR (self), 0);

  return self->offers->len;
}

gboolean
arietta_offer_bar_choose (AriettaOfferBar *self,
                          guint            nth)
{
  GtkWidget *button;

  g_return_val_if_fail (ARIETTA_IS_OFFER_BAR (self), FALSE);

  if (nth >= self->offers->len)
    return FALSE;

  button = gtk_widget_get_first_child (GTK_WIDGET (self->numbers));
  for (guint i = 0; i < nth; i++)
    button = gtk_widget_get_next_sibling (button);
  self->filling = TRUE;
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), TRUE);
  self->filling = FALSE;

  self->chosen = (int) nth;
  gtk_widget_set_sensitive (self->accept, TRUE);
  fill_bars (self);
  update_words (self);
  g_signal_emit (self, signals[CHOSEN], 0, nth);

  return TRUE;
}

AriettaOffer *
arietta_offer_bar_get_chosen (AriettaOfferBar *self)
{
  g_return_val_if_fail (ARIETTA_IS_OFFER_BAR (self), NULL);

  return self->chosen >= 0 ? get_offer (self, (guint) self->chosen) : NULL;
}

const guint8 *
arietta_offer_bar_get_taken (AriettaOfferBar *self)
{
  g_return_val_if_fail (ARIETTA_IS_OFFER_BAR (self), NULL);

  return arietta_bar_choice_get_taken (self->bars, NULL);
}

AriettaOffer *
arietta_offer_bar_steal_chosen (AriettaOfferBar *self)
{
  AriettaOffer *offer;

  g_return_val_if_fail (ARIETTA_IS_OFFER_BAR (self), NULL);
  g_return_val_if_fail (self->chosen >= 0, NULL);

  offer = g_ptr_array_steal_index (self->offers, (guint) self->chosen);
  self->chosen = -1;

  return offer;
}
