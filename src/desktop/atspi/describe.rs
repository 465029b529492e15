//! What a widget is called and what is in it, in the words of the API.

use super::{
    Number, Reference, Source,
    role::AtspiRole,
    tree::{Toolkit, Tree, View},
};
use crate::widget::{Role, Wanted, clean};

/// The longest value, in characters; a longer one is cut.
pub(crate) const LONGEST: i32 = 10_000;

/// The character that replaces each character of a password.
const HIDDEN: &str = "•";

/// The character that stands for a widget inside a text.
const EMBEDDED: char = '\u{fffc}';

/// The name of a widget: that of the label that belongs to it, or else its own, or else the text in
/// it. `value` is its value.
pub(crate) async fn name(
    source: &impl Source,
    tree: &Tree,
    at: usize,
    value: Option<&str>,
) -> String {
    let node = &tree.nodes[at];
    let role = tree.role(at);
    let toolkit = tree.origin.toolkit;
    let own = own(&node.name, toolkit);
    if is_labelled(role) {
        let label = if toolkit == Toolkit::Swing {
            label_for(source, tree, at).await
        } else {
            label(source, &node.reference, toolkit).await
        };
        // Many comboboxes report their chosen entry as their own name.
        let is_value = role == Role::Combobox && value == Some(&*node.name);
        return match label.is_empty() {
            false => label,
            true if is_value => String::new(),
            true => own,
        };
    }
    let written = if is_named_by_content(role) {
        written(tree, at)
    } else {
        String::new()
    };
    if own.is_empty() && written.is_empty() && toolkit == Toolkit::Gecko {
        return text(source, &node.reference).await;
    }
    // GTK 4 adds its content to the name of a button.
    let adds = toolkit == Toolkit::Gtk4 && own.contains(&*written);
    if written.is_empty() || !own.is_empty() && !adds {
        own
    } else {
        written
    }
}

/// The name that a widget reports itself.
fn own(name: &str, toolkit: Toolkit) -> String {
    match toolkit {
        Toolkit::Gtk4 if is_class_name(name) => String::new(),
        Toolkit::Gtk4 => unmarked(clean(name)),
        _ => clean(name).to_owned(),
    }
}

/// Whether a widget of this role that reports this name itself may have the wanted name; if its
/// name comes from elsewhere, it may. `written` is the text in it, if that is known.
pub(crate) fn may_be_called(
    (role, name, written): (Role, &str, Option<&str>),
    toolkit: Toolkit,
    wanted: &Wanted,
) -> bool {
    let itself = own(name, toolkit);
    let adds = toolkit == Toolkit::Gtk4 && is_named_by_content(role);
    let is_elsewhere = is_labelled(role) || adds && written.is_none();
    let is_written = |written: &str| wanted.is_name(&own(written, toolkit));
    itself.is_empty() || is_elsewhere || wanted.is_name(&itself) || written.is_some_and(is_written)
}

/// Whether the name or the value of a widget of this role, which reports this name itself, may be
/// in the widgets inside it.
pub(crate) fn looks_inside((role, name): (Role, &str), toolkit: Toolkit) -> bool {
    let adds = toolkit == Toolkit::Gtk4 || clean(name).is_empty();
    role == Role::Combobox || is_named_by_content(role) && adds
}

/// Whether a widget of this role is usually named by a label next to it.
pub(crate) const fn is_labelled(role: Role) -> bool {
    matches!(
        role,
        Role::Textbox
            | Role::Combobox
            | Role::Spinbutton
            | Role::Slider
            | Role::Progressbar
            | Role::List
            | Role::Table
            | Role::Tree
    )
}

/// Whether a widget of this role is named by the text in it.
const fn is_named_by_content(role: Role) -> bool {
    matches!(
        role,
        Role::Button
            | Role::Checkbox
            | Role::Radio
            | Role::Tab
            | Role::Listitem
            | Role::Menuitem
            | Role::Treeitem
            | Role::Row
            | Role::Cell
            | Role::Link
    )
}

/// Old releases of GTK 4 report the class of a widget as its name.
fn is_class_name(name: &str) -> bool {
    let is_word =
        |name: &str| !name.is_empty() && name.chars().all(|char| char.is_ascii_alphanumeric());
    let of_library = ["Gtk", "Adw"]
        .iter()
        .any(|library| name.strip_prefix(library).is_some_and(is_word));
    of_library || name == "Tab"
}

/// A name without the mark of its access key, which GTK 4 leaves in it.
fn unmarked(name: &str) -> String {
    let mut chars = name.chars().peekable();
    let mut cleaned = String::new();
    let mut has_mark = false;
    while let Some(char) = chars.next() {
        let marks =
            char == '_' && !has_mark && chars.peek().is_some_and(|next| next.is_alphabetic());
        let is_first = cleaned.is_empty() || cleaned.ends_with(' ');
        if marks && (is_first || !cleaned.contains('_')) && !name.contains("__") {
            has_mark = true;
            continue;
        }
        cleaned.push(char);
    }
    cleaned
}

async fn label(source: &impl Source, of: &Reference, toolkit: Toolkit) -> String {
    let labels = source.labels(of).await.unwrap_or_default();
    let mut names = Vec::new();
    for label in &labels {
        let name = source.name(label).await.unwrap_or_default();
        names.push(if name.is_empty() {
            text(source, label).await
        } else {
            own(&name.replace(EMBEDDED, ""), toolkit)
        });
    }
    names.retain(|name| !name.is_empty());
    names.join(" ")
}

