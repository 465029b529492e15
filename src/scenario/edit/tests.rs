use super::*;

const RECT: Rect = Rect::new(1, 2, 30, 40);
const R: &str = "{ x: 1, y: 2, width: 30, height: 40 }";

/// A scenario with this step.
fn scenario(step: &str) -> String {
    format!("version: 1\nname: A  # the first\nsteps:\n{step}  - press: Tab\n")
}

fn at(text: &str) -> usize {
    text.find("screenshot-assert").unwrap()
}

fn masked(text: &str) -> Result<String, CannotEdit> {
    let source = Source::new("a.yaml", text.as_bytes());
    with_mask(&source, at(text), &[RECT], &[])
}

fn regioned(text: &str) -> Result<String, CannotEdit> {
    let source = Source::new("a.yaml", text.as_bytes());
    with_region(&source, at(text), RECT)
}

/// Steps before and after; `R` stands for the rectangle.
const MASKS: &[(&str, &str)] = &[
    // a value alone
    (
        "  - screenshot-assert: saved  # why\n",
        "  - screenshot-assert: { baseline: saved, mask: [R] }  # why\n",
    ),
    (
        "  - screenshot-assert: \"a: {b}\"\n    soft: true\n",
        "  - screenshot-assert: { baseline: \"a: {b}\", mask: [R] }\n    soft: true\n",
    ),
    (
        "  - screenshot-assert: saved-${vars.x}\n",
        "  - screenshot-assert: { baseline: 'saved-${vars.x}', mask: [R] }\n",
    ),
    (
        "  - name: it's there\n    screenshot-assert: it's\n",
        "  - name: it's there\n    screenshot-assert: { baseline: 'it''s', mask: [R] }\n",
    ),
    // between brackets
    (
        "  - screenshot-assert: {baseline: saved}\n",
        "  - screenshot-assert: {baseline: saved, mask: [R]}\n",
    ),
    (
        "  - screenshot-assert: { baseline: saved, max-pixels: 5, }  # why\n",
        "  - screenshot-assert: { baseline: saved, max-pixels: 5, mask: [R], }  # why\n",
    ),
    (
        "  - { screenshot-assert: saved, soft: true }\n",
        "  - { screenshot-assert: { baseline: saved, mask: [R] }, soft: true }\n",
    ),
    (
        "  - screenshot-assert: {\n      baseline: saved,  # one\n      max-pixels: 5  # two\n    }\n",
        "  - screenshot-assert: {\n      baseline: saved,  # one\n      max-pixels: 5, mask: [R]  # two\n    }\n",
    ),
    // on lines of its own
    (
        "  - screenshot-assert:\n      baseline: saved  # why\n",
        "  - screenshot-assert:\n      baseline: saved  # why\n      mask: [R]\n",
    ),
    (
        "  - screenshot-assert:\n      # first\n      max-pixels: 5\n      baseline: saved\n\n      # last\n    timeout: 3s\n",
        "  - screenshot-assert:\n      # first\n      max-pixels: 5\n      baseline: saved\n      mask: [R]\n\n      # last\n    timeout: 3s\n",
    ),
    (
        "  - screenshot-assert:\n      baseline: saved\n      region:\n        x: 1\n        y: 2\n        width: 3\n        height: 4\n",
        "  - screenshot-assert:\n      baseline: saved\n      region:\n        x: 1\n        y: 2\n        width: 3\n        height: 4\n      mask: [R]\n",
    ),
    // lists that are there
    (
        "  - screenshot-assert: { baseline: saved, mask: [ clock ] }\n",
        "  - screenshot-assert: { baseline: saved, mask: [ clock, R ] }\n",
    ),
    (
        "  - screenshot-assert: { baseline: saved, mask: [] }\n",
        "  - screenshot-assert: { baseline: saved, mask: [R] }\n",
    ),
    (
        "  - screenshot-assert:\n      mask: [clock, { x: 5, y: 5, width: 5, height: 5 }]  # moves\n      baseline: saved\n",
        "  - screenshot-assert:\n      mask: [clock, { x: 5, y: 5, width: 5, height: 5 }, R]  # moves\n      baseline: saved\n",
    ),
    (
        "  - screenshot-assert:\n      mask:\n        - clock  # moves\n        - x: 5\n          y: 5\n          width: 5\n          height: 5  # high\n      baseline: saved\n",
        "  - screenshot-assert:\n      mask:\n        - clock  # moves\n        - x: 5\n          y: 5\n          width: 5\n          height: 5  # high\n        - R\n      baseline: saved\n",
    ),
    (
        "  - screenshot-assert:\n      baseline: saved\n      mask:\n      - clock\n",
        "  - screenshot-assert:\n      baseline: saved\n      mask:\n      - clock\n      - R\n",
    ),
    // in blocks
    (
        "  - group: all\n    steps:\n      - if: { text: Ü }\n        then:\n          - screenshot-assert: saved\n",
        "  - group: all\n    steps:\n      - if: { text: Ü }\n        then:\n          - screenshot-assert: { baseline: saved, mask: [R] }\n",
    ),
    // an anchor elsewhere, or of the name alone, does no harm
    (
        "  - click: &here [1, 2]\n  - click: *here\n  - screenshot-assert: { baseline: &name saved }\n",
        "  - click: &here [1, 2]\n  - click: *here\n  - screenshot-assert: { baseline: &name saved, mask: [R] }\n",
    ),
];

