//! How fast the local desktop starts, shows itself and takes a click, each beside
//! the program that people use for it now, in the same run.
//!
//! `cargo bench --bench desktop`; a peer that is not installed is skipped with a
//! word. Times are medians and move with the machine; hold the ratios.

#![expect(clippy::unwrap_used, reason = "a bench that cannot go on says where")]
#![expect(clippy::print_stdout, reason = "this is what a bench is for")]

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use deskhand::{
    desktop::{
        Desktop, DesktopClient,
        wire::{ExecuteRequest, ImageFormat},
    },
    geometry::{Point, Size},
    input::Button,
    server::{LocalDesktop, Options},
};

fn options() -> Options {
    Options {
        size: Size::new(1440, 900),
        keeper: PathBuf::from(env!("CARGO_BIN_EXE_deskhand")),
        folder: std::env::temp_dir(),
        start_in: std::env::temp_dir(),
        path: std::env::var("PATH").unwrap(),
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// The median of `count` runs after one that does not count.
async fn measured<F: Future>(count: usize, mut work: impl FnMut() -> F) -> Duration {
    let mut times = Vec::new();
    for _ in 0..=count {
        let begun = Instant::now();
        work().await;
        times.push(begun.elapsed());
    }
    median(times.split_off(1))
}

/// The X cookie of the desktop, which its environment names.
async fn authority(client: &DesktopClient) -> String {
    let command = "echo $XAUTHORITY".to_owned();
    let request = ExecuteRequest {
        command,
        ..ExecuteRequest::default()
    };
    client
        .execute(&request)
        .await
        .unwrap()
        .stdout
        .trim()
        .to_owned()
}

/// The median time of a program on the desktop; `None` if it is not installed.
async fn peer(program: &str, arguments: &[&str], desktop: (&str, &str)) -> Option<Duration> {
    let path = std::env::var("PATH").unwrap();
    if !path
        .split(':')
        .any(|folder| Path::new(folder).join(program).is_file())
    {
        println!("  {program} is not installed: skipped");
        return None;
    }
    let (display, authority) = desktop;
    Some(
        measured(10, || async {
            let status = Command::new(program)
                .args(arguments)
                .env("DISPLAY", display)
                .env("XAUTHORITY", authority)
                .status();
            assert!(status.unwrap().success(), "{program}");
        })
        .await,
    )
}

fn tell(what: &str, ours: Duration, peer: Option<(&str, Duration)>) {
    let milliseconds = |time: Duration| time.as_secs_f64() * 1000.0;
    let beside = peer.map_or_else(String::new, |(name, theirs)| {
        let ratio = theirs.as_secs_f64() / ours.as_secs_f64();
        format!("   {name} {:.1} ms: {ratio:.1} times", milliseconds(theirs))
    });
    println!("{what:32} {:8.2} ms{beside}", milliseconds(ours));
}

async fn start() -> (LocalDesktop, DesktopClient) {
    let desktop = LocalDesktop::start(&options()).await.unwrap();
    let client = DesktopClient::new(&desktop.url(), Some(desktop.token())).unwrap();
    client
        .wait_until_ready(Duration::from_secs(60))
        .await
        .unwrap();
    (desktop, client)
}

#[tokio::main]
async fn main() {
    let mut starts = Vec::new();
    let mut ends = Vec::new();
    for _ in 0..5 {
        let begun = Instant::now();
        let (desktop, _) = start().await;
        starts.push(begun.elapsed());
        let begun = Instant::now();
        desktop.shut_down().await;
        ends.push(begun.elapsed());
    }
    tell("a desktop from nothing", median(starts), None);
    tell("and to nothing", median(ends), None);

    let (desktop, client) = start().await;
    let authority = authority(&client).await;
    let at = (&*desktop.display(), &*authority);

    let ours = measured(50, || async {
        client.screenshot(None, ImageFormat::Png).await.unwrap()
    })
    .await;
    let file = std::env::temp_dir().join("deskhand-bench.png");
    let theirs = peer("scrot", &["--overwrite", file.to_str().unwrap()], at).await;
    let _ = std::fs::remove_file(file);
    tell(
        "a screenshot, PNG, 1440x900",
        ours,
        theirs.map(|time| ("scrot", time)),
    );

    let place = Some(Point::new(700, 500));
    let ours = measured(200, || async {
        client.click(place, Button::Left).await.unwrap()
    })
    .await;
    let theirs = peer("xdotool", &["mousemove", "700", "500", "click", "1"], at).await;
    tell("a click", ours, theirs.map(|time| ("xdotool", time)));
    desktop.shut_down().await;
}
