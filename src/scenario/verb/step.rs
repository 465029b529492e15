//! One step: a verb, and what stands beside it.

use super::{Action, VERBS, Verb, Written};
use crate::scenario::{
    fields::{Fields, mended},
    modifier::{MODIFIERS, Modifiers},
    node::{Kind, Node, Pair},
    problem::{Code, Problem, list, nearest, shown, ticked},
    reader::Reader,
    shape::Field,
    source::{Span, Spanned},
};

/// One step, as it is written.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its verb and argument; for a step that is an alias, the alias.
    pub span: Span,
    /// The verb as it is written: `double-click`.
    pub verb: &'static str,
    /// What stands beside the verb.
    pub modifiers: Modifiers,
    /// What it does.
    pub action: Action,
}

/// Reads a list of steps. A step whose verb has a problem is left out; where
/// only what stands beside it has one, the rest can be looked through for more.
pub(in crate::scenario) fn read_all(reader: &mut Reader, node: &Node, field: &Field) -> Vec<Step> {
    let Kind::Sequence(items) = &node.kind else {
        reader.add(no_list(node, field));
        return Vec::new();
    };
    let mut steps = Vec::with_capacity(items.len());
    for item in items {
        if reader.is_full() {
            break;
        }
        steps.extend(read(reader, item));
    }
    steps
}

fn read(reader: &mut Reader, node: &Node) -> Option<Step> {
    match &node.kind {
        Kind::Mapping(pairs) => read_mapping(reader, node, pairs),
        Kind::Scalar(scalar) if !node.is_nothing() => {
            let Some(verb) = find_verb(&scalar.text) else {
                reader.add(no_step(reader, &scalar.text, node.span));
                return None;
            };
            let written = Written {
                verb,
                key: node.span,
                argument: None,
                beside: Fields::new(verb.beside, &[]),
            };
            reader.require(&written.beside, node.span);
            let action = written.read(reader)?;
            Some(Step {
                span: node.span,
                verb: verb.name,
                modifiers: Modifiers::default(),
                action,
            })
        }
        _ => {
            let message = if node.is_nothing() {
                "this step is empty".to_owned()
            } else {
                let described = node.describe();
                format!("a step must be a verb with its argument, not {described}")
            };
            reader.add(
                Problem::new(Code::WrongType, node.span, message)
                    .label("expected a step")
                    .help("write `- click: [640, 400]`"),
            );
            None
        }
    }
}

fn read_mapping(reader: &mut Reader, node: &Node, pairs: &[Pair]) -> Option<Step> {
    let verb = one_verb(reader, node, pairs);
    let name = verb.map(|(verb, _)| verb.name);
    let modifiers = Modifiers::read(reader, &Fields::new(&MODIFIERS, pairs), name);
    let (verb, (key, value)) = verb?;
    let written = Written {
        verb,
        key: key.span,
        argument: Some(value).filter(|value| !value.is_nothing()),
        beside: Fields::new(verb.beside, pairs),
    };
    reader.require(&written.beside, key.span);
    let action = written.read(reader)?;
    let span = if node.aliased {
        node.span
    } else {
        // An alias may name a value in front of its own step.
        Span::new(key.span.start..key.span.end().max(value.span.end()))
    };
    Some(Step {
        span,
        verb: verb.name,
        modifiers,
        action,
    })
}

/// The verb of a step. That there is not exactly one, and each key that is
/// none of the language, is a problem.
fn one_verb<'n>(
    reader: &mut Reader,
    node: &Node,
    pairs: &'n [Pair],
) -> Option<(&'static Verb, &'n Pair)> {
    let verbs = pairs
        .iter()
        .filter_map(|pair| Some((find_verb(&pair.0.value)?, pair)));
    let mut verbs: Vec<_> = verbs.collect();
    // Beside another verb, these are modifiers of it.
    let has_then = pairs.iter().any(|(key, _)| key.value == "then");
    for (name, is_verb) in [("if", has_then), ("caption", false)] {
        if verbs.len() > 1 && !is_verb {
            verbs.retain(|(verb, _)| verb.name != name);
        }
    }
    let mut strange = false;
    for (key, value) in pairs {
        if reader.is_full() {
            break;
        }
        let name = key.value.as_str();
        let beside = |(verb, _): &(&Verb, _)| verb.beside.field(name).is_some();
        if find_verb(name).is_some() || is_modifier(name) || verbs.first().is_some_and(beside) {
            continue;
        }
        strange = true;
        let problem = match verbs.first() {
            Some((verb, (_, argument))) => strange_key(reader, verb, argument, key, value),
            None => unknown_verb(reader, key.span, name, Some(value)),
        };
        reader.add(problem);
    }
    match verbs[..] {
        [only] => Some(only),
        [] if strange => None,
        [] => {
            reader.add(no_verb(node.span));
            None
        }
        [(_, first), (_, second), ..] => {
            reader.add(two_verbs(reader, first, second));
            None
        }
    }
}

fn find_verb(name: &str) -> Option<&'static Verb> {
    VERBS.iter().copied().find(|verb| verb.name == name)
}

fn is_modifier(name: &str) -> bool {
    MODIFIERS.fields.iter().any(|field| field.name == name)
}

fn verb_names() -> impl Iterator<Item = &'static str> {
    VERBS.iter().map(|verb| verb.name)
}

