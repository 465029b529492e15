//! Widgets of a desktop that does not report them, but runs commands: a script in Python
//! asks its programs, and we make widgets of what they answer.

mod facts;

use std::time::Duration;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde::Serialize;

use self::facts::{Facts, Read};
use super::{
    Desktop, DesktopError, Result,
    atspi::{self, AtspiRole, Reference, Search, Windows},
    bounds,
    error::Refused,
    wire::{
        ExecuteRequest, Extensions, Scope, Stack, Widget, WidgetQuery, WidgetTrees, WidgetsFound,
        limits,
        operation::{self, Operation},
    },
};
use crate::widget::Role;

/// Which runs in the desktop's session.
const SCRIPT: &str = include_str!("reader.py");

/// The system's own Python is the one that has `gi`.
const PYTHON: &str = "python=/usr/bin/python3; [ -x $python ] || python=python3; ";

/// How long the script may take until it is killed: it ends sooner on its own.
const LONGEST: Duration = Duration::from_secs(30);

/// No more widgets are read of one program.
const MOST: usize = 5000;

/// The exit status of a shell for a program that does not exist.
const NO_PROGRAM: i32 = 127;

/// What is wanted of the script.
#[derive(Debug, Default, Serialize)]
struct Wanted {
    /// Whether programs are only told to report their widgets, and nothing is read.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    probe: bool,
    /// The processes whose programs are read; none is all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pids: Option<Vec<u32>>,
    /// A widget to scroll to before anything is read: its program, and its path there.
    #[serde(skip_serializing_if = "Option::is_none")]
    reveal: Option<(String, String)>,
    /// Those whose names are wanted.
    processes: Vec<u32>,
    deepest: usize,
    most: usize,
    at_once: usize,
    longest: i32,
    /// Roles of widgets that labels name, and of labels.
    labelled: Vec<u32>,
    label: u32,
    /// Roles of widgets with a text, and of the one whose text is a secret.
    written: Vec<u32>,
    password: u32,
    /// Roles of widgets with a number.
    numbers: Vec<u32>,
    /// Roles of widgets in which something is chosen.
    choosing: Vec<u32>,
}

/// Whether the programs of a desktop can be asked with commands.
#[derive(Clone, Debug)]
pub(super) enum Way {
    /// They can be.
    Commands {
        /// Whether it reports the stacking order.
        has_stack: bool,
    },
    /// They cannot, because it lacks this.
    None(String),
}

/// Finds out whether a desktop that announces these extensions has what the script needs,
/// and has its programs report their widgets from now on.
pub(super) async fn probe(desktop: &dyn Desktop, announced: &Extensions) -> Result<Way> {
    let wanted = Wanted {
        probe: true,
        ..Wanted::default()
    };
    Ok(match run(desktop, &wanted).await?.lacks {
        Some(lacks) => Way::None(lacks),
        None => Way::Commands {
            has_stack: announced.has(Extensions::STACK),
        },
    })
}

/// The widgets of a scope, as trees.
pub(super) async fn trees(
    desktop: &dyn Desktop,
    scope: &Scope,
    has_stack: bool,
) -> Result<WidgetTrees> {
    let windows = windows(desktop, has_stack).await?;
    let read = read(desktop, (scope, &operation::WIDGETS), &windows, None).await?;
    let mut items = Vec::new();
    for window in &read.windows {
        items.extend(atspi::whole(&read.answered, window, &windows).await);
    }
    Ok(WidgetTrees {
        items,
        unreadable: read.unreadable,
    })
}

/// The widgets that match, or the nearest ones.
pub(super) async fn find(
    desktop: &dyn Desktop,
    query: &WidgetQuery,
    has_stack: bool,
) -> Result<WidgetsFound> {
    let wanted = bounds::widget(query)?;
    let windows = windows(desktop, has_stack).await?;
    let asked = (&query.scope, &operation::FIND_WIDGETS);
    let read = read(desktop, asked, &windows, None).await?;
    let search = Search {
        scope: &query.scope,
        wanted,
        hidden: query.hidden,
        near: query.near,
    };
    let (items, near) = atspi::found(&read.answered, &read.windows, &search, &windows).await;
    Ok(WidgetsFound {
        items,
        near,
        unreadable: read.unreadable,
    })
}

/// Scrolls to a widget, if its program can do that; returns where it is then.
pub(super) async fn reveal(desktop: &dyn Desktop, id: &str, has_stack: bool) -> Result<Widget> {
    let of = &operation::REVEAL_WIDGET;
    let reference = Reference::of_id(id).ok_or_else(|| unknown(of, "widget"))?;
    let windows = windows(desktop, has_stack).await?;
    let scope = Scope::Widget(id.to_owned());
    let read = read(desktop, (&scope, of), &windows, Some(reference)).await?;
    let Some(window) = read.windows.first() else {
        return Err(unknown(of, "widget"));
    };
    Ok(atspi::describe(&read.answered, window, window.top, &windows).await)
}

