//! `assert`.

use super::{Play, Turn, capture, fact};
use crate::{
    event::StepId,
    executor::{
        fault::Fault,
        find::{self, Found},
        stage::Stage,
    },
    plan::{Assert, Sight},
};

/// Compares what is there now with what must be there.
impl Play for Assert {
    async fn play(&self, turn: &Turn<'_>, stage: &mut Stage<'_>) -> Result<(), Fault> {
        match self {
            Self::Fact(fact) => fact::check(fact, turn, stage).await,
            Self::Sight(_) if stage.settings.dry => Ok(()),
            Self::Sight(sight) => {
                let found = self::sight(sight, turn.id, stage).await?;
                capture::keep(found, turn.step, stage).await
            }
        }
    }
}

async fn sight(sight: &Sight, id: StepId, stage: &mut Stage<'_>) -> Result<Option<Found>, Fault> {
    let search = find::once(&sight.target, sight.gone, stage).await?;
    find::held(sight, search, id, stage).await
}
