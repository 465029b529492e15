//! Clean recordings: every frame as it was, when it was, and without the pointer.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use chrono::{DateTime, Utc};
use deskhand::{
    desktop::{
        Desktop, DesktopClient, Profile,
        wire::{RecordedFrames, RecordingStatus},
    },
    geometry::{Point, Size},
    server::{LocalDesktop, Options},
};
use futures_util::StreamExt;
use tokio::io::AsyncWriteExt;

use crate::{
    eventually::eventually,
    place::{Place, end_by_force, status},
    program::shell,
    started::Started,
};

const SIZE: Size = Size::new(640, 480);

/// A frame of a video.
struct Frame {
    /// Seconds from the start of the video.
    time: f64,
    /// Red, green and blue of each pixel.
    pixels: Vec<u8>,
}

impl Frame {
    fn pixel(&self, at: Point) -> [u8; 3] {
        let [x, y] = [at.x, at.y].map(|n| usize::try_from(n).unwrap());
        let start = (y * SIZE.width as usize + x) * 3;
        self.pixels[start..start + 3].try_into().unwrap()
    }
}

/// Every frame of a video, as ffmpeg decodes it.
fn frames(video: &Path) -> Vec<Frame> {
    let probe = Command::new("ffprobe")
        .args(["-v", "error", "-show_entries", "frame=pts_time"])
        .args(["-of", "default=noprint_wrappers=1:nokey=1"])
        .arg(video)
        .output()
        .unwrap();
    let times = String::from_utf8(probe.stdout).unwrap();
    let decoded = Command::new("ffmpeg")
        .args(["-v", "error", "-nostdin", "-i"])
        .arg(video)
        .args(["-vsync", "passthrough", "-f", "rawvideo"])
        .args(["-pix_fmt", "rgb24", "-"])
        .output()
        .unwrap();
    let times = times.lines().filter_map(|time| time.parse().ok());
    let length = SIZE.width as usize * SIZE.height as usize * 3;
    let pixels = decoded.stdout.chunks_exact(length).map(<[u8]>::to_vec);
    let frames: Vec<Frame> = times
        .zip(pixels)
        .map(|(time, pixels)| Frame { time, pixels })
        .collect();
    assert_eq!(frames.len() * length, decoded.stdout.len());
    frames
}

async fn desktop(place: &Place) -> (LocalDesktop, DesktopClient) {
    let options = Options {
        size: SIZE,
        resizable_to: Some(Size::new(800, 600)),
        profile: Profile::Bare,
        ..place.options()
    };
    place.desktop_with(options).await
}

/// Both videos of a recording, as the desktop gives them.
async fn downloaded(place: &Place, client: &DesktopClient, id: &str) -> [PathBuf; 2] {
    let files = ["plain.mp4", "clean.mkv"].map(|name| place.path().join(name));
    fs::write(&files[0], client.download_recording(id).await.unwrap()).unwrap();
    let mut parts = client.recorded_frames(id).await.unwrap();
    let mut file = tokio::fs::File::create(&files[1]).await.unwrap();
    while let Some(part) = parts.next().await {
        file.write_all(&part.unwrap()).await.unwrap();
    }
    file.flush().await.unwrap();
    files
}

async fn recorded(client: &DesktopClient) -> u64 {
    let status = client.recording_status().await.unwrap();
    status.frames.unwrap().recorded
}

/// Paints the whole screen, and waits until that is recorded; answers from when until when
/// that was.
async fn paint(client: &DesktopClient, colour: &str) -> [DateTime<Utc>; 2] {
    let (count, before) = (recorded(client).await, Utc::now());
    shell(client, &format!("xsetroot -solid '{colour}'")).await;
    let now = eventually(async || recorded(client).await, |now| *now > count).await;
    assert!(now > count, "{colour} was not recorded");
    [before, Utc::now()]
}

fn started(recording: &RecordingStatus) -> DateTime<Utc> {
    let started = recording.started_at.as_ref().unwrap();
    DateTime::parse_from_rfc3339(started).unwrap().to_utc()
}

