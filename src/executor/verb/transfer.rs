//! `upload` and `download`.

use std::path::Path;

use crate::{
    event::ArtifactKind,
    executor::{
        fault::{Breakage, Fault, Mismatch},
        stage::Stage,
    },
    plan::Text,
};

/// Copies a file to the desktop's machine.
pub(super) async fn upload(from: &Path, to: &Text, stage: &mut Stage<'_>) -> Result<(), Fault> {
    let to = stage.known.text(to)?;
    if stage.settings.dry {
        return Ok(());
    }
    let bytes = tokio::fs::read(from).await.map_err(|error| {
        Fault::Broken(Breakage {
            message: format!("cannot read {}: {error}", from.display()),
            detail: None,
            help: Some("it was there when the run began".to_owned()),
        })
    })?;
    stage.desktop.write_file(&to, &bytes).await?;
    Ok(())
}

/// Copies a file of the desktop's machine among the artifacts.
pub(super) async fn download(from: &Text, to: &str, stage: &mut Stage<'_>) -> Result<(), Fault> {
    let from = stage.known.text(from)?;
    if stage.settings.dry {
        return Ok(());
    }
    match stage.desktop.read_file(&from).await {
        Ok(bytes) => stage.keep(ArtifactKind::File, to, &bytes),
        Err(error) if error.status() == Some(404) => Err(Fault::Failed(Mismatch {
            message: format!("there is no file `{from}` on the desktop's machine"),
            expected: format!("the file `{from}`"),
            seen: "no such file".to_owned(),
            help: Some(
                "a relative path begins in the folder that the desktop was started in, `~/` in the \
                 session's home"
                    .to_owned(),
            ),
            goes_on: false,
        })),
        Err(error) => Err(error.into()),
    }
}
