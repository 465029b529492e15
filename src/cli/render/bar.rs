//! The progress of a film, on a terminal.

use std::sync::Mutex;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::{
    cli::{ProcessEnvironment, say},
    film::output::Progress,
};

/// What is done, how much of it, and how long it still takes.
const TEMPLATE: &str = "  {prefix} {wide_bar} {pos}/{len} frames, {eta} left";

/// The line that shows it, where stderr is a terminal.
pub(super) struct Bar {
    line: ProgressBar,
    doing: Mutex<&'static str>,
}

impl Bar {
    pub(super) fn new(environment: &ProcessEnvironment) -> Self {
        let line = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        let line = if environment.live {
            say::run_lines(environment.colour).add(line)
        } else {
            line
        };
        if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
            line.set_style(style);
        }
        Self {
            line,
            doing: Mutex::new(""),
        }
    }

    /// Shows the progress.
    pub(super) fn show(&self, progress: Progress) {
        let Progress { doing, done, all } = progress;
        if let Ok(mut before) = self.doing.lock()
            && *before != doing
        {
            *before = doing;
            self.line.reset();
            self.line.set_prefix(doing);
        }
        self.line.set_length(all.into());
        self.line.set_position(done.into());
    }

    /// Takes it away.
    pub(super) fn end(&self) {
        self.line.finish_and_clear();
        say::clear_run_lines();
    }
}
