//! The requested change of one window.

use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::{Answer, Call, Fault, show::Shown};
use crate::{
    cli::{
        Exit,
        value::{bounds, duration},
    },
    desktop::wire::{Arranged, Arrangement, limits},
    geometry::WindowState,
};

/// How long a window may take by default.
const USUAL_WAIT: Duration = Duration::from_secs(1);

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The id of the window, from `deskhand ctl windows`
    window: String,
    /// The left edge of its content
    #[arg(long, allow_negative_numbers = true, value_parser = clap::value_parser!(i32).range(bounds(limits::WINDOW_PLACE)))]
    x: Option<i32>,
    /// The top edge of its content
    #[arg(long, allow_negative_numbers = true, value_parser = clap::value_parser!(i32).range(bounds(limits::WINDOW_PLACE)))]
    y: Option<i32>,
    /// The width of its content
    #[arg(long, value_parser = clap::value_parser!(u32).range(bounds(limits::SIDE)))]
    width: Option<u32>,
    /// The height of its content
    #[arg(long, value_parser = clap::value_parser!(u32).range(bounds(limits::SIDE)))]
    height: Option<u32>,
    /// Its state
    #[arg(long, value_parser = state())]
    state: Option<WindowState>,
    /// Bring it to the front and focus it
    #[arg(long)]
    raise: bool,
    /// Close it, as with the button in its frame
    #[arg(long, conflicts_with_all = ["x", "y", "width", "height", "state", "raise"])]
    close: bool,
    /// How long to wait for the change, up to 60s [default: 1s]
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    wait: Option<Duration>,
}

fn state() -> impl TypedValueParser<Value = WindowState> {
    PossibleValuesParser::new(WindowState::NAMES)
        .try_map(|name| WindowState::from_name(&name).ok_or("there is no such state"))
}

impl Arguments {
    pub(super) async fn call(&self, call: &Call<'_>) -> Result<Answer, Fault> {
        let wanted = Arrangement {
            x: self.x,
            y: self.y,
            width: self.width,
            height: self.height,
            state: self.state,
            raise: self.raise,
            close: self.close,
        };
        if wanted.is_empty() {
            return Err(Fault::Usage(
                "no change of the window is given: add `--x`, `--width`, `--state`, `--raise` or \
                 `--close`"
                    .to_owned(),
            ));
        }
        let wait = self.wait.unwrap_or(USUAL_WAIT);
        let asked = call.desktop.arrange_window(&self.window, &wanted, wait);
        Ok(Answer::of(&call.ask(asked).await?))
    }
}

impl Shown for Arranged {
    /// The outcome of a window, in a line.
    fn text(&self) -> String {
        let done = if self.done { "done" } else { "not done" };
        let now = match (&self.window, self.state) {
            (Some(window), Some(state)) => format!("{} {state}", window.rect()),
            _ => "the window is gone".to_owned(),
        };
        format!("{done}: {now}\n")
    }

    fn exit(&self) -> Exit {
        if self.done {
            Exit::Passed
        } else {
            Exit::Failed
        }
    }
}
