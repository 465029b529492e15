//! The reports of a run: each is made from its events and from nothing else.
//!
//! [`Terminal`] and [`JsonLines`] take the events as they happen. All other
//! reports are pure functions of a [`RunLog`], the fold of the events, so they
//! can be made again later, or elsewhere, from `events.jsonl`.

mod ci;
mod durations;
mod files;
mod html;
mod json;
mod json_lines;
mod junit;
mod markdown;
mod merge;
mod progress;
mod run_log;
mod scripts;
mod story;
mod style;
mod summary;
mod terminal;
#[cfg(test)]
mod tests;
mod verdict;

pub use self::{
    ci::CiSystem,
    durations::durations,
    files::{Problem, write},
    html::render as html,
    json::{json, json_schema},
    json_lines::JsonLines,
    junit::{Dialect, Paths, junit},
    markdown::{Ways, markdown},
    merge::{MergeError, Merged, Moved, Run, merge},
    run_log::{
        Counts, DesktopLog, ReadError, RecordingLog, RunLog, ScenarioLog, SkippedLog, StepLog,
        read_events,
    },
    summary::summary,
    terminal::{Appearance, Show, Size, Terminal, lines},
    verdict::Verdict,
};
pub(crate) use self::{
    ci::{Annotation, Groups, Level},
    html::PAGE_STYLE,
    markdown::COMMENT,
    scripts::scripts,
};
