//! The standard form, rule by rule: what is written, and what becomes of it.

use std::{fs, path::PathBuf};

use super::{Source, attempt, format, read};

/// What must hold for every text: its standard form is found, and is its own.
pub(super) fn formatted(text: &str) -> String {
    let source = Source::new("a.yaml", text.as_bytes());
    let told = read(&source).unwrap_or_else(|problems| panic!("{text}\n{problems:#?}"));
    let once = attempt(source.text(), &told).unwrap_or_else(|| panic!("given up:\n{text}"));
    let again = format(&Source::new("a.yaml", once.as_bytes())).expect("it was right");
    assert_eq!(again, once, "twice is not once, for:\n{text}");
    once
}

fn becomes(before: &str, after: &str) {
    assert_eq!(formatted(before), after, "from:\n{before}");
}

fn stays(text: &str) {
    becomes(text, text);
}

#[test]
fn lines_end_with_lf_and_without_blanks() {
    becomes("\u{feff}a: 1 \r\nb: 2\t\r\n", "a: 1\nb: 2\n");
    becomes("a: 1", "a: 1\n");
    becomes("a: 1\rb: 2", "a: 1\nb: 2\n");
}

#[test]
fn one_blank_line_stays_of_many_and_none_at_the_ends() {
    becomes("\n\na: 1\n\n \n\nb: 2\n\n\n", "a: 1\n\nb: 2\n");
    becomes("\n# a\n\n\n# b\n\n", "# a\n\n# b\n");
    becomes("", "");
    becomes("\n\n", "");
}

#[test]
fn a_level_is_two_blanks_and_a_list_is_deeper_than_its_key() {
    becomes("a:\n    b:\n     c: 1\n", "a:\n  b:\n    c: 1\n");
    becomes(
        "a:\n- 1\n- b: 2\n  c: 3\nd: 4\n",
        "a:\n  - 1\n  - b: 2\n    c: 3\nd: 4\n",
    );
    becomes(
        "a:\n    - - 1\n      - 2\n    - 3\n",
        "a:\n  - - 1\n    - 2\n  - 3\n",
    );
    stays("a:\n  b\nc:\n  - x\n");
}

#[test]
fn what_a_list_holds_stands_behind_the_dash() {
    becomes(
        "-\n    a: 1\n    b: 2\n-   c\n-\n  - d\n-\n",
        "- a: 1\n  b: 2\n- c\n- - d\n-\n",
    );
    stays("-  # why\n  a: 1\n");
    becomes("-   &x\n    a: 1\n", "- &x\n  a: 1\n");
}

#[test]
fn one_blank_stands_behind_signs() {
    becomes("a:    1\nb :  2\n'c'  :   3\n", "a: 1\nb: 2\n'c': 3\n");
}

#[test]
fn brackets_in_one_line_stay_in_one() {
    becomes(
        "a: {b: c,  d: [ 1,2 , 3 ]}\n",
        "a: { b: c, d: [1, 2, 3] }\n",
    );
    becomes("a: [ ]\nb: { }\nc: {\n  }\n", "a: []\nb: {}\nc: {}\n");
    becomes("a: {\"b\":1, c}\n", "a: { \"b\": 1, c }\n");
    becomes("a: [b: 1, c: [2],]\n", "a: [b: 1, c: [2],]\n");
}

#[test]
fn brackets_over_several_lines_have_one_entry_a_line() {
    becomes(
        "a: [1, 2,\n  {b: c,\n d: e}]\n",
        "a: [\n    1,\n    2,\n    {\n      b: c,\n      d: e\n    }\n  ]\n",
    );
    becomes(
        "- [ 1, # one\n  # two\n  2 ]\n",
        "- [\n    1,  # one\n    # two\n    2\n  ]\n",
    );
}

#[test]
fn a_comment_is_indented_like_what_follows_or_what_it_belongs_to() {
    becomes(
        "# top\na:\n# of b\n    b: 1\n",
        "# top\na:\n  # of b\n  b: 1\n",
    );
    becomes(
        "a:\n- b: 1\n  # - c: 2\n# next\n- d: 3\n  # last\n# end\n",
        "a:\n  - b: 1\n    # - c: 2\n  # next\n  - d: 3\n    # last\n# end\n",
    );
    becomes(
        "a:\n    # nothing yet\nb: 1\n",
        "a:\n  # nothing yet\nb: 1\n",
    );
}

#[test]
fn a_comment_behind_a_text_stands_two_blanks_behind_it() {
    becomes(
        "a: 1 # one\nbcd: 2     # two\n",
        "a: 1  # one\nbcd: 2  # two\n",
    );
    becomes("a: # one\n  b: 1\n", "a:  # one\n  b: 1\n");
}

