//! Where to point at a target, once it is safe: the target does not move, and a click at that place
//! goes to it and to nothing else.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::{Found, Lookout, Search, absent, moved, named, scroll, widget};
use crate::{
    desktop::wire::{Stack, Widget},
    event::StepId,
    executor::{
        fault::{Fault, Mismatch},
        stage::Stage,
    },
    geometry::{Point, Rect},
    plan::{Look, Spot, Target},
};

/// How long nothing must have been drawn in a target...
const PAUSE: Duration = Duration::from_millis(100);
/// ...and how long to wait for that at most: videos are clicked, too.
const LONGEST: Duration = Duration::from_millis(500);

/// The pause before looking again whether a target can be reached.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// How far around a fixed position drawings matter, in pixels.
const AROUND: u32 = 16;

/// What the pointer will do at a target.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::executor) enum Aim {
    /// Press a button, which something disabled would not take.
    Press,
    /// Only be there, or turn the wheel.
    Hover,
    /// Pass by later.
    Later,
}

/// Where to point at a target: waits until it is there and a click would reach it.
pub(in crate::executor) async fn point(
    target: &Target,
    aim: Aim,
    now: (StepId, Instant),
    stage: &mut Stage<'_>,
) -> Result<Point, Fault> {
    Ok(reach(target, aim, now, stage).await?.point)
}

/// The same, with all that is known of what was found there.
pub(in crate::executor) async fn reach(
    target: &Target,
    aim: Aim,
    (id, deadline): (StepId, Instant),
    stage: &mut Stage<'_>,
) -> Result<Found, Fault> {
    if let (Look::Position(spot), None) = (&target.look, &target.within) {
        let at = match spot {
            Spot::At(point) => *point,
            share @ Spot::Share { .. } => share.pixel_in(stage.screen().await?),
        };
        let at = moved(at, target.offset);
        if aim != Aim::Later && !stage.settings.dry {
            stage.hand.approach(at).await?;
        }
        return fixed(at, target, deadline, stage).await;
    }
    if stage.settings.dry {
        let middle = Spot::Share { x: 0.5, y: 0.5 };
        return Ok(Found {
            point: middle.pixel_in(stage.screen().await?),
            ..Found::default()
        });
    }
    let mut lookout = Lookout::open(target, false, stage).await?.revealing();
    loop {
        let found = match lookout.until(target, deadline, stage).await? {
            Search::Found(found) => found,
            Search::Missing(missing) => return Err(absent(target, &missing, id, stage).await),
        };
        if aim != Aim::Later {
            stage.hand.approach(found.point).await?;
        }
        let stack = calm(found.rect, lookout.uses.windows, deadline, stage).await?;
        let over = Instant::now() >= deadline;
        if !lookout
            .still_finds(&found, target, stack.as_ref(), stage)
            .await?
        {
            if over {
                return Err(restless(target, &found));
            }
            continue;
        }
        let part = stack.as_ref().and_then(|stack| other_part(stack, &found));
        let disabled = (aim == Aim::Press).then(|| disabled(&found)).flatten();
        let obstacle = disabled.or_else(|| stack.and_then(|stack| obstacle(&stack, &found)));
        let Some(obstacle) = obstacle else {
            if aim == Aim::Press && !is_still_there(&found, stage).await? {
                if over {
                    return Err(restless(target, &found));
                }
                continue;
            }
            stage.target = Some(found.rect);
            stage.notes.extend(found.notes.clone());
            stage.notes.extend(part);
            return Ok(found);
        };
        if over {
            return Err(unreachable(&target.to_string(), &found, obstacle));
        }
        sleep_until(deadline.min(Instant::now() + LOOK_AGAIN)).await;
    }
}

