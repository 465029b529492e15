//! `deskhand ctl METHOD …`: every method of the desktop's client, from the shell.
//!
//! One file for each group of methods; each says what it takes and what it asks
//! of the desktop. What comes back is an [`Answer`], whose type says how it is
//! shown, so that no method prints by itself.

mod extension;
mod find;
mod input;
mod place;
mod process;
mod reading;
mod recording;
mod save;
mod screen;
mod show;
#[cfg(test)]
mod tests;
mod widget;
mod window;

use std::{io, path::Path, time::Duration};

use clap::Subcommand;

use self::{
    save::OutputPath,
    show::{Answer, Shown, Way},
};
use super::{
    Exit, ProcessEnvironment, complain,
    say::{self, Printed, Reader},
    tell,
    value::{Secret, duration},
};
use crate::{
    desktop::{self, Desktop, DesktopClient, DesktopError},
    whole,
};

/// Where help texts list the options that every method takes.
const HEADING: &str = "Options of every method";

const EXAMPLES: &str = "\
Examples:
  deskhand ctl windows
  deskhand ctl screenshot now.png
  deskhand ctl click 640 400 --button right
  deskhand ctl hotkey ctrl+s
  deskhand ctl find '{ image: save.png, threshold: 85% }'
  deskhand ctl --json process-status | jq .running

Results go to stdout, everything else to stderr. The exit status is 0 if the call
succeeded, 1 if the desktop is not healthy, a command failed or a target was not found,
2 if the command line is wrong, 4 if the call failed, and 5 if the output could not be
written.";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES, subcommand_value_name = "METHOD", subcommand_help_heading = "Methods")]
pub(super) struct Arguments {
    /// The address of the desktop [env: `DESKHAND_URL`]
    #[arg(long, global = true, value_name = "URL", help_heading = HEADING)]
    url: Option<String>,
    /// The token of the desktop [env: `DESKHAND_TOKEN`]
    #[arg(long, global = true, value_name = "TOKEN", help_heading = HEADING)]
    token: Option<Secret>,
    /// Print the JSON of the desktop API
    #[arg(long, global = true, help_heading = HEADING)]
    json: bool,
    /// How long to wait for an answer, such as 10s or 500ms [default and limit: 5m]
    #[arg(long, global = true, value_name = "DURATION", value_parser = duration, help_heading = HEADING)]
    timeout: Option<Duration>,
    #[command(subcommand)]
    method: Method,
}

#[derive(Debug, Subcommand)]
enum Method {
    /// Print the URL of the desktop API
    DesktopUrl,
    #[command(flatten)]
    Screen(screen::Method),
    /// Print all text on the screen, with the position and certainty of each piece
    ReadText(reading::Arguments),
    #[command(flatten)]
    Input(input::Method),
    #[command(flatten)]
    Recording(recording::Method),
    #[command(flatten)]
    Process(process::Method),
    /// Print the states of the processes, one line at every change and every 2 s
    StatusStream {
        /// End after this many lines
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
        count: Option<u64>,
    },
    #[command(flatten)]
    Extension(extension::Method),
    /// Move, resize, raise or close a window, or change its state; exit status 1 if the
    /// window is different afterwards
    #[command(visible_alias = "window")]
    ArrangeWindow(window::Arguments),
    #[command(flatten)]
    Widget(widget::Method),
    /// Print what a target finds now, and the nearest candidates; exit status 1 if it
    /// finds nothing
    Find(find::Method),
}

/// Why a method did not do its work.
#[derive(Debug, thiserror::Error)]
enum Fault {
    /// The command line asks for something impossible.
    #[error("{0}")]
    Usage(String),
    #[error(transparent)]
    Desktop(#[from] DesktopError),
    /// What the screen shows could not be found out.
    #[error("{0}")]
    Search(String),
    /// It has been reported already.
    #[error("that has been said")]
    Told(Exit),
    #[error("cannot start: {0}")]
    Start(io::Error),
    /// The answer came, but could not be saved.
    #[error("cannot write {place}: {reason}")]
    Write { place: String, reason: io::Error },
    /// The answer came, but could not be written to stdout, which has been reported; or its reader
    /// wants no more.
    #[error("stdout takes no more")]
    Stdout(Exit),
}

impl Fault {
    const fn exit(&self) -> Exit {
        match self {
            Self::Usage(_) | Self::Desktop(DesktopError::Argument { .. }) => Exit::Usage,
            Self::Desktop(_) | Self::Start(_) | Self::Search(_) => Exit::Desktop,
            Self::Write { .. } => Exit::Report,
            Self::Stdout(exit) | Self::Told(exit) => *exit,
        }
    }
}

/// The desktop that a method is called on, and how long it may take.
struct Call<'a> {
    desktop: &'a dyn Desktop,
    url: &'a str,
    timeout: Option<Duration>,
    /// The program that reads text.
    tesseract: Option<&'a Path>,
    /// Where the project's settings are found, and programs that help.
    environment: Option<&'a ProcessEnvironment>,
}

