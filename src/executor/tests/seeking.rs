//! What is told of what is not found, or found too often: by a step, and by a look alone.

use super::*;
use crate::{
    desktop::wire::{Unreadable, Widget},
    executor::{Sightings, everything},
    plan::Action,
    widget::Role,
};

const FORM: Rect = Rect::new(100, 100, 400, 300);

fn widget(role: Role, name: &str, area: Rect) -> Widget {
    Widget {
        id: format!("{role} {name}"),
        role,
        name: name.to_owned(),
        visible: true,
        area: Some(area),
        window: Some("0x00000002".to_owned()),
        program: "form".to_owned(),
        ..Widget::default()
    }
}

/// With the window `Form`, in which these widgets are.
fn form(desktop: MemoryDesktop, children: Vec<Widget>) -> MemoryDesktop {
    let window = Widget {
        children,
        ..widget(Role::Window, "Form", FORM)
    };
    desktop
        .window_after(Duration::ZERO, "Form", FORM)
        .widgets_after(Duration::ZERO, vec![window])
}

/// With two buttons.
fn two(desktop: MemoryDesktop) -> MemoryDesktop {
    let button = |name, x| widget(Role::Button, name, Rect::new(x, 350, 80, 30));
    form(desktop, vec![button("Save", 120), button("Quit", 220)])
}

/// With a program whose widgets nobody can read.
fn unreadable(desktop: MemoryDesktop, silent: bool) -> MemoryDesktop {
    form(desktop, Vec::new()).unreadable(Unreadable {
        program: "form".to_owned(),
        why: "it does not answer".to_owned(),
        silent,
        remedy: None,
    })
}

async fn sightings(target: &str, desktop: &MemoryDesktop) -> Sightings {
    let text = format!("version: 1\nname: A target\nsteps:\n  - move: {{ target: {target} }}\n");
    let source = Source::new("target", text.as_bytes());
    let read = plan::read([source], &Context::default());
    let plans = read.unwrap_or_else(|problems| panic!("{problems:?}")).plans;
    let Action::Move(to) = &plans[0].steps[0].action else {
        panic!("{plans:?}");
    };
    let told = everything(&to.to, &[], desktop, &Settings::default()).await;
    told.unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_look_alone_says_where_nobody_can_tell() {
    let desktop = unreadable(MemoryDesktop::new(SIZE), true);
    let told = sightings("{ role: button }", &desktop).await;
    assert!(told.found.is_empty());
    assert!(
        told.missing
            .starts_with("the widgets of `form` cannot be read: it does not answer"),
        "{}",
        told.missing
    );
    assert!(
        !told.missing.contains("nothing similar"),
        "{}",
        told.missing
    );
}

#[tokio::test(start_paused = true)]
async fn of_several_widgets_a_look_alone_takes_none_as_a_step_would() {
    let desktop = two(MemoryDesktop::new(SIZE));
    let told = sightings("{ role: button }", &desktop).await;
    assert_eq!((told.found.len(), told.meant, told.point), (2, None, None));
    assert_eq!(
        told.missing,
        "`button` matches 2 widgets, and the target does not say which one"
    );
    let told = sightings("{ role: button, nth: 2 }", &desktop).await;
    assert_eq!((told.meant, &*told.missing), (Some(1), ""));
    let told = sightings("{ role: button, nth: 3 }", &desktop).await;
    assert_eq!(told.meant, None);
    assert_eq!(told.missing, "too few matches for the target's `nth`");
}

#[tokio::test(start_paused = true)]
async fn what_is_to_be_said_of_the_entries_of_any_is_said_once() {
    let step = "  - assert: { any: [{ role: button }, { role: textbox }] }\n";
    let played = Play::steps(step)
        .on(|desktop| unreadable(desktop, false))
        .played()
        .await;
    assert_eq!(played.steps(), ["failed"]);
    assert_eq!(
        played.notes(),
        ["the widgets of `form` cannot be read: it does not answer"]
    );
}

#[tokio::test(start_paused = true)]
async fn any_names_what_an_entry_was_looked_for_in() {
    let step = "  - assert: { any: [{ window: Note, in: { window: Nowhere } }] }\n";
    let played = Play::steps(step).played().await;
    let seen = &played.failure().seen;
    assert!(
        seen.starts_with("`window: Nowhere` was not found"),
        "{seen}"
    );
}

#[tokio::test(start_paused = true)]
async fn an_entry_of_any_that_matches_too_much_is_named() {
    let step = "  - click: { any: [{ window: Nowhere }, { role: button }] }\n    timeout: 1s\n";
    let played = Play::steps(step).on(two).played().await;
    let failure = played.failure();
    assert_eq!(
        failure.message,
        "`button` matches 2 widgets, and the target does not say which one"
    );
    assert!(failure.seen.starts_with("2 widgets\n1. "), "{failure:?}");
    let steps = "  - if: { any: [{ role: button }] }\n    then: [press: a]\n";
    let played = Play::steps(steps).on(two).played().await;
    assert_eq!(
        played.actions(),
        ["press a"],
        "a condition needs only one of them"
    );
}
