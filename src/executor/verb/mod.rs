//! What each verb does, one file for each.

mod assert;
mod caption;
mod capture;
mod click;
mod clipboard;
mod download;
mod drag;
mod fact;
mod fill;
mod hotkey;
pub(super) mod launch;
mod r#move;
mod press;
mod record;
mod resize;
mod restart;
pub(super) mod run;
mod screenshot;
mod screenshot_assert;
mod scroll;
mod select;
mod tree_assert;
mod r#type;
mod upload;
mod wait;
mod wait_ready;
mod window;

use std::{future::Future, time::Duration};

use tokio::time::{Instant, timeout, timeout_at};

use super::{
    fault::{Breakage, Fault, Mismatch, seconds},
    find,
    focus::Until,
    stage::Stage,
};
use crate::{
    desktop::Desktop,
    event::StepId,
    plan::{Action, Condition, Step},
};

/// How long a desktop may take to say that it still works.
const HEALTHY: Duration = Duration::from_secs(5);

/// What a verb does.
pub(super) trait Play {
    /// Does it; a fault says that it could not, or that what it expects is not the case.
    ///
    /// A verb that waits keeps track of the time itself, because only it can say what it saw last;
    /// the others let [`Turn::limits`] cut them off.
    async fn play(&self, turn: &Turn<'_>, stage: &mut Stage<'_>) -> Result<(), Fault>;
}

/// One step that is played now.
pub(super) struct Turn<'s> {
    pub(super) step: &'s Step,
    pub(super) id: StepId,
    pub(super) deadline: Instant,
    desktop: &'s dyn Desktop,
}

/// Makes `play` of the table of verbs. Blocks are played by whoever plays lists of
/// steps.
macro_rules! verbs {
    ($($Verb:ident),+; blocks $($Block:ident),+) => {
        /// Whether it has steps inside of it, and nothing to play of its own.
        pub(super) const fn is_block(action: &Action) -> bool {
            matches!(action, $(Action::$Block(_))|+)
        }

        /// Plays one step that is not a block.
        pub(super) async fn play(
            step: &Step,
            id: StepId,
            stage: &mut Stage<'_>,
        ) -> Result<(), Fault> {
            let strokes = step.action.verb().strokes();
            // A person works pointer and keyboard; what only looks has its own time.
            let longer = strokes.map_or(Duration::ZERO, |strokes| stage.hand.longer(strokes));
            let turn = Turn {
                step,
                id,
                deadline: Instant::now() + step.timeout + longer,
                desktop: stage.desktop,
            };
            if let Some(capture) = step.capture.as_ref().filter(|_| stage.settings.dry) {
                let name = &capture.name;
                stage.known.capture(name, format!("${{captured.{name}}}"));
            }
            match &step.action {
                $(Action::$Verb(verb) => verb.play(&turn, stage).await,)+
                $(Action::$Block(_) => Ok(()),)+
            }
        }
    };
}

verbs! {
    WaitReady,
    Launch,
    Run,
    Click,
    Move,
    Drag,
    Scroll,
    Type,
    Press,
    Hotkey,
    SetClipboard,
    Fill,
    Select,
    Wait,
    Assert,
    Screenshot,
    ScreenshotAssert,
    TreeAssert,
    Record,
    Caption,
    Resize,
    Window,
    Restart,
    Upload,
    Download;
    blocks If, RepeatUntil, Group, Hold
}

/// Whether a condition holds now.
pub(super) async fn holds(condition: &Condition, stage: &mut Stage<'_>) -> Result<bool, Fault> {
    match condition {
        Condition::Known(truth) => Ok(*truth),
        // What is not looked at is assumed to hold.
        _ if stage.settings.dry => Ok(true),
        Condition::Sight(sight) => find::holds(sight, stage).await,
        Condition::Text { value, checks } => {
            let value = stage.known.text(value)?;
            for check in checks {
                let wanted = stage.known.pattern(&check.wanted)?;
                if !check.how.holds(&value, &wanted) {
                    return Ok(false);
                }
            }
            Ok(true)
        }
    }
}

/// A condition for people.
pub(super) fn describe(condition: &Condition) -> String {
    match condition {
        Condition::Known(truth) => format!("`{truth}`"),
        Condition::Sight(sight) if sight.gone => format!("`{}` gone", sight.target),
        Condition::Sight(sight) => format!("`{}`", sight.target),
        Condition::Text { value, checks } => {
            let checks = checks
                .iter()
                .map(|check| format!("{} `{}`", check.how.name(), check.wanted));
            let checks: Vec<String> = checks.collect();
            format!("`{value}` {}", checks.join(", "))
        }
    }
}

impl Turn<'_> {
    /// How long the step may take.
    pub(super) const fn limit(&self) -> Duration {
        self.step.timeout
    }

    /// How long it may take until a window has the keyboard.
    pub(super) const fn until(&self) -> Until {
        Until {
            limit: self.step.timeout,
            deadline: self.deadline,
        }
    }

    /// When, and by whom: what a search asks for.
    pub(super) const fn now(&self) -> (StepId, Instant) {
        (self.id, self.deadline)
    }

    /// Cuts the step off when its time is over, which is a failure, unless the
    /// desktop does not answer at all.
    pub(super) async fn limits(
        &self,
        acting: impl Future<Output = Result<(), Fault>>,
    ) -> Result<(), Fault> {
        match timeout_at(self.deadline, acting).await {
            Ok(ended) => ended,
            Err(_) => Err(self.over().await),
        }
    }

    async fn over(&self) -> Fault {
        let (verb, limit) = (self.step.verb, seconds(self.limit()));
        let healthy = timeout(HEALTHY, self.desktop.health()).await;
        let silent = match healthy {
            Ok(Ok(true)) => None,
            Ok(Ok(false)) => Some("the desktop's display no longer answers"),
            Ok(Err(_)) | Err(_) => Some("the desktop no longer answers"),
        };
        if let Some(message) = silent {
            return Fault::Broken(Breakage {
                message: message.to_owned(),
                detail: Some(format!("`{verb}` had not ended after {limit}")),
                help: None,
            });
        }
        Fault::Failed(Mismatch {
            message: format!("`{verb}` timed out after {limit}"),
            expected: format!("the step to end within {limit}"),
            seen: format!("`{verb}` was still running"),
            help: Some("increase `timeout`".to_owned()),
            ..Mismatch::default()
        })
    }
}
