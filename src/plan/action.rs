//! What a step does, with every value in place.

use std::{path::PathBuf, time::Duration};

use super::{Check, Step, Target, Text};
pub use crate::scenario::verb::PROCESSES;
use crate::{
    geometry::{Rect, Size},
    input::{Button, Chord, Direction, Key},
    vision::Limits,
};

/// What a step does.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Waits until the desktop is ready.
    WaitReady,
    /// Starts a program in the desktop's session and goes on.
    Launch(Command),
    /// Runs a command on the desktop's machine and waits for its end.
    Run(Run),
    /// Presses and lets go a button of the pointer.
    Click {
        /// Where; `None` is where the pointer is.
        at: Option<Target>,
        /// With which button.
        button: Button,
        /// How often, 1 to 3.
        count: u32,
        /// Keys that are held down meanwhile.
        modifiers: Vec<Key>,
    },
    /// Moves the pointer.
    Move {
        /// Where to.
        to: Target,
    },
    /// Moves the pointer with a button held down.
    Drag {
        /// From where; `None` is where the pointer is.
        from: Option<Box<Target>>,
        /// Where to.
        to: Box<Target>,
        /// With which button.
        button: Button,
        /// Keys that are held down meanwhile.
        modifiers: Vec<Key>,
    },
    /// Turns the wheel.
    Scroll {
        /// Where; `None` is where the pointer is.
        at: Option<Target>,
        /// Which way.
        direction: Direction,
        /// By how many notches, 1 to 100.
        amount: u32,
    },
    /// Types a text.
    Type {
        /// The text, which may have several lines.
        text: Text,
        /// The pause behind each character; `None` is as fast as it goes.
        speed: Option<Duration>,
        /// Whether to look at what arrived.
        verify: bool,
    },
    /// Presses one key.
    Press {
        /// Which one.
        key: Key,
        /// How often, 1 to 100.
        times: u32,
    },
    /// Presses several keys together.
    Hotkey {
        /// Which ones.
        chord: Chord,
    },
    /// Waits for something on the screen.
    Wait(Box<Wait>),
    /// Says what must hold now.
    Assert(Assert),
    /// Keeps a picture of the screen.
    Screenshot {
        /// Its name, safe as a file name.
        name: String,
        /// The part of the screen; `None` is all of it.
        region: Option<Rect>,
    },
    /// Compares the screen with a baseline.
    ScreenshotAssert(Box<ScreenshotAssert>),
    /// Starts or stops a recording.
    Record(Record),
    /// Gives the screen another size.
    Resize {
        /// The size.
        size: Size,
    },
    /// Ends a process of the desktop and starts it again.
    Restart {
        /// Its name, one of [`PROCESSES`].
        process: String,
    },
    /// Copies a file to the desktop's machine.
    Upload {
        /// A file of this machine, which was there when the plan was made.
        from: PathBuf,
        /// Where it goes.
        to: Text,
    },
    /// Copies a file from the desktop's machine among the artifacts.
    Download {
        /// The file.
        from: Text,
        /// Its name there, safe as a file name.
        to: String,
    },
    /// Plays one of two lists of steps.
    If {
        /// What decides.
        condition: Condition,
        /// Played if it holds.
        then: Vec<Step>,
        /// Played otherwise.
        otherwise: Vec<Step>,
    },
    /// Plays steps until something holds, which is looked at before each round.
    RepeatUntil {
        /// What ends it.
        condition: Condition,
        /// The most rounds; the step fails if it does not hold behind them.
        most: u32,
        /// What is played in each round.
        steps: Vec<Step>,
    },
    /// Plays steps one after another: those of a `group`, of a used file, of
    /// each entry of a `for-each`.
    Group {
        /// The steps.
        steps: Vec<Step>,
    },
}

impl Action {
    /// The lists of steps inside of it.
    pub fn blocks(&self) -> impl Iterator<Item = &[Step]> {
        let (first, second): (&[Step], &[Step]) = match self {
            Self::If {
                then, otherwise, ..
            } => (then, otherwise),
            Self::RepeatUntil { steps, .. } | Self::Group { steps } => (steps, &[]),
            _ => (&[], &[]),
        };
        [first, second].into_iter()
    }
}

/// A command line with what it is run with.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Command {
    /// The command line for the shell; never with a secret in it, for it stands
    /// in the list of processes.
    pub line: Text,
    /// Variables beside those of the session.
    pub environment: Vec<(String, Text)>,
    /// The folder to run it in; the one that the desktop was started in otherwise.
    pub folder: Option<Text>,
}

/// A command that is waited for, and what must come of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// The command.
    pub command: Command,
    /// The status it has to end with; `None` is any.
    pub exit_code: Option<i32>,
    /// What it has to write to stdout.
    pub stdout: Vec<Check>,
    /// What it has to write to stderr.
    pub stderr: Vec<Check>,
}

/// What to wait for, all of it together; at least one thing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wait {
    /// A time that simply passes.
    pub pause: Option<Duration>,
    /// Until this is there, or is gone.
    pub sight: Option<Sight>,
    /// Until the picture has stayed the same for so long.
    pub stable: Option<Duration>,
    /// Until the picture has changed since the step began.
    pub changed: bool,
    /// The part of the screen in which changes count.
    pub watched: Watched,
}

/// The part of the screen in which changes count, and which changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Watched {
    /// The part; `None` is all of the screen.
    pub region: Option<Rect>,
    /// What does not count, in pixels of the screen.
    pub mask: Vec<Rect>,
    /// How many pixels the largest connected patch of changed ones has to
    /// exceed: a caret is small.
    pub max_cluster: u64,
}

/// A target that has to be there, or has to be gone.
#[derive(Clone, Debug, PartialEq)]
pub struct Sight {
    /// What to look for.
    pub target: Target,
    /// Whether it has to be gone.
    pub gone: bool,
}

/// What must hold now.
#[derive(Clone, Debug, PartialEq)]
pub enum Assert {
    /// A target is there, or is not.
    Sight(Sight),
    /// A process runs, or does not.
    Process {
        /// One of [`PROCESSES`], or the name of a program on the desktop's
        /// machine.
        name: String,
        /// Whether it has to be gone.
        gone: bool,
    },
    /// A command ends and writes as expected.
    Command(Run),
}

/// What decides about a block or a step.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// What was known beforehand.
    Known(bool),
    /// A target is there, or is not, when it is looked at.
    Sight(Sight),
    /// A text is like this.
    Text {
        /// The text.
        value: Text,
        /// What it has to be like, all of them.
        checks: Vec<Check>,
    },
}

/// How the screen is compared with a baseline.
#[derive(Clone, Debug, PartialEq)]
pub struct ScreenshotAssert {
    /// The name of the baseline, safe as a file name: `<name>.png` in the
    /// plan's folder of baselines.
    pub baseline: String,
    /// The part of the screen that counts, never empty; `None` is all of it.
    pub region: Option<Rect>,
    /// What does not count, in pixels of the screen (not of the region).
    pub mask: Vec<Rect>,
    /// How much may differ.
    pub limits: Limits,
}

/// What happens to the recording.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Record {
    /// It starts.
    Start {
        /// Its name, safe as a file name and used once in the scenario.
        name: String,
    },
    /// The one that is running stops.
    Stop,
}
