//! `select`.

use std::{collections::HashSet, time::Duration};

use tokio::time::{Instant, sleep, sleep_until};

use super::{Play, Turn};
use crate::{
    desktop::wire::{Scope, Widget},
    executor::{
        fault::{Fault, Mismatch},
        find::{self, Aim, Found},
        stage::Stage,
    },
    input::{Button, Key},
    pattern::Pattern,
    plan::Select,
    widget::{Checked, Role, States},
};

/// How often to look whether entries are there, and whether one is chosen.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// How long a program may take to show that an entry is chosen; some never do.
const CHOSEN: Duration = Duration::from_secs(2);

/// How long a popup may take to close.
const CLOSED: Duration = Duration::from_secs(2);

/// How many entries a failure lists.
const LISTED: usize = 20;

/// What an entry can be.
const ENTRIES: [Role; 9] = [
    Role::Listitem,
    Role::Menuitem,
    Role::Treeitem,
    Role::Row,
    Role::Cell,
    Role::Tab,
    Role::Radio,
    Role::Checkbox,
    Role::Menu,
];

/// Opens what has to be opened, clicks the entry, and looks whether it is chosen then.
impl Play for Select {
    async fn play(&self, turn: &Turn<'_>, stage: &mut Stage<'_>) -> Result<(), Fault> {
        let option = stage.known.pattern(&self.option)?;
        let found = find::reach(&self.target, Aim::Press, turn.now(), stage).await?;
        let Some(widget) = found.widget.clone() else {
            // Only a desktop that is not looked at finds none.
            return Ok(());
        };
        if is_value(&widget, &option) {
            return Ok(());
        }
        let mut before = popups(stage).await?;
        let entries = entries(&widget, Some(&option), stage).await?;
        let is_open = entries.iter().any(|entry| entry.visible);
        if opens(&widget) && is_open {
            before.clear();
        } else if opens(&widget) && widget.states.expanded != Some(true) {
            click(&found, stage).await?;
        }
        let picked = pick((&widget, &option), &before, turn, stage).await;
        if picked.is_err()
            && pops_up(&before, stage).await?
            && let Ok(escape) = Key::from_name("escape")
        {
            // What stays open would take the next click.
            stage.desktop.press_key(&escape).await?;
        }
        if picked? {
            until_closed(&before, stage).await?;
            // A click that is the first that a window of GTK 4 hears of the pointer after
            // that may be lost.
            stage.hand.move_pointer(found.point).await?;
        }
        Ok(())
    }
}

/// Clicks the entry and looks whether it is chosen then; returns whether there was a popup
/// that was not there `before`.
async fn pick(
    (widget, option): (&Widget, &Pattern),
    before: &[String],
    turn: &Turn<'_>,
    stage: &mut Stage<'_>,
) -> Result<bool, Fault> {
    let entry = entry(widget, option, turn, stage).await?;
    let at = find::reach_widget(&entry, turn.deadline, stage).await?;
    let is_popup = pops_up(before, stage).await?;
    click(&at, stage).await?;
    chosen(widget, &entry, option, stage).await?;
    Ok(is_popup)
}

/// Whether there is a popup that was not there `before`.
async fn pops_up(before: &[String], stage: &Stage<'_>) -> Result<bool, Fault> {
    let now = popups(stage).await?;
    Ok(now.iter().any(|popup| !before.contains(popup)))
}

/// Whether a widget shows its entries only after a click.
const fn opens(widget: &Widget) -> bool {
    matches!(
        widget.role,
        Role::Combobox | Role::Menu | Role::Menuitem | Role::Button
    )
}

fn is_value(widget: &Widget, option: &Pattern) -> bool {
    let is_combobox = widget.role == Role::Combobox;
    let value = widget.value.as_deref().filter(|_| is_combobox);
    value.is_some_and(|value| option.matches(value))
}

async fn click(at: &Found, stage: &Stage<'_>) -> Result<(), Fault> {
    let point = Some(at.point);
    stage.hand.click(point, Button::Left, &[], 1).await?;
    Ok(())
}

/// Waits until the entry is there: in the widget, or in a popup of its program.
async fn entry(
    widget: &Widget,
    option: &Pattern,
    turn: &Turn<'_>,
    stage: &Stage<'_>,
) -> Result<Widget, Fault> {
    loop {
        let mut entries = entries(widget, Some(option), stage).await?;
        let places = |entries: &[Widget]| {
            let seen = entries.iter().filter(|entry| entry.visible);
            seen.filter_map(|entry| entry.area).collect::<HashSet<_>>()
        };
        let several = places(&entries).len();
        if several > 1 {
            return Err(several_entries(widget, option, several));
        }
        if !entries.is_empty() {
            // What can be seen is meant before what is scrolled out of view.
            let at = entries.iter().position(|entry| entry.visible);
            return Ok(entries.swap_remove(at.unwrap_or(0)));
        }
        if Instant::now() >= turn.deadline {
            let others = self::entries(widget, None, stage).await?;
            return Err(no_entry(widget, option, &others));
        }
        sleep_until(turn.deadline.min(Instant::now() + LOOK_AGAIN)).await;
    }
}

