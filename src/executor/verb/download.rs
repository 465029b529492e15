//! `download`.

use super::{Play, Turn};
use crate::{
    event::ArtifactKind,
    executor::{
        fault::{Fault, Mismatch},
        stage::Stage,
    },
    plan::Download,
};

/// Copies a file of the desktop's machine among the artifacts.
impl Play for Download {
    async fn play(&self, turn: &Turn<'_>, stage: &mut Stage<'_>) -> Result<(), Fault> {
        let from = stage.known.text(&self.from)?;
        if stage.settings.dry {
            return Ok(());
        }
        turn.limits(async {
            match stage.desktop.read_file(&from).await {
                Ok(bytes) => stage.keep(ArtifactKind::File, &self.to, &bytes),
                Err(error) if error.status() == Some(404) => Err(Fault::Failed(Mismatch {
                    message: format!("there is no file `{from}` on the desktop's machine"),
                    expected: format!("the file `{from}`"),
                    seen: "no such file".to_owned(),
                    help: Some(
                        "a relative path starts in the folder where the desktop was started, \
                         `~/` in the session's home"
                            .to_owned(),
                    ),
                    ..Mismatch::default()
                })),
                Err(error) => Err(error.into()),
            }
        })
        .await
    }
}
