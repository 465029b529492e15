//! Names: what stands after `${…}`, rows, loops, secrets.

use super::*;

fn typed(case: &Case) -> Vec<String> {
    let text = |action| match action {
        Action::Type(typed) => typed.text.to_string(),
        other => panic!("{other:?}"),
    };
    case.actions().into_iter().map(text).collect()
}

#[test]
fn a_name_stands_for_its_text_wherever_a_value_is_written() {
    let case = Case::text(
        "vars: { file: notes.txt, greeting: \"Hello ${vars.file}\", slow: 20s, where: \"50%,50%\" \
         }\nsteps:\n  - type: ${vars.greeting} for ${env.USER} and $${more}\n    timeout: \
         ${vars.slow}\n",
    )
    .environment("USER", "ann");
    let plan = case.plan();
    assert_eq!(typed(&case), ["Hello notes.txt for ann and ${more}"]);
    assert_eq!(plan.steps[0].timeout, Duration::from_secs(20));
}

#[test]
fn a_default_stands_where_a_name_has_nothing() {
    let case = Case::steps("  - type: ${env.NAME:-nobody}${env.EMPTY:-nothing}\n")
        .environment("EMPTY", "");
    assert_eq!(typed(&case), ["nobodynothing"]);
}

#[test]
fn a_value_given_for_a_run_replaces_that_of_the_scenario() {
    let case = Case::text("vars: { file: a.txt }\nsteps:\n  - type: ${vars.file}\n");
    assert_eq!(typed(&case), ["a.txt"]);
    let case = case.var("file", "b.txt").var("fiel", "c.txt");
    assert_eq!(typed(&case), ["b.txt"]);
    assert_eq!(case.read().unwrap().strange_vars, ["fiel"]);
}

#[test]
fn each_row_of_a_matrix_is_a_plan_with_a_name_of_its_own() {
    let names = |matrix: &str| -> Vec<String> {
        let text = format!("matrix: {matrix}\nsteps:\n  - type: ${{matrix.a}}${{matrix.b}}\n");
        let plans = Case::text(&text).plans();
        plans.into_iter().map(|plan| plan.name).collect()
    };
    assert_eq!(
        names("[{ a: 1, b: x }, { a: 2, b: y }]"),
        ["test [a=1, b=x]", "test [a=2, b=y]"]
    );
    assert_eq!(
        names("{ a: [1, 2], b: [x, y] }"),
        [
            "test [a=1, b=x]",
            "test [a=1, b=y]",
            "test [a=2, b=x]",
            "test [a=2, b=y]"
        ]
    );
}

#[test]
fn a_row_may_give_the_screen_its_size() {
    let case = Case::text(
        "matrix: { size: [1280x800, 1920x1080] }\ndesktop: { size: \"${matrix.size}\" }\nsteps:\n  - \
         wait-ready\n",
    );
    let sizes: Vec<Size> = case.plans().iter().map(|plan| plan.size).collect();
    assert_eq!(sizes, [Size::new(1280, 800), Size::new(1920, 1080)]);
}

#[test]
fn loops_stand_in_each_other_and_the_inner_name_wins() {
    let case = Case::steps(
        "  - for-each: [a, b]\n    steps:\n      - for-each: [\"${item}1\"]\n        steps:\n          \
         - type: ${item}\n      - type: ${item}\n",
    );
    let titles = case.titles();
    let typed: Vec<&str> = titles
        .iter()
        .filter_map(|title| title.trim().strip_prefix("type "))
        .collect();
    assert_eq!(typed, ["\"a1\"", "\"a\"", "\"b1\"", "\"b\""]);
}

#[test]
fn a_secret_is_a_part_of_a_text_that_nobody_sees() {
    let case = Case::text(
        "secrets: [PASSWORD]\nvars: { login: \"ann:${secrets.PASSWORD}\" }\nsteps:\n  - type: \
         ${vars.login}\n",
    )
    .environment("PASSWORD", "hunter2");
    let plan = case.plan();
    assert_eq!(plan.secrets, ["PASSWORD"]);
    assert_eq!(plan.steps[0].title, "type \"ann:***\"");
    assert!(!format!("{plan:?}").contains("hunter2"));
}

#[test]
fn a_secret_that_is_not_set_is_told_before_anything_is_played() {
    let text = "version: 1\nname: a\nsecrets: [PASSWORD]\nsteps:\n  - type: ${secrets.PASSWORD}\n";
    let read = |secrets_required| {
        let context = Context {
            secrets_required,
            ..Context::default()
        };
        read([Source::new("a.yaml", text.as_bytes())], &context)
    };
    let plans = read(false).expect("it can be checked");
    assert_eq!(plans.warnings.len(), 1);
    assert!(read(true).is_err());
}

#[test]
fn a_default_stands_in_until_a_later_round_has_captured_the_value() {
    let case = Case::steps(
        "  - repeat-until: { value: \"${captured.count:-0}\", equals: xx }
    max: 3
    steps:
      - run: count
        capture: count
",
    );
    let plan = case.plan();
    let Action::RepeatUntil(block) = &plan.steps[0].action else {
        panic!("{:?}", plan.steps[0]);
    };
    let condition = &block.condition;
    assert!(
        format!("{condition:?}").contains("Captured"),
        "{condition:?}"
    );
}

#[test]
fn what_is_captured_is_known_to_the_steps_behind_it() {
    let case =
        Case::steps("  - run: date\n    capture: today\n  - type: it is ${captured.today:-late}\n");
    let [_, Action::Type(typed)] = &case.actions()[..] else {
        panic!("two steps");
    };
    assert_eq!(typed.text.to_string(), "it is ${captured.today}");
    let early = "  - type: ${captured.today}\n  - run: date\n    capture: today\n";
    assert_eq!(Case::steps(early).codes(), [Code::UnknownName]);
}

#[test]
fn a_condition_about_known_texts_is_decided_beforehand() {
    let case = Case::text(
        "vars: { mode: fast }\nsteps:\n  - if: { value: \"${vars.mode}\", equals: fast, lacks: slow \
         }\n    then: [press: a]\n  - press: b\n    if: { value: \"${vars.mode}\", matches: /^s/ }\n",
    );
    let plan = case.plan();
    let Action::If(block) = &plan.steps[0].action else {
        panic!("a block");
    };
    assert_eq!(block.condition, Condition::Known(true));
    assert_eq!(
        plan.steps[1].condition,
        Some(Box::new(Condition::Known(false)))
    );
}

#[test]
fn names_that_nobody_uses_are_warned_about() {
    let case = Case::text(
        "vars: { a: x, b: x }\nregions:\n  c: { x: 0, y: 0, width: 1, height: 1 }\n  d: { x: 0, y: 0, \
         width: 1, height: 1 }\ntargets:\n  e: [1, 2]\n  f: { text: Save, in: c }\nsteps:\n  - type: \
         ${vars.a}\n  - click: e\n",
    );
    assert_eq!(
        case.warnings(),
        [
            "the var `b` is never used",
            "the region `d` is never used",
            "the target `f` is never used"
        ]
    );
}

#[test]
fn a_loop_that_would_fill_the_memory_is_a_problem() {
    let inner = "      - for-each: &l [1,2,3,4,5,6,7,8,9,0]\n        steps:\n          - for-each: *l\n            \
                 steps:\n              - for-each: *l\n                steps:\n                  - for-each: \
                 *l\n                    steps:\n                      - for-each: *l\n                        \
                 steps:\n                          - press: a\n                          - press: b\n";
    let codes = Case::steps(&format!("  - group: all\n    steps:\n{inner}")).codes();
    assert_eq!(codes, [Code::TooLarge]);
}
