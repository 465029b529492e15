//! Entries of lists and menus: which one is meant, and what is told when none is.

use super::{
    widgets::{FORM, NOW, form, widget},
    *,
};
use crate::{desktop::wire::Widget, widget::Role};

#[tokio::test(start_paused = true)]
async fn an_entry_is_selected_by_its_name() {
    let entry = |name: &str, y, selected| {
        let mut entry = widget(Role::Listitem, name, Rect::new(120, y, 200, 20));
        entry.states.selected = Some(selected);
        entry
    };
    let list = |chosen| Widget {
        children: vec![entry("Gold", 220, chosen), entry("Silver", 240, false)],
        ..widget(Role::List, "Plan", Rect::new(120, 220, 200, 100))
    };
    let steps = "  - select: { target: { role: list, name: Plan }, option: Gold }\n";
    let played = Play::steps(steps).on(form(vec![list(true)])).played().await;
    assert_eq!(played.outcome(), &Outcome::Passed);
    assert_eq!(played.actions(), ["click 220,230 left"]);
    let played = Play::steps(steps)
        .on(form(vec![list(false)]))
        .played()
        .await;
    assert_eq!(played.message(), "`Gold` was clicked, but is not selected");
    let steps = "  - select: { target: { role: list }, option: Bronze }\n    timeout: 1s\n";
    let played = Play::steps(steps)
        .on(form(vec![list(false)]))
        .played()
        .await;
    let failure = played.failure();
    assert_eq!(failure.message, "`list \"Plan\"` has no entry `Bronze`");
    assert_eq!(failure.seen, "`Gold`, `Silver`");
}

#[tokio::test(start_paused = true)]
async fn an_entry_that_cannot_be_meant_is_not_clicked() {
    let entry = |name: &str, y, enabled| {
        let mut entry = widget(Role::Listitem, name, Rect::new(120, y, 200, 20));
        entry.states.enabled = Some(enabled);
        entry
    };
    let list = Widget {
        children: vec![
            entry("Gold", 220, false),
            entry("Silver", 240, true),
            entry("Silver", 260, true),
        ],
        ..widget(Role::List, "Plan", Rect::new(120, 220, 200, 100))
    };
    for (option, message) in [
        ("Gold", "`listitem \"Gold\"` cannot be used: it is disabled"),
        (
            "Silver",
            "`list \"Plan\"` has 2 entries `Silver`, and `option` does not say which one",
        ),
    ] {
        let steps = format!(
            "  - select: {{ target: {{ role: list, name: Plan }}, option: {option} }}\n    timeout: \
             1s\n"
        );
        let played = Play::steps(&steps)
            .on(form(vec![list.clone()]))
            .played()
            .await;
        assert_eq!(played.message(), message);
        assert_eq!(played.actions(), [""; 0]);
    }
}

/// A field of the program `form` that shows its entries in a window of its own.
fn plan(value: &str) -> Widget {
    Widget {
        value: Some(value.to_owned()),
        ..widget(Role::Combobox, "Plan", Rect::new(120, 220, 200, 30))
    }
}

/// A window of a program, which has this number, with the entry `Gold`.
fn entries_of(program: &str, number: u32, place: Rect) -> Widget {
    let of_program = |role, name| Widget {
        id: format!("{name} of {program}"),
        program: program.to_owned(),
        window: Some(format!("0x{number:08x}")),
        ..widget(role, name, place)
    };
    Widget {
        children: vec![of_program(Role::Listitem, "Gold")],
        ..of_program(Role::Window, "Entries")
    }
}

#[tokio::test(start_paused = true)]
async fn entries_that_open_in_a_window_are_those_of_the_same_program() {
    let (opened, closed) = (Duration::from_millis(300), Duration::from_millis(900));
    let form_with = |value| Widget {
        children: vec![plan(value)],
        ..widget(Role::Window, "Form", FORM)
    };
    let (beside, below) = (Rect::new(10, 400, 80, 20), Rect::new(120, 260, 200, 20));
    let of_another = entries_of("menu", 3, beside);
    let its = entries_of("form", 4, below);
    let opens = |desktop: MemoryDesktop| {
        desktop
            .window_after(NOW, "Form", FORM)
            .window_after(NOW, "Menu", beside)
            .window_after(opened, "Plans", below)
            .without_window_after(closed, "Plans")
            .widgets_after(NOW, vec![form_with("Silver"), of_another.clone()])
            .widgets_after(opened, vec![form_with("Silver"), of_another.clone(), its])
            .widgets_after(closed, vec![form_with("Gold"), of_another])
    };
    let steps = "  - select: { target: { role: combobox }, option: Gold }\n";
    let played = Play::steps(steps).on(opens).played().await;
    assert_eq!(played.outcome(), &Outcome::Passed, "{}", played.message());
    assert_eq!(
        played.actions(),
        ["click 220,235 left", "click 220,270 left"]
    );
}

#[tokio::test(start_paused = true)]
async fn an_entry_is_waited_for_and_then_missing_in_the_list() {
    let steps = "  - select: { target: { role: combobox }, option: Gold }\n    timeout: 2s\n";
    let begun = tokio::time::Instant::now();
    let played = Play::steps(steps)
        .on(form(vec![plan("Silver")]))
        .played()
        .await;
    let failure = played.failure();
    assert_eq!(failure.message, "`combobox \"Plan\"` has no entry `Gold`");
    assert_eq!(failure.expected, "an entry `Gold`");
    assert_eq!(failure.seen, "no entries");
    let took = begun.elapsed().as_millis();
    assert!((2_000..2_100).contains(&took), "{took} ms");
}
