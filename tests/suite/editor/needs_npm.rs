//! What the language server makes of scenarios.

use std::fs;

use deskhand::internal::scenario::VERBS;

use super::Editor;

const HEAD: &str = "version: 1\nname: A note is saved\nsteps:\n";

#[test]
fn each_verb_is_offered_once_and_explained() {
    let Some(mut editor) = Editor::start() else {
        return;
    };
    for (name, text) in [
        ("empty-step", format!("{HEAD}  - |\n")),
        ("second-step", format!("{HEAD}  - wait-ready\n  - |\n")),
        ("begun-step", format!("{HEAD}  - wait-ready\n  - c|\n")),
        (
            "inner-step",
            format!("{HEAD}  - group: a\n    steps:\n      - |\n"),
        ),
    ] {
        let offered = editor.completions(name, &text);
        for verb in VERBS {
            let found: Vec<_> = offered
                .iter()
                .filter(|(label, _)| label == verb.name)
                .collect();
            let [(_, documentation)] = &found[..] else {
                panic!("{name}: `{}` is offered as {found:#?}", verb.name);
            };
            let doc = verb.doc.get(1..).unwrap();
            assert!(documentation.contains(doc), "{name}: {found:#?}");
        }
    }
}

#[test]
fn the_fields_of_a_verb_are_offered_and_explained() {
    let Some(mut editor) = Editor::start() else {
        return;
    };
    for (name, text) in [
        // Between braces the server waits for a letter, whatever the schema.
        ("flow", format!("{HEAD}  - click: {{ c| }}\n")),
        ("block", format!("{HEAD}  - click:\n      |\n")),
    ] {
        let offered = editor.completions(name, &text);
        for field in ["target", "button", "count", "modifiers"] {
            let found: Vec<_> = offered.iter().filter(|(label, _)| label == field).collect();
            assert_eq!(found.len(), 1, "{name}: `{field}` in {offered:#?}");
            assert!(!found[0].1.is_empty(), "{name}: {found:#?}");
        }
    }
    let words = editor.completions("words", &format!("{HEAD}  - click: {{ button: m| }}\n"));
    assert!(
        words.iter().any(|(label, _)| label == "middle"),
        "{words:#?}"
    );
    let behind = editor.completions("behind", &format!("{HEAD}  - click: |\n"));
    assert!(
        !behind.iter().any(|(label, _)| label == "null"),
        "{behind:#?}"
    );
    let beside = editor.completions("beside", &format!("{HEAD}  - click: [1, 2]\n    |\n"));
    assert!(
        beside.iter().any(|(label, _)| label == "timeout"),
        "{beside:#?}"
    );
}

#[test]
fn keys_are_explained_where_the_pointer_rests() {
    let Some(mut editor) = Editor::start() else {
        return;
    };
    let text = format!("{HEAD}  - click: [1, 2]\n    time|out: 10s\n");
    let shown = editor.hover("timeout", &text);
    assert!(shown.contains("ow long the step may take"), "{shown}");
    assert!(shown.contains("a duration"), "{shown}");
    let text = format!("{HEAD}  - screenshot-|assert: saved\n");
    let shown = editor.hover("baseline", &text);
    assert!(
        shown.contains("aits until the screen matches a baseline"),
        "{shown}"
    );
    assert!(shown.contains("screenshot-assert: saved"), "{shown}");
    let text = format!("{HEAD}  - screenshot-assert: {{ baseline: saved, tole|rance: 10% }}\n");
    let shown = editor.hover("tolerance", &text);
    assert!(
        shown.contains("olour difference up to which two pixels"),
        "{shown}"
    );
}

#[test]
fn mistakes_are_underlined_and_right_files_are_not() {
    let Some(mut editor) = Editor::start() else {
        return;
    };
    let unknown = editor.complaints("unknown-verb", &format!("{HEAD}  - clik: [1, 2]\n"));
    let about = |all: &[(u64, String)], word: &str| {
        all.iter()
            .any(|(line, message)| *line == 4 && message.contains(word))
    };
    assert!(about(&unknown, "clik"), "{unknown:#?}");
    let bare = editor.complaints("bare-verb", &format!("{HEAD}  - launch\n"));
    assert!(!bare.is_empty(), "{bare:#?}");
    let text = format!("{HEAD}  - {{ click: [1, 2], timeout: 3 seconds }}\n");
    let duration = editor.complaints("bad-duration", &text);
    assert!(about(&duration, "`ms`, `s` or `m`"), "{duration:#?}");
    let number = editor.complaints("number", &text.replace("3 seconds", "3"));
    assert!(about(&number, "`ms`, `s` or `m`"), "{number:#?}");
    let two = editor.complaints("two-verbs", &format!("{HEAD}  - {{ click: , type: a }}\n"));
    assert!(!two.is_empty(), "{two:#?}");
    for name in ["hello", "calculator"] {
        let file = format!("{}/scenarios/{name}.yaml", env!("CARGO_MANIFEST_DIR"));
        let text = fs::read_to_string(file).unwrap();
        assert_eq!(editor.complaints(name, &text), [], "{name}");
    }
}
