//! What the language promises, and what hostile files meet.

use std::fmt::Write;

use super::{Action, Code, Problems, Scenario, Source, Step, verb::VERBS};

fn read(text: impl AsRef<[u8]>) -> Result<Scenario, Problems> {
    let source = Source::new("a.yaml", text.as_ref());
    Scenario::read(source).map(|(scenario, _)| scenario)
}

fn with_steps(steps: &str) -> Scenario {
    let text = format!("version: 1\nname: test\nsteps:\n{steps}");
    read(&text).unwrap_or_else(|problems| panic!("{text}\n{:?}", messages(&problems)))
}

fn messages(problems: &Problems) -> Vec<&str> {
    problems.iter().map(|p| p.message.as_str()).collect()
}

fn codes(text: impl AsRef<[u8]>) -> Vec<Code> {
    let problems = read(text).expect_err("it is bad");
    problems.iter().map(|p| p.code).collect()
}

fn typed(steps: &[Step]) -> Vec<&str> {
    let text = |step: &'_ Step| match &step.action {
        Action::Type(typed) => typed.text.value.known().unwrap_or("?").to_owned(),
        other => panic!("{other:?}"),
    };
    let texts: Vec<String> = steps.iter().map(text).collect();
    texts.into_iter().map(|text| &*text.leak()).collect()
}

#[test]
fn a_text_is_what_is_written() {
    let scenario = with_steps(
        "  - type: 007\n  - type: no\n  - type: ~\n  - type: 1e3\n  - type: null\n  - type: 0x1F\n  \
         - type: ''\n  - { type: 2026-11-23 }\n",
    );
    let expected = ["007", "no", "~", "1e3", "null", "0x1F", "", "2026-11-23"];
    assert_eq!(typed(&scenario.steps), expected);
}

#[test]
fn blocks_quotes_and_escapes_are_those_of_yaml() {
    let scenario = with_steps(
        "  - type: |\n      two\n      lines\n  - type: \"a\\tb\"\n  - type: 'it''s'\n  - type: >-\n      \
         one\n      line\n",
    );
    let expected = ["two\nlines\n", "a\tb", "it's", "one line"];
    assert_eq!(typed(&scenario.steps), expected);
}

#[test]
fn a_character_may_be_two_escapes_as_in_json() {
    let scenario = with_steps(
        "  - type: \"\\ud83d\\ude39\"\n  - type: \"a\\uD83D\\uDE39\\/\\u00e9\"\n  - type: \
         \"\\\\ud83d\\\\ude39 \\ud83d\\ude39\"\n",
    );
    let expected = ["\u{1f639}", "a\u{1f639}/é", "\\ud83d\\ude39 \u{1f639}"];
    assert_eq!(typed(&scenario.steps), expected);
}

#[test]
fn without_double_quotes_an_escape_is_a_text() {
    let written = "\\ud83d\\ude39";
    let scenario = with_steps(&format!(
        "  - type: {written}\n  - type: '{written}'\n  - type: |-\n      {written}\n  - {{ type: \
         {written} }}\n"
    ));
    assert_eq!(typed(&scenario.steps), [written; 4]);
}

#[test]
fn places_are_the_same_after_a_character_of_two_escapes() {
    let text = "{\"version\":\t1, \"name\": \"é \\ud83d\\ude39\", \"steps\": [{\"clik\": 1}]}";
    let problems = read(text).expect_err("it is bad");
    let places = problems.iter().map(|p| problems.source().slice(p.span));
    assert_eq!(places.collect::<Vec<_>>(), ["\"clik\""]);
}

#[test]
fn json_is_read_however_its_writer_puts_blanks() {
    let compact = r#"{"version":1,"name":"n","steps":[{"type":"a"},{"type":"b\tc"}]}"#;
    let tabs = "{\n\t\"version\":\t1,\n\t\"name\":\t\"n\",\n\t\"steps\":\t[\n\t\t{\t\"type\":\t\"a\"\t},\n\t\t\
                {\"type\":\n\t\"b\\tc\"}\n\t]\n}\n";
    for text in [compact, tabs, &tabs.replace('\n', "\r\n")] {
        let scenario = read(text).unwrap_or_else(|problems| panic!("{:?}", messages(&problems)));
        assert_eq!(typed(&scenario.steps), ["a", "b\tc"], "{text}");
    }
}

