//! A widget, by its role and its name.

use super::{Look, TargetKind};
use crate::{
    scenario::{
        fields::Fields,
        node::Node,
        notation::{Choice, Notation, Word},
        problem::{Code, Problem},
        reader::Reader,
        shape::{Field, Form},
        source::Spanned,
        template::{Txt, Val},
    },
    widget::{Checked, Role},
};

/// What identifies a widget.
#[derive(Clone, Debug)]
pub struct WidgetLook {
    /// What it is.
    pub role: Val<Role>,
    /// Its name.
    pub name: Option<Txt>,
    /// Its value.
    pub value: Option<Txt>,
    /// The states that it is in.
    pub states: WidgetStates,
}

/// The states that a widget has to be in.
#[derive(Clone, Debug, Default)]
pub struct WidgetStates {
    pub checked: Option<Val<Checked>>,
    pub selected: Option<Val<bool>>,
    pub enabled: Option<Val<bool>>,
    pub focused: Option<Val<bool>>,
    pub expanded: Option<Val<bool>>,
    pub pressed: Option<Val<bool>>,
    pub editable: Option<Val<bool>>,
}

const ROLE: Field = Field::new(
    "role",
    Form::Choice(&Role::NAMES),
    "the role of a widget",
    "button",
    "a widget, by what it is: a `button`, a `checkbox`, a `textbox`; `name`, `value` and its states narrow \
     the search",
);

/// Its row in the table of kinds.
pub(super) const KIND: TargetKind = TargetKind {
    field: ROLE,
    takes: &OF_A_WIDGET,
    read: |reader, fields, node, field| {
        let look = reader.widget(fields, node, field)?;
        Some(Look::Widget(Box::new(look)))
    },
};

const NAME: Field = Field::new(
    "name",
    Form::Text,
    "a text",
    "Save",
    "the name of the widget, or that of its label; a regular expression between slashes finds a \
     part of it",
);

const VALUE: Field = Field::new(
    "value",
    Form::Text,
    "a text",
    "100",
    "what the widget contains: the text of a field, the number of a slider or a progress bar, \
     the chosen entry of a combobox; or a regular expression between slashes",
);

const CHECKED: Field = Field::new(
    "checked",
    Form::Checked,
    "`true`, `false` or `mixed`",
    "true",
    "whether the widget is checked",
);

/// Whether a widget is in a state.
const fn state(name: &'static str, doc: &'static str) -> Field {
    Field::new(name, Form::Boolean, "`true` or `false`", "true", doc)
}

const SELECTED: Field = state(
    "selected",
    "whether the widget is selected: a tab, an entry of a list, a row",
);
const ENABLED: Field = state("enabled", "whether the widget can be used");
const FOCUSED: Field = state("focused", "whether the widget has the keyboard");
const EXPANDED: Field = state(
    "expanded",
    "whether what belongs to the widget is shown: the entries of a menu, a combobox or a tree",
);
const PRESSED: Field = state("pressed", "whether a button that stays pressed is pressed");
const EDITABLE: Field = state("editable", "whether the text of the widget can be changed");

/// The keys that only a widget has beside its role.
pub(in crate::scenario) const OF_A_WIDGET: [Field; 9] = [
    NAME, VALUE, CHECKED, SELECTED, ENABLED, FOCUSED, EXPANDED, PRESSED, EDITABLE,
];

impl Reader {
    fn widget(&mut self, fields: &Fields<'_>, node: &Node, field: &Field) -> Option<WidgetLook> {
        Some(WidgetLook {
            role: self.value(node, field)?,
            name: fields.read(self, &NAME, Self::text),
            value: fields.read(self, &VALUE, Self::text),
            states: WidgetStates {
                checked: fields.read(self, &CHECKED, Self::value),
                selected: fields.read(self, &SELECTED, Self::value),
                enabled: fields.read(self, &ENABLED, Self::value),
                focused: fields.read(self, &FOCUSED, Self::value),
                expanded: fields.read(self, &EXPANDED, Self::value),
                pressed: fields.read(self, &PRESSED, Self::value),
                editable: fields.read(self, &EDITABLE, Self::value),
            },
        })
    }
}

/// The problem of a key of widgets next to something else.
pub(super) fn of_no_widget(key: &Spanned<String>) -> Problem {
    let name = &*key.value;
    let message = format!("`{name}` is for widgets, and this target has no `role`");
    Problem::new(Code::UnknownKey, key.span, message)
        .label("only a widget is known by this")
        .help(format!(
            "write what the widget is, too: `{{ role: button, {name}: … }}`"
        ))
}

impl Notation for Role {
    fn read(word: &Word<'_>) -> Result<Self, Problem> {
        let text = word.text.trim();
        if let Some(role) = Self::from_name(&text.to_lowercase().replace([' ', '-', '_'], "")) {
            if role.name() == text {
                return Ok(role);
            }
            return Err(meant(word, role));
        }
        if let Some(role) = known_elsewhere(text) {
            return Err(meant(word, role));
        }
        let Choice(name) = Choice::read(word)?;
        Self::from_name(name).ok_or_else(|| word.wrong_type(word.field.example))
    }
}

fn meant(word: &Word<'_>, role: Role) -> Problem {
    let field = word.field;
    let message = format!(
        "`{}` must be {}, not `{}`",
        field.name,
        field.takes,
        word.text.trim()
    );
    Problem::new(Code::UnknownChoice, word.span, message)
        .label(format!("did you mean `{role}`?"))
        .help(format!("write `{}: {role}`", field.name))
}

/// What toolkits, and other tools, call some roles.
fn known_elsewhere(text: &str) -> Option<Role> {
    let word = text.to_lowercase().replace([' ', '-', '_'], "");
    Some(match &*word {
        "pushbutton" | "togglebutton" => Role::Button,
        "entry" | "text" | "textfield" | "textarea" | "input" | "edit" | "password"
        | "passwordtext" | "searchbox" => Role::Textbox,
        "radiobutton" => Role::Radio,
        "dropdown" | "select" | "combo" => Role::Combobox,
        "pagetab" => Role::Tab,
        "pagetablist" | "tabs" => Role::Tablist,
        "option" | "listentry" => Role::Listitem,
        "image" | "icon" | "picture" => Role::Img,
        "frame" => Role::Window,
        "spinner" | "numberfield" => Role::Spinbutton,
        "hyperlink" => Role::Link,
        "treeview" => Role::Tree,
        "tablecell" | "gridcell" => Role::Cell,
        "tablerow" => Role::Row,
        "grid" => Role::Table,
        "statictext" => Role::Label,
        "panel" => Role::Group,
        "webpage" | "documentweb" => Role::Document,
        _ => return None,
    })
}

impl Notation for Checked {
    fn read(word: &Word<'_>) -> Result<Self, Problem> {
        let text = word.text.trim();
        if let Some(checked) = Self::from_name(text) {
            return Ok(checked);
        }
        match bool::read(word) {
            Ok(truth) => Ok(if truth { Self::Yes } else { Self::No }),
            Err(problem) => Err(problem),
        }
    }
}