/// Whether a widget is still where it was found a moment ago. Finding it takes many questions, but
/// this takes few: the less time passes between the last look and the click, the less can happen in
/// between.
async fn is_still_there(found: &Found, stage: &Stage<'_>) -> Result<bool, Fault> {
    let Some(widget) = &found.widget else {
        return Ok(true);
    };
    let now = widget::now(&widget.id, stage).await?;
    Ok(now.is_some_and(|now| now.area == widget.area))
}

/// Where to point at a widget that was found before: scrolls to it and waits until a
/// click would reach it.
pub(in crate::executor) async fn reach_widget(
    widget: &Widget,
    deadline: Instant,
    stage: &mut Stage<'_>,
) -> Result<Found, Fault> {
    let title = widget::described(widget);
    let mut last = None;
    loop {
        let over = Instant::now() >= deadline;
        let found = widget::now(&widget.id, stage)
            .await?
            .and_then(widget::found);
        let Some(found) = found else {
            return Err(vanished(&title));
        };
        let unseen = found.widget.as_deref().filter(|widget| !widget.visible);
        if let Some(unseen) = unseen.cloned() {
            if over {
                return Err(unrevealed(&title));
            }
            scroll::reveal(&[unseen], deadline, stage).await?;
        } else {
            stage.hand.approach(found.point).await?;
            let stack = calm(found.rect, true, deadline, stage).await?;
            let obstacle = disabled(&found).or_else(|| {
                let stack = stack.as_ref()?;
                obstacle(stack, &found)
            });
            match obstacle {
                None if last == Some(found.point) => return Ok(found),
                Some(obstacle) if over => return Err(unreachable(&title, &found, obstacle)),
                _ => {}
            }
        }
        last = Some(found.point);
        sleep_until(deadline.min(Instant::now() + LOOK_AGAIN)).await;
    }
}

fn vanished(title: &str) -> Fault {
    Fault::Failed(Mismatch {
        message: format!("`{title}` vanished before it could be clicked"),
        expected: format!("`{title}`, still there"),
        seen: "nothing at its place".to_owned(),
        ..Mismatch::default()
    })
}

fn unrevealed(title: &str) -> Fault {
    Fault::Failed(Mismatch {
        message: format!("`{title}` cannot be scrolled into view"),
        expected: "its program to scroll to it".to_owned(),
        seen: "it stayed out of view".to_owned(),
        help: Some(
            "scroll to it first: `- scroll: { target: …, direction: down, amount: 5 }`".to_owned(),
        ),
        ..Mismatch::default()
    })
}

/// A fixed position has nothing to compare, but what is there must have been painted.
async fn fixed(
    point: Point,
    target: &Target,
    deadline: Instant,
    stage: &mut Stage<'_>,
) -> Result<Found, Fault> {
    let half = i32::try_from(AROUND / 2).unwrap_or_default();
    let (x, y) = ((point.x - half).max(0), (point.y - half).max(0));
    let found = Found {
        rect: Rect::new(x, y, AROUND, AROUND),
        point,
        ..Found::default()
    };
    if stage.settings.dry {
        return Ok(found);
    }
    loop {
        let stack = calm(found.rect, false, deadline, stage).await?;
        let Some(obstacle) = stack.and_then(|stack| obstacle(&stack, &found)) else {
            return Ok(found);
        };
        if Instant::now() >= deadline {
            return Err(unreachable(&target.to_string(), &found, obstacle));
        }
        sleep_until(deadline.min(Instant::now() + LOOK_AGAIN)).await;
    }
}

/// Waits for a pause in what is drawn in a target, but not for long. Returns what then
/// lies on the screen, if that is to be looked at: windows matter to the target, or
/// one has not painted itself yet. `None` too if the desktop does not say.
async fn calm(
    rect: Rect,
    windows: bool,
    deadline: Instant,
    stage: &mut Stage<'_>,
) -> Result<Option<Stack>, Fault> {
    let latest = deadline.min(Instant::now() + LONGEST);
    loop {
        let Some(calm) = stage.eyes.calm(rect).await? else {
            stage.tell_of_no_stack();
            return Ok(None);
        };
        let missing = PAUSE.saturating_sub(Duration::from_millis(calm.still));
        let now = Instant::now();
        if !missing.is_zero() && now < latest {
            sleep_until(latest.min(now + missing)).await;
        } else if windows || !calm.painted {
            return stage.eyes.stack(None).await;
        } else {
            return Ok(None);
        }
    }
}