#[test]
fn a_tab_that_belongs_to_a_text_stays_one() {
    let scenario = with_steps(
        "  - type:\t\"a:\tb\"\n  - type:\t'c:\td'\n  - type: |-\n      e:\tf\n  - type: g # h:\ti\n",
    );
    assert_eq!(typed(&scenario.steps), ["a:\tb", "c:\td", "e:\tf", "g"]);
}

#[test]
fn a_doubled_dollar_types_one() {
    let scenario = with_steps("  - type: $${HOME} costs $5\n");
    assert_eq!(typed(&scenario.steps), ["${HOME} costs $5"]);
}

#[test]
fn a_step_spans_its_verb_and_argument() {
    let scenario = with_steps(
        "  - name: first\n    click: [1, 2]  # a note\n  - wait-ready\n  - click: { target: [1, 2] } # a\n  - \
         type: |\n      a\n      b\n\n  - type: \"a\"  # b\n  - type: \"\\\"\"  # c\"\n  - type: \
         'it''s' # d'\n",
    );
    let slice = |step: &Step| scenario.source.slice(step.span).to_owned();
    let spans: Vec<String> = scenario.steps.iter().map(slice).collect();
    let expected = [
        "click: [1, 2]",
        "wait-ready",
        "click: { target: [1, 2] }",
        "type: |\n      a\n      b",
        "type: \"a\"",
        "type: \"\\\"\"",
        "type: 'it''s'",
    ];
    assert_eq!(spans, expected);
}

#[test]
fn an_alias_is_played_like_its_anchor_and_keeps_its_place() {
    let scenario = with_steps("  - &save\n    press: Return\n  - type: é\n  - *save\n");
    let [first, _, again] = &scenario.steps[..] else {
        panic!("three steps");
    };
    let shown = |step: &Step| format!("{:?}", step.action);
    assert_eq!(shown(first), shown(again));
    assert_eq!(scenario.source.slice(again.span), "*save");
    assert_eq!(scenario.source.position(again.span.start), (7, 5));
}

#[test]
fn a_bad_step_that_is_repeated_by_an_alias_is_one_problem() {
    let text = "version: 1\nname: a\nsteps:\n  - &a { clik: 1 }\n  - *a\n  - *a\n";
    assert_eq!(codes(text), [Code::UnknownVerb]);
}

#[test]
fn a_bad_step_does_not_hide_the_problems_of_the_others() {
    let text = "version: 1\nname: a\nsteps:\n  - clik: 1\n  - press: Retrun\n  - click: [1]\n";
    let expected = [Code::UnknownVerb, Code::UnknownKeyName, Code::BadPosition];
    assert_eq!(codes(text), expected);
}

#[test]
fn line_ends_and_a_byte_order_mark_change_nothing() {
    let text = "\u{feff}version: 1\r\nname: é\r\nsteps:\r\n  - type: é\r\n  - press: Tab\r\n";
    let scenario = read(text).expect("it is right");
    assert_eq!(scenario.name.value.known(), Some("é"));
    let place = scenario.steps[1].span;
    assert_eq!(scenario.source.slice(place), "press: Tab");
    assert_eq!(scenario.source.position(place.start), (5, 5));
}

#[test]
fn an_alias_bomb_is_a_problem_and_fills_no_memory() {
    let mut text = String::from("version: 1\nname: a\ntags:\n  - &a0 [x, x, x, x, x, x, x, x]\n");
    for level in 1..30 {
        let alias = format!("*a{}, ", level - 1).repeat(8);
        writeln!(text, "  - &a{level} [{alias}]").expect("a string takes all");
    }
    text.push_str("steps:\n  - wait-ready\n");
    assert_eq!(codes(text), [Code::TooLarge]);
}

#[test]
fn a_long_text_repeated_by_aliases_fills_no_memory() {
    let long = "x".repeat(1 << 20);
    let mut text = format!("version: 1\nname: a\ntags:\n  - &a {long}\n");
    text.push_str(&"  - *a\n".repeat(100_000));
    assert!(codes(text).contains(&Code::TooLarge));
}

#[test]
fn deep_brackets_are_a_problem() {
    assert_eq!(codes("[".repeat(200_000)), [Code::TooLarge]);
    assert_eq!(codes("{".repeat(200_000)), [Code::TooLarge]);
    assert_eq!(codes("- ".repeat(200_000)), [Code::TooLarge]);
    assert_eq!(codes("a: &a ".repeat(200_000)).len(), 1);
    assert_eq!(codes("? ".repeat(100_000)).len(), 1);
}

