//! When a call is sent again, and after which pause.
//!
//! A call is repeated only where that does no harm: if the desktop refused it
//! before it did anything, if it never left, or if it changes nothing.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::header::{HeaderMap, RETRY_AFTER};

use super::DesktopError;

/// The longest pause, unless the desktop asks for a longer one.
const MAX_PAUSE: Duration = Duration::from_secs(8);

/// How often a call is sent again, and after which pause first.
#[derive(Clone, Copy, Debug)]
pub(super) struct Retries {
    /// The most that one call is repeated.
    pub(super) most: u32,
    /// The pause before the first repetition; it doubles with each.
    pub(super) first_pause: Duration,
}

/// A call that did not succeed.
#[derive(Debug)]
pub(super) struct Missed {
    pub(super) error: DesktopError,
    /// Whether it surely did not reach the desktop.
    pub(super) unsent: bool,
}

impl From<DesktopError> for Missed {
    fn from(error: DesktopError) -> Self {
        Self {
            error,
            unsent: false,
        }
    }
}

impl Missed {
    /// Whether the same call may be sent again. A `repeatable` one changes
    /// nothing, or nothing more the second time.
    fn may_be_repeated(&self, repeatable: bool) -> bool {
        let refused_beforehand = self.error.status() == Some(429);
        self.unsent || refused_beforehand || repeatable && self.error.is_retryable()
    }

    /// The pause that the desktop asked for.
    fn asked_for(&self) -> Duration {
        let DesktopError::Status(refused) = &self.error else {
            return Duration::ZERO;
        };
        retry_after(&refused.headers, Utc::now()).unwrap_or_default()
    }
}

impl Retries {
    /// No repetition: an error is reported at once.
    pub(super) const NONE: Self = Self {
        most: 0,
        first_pause: Duration::from_millis(250),
    };

    /// For a service at the other end of the internet.
    pub(super) const HOSTED: Self = Self {
        most: 3,
        ..Self::NONE
    };

    /// The pause before the call is sent again after `so_far` repetitions, or
    /// nothing if it is not.
    pub(super) fn pause(self, so_far: u32, missed: &Missed, repeatable: bool) -> Option<Duration> {
        if so_far >= self.most || !missed.may_be_repeated(repeatable) {
            return None;
        }
        let factor = 2_u32.saturating_pow(so_far);
        let own = self.first_pause.saturating_mul(factor).min(MAX_PAUSE);
        Some(own.max(missed.asked_for()))
    }
}

/// `Retry-After`: seconds, or a date of HTTP (RFC 9110, section 10.2.3).
fn retry_after(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = DateTime::parse_from_rfc2822(value).ok()?;
    // A date that has passed asks for no pause.
    Some((date.to_utc() - now).to_std().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desktop::Refused;

    const RETRIES: Retries = Retries::HOSTED;

    fn refused(status: u16, header: Option<&'static str>) -> Missed {
        let mut refused = Refused {
            status,
            ..Refused::default()
        };
        if let Some(value) = header {
            let value = value.parse().expect("a header");
            refused.headers.insert(RETRY_AFTER, value);
        }
        DesktopError::from(Box::new(refused)).into()
    }

    fn broken(unsent: bool) -> Missed {
        Missed {
            error: DesktopError::Connection {
                url: String::new(),
                reason: String::new(),
            },
            unsent,
        }
    }

    #[test]
    fn a_call_is_repeated_only_where_that_does_no_harm() {
        let table = [
            // what happened, repeatable calls, others
            (refused(429, None), true, true),
            (broken(true), true, true),
            (broken(false), true, false),
            (refused(500, None), true, false),
            (refused(503, None), true, false),
            (refused(400, None), false, false),
            (refused(404, None), false, false),
            (refused(409, None), false, false),
        ];
        for (missed, repeatable, other) in table {
            let again = |is_repeatable| RETRIES.pause(0, &missed, is_repeatable).is_some();
            assert_eq!(again(true), repeatable, "{missed:?}");
            assert_eq!(again(false), other, "{missed:?}");
        }
    }

    #[test]
    fn pauses_double_up_to_the_number_of_retries() {
        let missed = refused(429, None);
        let pauses: Vec<_> = (0..4).map(|n| RETRIES.pause(n, &missed, true)).collect();
        let ms = |ms| Some(Duration::from_millis(ms));
        assert_eq!(pauses, [ms(250), ms(500), ms(1000), None]);
        assert_eq!(Retries::NONE.pause(0, &missed, true), None);
    }

    #[test]
    fn retry_after_is_the_least_pause() {
        let pause = |value| RETRIES.pause(0, &refused(429, Some(value)), false);
        assert_eq!(pause("12"), Some(Duration::from_secs(12)));
        assert_eq!(pause("0"), Some(Duration::from_millis(250)));
        assert_eq!(pause("soon"), Some(Duration::from_millis(250)));
    }

    #[test]
    fn retry_after_may_be_a_date() {
        let now = DateTime::parse_from_rfc3339("1994-11-06T08:49:30Z").expect("a time");
        let after = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, value.parse().expect("a header"));
            retry_after(&headers, now.to_utc())
        };
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        assert_eq!(after(date), Some(Duration::from_secs(7)));
        let past = "Sun, 06 Nov 1994 08:00:00 GMT";
        assert_eq!(after(past), Some(Duration::ZERO));
    }
}
