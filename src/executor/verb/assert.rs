//! `assert`.

use super::{Play, Turn, fact};
use crate::{
    event::StepId,
    executor::{
        fault::Fault,
        find::{self, Search},
        stage::Stage,
    },
    plan::{Assert, Sight},
};

/// Holds what is there now against what must be there.
impl Play for Assert {
    async fn play(&self, turn: &Turn<'_>, stage: &mut Stage<'_>) -> Result<(), Fault> {
        match self {
            Self::Fact(fact) => fact::check(fact, turn, stage).await,
            Self::Sight(_) if stage.settings.dry => Ok(()),
            Self::Sight(sight) => self::sight(sight, turn.id, stage).await,
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
