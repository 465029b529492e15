//! Where the desktops of a run come from: local ones, one at a URL, or
//! sandboxes of the hosted service.

mod journal;
mod leap0;
#[cfg(all(target_os = "linux", feature = "local-desktop"))]
pub(super) mod local;
mod opening;
mod url;

use std::sync::Arc;

use super::{Exit, ProcessEnvironment, complain};
use crate::{
    desktop::{Config, DesktopError, Host, HostError, Pool, Wanted},
    plan::Plan,
    profile::Profile,
};

/// Where `--target` says to play.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum RunTarget {
    /// On a fresh local desktop for each scenario.
    Local,
    /// In a fresh sandbox of the hosted service for each scenario.
    Leap0,
    /// On the desktop at this address, which stays.
    Url(String),
}

impl std::str::FromStr for RunTarget {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "local" => Ok(Self::Local),
            "leap0" => Ok(Self::Leap0),
            url if url.starts_with("http://") || url.starts_with("https://") => {
                Ok(Self::Url(url.to_owned()))
            }
            _ => Err("expected `local`, `leap0` or a URL such as http://127.0.0.1:4000".to_owned()),
        }
    }
}

/// What is needed to use a target in addition to its name.
pub(super) struct Access<'a> {
    /// The token of the desktop at a URL.
    pub(super) token: Option<&'a str>,
    /// Whether a sandbox stays after its scenario.
    pub(super) keep: bool,
    /// Where local desktops keep recordings until they are saved.
    #[cfg(all(target_os = "linux", feature = "local-desktop"))]
    pub(super) recordings: std::path::PathBuf,
}

/// The host for `target`, with up to `ahead` of the next desktops prepared. Nothing is
/// started yet.
pub(super) fn host(
    target: &RunTarget,
    access: &Access<'_>,
    ahead: usize,
    environment: &ProcessEnvironment,
) -> Result<Arc<dyn Host>, Exit> {
    let host = plain_host(target, access, environment)?;
    Ok(Arc::new(Pool::new(host, ahead)))
}

fn plain_host(
    target: &RunTarget,
    access: &Access<'_>,
    environment: &ProcessEnvironment,
) -> Result<Arc<dyn Host>, Exit> {
    let wrong = |error: DesktopError| {
        complain(&error.to_string());
        Exit::Usage
    };
    match target {
        RunTarget::Local => local(access, environment),
        RunTarget::Leap0 => {
            let config = Config::from_variables(ProcessEnvironment::variable).map_err(wrong)?;
            let host = leap0::Leap0Host::new(config, environment.state.as_deref(), access.keep);
            let host = host.map_err(wrong)?;
            Ok(Arc::new(host))
        }
        RunTarget::Url(url) => {
            let token = access.token.or(environment.token.as_deref());
            let host = url::UrlHost::new(url, token).map_err(wrong)?;
            Ok(Arc::new(host))
        }
    }
}

/// Installs what local desktops and these scenarios need, if any of it is missing.
#[cfg(all(target_os = "linux", feature = "local-desktop"))]
pub(super) fn install(environment: &ProcessEnvironment, plans: &[&Plan]) -> Result<(), Exit> {
    super::desktop::install(
        environment,
        plans,
        crate::server::packages::Extras::default(),
    )
}

#[cfg(not(all(target_os = "linux", feature = "local-desktop")))]
pub(super) fn install(_: &ProcessEnvironment, _: &[&Plan]) -> Result<(), Exit> {
    complain("this deskhand was built without local desktops: there is nothing to install");
    Err(Exit::Usage)
}

#[cfg(all(target_os = "linux", feature = "local-desktop"))]
#[expect(clippy::unnecessary_wraps, reason = "on other systems there is none")]
fn local(access: &Access<'_>, environment: &ProcessEnvironment) -> Result<Arc<dyn Host>, Exit> {
    let host = local::LocalHost::new(environment, &access.recordings);
    Ok(Arc::new(host))
}

#[cfg(not(all(target_os = "linux", feature = "local-desktop")))]
fn local(_: &Access<'_>, _: &ProcessEnvironment) -> Result<Arc<dyn Host>, Exit> {
    complain(
        "this deskhand was built without local desktops, which are for Linux \
         (cargo feature `local-desktop`): play with `--target URL` or `--target leap0`",
    );
    Err(Exit::Usage)
}

/// A desktop that is not available, in the words of its own error.
fn unavailable(error: &DesktopError, help: &str) -> HostError {
    HostError {
        message: error.to_string(),
        help: Some(help.to_owned()),
        ..HostError::default()
    }
}

/// Refuses settings that only a local desktop can have.
fn as_it_comes(wanted: &Wanted, desktop: &str) -> Result<(), HostError> {
    let names = wanted.environment.iter().map(|(name, _)| name.as_str());
    let names: Vec<&str> = names.collect();
    let (problem, instead) = if wanted.profile == Profile::Bare {
        ("the profile `bare`".to_owned(), "the profile")
    } else if names.is_empty() {
        return Ok(());
    } else {
        let names = names.join("`, `");
        (format!("environment variables: `{names}`"), "them")
    };
    Err(HostError {
        message: format!("{desktop} is already running and cannot be given {problem}"),
        help: Some(format!(
            "play the scenario with `--target local`, or remove {instead}"
        )),
        ..HostError::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Size;

    #[tokio::test]
    async fn a_desktop_that_is_there_cannot_be_made_another() {
        let host = url::UrlHost::new("http://127.0.0.1:1", None).unwrap();
        let plain = Wanted::new(Size::new(800, 600));
        let bare = Wanted {
            profile: Profile::Bare,
            ..plain.clone()
        };
        let error = host.open(&bare).await.err().unwrap();
        assert_eq!(
            error.message,
            "the desktop at http://127.0.0.1:1 is already running and cannot be given the profile `bare`"
        );
        let pair = |name: &str| (name.to_owned(), "1".to_owned());
        let german = Wanted {
            environment: vec![pair("LANG"), pair("LC_ALL")],
            ..plain.clone()
        };
        let error = as_it_comes(&german, "a sandbox").unwrap_err();
        assert_eq!(
            error.message,
            "a sandbox is already running and cannot be given environment variables: `LANG`, `LC_ALL`"
        );
        let help = "play the scenario with `--target local`, or remove them";
        assert_eq!(error.help.as_deref(), Some(help));
        assert!(as_it_comes(&plain, "a sandbox").is_ok());
    }

    #[tokio::test]
    async fn what_a_desktop_can_do_is_asked_of_the_desktop() {
        let host = url::UrlHost::new("http://127.0.0.1:1", None).unwrap();
        let error = host.offers().await.unwrap_err();
        assert!(error.help.unwrap().contains("desktop start"));
    }

    #[test]
    fn a_target_is_a_word_or_an_address() {
        assert_eq!("local".parse(), Ok(RunTarget::Local));
        assert_eq!("leap0".parse(), Ok(RunTarget::Leap0));
        let url = "https://sbx-1.example".to_owned();
        assert_eq!(url.parse(), Ok(RunTarget::Url(url.clone())));
        for wrong in ["", "remote", "127.0.0.1:4000", "ftp://x"] {
            assert!(wrong.parse::<RunTarget>().is_err(), "{wrong}");
        }
    }
}
