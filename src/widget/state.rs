//! The states of a widget.

use serde::{Deserialize, Serialize};

/// Whether something is checked. In JSON it is `true`, `false` or `"mixed"`.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(from = "CheckedAsJson", into = "CheckedAsJson")]
pub enum Checked {
    /// It is not.
    No,
    /// It is.
    Yes,
    /// Some of what it stands for is.
    Mixed,
}

/// How [`Checked`] travels.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum CheckedAsJson {
    Known(bool),
    Mixed(Mixed),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Mixed {
    Mixed,
}

impl From<CheckedAsJson> for Checked {
    fn from(json: CheckedAsJson) -> Self {
        match json {
            CheckedAsJson::Known(true) => Self::Yes,
            CheckedAsJson::Known(false) => Self::No,
            CheckedAsJson::Mixed(Mixed::Mixed) => Self::Mixed,
        }
    }
}

impl From<Checked> for CheckedAsJson {
    fn from(checked: Checked) -> Self {
        match checked {
            Checked::Yes => Self::Known(true),
            Checked::No => Self::Known(false),
            Checked::Mixed => Self::Mixed(Mixed::Mixed),
        }
    }
}

impl Checked {
    /// As scenarios write it: `true`, `false` or `mixed`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::No => "false",
            Self::Yes => "true",
            Self::Mixed => "mixed",
        }
    }

    /// What is written so.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::No, Self::Yes, Self::Mixed]
            .into_iter()
            .find(|checked| checked.name() == name)
    }
}

/// States, each known or not. Of a widget, a state is not known if the widget cannot be
/// in it: only what can be checked is `checked` or not. In a search, what is not known
/// does not matter.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct States {
    /// Whether it is checked: a check box, a radio button, a switch, an entry of a menu.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checked: Option<Checked>,
    /// Whether it is chosen among others: a tab, an entry of a list, a row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selected: Option<bool>,
    /// Whether it can be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// Whether it has the keyboard.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub focused: Option<bool>,
    /// Whether what belongs to it is shown: an entry of a tree, a menu, a combobox.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expanded: Option<bool>,
    /// Whether it stays pressed: a button that is on or off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pressed: Option<bool>,
    /// Whether its text can be changed by typing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub editable: Option<bool>,
}

impl States {
    /// Whether something in these states is what is `wanted`.
    #[must_use]
    pub fn fit(&self, wanted: &Self) -> bool {
        fn fits<T: PartialEq + Copy>(is: Option<T>, wanted: Option<T>) -> bool {
            wanted.is_none() || is == wanted
        }
        // What cannot be in a state is not in it.
        let no = |is: Option<bool>| Some(is.unwrap_or(false));
        fits(Some(self.checked.unwrap_or(Checked::No)), wanted.checked)
            && fits(no(self.selected), wanted.selected)
            && fits(no(self.enabled), wanted.enabled)
            && fits(no(self.focused), wanted.focused)
            && fits(no(self.expanded), wanted.expanded)
            && fits(no(self.pressed), wanted.pressed)
            && fits(no(self.editable), wanted.editable)
    }

    /// Each state that is known, with its value as scenarios write it.
    pub fn known(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let word = |state: Option<bool>| state.map(|is| if is { "true" } else { "false" });
        [
            ("checked", self.checked.map(Checked::name)),
            ("selected", word(self.selected)),
            ("enabled", word(self.enabled)),
            ("focused", word(self.focused)),
            ("expanded", word(self.expanded)),
            ("pressed", word(self.pressed)),
            ("editable", word(self.editable)),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checked_is_a_boolean_or_mixed_in_json() {
        for (checked, json) in [
            (Checked::Yes, "true"),
            (Checked::No, "false"),
            (Checked::Mixed, "\"mixed\""),
        ] {
            assert_eq!(serde_json::to_string(&checked).unwrap(), json);
            assert_eq!(serde_json::from_str::<Checked>(json).unwrap(), checked);
        }
        assert!(serde_json::from_str::<Checked>("\"yes\"").is_err());
    }

    #[test]
    fn a_state_that_a_widget_cannot_be_in_is_false() {
        let label = States {
            enabled: Some(true),
            ..States::default()
        };
        let wanted = |checked| States {
            checked: Some(checked),
            ..States::default()
        };
        assert!(label.fit(&wanted(Checked::No)));
        assert!(!label.fit(&wanted(Checked::Yes)));
        assert!(label.fit(&States::default()));
    }

    #[test]
    fn every_wanted_state_has_to_be_there() {
        let row = States {
            selected: Some(true),
            enabled: Some(true),
            ..States::default()
        };
        assert!(row.fit(&row));
        let disabled = States {
            enabled: Some(false),
            ..row
        };
        assert!(!row.fit(&disabled));
    }
}
