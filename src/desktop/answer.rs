//! What comes back: bodies within bounds, JSON whose errors name the field, and complete error
//! statuses.

use reqwest::{Response, StatusCode, header::HeaderMap};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{DesktopError, Refused};

/// How much of the body of an error is kept, in bytes.
const KEPT_OF_ERROR: usize = 64 << 10;

/// How much of an error that is not JSON becomes its message, in characters.
const MESSAGE: usize = 200;

/// Why a body could not be read.
#[derive(Debug)]
pub(super) enum Unread {
    /// It has more than the given number of bytes.
    TooLong(usize),
    /// The connection broke.
    Broken(reqwest::Error),
}

/// Reads a body of at most `limit` bytes; stops at the first byte beyond.
pub(super) async fn read(mut response: Response, limit: usize) -> Result<Vec<u8>, Unread> {
    let announced = usize::try_from(response.content_length().unwrap_or(0)).unwrap_or(usize::MAX);
    if announced > limit {
        return Err(Unread::TooLong(limit));
    }
    let mut body = Vec::with_capacity(announced);
    while let Some(chunk) = response.chunk().await.map_err(Unread::Broken)? {
        if chunk.len() > limit - body.len() {
            return Err(Unread::TooLong(limit));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// The error for an answer with an error status, with the start of its body.
pub(super) async fn refusal(call: String, mut response: Response) -> DesktopError {
    let status = response.status();
    let headers = std::mem::take(response.headers_mut());
    let mut body = Vec::new();
    // What came before a connection broke is still worth showing.
    while body.len() < KEPT_OF_ERROR + 4
        && let Ok(Some(chunk)) = response.chunk().await
    {
        body.extend_from_slice(&chunk);
    }
    refused(call, status, headers, &body)
}

/// The error of an answer whose body is known.
pub(super) fn refused(
    call: String,
    status: StatusCode,
    headers: HeaderMap,
    body: &[u8],
) -> DesktopError {
    let text = String::from_utf8_lossy(body);
    let json: Value = serde_json::from_slice(body).unwrap_or_default();
    let message = json["message"].as_str().map_or_else(
        || text.trim().chars().take(MESSAGE).collect(),
        str::to_owned,
    );
    let message = if message.is_empty() {
        status.canonical_reason().unwrap_or_default().to_owned()
    } else {
        message
    };
    Box::new(Refused {
        status: status.as_u16(),
        call,
        message,
        errors: serde_json::from_value(json["errors"].clone()).unwrap_or_default(),
        headers,
        body: beginning(&text, KEPT_OF_ERROR).to_owned(),
    })
    .into()
}

/// At most `limit` bytes from the start of `text`, in whole characters.
fn beginning(text: &str, limit: usize) -> &str {
    let mut end = text.len().min(limit);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Reads an answer in JSON. The error names the field and the value.
pub(super) fn parse<T: DeserializeOwned>(call: &str, json: &[u8]) -> Result<T, DesktopError> {
    let mut source = serde_json::Deserializer::from_slice(json);
    serde_path_to_error::deserialize(&mut source)
        .map_err(|error| describe(&error.path().to_string(), error.inner()))
        .and_then(|value| match source.end() {
            Ok(()) => Ok(value),
            Err(error) => Err(describe(".", &error)),
        })
        .map_err(|problem| DesktopError::Answer {
            call: call.to_owned(),
            problem,
        })
}

fn describe(path: &str, error: &serde_json::Error) -> String {
    let text = error.to_string();
    if !error.is_data() {
        return format!("not JSON: {text}");
    }
    // The position in the text says less than the field does.
    let text = text
        .rsplit_once(" at line ")
        .map_or(&*text, |(text, _)| text);
    let text = in_plain_words(text);
    if path == "." {
        text
    } else {
        format!("`{path}`: {text}")
    }
}

/// What serde says, without the names of Rust's types.
fn in_plain_words(text: &str) -> String {
    let Some((found, expected)) = text.rsplit_once(", expected ") else {
        return text.to_owned();
    };
    let expected = match expected {
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number, 0 or more",
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number",
        "f32" | "f64" => "a number",
        "a sequence" => "a list",
        "a map" => "an object",
        other if other.starts_with("struct ") => "an object",
        other => other,
    };
    let found = found.replacen("invalid type: floating point", "invalid type: number", 1);
    let found = found.replacen("invalid type: sequence", "invalid type: list", 1);
    let found = found.replacen("invalid type: map", "invalid type: object", 1);
    format!("{found}, expected {expected}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desktop::wire::{DisplayInfo, Done, Items, ProcessInfo, Window};

    fn problem<T: DeserializeOwned + std::fmt::Debug>(json: &str) -> String {
        let error = parse::<T>("GET /", json.as_bytes()).expect_err(json);
        let DesktopError::Answer { problem, .. } = error else {
            panic!("{error}");
        };
        problem
    }

    #[test]
    fn a_mistyped_field_is_named_with_its_value() {
        assert_eq!(
            problem::<DisplayInfo>(r#"{"display": ":0", "width": "x", "height": 1}"#),
            "`width`: invalid type: string \"x\", expected a whole number, 0 or more"
        );
        assert_eq!(
            problem::<DisplayInfo>("7"),
            "invalid type: integer `7`, expected an object"
        );
        assert_eq!(
            problem::<Items<ProcessInfo>>(r#"{"items": {}}"#),
            "`items`: invalid type: object, expected a list"
        );
        assert_eq!(
            problem::<Items<ProcessInfo>>(r#"{"items": [{"name": "xvfb", "running": 1}]}"#),
            "`items[0].running`: invalid type: integer `1`, expected a boolean"
        );
        assert_eq!(
            problem::<Items<ProcessInfo>>(r#"{"items": [{"name": "xvfb"}]}"#),
            "`items[0]`: missing field `running`"
        );
    }

    #[test]
    fn integers_are_integers_and_booleans_are_booleans() {
        for width in ["1.0", "\"1\"", "true", "null", "-1"] {
            let json = format!(r#"{{"display": ":0", "width": {width}, "height": 1}}"#);
            assert!(problem::<DisplayInfo>(&json).starts_with("`width`: invalid"));
        }
        for ok in ["1", "\"true\"", "null"] {
            assert!(problem::<Done>(&format!(r#"{{"ok": {ok}}}"#)).starts_with("`ok`: invalid"));
        }
    }

    #[test]
    fn what_is_no_json_is_told_as_such() {
        assert!(problem::<Done>("<html>").starts_with("not JSON: "));
        assert!(problem::<Done>(r#"{"ok": true} and more"#).starts_with("not JSON: "));
    }

    #[test]
    fn the_fields_of_a_window_may_be_missing_or_null() {
        let json =
            r#"{"id": "0x1", "desktop": null, "title": null, "focused": null, "class_": "a.B"}"#;
        let window: Window = parse("GET /", json.as_bytes()).expect("a window");
        assert_eq!(
            window,
            Window {
                id: "0x1".to_owned(),
                class: "a.B".to_owned(),
                ..Window::default()
            }
        );
        assert!(problem::<Window>(r#"{"x": "1"}"#).starts_with("`x`: invalid"));
    }

    #[test]
    fn the_body_of_an_error_is_cut_between_characters() {
        let body = format!("x{}", "ü".repeat(KEPT_OF_ERROR));
        let error = refused(
            "GET /".to_owned(),
            StatusCode::BAD_GATEWAY,
            HeaderMap::new(),
            body.as_bytes(),
        );
        let DesktopError::Status(refused) = error else {
            panic!("{error}");
        };
        assert_eq!(refused.body.len(), KEPT_OF_ERROR - 1);
        assert_eq!(refused.message.chars().count(), MESSAGE);
    }

    #[test]
    fn an_error_without_words_has_those_of_its_status() {
        let status = StatusCode::NOT_FOUND;
        let error = refused("GET /".to_owned(), status, HeaderMap::new(), b"");
        assert_eq!(error.to_string(), "404 GET /: Not Found");
    }
}
