//! `drag`.

use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until};

use super::{Play, Turn};
use crate::{
    desktop::wire::{Extensions, Holding},
    executor::{
        fault::Fault,
        find::{self, Aim},
        hand::Hand,
        stage::Stage,
    },
    geometry::Point,
    plan::Drag,
};

/// How often the pointer moves...
const TICK: Duration = Duration::from_millis(15);
/// ...and at least so often from one point of a way to the next, however short that is.
const LEAST: u32 = 8;

/// How much time a program gets between the press and the first motion, and between the last motion
/// and the release.
const REST: Duration = Duration::from_millis(40);

/// How long a drag that is played for an audience takes.
const LEISURELY: Duration = Duration::from_millis(900);

/// Holds a button down from one target to another. All are found before the button
/// goes down.
impl Play for Drag {
    async fn play(&self, turn: &Turn<'_>, stage: &mut Stage<'_>) -> Result<(), Fault> {
        let from = match &self.from {
            Some(target) => find::point(target, Aim::Press, turn.now(), stage).await?,
            None => stage.desktop.pointer_position().await?,
        };
        let mut way = vec![from];
        for target in self.via.iter().chain([&self.to]) {
            way.push(find::point(target, Aim::Later, turn.now(), stage).await?);
        }
        let held = &self.modifiers;
        let Some(duration) = self.duration.or(leisurely(stage).await) else {
            let to = *way.last().unwrap_or(&from);
            stage.hand.drag(from, to, self.button, held).await?;
            return Ok(());
        };
        let holding = Holding {
            keys: held.clone(),
            button: Some(self.button),
            at: Some(from),
            down: true,
        };
        let stay = stage.held.len();
        // A step that is cut off in between releases the button as well.
        let pulled = turn
            .limits(async {
                stage.press_down(holding).await?;
                pull(&way, duration, &stage.hand).await
            })
            .await;
        let let_go = stage.let_go(stay).await;
        pulled.and(let_go)
    }
}

/// How long a person takes who is not told; `None` if nobody plays one, or the desktop
/// cannot keep a button down.
async fn leisurely(stage: &Stage<'_>) -> Option<Duration> {
    if !stage.hand.is_human() {
        return None;
    }
    let offers = stage.desktop.extensions().await.ok()?;
    offers.has(Extensions::HOLD).then_some(LEISURELY)
}

/// Moves the pointer along a way in small steps.
async fn pull(way: &[Point], duration: Duration, hand: &Hand<'_>) -> Result<(), Fault> {
    sleep(REST).await;
    let begun = Instant::now();
    for stop in stops(way, duration) {
        sleep_until(begun + duration.mul_f64(stop.share)).await;
        hand.put(stop.at).await?;
    }
    sleep(REST).await;
    Ok(())
}

/// A place on a way, and which share of the time has passed there.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Stop {
    at: Point,
    share: f64,
}

/// The places of a way where the pointer rests, at the same speed everywhere; all points
/// of the way but the first are among them.
fn stops(way: &[Point], duration: Duration) -> Vec<Stop> {
    let legs: Vec<(Point, Point, f64)> = way
        .windows(2)
        .map(|leg| (leg[0], leg[1], length(leg[0], leg[1])))
        .collect();
    let whole: f64 = legs.iter().map(|(.., length)| length).sum();
    let ticks = duration.as_secs_f64() / TICK.as_secs_f64();
    let mut rests = Vec::new();
    let mut passed = 0.0;
    for (from, to, length) in legs {
        let part = if whole > 0.0 { length / whole } else { 1.0 };
        let steps = whole_steps(ticks * part);
        for step in 1..=steps {
            let share = f64::from(step) / f64::from(steps);
            rests.push(Stop {
                at: between(from, to, share),
                share: (passed + part * share).min(1.0),
            });
        }
        passed += part;
    }
    rests
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float is cut to the range of u32, and a step takes at most a day"
)]
fn whole_steps(ticks: f64) -> u32 {
    (ticks.ceil() as u32).max(LEAST)
}

fn length(from: Point, to: Point) -> f64 {
    let x = f64::from(to.x) - f64::from(from.x);
    let y = f64::from(to.y) - f64::from(from.y);
    x.hypot(y)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "what lies between two coordinates is one, too"
)]
fn between(from: Point, to: Point, share: f64) -> Point {
    let part = |from: i32, to: i32| {
        let (from, to) = (f64::from(from), f64::from(to));
        (from + (to - from) * share).round() as i32
    };
    Point::new(part(from.x, to.x), part(from.y, to.y))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_is_gone_at_one_speed_and_through_all_its_points() {
        let way = [Point::new(0, 0), Point::new(300, 0), Point::new(300, 100)];
        let stops = stops(&way, Duration::from_millis(600));
        assert_eq!(stops.len(), 40);
        let corner = stops.iter().find(|stop| stop.at == way[1]);
        assert!((corner.unwrap().share - 0.75).abs() < 1e-9, "{corner:?}");
        assert_eq!(stops.last().unwrap().at, way[2]);
        assert!(stops.is_sorted_by_key(|stop| stop.at.x + stop.at.y));
        let nowhere = [Point::new(5, 5), Point::new(5, 5)];
        assert_eq!(super::stops(&nowhere, Duration::ZERO).len(), 8);
    }
}