/// Reads the windows of a scope, which `of` asks for.
async fn read(
    desktop: &dyn Desktop,
    (scope, of): (&Scope, &Operation),
    windows: &Windows,
    reveal: Option<Reference>,
) -> Result<Read> {
    let listed = &windows.listed;
    let only = match scope {
        Scope::Window(id) => {
            let is_listed = listed.iter().any(|window| window.id == *id);
            if !is_listed && windows.stack.layer(id).is_none() {
                return Err(unknown(of, "window"));
            }
            Some(id.as_str())
        }
        Scope::Focused => match &windows.stack.focus {
            Some(id) => Some(id.as_str()),
            None => return Ok(Read::default()),
        },
        Scope::All | Scope::Widget(_) => None,
    };
    let pids = listed
        .iter()
        .filter_map(|window| u32::try_from(window.pid).ok());
    let wanted = Wanted {
        reveal: reveal.map(|it| (it.program, it.path)),
        pids: only
            .map(|only| of_window(windows, only))
            .filter(|pids| !pids.is_empty()),
        processes: pids.filter(|pid| *pid > 0).collect(),
        ..Wanted::all()
    };
    let facts = run(desktop, &wanted).await?;
    if let Some(lacks) = facts.lacks {
        return Err(DesktopError::NoWidgets { lacks });
    }
    let mut read = facts.trees(windows, only);
    if let Scope::Widget(id) = scope {
        let wanted = Reference::of_id(id).ok_or_else(|| unknown(of, "widget"))?;
        read.windows = read
            .windows
            .into_iter()
            .filter_map(|mut window| {
                let mut nodes = window.tree.nodes.iter();
                window.top = nodes.position(|node| node.reference == wanted)?;
                Some(window)
            })
            .take(1)
            .collect();
        // What does not answer may have it.
        if read.windows.is_empty() && !read.unreadable.iter().any(|program| program.silent) {
            return Err(unknown(of, "widget"));
        }
    }
    Ok(read)
}

/// The processes that a window, or a popup, may be of; none where that is not known.
fn of_window(windows: &Windows, only: &str) -> Vec<u32> {
    let mut pids = Vec::new();
    for window in &windows.listed {
        match u32::try_from(window.pid) {
            Ok(0) | Err(_) => return Vec::new(),
            Ok(pid) if windows.may_be_of(only, pid) => pids.push(pid),
            Ok(_) => {}
        }
    }
    pids
}

/// What is known of the windows.
async fn windows(desktop: &dyn Desktop, has_stack: bool) -> Result<Windows> {
    let listed = desktop.windows().await?;
    let stack = if has_stack {
        desktop.stack(None).await?
    } else {
        let focused = listed.iter().find(|window| window.focused);
        Stack {
            focus: focused.map(|window| window.id.clone()),
            ..Stack::default()
        }
    };
    Ok(Windows {
        listed,
        stack,
        shadows: Vec::new(),
    })
}

/// What the script prints.
async fn run(desktop: &dyn Desktop, wanted: &Wanted) -> Result<Facts> {
    let asked = serde_json::to_string(wanted).map_err(|error| bad(error.to_string()))?;
    let quote = |text: &str| format!("'{}'", text.replace('\'', r"'\''"));
    let request = ExecuteRequest {
        command: format!(
            "{PYTHON}exec $python -c {} {}",
            quote(SCRIPT),
            quote(&asked)
        ),
        timeout: Some(LONGEST.as_secs()),
        ..ExecuteRequest::default()
    };
    let ended = desktop.execute(&request).await?;
    if ended.exit_code == NO_PROGRAM {
        let mut nothing = Facts::default();
        nothing.lacks = Some("python3 with gi (the Debian package python3-gi)".to_owned());
        return Ok(nothing);
    }
    if ended.exit_code != 0 {
        let last = ended.stderr.trim_end().lines().last().unwrap_or_default();
        return Err(bad(format!("it ended with {}: {last}", ended.exit_code)));
    }
    facts(&ended.stdout).map_err(bad)
}

fn facts(printed: &str) -> std::result::Result<Facts, String> {
    let printed = printed.trim();
    let packed = BASE64_STANDARD
        .decode(printed)
        .map_err(|error| error.to_string())?;
    let text = fdeflate::decompress_to_vec_bounded(&packed, limits::ANSWER);
    let text = text.map_err(|_| "its output cannot be unpacked".to_owned())?;
    serde_json::from_slice(&text).map_err(|error| error.to_string())
}

fn bad(problem: String) -> DesktopError {
    DesktopError::Answer {
        call: "the command that reads widgets".to_owned(),
        problem,
    }
}

fn unknown(of: &Operation, what: &str) -> DesktopError {
    let refused = Refused {
        status: 404,
        call: of.to_string(),
        message: format!("there is no such {what}"),
        ..Refused::default()
    };
    Box::new(refused).into()
}

impl Wanted {
    /// All widgets, with all that is asked about them.
    fn all() -> Self {
        let labelled = Role::NAMES.into_iter().filter_map(Role::from_name);
        let labelled: Vec<Role> = labelled.filter(|role| atspi::is_labelled(*role)).collect();
        let numbers = [
            Role::Progressbar,
            Role::Scrollbar,
            Role::Slider,
            Role::Spinbutton,
        ];
        Self {
            deepest: atspi::DEEPEST,
            most: MOST,
            at_once: atspi::AT_ONCE,
            longest: atspi::LONGEST,
            labelled: numbers_of(&labelled),
            label: AtspiRole::LABEL.0,
            written: numbers_of(&[Role::Textbox]),
            password: AtspiRole::PASSWORD.0,
            numbers: numbers_of(&numbers),
            choosing: numbers_of(&[Role::Combobox]),
            ..Self::default()
        }
    }
}

/// The roles of AT-SPI that are these, or may be.
fn numbers_of(roles: &[Role]) -> Vec<u32> {
    let all = roles.iter().flat_map(|role| AtspiRole::all_of(*role));
    all.map(|role| role.0).collect()
}