async fn entries(
    widget: &Widget,
    name: Option<&Pattern>,
    stage: &Stage<'_>,
) -> Result<Vec<Widget>, Fault> {
    let is_entry = |entry: &Widget| {
        let is_shown = entry.visible || entry.area.is_some();
        entry.id != widget.id && is_shown && ENTRIES.contains(&entry.role)
    };
    let mut entries = find::find_in(Scope::Widget(widget.id.clone()), name, stage).await?;
    entries.retain(is_entry);
    if entries.is_empty() && opens(widget) {
        // Many toolkits show the entries in a window that is not a part of the widget.
        entries = find::find_in(Scope::All, name, stage).await?;
        // A page shows the entries of a menu in its own window.
        let is_apart = |entry: &Widget| {
            entry.window != widget.window
                || widget.role != Role::Combobox && entry.role == Role::Menuitem
        };
        let is_its = |entry: &Widget| entry.program == widget.program && is_apart(entry);
        entries.retain(|entry| is_entry(entry) && is_its(entry));
    }
    Ok(entries)
}

/// Looks whether the program shows that the entry is chosen. A menu does not, and
/// closes instead.
async fn chosen(
    widget: &Widget,
    entry: &Widget,
    option: &Pattern,
    stage: &mut Stage<'_>,
) -> Result<(), Fault> {
    if matches!(
        widget.role,
        Role::Menu | Role::Menuitem | Role::Menubar | Role::Button
    ) {
        return Ok(());
    }
    let begun = Instant::now();
    loop {
        let (is_chosen, seen) = if widget.role == Role::Combobox {
            let now = find::now(&widget.id, stage).await?;
            let Some(value) = now.and_then(|widget| widget.value) else {
                return Ok(());
            };
            (option.matches(&value), format!("`{value}`"))
        } else {
            let Some(now) = find::now(&entry.id, stage).await? else {
                return Ok(());
            };
            let States {
                selected, checked, ..
            } = now.states;
            let is = selected == Some(true) || checked == Some(Checked::Yes);
            (is, format!("`{}`, not selected", find::described(&now)))
        };
        if is_chosen {
            return Ok(());
        }
        if begun.elapsed() >= CHOSEN {
            return Err(Fault::Failed(Mismatch {
                message: format!("`{}` was clicked, but is not selected", entry.name),
                expected: format!("`{}`, selected", entry.name),
                seen,
                help: Some(
                    "if the program selects with another gesture, such as a double click, use \
                     `click` or `double-click`"
                        .to_owned(),
                ),
                ..Mismatch::default()
            }));
        }
        sleep(LOOK_AGAIN).await;
    }
}

/// The popups that are there: windows that no window manager knows.
async fn popups(stage: &Stage<'_>) -> Result<Vec<String>, Fault> {
    let layers = stage.eyes.stack(None).await?;
    let layers = layers.map_or_else(Vec::new, |stack| stack.layers);
    let popups = layers.into_iter().filter(|layer| !layer.listed);
    Ok(popups.map(|layer| layer.id).collect())
}

/// Waits until what showed the entries has closed: as long as it is there it takes the
/// next click, wherever that goes. What stays open is left as it is.
async fn until_closed(before: &[String], stage: &Stage<'_>) -> Result<(), Fault> {
    let begun = Instant::now();
    while begun.elapsed() < CLOSED {
        let popups = popups(stage).await?;
        if popups.iter().all(|popup| before.contains(popup)) {
            break;
        }
        sleep(LOOK_AGAIN).await;
    }
    Ok(())
}

fn several_entries(widget: &Widget, option: &Pattern, several: usize) -> Fault {
    let title = find::described(widget);
    Fault::Failed(Mismatch {
        message: format!(
            "`{title}` has {several} entries `{option}`, and `option` does not say which one"
        ),
        expected: format!("one entry `{option}`"),
        seen: format!("{several} of them"),
        help: Some("click the one that is meant: `click: { role: …, name: …, nth: 2 }`".to_owned()),
        ..Mismatch::default()
    })
}

fn no_entry(widget: &Widget, option: &Pattern, others: &[Widget]) -> Fault {
    let title = find::described(widget);
    let mut others: Vec<&str> = others.iter().map(|entry| entry.name.as_str()).collect();
    others.retain(|name| !name.is_empty());
    others.dedup();
    let listed = others.iter().take(LISTED);
    let names: Vec<String> = listed.map(|name| format!("`{name}`")).collect();
    Fault::Failed(Mismatch {
        message: format!("`{title}` has no entry `{option}`"),
        expected: format!("an entry `{option}`"),
        seen: match (names.len(), others.len()) {
            (0, _) => "no entries".to_owned(),
            (listed, all) if listed < all => {
                format!("{} and {} more", names.join(", "), all - listed)
            }
            _ => names.join(", "),
        },
        help: Some(
            "to match a part of a name, put it between slashes: `option: /Gold/`".to_owned(),
        ),
        ..Mismatch::default()
    })
}
