//! Files of a sandbox.

use std::{fs::DirBuilder, os::unix::fs::DirBuilderExt};

use axum::{extract::State, http::StatusCode};

use super::{MAX_FILE, Shared};
use crate::server::api::{
    extract::{Body, Parameters, Raw, Segment},
    fields::Fields,
    files::{on_disk, path, read_part, write_whole},
    refusal::Refusal,
};

/// What a folder is unless the request says otherwise.
const FOLDER_MODE: u32 = 0o755;

pub(super) async fn write(
    State(plane): Shared,
    Segment(id): Segment,
    Parameters(mut fields): Parameters,
    Raw(bytes): Raw,
) -> Result<StatusCode, Refusal> {
    let machine = plane.sandboxes.machine(&id)?;
    let path = path(&mut fields, &machine);
    let mode = mode(&mut fields);
    fields.finish()?;
    on_disk(path, move |path| write_whole(path, &bytes, mode)).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn read(
    State(plane): Shared,
    Segment(id): Segment,
    Body(mut fields): Body,
) -> Result<Vec<u8>, Refusal> {
    let machine = plane.sandboxes.machine(&id)?;
    let path = path(&mut fields, &machine);
    let mut number = |name| {
        let number = fields.integer(name, 0..=i64::MAX);
        number.and_then(|n| u64::try_from(n).ok())
    };
    let (offset, limit) = (number("offset"), number("limit"));
    fields.finish()?;
    let most = limit.unwrap_or(u64::MAX).min(MAX_FILE as u64);
    on_disk(path, move |path| read_part(path, offset.unwrap_or(0), most)).await
}

pub(super) async fn mkdir(
    State(plane): Shared,
    Segment(id): Segment,
    Body(mut fields): Body,
) -> Result<StatusCode, Refusal> {
    let machine = plane.sandboxes.machine(&id)?;
    let path = path(&mut fields, &machine);
    let recursive = fields.boolean("recursive").unwrap_or(false);
    let mode = mode(&mut fields).unwrap_or(FOLDER_MODE);
    fields.finish()?;
    on_disk(path, move |path| {
        DirBuilder::new()
            .recursive(recursive)
            .mode(mode)
            .create(path)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Permissions in octal, as `0755`.
fn mode(fields: &mut Fields) -> Option<u32> {
    let text = fields.text("permissions")?;
    let mode = u32::from_str_radix(&text, 8).ok();
    let mode = mode.filter(|mode| *mode <= 0o7777);
    if mode.is_none() {
        fields.bad("permissions", "must be octal, such as 0755");
    }
    mode
}
