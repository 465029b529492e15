use super::*;

const AREA: Rect = Rect::new(1, 2, 300, 200);
const A: &str = "{ x: 1, y: 2, width: 300, height: 200 }";

/// A scenario with this step in its middle.
fn scenario(step: &str) -> String {
    format!(
        "version: 1\nname: A  # the first\nregions:\n  form: {{ x: 5, y: 6, width: 70, height: 80 \
         }}\nsteps:\n  - press: Tab  # before\n{step}  # after\n  - press: Enter\n"
    )
}

/// The verb of the step that is meant, and its line.
fn meant(text: &str) -> (usize, &'static str) {
    let verbs = ["click", "group", "hotkey", "wait-ready", "type", "caption"];
    let mut found = text
        .lines()
        .enumerate()
        .skip(6)
        .filter_map(|(number, line)| {
            let line = line.trim_start_matches(['-', ' ', '{']);
            let begins =
                |verb: &&&str| line.starts_with(**verb) || line.contains(&format!(", {verb}:"));
            let verb = verbs.iter().find(begins)?;
            Some((number + 1, *verb))
        });
    let all: Vec<(usize, &'static str)> = found.by_ref().collect();
    let first = all.iter().find(|(_, verb)| *verb != "caption");
    *first.or(all.first()).unwrap()
}

fn edited(
    text: &str,
    edit: impl Fn(&FilmStep<'_>) -> Result<String, CannotEdit>,
) -> Result<String, CannotEdit> {
    let source = Source::new("a.yaml", text.as_bytes());
    let (line, verb) = meant(text);
    edit(&FilmStep::find(&source, line, verb)?)
}

fn silent(step: &FilmStep<'_>) -> Result<String, CannotEdit> {
    step.without_caption()
}

fn unzoomed(step: &FilmStep<'_>) -> Result<String, CannotEdit> {
    step.without_zoom()
}

fn words(text: &str, position: Option<&str>, lasting: Option<&str>) -> Words {
    Words {
        text: text.to_owned(),
        position: position.map(str::to_owned),
        lasting: lasting.map(str::to_owned),
    }
}

fn check(before: &str, after: &str, edit: impl Fn(&FilmStep<'_>) -> Result<String, CannotEdit>) {
    let (text, wanted) = (scenario(before), scenario(after));
    assert_eq!(edited(&text, &edit).as_deref(), Ok(&*wanted), "{before}");
    // The same with the line ends of other systems.
    let (text, wanted) = (text.replace('\n', "\r\n"), wanted.replace('\n', "\r\n"));
    assert_eq!(edited(&text, &edit).as_deref(), Ok(&*wanted), "{before}");
}

#[test]
fn a_caption_is_written_where_a_person_would_write_it() {
    let save = words("Save it", None, None);
    for (before, after) in [
        (
            "  - click: save\n",
            "  - click: save\n    caption: Save it\n",
        ),
        (
            "  - click: save  # why\n    timeout: 3s\n",
            "  - click: save  # why\n    caption: Save it\n    timeout: 3s\n",
        ),
        (
            "  - click:\n      target: save\n      button: right\n    timeout: 3s\n",
            "  - click:\n      target: save\n      button: right\n    timeout: 3s\n    caption: Save it\n",
        ),
        (
            "  - { click: save }\n",
            "  - { click: save, caption: Save it }\n",
        ),
        (
            "  - {click: save, soft: true}\n",
            "  - {click: save, soft: true, caption: Save it}\n",
        ),
        (
            "  - wait-ready\n",
            "  - wait-ready:\n    caption: Save it\n",
        ),
        (
            "  - group: Notes\n    steps:\n      - press: a\n",
            "  - group: Notes\n    caption: Save it\n    steps:\n      - press: a\n",
        ),
        (
            "  - name: it\n    click: save\n    caption: Old  # said\n",
            "  - name: it\n    click: save\n    caption: Save it  # said\n",
        ),
        ("  - caption: Old\n", "  - caption: Save it\n"),
        (
            "  - caption: 'Old: one'  # why\n",
            "  - caption: Save it  # why\n",
        ),
        (
            "  - caption: |\n      Old\n      lines\n",
            "  - caption: Save it\n",
        ),
        (
            "  - caption: { text: Old, for: 4s }\n",
            "  - caption: { text: Save it }\n",
        ),
        (
            "  - caption:\n      for: 4s  # long\n      text: Old  # said\n",
            "  - caption:\n      text: Save it  # said\n",
        ),
        ("  - caption: \"\"\n", "  - caption: Save it\n"),
    ] {
        check(before, after, |step| step.with_caption(&save));
    }
}

#[test]
fn the_place_and_the_time_of_a_caption_are_written_beside_its_words() {
    let all = words("Save it, now", Some("top-left"), Some("2.5s"));
    for (before, after) in [
        (
            "  - caption: Old  # why\n",
            "  - caption: { text: \"Save it, now\", position: top-left, for: 2.5s }  # why\n",
        ),
        (
            "  - caption: { text: Old, position: top }\n",
            "  - caption: { text: \"Save it, now\", position: top-left, for: 2.5s }\n",
        ),
        (
            "  - caption:\n      text: Old  # said\n",
            "  - caption:\n      text: Save it, now  # said\n      for: 2.5s\n      position: top-left\n",
        ),
    ] {
        check(before, after, |step| step.with_caption(&all));
    }
}

#[test]
fn every_text_reads_back_as_it_is() {
    let texts = [
        "plain",
        "it's",
        "say \"hi\"",
        "it's \"both\"",
        "a: b",
        "a #b",
        "# c",
        "- d",
        "007",
        "no",
        "~",
        "null",
        "",
        " ",
        " x ",
        "two\nlines",
        "two\n\nlines\nand more",
        "ends\n",
        "\n",
        "a\n  b",
        "${vars.x} and $${y}",
        "Hello ${vars.name:-you}, welcome",
        "{ x }",
        "[a], b",
        "*a",
        "&a",
        "!t",
        "%p",
        "@a",
        "`b`",
        "|",
        ">",
        "? a",
        "back\\slash",
        "tab\there",
        "Ünïcödé 日本語 🎉",
        "trailing:",
        "a\u{85}b\u{2028}c",
        "...",
        "---",
        "a, b; c!",
        "'",
        "''",
        "\"",
        "\\n",
        "=",
        "<<",
    ];
    for before in [
        "  - caption: Old  # why\n",
        "  - caption: { text: Old }\n",
        "  - caption:\n      text: Old\n",
        "  - click: save\n",
        "  - { click: save, caption: Old }\n",
        "  - caption: |\n      Old\n      more\n",
    ] {
        for text in texts {
            for position in [None, Some("top")] {
                let wanted = words(text, position, None);
                let now = edited(&scenario(before), |step| step.with_caption(&wanted));
                let now = now.unwrap_or_else(|why| panic!("{why}: {text:?} in {before}"));
                let source = Source::new("a.yaml", now.as_bytes());
                let (line, verb) = meant(&now);
                let read = FilmStep::find(&source, line, verb).unwrap().caption();
                assert_eq!(read, Some(wanted), "{now}");
                for kept in [
                    "  - press: Tab  # before\n",
                    "  # after\n  - press: Enter\n",
                ] {
                    assert!(now.contains(kept), "{now}");
                }
            }
        }
    }
}

#[test]
fn a_caption_goes_and_leaves_its_step() {
    for (before, after) in [
        (
            "  - click: save\n    caption: Old  # said\n",
            "  - click: save\n",
        ),
        ("  - caption: Old\n    click: save\n", "  - click: save\n"),
        (
            "  - { click: save, caption: Old }\n",
            "  - { click: save }\n",
        ),
        (
            "  - { caption: Old, click: save }\n",
            "  - { click: save }\n",
        ),
        (
            "  - click: save\n    caption: |\n      Old\n      lines\n    soft: true\n",
            "  - click: save\n    soft: true\n",
        ),
        // A caption that is a step of its own is the step.
        ("  - caption: Old  # said\n", ""),
        (
            "  - caption:\n      text: Old\n      for: 3s\n    name: it\n",
            "",
        ),
        ("  # about it\n  - caption: Old\n", "  # about it\n"),
        ("  - caption: |\n      Old\n      lines\n", ""),
    ] {
        check(before, after, silent);
    }
    // Nothing is left of the list, or a comment would go with it.
    let alone =
        "  - group: a\n    steps:\n      - press: a\n  - caption: x\n    # kept?\n    click: y\n";
    let refused = edited(&scenario(alone), silent);
    assert!(refused.is_err() || refused.is_ok_and(|text| text.contains("# kept?")));
}

#[test]
fn a_zoom_is_written_replaced_and_removed() {
    let area = Framing::Area(AREA);
    for (before, after) in [
        ("  - click: save\n", "  - click: save\n    zoom: A\n"),
        (
            "  - click: save\n    zoom: off  # why\n",
            "  - click: save\n    zoom: A  # why\n",
        ),
        (
            "  - click: save\n    zoom: { x: 9, y: 9, width: 9, height: 9 }\n",
            "  - click: save\n    zoom: A\n",
        ),
        ("  - { click: save }\n", "  - { click: save, zoom: A }\n"),
        (
            "  - group: Notes\n    zoom: action\n    steps:\n      - press: a\n",
            "  - group: Notes\n    zoom: A\n    steps:\n      - press: a\n",
        ),
    ] {
        check(before, &after.replace('A', A), |step| step.with_zoom(&area));
    }
    for (before, after) in [
        (
            "  - click: save\n    zoom: off\n    soft: true\n",
            "  - click: save\n    soft: true\n",
        ),
        (
            "  - click: save\n    zoom:\n      x: 9\n      y: 9\n      width: 9\n      height: 9\n",
            "  - click: save\n",
        ),
        (
            "  - { click: save, zoom: action }\n",
            "  - { click: save }\n",
        ),
    ] {
        check(before, after, unzoomed);
    }
    let word = Framing::Word("action".to_owned());
    check(
        "  - click: save\n",
        "  - click: save\n    zoom: action\n",
        |step| step.with_zoom(&word),
    );
}

#[test]
fn an_area_that_is_a_region_is_written_by_its_name() {
    let area = Framing::Area(Rect::new(5, 6, 70, 80));
    check(
        "  - click: save\n",
        "  - click: save\n    zoom: form\n",
        |step| step.with_zoom(&area),
    );
}

#[test]
fn what_says_the_same_already_is_left_as_it_is() {
    let text = scenario("  - caption: { text: 'Old', position: top }  # why\n");
    let same = edited(&text, |step| {
        step.with_caption(&words("Old", Some("top"), None))
    });
    assert_eq!(same.as_deref(), Ok(&*text));
    let none = edited(&scenario("  - click: save\n"), unzoomed);
    assert_eq!(none.as_deref(), Ok(&*scenario("  - click: save\n")));
}

#[test]
fn a_step_that_is_not_there_or_counts_elsewhere_is_refused() {
    let text = scenario("  - click: save\n");
    let source = Source::new("a.yaml", text.as_bytes());
    for (line, verb) in [(7, "press"), (6, "click"), (99, "click"), (0, "click")] {
        assert_eq!(
            FilmStep::find(&source, line, verb).unwrap_err(),
            CannotEdit::Gone
        );
    }
    for step in [
        "  - &step\n    click: save\n  - *step\n",
        "  - group: all\n    steps: &steps\n      - click: save\n  - group: b\n    steps: *steps\n",
    ] {
        let text = scenario(step);
        let source = Source::new("a.yaml", text.as_bytes());
        let line = 1 + text
            .lines()
            .position(|line| line.contains("click"))
            .unwrap();
        let found = FilmStep::find(&source, line, "click").map(|_| ());
        assert_eq!(found, Err(CannotEdit::Shared), "{step}");
    }
    let shared = scenario("  - click: save\n    caption: &words Old\n");
    let refused = edited(&shared, |step| step.with_caption(&words("New", None, None)));
    assert_eq!(refused, Err(CannotEdit::Shared));
    let broken = Source::new("a.yaml", b"a: [b");
    assert_eq!(
        FilmStep::find(&broken, 1, "a").unwrap_err(),
        CannotEdit::Unreadable
    );
}

#[test]
fn the_verb_is_told_as_it_is_written() {
    for (step, written) in [
        (
            "  - click: { target: save }  # why\n",
            "click: { target: save }",
        ),
        ("  - wait-ready\n", "wait-ready"),
        ("  - wait-ready:\n    soft: true\n", "wait-ready"),
        ("  - click:\n      target: save\n", "click:"),
    ] {
        let text = scenario(step);
        let source = Source::new("a.yaml", text.as_bytes());
        let (line, verb) = meant(&text);
        assert_eq!(
            FilmStep::find(&source, line, verb).unwrap().written(),
            written
        );
    }
}
