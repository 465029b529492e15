//! `upload`.

use super::{Play, Turn};
use crate::{
    executor::{
        fault::{Breakage, Fault},
        stage::Stage,
    },
    plan::Upload,
};

/// Copies a file to the desktop's machine.
impl Play for Upload {
    async fn play(&self, turn: &Turn<'_>, stage: &mut Stage<'_>) -> Result<(), Fault> {
        let to = stage.known.text(&self.to)?;
        if stage.settings.dry {
            return Ok(());
        }
        turn.limits(async {
            let bytes = tokio::fs::read(&self.from).await.map_err(|error| {
                Fault::Broken(Breakage {
                    message: format!("cannot read {}: {error}", self.from.display()),
                    detail: None,
                    help: Some("it existed when the run began".to_owned()),
                })
            })?;
            stage.desktop.write_file(&to, &bytes).await?;
            Ok(())
        })
        .await
    }
}
