//! Recordings, however they end.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use deskhand::{
    desktop::{Desktop, DesktopClient, wire::RecordingStatus},
    geometry::Size,
    server::Options,
};

use crate::{
    eventually::eventually,
    place::{Place, end_by_force, status},
    run::{Ended, Run, send},
    started::Started,
};

/// What ffprobe says of a video.
struct Video {
    said: String,
}

impl Video {
    fn of(file: &Path) -> Self {
        let show = "stream=codec_name,pix_fmt,r_frame_rate,width,height:format=duration";
        let probe = Command::new("ffprobe")
            .args(["-v", "error", "-show_entries", show])
            .args(["-of", "default=noprint_wrappers=1"])
            .arg(file)
            .output()
            .unwrap();
        let said = String::from_utf8(probe.stdout).unwrap();
        let complaint = String::from_utf8(probe.stderr).unwrap();
        assert!(
            probe.status.success() && complaint.is_empty(),
            "{complaint}"
        );
        Self { said }
    }

    fn is(&self, name: &str, value: &str) -> bool {
        self.said
            .lines()
            .any(|line| line == format!("{name}={value}"))
    }

    fn seconds(&self) -> f64 {
        let line = self
            .said
            .lines()
            .find_map(|line| line.strip_prefix("duration="));
        line.unwrap().parse().unwrap()
    }
}

async fn downloaded(place: &Place, client: &DesktopClient, id: &str) -> Video {
    let file = place.path().join("video.mp4");
    fs::write(&file, client.download_recording(id).await.unwrap()).unwrap();
    Video::of(&file)
}

fn span(recording: &RecordingStatus) -> f64 {
    let time =
        |at: &Option<String>| chrono::DateTime::parse_from_rfc3339(at.as_ref().unwrap()).unwrap();
    (time(&recording.stopped_at) - time(&recording.started_at)).as_seconds_f64()
}

