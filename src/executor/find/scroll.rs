//! Scrolling to a widget that is out of view.

use std::time::Duration;

use tokio::time::Instant;

use super::{glance, widget::now};
use crate::{
    desktop::{DesktopError, wire::Widget},
    executor::{fault::Fault, stage::Stage},
    geometry::Rect,
    input::Direction,
};

/// How far the wheel turns at once: a few rows of a list.
const NOTCHES: u32 = 2;

/// How long a program may take to show that the wheel has turned, until it is known how fast it is;
/// if it shows nothing, there is nothing more to scroll.
const ROLLING: Duration = Duration::from_millis(900);

/// The shortest time that it gets later, and by which factor it may exceed its slowest answer so
/// far.
const QUICK: Duration = Duration::from_millis(300);
const TIMES_SLOWEST: u32 = 5;

/// Scrolls to a target that is out of view; returns whether there was anything to
/// scroll to.
pub(super) async fn reveal(
    unseen: &[Widget],
    deadline: Instant,
    stage: &Stage<'_>,
) -> Result<bool, Fault> {
    let [widget] = unseen else {
        return Ok(false);
    };
    if widget.visible || widget.area.is_none() {
        return Ok(false);
    }
    match stage.desktop.reveal_widget(&widget.id).await {
        Ok(now) if now.visible => Ok(true),
        Ok(now) => roll_to(&now, deadline, stage).await,
        Err(DesktopError::Status(refused)) if refused.status == 404 => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Scrolls to a widget with the wheel, like a person whose program has no other way:
/// down to the end and up again, and the same a little further right each time, and left.
async fn roll_to(widget: &Widget, deadline: Instant, stage: &Stage<'_>) -> Result<bool, Fault> {
    let Some(area) = widget.area else {
        return Ok(false);
    };
    let screen = stage.screen().await?.to_rect();
    let Some(area) = area.intersection(screen) else {
        return Ok(false);
    };
    let at = glance::middle(area, screen);
    stage.hand.move_pointer(at).await?;
    let mut wheel = Wheel {
        id: &widget.id,
        area,
        deadline,
        stage,
        slowest: None,
    };
    let mut is_tall = false;
    for way in [Direction::Down, Direction::Up] {
        match wheel.until_the_end(way).await? {
            Rolled::There => return Ok(true),
            Rolled::Moved => is_tall = true,
            Rolled::Nothing => {}
        }
    }
    let (mut way, mut next) = (Direction::Down, Direction::Up);
    for side in [Direction::Right, Direction::Left] {
        loop {
            match wheel.turn(side).await? {
                Rolled::There => return Ok(true),
                Rolled::Moved => {}
                Rolled::Nothing => break,
            }
            if is_tall {
                if wheel.until_the_end(way).await? == Rolled::There {
                    return Ok(true);
                }
                std::mem::swap(&mut way, &mut next);
            }
        }
    }
    Ok(true)
}

/// The result of turning the wheel.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Rolled {
    /// The widget can be seen, or is gone, or the time is over.
    There,
    /// Something moved.
    Moved,
    /// Nothing did: there is nothing more in this direction.
    Nothing,
}

/// The wheel over what a widget is in.
struct Wheel<'w> {
    id: &'w str,
    area: Rect,
    deadline: Instant,
    stage: &'w Stage<'w>,
    /// The longest that the program took to show that the wheel has turned, so far.
    slowest: Option<Duration>,
}

impl Wheel<'_> {
    /// Turns it until nothing moves any more.
    async fn until_the_end(&mut self, way: Direction) -> Result<Rolled, Fault> {
        let mut all = Rolled::Nothing;
        loop {
            match self.turn(way).await? {
                Rolled::Moved => all = Rolled::Moved,
                Rolled::There => return Ok(Rolled::There),
                Rolled::Nothing => return Ok(all),
            }
        }
    }

    async fn turn(&mut self, way: Direction) -> Result<Rolled, Fault> {
        let Self {
            id,
            area,
            deadline,
            stage,
            slowest,
        } = self;
        let mut view = stage.eyes.view(Some(*area)).await?;
        stage.hand.scroll(way, NOTCHES).await?;
        let turned = Instant::now();
        let patience = slowest.map_or(ROLLING, |slowest| QUICK.max(slowest * TIMES_SLOWEST));
        let moved = view.next((*deadline).min(turned + patience)).await?;
        if moved {
            *slowest = (*slowest).max(Some(turned.elapsed()));
        }
        let is_there = now(id, stage).await?.is_none_or(|now| now.visible);
        Ok(if is_there || Instant::now() >= *deadline {
            Rolled::There
        } else if moved {
            Rolled::Moved
        } else {
            Rolled::Nothing
        })
    }
}