#[test]
fn comments_in_one_column_stay_in_one() {
    becomes(
        "a: 1      # one\nbcd: 2    # two\nx: 3\ny: 4      # four\n",
        "a: 1    # one\nbcd: 2  # two\nx: 3\ny: 4  # four\n",
    );
}

#[test]
fn a_comment_gets_a_blank_behind_its_sign() {
    becomes(
        "#!x\n#a\n##\n#\n#\tb\na: 1 #c\n",
        "#!x\n# a\n##\n#\n#\tb\na: 1  # c\n",
    );
    stays("# yaml-language-server: $schema=x.json\na: 1\n");
}

#[test]
fn scalars_keep_their_spelling() {
    stays("a: 007\nb: 'it''s # no'\nc: \"\\u00e9 \\\" # no\"\nd: ~\ne: a  b\nf: -1\ng: :x\n");
}

#[test]
fn texts_over_several_lines_are_only_indented() {
    becomes(
        "a:   one\n      two\n\n\n      three\nb: 1\n",
        "a: one\n  two\n\n\n  three\nb: 1\n",
    );
    becomes(
        "- a: \"one  \n   two \\\n    \\  three\"\n",
        "- a: \"one\n    two \\\n    \\  three\"\n",
    );
    becomes("a: \"x\\ \n  y\"\n", "a: \"x\\ \n  y\"\n");
}

#[test]
fn block_scalars_keep_every_line() {
    becomes(
        "a: |   # why\n      one  \n        two\n\n\n      # no comment\n\n\n# but this\nb: >-\n x\n",
        "a: |  # why\n  one  \n    two\n\n\n  # no comment\n\n# but this\nb: >-\n  x\n",
    );
    becomes("- a: |+\n    x\n\n\n- b\n", "- a: |+\n    x\n\n\n- b\n");
    becomes(
        "a:\n    b: |2\n        x\n      y\n",
        "a:\n  b: |2\n      x\n    y\n",
    );
    becomes("a:\n- |1-\n  x\n- b\n", "a:\n  - |1-\n    x\n  - b\n");
    becomes("a: |\nb: |-\n\n", "a: |\nb: |-\n");
}

#[test]
fn names_tags_markers_and_directives_are_kept() {
    becomes(
        "%YAML 1.2\n---\na:   &x   1\nb:  *x\nc: !!str   2\n...\n",
        "%YAML 1.2\n---\na: &x 1\nb: *x\nc: !!str 2\n...\n",
    );
    becomes(
        "--- # first\na: 1\n---\n- [&a 1 , &b c]\n",
        "---  # first\na: 1\n---\n- [&a 1, &b c]\n",
    );
    becomes("&x a: 1\n*x : 2\n", "&x a: 1\n*x : 2\n");
    becomes(
        "a: &m\n     b: 1\nc: &l\n- 1\n",
        "a: &m\n  b: 1\nc: &l\n  - 1\n",
    );
}

#[test]
fn explicit_keys_are_kept() {
    becomes("?   a\n:   b\n? c\n", "? a\n: b\n? c\n");
}

#[test]
fn a_mistake_of_the_language_does_not_hinder() {
    becomes(
        "steps:\n- clik:   1\n- clik: 2\n  clik: 3\n",
        "steps:\n  - clik: 1\n  - clik: 2\n    clik: 3\n",
    );
}

#[test]
fn what_is_no_yaml_is_a_problem() {
    for text in ["a: [1", "a: 'x", "a: *b", "? [a]\n: b", "a\0"] {
        assert!(
            format(&Source::new("a.yaml", text.as_bytes())).is_err(),
            "{text}"
        );
    }
}

fn files(folder: &str) -> Vec<PathBuf> {
    let mut folders = vec![PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(folder)];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "yaml") {
                files.push(path);
            }
        }
    }
    files
}

#[test]
fn the_scenarios_of_the_project_have_their_standard_form() {
    for path in files("scenarios") {
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(formatted(&text), text, "{}", path.display());
    }
}

#[test]
fn every_file_of_the_gallery_that_is_yaml_has_a_standard_form() {
    let mut count = 0;
    for path in files("tests/diagnostics") {
        let source = Source::new("a.yaml", &fs::read(&path).unwrap());
        if read(&source).is_ok() {
            formatted(source.text());
            count += 1;
        }
    }
    assert!(count > 20, "{count}");
}

#[test]
fn large_files_take_no_time() {
    for line in ["- a   # b\n", "a", "- [é, {a: b}]\n", "#a\n", "\n"] {
        formatted(&line.repeat(300_000 / line.len()));
    }
    formatted(&format!("[{}]", "é, ".repeat(100_000)));
}
