//! What a widget is looked for by.

use super::{Role, States};
use crate::pattern::Pattern;

/// From which likeness on a name counts as nearly the wanted one, 0 to 1.
const LIKE: f64 = 0.7;

/// What a widget is looked for by; what is `None` does not matter.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// What it is.
    pub role: Option<Role>,
    /// Its name.
    pub name: Option<Pattern>,
    /// Its value.
    pub value: Option<Pattern>,
    /// The states that it must be in.
    pub states: States,
}

/// What identifies a widget.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// What it is.
    pub role: Role,
    /// Its name; empty if it has none.
    pub name: &'a str,
    /// Its value, if it has one.
    pub value: Option<&'a str>,
    /// Its states.
    pub states: &'a States,
}

impl Wanted {
    /// Whether a widget of this role may be meant.
    #[must_use]
    pub(crate) fn is_role(&self, role: Role) -> bool {
        self.role.is_none_or(|wanted| wanted == role)
    }

    /// Whether a widget of this name may be meant. The name may be wanted as it is
    /// written on the screen, with the colon after it.
    #[must_use]
    pub(crate) fn is_name(&self, name: &str) -> bool {
        let fits = |wanted: &Pattern| match wanted {
            Pattern::Text(text) => name == text || name == clean(text),
            Pattern::Regex(_) => wanted.matches(name),
        };
        self.name.as_ref().is_none_or(fits)
    }

    /// Whether a widget is meant.
    #[must_use]
    pub(crate) fn is(&self, widget: Known<'_>) -> bool {
        let Known {
            role,
            name,
            value,
            states,
        } = widget;
        let has_value = |wanted: &Pattern| wanted.matches(value.unwrap_or_default());
        self.is_role(role)
            && self.is_name(name)
            && self.value.as_ref().is_none_or(has_value)
            && states.fit(&self.states)
    }

    /// How near a widget comes that is not meant, 0 to 1; `None` if it is just another
    /// widget. One that has the right name comes nearest, one that has nothing but the
    /// right role is last.
    #[must_use]
    pub(crate) fn likeness(&self, role: Role, name: &str) -> Option<f64> {
        let by_name = self.name.as_ref().map(|wanted| match wanted {
            _ if self.is_name(name) => 1.0,
            Pattern::Text(text) if !name.is_empty() => {
                strsim::jaro_winkler(&text.to_lowercase(), &name.to_lowercase())
            }
            Pattern::Text(_) | Pattern::Regex(_) => 0.0,
        });
        let same_role = self.is_role(role);
        match by_name {
            None => same_role.then_some(1.0),
            Some(like) if like >= LIKE => Some(if same_role { like } else { like * 0.95 }),
            Some(like) => (same_role && self.role.is_some()).then_some(like * 0.5),
        }
    }
}

/// A name without the colon after it, and without spaces around it.
#[must_use]
pub(crate) fn clean(name: &str) -> &str {
    let name = name.trim();
    name.strip_suffix(':').unwrap_or(name).trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(role: Option<Role>, name: &str) -> Wanted {
        Wanted {
            role,
            name: Some(Pattern::parse(name).unwrap()),
            ..Wanted::default()
        }
    }

    #[test]
    fn a_name_is_the_whole_name_and_an_expression_a_part_of_it() {
        let save = wanted(Some(Role::Button), "Save");
        assert!(save.is_name("Save"));
        assert!(!save.is_name("Save As"));
        assert!(wanted(None, "/^Save/").is_name("Save As"));
    }

    #[test]
    fn a_name_may_be_wanted_with_the_colon_and_the_spaces_that_are_written_there() {
        for written in ["Name:", " Name ", "Name :"] {
            assert!(wanted(None, written).is_name("Name"), "{written}");
            assert!(!wanted(None, written).is_name("Names"), "{written}");
        }
    }

    #[test]
    fn a_widget_without_a_value_has_an_empty_one() {
        let states = States::default();
        let has = |wanted: &str, value| {
            let wanted = Wanted {
                value: Some(Pattern::parse(wanted).unwrap()),
                ..Wanted::default()
            };
            wanted.is(Known {
                role: Role::Textbox,
                name: "Name",
                value,
                states: &states,
            })
        };
        assert!(has("", None));
        assert!(has("100", Some("100")));
        assert!(has("/^1/", Some("100")));
        assert!(!has("100", None));
    }

    #[test]
    fn the_right_name_comes_nearer_than_the_right_role() {
        let save = wanted(Some(Role::Button), "Save");
        let like = |role, name| save.likeness(role, name);
        assert!(like(Role::Button, "Safe") > like(Role::Link, "Safe"));
        assert!(like(Role::Link, "Save") > like(Role::Button, "Quit"));
        assert!(like(Role::Button, "Quit").is_some());
        assert_eq!(like(Role::Label, "Quit"), None);
    }
}