/// A key beside a verb that is neither verb nor modifier.
fn strange_key(
    reader: &Reader,
    verb: &Verb,
    argument: &Node,
    key: &Spanned<String>,
    value: &Node,
) -> Problem {
    let name = ticked(&key.value);
    let problem = Problem::new(
        Code::UnknownKey,
        key.span,
        format!("the key {name} is not allowed next to `{}`", verb.name),
    );
    let mut fields = verb.shape.fields.iter();
    if fields.any(|field| field.name == key.value) {
        let inner = mended(&reader.source, &key.value, value);
        let short = verb
            .short
            .map_or_else(String::new, |field| match &argument.kind {
                Kind::Mapping(_) => "…, ".to_owned(),
                _ if argument.is_nothing() => String::new(),
                _ => mended(&reader.source, field.name, argument) + ", ",
            });
        return problem
            .label(format!("it belongs inside `{}`", verb.name))
            .help(format!("write `- {}: {{ {short}{inner} }}`", verb.name));
    }
    let beside = verb.beside.fields.iter();
    let modifiers = beside.chain(MODIFIERS.fields).map(|field| field.name);
    let known = list(modifiers.clone());
    let blocks = ["steps", "do"].contains(&key.value.as_str()) && verb.name == "if";
    let near = if blocks {
        Some("then")
    } else {
        nearest(&key.value, modifiers.chain(verb_names()))
    };
    match near {
        Some(near) => {
            let alone = find_verb(near).is_some() && !is_modifier(near);
            let dash = if alone { "- " } else { "" };
            let line = mended(&reader.source, near, value);
            problem
                .label(format!("did you mean `{near}`?"))
                .help(format!("write `{dash}{line}`"))
        }
        None => problem.label("unknown").help(format!(
            "allowed next to a verb: {known}; another verb needs its own step, with a dash"
        )),
    }
}

fn unknown_verb(reader: &Reader, span: Span, name: &str, value: Option<&Node>) -> Problem {
    let problem = Problem::new(
        Code::UnknownVerb,
        span,
        format!("there is no verb {}", ticked(name)),
    );
    let near = synonym(name).or_else(|| nearest(name, verb_names()));
    match near.and_then(find_verb) {
        Some(verb) => {
            let fits = |value: &&Node| {
                verb.short.is_some() || matches!(value.kind, Kind::Mapping(_)) || value.is_nothing()
            };
            let value = value.filter(fits);
            let line = value.map(|value| mended(&reader.source, verb.name, value));
            let alone = if verb.bare { verb.name } else { verb.example };
            let line = line.unwrap_or_else(|| alone.to_owned());
            problem
                .label(format!("did you mean `{}`?", verb.name))
                .help(format!("write `- {line}`"))
        }
        None => problem
            .label("unknown verb")
            .help(format!("the verbs are {}", list(verb_names()))),
    }
}

/// The verb that a word of other tools means.
fn synonym(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase().replace(['_', ' '], "-");
    Some(match name.as_str() {
        "sleep" | "pause" | "delay" | "wait-for" | "wait-until" => "wait",
        "tap" | "left-click" => "click",
        "hover" | "move-to" | "mouse-move" => "move",
        "write" | "input" | "input-text" | "enter-text" => "type",
        "key" | "press-key" | "key-press" => "press",
        "keys" | "send-keys" | "shortcut" => "hotkey",
        "swipe" | "drag-and-drop" => "drag",
        "exec" | "execute" | "shell" | "command" => "run",
        "open" | "start" | "launch-app" => "launch",
        "expect" | "verify" | "assert-visible" => "assert",
        "subtitle" | "say" | "annotate" => "caption",
        "take-screenshot" => "screenshot",
        "assert-screenshot" | "match-screenshot" => "screenshot-assert",
        "include" | "import" | "run-flow" => "use",
        "foreach" | "each" => "for-each",
        "repeat" | "loop" | "until" => "repeat-until",
        _ => return None,
    })
}

/// A step that is a text: mostly a colon, or the blank after it, is missing.
fn no_step(reader: &Reader, text: &str, span: Span) -> Problem {
    let first = text.split([':', ' ', '\n']).next().unwrap_or_default();
    let rest = text[first.len()..].trim_start_matches(':').trim();
    let Some(verb) = find_verb(first).filter(|_| !rest.is_empty()) else {
        return unknown_verb(reader, span, text, None);
    };
    let missing = if text[first.len()..].starts_with(':') {
        format!("a space is missing after `{}:`", verb.name)
    } else {
        format!("a colon is missing after `{}`", verb.name)
    };
    Problem::new(Code::WrongType, span, missing)
        .label("YAML reads all of this as one text")
        .help(format!("write `- {}: {}`", verb.name, shown(rest, 60)))
}

fn no_verb(span: Span) -> Problem {
    Problem::new(Code::NoVerb, span, "this step has no verb")
        .label("none of its keys is a verb")
        .help(format!(
            "a step needs a verb: {}; to add a modifier to the step above, indent it like the \
             verb of that step",
            list(verb_names())
        ))
}

fn two_verbs(reader: &Reader, first: &Pair, second: &Pair) -> Problem {
    let line = |(key, value): &Pair| {
        let source = &reader.source;
        let span = Span::new(key.span.start..key.span.end().max(value.span.end()));
        format!("- {}", shown(source.slice(source.first_line_of(span)), 60))
    };
    let message = format!(
        "this step has two verbs, `{}` and `{}`",
        first.0.value, second.0.value
    );
    Problem::new(Code::TwoVerbs, second.0.span, message)
        .label("a second verb")
        .related(first.0.span, "the first verb")
        .help(format!(
            "write a separate step for each, with its own dash:\n{}\n{}",
            line(first),
            line(second)
        ))
}

fn no_list(node: &Node, field: &Field) -> Problem {
    let message = format!(
        "`{}` must be a list of steps, not {}",
        field.name,
        node.describe()
    );
    Problem::new(Code::WrongType, node.span, message)
        .label("expected a list")
        .help(format!(
            "each step begins with a dash:\n{}:\n  - wait-ready\n  - click: [640, 400]",
            field.name
        ))
}
