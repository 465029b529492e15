//! What a desktop can do in addition to the protocol.

use std::time::Duration;

use clap::Subcommand;

use super::{
    Answer, Call, Fault,
    save::{OutputPath, Source},
    show::{Shown, Way, lines, table},
};
use crate::{
    cli::{
        Exit,
        value::{clipboard, duration, region, variable},
    },
    desktop::wire::{
        Calm, ClipboardContent, Damage, ExecuteRequest, ExecuteResult, Extensions, Layer, Stack,
    },
    geometry::{Rect, Size},
    input::Clipboard,
};

#[derive(Debug, Subcommand)]
pub(super) enum Method {
    /// List the extensions that the desktop offers
    Extensions,
    /// Run a command in the desktop's session; exit status 1 if it fails
    Execute {
        /// The command line, as one argument for /bin/sh -c
        command: String,
        /// The folder to run it in, on the desktop's machine
        #[arg(long, value_name = "DIR")]
        cwd: Option<String>,
        /// An additional environment variable; can be repeated
        #[arg(long = "env", value_name = "NAME=VALUE", value_parser = variable)]
        variables: Vec<(String, String)>,
        /// How long it may run before it is killed, in whole seconds [default: 30s]
        #[arg(long, value_name = "DURATION", value_parser = duration)]
        limit: Option<Duration>,
    },
    /// Print the text on the clipboard
    ReadClipboard {
        /// Which clipboard: `primary` is what was selected last
        #[arg(long, value_name = "WHICH", default_value = "clipboard", value_parser = clipboard())]
        selection: Clipboard,
    },
    /// Put text on the clipboard
    WriteClipboard {
        /// The text
        #[arg(allow_hyphen_values = true)]
        text: String,
        /// Which clipboard: `primary` is what the middle button pastes
        #[arg(long, value_name = "WHICH", default_value = "clipboard", value_parser = clipboard())]
        selection: Clipboard,
    },
    /// Print where something was drawn since a revision of the screen
    Damage {
        /// The revision from an earlier answer; without it, the answer has only the
        /// current one
        #[arg(long, value_name = "N")]
        since: Option<u64>,
        /// How long to wait for something to be drawn, up to 60s [default: not at all]
        #[arg(long, value_name = "DURATION", value_parser = duration)]
        wait: Option<Duration>,
        /// Only in this part of the screen, such as 10,20,300x200
        #[arg(long, value_name = "X,Y,WxH", value_parser = region)]
        region: Option<Rect>,
    },
    /// Print the windows from top to bottom, and which one is focused
    Stack,
    /// Print how long ago something was last drawn, and whether every window has painted
    /// itself
    Calm {
        /// Only in this part of the screen, such as 10,20,300x200
        #[arg(long, value_name = "X,Y,WxH", value_parser = region)]
        region: Option<Rect>,
    },
    /// Save the uncompressed pixels of the screen as a PPM file
    Frame {
        /// Where to write it; `-` is stdout
        #[arg(default_value = "-")]
        file: OutputPath,
        /// Only this part of the screen, such as 10,20,300x200
        #[arg(long, value_name = "X,Y,WxH", value_parser = region)]
        region: Option<Rect>,
    },
    /// Read a file on the desktop's machine
    ReadFile {
        /// The path on the desktop's machine; `~/` is the session's home
        path: String,
        /// Where to write it; `-` is stdout
        #[arg(default_value = "-")]
        file: OutputPath,
    },
    /// Write a file on the desktop's machine, and create missing folders
    WriteFile {
        /// The file to copy; `-` is stdin
        file: Source,
        /// The path on the desktop's machine; `~/` is the session's home
        path: String,
    },
}

