//! How fast the local desktop starts, shows itself, takes a click and is typed
//! into, each beside the programs that people use for it now, in the same run.
//!
//! `cargo bench --bench desktop`; a peer that is not installed is left out, and the
//! end says so. Times are medians and move with the machine; hold the ratios.

#![expect(clippy::unwrap_used, reason = "a bench that cannot go on says where")]
#![expect(clippy::print_stdout, reason = "this is what a bench is for")]

mod peers;

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use deskhand::{
    desktop::{
        Desktop, DesktopClient, Profile,
        wire::{ExecuteRequest, ImageFormat},
    },
    input::Button,
    server::{LocalDesktop, Options},
    vision::Frame,
};

fn options(profile: Profile) -> Options {
    let keeper = PathBuf::from(env!("CARGO_BIN_EXE_deskhand"));
    Options {
        profile,
        ..Options::new(keeper, std::env::var("PATH").unwrap())
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
        peers::is_missing(program, "it is not in PATH: install its package");
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

async fn start(profile: Profile) -> (LocalDesktop, DesktopClient) {
    let desktop = LocalDesktop::start(&options(profile)).await.unwrap();
    let client = DesktopClient::new(&desktop.url(), Some(desktop.token())).unwrap();
    client
        .wait_until_ready(Duration::from_secs(60))
        .await
        .unwrap();
    (desktop, client)
}

/// Starts and ends of a desktop, medians of five.
async fn starts(profile: Profile) -> (Duration, Duration) {
    let (mut starts, mut ends) = (Vec::new(), Vec::new());
    for _ in 0..5 {
        let begun = Instant::now();
        let (desktop, _) = start(profile).await;
        starts.push(begun.elapsed());
        let begun = Instant::now();
        desktop.shut_down().await;
        ends.push(begun.elapsed());
    }
    (median(starts), median(ends))
}

/// What a screenshot over the API cannot do without: taking the pixels from the
/// X server (0.2 ms by shared memory), encoding them as the `png` crate does it when
/// it is fast, and a loopback request.
async fn floor(client: &DesktopClient) -> Duration {
    let png = client.screenshot(None, ImageFormat::Png).await.unwrap();
    let frame = Frame::decode_png(&png).unwrap();
    let theirs = encoded(&frame);
    let kilobytes = |file: &[u8]| file.len() / 1000;
    println!(
        "{:32} {:8} KB   the png crate {} KB",
        "its file",
        kilobytes(&png),
        kilobytes(&theirs)
    );
    let encode = measured(50, || async { encoded(&frame) }).await;
    let loopback = measured(50, || async { client.health().await.unwrap() }).await;
    Duration::from_micros(200) + encode + loopback
}

/// A frame as the `png` crate packs it fast.
fn encoded(frame: &Frame) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, frame.size().width, frame.size().height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(frame.bytes()).unwrap();
    drop(writer);
    file
}

async fn screenshots(client: &DesktopClient, at: (&str, &str)) {
    let png = || async { client.screenshot(None, ImageFormat::Png).await.unwrap() };
    let ours = measured(50, png).await;
    let file = std::env::temp_dir().join("deskhand-bench.png");
    let name = file.to_str().unwrap();
    let size = "1440x900";
    let grab = [
        "-v",
        "quiet",
        "-y",
        "-f",
        "x11grab",
        "-video_size",
        size,
        "-i",
        at.0,
        "-frames:v",
        "1",
        name,
    ];
    let peers: [(&str, &[&str]); 3] = [
        ("scrot", &["--overwrite", name]),
        ("import", &["-window", "root", name]),
        ("ffmpeg", &grab),
    ];
    for (program, arguments) in peers {
        let theirs = peer(program, arguments, at).await;
        tell(
            "a screenshot, PNG, 1440x900",
            ours,
            theirs.map(|time| (program, time)),
        );
    }
    let _ = std::fs::remove_file(file);
    tell("its floor", floor(client).await, Some(("ours", ours)));
    let jpeg = ImageFormat::Jpeg { quality: None };
    let ours = measured(20, || async {
        client.screenshot(None, jpeg).await.unwrap()
    })
    .await;
    tell("the same as JPEG", ours, None);
}

async fn input(client: &DesktopClient, at: (&str, &str)) {
    let ours = measured(200, || async {
        client.click(None, Button::Left, &[]).await.unwrap()
    })
    .await;
    let theirs = peer("xdotool", &["click", "1"], at).await;
    tell("a click", ours, theirs.map(|time| ("xdotool", time)));

    let text = "The quick brown fox jumps over the lazy dog. ".repeat(3)[..100].to_owned();
    let ours = measured(20, || async { client.type_text(&text).await.unwrap() }).await;
    for delay in ["12", "0"] {
        let arguments = ["type", "--delay", delay, &text];
        let theirs = peer("xdotool", &arguments, at).await;
        let name = format!("xdotool, {delay} ms between keys,");
        tell(
            "100 characters",
            ours,
            theirs.map(|time| (name.as_str(), time)),
        );
    }
}

#[tokio::main]
async fn main() {
    for (profile, name) in [(Profile::Xfce, "XFCE"), (Profile::Bare, "bare")] {
        let (from_nothing, to_nothing) = starts(profile).await;
        tell(
            &format!("a desktop from nothing, {name}"),
            from_nothing,
            None,
        );
        tell("and to nothing", to_nothing, None);
    }
    let (desktop, client) = start(Profile::Xfce).await;
    let authority = authority(&client).await;
    let at = (&*desktop.display(), &*authority);
    screenshots(&client, at).await;
    input(&client, at).await;
    desktop.shut_down().await;
    peers::tell_missing();
}
