//! `wait-ready`.

use std::time::Duration;

use tokio::time::Instant;

use crate::{
    desktop::{DesktopError, wire::Window},
    executor::{
        capture::{self, Pace},
        fault::{Breakage, Fault},
        stage::Stage,
    },
    vision::Frame,
};

/// How long windows and picture must have stayed as they are.
const SETTLED: Duration = Duration::from_millis(250);

/// Waits until all processes run, something is painted, and the windows and the
/// picture have settled.
pub(super) async fn play(timeout: Duration, stage: &mut Stage<'_>) -> Result<(), Fault> {
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
    let mut pace = Pace::until(deadline);
    let mut last = look(stage).await?;
    let mut since = Instant::now();
    let mut moved = "its windows and its picture had not been looked at for long enough";
    while last.1.is_blank() || since.elapsed() < SETTLED {
        if !pace.next().await {
            let nothing = last.1.is_blank();
            return Err(not_ready(
                timeout,
                if nothing {
                    "nothing was painted"
                } else {
                    moved
                },
            ));
        }
        let now = look(stage).await?;
        if now != last {
            let same_windows = now.0 == last.0;
            moved = if same_windows {
                "its picture kept changing"
            } else {
                "its windows kept changing"
            };
            since = Instant::now();
            pace.quicken();
        }
        last = now;
    }
    Ok(())
}

async fn look(stage: &Stage<'_>) -> Result<(Vec<Window>, Frame), Fault> {
    let windows = stage.desktop.windows().await?;
    Ok((windows, capture::take(stage.desktop, None).await?))
}

fn not_ready(timeout: Duration, seen: &str) -> Fault {
    let help = "give it more time (`timeout: 2m` beside `wait-ready`), or see the logs among the artifacts";
    Fault::Broken(Breakage {
        message: format!(
            "the desktop was not ready within {}",
            super::seconds(timeout)
        ),
        detail: Some(seen.to_owned()),
        help: Some(help.to_owned()),
    })
}