/// What keeps a click from a target.
enum Obstacle {
    /// The window there, in words, is not the target's.
    Covered(String),
    /// The window there, in words, shows nothing yet.
    Unpainted(String),
    /// The widget takes no clicks.
    Disabled,
}

/// Whether a widget takes no clicks.
fn disabled(found: &Found) -> Option<Obstacle> {
    let widget = found.widget.as_ref()?;
    (widget.states.enabled == Some(false)).then_some(Obstacle::Disabled)
}

fn obstacle(stack: &Stack, found: &Found) -> Option<Obstacle> {
    let layer = stack.at(found.point);
    if let Some(window) = &found.window {
        let own = layer.is_some_and(|layer| layer.belongs_to(&window.id));
        if !own {
            let cover = layer.map(|layer| named(layer, stack));
            let cover = cover.unwrap_or_else(|| "the background".to_owned());
            return Some(Obstacle::Covered(cover));
        }
    }
    let layer = layer.filter(|layer| !layer.painted)?;
    Some(Obstacle::Unpainted(named(layer, stack)))
}

/// Says so where the place of a target belongs to a dialog of its window.
fn other_part(stack: &Stack, found: &Found) -> Option<String> {
    let (window, layer) = (found.window.as_ref()?, stack.at(found.point)?);
    let other = layer.listed && layer.id != window.id && layer.belongs_to(&window.id);
    let (point, title) = (found.point, &window.title);
    let part = named(layer, stack);
    other.then(|| format!("at {point}, {part} covers its window `{title}`"))
}

fn restless(target: &Target, found: &Found) -> Fault {
    Fault::Failed(Mismatch {
        message: format!("`{target}` keeps moving"),
        expected: "the same position twice in a row".to_owned(),
        seen: format!("last at {}, then somewhere else", found.rect),
        help: Some("wait until it has stopped: `- wait: { stable: 200ms }`".to_owned()),
        ..Mismatch::default()
    })
}

fn unreachable(target: &str, found: &Found, obstacle: Obstacle) -> Fault {
    let point = found.point;
    let (message, expected, seen, help) = match obstacle {
        Obstacle::Disabled => (
            format!("`{target}` cannot be used: it is disabled"),
            "an enabled widget".to_owned(),
            "the same widget, disabled all the time".to_owned(),
            "do first what enables it, or increase `timeout` if that takes long; to check that it \
             is disabled, use `assert: { role: …, enabled: false }`",
        ),
        Obstacle::Covered(cover) => (
            format!("`{target}` cannot be reached: {point} belongs to {cover}"),
            match &found.window {
                Some(window) if window.title.is_empty() => {
                    format!("that {point} belongs to its window")
                }
                Some(window) => format!("that {point} belongs to the window `{}`", window.title),
                None => format!("that nothing covers {point}"),
            },
            format!("{cover} is on top there"),
            "bring the window to the front first, for example with a click on its title bar or \
             on its entry in the panel, or point at another part of it (`offset`)",
        ),
        Obstacle::Unpainted(window) => (
            format!("`{target}` cannot be clicked yet: {window} has not painted anything"),
            "a window that has painted itself since it appeared".to_owned(),
            format!("{window}, which has not painted anything since it appeared"),
            "the program may hang or start slowly; if it is only slow, increase `timeout`",
        ),
    };
    Fault::Failed(Mismatch {
        message,
        expected,
        seen,
        help: Some(help.to_owned()),
        ..Mismatch::default()
    })
}
