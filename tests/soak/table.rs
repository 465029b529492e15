//! What was counted over time, and which lines of it are flat.
//!
//! How many desktops there are varies from one look to the next, and a part of them comes
//! and goes at each; a leak does not go. So the middle value of the last quarter of the run
//! is held against that of the second quarter: the first one is for warming up. A line is
//! *flat* if it has not grown by more than one unit in twenty scenarios that ended in
//! between. For memory, the unit is what a run keeps of each scenario for its reports.

use std::time::Duration;

use crate::{look::Look, suite::Suite};

/// One thing that is counted.
struct Line {
    /// At most ten letters. `run` is Deskhand itself, `all` everything below it too, and
    /// files are open ones.
    name: &'static str,
    read: fn(&Look) -> u64,
    /// By how much it may grow in twenty scenarios.
    growth: u64,
    /// By how much it may differ by chance.
    chance: u64,
}

const fn count(name: &'static str, read: fn(&Look) -> u64, chance: u64) -> Line {
    Line {
        name,
        read,
        growth: 1,
        chance,
    }
}

const LINES: [Line; 12] = [
    Line {
        name: "run KiB",
        read: |look| look.memory,
        growth: 20 * 32,
        chance: 2048,
    },
    count("run files", |look| look.descriptors, 4),
    count("threads", |look| look.threads, 4),
    Line {
        name: "keeper KiB",
        read: |look| look.keeper_memory,
        growth: 0,
        chance: 2048,
    },
    count("keep files", |look| look.keeper_descriptors, 4),
    // Two desktops with XFCE have many more than two without.
    count("processes", |look| look.processes, 15),
    count("zombies", |look| look.zombies, 4),
    Line {
        name: "all KiB",
        read: |look| look.all_memory,
        growth: 20 * 32,
        chance: 65536,
    },
    count("shared mem", |look| look.shared, 4),
    count("sockets", |look| look.sockets, 2),
    count("temporary", |look| look.temporary, 4),
    Line {
        name: "their KiB",
        read: |look| look.temporary_size,
        growth: 20,
        chance: 16384,
    },
];

/// Prints cells below each other.
fn print_row(cells: impl Iterator<Item = String>) {
    let cells: Vec<String> = cells.map(|cell| format!("{cell:>10}")).collect();
    println!("{}", cells.join(" "));
}

/// How many rows are printed while the run goes on.
const ROWS: u32 = 20;

/// All looks at a run.
pub(crate) struct Table {
    looks: Vec<(usize, Look)>,
    next_row: Duration,
    each_row: Duration,
}

impl Table {
    /// A table of a run that begins now.
    pub(crate) fn new(suite: &Suite) -> Self {
        let names = LINES.iter().map(|line| line.name.to_owned());
        print_row(
            ["minutes", "scenarios"]
                .map(str::to_owned)
                .into_iter()
                .chain(names),
        );
        Self {
            looks: Vec::new(),
            next_row: Duration::ZERO,
            each_row: suite.length / ROWS,
        }
    }

    /// Adds a look; prints it if it is time for a row.
    pub(crate) fn add(&mut self, at: Duration, done: usize, look: Look) {
        if at >= self.next_row {
            self.next_row += self.each_row;
            let minutes = format!("{:.1}", at.as_secs_f32() / 60.0);
            let values = LINES.iter().map(|line| (line.read)(&look).to_string());
            print_row([minutes, done.to_string()].into_iter().chain(values));
        }
        self.looks.push((done, look));
    }

    /// Prints how each line went; answers what is wrong with those that are not flat.
    pub(crate) fn summary(&self) -> Vec<String> {
        let quarter = self.looks.len() / 4;
        if quarter == 0 {
            return vec!["the run was too short to be watched".to_owned()];
        }
        let second = &self.looks[quarter..2 * quarter];
        let last = &self.looks[3 * quarter..];
        let between = last[last.len() / 2].0 - second[second.len() / 2].0;
        println!("\n{between} scenarios lie between the middles of the two quarters");
        let mut wrong = Vec::new();
        for line in &LINES {
            let middle = |looks: &[(usize, Look)]| {
                let mut values: Vec<u64> = looks.iter().map(|(_, it)| (line.read)(it)).collect();
                values.sort_unstable();
                values[values.len() / 2]
            };
            let (before, after) = (middle(second), middle(last));
            let most = self.looks.iter().map(|(_, it)| (line.read)(it)).max();
            let allowed = before + line.chance + line.growth * between as u64 / 20;
            let verdict = if after <= allowed { "flat" } else { "GROWS" };
            let sentence = format!(
                "{verdict:>5}  {:<10} {before:>8} in the second quarter, {after:>8} in the last, \
                 at most {:>8}; up to {allowed} is flat",
                line.name,
                most.unwrap_or(0),
            );
            println!("{sentence}");
            if after > allowed {
                wrong.push(sentence);
            }
        }
        wrong
    }
}
