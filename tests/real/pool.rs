//! Desktops that are opened before they are wanted.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use deskhand::{
    desktop::{
        Desktop, DesktopClient, Host, HostError, Pool, Profile, Session, Wanted,
        wire::{Extensions, ProcessStatusList},
    },
    geometry::Size,
    server::{LocalDesktop, Options},
};

use crate::{
    eventually::{eventually, in_time},
    place::{Place, end_by_force},
};

/// Starts desktops as these options say, and counts them.
struct Locals(Options, Arc<AtomicUsize>);

struct Local(LocalDesktop, DesktopClient);

#[async_trait]
impl Host for Locals {
    fn kind(&self) -> &'static str {
        "local"
    }

    async fn offers(&self) -> Result<Extensions, HostError> {
        Ok(Extensions::all())
    }

    async fn open(&self, _wanted: &Wanted) -> Result<Box<dyn Session>, HostError> {
        let desktop = LocalDesktop::start(&self.0).await.unwrap();
        let client = DesktopClient::new(&desktop.url(), Some(desktop.token())).unwrap();
        self.1.fetch_add(1, Ordering::Relaxed);
        Ok(Box::new(Local(desktop, client)))
    }
}

#[async_trait]
impl Session for Local {
    fn desktop(&self) -> &dyn Desktop {
        &self.1
    }

    async fn close(self: Box<Self>) {
        self.0.shut_down().await;
    }
}

fn bare(place: &Place) -> Options {
    Options {
        profile: Profile::Bare,
        ..place.options()
    }
}

/// The process ids of the X servers of this test.
fn displays(place: &Place) -> Vec<u32> {
    let is_x = |pid: &u32| {
        let comm = std::fs::read_to_string(format!("/proc/{pid}/comm"));
        comm.is_ok_and(|comm| comm.trim() == "Xvfb")
    };
    place.process_ids().into_iter().filter(is_x).collect()
}

/// The X server of a desktop.
fn xvfb(list: &ProcessStatusList) -> Option<u32> {
    let mut items = list.items.iter();
    items
        .find(|item| item.name == "xvfb")
        .and_then(|item| item.pid)
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_desktops_that_wait_the_one_that_was_killed_is_replaced() {
    let place = Place::new();
    let started = Arc::<AtomicUsize>::default();
    let host = Locals(bare(&place), Arc::clone(&started));
    let pool = Pool::new(Arc::new(host), 2);
    let wanted = Wanted::new(Size::new(1280, 800));
    pool.expect(&[wanted.clone(), wanted.clone()]);
    let both = async || started.load(Ordering::Relaxed);
    assert_eq!(eventually(both, |count| *count == 2).await, 2);
    let [killed, other] = displays(&place)[..] else {
        panic!("two are warmed: {:?}", displays(&place))
    };
    end_by_force(killed);
    let mut served = Vec::new();
    let mut sessions = Vec::new();
    for _ in 0..2 {
        let session = in_time("a desktop", pool.open(&wanted)).await.unwrap();
        assert!(session.desktop().health().await.unwrap());
        served.extend(xvfb(&session.desktop().process_status().await.unwrap()));
        sessions.push(session);
    }
    assert!(served.contains(&other), "{served:?} without {other}");
    assert!(!served.contains(&killed), "{served:?} with {killed}");
    for session in sessions {
        session.close().await;
    }
    pool.finish().await;
    place.assert_nothing_is_left(Duration::ZERO);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desktop_that_nobody_waits_for_any_more_ends_while_it_starts() {
    let place = Place::new();
    let options = place.options();
    let starting = tokio::spawn(async move { LocalDesktop::start(&options).await.map(drop) });
    let is_begun = async || place.process("Xvfb").is_some();
    assert!(eventually(is_begun, |begun| *begun).await);
    starting.abort();
    let patience = Duration::from_secs(10);
    place.assert_nothing_is_left(patience);
}
