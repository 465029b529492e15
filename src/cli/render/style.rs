//! The style of a film: from the project's settings, or a file of its own.

use std::path::Path;

use serde_json::Value;

use crate::{
    cli::{Exit, ProcessEnvironment, complain, say},
    film::Style,
    plan::{Disk, Files},
    scenario::{self, Code, Problem, Problems, Project, Source, StyleWritten},
};

/// The style in a file, else in the settings, else the usual one.
pub(super) fn style(
    file: Option<&Path>,
    project: Option<&Project>,
    environment: &ProcessEnvironment,
) -> Result<Style, Exit> {
    let written = match file {
        Some(file) => Some(read(file, environment)?),
        None => project.and_then(|project| project.style.clone()),
    };
    let Some(written) = written else {
        return Ok(Style::default());
    };
    of(&written).map_err(|problem| {
        draw(
            &Problems::new(written.source.clone(), vec![*problem]),
            environment,
        )
    })
}

fn read(file: &Path, environment: &ProcessEnvironment) -> Result<StyleWritten, Exit> {
    let shown = file.display().to_string();
    let bytes = Disk.read(file, Source::MAX_BYTES + 1).map_err(|reason| {
        complain(&format!("cannot read {shown}: {reason}"));
        Exit::Usage
    })?;
    let read = StyleWritten::read(Source::new(shown, &bytes));
    read.map_err(|problems| draw(&problems, environment))
}

fn draw(problems: &Problems, environment: &ProcessEnvironment) -> Exit {
    let drawn = scenario::render([problems], environment.width, environment.colour);
    say::show(&drawn);
    Exit::Invalid
}

/// The style that is written, or what is wrong with it first.
pub(in crate::cli) fn of(written: &StyleWritten) -> Result<Style, Box<Problem>> {
    let read = serde_path_to_error::deserialize(written.value.clone());
    read.map_err(|error| {
        let path = error.path().to_string();
        // A list has no places of its own.
        let path = path.split('[').next().unwrap_or_default().trim_matches('.');
        let words = error.inner().to_string();
        Box::new(match unknown(&words) {
            Some(key) => unknown_key(written, path, key),
            None => wrong_value(written, path, &words),
        })
    })
}

/// The key that the words of an error call unknown.
fn unknown(words: &str) -> Option<&str> {
    let rest = words.strip_prefix("unknown field `")?;
    rest.split('`').next()
}

fn unknown_key(written: &StyleWritten, path: &str, key: &str) -> Problem {
    let parts: Vec<&str> = path.split('.').filter(|part| !part.is_empty()).collect();
    let (last, before) = match parts.split_last() {
        Some((last, before)) if *last == key => (key, before),
        _ => (key, &parts[..]),
    };
    let place = [before, &[last]].concat().join(".");
    let known = keys(before);
    let known = || known.iter().map(String::as_str);
    let owner = [&["style"], before].concat().join(".");
    let message = format!("`{owner}` has no key {}", scenario::ticked(key));
    let problem = Problem::new(Code::UnknownKey, written.key(&place), message);
    let all = scenario::these_of("its", "key", known());
    if place == "style" {
        return problem.label("a file of a style is all style").help(
            "remove this line and indent the lines below it less: in `deskhand.yaml` alone, \
             `style` stands above them",
        );
    }
    match scenario::nearest(key, known()) {
        Some(near) => problem.label(format!("did you mean `{near}`?")).help(all),
        None => problem.label("unknown key").help(all),
    }
}

/// The keys that a part of a style has.
fn keys(path: &[&str]) -> Vec<String> {
    let all = serde_json::to_value(Style::default()).unwrap_or_default();
    let part = path.iter().try_fold(&all, |value, key| value.get(*key));
    match part {
        Some(Value::Object(map)) => map.keys().cloned().collect(),
        _ => Vec::new(),
    }
}

fn wrong_value(written: &StyleWritten, path: &str, words: &str) -> Problem {
    let owner = if path.is_empty() {
        "style".to_owned()
    } else {
        format!("style.{path}")
    };
    let message = format!("`{owner}` has an invalid value");
    let words = words.split(" at line ").next().unwrap_or(words);
    let problem = Problem::new(Code::WrongType, written.value(path), message);
    match wanted_and_found(words) {
        Some((wanted, Some(found))) => problem.label(format!("expected {wanted}, not {found}")),
        Some((wanted, None)) => problem.label(format!("expected {wanted}")),
        None => problem.label("this value").help(words),
    }
}

