//! Faults at random moments, and what Deskhand makes of them.
//!
//! `cargo test --release --test faults -- --seed 7 --count 20` plays twenty of them; it is
//! no part of `cargo test`. Each is played in a place of its own, every third with four
//! desktops. Whatever happened, Deskhand must end in time, with the right outcome and exit
//! status, with reports, and with nothing left behind.
//!
//! A kind of fault is a row of a table in `kinds/`, which says what is played, what is
//! done to it, and what is to come of it. `--kind NAME` plays one kind alone.

#![expect(clippy::unwrap_used, reason = "a fault that cannot be tried is none")]
#![expect(clippy::print_stdout, reason = "it is a program of its own")]

mod arguments;
mod kind;
mod kinds;
#[path = "../place/mod.rs"]
mod place;
mod scene;
mod server;

use std::{process::ExitCode, time::Duration};

use fastrand::Rng;

use self::{
    arguments::Arguments,
    kind::{Kind, On},
    scene::Scene,
};

/// Every third fault meets so many desktops at once.
const TOGETHER: usize = 4;

fn main() -> ExitCode {
    let arguments = Arguments::read();
    if !place::is_entered() {
        return place::enter();
    }
    let kinds: Vec<&'static Kind> = kinds::all()
        .filter(|kind| arguments.is_wanted(kind.name))
        .collect();
    assert!(!kinds.is_empty(), "there is no such kind of fault");
    println!("seed {}, {} kinds", arguments.seed, kinds.len());
    let mut random = Rng::with_seed(arguments.seed);
    let mut alone = Order::of(kinds.clone());
    let mut together = Order::of(
        kinds
            .into_iter()
            .filter(|it| it.plays.on != On::Url)
            .collect(),
    );
    let mut played = Vec::new();
    for number in 1..=arguments.count {
        let many = number % 3 == 0 && !together.kinds.is_empty();
        let (desktops, order) = if many {
            (TOGETHER, &mut together)
        } else {
            (1, &mut alone)
        };
        let kind = order.next(&mut random);
        let result = Scene::play(
            kind,
            desktops.max(kind.plays.desktops),
            Rng::with_seed(random.u64(..)),
        );
        println!("{number:>3} {result}");
        played.push(result);
    }
    summary(&played)
}

/// Kinds in an order by chance, all of them before any comes again.
struct Order {
    kinds: Vec<&'static Kind>,
    next: Vec<&'static Kind>,
}

impl Order {
    fn of(kinds: Vec<&'static Kind>) -> Self {
        let next = Vec::new();
        Self { kinds, next }
    }

    fn next(&mut self, random: &mut Rng) -> &'static Kind {
        if self.next.is_empty() {
            self.next.clone_from(&self.kinds);
            random.shuffle(&mut self.next);
        }
        self.next.pop().unwrap()
    }
}

/// Says what was not as expected, and what took longest.
fn summary(played: &[scene::Played]) -> ExitCode {
    println!();
    let mut slowest: Vec<&scene::Played> = played.iter().collect();
    slowest.sort_by_key(|it| std::cmp::Reverse(it.took));
    println!("the slowest ends, from the fault on:");
    for it in slowest.iter().take(10) {
        println!("  {:>5.1} s  {}", it.took.as_secs_f32(), it.title());
    }
    let mean = played.iter().map(|it| it.took).sum::<Duration>();
    let count = u32::try_from(played.len()).unwrap().max(1);
    println!("  {:>5.1} s  on average", (mean / count).as_secs_f32());
    let wrong: Vec<_> = played.iter().filter(|it| !it.is_as_expected()).collect();
    println!("{} faults, {} not as expected", played.len(), wrong.len());
    for it in &wrong {
        println!("  {it}");
    }
    if wrong.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