/// Waits until two seconds of a recording are in its file: it grows each second.
async fn grows(client: &DesktopClient, id: &str) {
    let size = async || client.get_recording(id).await.unwrap().size_bytes;
    for _ in 0..2 {
        let before = size().await;
        assert!(eventually(size, |size| *size > before).await > before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_is_whole_and_as_long_as_it_says() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    let started = client.start_recording().await.unwrap();
    assert_eq!(started.resolution, "1280x800");
    assert_eq!(status(client.start_recording().await), Some(409));
    grows(&client, &started.id).await;
    let stopped = client.stop_recording().await.unwrap();
    assert!(!stopped.active);
    assert_eq!(status(client.stop_recording().await), Some(409));
    assert_eq!(client.recording_status().await.unwrap(), stopped);
    let video = downloaded(&place, &client, &stopped.id).await;
    for (name, value) in [
        ("codec_name", "h264"),
        ("pix_fmt", "yuv420p"),
        ("r_frame_rate", "12/1"),
        ("width", "1280"),
        ("height", "800"),
    ] {
        assert!(video.is(name, value), "{}", video.said);
    }
    let (seconds, span) = (video.seconds(), span(&stopped));
    assert!(
        (seconds - span).abs() < 0.5,
        "{seconds} s for a span of {span} s"
    );
    desktop.shut_down().await;
    place.assert_nothing_is_left(Duration::ZERO);
}

#[tokio::test(flavor = "multi_thread")]
async fn recordings_are_listed_downloaded_in_parts_and_deleted() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    assert!(client.recordings().await.unwrap().is_empty());
    let active = client.start_recording().await.unwrap().id;
    assert!(client.get_recording(&active).await.unwrap().active);
    assert_eq!(status(client.delete_recording(&active).await), Some(409));
    grows(&client, &active).await;
    client.stop_recording().await.unwrap();
    let [kept] = &client.recordings().await.unwrap()[..] else {
        panic!("one recording")
    };
    assert_eq!(*kept, client.get_recording(&active).await.unwrap());
    assert_eq!(kept.file_name, format!("{active}.mp4"));
    let all = client.download_recording(&active).await.unwrap();
    assert_eq!(all.len() as u64, kept.size_bytes);

    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let part = |range: &'static str| {
        http.get(format!("{}{}", desktop.url(), kept.download))
            .bearer_auth(desktop.token())
            .header("range", range)
            .send()
    };
    let middle = part("bytes=10-19").await.unwrap();
    assert_eq!(middle.status().as_u16(), 206);
    assert_eq!(middle.headers()["content-type"], "video/mp4");
    assert_eq!(middle.bytes().await.unwrap(), &all[10..20]);
    let beyond = part("bytes=999999999-").await.unwrap();
    assert_eq!(beyond.status().as_u16(), 416);
    let size = format!("bytes */{}", all.len());
    assert_eq!(beyond.headers()["content-range"], size.as_str());
    // What is not one range of bytes is ignored.
    for ignored in ["bytes=0-1,3-4", "bytes=9-1", "bytes=", "", "lines=1-2"] {
        let whole = part(ignored).await.unwrap();
        assert_eq!(whole.status().as_u16(), 200, "{ignored:?}");
        assert_eq!(whole.bytes().await.unwrap(), all, "{ignored:?}");
    }

    client.delete_recording(&active).await.unwrap();
    assert_eq!(status(client.get_recording(&active).await), Some(404));
    assert_eq!(status(client.delete_recording(&active).await), Some(404));
    assert_eq!(status(client.download_recording("rec_1").await), Some(404));
    desktop.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_size_or_another_x_server_ends_a_recording_properly() {
    let place = Place::new();
    let options = Options {
        resizable_to: Some(Size::new(1600, 900)),
        ..place.options()
    };
    let (desktop, client) = place.desktop_with(options).await;
    let first = client.start_recording().await.unwrap();
    grows(&client, &first.id).await;
    client.resize_screen(Size::new(1601, 0)).await.unwrap_err();
    assert!(client.recording_status().await.unwrap().active);
    client.resize_screen(Size::new(1501, 899)).await.unwrap();
    let ended = client.recording_status().await.unwrap();
    assert!(!ended.active && ended.stopped_at.is_some());
    assert!(
        downloaded(&place, &client, &first.id)
            .await
            .is("width", "1280")
    );

    let second = client.start_recording().await.unwrap();
    assert_eq!(second.resolution, "1501x899");
    grows(&client, &second.id).await;
    client.restart_process("xvfb").await.unwrap();
    assert!(!client.recording_status().await.unwrap().active);
    let video = downloaded(&place, &client, &second.id).await;
    // Its colours need even sides.
    assert!(
        video.is("width", "1502") && video.is("height", "900"),
        "{}",
        video.said
    );
    assert!(video.seconds() > 1.0);
    desktop.shut_down().await;
    place.assert_nothing_is_left(Duration::ZERO);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_ffmpeg_recorded_can_be_played() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    let active = client.start_recording().await.unwrap().id;
    grows(&client, &active).await;
    end_by_force(place.process("ffmpeg").unwrap());
    let status_now = async || client.recording_status().await.unwrap();
    assert!(!eventually(status_now, |status| !status.active).await.active);
    let video = downloaded(&place, &client, &active).await;
    assert!(video.seconds() >= 1.0, "{}", video.said);
    assert_eq!(status(client.stop_recording().await), Some(409));
    let ended = client.recording_status().await.unwrap();
    let killed = "ffmpeg was killed by signal 9";
    assert_eq!(ended.problem.as_deref(), Some(killed));
    let next = client.start_recording().await.unwrap().id;
    assert_ne!(next, active);
    let stopped = client.stop_recording().await.unwrap();
    assert_eq!(stopped.problem, None);
    desktop.shut_down().await;
}

/// A run whose ffmpeg gets a signal while it records.
fn broken_by(signal: &str, steps: &str) -> Ended {
    let run = Run::text(&format!(
        "version: 1\nname: Broken\ndesktop: {{ profile: bare }}\nsteps:\n  - record: demo\n{steps}"
    ));
    let child = run.started();
    run.has_told(r#""step":3,"verb""#);
    send(signal, run.place.process("ffmpeg").unwrap());
    run.end_of(child)
}

#[test]
fn a_killed_ffmpeg_is_an_error_of_the_run() {
    for stop in ["", "  - record: stop\n"] {
        let ended = broken_by("-9", &format!("  - move: [9, 9]\n  - run: sleep 2\n{stop}"));
        assert_eq!(ended.status, 4, "{}", ended.said);
        let broke = "the recording `demo` broke: ffmpeg was killed by signal 9 ";
        assert!(ended.said.contains(broke), "{}", ended.said);
        // It depends on the moment whether there was anything to save.
        let video = ended.place.path().join("artifacts/play/demo.mp4");
        let nothing = ended.said.contains("nothing was saved");
        assert_ne!(video.exists(), nothing, "{}", ended.said);
        if !nothing {
            ended.assert_video_plays("play/demo.mp4");
        }
        ended.assert_nothing_is_left();
    }
}

#[test]
fn a_stopped_ffmpeg_is_an_error_of_the_run_and_what_it_saved_plays() {
    let ended = broken_by("-STOP", "  - run: sleep 2.5\n  - run: sleep 1\n");
    assert_eq!(ended.status, 4, "{}", ended.said);
    let broke = "the recording `demo` broke: ffmpeg was stopped by a signal after ";
    assert!(ended.said.contains(broke), "{}", ended.said);
    let video = Video::of(&ended.place.path().join("artifacts/play/demo.mp4"));
    let events = ended.file("events.jsonl");
    let saved = events.lines().find(|line| line.contains("recording-saved"));
    let saved: serde_json::Value = serde_json::from_str(saved.unwrap()).unwrap();
    let span = saved["span"].as_f64().unwrap();
    assert!(
        (span - video.seconds()).abs() < 0.01,
        "{span}: {}",
        video.said
    );
    ended.assert_nothing_is_left();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_deskhand_recorded_can_be_played_and_is_found_again() {
    let place = Place::new();
    let kept: PathBuf = place.path().join("kept");
    let variables = [("LEAP0_RECORDINGS_DIR", kept.to_str().unwrap())];
    let desktop = Started::new(&place, &["--profile", "bare"], &variables);
    let id = desktop.client().start_recording().await.unwrap().id;
    grows(&desktop.client(), &id).await;
    desktop.end_by_force();
    place.assert_nothing_is_left(Duration::from_secs(5));
    let video = Video::of(&kept.join(format!("{id}.mp4")));
    assert!(video.seconds() > 1.0, "{}", video.said);

    let desktop = Started::new(&place, &["--profile", "bare"], &variables);
    let client = desktop.client();
    assert_eq!(client.recordings().await.unwrap()[0].id, id);
    client.delete_recording(&id).await.unwrap();
    desktop.end();
    let left = fs::read_dir(kept).unwrap().count();
    assert_eq!(left, 0, "the folder was there before, so it stays");
    place.assert_nothing_is_left(Duration::ZERO);
}
