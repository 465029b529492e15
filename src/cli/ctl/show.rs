//! What the methods answer, as text for people and as the protocol's JSON.

use serde::Serialize;
use serde_json::json;

use super::{find, reading, save::OutputPath, widget, window};
use crate::{
    cli::Exit,
    desktop::wire::{
        Arranged, Calm, Clicked, ClipboardContent, Damage, DisplayInfo, Done, ExecuteResult,
        Extensions, Health, Items, Layer, Position, ProcessErrors, ProcessInfo, ProcessLogs,
        ProcessRestart, ProcessStatusList, ProcessesState, RecordedFrames, RecordingStatus,
        RecordingSummary, Stack, Widget, WidgetTrees, WidgetsFound, Window,
    },
    executor::Sightings,
    geometry::{Point, Rect},
    vision::Reading,
};

/// What a method answers.
#[derive(Debug)]
pub(super) enum Answer {
    Url(String),
    Display(DisplayInfo),
    Windows(Vec<Window>),
    /// A picture or a video, and where it goes.
    Media {
        bytes: Vec<u8>,
        to: OutputPath,
        mime_type: &'static str,
    },
    /// A video that is where it goes already.
    Saved {
        size: u64,
        to: OutputPath,
        mime_type: &'static str,
    },
    Position(Point),
    Clicked(Clicked),
    /// It was done, and there is nothing to tell.
    Done,
    Recording(RecordingStatus),
    Recordings(Vec<RecordingSummary>),
    Summary(RecordingSummary),
    Health(bool),
    Processes(ProcessStatusList),
    Process(ProcessInfo),
    Restart(ProcessRestart),
    Logs(ProcessLogs),
    Errors(ProcessErrors),
    /// One of many: it takes one line.
    Event(ProcessStatusList),
    Extensions(Extensions),
    Executed(ExecuteResult),
    Clipboard(ClipboardContent),
    Damage(Damage),
    Stack(Stack),
    Calm(Calm),
    Arranged(Arranged),
    Texts(Vec<Reading>),
    Sightings(Sightings),
    Widgets(WidgetTrees),
    WidgetsFound(WidgetsFound),
    Widget(Box<Widget>),
}

impl Answer {
    /// How the program ends after this answer.
    pub(super) const fn exit(&self) -> Exit {
        match self {
            Self::Health(false) => Exit::Failed,
            Self::Sightings(sightings) if sightings.meant.is_none() => Exit::Failed,
            Self::WidgetsFound(found) if found.items.is_empty() => Exit::Failed,
            Self::Executed(result) if result.exit_code != 0 => Exit::Failed,
            Self::Arranged(arranged) if !arranged.done => Exit::Failed,
            _ => Exit::Passed,
        }
    }

    /// One line with the JSON document that the desktop API has for it.
    pub(super) fn json(&self) -> String {
        let document = match self {
            Self::Url(url) => json!({"url": url}).to_string(),
            Self::Display(info) => document(info),
            Self::Windows(items) => document(&Items {
                items: items.clone(),
            }),
            Self::Media {
                bytes,
                to,
                mime_type,
            } => {
                let (file, size) = (to.name(), bytes.len());
                json!({"file": file, "mime_type": mime_type, "size_bytes": size}).to_string()
            }
            Self::Saved {
                size,
                to,
                mime_type,
            } => {
                let file = to.name();
                json!({"file": file, "mime_type": mime_type, "size_bytes": size}).to_string()
            }
            Self::Texts(texts) => reading::document(texts),
            Self::Position(point) => document(&Position::from(*point)),
            Self::Clicked(clicked) => document(clicked),
            Self::Done => document(&Done {
                ok: true,
                reached: None,
            }),
            Self::Recording(recording) => document(recording),
            Self::Recordings(items) => document(&Items {
                items: items.clone(),
            }),
            Self::Summary(recording) => document(recording),
            Self::Health(ok) => document(&Health { ok: *ok }),
            Self::Processes(list) | Self::Event(list) => document(list),
            Self::Process(process) => document(process),
            Self::Restart(restart) => document(restart),
            Self::Logs(logs) => document(logs),
            Self::Errors(errors) => document(errors),
            Self::Extensions(extensions) => document(extensions),
            Self::Executed(result) => document(result),
            Self::Clipboard(content) => document(content),
            Self::Damage(damage) => document(damage),
            Self::Stack(stack) => document(stack),
            Self::Calm(calm) => document(calm),
            Self::Arranged(arranged) => document(arranged),
            Self::Sightings(sightings) => find::document(sightings),
            Self::Widgets(trees) => document(trees),
            Self::WidgetsFound(found) => document(found),
            Self::Widget(widget) => document(widget),
        };
        format!("{document}\n")
    }