impl Call<'_> {
    /// What the desktop answers, unless it takes too long.
    async fn ask<T>(
        &self,
        question: impl Future<Output = desktop::Result<T>>,
    ) -> Result<T, DesktopError> {
        let Some(timeout) = self.timeout else {
            return question.await;
        };
        let answer = tokio::time::timeout(timeout, question).await;
        answer.unwrap_or_else(|_| {
            Err(DesktopError::Timeout {
                call: format!("the desktop at {}", self.url),
                after: timeout,
            })
        })
    }
}

impl Method {
    /// Does it, and passes every answer on as it comes; only a stream has more than one.
    async fn call(
        &self,
        call: &Call<'_>,
        give: &mut dyn FnMut(Answer) -> Result<Exit, Fault>,
    ) -> Result<Exit, Fault> {
        let answer = match self {
            Self::StatusStream { count } => return process::follow(call, *count, give).await,
            Self::DesktopUrl => Answer::of(&Address {
                url: call.url.to_owned(),
            }),
            Self::Screen(method) => method.call(call).await?,
            Self::ReadText(arguments) => arguments.call(call).await?,
            Self::Input(method) => method.call(call).await?,
            Self::Recording(method) => method.call(call).await?,
            Self::Process(method) => method.call(call).await?,
            Self::Extension(method) => method.call(call).await?,
            Self::ArrangeWindow(arguments) => arguments.call(call).await?,
            Self::Widget(method) => method.call(call).await?,
            Self::Find(method) => method.call(call).await?,
        };
        give(answer)
    }
}

/// Where the desktop is.
#[derive(serde::Serialize)]
struct Address {
    url: String,
}

impl Shown for Address {
    fn text(&self) -> String {
        format!("{}\n", self.url)
    }
}

pub(super) fn run(arguments: &Arguments, environment: &ProcessEnvironment) -> Exit {
    play(arguments, environment).unwrap_or_else(|fault| {
        if !matches!(fault, Fault::Stdout(_) | Fault::Told(_)) {
            complain(&fault.to_string());
        }
        fault.exit()
    })
}

fn play(arguments: &Arguments, environment: &ProcessEnvironment) -> Result<Exit, Fault> {
    let url = arguments.url.as_ref().or(environment.url.as_ref());
    let url = place::address(url.map(String::as_str)).map_err(Fault::Usage)?;
    let given = arguments.token.as_ref().map(Secret::reveal);
    let token = given.or(environment.token.as_deref());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Fault::Start)?;
    let client = DesktopClient::new(url, token)?;
    let tesseract = environment.program_in_path("tesseract");
    let call = Call {
        desktop: &client,
        url: client.desktop_url(),
        timeout: arguments.timeout,
        tesseract: tesseract.as_deref(),
        environment: Some(environment),
    };
    let mut give = |answer: Answer| deliver(&answer, arguments.json);
    runtime.block_on(arguments.method.call(&call, &mut give))
}

/// Prints an answer or saves it in a file; returns how the program ends.
fn deliver(answer: &Answer, json: bool) -> Result<Exit, Fault> {
    match &answer.way {
        Way::Media { bytes, to } => match to {
            OutputPath::Stdout => written(say::exactly(bytes))?,
            OutputPath::File(path) => {
                whole::write(path, bytes).map_err(|reason| Fault::Write {
                    place: path.display().to_string(),
                    reason,
                })?;
                tell_of_file(answer, json)?;
            }
        },
        Way::Saved(OutputPath::Stdout) => {}
        Way::Saved(OutputPath::File(_)) => tell_of_file(answer, json)?,
        Way::Event => {
            let printed = if json {
                say::print_document(&answer.json)
            } else {
                say::print(&answer.text)
            };
            // Nobody wants to wait for the next one either.
            if printed.map_err(Fault::Stdout)? == Reader::Left {
                return Err(Fault::Stdout(Exit::Passed));
            }
        }
        _ if json => written(say::print_document(&answer.json))?,
        Way::Executed(result) => {
            // The output of a command is written unchanged, because it may go to a file.
            written(say::exactly(result.stdout.as_bytes()))?;
            say::exactly_on_stderr(result.stderr.as_bytes());
            if result.exit_code != 0 {
                tell(&answer.text);
            }
        }
        Way::Exactly => written(say::exactly(answer.text.as_bytes()))?,
        Way::Printed => written(say::print(&answer.text))?,
    }
    Ok(answer.exit)
}

/// Says what is in a file, beside stdout unless a program reads it.
fn tell_of_file(answer: &Answer, json: bool) -> Result<(), Fault> {
    if json {
        return written(say::print_document(&answer.json));
    }
    tell(&answer.text);
    Ok(())
}

/// The outcome of printing. A reader that has seen enough is not a failure.
fn written(printed: Printed) -> Result<(), Fault> {
    printed.map(drop).map_err(Fault::Stdout)
}
