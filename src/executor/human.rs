//! How a person uses a desktop, for scenarios that are played for an audience.
//!
//! Everything that looks random comes from a seed, so a demo is played in the same way every time.

use std::time::Duration;

use fastrand::Rng;

use crate::geometry::Point;

/// The time between two places of the pointer on its way: a screen shows no more.
const TICK: Duration = Duration::from_millis(16);

/// The shortest and the longest time of a movement of the pointer, however far it is.
const QUICKEST: Duration = Duration::from_millis(180);
const SLOWEST: Duration = Duration::from_millis(650);

/// How much longer a movement takes each time that its length doubles: Fitts' law.
const DOUBLING: f64 = 0.1;

/// How far a way bends to one side at most, as a share of its length.
const BEND: f64 = 0.05;

/// The time between two keys, and how much it varies to both sides.
const KEY: Duration = Duration::from_millis(75);
const VARIES: f64 = 0.35;

/// How much longer a key takes after the end of a word, and of a sentence.
const AFTER_WORD: f64 = 1.5;
const AFTER_SENTENCE: f64 = 3.0;

/// Moves and types as a person does.
#[derive(Clone, Debug)]
pub(super) struct Human {
    rng: Rng,
}

/// A place on the way of the pointer, and when it is there, from the start of the way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stop {
    pub(super) at: Point,
    pub(super) after: Duration,
}

impl Human {
    /// The same one for the same seed.
    pub(super) fn new(seed: u64) -> Self {
        Self {
            rng: Rng::with_seed(seed),
        }
    }

    /// The way of a pointer: slow at both ends and a little bent. Its last place is `to`.
    pub(super) fn way(&mut self, from: Point, to: Point) -> Vec<Stop> {
        let (x, y) = (f64::from(to.x - from.x), f64::from(to.y - from.y));
        let length = x.hypot(y);
        if length < 1.0 {
            return Vec::new();
        }
        let time = QUICKEST.as_secs_f64() + DOUBLING * (1.0 + length / 40.0).log2();
        let time = time.min(SLOWEST.as_secs_f64());
        let bend = (self.rng.f64() * 2.0 - 1.0) * BEND;
        let ticks = count(time / TICK.as_secs_f64());
        let stop = |tick: u32| {
            let passed = f64::from(tick) / f64::from(ticks);
            let way = eased(passed);
            // Aside of the straight line, most in its middle.
            let aside = bend * 4.0 * way * (1.0 - way);
            Stop {
                at: Point::new(
                    from.x + rounded(x * way - y * aside),
                    from.y + rounded(y * way + x * aside),
                ),
                after: Duration::from_secs_f64(time * passed),
            }
        };
        (1..=ticks).map(stop).collect()
    }

    /// How long the next key takes after `char`.
    pub(super) fn key(&mut self, char: char) -> Duration {
        let varied = 1.0 + (self.rng.f64() * 2.0 - 1.0) * VARIES;
        let after = match char {
            '.' | '!' | '?' | '\n' => AFTER_SENTENCE,
            ' ' | ',' | ';' | ':' | '\t' => AFTER_WORD,
            _ => 1.0,
        };
        KEY.mul_f64(varied * after)
    }

    /// A pause of about this length.
    pub(super) fn pause(&mut self, about: Duration) -> Duration {
        about.mul_f64(0.85 + self.rng.f64() * 0.3)
    }
}

/// The seed of a scenario, which depends only on its name (FNV-1a).
pub(super) fn seed(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// How much of a way has been covered after a share of its time: the movement of a hand
/// with the least jerk (Flash and Hogan, 1985).
fn eased(time: f64) -> f64 {
    time.powi(3) * (10.0 + time * (6.0 * time - 15.0))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a way takes less than a second"
)]
fn count(ticks: f64) -> u32 {
    (ticks.round() as u32).max(1)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "what lies between two coordinates is one, too"
)]
fn rounded(pixels: f64) -> i32 {
    pixels.round() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pointer_speeds_up_slows_down_and_arrives() {
        let (from, to) = (Point::new(100, 700), Point::new(1100, 200));
        let way = Human::new(1).way(from, to);
        assert_eq!(way.last().unwrap().at, to);
        let mut before = from;
        let steps: Vec<f64> = way
            .iter()
            .map(|stop| {
                let step = f64::from(stop.at.x - before.x).hypot(f64::from(stop.at.y - before.y));
                before = stop.at;
                step
            })
            .collect();
        let fastest = steps.iter().copied().fold(0.0, f64::max);
        assert!(steps[0] < fastest / 10.0, "{steps:?}");
        assert!(*steps.last().unwrap() < fastest / 10.0, "{steps:?}");
        // No step differs from the next by more than a sixth of the highest speed.
        let jumps = steps.windows(2).map(|two| (two[1] - two[0]).abs());
        assert!(jumps.fold(0.0, f64::max) < fastest / 6.0, "{steps:?}");
    }

    #[test]
    fn the_same_seed_moves_and_types_in_the_same_way() {
        let play = |seed| {
            let mut human = Human::new(seed);
            let way = human.way(Point::new(0, 0), Point::new(500, 300));
            let keys: Vec<_> = "Hello, you.".chars().map(|char| human.key(char)).collect();
            (way, keys)
        };
        assert_eq!(play(7), play(7));
        assert_ne!(play(7), play(8));
        assert_ne!(seed("one"), seed("two"));
    }

    #[test]
    fn a_pointer_that_is_there_does_not_move() {
        let there = Point::new(5, 5);
        assert!(Human::new(1).way(there, there).is_empty());
    }
}
