//! Complete files: written and read, one or several at once.

use std::{path::PathBuf, sync::Arc};

use axum::{
    body::Bytes,
    extract::{FromRequest, Multipart, Request, State, multipart::MultipartError},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{
    Shared, content, failed,
    lines::{Lines, Part},
    permissions, work,
};
use crate::{
    desktop::wire::limits::{FILES, SANDBOX_FILE},
    secret,
    server::api::{
        extract::{Body, Parameters, Raw, Segment, Steady},
        files,
        refusal::Refusal,
    },
};

pub(super) async fn write(
    State(plane): Shared,
    Segment(id): Segment,
    Parameters(mut fields): Parameters,
    Raw(bytes): Raw,
) -> Result<StatusCode, Refusal> {
    let machine = plane.sandboxes.machine(&id)?;
    let path = content(&mut fields, &machine);
    let mode = permissions::mode(&mut fields, "permissions");
    fields.finish()?;
    work(&machine, move || {
        let written = files::write_whole(&path, &bytes, mode);
        written.map_err(failed("path", &path))
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Writes several files, each a part of a form whose name is its path. Nothing
/// is replaced before all of them could be written.
pub(super) async fn write_all(
    State(plane): Shared,
    Segment(id): Segment,
    request: Request,
) -> Result<StatusCode, Refusal> {
    let machine = plane.sandboxes.machine(&id)?;
    let steady = Steady::default();
    let request = request.map(|body| steady.keep(body));
    let form = Multipart::from_request(request, &()).await;
    let mut form = form.map_err(|error| Refusal::field("body", error.body_text()))?;
    let mut all: Vec<(PathBuf, Bytes)> = Vec::new();
    let bad = |error: MultipartError| steady.refusal().unwrap_or_else(|| unreadable(&error));
    while let Some(part) = form.next_field().await.map_err(bad)? {
        let name = unescaped(part.name().unwrap_or_default());
        if name.is_empty() || name.contains('\0') {
            let problem = "has a part whose name is not a path";
            return Err(Refusal::field("body", problem));
        }
        if all.len() == FILES {
            let problem = format!("has more than {FILES} files");
            return Err(Refusal::field("body", problem));
        }
        let path = machine.place().outside(&files::named(&name, &machine));
        all.push((path, part.bytes().await.map_err(bad)?));
    }
    work(&machine, move || {
        let mut written = Vec::with_capacity(all.len());
        for (path, bytes) in &all {
            let ready = files::prepare(path, bytes, None);
            written.push((path, ready.map_err(failed("body", path))?));
        }
        for (path, ready) in written {
            ready.put().map_err(failed("body", path))?;
        }
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

fn unreadable(error: &MultipartError) -> Refusal {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return Refusal::too_large();
    }
    Refusal::field("body", error.body_text())
}

/// The name of a part of a form: three characters are escaped as HTML has it, and
/// clients that are no browsers write `\` twice.
fn unescaped(name: &str) -> String {
    let name = name.replace("%22", "\"").replace("\\\\", "\\");
    name.replace("%0D", "\r").replace("%0A", "\n")
}

pub(super) async fn read(
    State(plane): Shared,
    Segment(id): Segment,
    Body(mut fields): Body,
) -> Result<Vec<u8>, Refusal> {
    let machine = plane.sandboxes.machine(&id)?;
    let path = content(&mut fields, &machine);
    let mut number = |name| {
        let number = fields.integer(name, 0..=i64::MAX);
        number.and_then(|n| u64::try_from(n).ok())
    };
    let (offset, limit) = (number("offset"), number("limit"));
    let lines = match (number("head"), number("tail")) {
        (Some(count), _) => Lines::First(count),
        (None, Some(count)) => Lines::Last(count),
        (None, None) => Lines::All,
    };
    if fields.has("head") && fields.has("tail") {
        fields.bad("tail", "cannot be given together with `head`");
    }
    fields.finish()?;
    let part = Part {
        offset: offset.unwrap_or(0),
        limit: limit.unwrap_or(u64::MAX),
        lines,
    };
    work(&machine, move || {
        part.read(&path).map_err(failed("path", &path))
    })
    .await
}

/// Reads several files, each a part of a form whose name is its path as the
/// request has it.
pub(super) async fn read_all(
    State(plane): Shared,
    Segment(id): Segment,
    Body(mut fields): Body,
) -> Result<Response, Refusal> {
    let machine = plane.sandboxes.machine(&id)?;
    fields.require(&["paths"]);
    let names = fields.texts("paths").unwrap_or_default();
    if names.len() > FILES {
        let problem = format!("names {} files; at most {FILES} are allowed", names.len());
        fields.bad("paths", problem);
    }
    if names
        .iter()
        .any(|name| name.is_empty() || name.contains('\0'))
    {
        fields.bad(
            "paths",
            "contains a path that is empty or has a NUL character",
        );
    }
    fields.finish()?;
    // No file can know it, so none can end its own part.
    let boundary = secret::token().map_err(|error| Refusal::internal(error.to_string()))?;
    let kind = format!("multipart/form-data; boundary={boundary}");
    let desktop = Arc::clone(&machine);
    let form = work(&desktop, move || {
        let mut form = Vec::new();
        for name in names {
            let path = machine.place().outside(&files::named(&name, &machine));
            let part = Part {
                offset: 0,
                limit: u64::MAX,
                lines: Lines::All,
            };
            let bytes = part.read(&path).map_err(failed("paths", &path))?;
            form.extend_from_slice(head(&boundary, &name).as_bytes());
            form.extend_from_slice(&bytes);
            form.extend_from_slice(b"\r\n");
            if form.len() > SANDBOX_FILE {
                let problem = format!("have more than {SANDBOX_FILE} bytes; request fewer");
                return Err(Refusal::field("paths", problem));
            }
        }
        form.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        Ok(form)
    });
    Ok(([(header::CONTENT_TYPE, kind)], form.await?).into_response())
}

/// What comes before the bytes of a part.
fn head(boundary: &str, name: &str) -> String {
    let name = name.replace('\\', "\\\\").replace('"', "\\\"");
    let name = name.replace('\r', "%0D").replace('\n', "%0A");
    format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"file\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_part_is_read_as_clients_escape_it() {
        for (written, name) in [
            ("a/note.txt", "a/note.txt"),
            ("a%22b", "a\"b"),
            (r"a\\b", r"a\b"),
            ("a%0D%0Ab", "a\r\nb"),
            // Only those three are escaped.
            ("100%25", "100%25"),
        ] {
            assert_eq!(unescaped(written), name);
        }
    }

    #[test]
    fn no_name_can_end_the_head_of_its_part() {
        let head = head("b", "a\"\r\n\r\nb\\");
        assert_eq!(head.matches("\r\n\r\n").count(), 1, "{head}");
        let name = r#"name="a\"%0D%0A%0D%0Ab\\"; filename"#;
        assert!(head.contains(name), "{head}");
    }
}
