//! Widgets: how they are found, and what is told when they are not.

use super::*;
use crate::{
    desktop::wire::{HiddenBy, Unreadable, Widget},
    widget::{Checked, Role, States},
};

pub(super) const NOW: Duration = Duration::ZERO;
pub(super) const FORM: Rect = Rect::new(100, 100, 400, 300);
const ENABLED: States = States {
    checked: None,
    selected: None,
    enabled: Some(true),
    focused: None,
    expanded: None,
    pressed: None,
    editable: None,
};

/// A widget of the program `form`, in its window.
pub(super) fn widget(role: Role, name: &str, area: Rect) -> Widget {
    Widget {
        id: format!("{role} {name}"),
        role,
        name: name.to_owned(),
        states: ENABLED,
        visible: true,
        area: Some(area),
        window: Some("0x00000002".to_owned()),
        program: "form".to_owned(),
        ..Widget::default()
    }
}

fn window(children: Vec<Widget>) -> Vec<Widget> {
    vec![Widget {
        children,
        ..widget(Role::Window, "Form", FORM)
    }]
}

fn save() -> Widget {
    widget(Role::Button, "Save", Rect::new(120, 350, 80, 30))
}

fn quit() -> Widget {
    widget(Role::Button, "Quit", Rect::new(220, 350, 80, 30))
}

fn name() -> Widget {
    Widget {
        value: Some("Bob".to_owned()),
        ..widget(Role::Textbox, "Name", Rect::new(120, 120, 200, 30))
    }
}

fn gift(checked: Checked) -> Widget {
    let mut gift = widget(Role::Checkbox, "Gift", Rect::new(120, 160, 300, 20));
    gift.states.checked = Some(checked);
    gift
}

/// A desktop with the window `Form`, in which these widgets are.
pub(super) fn form(children: Vec<Widget>) -> impl FnOnce(MemoryDesktop) -> MemoryDesktop {
    move |desktop| {
        desktop
            .window_after(NOW, "Form", FORM)
            .widgets_after(NOW, window(children))
    }
}

