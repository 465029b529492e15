//! What a picture depends on beside the program that it shows: the fonts, the
//! libraries and the theme that it is drawn with. Each baseline remembers its own.

use std::{collections::BTreeMap, fmt::Write as _, time::Duration};

use tokio::time::timeout;

use crate::desktop::{
    Desktop,
    wire::{ExecuteRequest, Extensions},
};

/// How long the desktop's machine may take to tell.
const PATIENCE: Duration = Duration::from_secs(10);

/// Tells one thing a line, about the programs that are on the screen and nothing
/// else: a font that somebody installed and that nothing shows changes no pixel.
pub(super) const SCRIPT: &str = include_str!("environment.sh");

/// What is known of the environment of a picture: names with their values.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Environment(pub(super) BTreeMap<String, String>);

impl From<BTreeMap<String, String>> for Environment {
    fn from(known: BTreeMap<String, String>) -> Self {
        Self(known)
    }
}

impl Environment {
    /// Asks the machine of a desktop; nothing is known of one that runs no
    /// commands.
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

    /// The file beside the baseline `picture`: a line for each name, its value in
    /// quotes as YAML and JSON have them.
    #[must_use]
    pub fn to_yaml(&self, picture: &str) -> String {
        let mut text = format!("# The environment in which {picture} was made.\n");
        for (name, value) in &self.0 {
            let value = serde_json::Value::from(value.as_str());
            let _ = writeln!(text, "{name}: {value}");
        }
        text
    }

    /// What such a file says; lines that say nothing are left out.
    pub(super) fn from_yaml(text: &str) -> Self {
        let pairs = text.lines().filter_map(|line| line.split_once(": "));
        let pairs = pairs.filter(|(name, _)| !name.starts_with(['#', ' ']));
        let unquoted = |value: &str| {
            serde_json::from_str(value).unwrap_or_else(|_| value.trim_matches('\'').to_owned())
        };
        let pairs = pairs.map(|(name, value)| (name.to_owned(), unquoted(value.trim())));
        Self(pairs.collect())
    }

    /// Whether something is known of both, and all of that is the same.
    pub(super) fn is_like(&self, now: &Self) -> bool {
        self.0.keys().any(|name| now.0.contains_key(name)) && self.changes(now).is_empty()
    }

    /// What is different now, a line for each; empty where all that is known of
    /// both is the same.
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
        let file = told.to_yaml("saved.png");
        assert!(file.starts_with("# The environment in which saved.png was made.\n"));
        assert_eq!(Environment::from_yaml(&file), told);
        assert_eq!(Environment::from_yaml("fonts: '17'\n").0["fonts"], "17");
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