impl Method {
    pub(super) async fn call(&self, call: &Call<'_>) -> Result<Answer, Fault> {
        Ok(match self {
            Self::Extensions => Answer::of(&call.ask(call.desktop.extensions()).await?),
            Self::Execute {
                command,
                cwd,
                variables,
                limit,
            } => {
                let variables = variables.iter().cloned().collect();
                let request = ExecuteRequest {
                    command: command.clone(),
                    cwd: cwd.clone(),
                    envs: Some(variables)
                        .filter(|all: &std::collections::BTreeMap<_, _>| !all.is_empty()),
                    timeout: limit.map(whole_seconds),
                };
                let result = call.ask(call.desktop.execute(&request)).await?;
                let answer = Answer::of(&result);
                Answer {
                    way: Way::Executed(result),
                    ..answer
                }
            }
            Self::ReadClipboard { selection } => {
                let content = call.ask(call.desktop.read_clipboard(*selection)).await?;
                Answer {
                    way: Way::Exactly,
                    ..Answer::of(&content)
                }
            }
            Self::WriteClipboard { text, selection } => {
                let writing = call.desktop.write_clipboard(*selection, text);
                call.ask(writing).await?;
                Answer::done()
            }
            Self::Damage {
                since,
                wait,
                region,
            } => {
                let wait = wait.unwrap_or_default();
                let drawn = call.desktop.damage(*region, *since, wait);
                Answer::of(&call.ask(drawn).await?)
            }
            Self::Stack => Answer::of(&call.ask(call.desktop.stack(None)).await?),
            Self::Calm { region } => Answer::of(&call.ask(call.desktop.calm(*region)).await?),
            Self::Frame { file, region } => {
                file.check()?;
                let frame = call.ask(call.desktop.frame(*region)).await?;
                let Size { width, height } = frame.size();
                let mut bytes = format!("P6\n{width} {height}\n255\n").into_bytes();
                bytes.extend_from_slice(frame.bytes());
                Answer::media(bytes, file, "image/x-portable-pixmap")
            }
            Self::ReadFile { path, file } => {
                file.check()?;
                let bytes = call.ask(call.desktop.read_file(path)).await?;
                Answer::media(bytes, file, "application/octet-stream")
            }
            Self::WriteFile { file, path } => {
                let bytes = file.read()?;
                call.ask(call.desktop.write_file(path, &bytes)).await?;
                Answer::done()
            }
        })
    }
}

/// Rounded up: a command gets no less time than is asked for.
const fn whole_seconds(limit: Duration) -> u64 {
    limit.as_secs() + (limit.subsec_nanos() > 0) as u64
}

impl Shown for Extensions {
    fn text(&self) -> String {
        lines(&self.items)
    }
}

impl Shown for ExecuteResult {
    fn text(&self) -> String {
        format!("the command ended with exit status {}", self.exit_code)
    }

    fn exit(&self) -> Exit {
        if self.exit_code == 0 {
            Exit::Passed
        } else {
            Exit::Failed
        }
    }
}

impl Shown for ClipboardContent {
    fn text(&self) -> String {
        self.text.clone().unwrap_or_default()
    }
}

impl Shown for Damage {
    fn text(&self) -> String {
        let changed = self.changed.map(|rect| format!(" {rect}"));
        format!("{}{}\n", self.revision, changed.unwrap_or_default())
    }
}

impl Shown for Calm {
    fn text(&self) -> String {
        let unpainted = if self.painted {
            ""
        } else {
            ", but a window has not painted anything yet"
        };
        format!("nothing drawn for {} ms{unpainted}\n", self.still)
    }
}

impl Shown for Stack {
    fn text(&self) -> String {
        let hidden = self.hidden.iter().map(|hidden| {
            let why = hidden.why.words().to_owned();
            [hidden.id.clone(), String::new(), String::new(), why]
        });
        let layers = self.layers.iter().map(|it| layer(it, self));
        table(&LAYER_HEAD, layers.chain(hidden))
    }
}

const LAYER_HEAD: [&str; 4] = ["ID", "PLACE", "FOCUS", "WHAT"];

fn layer(layer: &Layer, stack: &Stack) -> [String; 4] {
    let place = layer.shape.iter().chain(layer.input.iter().flatten());
    let place = place.copied().reduce(Rect::union).unwrap_or_default();
    let what = match (layer.listed, layer.owners.first()) {
        (true, _) => layer.title.clone(),
        (false, Some(owner)) => format!("a popup of {owner}"),
        (false, None) => "a popup".to_owned(),
    };
    let unpainted = if layer.painted {
        ""
    } else {
        " (not painted yet)"
    };
    let focus = stack.focus.as_ref() == Some(&layer.id);
    [
        layer.id.clone(),
        place.to_string(),
        if focus { "yes" } else { "" }.to_owned(),
        what + unpainted,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_gets_no_less_time_than_is_asked_for() {
        assert_eq!(whole_seconds(Duration::from_millis(500)), 1);
        assert_eq!(whole_seconds(Duration::from_secs(2)), 2);
    }

    #[test]
    fn a_command_that_failed_is_told_by_the_exit_status() {
        let ended = |exit_code| {
            Answer::of(&ExecuteResult {
                exit_code,
                ..ExecuteResult::default()
            })
        };
        assert_eq!(ended(0).exit, Exit::Passed);
        assert_eq!(ended(7).exit, Exit::Failed);
    }
}