#[tokio::test(start_paused = true)]
async fn a_widget_is_clicked_in_its_middle_and_a_box_at_its_mark() {
    let steps = "  - click: { role: button, name: Save }\n  - click: { role: button, name: /ui/ }\n  \
                 - click: { role: checkbox, checked: false }\n";
    let played = Play::steps(steps)
        .on(form(vec![save(), quit(), gift(Checked::No)]))
        .played()
        .await;
    assert_eq!(
        played.actions(),
        [
            "click 160,365 left",
            "click 260,365 left",
            "click 130,170 left"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn several_widgets_are_a_failure_that_lists_them() {
    let twice = || {
        let mut other = save();
        other.area = Some(Rect::new(320, 350, 80, 30));
        form(vec![other, save()])
    };
    let steps = "  - click: { role: button, name: Save }\n    timeout: 1s\n";
    let played = Play::steps(steps).on(twice()).played().await;
    let failure = played.failure();
    assert_eq!(
        failure.message,
        "`button \"Save\"` matches 2 widgets, and the target does not say which one"
    );
    assert!(
        failure.seen.contains("2. `button \"Save\"` in `form`"),
        "{}",
        failure.seen
    );
    let steps = "  - click: { role: button, name: Save, nth: 2 }\n";
    let played = Play::steps(steps).on(twice()).played().await;
    assert_eq!(played.actions(), ["click 360,365 left"]);
    let steps = "  - if: { role: button, name: Save }\n    then: [press: a]\n";
    let played = Play::steps(steps).on(twice()).played().await;
    assert_eq!(
        played.actions(),
        ["press a"],
        "a condition needs only one of them"
    );
}

#[tokio::test(start_paused = true)]
async fn a_widget_that_is_missing_is_told_with_what_comes_near() {
    let steps = "  - assert: { role: button, name: Safe }\n";
    let played = Play::steps(steps)
        .on(form(vec![save(), quit(), name()]))
        .played()
        .await;
    let failure = played.failure();
    assert_eq!(failure.message, "`button \"Safe\"` is not on the screen");
    assert_eq!(
        failure.expected,
        "a widget with the role `button`, the name `Safe`"
    );
    let lines: Vec<&str> = failure.seen.lines().collect();
    assert_eq!(
        lines[1], "1. `button \"Save\"` in `form`, 80x30 at 120,350",
        "{}",
        failure.seen
    );
}

#[tokio::test(start_paused = true)]
async fn a_state_that_is_another_one_is_told() {
    let steps = "  - assert: { role: checkbox, name: Gift, checked: true }\n";
    let unchecked = form(vec![gift(Checked::No)]);
    let played = Play::steps(steps).on(unchecked).played().await;
    assert_eq!(
        played.message(),
        "`checkbox \"Gift\" [checked]` is not on the screen"
    );
    let seen = &played.failure().seen;
    assert!(
        seen.contains("`checkbox \"Gift\" [checked=false]` in `form`"),
        "{seen}"
    );
    let checked = form(vec![gift(Checked::Yes)]);
    let played = Play::steps(steps).on(checked).played().await;
    assert_eq!(played.outcome(), &Outcome::Passed);
}

#[tokio::test(start_paused = true)]
async fn a_value_is_waited_for() {
    let progress = |value: &str| {
        window(vec![Widget {
            value: Some(value.to_owned()),
            ..widget(Role::Progressbar, "", Rect::new(120, 200, 100, 10))
        }])
    };
    let steps = "  - wait: { role: progressbar, value: 100 }\n    timeout: 5s\n";
    let played = Play::steps(steps)
        .on(|desktop| {
            desktop
                .window_after(NOW, "Form", FORM)
                .widgets_after(NOW, progress("0"))
                .widgets_after(Duration::from_secs(2), progress("100"))
        })
        .played()
        .await;
    assert_eq!(played.outcome(), &Outcome::Passed);
}

#[tokio::test(start_paused = true)]
async fn a_disabled_widget_is_not_clicked_and_can_be_asserted() {
    let mut disabled = save();
    disabled.states.enabled = Some(false);
    let steps = "  - assert: { role: button, enabled: false }\n  - move: { role: button }\n  - \
                 click: { role: button, name: Save }\n    timeout: 1s\n";
    let played = Play::steps(steps).on(form(vec![disabled])).played().await;
    assert_eq!(
        played.message(),
        "`button \"Save\"` cannot be used: it is disabled"
    );
    assert_eq!(played.actions(), ["move 160,365"]);
}

#[tokio::test(start_paused = true)]
async fn a_widget_of_a_minimized_window_exists_and_cannot_be_seen() {
    let minimized = || {
        let form = form(vec![save()]);
        |d| form(d).hidden_after(NOW, "Form", HiddenBy::Minimized)
    };
    let steps = "  - assert: { role: button, name: Save }\n";
    let played = Play::steps(steps).on(minimized()).played().await;
    let message = played.message();
    assert!(
        message.starts_with("`button \"Save\"` is not visible: `button \"Save\"` exists, but"),
        "{message}"
    );
    let steps = "  - wait: { role: button, name: Save, gone: true }\n    timeout: 1s\n";
    let played = Play::steps(steps).on(minimized()).played().await;
    assert_eq!(played.message(), "`button \"Save\"` is still on the screen");
}

#[tokio::test(start_paused = true)]
async fn a_hidden_widget_is_gone_and_a_failure_says_that_it_is_hidden() {
    let hidden = || Widget {
        area: None,
        visible: false,
        ..save()
    };
    let gone = "  - wait: { role: button, name: Save, gone: true }\n    timeout: 1s\n";
    let played = Play::steps(gone).on(form(vec![hidden()])).played().await;
    assert_eq!(played.outcome(), &Outcome::Passed);
    let steps = "  - assert: { role: button, name: Save }\n";
    let played = Play::steps(steps).on(form(vec![hidden()])).played().await;
    let message = played.message();
    assert!(
        message.contains("exists in `form`, but it is hidden"),
        "{message}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_widget_out_of_view_is_scrolled_to_before_a_click() {
    let below = || Widget {
        visible: false,
        ..save()
    };
    let steps = "  - click: { role: button, name: Save }\n";
    let played = Play::steps(steps).on(form(vec![below()])).played().await;
    assert_eq!(
        played.actions(),
        ["reveal button Save", "click 160,365 left"]
    );
    let steps = "  - assert: { role: button, name: Save }\n";
    let played = Play::steps(steps).on(form(vec![below()])).played().await;
    let message = played.message();
    assert!(message.ends_with("it is scrolled out of view"), "{message}");
    assert_eq!(played.actions(), [""; 0], "only the pointer scrolls");
}

#[tokio::test(start_paused = true)]
async fn what_does_not_answer_is_not_gone() {
    let silent = Unreadable {
        program: "form".to_owned(),
        why: "it does not answer".to_owned(),
        silent: true,
        remedy: None,
    };
    let steps = "  - wait: { role: button, name: Save, gone: true }\n    timeout: 1s\n";
    let played = Play::steps(steps)
        .on(|d| form(Vec::new())(d).unreadable(silent))
        .played()
        .await;
    assert_eq!(
        played.message(),
        "it cannot be determined whether `button \"Save\"` is gone"
    );
    let none = Unreadable {
        program: "xterm".to_owned(),
        why: "it reports no widgets".to_owned(),
        ..Unreadable::default()
    };
    let played = Play::steps(steps)
        .on(|d| form(Vec::new())(d).unreadable(none))
        .played()
        .await;
    assert_eq!(played.outcome(), &Outcome::Passed);
}

#[tokio::test(start_paused = true)]
async fn a_widget_is_looked_for_in_a_window_or_in_another_widget() {
    let dialog = Widget {
        children: vec![{
            let mut other = save();
            other.area = Some(Rect::new(320, 200, 80, 30));
            other.id = "the other".to_owned();
            other
        }],
        ..widget(Role::Dialog, "Sure?", Rect::new(300, 180, 150, 100))
    };
    let steps = "  - click: { role: button, name: Save, in: { role: dialog } }\n  - click: { role: \
                 textbox, in: { window: Form } }\n";
    let played = Play::steps(steps)
        .on(form(vec![save(), dialog, name()]))
        .played()
        .await;
    assert_eq!(
        played.actions(),
        ["click 360,215 left", "click 220,135 left"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_field_is_filled_and_what_arrived_is_read() {
    let steps = "  - fill: { target: { role: textbox, name: Name }, text: Ann }\n";
    let played = Play::steps(steps).on(form(vec![name()])).played().await;
    assert_eq!(played.outcome(), &Outcome::Passed);
    assert_eq!(
        played.actions(),
        ["click 220,135 left", "hotkey Control_L+a", "type Ann"]
    );
    let played = Play::steps(steps)
        .on(|d| form(vec![name()])(d).losing('n'))
        .played()
        .await;
    let failure = played.failure();
    assert_eq!(failure.message, "the field does not contain the text");
    assert_eq!((&*failure.expected, &*failure.seen), ("`Ann`", "`A`"));
}

#[tokio::test(start_paused = true)]
async fn only_a_field_can_be_filled() {
    let steps = "  - fill: { target: { role: button, name: Save }, text: Ann }\n";
    let played = Play::steps(steps).on(form(vec![save()])).played().await;
    assert_eq!(
        played.message(),
        "`button \"Save\"` cannot be filled: it is not a field"
    );
    let mut fixed = name();
    fixed.states.editable = Some(false);
    let steps = "  - fill: { target: { role: textbox }, text: Ann }\n";
    let played = Play::steps(steps).on(form(vec![fixed])).played().await;
    assert_eq!(
        played.message(),
        "`textbox \"Name\"` cannot be filled: its text cannot be changed"
    );
}

#[tokio::test(start_paused = true)]
async fn what_a_widget_contains_is_captured() {
    let steps = "  - wait: { role: textbox }\n    capture: who\n  - assert: { role: button }\n    \
                 capture: { name: what, from: name }\n  - type: \"${captured.what} \
                 ${captured.who}\"\n";
    let played = Play::steps(steps)
        .on(form(vec![name(), save()]))
        .played()
        .await;
    assert_eq!(played.actions(), ["type Save Bob"]);
}

#[tokio::test(start_paused = true)]
async fn a_tree_is_compared_with_what_is_written() {
    let tree = |lines: &str| format!("  - tree-assert:\n      tree:\n{lines}    timeout: 1s\n");
    let widgets = || form(vec![name(), gift(Checked::Yes), save()]);
    let steps = tree("        - textbox \"Name\": Bob\n        - checkbox \"Gift\" [checked]\n");
    let played = Play::steps(&steps).on(widgets()).played().await;
    assert_eq!(played.outcome(), &Outcome::Passed);
    let steps = tree("        - textbox \"Name\": /^A/\n        - button \"Save\"\n");
    let played = Play::steps(&steps).on(widgets()).played().await;
    let failure = played.failure();
    assert_eq!(failure.message, "the widgets are not as expected");
    assert!(
        failure.seen.contains("-   - textbox \"Name\": /^A/"),
        "{}",
        failure.seen
    );
}

#[tokio::test(start_paused = true)]
async fn what_has_no_place_gives_way_to_what_is_in_it() {
    let page = Widget {
        area: None,
        visible: false,
        children: vec![name()],
        ..widget(Role::Tab, "", FORM)
    };
    let steps = "  - tree-assert:\n      tree:\n        - window \"Form\":\n            - /children: \
                 equal\n            - 'textbox \"Name\"': Bob\n    timeout: 1s\n";
    let played = Play::steps(steps).on(form(vec![page])).played().await;
    assert_eq!(played.outcome(), &Outcome::Passed, "{}", played.message());
}

#[tokio::test(start_paused = true)]
async fn a_tree_of_which_a_part_is_not_told_is_unlike_what_is_written() {
    let steps = "  - tree-assert:\n      tree: [button \"Save\"]\n    timeout: 1s\n";
    let unreadable = |silent| Unreadable {
        program: "form".to_owned(),
        why: "it does not answer".to_owned(),
        silent,
        remedy: None,
    };
    let played = Play::steps(steps)
        .on(|d| form(vec![save()])(d).unreadable(unreadable(true)))
        .played()
        .await;
    assert_eq!(
        played.message(),
        "the widgets of `form` cannot be read: it does not answer"
    );
    // A program has a window some time before it reports what is in it.
    let later = |desktop: MemoryDesktop| {
        desktop
            .window_after(NOW, "Form", FORM)
            .unreadable(unreadable(false))
            .widgets_after(Duration::from_millis(700), window(vec![save()]))
    };
    let played = Play::steps(steps).on(later).played().await;
    assert_eq!(played.outcome(), &Outcome::Passed, "{}", played.message());
}

#[tokio::test(start_paused = true)]
async fn a_tree_becomes_a_baseline_and_passes_only_in_the_next_run() {
    let steps = "  - tree-assert: form\n    timeout: 2s\n";
    let first = Play::steps(steps)
        .updating(UpdateBaselines::Missing)
        .on(form(vec![name(), save()]))
        .played()
        .await;
    assert_eq!(
        first.message(),
        "the baseline `form` did not exist and was written"
    );
    let seen = &first.failure().seen;
    assert_eq!(seen, "3 widgets, which are there now");
    let file = first.folder.path().join("baselines/play/form.tree.yaml");
    let written = std::fs::read_to_string(file).unwrap();
    assert_eq!(
        written,
        "- window \"Form\":\n  - textbox \"Name\": Bob\n  - button \"Save\"\n"
    );
    let next = |children| {
        Play::steps(steps)
            .file("baselines/play/form.tree.yaml", &written)
            .on(form(children))
    };
    let same = next(vec![name(), save()]).played().await;
    assert_eq!(same.outcome(), &Outcome::Passed);
    let more = next(vec![name(), save(), quit()]).played().await;
    let failure = more.failure();
    assert!(failure.message.starts_with("the widgets differ from"));
    assert!(
        failure.seen.contains("+   - button \"Quit\""),
        "{}",
        failure.seen
    );
    assert_eq!(more.artifacts(ArtifactKind::Tree).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_scenario_that_turns_widgets_off_cannot_look_for_them() {
    let play = Play::steps("  - click: { role: button }\n");
    // Where commands run, programs can be asked from outside.
    let offers = Extensions::of(&[Extensions::FILES]);
    let played = play.offering(offers).played().await;
    assert_eq!(
        played.message(),
        "`click` needs widgets, which the desktop of `memory` does not offer"
    );
    assert!(!played.opened);
}
