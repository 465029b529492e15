//! The connections below the clients: TLS by rustls with ring, names by the
//! system, and names below `localhost` by the standard.

use std::{
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use reqwest::{
    ClientBuilder,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect::Policy,
};
use rustls::{ClientConfig, RootCertStore, crypto::ring};

use super::{DesktopError, Result};

/// How long a connection may take to open.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);

/// The settings that every client shares. With `encrypted`, certificates are checked against those
/// that the system trusts; without, no certificate is trusted at all, so that a machine without any
/// can still speak to itself.
pub(super) fn builder(encrypted: bool) -> Result<ClientBuilder> {
    let builder = reqwest::Client::builder()
        // A proxy of the environment would send loopback requests elsewhere.
        .no_proxy()
        // The key goes to the address that was given, and to no other.
        .redirect(Policy::none())
        .connect_timeout(CONNECT_TIMEOUT)
        .dns_resolver(Names)
        .user_agent(concat!("deskhand/", env!("CARGO_PKG_VERSION")));
    // For this client and every other of the process: reqwest brings none. An
    // error says that there is one already, which will do.
    ring::default_provider().install_default().ok();
    if encrypted {
        return Ok(builder);
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| no_client(&error))?
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth();
    Ok(builder.tls_backend_preconfigured(config))
}

/// The error for settings from which no client can be made.
pub(super) fn no_client(error: &dyn std::error::Error) -> DesktopError {
    // The outermost text of reqwest says only "builder error".
    let mut cause = error;
    while let Some(below) = cause.source() {
        cause = below;
    }
    DesktopError::Argument {
        field: "url",
        problem: format!("cannot be used by the HTTP client: {cause}"),
    }
}

/// Gives names ending in `localhost` the loopback addresses (RFC 6761, section
/// 6.3), which not every system does, and leaves the others to the system.
struct Names;

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            // Port 0 stands for the port of the URL.
            let found: Vec<SocketAddr> = if is_loopback(name.as_str()) {
                vec![
                    (Ipv4Addr::LOCALHOST, 0).into(),
                    (Ipv6Addr::LOCALHOST, 0).into(),
                ]
            } else {
                tokio::net::lookup_host((name.as_str(), 0)).await?.collect()
            };
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

fn is_loopback(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    name.rsplit('.')
        .next()
        .is_some_and(|last| last.eq_ignore_ascii_case("localhost"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_end_in_localhost_are_loopback() {
        for name in [
            "localhost",
            "sbx-1.localhost",
            "a.b.LocalHost",
            "a.localhost.",
        ] {
            assert!(is_loopback(name), "{name}");
        }
        for name in ["localhost.dev", "notlocalhost", "sandbox.leap0.dev", ""] {
            assert!(!is_loopback(name), "{name}");
        }
    }
}