/// Waits until nothing is drawn for a while; answers how many frames there are by then.
async fn still(client: &DesktopClient) -> u64 {
    let is_still = async || {
        let before = recorded(client).await;
        tokio::time::sleep(Duration::from_millis(400)).await;
        (before, recorded(client).await)
    };
    let (before, now) = eventually(is_still, |(before, now)| before == now).await;
    assert_eq!(before, now, "it is never still");
    now
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_is_recorded_when_something_is_drawn_as_it_was_and_without_the_pointer() {
    let place = Place::new();
    let (desktop, client) = desktop(&place).await;
    let recording = client.start_clean_recording(30).await.unwrap();
    assert!(recording.frames.is_some());
    let start = started(&recording);
    let colours = [("#f00000", [240, 0, 0]), ("#0000f0", [0, 0, 240])];
    let mut painted = Vec::new();
    for (name, colour) in colours {
        painted.push((colour, paint(&client, name).await));
    }
    // The pointer is seen, and nothing else is different.
    let before = still(&client).await;
    let place_of_pointer = client.move_pointer(Point::new(300, 200)).await.unwrap();
    assert_eq!(still(&client).await, before, "frames of a still screen");
    let shown = client.frame(None).await.unwrap();
    let still_at = Utc::now();
    let stopped = client.stop_recording().await.unwrap();
    assert_eq!(stopped.problem, None);
    let [plain, clean] = downloaded(&place, &client, &stopped.id).await;

    let all = frames(&clean);
    let RecordedFrames { recorded, .. } = stopped.frames.unwrap();
    assert_eq!(all.len() as u64, recorded);
    assert!(all.is_sorted_by(|one, next| one.time < next.time));
    assert!(all[0].time.abs() < f64::EPSILON);
    let since_start = |time: DateTime<Utc>| (time - start).as_seconds_f64();
    let middle = Point::new(320, 240);
    for (colour, [before, after]) in painted {
        let first = all.iter().find(|frame| frame.pixel(middle) == colour);
        let time = first.unwrap().time;
        // Times of the API and of the video are rounded.
        let (from, to) = (since_start(before) - 0.003, since_start(after) + 0.003);
        assert!((from..to).contains(&time), "{time} s: {from} to {to} s");
    }
    let last = all.last().unwrap();
    assert!(last.time >= since_start(still_at) - 0.003);
    assert!(last.pixels == shown.bytes(), "the last frame is the screen");

    let plain = frames(&plain);
    let last = plain.last().unwrap();
    let [.., blue] = last.pixel(middle);
    assert!(blue > 200, "it is seen to its end");
    let around = (0..24 * 24).map(|n| {
        let at = place_of_pointer;
        Point::new(at.x - 12 + n % 24, at.y - 12 + n / 24)
    });
    let differs = |at: Point| {
        let pair = last.pixel(at).into_iter().zip(last.pixel(middle));
        pair.map(|(one, other)| one.abs_diff(other)).max() > Some(60)
    };
    assert!(around.clone().any(differs), "the pointer is not seen");
    desktop.shut_down().await;
    place.assert_nothing_is_left(Duration::ZERO);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clean_recording_is_one_of_the_list_and_goes_as_a_whole() {
    let place = Place::new();
    let (desktop, client) = desktop(&place).await;
    let recording = client.start_clean_recording(60).await.unwrap();
    paint(&client, "#102030").await;
    // A video has one size.
    client.resize_screen(Size::new(800, 600)).await.unwrap();
    let ended = client.recording_status().await.unwrap();
    assert!(!ended.active);
    assert_eq!(ended.problem, None);
    let [_, clean] = downloaded(&place, &client, &recording.id).await;
    let last = frames(&clean).pop().unwrap();
    assert_eq!(last.pixel(Point::new(639, 479)), [0x10, 0x20, 0x30]);
    assert_eq!(client.recordings().await.unwrap().len(), 1);

    let url = format!("{}/api/recordings/{}", desktop.url(), recording.id);
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let get = http
        .get(format!("{url}/frames"))
        .header("range", "bytes=0-3");
    let part = get.bearer_auth(desktop.token()).send().await.unwrap();
    assert_eq!(part.status().as_u16(), 206);
    assert_eq!(part.headers()["content-type"], "video/x-matroska");
    assert_eq!(part.bytes().await.unwrap(), [0x1a, 0x45, 0xdf, 0xa3][..]);

    client.delete_recording(&recording.id).await.unwrap();
    let gone = client.recorded_frames(&recording.id).await.map(drop);
    assert_eq!(status(gone), Some(404));
    let plain = client.start_recording().await.unwrap();
    assert_eq!(plain.frames, None);
    let none = client.recorded_frames(&plain.id).await.map(drop);
    assert_eq!(status(none), Some(404));
    client.stop_recording().await.unwrap();
    let start = format!("{}/api/recording/start", desktop.url());
    let wrong = http.post(start).bearer_auth(desktop.token());
    let wrong = wrong.body(r#"{"clean": true, "frame_rate": 24}"#);
    let wrong = wrong.send().await.unwrap();
    assert_eq!(wrong.status().as_u16(), 400);
    assert!(wrong.text().await.unwrap().contains("must be 30 or 60"));
    desktop.shut_down().await;
    place.assert_nothing_is_left(Duration::ZERO);
}

/// The process that writes a file of this ending.
fn writer(place: &Place, ending: &str) -> u32 {
    let writes = |pid: &u32| {
        let command = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        command
            .strip_suffix(b"\0")
            .unwrap_or_default()
            .ends_with(ending.as_bytes())
    };
    place.process_ids().into_iter().find(writes).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn whichever_ffmpeg_is_killed_both_videos_end_and_play() {
    let place = Place::new();
    let (desktop, client) = desktop(&place).await;
    for ending in [".mkv", ".mp4"] {
        let id = client.start_clean_recording(30).await.unwrap().id;
        let size = async || client.get_recording(&id).await.unwrap().size_bytes;
        let head = size().await;
        for colour in ["#200000", "#002000", "#000020"] {
            paint(&client, colour).await;
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
        assert!(eventually(size, |size| *size > head).await > head);
        end_by_force(writer(&place, ending));
        let now = async || client.recording_status().await.unwrap();
        let ended = eventually(now, |status| !status.active).await;
        let killed = "ffmpeg was killed by signal 9";
        assert_eq!(ended.problem.as_deref(), Some(killed), "{ending}");
        let [plain, clean] = downloaded(&place, &client, &id).await;
        assert!(!frames(&plain).is_empty() && !frames(&clean).is_empty());
    }
    desktop.shut_down().await;
    place.assert_nothing_is_left(Duration::ZERO);
}

#[tokio::test(flavor = "multi_thread")]
async fn both_videos_of_a_killed_deskhand_play_to_their_end() {
    let place = Place::new();
    let kept = place.path().join("kept");
    let variables = [("LEAP0_RECORDINGS_DIR", kept.to_str().unwrap())];
    let arguments = ["--profile", "bare", "--size", "640x480"];
    let desktop = Started::new(&place, &arguments, &variables);
    let client = desktop.client();
    let id = client.start_clean_recording(30).await.unwrap().id;
    paint(&client, "#c08040").await;
    // Until that is in the plain one too.
    tokio::time::sleep(Duration::from_millis(500)).await;
    desktop.end_by_force();
    place.assert_nothing_is_left(Duration::from_secs(5));
    let clean = frames(&kept.join(format!("{id}.mkv"))).pop().unwrap();
    assert_eq!(clean.pixel(Point::new(320, 240)), [0xc0, 0x80, 0x40]);
    let plain = frames(&kept.join(format!("{id}.mp4")));
    assert!(!plain.is_empty());
}
