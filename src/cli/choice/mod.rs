//! Which of the scenarios are played, how often, in which order, and on which machine.

mod changed;
mod share;

use std::{
    collections::BTreeSet,
    fs::File,
    io::BufReader,
    path::{Path, PathBuf},
};

use regex::Regex;
use strsim::jaro_winkler;

use self::{changed::Changed, share::Share};
use super::{Exit, ProcessEnvironment, complain, last_run, plans::Read, tell};
use crate::{
    event::Outcome,
    plan::{Durations, Entry, Suite},
    report::{self, RunLog},
};

/// How often a suite is played until it fails, if no number is given.
const OFTEN: usize = 1000;

/// The maximum number of scenarios of a suite, repetitions included.
const MOST: usize = 100_000;

/// From which similarity on one word may be a misspelling of another.
const ALIKE: f64 = 0.8;

#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Which scenarios")]
pub(super) struct Choosing {
    /// Play only scenarios with one of these tags; can be repeated
    #[arg(long, value_name = "TAG", value_delimiter = ',')]
    tag: Vec<String>,
    /// Leave out scenarios with one of these tags; can be repeated
    #[arg(long, value_name = "TAG", value_delimiter = ',')]
    skip_tag: Vec<String>,
    /// Play only scenarios whose `FILE: NAME` matches a regular expression
    #[arg(long, value_name = "REGEX")]
    grep: Option<Regex>,
    /// Play only what failed or was interrupted in the last run, according to `events.jsonl` in the
    /// artifacts
    #[arg(long)]
    last_failed: bool,
    /// Play only scenarios whose files changed since a git revision
    ///
    /// Their files are the scenario itself, the parts it uses, its pictures, baselines and
    /// uploads, and `deskhand.yaml`. Files that are not committed count as changed.
    #[arg(long, value_name = "REVISION")]
    changed: Option<String>,
    /// Play one share of the scenarios: `I/N`, or `auto` in a parallel job
    #[arg(long, value_name = "I/N")]
    shard: Option<Share>,
    /// An `events.jsonl` with the durations of an earlier run, to balance the shards
    ///
    /// Every shard must be given the same file. Without this option, scenarios are dealt
    /// out evenly.
    #[arg(long, value_name = "FILE")]
    durations: Option<PathBuf>,
    /// Play everything N times
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    repeat: Option<usize>,
    /// Play everything again and again until something fails, at most 1000 times or as
    /// often as `--repeat` says
    #[arg(long)]
    repeat_until_failure: bool,
    /// Play in an order that only the seed decides: a number, or `random`
    #[arg(long, value_name = "SEED", value_parser = seed)]
    shuffle: Option<u64>,
}

/// Reads a number that is at least 1.
pub(super) fn at_least_one(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| "expected a whole number from 1 on".to_owned())
}

fn seed(text: &str) -> Result<u64, String> {
    if text == "random" {
        // Short enough to be typed.
        return Ok(fastrand::u64(..1_000_000));
    }
    let seed = text.parse();
    seed.map_err(|_| "expected a whole number, or `random`".to_owned())
}

impl Choosing {
    /// Whether it is played only until something fails.
    pub(super) const fn is_until_failure(&self) -> bool {
        self.repeat_until_failure
    }

    /// The suite of all that was read, with what is left out. `artifacts` is the folder of
    /// the last run.
    pub(super) fn suite(
        &self,
        read: &mut Read,
        artifacts: &Path,
        environment: &ProcessEnvironment,
    ) -> Result<Suite, Exit> {
        self.check_tags(read)?;
        let last = read_last(artifacts);
        let plans = std::mem::take(&mut read.plans);
        let settings = read.project.as_ref().map(|project| project.source.name());
        let times = match (self.repeat, self.repeat_until_failure) {
            (Some(times), _) => times,
            (None, true) => (MOST / plans.len().max(1)).clamp(1, OFTEN),
            (None, false) => 1,
        };
        if plans.len().saturating_mul(times) > MOST {
            complain(&format!(
                "that makes more than {MOST} scenarios: repeat them less often"
            ));
            return Err(Exit::Usage);
        }
        let mut suite = Suite::repeated(plans, times);
        suite.until_failure = self.repeat_until_failure;
        suite.expect(&self.durations(artifacts)?);
        self.by_words(&mut suite)?;
        if self.last_failed {
            leave_out_what_passed(&mut suite, last.as_ref(), artifacts)?;
        }
        if let Some(revision) = &self.changed {
            let changed =
                Changed::since(revision, environment).map_err(|problem| wrong(&problem))?;
            changed::leave_out_the_rest(&mut suite, &changed, settings, revision);
        }
        if let Some(share) = self.shard {
            let shard = share
                .shard(&ProcessEnvironment::variable)
                .map_err(|problem| wrong(&problem))?;
            suite.divide(shard);
        }
        if let Some(seed) = self.shuffle {
            suite.shuffle(seed);
        }
        if suite.played().next().is_none() {
            tell("there is nothing to play: every scenario is left out");
        }
        Ok(suite)
    }

