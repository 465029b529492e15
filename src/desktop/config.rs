//! Where the hosted service is, and who calls it.

use std::time::Duration;

use super::{DesktopError, Result, http::REQUEST_TIMEOUT};

/// The variables that [`Config::from_variables`] reads.
const API_KEY: &str = "LEAP0_API_KEY";
const BASE_URL: &str = "LEAP0_BASE_URL";
const SANDBOX_DOMAIN: &str = "LEAP0_SANDBOX_DOMAIN";

/// How to reach the hosted service, or another one with the same protocol.
#[derive(Clone, Eq, PartialEq)]
pub struct Config {
    /// The key of the account; not empty.
    pub api_key: String,
    /// The control plane, `https://api.leap0.dev`.
    pub base_url: String,
    /// What follows the id in the host name of a sandbox, `sandbox.leap0.dev`.
    /// It may carry a scheme and a port, as `http://localhost:4000`; without a
    /// scheme it is `https`. Where sandboxes have no host names of their own, it
    /// is an address with the id in it: `http://strong:4000/sandboxes/{id}`.
    pub sandbox_domain: String,
    /// The time that each call may take, repetitions included; more than 0 s.
    pub timeout: Duration,
    /// The header that carries the key, `Authorization`.
    pub auth_header: String,
    /// Whether `Bearer ` stands before the key, unless the key begins with it.
    pub bearer: bool,
}

impl std::fmt::Debug for Config {
    /// Without the key: settings may end up in a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Config")
            .field("base_url", &self.base_url)
            .field("sandbox_domain", &self.sandbox_domain)
            .field("timeout", &self.timeout)
            .field("auth_header", &self.auth_header)
            .field("bearer", &self.bearer)
            .finish_non_exhaustive()
    }
}

impl Config {
    /// The hosted service, with the key of an account.
    #[must_use]
    pub fn new(api_key: &str) -> Self {
        Self {
            api_key: api_key.to_owned(),
            base_url: "https://api.leap0.dev".to_owned(),
            sandbox_domain: "sandbox.leap0.dev".to_owned(),
            timeout: REQUEST_TIMEOUT,
            auth_header: "Authorization".to_owned(),
            bearer: true,
        }
    }

    /// Settings from `LEAP0_API_KEY`, `LEAP0_BASE_URL` and
    /// `LEAP0_SANDBOX_DOMAIN`; `variable` gives the value of each. One that is
    /// blank counts as not set.
    ///
    /// # Errors
    ///
    /// [`DesktopError::Argument`] if there is no key.
    pub fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let value = |name: &str| {
            let value = variable(name)?.trim().to_owned();
            (!value.is_empty()).then_some(value)
        };
        let mut config = Self::new(&value(API_KEY).unwrap_or_default());
        config.check()?;
        if let Some(url) = value(BASE_URL) {
            config.base_url = url;
        }
        if let Some(domain) = value(SANDBOX_DOMAIN) {
            config.sandbox_domain = domain;
        }
        Ok(config)
    }

    /// Whether a client can be made from it, as far as it alone can tell.
    pub(super) fn check(&self) -> Result<()> {
        let (field, problem) = if self.api_key.trim().is_empty() {
            (
                "api_key",
                format!("is missing: set {API_KEY} to the key of your account"),
            )
        } else if self.timeout.is_zero() {
            ("timeout", "must be longer than 0 s".to_owned())
        } else {
            return Ok(());
        };
        Err(DesktopError::Argument { field, problem })
    }
}

/// Scheme and domain of the sandboxes, as `https` and `sandbox.leap0.dev`.
pub(super) fn scheme_and_domain(sandbox_domain: &str) -> (&str, &str) {
    let domain = sandbox_domain.trim_end_matches('/');
    domain.split_once("://").unwrap_or(("https", domain))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Config> {
        Config::from_variables(|name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn a_key_is_all_that_the_hosted_service_needs() {
        let config = read(&[(API_KEY, " k "), (BASE_URL, " "), (SANDBOX_DOMAIN, "")]);
        let config = config.expect("a config");
        assert_eq!(config, Config::new("k"));
        assert_eq!(config.base_url, "https://api.leap0.dev");
        assert_eq!(
            scheme_and_domain(&config.sandbox_domain),
            ("https", "sandbox.leap0.dev")
        );
        assert_eq!(config.timeout, Duration::from_secs(300));
    }

    #[test]
    fn a_control_plane_may_be_elsewhere_and_without_tls() {
        let config = read(&[
            (API_KEY, "k"),
            (BASE_URL, "http://localhost:4000"),
            (SANDBOX_DOMAIN, "http://localhost:4000/"),
        ])
        .expect("a config");
        assert_eq!(config.base_url, "http://localhost:4000");
        assert_eq!(
            scheme_and_domain(&config.sandbox_domain),
            ("http", "localhost:4000")
        );
    }

    #[test]
    fn a_missing_key_says_what_to_set() {
        for variables in [&[][..], &[(API_KEY, "  ")]] {
            let error = read(variables).expect_err("no key").to_string();
            assert!(error.contains("set LEAP0_API_KEY"), "{error}");
        }
    }

    #[test]
    fn the_key_is_not_shown() {
        let shown = format!("{:?}", Config::new("very-secret"));
        assert!(!shown.contains("very-secret"), "{shown}");
    }
}
