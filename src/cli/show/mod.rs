//! `deskhand show`: the report of a run in a browser, where one can act on it.
//!
//! ```text
//! Runs ──▶ page, files                 what `report` writes, made anew at each visit
//!   ├────▶ review ──▶ accept::baseline  what `accept` does, for one picture
//!   ├────▶ draw ──▶ scenario::edit      masks and regions, into the text of a scenario
//!   ├────▶ film ──▶ scenario::edit      captions and zooms, into it and into timelines
//!   └────▶ live                         what is new, while the run goes on
//! ```
//!
//! It listens on loopback only. Whoever has its token may change baselines and scenarios
//! below the folder that it was started in, and nothing else.

mod answer;
mod browser;
mod changed;
mod desk;
mod draw;
mod files;
mod film;
mod follow;
mod found;
mod gate;
mod git;
mod live;
mod page;
mod review;
mod runs;
mod serve;
mod step;
mod writer;

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::Arc,
};

use tokio::net::TcpListener;

use self::{desk::Desk, gate::Gate, runs::Runs};
use super::{Exit, ProcessEnvironment, complain, interrupt, runtime, say, tell};
use crate::secret;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The runs: folders of artifacts, or zip files of them; several are shown as one
    #[arg(value_name = "RUN", default_value = "artifacts")]
    runs: Vec<PathBuf>,
    /// The port to listen on, on 127.0.0.1 [default: a free one]
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    port: u16,
    /// Do not open the page in a browser
    #[arg(long)]
    no_open: bool,
}

pub(super) fn run(arguments: &Arguments, environment: &ProcessEnvironment) -> Exit {
    let runs = match Runs::open(&arguments.runs) {
        Ok(runs) => runs,
        Err(problem) => {
            complain(&problem);
            return Exit::Usage;
        }
    };
    runtime::block_on(show(runs, arguments, environment)).unwrap_or_else(|exit| exit)
}

async fn show(runs: Runs, arguments: &Arguments, environment: &ProcessEnvironment) -> Exit {
    let stop = match interrupt::quiet() {
        Ok(stop) => stop,
        Err(error) => {
            complain(&format!("cannot listen for Ctrl-C: {error}"));
            return Exit::Desktop;
        }
    };
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, arguments.port));
    let listener = TcpListener::bind(address).await;
    let bound = listener.and_then(|listener| Ok((listener.local_addr()?.port(), listener)));
    let (port, listener) = match bound {
        Ok(bound) => bound,
        Err(error) => {
            complain(&format!("cannot listen on {address}: {error}"));
            return Exit::Usage;
        }
    };
    let gate = match secret::token() {
        Ok(token) => Gate::new(token, port),
        Err(error) => {
            complain(&error.to_string());
            return Exit::Desktop;
        }
    };
    let page = gate.address();
    if let Err(exit) = say::print(&format!("{page}\n")) {
        return exit;
    }
    tell("press Ctrl-C to end it");
    if !arguments.no_open
        && let Ok(once) = gate.address_once()
    {
        browser::open(&once, environment);
    }
    let desk = Arc::new(Desk::new(runs, gate, environment.clone()));
    // What is being sent when somebody ends it is of no use to anybody any more.
    let exit = tokio::select! {
        () = stop.cancelled() => Exit::Passed,
        ended = serve::serve(listener, Arc::clone(&desk)) => {
            let why = ended.err().map(|error| format!(": {error}")).unwrap_or_default();
            complain(&format!("the server has stopped{why}"));
            Exit::Desktop
        }
    };
    desk.previews.end();
    exit
}