const REGIONS: &[(&str, &str)] = &[
    (
        "  - screenshot-assert: saved\n",
        "  - screenshot-assert: { baseline: saved, region: R }\n",
    ),
    (
        "  - screenshot-assert: { region: panel, baseline: saved }  # why\n",
        "  - screenshot-assert: { region: R, baseline: saved }  # why\n",
    ),
    (
        "  - screenshot-assert:\n      baseline: saved\n      region: { x: 9, y: 9, width: 9, height: 9 }  # why\n",
        "  - screenshot-assert:\n      baseline: saved\n      region: R  # why\n",
    ),
    (
        "  - screenshot-assert:\n      region:\n        x: 9\n        y: 9\n        width: 9\n        height: 9\n      baseline: saved\n",
        "  - screenshot-assert:\n      region:\n        R\n      baseline: saved\n",
    ),
];

#[test]
fn a_mask_is_written_where_a_person_would_write_it() {
    for (before, after) in MASKS {
        let text = scenario(before);
        let wanted = scenario(&after.replace('R', R));
        assert_eq!(masked(&text).as_deref(), Ok(&*wanted), "{before}");
        // The same with the line ends of other systems, and without the last one.
        let other = text.replace('\n', "\r\n");
        let wanted = wanted.replace('\n', "\r\n");
        assert_eq!(masked(&other).as_deref(), Ok(&*wanted), "{before}");
        let cut = scenario(before).replace("  - press: Tab\n", "");
        let cut = cut.trim_end();
        let result = masked(cut).unwrap();
        assert!(!result.ends_with('\n'), "{result}");
    }
}

#[test]
fn a_region_is_written_or_replaced() {
    for (before, after) in REGIONS {
        let wanted = scenario(&after.replace('R', R));
        assert_eq!(regioned(&scenario(before)).as_deref(), Ok(&*wanted));
    }
}

#[test]
fn a_second_mask_joins_the_first() {
    for (before, _) in MASKS {
        let once = masked(&scenario(before)).unwrap();
        let twice = masked(&once).unwrap();
        assert_eq!(twice.matches(R).count(), 2, "{twice}");
    }
}

#[test]
fn what_is_used_elsewhere_too_is_not_changed() {
    for step in [
        "  - &step\n    screenshot-assert: saved\n  - *step\n",
        "  - screenshot-assert: &all { baseline: saved }\n",
        "  - screenshot-assert: &name saved\n",
        "  - screenshot-assert: { baseline: saved, mask: &masks [clock] }\n",
        "  - group: &steps\n    steps:\n      - press: Tab\n  - if: { text: x }\n    then: &then\n      - screenshot-assert: saved\n",
    ] {
        assert_eq!(masked(&scenario(step)), Err(CannotEdit::Shared), "{step}");
    }
    let text = scenario("  - click: &m [1, 2]\n  - screenshot-assert: { baseline: a, mask: *m }\n");
    assert_eq!(masked(&text), Err(CannotEdit::Shared));
}

#[test]
fn what_is_not_understood_is_not_changed() {
    for step in [
        "  - screenshot-assert: |\n      saved\n",
        "  - screenshot-assert: [saved]\n",
        "  - screenshot-assert:\n",
        "  - screenshot-assert: { baseline: saved, mask: clock }\n",
    ] {
        assert_eq!(masked(&scenario(step)), Err(CannotEdit::Unsure), "{step}");
    }
    let commented = "  - screenshot-assert:\n      baseline: a\n      region:\n        x: 1  # left\n        y: 2\n        width: 3\n        height: 4\n";
    assert_eq!(regioned(&scenario(commented)), Err(CannotEdit::Unsure));
    assert_eq!(
        masked("a: [screenshot-assert: x"),
        Err(CannotEdit::Unreadable)
    );
    let text = scenario("  - screenshot-assert: saved\n");
    let source = Source::new("a.yaml", text.as_bytes());
    let elsewhere = with_mask(&source, 3, &[RECT], &[]);
    assert_eq!(elsewhere, Err(CannotEdit::NoStep));
}

#[test]
fn masks_of_the_defaults_stay_in_force() {
    let text = "version: 1\nname: A\ndefaults: { screenshot: { mask: [clock, { x: 7, y: 7, width: 7, height: 7 }] } }\nregions:\n  clock: { x: 8, y: 8, width: 8, height: 8 }\nsteps:\n  - screenshot-assert: saved\n";
    let source = Source::new("a.yaml", text.as_bytes());
    let inherited = [Rect::new(8, 8, 8, 8), Rect::new(7, 7, 7, 7)];
    let masked = with_mask(&source, at(text), &[RECT], &inherited);
    let wanted = format!("mask: [clock, {{ x: 7, y: 7, width: 7, height: 7 }}, {R}]");
    assert!(masked.unwrap().contains(&wanted));
    // Those of the project's settings have no names here.
    let text = scenario("  - screenshot-assert: saved\n");
    let source = Source::new("a.yaml", text.as_bytes());
    let masked = with_mask(&source, at(&text), &[RECT], &inherited[..1]).unwrap();
    assert!(masked.contains(&format!(
        "mask: [{{ x: 8, y: 8, width: 8, height: 8 }}, {R}]"
    )));
}

#[test]
fn what_is_shown_for_insertion_is_what_would_be_written() {
    assert_eq!(mask_line(&[RECT, RECT]), format!("mask: [{R}, {R}]"));
    assert_eq!(region_line(RECT), format!("region: {R}"));
}