    /// Tags are words that people make up, so one that no scenario has is a misspelling.
    fn check_tags(&self, read: &Read) -> Result<(), Exit> {
        let all: BTreeSet<&str> = read
            .plans
            .iter()
            .flat_map(|plan| plan.tags.iter().map(String::as_str))
            .collect();
        for tag in self.tag.iter().chain(&self.skip_tag) {
            if all.contains(tag.as_str()) {
                continue;
            }
            let near = all
                .iter()
                .map(|known| (*known, jaro_winkler(known, tag)))
                .filter(|(_, likeness)| *likeness > ALIKE)
                .max_by(|(_, a), (_, b)| a.total_cmp(b));
            let hint = near.map_or_else(String::new, |(known, _)| {
                format!("; did you mean `{known}`?")
            });
            complain(&format!("no scenario has the tag `{tag}`{hint}"));
            return Err(Exit::Usage);
        }
        Ok(())
    }

    /// Leaves out what tags and names exclude.
    fn by_words(&self, suite: &mut Suite) -> Result<(), Exit> {
        let has = |entry: &Entry, tag: &&String| entry.plan.tags.contains(tag);
        suite.leave_out(|entry| {
            let found = self.skip_tag.iter().find(|tag| has(entry, tag))?;
            Some(format!("it has the tag `{found}`"))
        });
        if !self.tag.is_empty() {
            let wanted = self.tag.join("`, `");
            suite.leave_out(|entry| {
                let found = self.tag.iter().any(|tag| has(entry, &tag));
                (!found).then(|| match self.tag.len() {
                    1 => format!("it does not have the tag `{wanted}`"),
                    _ => format!("it has none of the tags `{wanted}`"),
                })
            });
        }
        let Some(regex) = &self.grep else {
            return Ok(());
        };
        let title = |entry: &Entry| format!("{}: {}", entry.plan.file, entry.name);
        if !suite
            .entries
            .iter()
            .any(|entry| regex.is_match(&title(entry)))
        {
            return Err(wrong(&format!(
                "no scenario matches `--grep {regex}`; it is compared with `FILE: NAME`, for \
                 example `{}`",
                suite.entries.first().map_or_else(String::new, title)
            )));
        }
        suite.leave_out(|entry| {
            (!regex.is_match(&title(entry))).then(|| format!("it does not match `{regex}`"))
        });
        Ok(())
    }

    /// How long scenarios took: in the run that was given, else in the last one.
    fn durations(&self, artifacts: &Path) -> Result<Durations, Exit> {
        let read = |path: &Path| {
            let file = File::open(path).map_err(|error| error.to_string())?;
            report::durations(BufReader::new(file)).map_err(|error| error.to_string())
        };
        let Some(path) = &self.durations else {
            // Other machines may not know what this one knows from its last run, so that must not
            // decide which share it plays.
            let last = artifacts.join(last_run::EVENTS);
            let known = (self.shard.is_none()).then(|| read(&last).ok()).flatten();
            return Ok(known.unwrap_or_default());
        };
        let path = if path.is_dir() {
            path.join(last_run::EVENTS)
        } else {
            path.clone()
        };
        read(&path).map_err(|error| {
            wrong(&format!(
                "cannot read durations from {}: {error}",
                path.display()
            ))
        })
    }
}

/// The last run, if its events can be read.
fn read_last(artifacts: &Path) -> Option<RunLog> {
    let file = File::open(artifacts.join(last_run::EVENTS)).ok()?;
    RunLog::from_jsonl(BufReader::new(file)).ok()
}

fn leave_out_what_passed(
    suite: &mut Suite,
    last: Option<&RunLog>,
    artifacts: &Path,
) -> Result<(), Exit> {
    let Some(last) = last else {
        return Err(wrong(&format!(
            "`--last-failed` finds no run in {}: there is no {} that can be read",
            artifacts.display(),
            last_run::EVENTS
        )));
    };
    let failed: BTreeSet<(&str, &str)> = last
        .scenarios
        .iter()
        .filter(|scenario| {
            matches!(
                scenario.outcome(),
                Outcome::Failed(_) | Outcome::Error(_) | Outcome::Interrupted
            )
        })
        .map(|scenario| (&*scenario.place.file, once(&scenario.name)))
        .collect();
    suite.leave_out(|entry| {
        let is_failed = failed.contains(&(&*entry.plan.file, &*entry.plan.name));
        (!is_failed).then(|| "it did not fail in the last run".to_owned())
    });
    Ok(())
}

/// The name of a scenario that may have been repeated: `a #2` is `a`.
fn once(name: &str) -> &str {
    let (first, round) = name.rsplit_once(" #").unwrap_or((name, ""));
    if !round.is_empty() && round.chars().all(|char| char.is_ascii_digit()) {
        first
    } else {
        name
    }
}

fn wrong(problem: &str) -> Exit {
    complain(problem);
    Exit::Usage
}
