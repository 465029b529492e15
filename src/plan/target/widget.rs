//! A widget, by its role and its name.

use std::{fmt, path::Path};

use super::{Beside, Fields, Finds, Kind, Look, Meaning, Need, Resolver};
use crate::{
    plan::{
        Wording,
        notation::{self, literal},
    },
    scenario::{self, Txt},
    widget::{Role, States},
};

/// What identifies a widget.
#[derive(Clone, Debug, PartialEq)]
pub struct WidgetLook {
    /// What it is.
    pub role: Role,
    /// Its name.
    pub name: Option<Wording>,
    /// Its value.
    pub value: Option<Wording>,
    /// The states that it has to be in; the others do not matter.
    pub states: States,
}

impl Kind for WidgetLook {
    fn title(&self) -> String {
        self.to_string()
    }

    fn notation(&self, _folder: &Path) -> Fields {
        let mut fields = vec![("role", literal(self.role.name()))];
        let texts = [("name", &self.name), ("value", &self.value)];
        let texts = texts.into_iter();
        fields
            .extend(texts.filter_map(|(key, text)| Some((key, notation::wording(text.as_ref()?)))));
        fields.extend(self.states.known().map(|(key, value)| match value {
            "true" => (key, true.into()),
            "false" => (key, false.into()),
            word => (key, literal(word)),
        }));
        fields
    }

    fn finds(&self) -> Finds<'_> {
        Finds::Widget
    }

    fn needs(&self) -> Vec<Need> {
        vec![Need::Widgets]
    }
}

/// As in a tree of widgets: `checkbox "Gift" [checked]`.
impl fmt::Display for WidgetLook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            role,
            name,
            value,
            states,
        } = self;
        write!(f, "{role}")?;
        if let Some(name) = name {
            match name {
                Wording::Text(text) => write!(f, " \"{text}\"")?,
                Wording::Regex(_) => write!(f, " {name}")?,
            }
        }
        for (state, value) in states.known() {
            match value {
                "true" => write!(f, " [{state}]")?,
                value => write!(f, " [{state}={value}]")?,
            }
        }
        value
            .as_ref()
            .map_or(Ok(()), |value| write!(f, ": {value}"))
    }
}

impl Meaning for WidgetLook {
    type Written = Box<scenario::WidgetLook>;

    fn resolve(
        written: &Self::Written,
        _beside: &mut Beside<'_>,
        resolver: &mut Resolver<'_, '_>,
    ) -> Option<Look> {
        let role = resolver.value(&written.role);
        let mut wording = |text: Option<&Txt>| match text {
            Some(text) => resolver.wording(text).map(Some),
            None => Some(None),
        };
        let name = wording(written.name.as_ref());
        let value = wording(written.value.as_ref());
        let states = resolver.states(&written.states);
        Some(Look::Widget(Self {
            role: role?,
            name: name?,
            value: value?,
            states: states?,
        }))
    }
}

impl Resolver<'_, '_> {
    fn states(&mut self, written: &scenario::WidgetStates) -> Option<States> {
        let checked = self.optional(written.checked.as_ref());
        let mut truth = |state: &Option<_>| self.optional(state.as_ref());
        let (selected, enabled) = (truth(&written.selected), truth(&written.enabled));
        let (focused, expanded) = (truth(&written.focused), truth(&written.expanded));
        let (pressed, editable) = (truth(&written.pressed), truth(&written.editable));
        Some(States {
            checked: checked?,
            selected: selected?,
            enabled: enabled?,
            focused: focused?,
            expanded: expanded?,
            pressed: pressed?,
            editable: editable?,
        })
    }
}