/// The name of the label that says that it belongs to a widget.
async fn label_for(source: &impl Source, tree: &Tree, at: usize) -> String {
    let widget = &tree.nodes[at].reference;
    for node in &tree.nodes {
        if node.role == AtspiRole::LABEL
            && let Some(labelled) = source.labelled(&node.reference).await
            && labelled.contains(widget)
        {
            return clean(&node.name).to_owned();
        }
    }
    String::new()
}

/// The text in a widget, as a name.
async fn text(source: &impl Source, of: &Reference) -> String {
    let (text, _) = source.text(of, LONGEST).await.unwrap_or_default();
    clean(&text.replace(EMBEDDED, "")).to_owned()
}

/// What is written in a widget: the names of the labels in it, whose places do not matter
/// where the widget itself is scrolled out of view.
fn written(tree: &Tree, at: usize) -> String {
    let is_hidden = tree.nodes[at].view == View::Hidden;
    let labels = tree.below(at).into_iter().skip(1).filter(|at| {
        let node = &tree.nodes[*at];
        let is_shown = node.view != View::Hidden || is_hidden;
        node.role == AtspiRole::LABEL && is_shown
    });
    let names: Vec<String> = labels
        .map(|at| own(&tree.nodes[at].name, tree.origin.toolkit))
        .collect();
    names.join(" ").trim().to_owned()
}

/// What is in a widget: the text of a field, the number of a slider, the chosen entry of
/// a combobox. Nothing where it has no value.
pub(crate) async fn value(source: &impl Source, tree: &Tree, at: usize) -> Option<String> {
    let node = &tree.nodes[at];
    let of = &node.reference;
    match node.role.role() {
        Role::Textbox if node.role == AtspiRole::PASSWORD => {
            let (_, count) = source.text(of, 0).await?;
            Some(HIDDEN.repeat(usize::try_from(count.min(LONGEST)).unwrap_or_default()))
        }
        Role::Textbox => {
            let (text, _) = source.text(of, LONGEST).await?;
            Some(text.replace(EMBEDDED, ""))
        }
        Role::Combobox => chosen(source, tree, at).await,
        Role::Progressbar => {
            let Number {
                current,
                least,
                most,
            } = source.number(of).await?;
            let range = most - least;
            let share = if range > 0.0 {
                (current - least) / range * 100.0
            } else {
                current
            };
            Some(number(share.round()))
        }
        Role::Slider | Role::Spinbutton | Role::Scrollbar => {
            let Number { current, .. } = source.number(of).await?;
            Some(number(current))
        }
        _ => None,
    }
}

/// A number as a person writes it: at most six digits after the point, and no trailing zeros.
fn number(number: f64) -> String {
    let text = format!("{number:.6}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0" } else { text }.to_owned()
}

/// The chosen entry of a combobox: what is written in its field, or the entry that it
/// says is selected, or the label that it shows.
async fn chosen(source: &impl Source, tree: &Tree, at: usize) -> Option<String> {
    let node = &tree.nodes[at];
    for inside in tree.below(at).into_iter().skip(1) {
        let inner = &tree.nodes[inside];
        if inner.role.role() == Role::Textbox
            && let Some((text, _)) = source.text(&inner.reference, LONGEST).await
        {
            return Some(text);
        }
    }
    // A page has what is chosen in a menu of its own, below the combobox.
    let menus = node
        .children
        .iter()
        .map(|child| &tree.nodes[*child].reference);
    for of in std::iter::once(&node.reference).chain(menus) {
        if let Some(entry) = source.selected(of).await {
            let name = source.name(&entry).await.unwrap_or_default();
            if !name.is_empty() {
                return Some(name);
            }
        }
    }
    let shown = tree.below(at).into_iter().skip(1).find_map(|at| {
        let inner = &tree.nodes[at];
        let is_shown = inner.role == AtspiRole::LABEL && inner.view == View::There;
        let says = !inner.name.is_empty() && inner.area.is_some();
        (is_shown && says).then(|| inner.name.clone())
    });
    if shown.is_some() {
        return shown;
    }
    // Swing complains on stderr if it is asked for a text that does not exist.
    let text = match tree.origin.toolkit {
        Toolkit::Swing => None,
        _ => source.text(&node.reference, LONGEST).await,
    };
    text.map(|(text, _)| text.replace(EMBEDDED, ""))
        .filter(|text| !text.is_empty())
        .or_else(|| Some(node.name.clone()).filter(|name| !is_class_name(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_no_mark_for_the_keyboard_and_no_colon() {
        for (raw, name) in [
            ("_Gift", "Gift"),
            ("S_ubmit", "Submit"),
            ("Name:", "Name"),
            ("snake_case_name", "snakecase_name"),
            ("a __init__ method", "a __init__ method"),
            ("5_", "5_"),
            ("Save", "Save"),
        ] {
            assert_eq!(own(raw, Toolkit::Gtk4), name, "{raw}");
        }
    }

    #[test]
    fn the_class_of_a_widget_is_no_name() {
        for name in ["GtkToggleButton", "AdwGizmo", "Tab"] {
            assert!(is_class_name(name), "{name}");
        }
        for name in ["Gtk", "Gtk is a toolkit", "Save", ""] {
            assert!(!is_class_name(name), "{name}");
        }
    }

    #[test]
    fn a_number_is_written_as_a_person_writes_it() {
        for (value, text) in [
            (100.0, "100"),
            (0.5, "0.5"),
            (-0.0, "0"),
            (1.0 / 3.0, "0.333333"),
        ] {
            assert_eq!(number(value), text);
        }
    }
}
