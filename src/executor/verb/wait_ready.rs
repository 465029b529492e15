//! `wait-ready`.

use std::time::Duration;

use tokio::time::Instant;

use super::{Play, Turn};
use crate::{
    desktop::DesktopError,
    executor::{
        fault::{Breakage, Fault, seconds},
        stage::Stage,
    },
    plan::WaitReady,
};

/// How long windows and picture must have stayed as they are.
const SETTLED: Duration = Duration::from_millis(250);

/// Waits until all processes run, something is painted, and the windows and the
/// picture have settled.
impl Play for WaitReady {
    async fn play(&self, turn: &Turn<'_>, stage: &mut Stage<'_>) -> Result<(), Fault> {
        wait(turn.limit(), stage).await
    }
}

async fn wait(timeout: Duration, stage: &mut Stage<'_>) -> Result<(), Fault> {
    if stage.settings.dry {
        return Ok(());
    }
    let deadline = Instant::now() + timeout;
    stage
        .desktop
        .wait_until_ready(timeout)
        .await
        .map_err(|error| match error {
            DesktopError::Timeout { .. } => not_ready(timeout, &error.to_string()),
            other => other.into(),
        })?;
    let mut view = stage.eyes.view(None).await?;
    let mut windows = stage.desktop.windows().await?;
    let mut since = Instant::now();
    let mut moved = "its windows and picture had not been watched for long enough";
    loop {
        let blank = view.frame().is_blank();
        let now = Instant::now();
        if !blank && now >= since + SETTLED {
            return Ok(());
        }
        if now >= deadline {
            let seen = if blank { "nothing was painted" } else { moved };
            return Err(not_ready(timeout, seen));
        }
        let until = if blank { deadline } else { since + SETTLED };
        let redrawn = view.next(until.min(deadline)).await?;
        let listed = stage.desktop.windows().await?;
        if listed != windows {
            moved = "its windows kept changing";
        } else if redrawn {
            moved = "its picture kept changing";
        } else {
            continue;
        }
        since = Instant::now();
        windows = listed;
    }
}

fn not_ready(timeout: Duration, seen: &str) -> Fault {
    let help = "increase `timeout` (`timeout: 2m` next to `wait-ready`), or see the logs among \
                the artifacts";
    Fault::Broken(Breakage {
        message: format!("the desktop was not ready within {}", seconds(timeout)),
        detail: Some(seen.to_owned()),
        help: Some(help.to_owned()),
    })
}
