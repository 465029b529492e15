//! `deskhand desktop start`: a local desktop until Ctrl-C.

use std::net::SocketAddr;

use clap::{builder::RangedI64ValueParser, value_parser};
use serde::Serialize;

use super::profile;
use crate::{
    cli::{
        Exit, ProcessEnvironment, complain,
        host::local,
        interrupt, runtime,
        say::{self, Reader},
        tell,
    },
    desktop::{Allowance, wire::limits},
    geometry::Size,
    profile::Profile,
    scenario::Memory,
    server::{LocalDesktop, Options},
};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    /// The address to listen on; port 0 means any free port
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// The size of the screen, 320x320 to 7680x4320
    #[arg(long, value_name = "WxH", default_value = "1440x900", value_parser = size)]
    size: Size,
    /// The token that callers must send [default: a random one]
    #[arg(long, value_parser = token)]
    token: Option<String>,
    /// What runs on the desktop
    #[arg(long, value_name = "WHICH", default_value = "xfce", value_parser = profile())]
    profile: Profile,
    /// Do not have programs report their widgets
    #[arg(long)]
    no_accessibility: bool,
    /// How much memory all its processes together may take, such as 4GiB [default: any amount]
    #[arg(long, value_name = "SIZE")]
    memory: Option<Memory>,
    /// How many processes it may have
    #[arg(long, value_name = "N", default_value_t = Allowance::PROCESSES, value_parser = processes())]
    processes: u32,
    /// Also serve the control plane, which creates sandboxes
    #[arg(long)]
    control_plane: bool,
    /// Print one line of JSON on stdout when the desktop is ready
    #[arg(long)]
    json: bool,
}

/// What a script wants to know about a desktop that is ready.
#[derive(Serialize)]
struct Ready<'a> {
    url: String,
    viewer: String,
    token: &'a str,
    display: String,
    /// What `LEAP0_SANDBOX_DOMAIN` is for its control plane.
    #[serde(skip_serializing_if = "Option::is_none")]
    sandbox_domain: Option<String>,
}

fn size(text: &str) -> Result<Size, String> {
    let size: Size = text
        .parse()
        .map_err(|_| "expected a size such as 1280x800".to_owned())?;
    let Size { width, height } = size;
    if limits::WIDTH.contains(&width) && limits::HEIGHT.contains(&height) {
        return Ok(size);
    }
    let smallest = Size::new(*limits::WIDTH.start(), *limits::HEIGHT.start());
    let largest = Options::LARGEST;
    Err(format!(
        "the size of a screen is {smallest} to {largest} pixels"
    ))
}

fn processes() -> RangedI64ValueParser<u32> {
    value_parser!(u32).range(50..=100_000)
}

fn token(text: &str) -> Result<String, String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    if text.is_empty() || !text.bytes().all(plain) {
        return Err("a token consists of letters, digits, and `-._~`".to_owned());
    }
    Ok(text.to_owned())
}

pub(in crate::cli) fn run(arguments: &Arguments, environment: &ProcessEnvironment) -> Exit {
    runtime::block_on(serve(arguments, environment)).unwrap_or_else(|exit| exit)
}

async fn serve(arguments: &Arguments, environment: &ProcessEnvironment) -> Exit {
    let stop = match interrupt::token() {
        Ok(stop) => stop,
        Err(error) => {
            complain(&format!("cannot listen for Ctrl-C: {error}"));
            return Exit::Desktop;
        }
    };
    let options = options(arguments, environment);
    // What was started until an interrupt is ended by then.
    let started = LocalDesktop::start_unless(&options, stop.child_token()).await;
    if stop.is_cancelled() && started.is_err() {
        return Exit::Passed;
    }
    let desktop = match started {
        Ok(desktop) => desktop,
        Err(error) => {
            complain(&error.to_string());
            tell(&format!("help: {}", local::help(&error)));
            return Exit::Desktop;
        }
    };
    let exit = match announce(&desktop, arguments) {
        Ok(()) => wait(&desktop, &stop).await,
        Err(exit) => exit,
    };
    desktop.shut_down().await;
    exit
}

fn options(arguments: &Arguments, environment: &ProcessEnvironment) -> Options {
    Options {
        resizable_to: Some(Options::LARGEST),
        profile: arguments.profile,
        recordings: environment.recordings.clone(),
        listen: arguments.listen,
        token: arguments.token.clone(),
        control_plane: arguments.control_plane,
        accessibility: !arguments.no_accessibility,
        allowance: Allowance {
            memory: arguments.memory.map(|memory| memory.0),
            processes: arguments.processes,
        },
        ..local::options(environment, arguments.size)
    }
}

/// Says where the desktop is. A script that has ended without reading that has no other way to find
/// it, so the desktop is then of no use.
fn announce(desktop: &LocalDesktop, arguments: &Arguments) -> Result<(), Exit> {
    if arguments.json {
        let ready = Ready {
            url: desktop.url(),
            viewer: desktop.viewer_url(),
            token: desktop.token(),
            display: desktop.display(),
            sandbox_domain: arguments.control_plane.then(|| desktop.sandbox_domain()),
        };
        let line = serde_json::to_string(&ready).map_err(|error| {
            complain(&format!("cannot print that the desktop is ready: {error}"));
            Exit::Report
        })?;
        return match say::print_document(&format!("{line}\n"))? {
            Reader::Stays => Ok(()),
            Reader::Left => {
                complain("cannot print that the desktop is ready: stdout is closed");
                Err(Exit::Report)
            }
        };
    }
    let (url, token) = (desktop.url(), desktop.token());
    tell(&format!(
        "desktop {} ({}) is ready; press Ctrl-C to end it",
        desktop.display(),
        arguments.size
    ));
    tell(&format!("  viewer    {}", desktop.viewer_url()));
    tell(&format!(
        "  API       export DESKHAND_URL={url} DESKHAND_TOKEN={token}"
    ));
    if arguments.control_plane {
        let domain = desktop.sandbox_domain();
        tell(&format!(
            "  sandboxes export LEAP0_BASE_URL={url} LEAP0_SANDBOX_DOMAIN={domain} LEAP0_API_KEY={token}"
        ));
    }
    Ok(())
}

async fn wait(desktop: &LocalDesktop, stop: &tokio_util::sync::CancellationToken) -> Exit {
    tokio::select! {
        () = stop.cancelled() => Exit::Passed,
        () = desktop.lost() => {
            complain("the keeper of the desktop's processes has ended, and the processes with it");
            Exit::Desktop
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_checked_where_it_is_given() {
        assert_eq!(size("1280x800"), Ok(Size::new(1280, 800)));
        for wrong in [
            "1280",
            "x800",
            "1280x",
            "-1x5",
            "100x100",
            "9000x800",
            "1280×800",
        ] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_token_can_stand_in_an_address() {
        assert!(token("s3cret-").is_ok());
        assert!(token("").is_err());
        assert!(token("a b").is_err());
    }
}
