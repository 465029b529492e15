//! What a picture depends on in addition to the program that it shows: the fonts, the libraries and
//! the theme that it is drawn with. Each baseline remembers its own.

use std::{collections::BTreeMap, time::Duration};

use tokio::time::timeout;

use crate::desktop::{
    Desktop,
    wire::{ExecuteRequest, Extensions},
};

/// How long the desktop's machine may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Prints one fact per line, only about the programs that are on the screen: a font that somebody
/// installed and that nothing shows changes no pixel.
pub(super) const SCRIPT: &str = include_str!("environment.sh");

/// What is known about the environment of a picture: names with their values.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Environment(pub(super) BTreeMap<String, String>);

impl From<BTreeMap<String, String>> for Environment {
    fn from(known: BTreeMap<String, String>) -> Self {
        Self(known)
    }
}

impl Environment {
    /// Asks the machine of a desktop; nothing is known about one that runs no commands.
    pub(super) async fn of(desktop: &dyn Desktop) -> Self {
        let asking = async {
            let offers = desktop.extensions().await.ok()?;
            if !offers.has(Extensions::EXECUTE) {
                return None;
            }
            let request = ExecuteRequest {
                command: SCRIPT.to_owned(),
                ..ExecuteRequest::default()
            };
            let told = desktop.execute(&request).await.ok()?;
            (told.exit_code == 0).then(|| Self::told(&told.stdout))
        };
        let told = timeout(PATIENCE, asking).await.ok().flatten();
        told.unwrap_or_default()
    }

    fn told(text: &str) -> Self {
        let pairs = text.lines().filter_map(|line| line.split_once(": "));
        let pairs = pairs.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()));
        Self(pairs.filter(|(_, value)| !value.is_empty()).collect())
    }

    /// The file beside the baseline `picture`, as YAML: names with their values.
    ///
    /// # Errors
    ///
    /// Those of the writer of YAML, which knows of none for texts.
    pub fn to_yaml(&self, picture: &str) -> Result<String, serde_yaml::Error> {
        let known = serde_yaml::to_string(&self.0)?;
        Ok(format!(
            "# The environment in which {picture} was made.\n{known}"
        ))
    }

    /// What such a file says; nothing, if it is not YAML of names with their values.
    pub(super) fn from_yaml(text: &str) -> Self {
        Self(serde_yaml::from_str(text).unwrap_or_default())
    }

    /// Whether something is known about both, and all of that is the same.
    pub(super) fn is_like(&self, now: &Self) -> bool {
        self.0.keys().any(|name| now.0.contains_key(name)) && self.changes(now).is_empty()
    }

    /// What is different now, one line for each; empty if all that is known about both is the same.
    pub(super) fn changes(&self, now: &Self) -> Vec<String> {
        let both = self.0.iter().filter_map(|(name, then)| {
            let now = now.0.get(name)?;
            (then != now).then(|| format!("{name}: {then}, now {now}"))
        });
        both.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_says_what_was_told() {
        let told = Environment::told("system: Debian \"12\"\nfonts: 17\ntheme: \nwhatever\n");
        assert_eq!(told.0.len(), 2);
        let file = told.to_yaml("saved.png").unwrap();
        assert!(file.starts_with("# The environment in which saved.png was made.\n"));
        assert_eq!(Environment::from_yaml(&file), told);
    }

    #[test]
    fn a_value_is_a_text_with_and_without_quotes() {
        for written in ["'3.10'", "\"3.10\"", "3.10", "3.10  # a comment"] {
            let read = Environment::from_yaml(&format!("font A: {written}\n"));
            assert_eq!(read.0["font A"], "3.10", "{written}");
        }
        let nothing = Environment::default();
        for written in [
            "",
            "# nothing\n",
            "<<<<<<< HEAD\nfonts: 1\n",
            "fonts: [1]\n",
        ] {
            assert_eq!(Environment::from_yaml(written), nothing, "{written}");
        }
    }

    #[test]
    fn only_what_both_know_can_have_changed() {
        let then = Environment::told("gtk: 3.24.38\nfonts: 1\nsystem: a\n");
        let now = Environment::told("gtk: 3.24.49\nfonts: 1\ntheme: b\n");
        assert_eq!(then.changes(&now), ["gtk: 3.24.38, now 3.24.49"]);
        assert!(then.changes(&Environment::default()).is_empty());
        assert!(!then.is_like(&Environment::default()), "nothing is known");
        assert!(!then.is_like(&now));
        assert!(then.is_like(&Environment::told("fonts: 1\n")));
    }
}