    /// What a person wants to know, in whole lines; nothing if that is nothing.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Url(url) => format!("{url}\n"),
            Self::Display(info) => format!("{} {}\n", plain(&info.display), info.size()),
            Self::Windows(windows) => table(&WINDOW_HEAD, windows.iter().map(window)),
            Self::Media { bytes, to, .. } => format!("{}: {} bytes", to.name(), bytes.len()),
            Self::Saved { size, to, .. } => format!("{}: {size} bytes", to.name()),
            Self::Texts(texts) => table(&reading::HEAD, texts.iter().map(reading::row)),
            Self::Position(point) => format!("{point}\n"),
            Self::Clicked(clicked) => format!("{}\n", clicked.point()),
            Self::Done => String::new(),
            Self::Recording(recording) if recording.id.is_empty() => "no recording\n".to_owned(),
            Self::Recording(recording) => pairs(&recording_status(recording)),
            Self::Recordings(list) => table(&RECORDING_HEAD, list.iter().map(summary)),
            Self::Summary(recording) => {
                let values = summary(recording);
                let names = RECORDING_HEAD.map(str::to_lowercase);
                let each: Vec<_> = names.iter().map(String::as_str).zip(values).collect();
                pairs(&each)
            }
            Self::Health(ok) => if *ok { "ok\n" } else { "not ok\n" }.to_owned(),
            Self::Processes(list) => {
                let head = format!(
                    "{} ({} of {})\n",
                    word(list.status),
                    list.running,
                    list.total
                );
                head + &table(&PROCESS_HEAD, list.items.iter().map(process_row))
            }
            Self::Process(process) => pairs(&process_pairs(process)),
            Self::Restart(restart) => {
                let message = format!("{}\n", plain(&restart.message));
                message + &pairs(&process_pairs(&restart.status))
            }
            Self::Logs(ProcessLogs { logs: text, .. })
            | Self::Errors(ProcessErrors { errors: text, .. }) => text.clone(),
            Self::Event(list) => event(list),
            // Byte for byte: it may be meant for a file.
            Self::Clipboard(content) => content.text.clone().unwrap_or_default(),
            Self::Sightings(sightings) => find::text(sightings),
            Self::Widgets(trees) => widget::tree(trees),
            Self::WidgetsFound(found) => table(&widget::HEAD, widget::rows(found)),
            Self::Widget(it) => table(&widget::HEAD, [widget::row(it)].into_iter()),
            Self::Damage(damage) => {
                let changed = damage.changed.map(|rect| format!(" {rect}"));
                format!("{}{}\n", damage.revision, changed.unwrap_or_default())
            }
            Self::Calm(calm) => {
                let unpainted = if calm.painted {
                    ""
                } else {
                    ", but a window has not painted anything yet"
                };
                format!("nothing drawn for {} ms{unpainted}\n", calm.still)
            }
            Self::Stack(stack) => {
                let hidden = stack.hidden.iter().map(|hidden| {
                    let why = hidden.why.words().to_owned();
                    [hidden.id.clone(), String::new(), String::new(), why]
                });
                let layers = stack.layers.iter().map(|layer| self::layer(layer, stack));
                table(&LAYER_HEAD, layers.chain(hidden))
            }
            Self::Arranged(arranged) => window::text(arranged),
            Self::Extensions(extensions) => lines(&extensions.items),
            Self::Executed(result) => {
                format!("the command ended with exit status {}", result.exit_code)
            }
        }
    }
}

