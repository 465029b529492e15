//! Waiting until every process of a desktop runs, by its status stream.

use std::time::Duration;

use futures_util::StreamExt;
use serde_json::Value;
use tokio::time::{sleep, timeout as within};

use super::{Desktop, DesktopError, Result, StatusStream, answer, wire::ProcessStatusList};

/// The first pause before connecting again; it doubles up to [`MAX_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const MAX_PAUSE: Duration = Duration::from_secs(5);

/// Waits until `desktop` is ready, at most for `timeout`.
pub(super) async fn wait_until_ready(desktop: &dyn Desktop, timeout: Duration) -> Result<()> {
    wait(|| desktop.status_stream(), timeout).await
}

/// Reads the status stream until the desktop is ready. When the stream ends
/// early or meets a retryable error, it connects again after a pause of 0.5 s
/// that doubles up to 5 s, as the protocol's client does.
async fn wait<C>(connect: impl Fn() -> C, timeout: Duration) -> Result<()>
where
    C: Future<Output = Result<StatusStream>>,
{
    let mut last_seen = String::from("it did not answer");
    let mut pause = FIRST_PAUSE;
    let waiting = async {
        loop {
            match follow(connect(), &mut last_seen).await {
                Ok(true) => return Ok(()),
                Ok(false) => {}
                Err(error) if error.is_retryable() => last_seen = error.to_string(),
                Err(error) => return Err(error),
            }
            sleep(pause).await;
            pause = (pause * 2).min(MAX_PAUSE);
        }
    };
    let ended = within(timeout, waiting).await;
    ended.unwrap_or_else(|_| {
        Err(DesktopError::Timeout {
            call: format!("the desktop ({last_seen})"),
            after: timeout,
        })
    })
}

/// Follows one stream; true once ready, false if it ended before.
async fn follow(
    connecting: impl Future<Output = Result<StatusStream>>,
    last_seen: &mut String,
) -> Result<bool> {
    let mut stream = connecting.await?;
    while let Some(list) = stream.next().await {
        let list = list?;
        if list.is_ready() {
            return Ok(true);
        }
        *last_seen = describe(&list);
    }
    Ok(false)
}

fn describe(list: &ProcessStatusList) -> String {
    let missing: Vec<&str> = list
        .items
        .iter()
        .filter(|p| !p.running)
        .map(|p| p.name.as_str())
        .collect();
    let counts = format!("{} of {} processes were running", list.running, list.total);
    if missing.is_empty() {
        counts
    } else {
        format!("{counts}, not {}", missing.join(", "))
    }
}

/// One event of the stream. An error comes as `event: error` with plain text,
/// or as `{"message": …}` or `{"error": …}`.
pub(super) fn read_status(event: &str, data: &str) -> Result<ProcessStatusList> {
    let status = answer::parse("GET /api/status/stream", data.as_bytes());
    if event != "error" && status.is_ok() {
        return status;
    }
    let json: Value = serde_json::from_str(data).unwrap_or_default();
    let spoken = ["message", "error"]
        .into_iter()
        .find_map(|key| json[key].as_str());
    match spoken {
        Some(message) => Err(DesktopError::Stream {
            message: message.to_owned(),
        }),
        None if event == "error" => Err(DesktopError::Stream {
            message: data.to_owned(),
        }),
        None => status,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use futures_util::stream;
    use tokio::time::Instant;

    use super::*;

    fn error(status: u16) -> DesktopError {
        Box::new(crate::desktop::Refused {
            status,
            ..Default::default()
        })
        .into()
    }

    #[tokio::test(start_paused = true)]
    async fn it_connects_again_after_pauses_that_double_up_to_5_s() {
        let begun = Instant::now();
        let connects = Mutex::new(Vec::new());
        let connect = async || {
            let mut connects = connects.lock().expect("no panic");
            connects.push(begun.elapsed().as_millis());
            match connects.len() {
                1 => Err(error(503)),
                2 => Ok(stream::iter([Err(error(502))]).boxed()),
                // An early end.
                _ => Ok(stream::empty().boxed()),
            }
        };
        let timeout = Duration::from_secs(20);
        let error = wait(connect, timeout).await.expect_err("a timeout");
        assert_eq!(begun.elapsed(), timeout);
        assert_eq!(
            *connects.lock().expect("no panic"),
            [0, 500, 1500, 3500, 7500, 12_500, 17_500]
        );
        assert!(error.to_string().contains("502"), "{error}");
    }

    #[tokio::test(start_paused = true)]
    async fn an_error_that_stays_is_told_at_once() {
        let begun = Instant::now();
        let connect = async || Err(error(403));
        let error = wait(connect, Duration::from_secs(20)).await;
        assert_eq!(error.expect_err("403").status(), Some(403));
        assert_eq!(begun.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn waiting_in_vain_says_what_was_seen_last() {
        let novnc = r#"{"name": "novnc", "running": false, "stdout_log": "", "stderr_log": ""}"#;
        let data =
            format!(r#"{{"status": "degraded", "items": [{novnc}], "running": 3, "total": 4}}"#);
        let connect = async || Ok(stream::iter([read_status("message", &data)]).boxed());
        let error = wait(connect, Duration::from_millis(200)).await;
        assert_eq!(
            error.expect_err("a timeout").to_string(),
            "the desktop (3 of 4 processes were running, not novnc) did not answer within 0.2 s"
        );
    }

    #[test]
    fn an_error_event_is_an_error_in_either_of_its_forms() {
        for (event, data) in [
            ("error", "the display is gone"),
            ("message", r#"{"message": "the display is gone"}"#),
            ("error", r#"{"error": "the display is gone"}"#),
        ] {
            let error = read_status(event, data).expect_err(data);
            assert!(error.is_retryable(), "{data}");
            assert!(error.to_string().contains("the display is gone"), "{error}");
        }
    }

    #[test]
    fn a_status_event_is_read() {
        let data = r#"{"status": "degraded", "items": [], "running": 3, "total": 4}"#;
        let list = read_status("message", data).expect("a status list");
        assert!(!list.is_ready());
    }
}
