//! `assert`.

use super::{Play, Turn};
use crate::{
    event::StepId,
    executor::{
        fault::{Fault, Mismatch},
        find::{self, Search},
        stage::Stage,
    },
    plan::{Assert, PROCESSES, Sight},
};

/// Holds what is there now against what must be there.
impl Play for Assert {
    async fn play(&self, turn: &Turn<'_>, stage: &mut Stage<'_>) -> Result<(), Fault> {
        match self {
            Self::Command(run) => run.play(turn, stage).await,
            _ if stage.settings.dry => Ok(()),
            Self::Sight(sight) => self::sight(sight, turn.id, stage).await,
            Self::Process { name, gone } => process(name, *gone, stage).await,
        }
    }
}

async fn sight(sight: &Sight, id: StepId, stage: &mut Stage<'_>) -> Result<(), Fault> {
    let target = &sight.target;
    match (find::once(target, sight.gone, stage).await?, sight.gone) {
        (Search::Found(found), false) => {
            stage.notes.extend(found.notes);
            Ok(())
        }
        (Search::Missing(_), true) => Ok(()),
        (Search::Found(found), true) => Err(Fault::Failed(find::present(target, &found, stage))),
        (Search::Missing(missing), false) => Err(find::absent(target, &missing, id, stage).await),
    }
}

async fn process(name: &str, gone: bool, stage: &Stage<'_>) -> Result<(), Fault> {
    let runs = if PROCESSES.contains(&name) {
        stage.desktop.get_process(name).await?.running
    } else {
        super::run::runs(name, stage).await?
    };
    if runs != gone {
        return Ok(());
    }
    let word = |runs: bool| if runs { "runs" } else { "does not run" };
    Err(Fault::Failed(Mismatch {
        message: format!("`{name}` {}", word(runs)),
        expected: format!("that `{name}` {}", word(!runs)),
        seen: format!("it {}", word(runs)),
        help: (!runs).then(|| "what launched programs wrote is among the artifacts".to_owned()),
        goes_on: false,
    }))
}
