//! Parts of files: which `Range` is accepted.
//!
//! Only one range of bytes is ever served. RFC 9110, section 14.2, lets a server
//! ignore every other `Range`, so several ranges, another unit, and what is no
//! range at all are answered with the whole file. One range that lies outside
//! the file is refused with 416.

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use tower::{Service, ServiceExt};

use super::refusal::Refusal;

/// What `files` answers to the request once its `Range` is one that is taken.
pub(super) async fn serve<F>(files: F, mut request: Request) -> Response
where
    F: Service<Request, Error = std::convert::Infallible>,
    F::Response: IntoResponse,
{
    let range = taken(request.method(), request.headers());
    request.headers_mut().remove(header::RANGE);
    if let Some(range) = range {
        request.headers_mut().insert(header::RANGE, range);
    }
    let Ok(answer) = files.oneshot(request).await;
    let answer = answer.into_response();
    if answer.status() != StatusCode::RANGE_NOT_SATISFIABLE {
        return answer;
    }
    let mut refusal = Refusal::bad_range().into_response();
    if let Some(size) = answer.headers().get(header::CONTENT_RANGE) {
        let headers = refusal.headers_mut();
        headers.insert(header::CONTENT_RANGE, size.clone());
    }
    refusal.map(Body::new)
}

/// The one range that a request asks for, as every parser reads it.
fn taken(method: &Method, headers: &HeaderMap) -> Option<HeaderValue> {
    let mut all = headers.get_all(header::RANGE).iter();
    let (only, None) = (all.next()?, all.next()) else {
        return None;
    };
    if method != Method::GET {
        return None;
    }
    HeaderValue::from_str(&normal(only.to_str().ok()?)?).ok()
}

/// `bytes=FIRST-LAST`, `bytes=FIRST-` or `bytes=-COUNT`, without what only makes
/// it longer. A number beyond every file stays beyond every file.
fn normal(range: &str) -> Option<String> {
    let (unit, range) = range.split_once('=')?;
    let (first, last) = range.split_once('-')?;
    if !unit.eq_ignore_ascii_case("bytes") {
        return None;
    }
    match (first, last) {
        ("", count) => Some(format!("bytes=-{}", number(count)?)),
        (first, "") => Some(format!("bytes={}-", number(first)?)),
        (first, last) => {
            let (first, last) = (number(first)?, number(last)?);
            (first <= last).then(|| format!("bytes={first}-{last}"))
        }
    }
}

fn number(digits: &str) -> Option<u64> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_taken_and_everything_else_is_ignored() {
        for (range, taken) in [
            ("bytes=0-1", Some("bytes=0-1")),
            ("bytes=10-", Some("bytes=10-")),
            ("bytes=-5", Some("bytes=-5")),
            ("Bytes=0-1", Some("bytes=0-1")),
            ("bytes=007-08", Some("bytes=7-8")),
            (
                "bytes=99999999999999999999-",
                Some("bytes=18446744073709551615-"),
            ),
            ("bytes=-0", Some("bytes=-0")),
            ("bytes=0-1,3-4", None),
            ("bytes=0-1, 3-4", None),
            ("bytes=5-2", None),
            ("bytes=-", None),
            ("bytes=", None),
            ("bytes", None),
            ("", None),
            ("bytes=a-b", None),
            ("bytes=+1-2", None),
            ("bytes=1-2-3", None),
            ("lines=0-1", None),
        ] {
            assert_eq!(normal(range).as_deref(), taken, "{range:?}");
        }
    }

    #[test]
    fn a_second_range_header_and_another_method_take_nothing() {
        let mut headers = HeaderMap::new();
        headers.append(header::RANGE, HeaderValue::from_static("bytes=0-1"));
        assert!(taken(&Method::GET, &headers).is_some());
        assert!(taken(&Method::HEAD, &headers).is_none());
        headers.append(header::RANGE, HeaderValue::from_static("bytes=3-4"));
        assert!(taken(&Method::GET, &headers).is_none());
    }
}
