//! A long run, and whether anything in it grows.
//!
//! `cargo test --release --test soak -- --count 200 --minutes 40` plays so many scenarios
//! in so many minutes; it is no part of `cargo test`. They record, type, look, launch
//! programs that do not end by themselves, and some of them fail. Meanwhile memory, file
//! descriptors, processes, shared memory and temporary files are counted, of Deskhand, of
//! the keepers of its desktops, and of everything below them. All of that must be *flat*:
//! see `table`. In the end nothing must be left.

#![expect(clippy::unwrap_used, reason = "a run that cannot be watched is none")]
#![expect(clippy::print_stdout, reason = "it is a program of its own")]

mod arguments;
mod look;
#[path = "../place/mod.rs"]
mod place;
mod suite;
mod table;

use std::{
    fs::{self, File},
    path::Path,
    process::{Child, Command, ExitCode},
    thread,
    time::{Duration, Instant},
};

use self::{
    arguments::Arguments,
    look::Look,
    place::left,
    suite::{Outcomes, Suite},
    table::Table,
};

/// How often everything is counted: often enough that each desktop is seen several times.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

fn main() -> ExitCode {
    let arguments = Arguments::read();
    if !place::is_entered() {
        return place::enter();
    }
    let folder = Path::new(place::FOLDER);
    left::remove(folder);
    fs::create_dir_all(folder.join("tmp")).unwrap();
    let suite = Suite {
        count: arguments.count,
        length: arguments.length,
    };
    suite.write(folder);
    println!(
        "{} scenarios in {} min, --jobs {}",
        suite.count,
        suite.length.as_secs() / 60,
        arguments.jobs
    );
    let mut run = start(folder, &arguments.jobs);
    let table = watch(&mut run, folder, &suite);
    let status = run.wait().unwrap().code();
    let left = left::left(folder, true);
    let outcomes = Outcomes::read(folder);
    let mut wrong = table.summary();
    wrong.extend(suite.differences(status, &outcomes));
    if !left.is_empty() {
        wrong.push(format!("left: {}", left.join(", ")));
    }
    println!("{outcomes}, status {status:?}, {} left", left.len());
    if !wrong.is_empty() {
        let said = fs::read_to_string(folder.join("said")).unwrap_or_default();
        println!("--- what it said:\n{said}---\n{}", wrong.join("\n"));
    }
    left::remove(folder);
    if wrong.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn start(folder: &Path, jobs: &str) -> Child {
    Command::new(place::program())
        .args(["run", ".", "--jobs", jobs])
        .current_dir(folder)
        .env("TMPDIR", folder.join("tmp"))
        .env_remove("CI")
        .stderr(File::create(folder.join("said")).unwrap())
        .spawn()
        .unwrap()
}

/// Counts until the run has ended, or takes twice as long as it should.
fn watch(run: &mut Child, folder: &Path, suite: &Suite) -> Table {
    let begun = Instant::now();
    let mut table = Table::new(suite);
    while matches!(run.try_wait(), Ok(None)) {
        if begun.elapsed() > suite.length * 2 + Duration::from_secs(60) {
            println!("the run takes too long, and is killed");
            run.kill().unwrap();
            break;
        }
        let done = Outcomes::read(folder).all();
        if let Some(look) = Look::at(run.id(), folder) {
            table.add(begun.elapsed(), done, look);
        }
        thread::sleep(LOOK_AGAIN);
    }
    table
}