/// What is expected of a value, and what was found, in the words of this program: serde
/// speaks of types. `None` where it passes on a sentence of our own.
fn wanted_and_found(words: &str) -> Option<(String, Option<String>)> {
    if let Some(rest) = words.strip_prefix("unknown variant ") {
        let (_, wanted) = rest.split_once(", expected ")?;
        return Some((wanted.to_owned(), None));
    }
    let rest = words
        .strip_prefix("invalid type: ")
        .or_else(|| words.strip_prefix("invalid value: "))?;
    let (found, wanted) = rest.rsplit_once(", expected ")?;
    let wanted = match wanted {
        "u8" | "u16" | "u32" | "u64" | "usize" | "i32" | "i64" => "a whole number",
        "f32" | "f64" => "a number",
        "a boolean" => "`true` or `false`",
        "a string" => "a text",
        "a sequence" => "a list",
        _ if wanted.starts_with("struct ") || wanted == "a map" => "keys with values",
        _ if wanted.starts_with("string or map") || wanted.starts_with("enum ") => {
            "one of its words"
        }
        other => other,
    };
    let quoted = |text: &str| scenario::ticked(text.trim_matches(['`', '"']));
    let found = match found.split_once(' ') {
        None if found == "null" => "nothing".to_owned(),
        None if found == "map" => "keys with values".to_owned(),
        None if found == "sequence" => "a list".to_owned(),
        Some(("unit", _)) => "nothing".to_owned(),
        Some(("string", text)) => format!("the text {}", quoted(text)),
        Some(("integer" | "boolean", text)) => quoted(text),
        Some(("floating", text)) => quoted(text.strip_prefix("point ").unwrap_or(text)),
        _ => found.to_owned(),
    };
    Some((wanted.to_owned(), Some(found)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> (String, String, String, String) {
        let source = Source::new("style.yaml", text.as_bytes());
        let written = StyleWritten::read(source).unwrap();
        let problem = of(&written).unwrap_err();
        let place = written.source.slice(problem.span).to_owned();
        (
            place,
            problem.message,
            problem.label,
            problem.help.unwrap_or_default(),
        )
    }

    #[test]
    fn a_misspelt_key_is_shown_at_its_place_with_the_one_that_was_meant() {
        let (place, message, label, help) = problem("zoom:\n  facter: 2\n");
        assert_eq!(place, "facter");
        assert_eq!(message, "`style.zoom` has no key `facter`");
        assert_eq!(label, "did you mean `factor`?");
        assert!(help.starts_with("its keys are `auto`, `factor`"), "{help}");
        let (place, message, label, _) = problem("colour: red\n");
        assert_eq!((&*place, &*label), ("colour", "unknown key"));
        assert_eq!(message, "`style` has no key `colour`");
    }

    #[test]
    fn a_value_out_of_its_bounds_is_shown_with_them() {
        let (place, message, _, help) = problem("zoom: { factor: 99 }\n");
        assert_eq!(place, "99");
        assert_eq!(message, "`style.zoom.factor` has an invalid value");
        assert!(help.contains("from 1 to 6"), "{help}");
    }

    #[test]
    fn a_value_of_another_kind_is_told_in_the_words_of_the_language() {
        for (text, label) in [
            (
                "keys: { show: some }",
                "expected one of `all`, `shortcuts`, `none`",
            ),
            ("zoom: 3", "expected keys with values, not `3`"),
            (
                "zoom: { factor: wide }",
                "expected a number, not the text `wide`",
            ),
            ("frame-rate: 12.5", "expected a whole number, not `12.5`"),
            ("frame-rate: [30]", "expected a whole number, not a list"),
        ] {
            assert_eq!(problem(text).2, label, "{text}");
        }
    }

    #[test]
    fn a_file_of_a_style_does_not_begin_with_style() {
        let (place, _, label, help) = problem("style:\n  zoom: { factor: 2 }\n");
        assert_eq!(
            (&*place, &*label),
            ("style", "a file of a style is all style")
        );
        assert!(help.starts_with("remove this line"), "{help}");
    }

    #[test]
    fn an_empty_mapping_is_the_usual_style() {
        let written = StyleWritten::read(Source::new("s", b"{}")).unwrap();
        assert_eq!(of(&written).unwrap(), Style::default());
    }
}
