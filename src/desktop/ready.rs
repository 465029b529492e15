//! Waiting until every process of a desktop runs, by its status stream.

use std::time::Duration;

use futures_util::StreamExt;
use tokio::time::{sleep, timeout as within};

use super::{Desktop, DesktopError, Result, wire::ProcessStatusList};

/// The first pause before connecting again; it doubles up to [`MAX_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const MAX_PAUSE: Duration = Duration::from_secs(5);

/// Reads the status stream until the desktop is ready. When the stream ends
/// early or meets a retryable error, it connects again after a pause of 0.5 s
/// that doubles up to 5 s, as the protocol's client does.
pub(super) async fn wait_until_ready(desktop: &dyn Desktop, timeout: Duration) -> Result<()> {
    let mut last_seen = String::from("nothing was heard of it");
    let mut pause = FIRST_PAUSE;
    let waiting = async {
        loop {
            match follow(desktop, &mut last_seen).await {
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
async fn follow(desktop: &dyn Desktop, last_seen: &mut String) -> Result<bool> {
    let mut stream = desktop.status_stream().await?;
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
    format!(
        "{} of {} processes ran, not {}",
        list.running,
        list.total,
        missing.join(", ")
    )
}

/// One event of the stream. An error comes as `event: error` with plain text,
/// or as `{"message": …}` or `{"error": …}`.
pub(super) fn read_status(event: &str, data: &str) -> Result<ProcessStatusList> {
    let call = || "GET /api/status/stream".to_owned();
    let spoken = serde_json::from_str::<serde_json::Value>(data)
        .ok()
        .and_then(|json| {
            ["message", "error"]
                .iter()
                .find_map(|key| json.get(key)?.as_str().map(str::to_owned))
        });
    if event == "error" || spoken.is_some() {
        let message = spoken.unwrap_or_else(|| data.to_owned());
        return Err(DesktopError::Stream { message });
    }
    serde_json::from_str(data).map_err(|error| DesktopError::Answer {
        call: call(),
        problem: error.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
