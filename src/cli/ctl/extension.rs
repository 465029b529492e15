//! What a desktop can do beside the protocol.

use std::time::Duration;

use clap::Subcommand;

use super::{
    Answer, Call, Fault,
    save::{OutputPath, Source},
};
use crate::{
    cli::value::{clipboard, duration, region, variable},
    desktop::wire::ExecuteRequest,
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
            Self::Extensions => Answer::Extensions(call.ask(call.desktop.extensions()).await?),
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
                Answer::Executed(call.ask(call.desktop.execute(&request)).await?)
            }
            Self::ReadClipboard { selection } => {
                Answer::Clipboard(call.ask(call.desktop.read_clipboard(*selection)).await?)
            }
            Self::WriteClipboard { text, selection } => {
                let writing = call.desktop.write_clipboard(*selection, text);
                call.ask(writing).await?;
                Answer::Done
            }
            Self::Damage {
                since,
                wait,
                region,
            } => Answer::Damage(
                call.ask(
                    call.desktop
                        .damage(*region, *since, wait.unwrap_or_default()),
                )
                .await?,
            ),
            Self::Stack => Answer::Stack(call.ask(call.desktop.stack(None)).await?),
            Self::Calm { region } => Answer::Calm(call.ask(call.desktop.calm(*region)).await?),
            Self::Frame { file, region } => {
                file.check()?;
                let frame = call.ask(call.desktop.frame(*region)).await?;
                let Size { width, height } = frame.size();
                let mut bytes = format!("P6\n{width} {height}\n255\n").into_bytes();
                bytes.extend_from_slice(frame.bytes());
                Answer::Media {
                    bytes,
                    to: file.clone(),
                    mime_type: "image/x-portable-pixmap",
                }
            }
            Self::ReadFile { path, file } => {
                file.check()?;
                Answer::Media {
                    bytes: call.ask(call.desktop.read_file(path)).await?,
                    to: file.clone(),
                    mime_type: "application/octet-stream",
                }
            }
            Self::WriteFile { file, path } => {
                let bytes = file.read()?;
                call.ask(call.desktop.write_file(path, &bytes)).await?;
                Answer::Done
            }
        })
    }
}

/// Rounded up: a command gets no less time than is asked for.
const fn whole_seconds(limit: Duration) -> u64 {
    limit.as_secs() + (limit.subsec_nanos() > 0) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_gets_no_less_time_than_is_asked_for() {
        assert_eq!(whole_seconds(Duration::from_millis(500)), 1);
        assert_eq!(whole_seconds(Duration::from_secs(2)), 2);
    }
}
