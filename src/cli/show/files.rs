//! The files of a run, as a browser asks for them.
//!
//! What a tested program left may be anything, and the archive of a run may be
//! anybody's. So only pictures, videos and text are shown; everything else is kept as a
//! file, and nothing of a run may run as a script of the page.

use std::io::{self, Read, Seek, SeekFrom};

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::stream;

use super::runs::Content;

/// How much of a file is read at once, in bytes.
const PART: u64 = 128 << 10;

/// What may be shown in the page, by the endings of names.
const SHOWN: [(&str, &str); 11] = [
    (".png", "image/png"),
    (".jpg", "image/jpeg"),
    (".gif", "image/gif"),
    (".webp", "image/webp"),
    (".mp4", "video/mp4"),
    (".webm", "video/webm"),
    (".vtt", "text/vtt; charset=utf-8"),
    (".log", "text/plain; charset=utf-8"),
    (".txt", "text/plain; charset=utf-8"),
    (".yaml", "text/plain; charset=utf-8"),
    (".jsonl", "text/plain; charset=utf-8"),
];

/// The answer with a file, or with the one range of it that is asked for; anything else
/// that `Range` may say is left out, as RFC 9110, section 14.2, allows.
pub(super) fn answer(path: &str, content: Content, headers: &HeaderMap) -> Response {
    let length = content.length();
    let asked = headers.get(header::RANGE);
    let asked = asked.and_then(|range| range.to_str().ok()).and_then(range);
    let (status, from, to) = match asked.map(|asked| asked.within(length)) {
        None => (StatusCode::OK, 0, length),
        Some(Some((from, to))) => (StatusCode::PARTIAL_CONTENT, from, to),
        Some(None) => {
            let unsatisfied = [(header::CONTENT_RANGE, format!("bytes */{length}"))];
            return (StatusCode::RANGE_NOT_SATISFIABLE, unsatisfied).into_response();
        }
    };
    let mut answer = match content.part(from, to) {
        Ok(body) => (status, body).into_response(),
        Err(_) => return StatusCode::NOT_FOUND.into_response(),
    };
    let headers = answer.headers_mut();
    describe(path, headers);
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(to - from));
    if status == StatusCode::PARTIAL_CONTENT {
        let range = format!("bytes {from}-{}/{length}", to - 1);
        headers.extend(HeaderValue::from_str(&range).map(|range| (header::CONTENT_RANGE, range)));
    }
    answer
}

/// Says what a file is, and that a browser must not take it for anything else.
fn describe(path: &str, headers: &mut HeaderMap) {
    let shown = SHOWN.iter().find(|(ending, _)| path.ends_with(ending));
    let kind = shown.map_or("application/octet-stream", |(_, kind)| kind);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if shown.is_none() {
        let kept = HeaderValue::from_static("attachment");
        headers.insert(header::CONTENT_DISPOSITION, kept);
    }
    let nothing = HeaderValue::from_static("default-src 'none'; media-src 'self'; sandbox");
    headers.insert(header::CONTENT_SECURITY_POLICY, nothing);
}

/// A range of bytes as it is asked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Asked {
    From(u64),
    FromTo(u64, u64),
    Last(u64),
}

impl Asked {
    /// The first byte, and the one after the last, in a file of that length.
    fn within(self, length: u64) -> Option<(u64, u64)> {
        let (from, to) = match self {
            Self::From(from) => (from, length),
            Self::FromTo(from, last) => (from, last.saturating_add(1).min(length)),
            Self::Last(count) => (length.saturating_sub(count), length),
        };
        (from < to).then_some((from, to))
    }
}

/// `bytes=FIRST-LAST`, `bytes=FIRST-` or `bytes=-COUNT`.
fn range(text: &str) -> Option<Asked> {
    let (first, last) = text.strip_prefix("bytes=")?.split_once('-')?;
    match (first.parse(), last.parse()) {
        (Ok(first), Ok(last)) => (first <= last).then_some(Asked::FromTo(first, last)),
        (Ok(first), _) if last.is_empty() => Some(Asked::From(first)),
        (_, Ok(count)) if first.is_empty() => Some(Asked::Last(count)),
        _ => None,
    }
}

impl Content {
    const fn length(&self) -> u64 {
        match self {
            Self::File(_, length) => *length,
            Self::Bytes(bytes) => bytes.len() as u64,
        }
    }

    /// The bytes from the one to the other. A file is read while it is sent, so that a
    /// video of any length takes no memory.
    fn part(self, from: u64, to: u64) -> io::Result<Body> {
        match self {
            Self::Bytes(bytes) => {
                let at = |place| usize::try_from(place).unwrap_or(usize::MAX);
                Ok(Body::from(Bytes::from(bytes).slice(at(from)..at(to))))
            }
            Self::File(mut file, _) => {
                file.seek(SeekFrom::Start(from))?;
                let rest = file.take(to - from);
                let parts = stream::unfold(rest, |mut rest| async move {
                    let read = tokio::task::spawn_blocking(move || {
                        let mut part = Vec::new();
                        let read = rest.by_ref().take(PART).read_to_end(&mut part);
                        (read.map(|_| Bytes::from(part)), rest)
                    });
                    match read.await {
                        Ok((Ok(part), _)) if part.is_empty() => None,
                        Ok((part, rest)) => Some((part, rest)),
                        Err(_) => None,
                    }
                });
                Ok(Body::from_stream(parts))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_taken_and_everything_else_is_the_whole_file() {
        for (text, within) in [
            ("bytes=0-1", Some(Some((0, 2)))),
            ("bytes=4-", Some(Some((4, 10)))),
            ("bytes=4-99", Some(Some((4, 10)))),
            ("bytes=-3", Some(Some((7, 10)))),
            ("bytes=-99", Some(Some((0, 10)))),
            ("bytes=10-", Some(None)),
            ("bytes=-0", Some(None)),
            ("bytes=0-18446744073709551615", Some(Some((0, 10)))),
            ("bytes=5-2", None),
            ("bytes=0-1,3-4", None),
            ("bytes=-", None),
            ("bytes=a-b", None),
            ("lines=0-1", None),
        ] {
            assert_eq!(range(text).map(|asked| asked.within(10)), within, "{text}");
        }
    }

    #[test]
    fn only_pictures_videos_and_text_are_shown() {
        for (path, kind, kept) in [
            ("hello/a.actual.png", "image/png", false),
            ("hello/demo.mp4", "video/mp4", false),
            ("hello/xvfb.log", "text/plain; charset=utf-8", false),
            ("hello/page.html", "application/octet-stream", true),
            ("hello/a.svg", "application/octet-stream", true),
            ("hello/trace.js", "application/octet-stream", true),
        ] {
            let answer = answer(path, Content::Bytes(vec![1]), &HeaderMap::new());
            let headers = answer.headers();
            assert_eq!(headers[header::CONTENT_TYPE], kind, "{path}");
            assert_eq!(headers.contains_key(header::CONTENT_DISPOSITION), kept);
            let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
            assert!(policy.contains("sandbox"), "{path}");
        }
    }
}