/// The types of the protocol always have a JSON form.
fn document(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

const WINDOW_HEAD: [&str; 8] = [
    "ID",
    "WORKSPACE",
    "PID",
    "PLACE",
    "SIZE",
    "FOCUS",
    "CLASS",
    "TITLE",
];

fn window(window: &Window) -> [String; 8] {
    [
        window.id.clone(),
        window.desktop.to_string(),
        window.pid.to_string(),
        window.rect().corner().to_string(),
        window.rect().size().to_string(),
        if window.focused { "yes" } else { "" }.to_owned(),
        window.class.clone(),
        window.title.clone(),
    ]
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

const RECORDING_HEAD: [&str; 5] = ["ID", "ACTIVE", "BYTES", "CREATED", "FILE"];

fn summary(recording: &RecordingSummary) -> [String; 5] {
    [
        recording.id.clone(),
        yes_or_no(recording.active),
        recording.size_bytes.to_string(),
        recording.created_at.clone(),
        recording.file_name.clone(),
    ]
}

fn recording_status(recording: &RecordingStatus) -> Vec<(&'static str, String)> {
    let mut pairs = vec![
        ("id", recording.id.clone()),
        ("active", yes_or_no(recording.active)),
        ("started", recording.started_at.clone().unwrap_or_default()),
        ("stopped", recording.stopped_at.clone().unwrap_or_default()),
        ("display", recording.display.clone()),
        ("resolution", recording.resolution.clone()),
        ("file", recording.file_name.clone()),
    ];
    if let Some(RecordedFrames { recorded, dropped }) = recording.frames {
        pairs.push(("frames", format!("{recorded}, {dropped} dropped")));
    }
    pairs
}

const PROCESS_HEAD: [&str; 3] = ["NAME", "STATE", "PID"];

fn process_row(process: &ProcessInfo) -> [String; 3] {
    [process.name.clone(), state(process), pid(process)]
}

fn process_pairs(process: &ProcessInfo) -> [(&'static str, String); 5] {
    [
        ("name", process.name.clone()),
        ("state", state(process)),
        ("pid", pid(process)),
        ("stdout", process.stdout_log.clone()),
        ("stderr", process.stderr_log.clone()),
    ]
}

fn state(process: &ProcessInfo) -> String {
    if process.running {
        "running"
    } else {
        "stopped"
    }
    .to_owned()
}

fn pid(process: &ProcessInfo) -> String {
    process.pid.map(|pid| pid.to_string()).unwrap_or_default()
}

fn yes_or_no(is: bool) -> String {
    if is { "yes" } else { "no" }.to_owned()
}

/// `degraded (3 of 4): not novnc`.
fn event(list: &ProcessStatusList) -> String {
    let stopped = list.items.iter().filter(|process| !process.running);
    let stopped: Vec<&str> = stopped.map(|process| process.name.as_str()).collect();
    let stopped = match stopped.join(", ") {
        none if none.is_empty() => none,
        names => format!(": not {}", plain(&names)),
    };
    let (status, running, total) = (word(list.status), list.running, list.total);
    format!("{status} ({running} of {total}){stopped}\n")
}

const fn word(state: ProcessesState) -> &'static str {
    match state {
        ProcessesState::Running => "running",
        ProcessesState::Degraded => "degraded",
        ProcessesState::Stopped => "stopped",
        ProcessesState::Other => "unknown",
    }
}

fn lines(items: &[String]) -> String {
    items.iter().map(|item| plain(item) + "\n").collect()
}

/// Names and values, one a line; those without a value are left out.
fn pairs(pairs: &[(&str, String)]) -> String {
    let width = pairs.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let with_value = pairs.iter().filter(|(_, value)| !value.is_empty());
    let line = |(name, value): &(&str, String)| format!("{name:width$}  {}\n", plain(value));
    with_value.map(line).collect()
}

/// Columns below their heads, each as wide as its widest cell.
fn table<const N: usize>(head: &[&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    let rows: Vec<[String; N]> = rows.map(|row| row.map(|cell| plain(&cell))).collect();
    let heads = head.map(str::to_owned);
    let all = || std::iter::once(&heads).chain(&rows);
    let mut widths = [0; N];
    for row in all() {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let line = |row: &[String; N]| {
        let cells = row.iter().zip(widths);
        let cells: Vec<String> = cells
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        format!("{}\n", cells.join("  ").trim_end())
    };
    all().map(line).collect()
}

/// A program on the desktop chooses its window's title; it must not steer the
/// terminal or begin a line of its own.
fn plain(text: &str) -> String {
    text.replace(char::is_control, " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn process(name: &str, pid: Option<u32>) -> ProcessInfo {
        ProcessInfo {
            name: name.to_owned(),
            running: pid.is_some(),
            pid,
            stdout_log: format!("/log/{name}.out"),
            stderr_log: format!("/log/{name}.err"),
        }
    }

    fn processes() -> ProcessStatusList {
        ProcessStatusList::new(vec![process("xvfb", Some(12)), process("novnc", None)])
    }

    #[test]
    fn windows_are_a_table_that_no_title_can_disturb() {
        let terminal = Window {
            id: "0x04000007".to_owned(),
            pid: 7,
            x: -3,
            width: 640,
            height: 480,
            class: "xterm.XTerm".to_owned(),
            title: "\u{1b}[2Jone\ntwo".to_owned(),
            focused: true,
            ..Window::default()
        };
        let drawn = Answer::Windows(vec![terminal, Window::default()]).text();
        assert_eq!(
            drawn,
            "ID          WORKSPACE  PID  PLACE  SIZE     FOCUS  CLASS        TITLE\n\
             0x04000007  0          7    -3,0   640x480  yes    xterm.XTerm   [2Jone two\n\
             \u{20}           0          0    0,0    0x0\n"
        );
    }

    #[test]
    fn processes_are_a_table_below_their_sum() {
        assert_eq!(
            Answer::Processes(processes()).text(),
            "degraded (1 of 2)\n\
             NAME   STATE    PID\n\
             xvfb   running  12\n\
             novnc  stopped\n"
        );
    }

    #[test]
    fn an_event_takes_one_line_in_either_form() {
        let event = Answer::Event(processes());
        assert_eq!(event.text(), "degraded (1 of 2): not novnc\n");
        assert_eq!(event.json().lines().count(), 1);
        let all = ProcessStatusList::new(vec![process("xvfb", Some(12))]);
        assert_eq!(Answer::Event(all).text(), "running (1 of 1)\n");
    }

    #[test]
    fn one_thing_is_names_and_values() {
        assert_eq!(
            Answer::Process(process("novnc", None)).text(),
            "name    novnc\n\
             state   stopped\n\
             stdout  /log/novnc.out\n\
             stderr  /log/novnc.err\n"
        );
    }

    #[test]
    fn recordings_are_a_table_and_one_is_its_row() {
        let recording = RecordingSummary {
            id: "rec_1".to_owned(),
            file_name: "rec_1.mp4".to_owned(),
            download: String::new(),
            mime_type: String::new(),
            size_bytes: 4096,
            created_at: "2026-01-02T03:04:05Z".to_owned(),
            active: false,
        };
        assert_eq!(
            Answer::Recordings(vec![recording.clone()]).text(),
            "ID     ACTIVE  BYTES  CREATED               FILE\n\
             rec_1  no      4096   2026-01-02T03:04:05Z  rec_1.mp4\n"
        );
        let one = Answer::Summary(recording).text();
        assert!(one.starts_with("id       rec_1\nactive   no\n"), "{one}");
    }

    #[test]
    fn json_is_the_protocols_own() {
        for (answer, expected) in [
            (Answer::Windows(Vec::new()), r#"{"items":[]}"#),
            (Answer::Position(Point::new(3, 4)), r#"{"x":3,"y":4}"#),
            (Answer::Done, r#"{"ok":true}"#),
            (Answer::Health(false), r#"{"ok":false}"#),
        ] {
            assert_eq!(answer.json(), format!("{expected}\n"));
        }
    }

    #[test]
    fn what_failed_on_the_desktop_is_told_by_the_exit_status() {
        let ended = |exit_code| {
            Answer::Executed(ExecuteResult {
                exit_code,
                ..ExecuteResult::default()
            })
        };
        assert_eq!(ended(0).exit(), Exit::Passed);
        assert_eq!(ended(7).exit(), Exit::Failed);
        assert_eq!(Answer::Health(false).exit(), Exit::Failed);
        assert_eq!(Answer::Health(true).exit(), Exit::Passed);
    }
}
