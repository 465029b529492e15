//! One line of a tree: `checkbox "Gift" [checked]`.

use super::Expected;
use crate::{
    pattern::Pattern,
    widget::{Checked, Role, States},
};

impl Expected {
    /// Reads a line without its value.
    ///
    /// # Errors
    ///
    /// In one sentence, what is wrong with it.
    pub fn parse(line: &str) -> Result<Self, String> {
        let line = line.trim();
        let end = line
            .find(|char: char| char.is_whitespace() || matches!(char, '"' | '/' | '['))
            .unwrap_or(line.len());
        let (word, mut rest) = line.split_at(end);
        let role = Role::from_name(word).ok_or_else(|| unknown_role(word))?;
        rest = rest.trim_start();
        let mut name = None;
        if rest.starts_with('"') {
            let (text, after) = text(rest)?;
            name = Some(Pattern::Text(text));
            rest = after.trim_start();
        } else if rest.starts_with('/') {
            let (expression, after) = expression(rest)?;
            name = Some(Pattern::Regex(Pattern::regex(expression)?));
            rest = after.trim_start();
        }
        let mut states = States::default();
        while let Some(inner) = rest.strip_prefix('[') {
            let (attribute, after) = inner
                .split_once(']')
                .ok_or_else(|| "a `[` has no `]`".to_owned())?;
            state(attribute, &mut states)?;
            rest = after.trim_start();
        }
        if !rest.is_empty() {
            return Err(format!(
                "`{rest}` is neither a name in quotes nor a state in brackets"
            ));
        }
        Ok(Self {
            role,
            name,
            value: None,
            states,
            mode: None,
            children: Vec::new(),
        })
    }
}

fn unknown_role(word: &str) -> String {
    let near = Role::NAMES
        .into_iter()
        .map(|name| (strsim::jaro_winkler(word, name), name))
        .max_by(|(one, _), (two, _)| one.total_cmp(two));
    match near {
        Some((like, near)) if like > 0.75 => {
            format!("there is no role `{word}`; did you mean `{near}`?")
        }
        _ => format!("there is no role `{word}`; a line begins with a role, such as `button`"),
    }
}

/// A text between quotes, and what comes after it.
fn text(line: &str) -> Result<(String, &str), String> {
    let mut text = String::new();
    let mut chars = line.char_indices().skip(1);
    while let Some((at, char)) = chars.next() {
        match char {
            '"' => return Ok((text, &line[at + 1..])),
            '\\' => text.extend(chars.next().map(|(_, char)| char)),
            char => text.push(char),
        }
    }
    Err("a quote is not closed".to_owned())
}

/// An expression between slashes, and what comes after it.
fn expression(line: &str) -> Result<(&str, &str), String> {
    let mut escaped = false;
    for (at, char) in line.char_indices().skip(1) {
        if char == '/' && !escaped {
            return Ok((&line[1..at], &line[at + 1..]));
        }
        escaped = char == '\\' && !escaped;
    }
    Err("the slash at the end of the regular expression is missing".to_owned())
}

fn state(attribute: &str, states: &mut States) -> Result<(), String> {
    let (name, value) = attribute.split_once('=').unwrap_or((attribute, "true"));
    let (name, value) = (name.trim(), value.trim());
    let is = match value {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    };
    let wrong = || format!("`[{attribute}]` is not a state: `{name}` is `true` or `false`");
    match name {
        "checked" => {
            let checked = Checked::from_name(value);
            states.checked = Some(checked.ok_or_else(|| {
                format!("`[{attribute}]` is not a state: `checked` is `true`, `false` or `mixed`")
            })?);
            return Ok(());
        }
        "disabled" => states.enabled = Some(!is.ok_or_else(wrong)?),
        "enabled" => states.enabled = Some(is.ok_or_else(wrong)?),
        "expanded" => states.expanded = Some(is.ok_or_else(wrong)?),
        "focused" => states.focused = Some(is.ok_or_else(wrong)?),
        "pressed" => states.pressed = Some(is.ok_or_else(wrong)?),
        "selected" => states.selected = Some(is.ok_or_else(wrong)?),
        _ => {
            return Err(format!(
                "there is no state `{name}`; use `checked`, `disabled`, `expanded`, `focused`, \
                 `pressed` or `selected`"
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_role_a_name_and_states() {
        for line in [
            "button",
            "button \"Save\"",
            "button /Sa.e/",
            "checkbox \"Gift\" [checked]",
            "checkbox \"Gift\" [checked=mixed] [disabled]",
            "checkbox [checked=false]",
            "button \"a \\\"b\\\" \\\\ c\"",
            "treeitem \"src\" [selected] [expanded=false]",
        ] {
            assert_eq!(Expected::parse(line).unwrap().to_string(), line);
        }
    }

    #[test]
    fn what_is_wrong_with_a_line_is_said() {
        for (line, problem) in [
            (
                "buton \"Save\"",
                "there is no role `buton`; did you mean `button`?",
            ),
            ("button \"Save", "a quote is not closed"),
            (
                "button /Save",
                "the slash at the end of the regular expression is missing",
            ),
            (
                "button Save",
                "`Save` is neither a name in quotes nor a state in brackets",
            ),
            ("checkbox [checked", "a `[` has no `]`"),
            (
                "checkbox [checked=yes]",
                "`[checked=yes]` is not a state: `checked` is `true`, `false` or `mixed`",
            ),
            (
                "button [level=2]",
                "there is no state `level`; use `checked`, `disabled`, `expanded`, `focused`, \
                 `pressed` or `selected`",
            ),
        ] {
            assert_eq!(Expected::parse(line).unwrap_err(), problem);
        }
        assert!(Expected::parse("button /(/").is_err());
        assert!(Expected::parse("").is_err());
    }
}