#[test]
fn bytes_that_are_no_text_are_a_problem() {
    assert_eq!(codes(b"version: 1\0"), [Code::BadText]);
    assert_eq!(codes(b"\xff\xfe\x00"), [Code::BadText]);
    assert_eq!(codes(b"name: \xc3\x28"), [Code::BadText]);
    assert_eq!(codes(b""), [Code::EmptyFile]);
    assert_eq!(codes("\u{feff}"), [Code::EmptyFile]);
    assert_eq!(codes(vec![b'a'; 5 << 20]), [Code::TooLarge]);
}

#[test]
fn large_files_of_nonsense_neither_panic_nor_hang() {
    const LENGTH: usize = 600_000;
    for line in [
        "- a\n",
        "a: b\n",
        "é",
        "x",
        "'",
        "\"",
        "- clik: 1\n",
        "*a ",
        "&a ",
        "!a ",
        "[é, ",
        "# é\n",
        "\t",
        ": ",
        "? a\n",
        "|\n",
        "---\n",
        "%a\n",
        "a\n ",
    ] {
        let head = "version: 1\nname: a\nsteps:\n";
        for head in [head, ""] {
            let text = format!("{head}{}", line.repeat(LENGTH / line.len()));
            assert!(read(&text).is_err(), "{line:?}");
        }
    }
}

#[test]
fn a_thousand_mistakes_are_cut() {
    let text = format!(
        "version: 1\nname: a\nsteps:\n{}",
        "  - press: Retrun\n".repeat(5000)
    );
    let problems = read(text).expect_err("it is bad");
    assert!(problems.are_cut());
}

/// A cheap fuzzer: every cut, and many small changes, of a file that has a bit
/// of everything. Nothing may panic, and every place lies in the text.
#[test]
fn changed_and_cut_files_never_panic() {
    const FILE: &str = "version: 1\nname: é \"x\"\ndesktop: { size: 1280x800 }\ndefaults:\n  timeout: 3s\n  \
                        screenshot: { tolerance: 10%, mask: [c] }\nregions:\n  c: &c { x: 1, y: 2, width: 3, \
                        height: 4 }\nsteps:\n  - wait-ready\n  - &a\n    click: { target: [1, 2], button: \
                        right }\n    soft: true\n  - *a\n  - type: |\n      $${é}\n  - hotkey: [ctrl, s]\n  - \
                        screenshot-assert: { baseline: b, region: *c }\n  - record: stop\n";
    const SIGNS: [char; 20] = [
        '[', ']', '{', '}', ':', '-', ',', '&', '*', '!', '|', '>', '\'', '"', '%', '#', '\n',
        '\t', 'é', ' ',
    ];
    let check = |text: &str| {
        if let Err(problems) = read(text) {
            assert!(!problems.is_empty(), "{text}");
            for problem in problems.iter() {
                assert!(
                    text.get(problem.span.start..problem.span.end()).is_some(),
                    "{text}"
                );
            }
            let _ = super::render(&[problems], 80, false);
        }
    };
    let bounds: Vec<usize> = FILE.char_indices().map(|(at, _)| at).collect();
    for (number, &at) in bounds.iter().enumerate() {
        check(&FILE[..at]);
        check(&FILE[at..]);
        for step in 0..4 {
            let sign = SIGNS[(number * 7 + step * 5) % SIGNS.len()];
            check(&format!("{}{sign}{}", &FILE[..at], &FILE[at..]));
            let next = bounds.get(number + 1 + step).copied().unwrap_or(FILE.len());
            check(&format!("{}{sign}{}", &FILE[..at], &FILE[next..]));
        }
    }
}

#[test]
fn a_verb_in_another_spelling_is_that_verb() {
    let spellings: [fn(&str) -> String; 2] = [
        |name| name.to_uppercase(),
        |name| format!("{}_", name.replace('-', "_")),
    ];
    for verb in VERBS {
        for spelt in spellings {
            let text = format!(
                "version: 1\nname: test\nsteps:\n  - {}: x\n",
                spelt(verb.name)
            );
            let problems = read(&text).expect_err("it is not a verb");
            let labels: Vec<&str> = problems.iter().map(|problem| &*problem.label).collect();
            assert_eq!(labels, [format!("did you mean `{}`?", verb.name)]);
        }
    }
}
