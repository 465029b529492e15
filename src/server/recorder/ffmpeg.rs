//! ffmpeg: recording a screen, and making a recording's file whole.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use chrono::{DateTime, Utc};
use tokio::time::{Instant, sleep, timeout};

use super::{FRAME_RATE, PATIENCE, RecorderError};
use crate::{
    geometry::Size,
    server::{
        keeper::{Child, Ended, Ending, KeeperError, Program},
        look,
        processes::{Processes, read_end},
    },
};

const LOOK_AGAIN: Duration = Duration::from_millis(3);

/// How long ffmpeg may take to be gone once it is killed.
const GRACE: Duration = Duration::from_secs(3);

/// How often a process that should end is looked at whether it is stopped.
const STOPPED: Duration = Duration::from_millis(200);

/// How long ffmpeg may do nothing at all while it should end: it waits for an X server then
/// that does not answer.
const STUCK: Duration = Duration::from_secs(3);

/// Starts ffmpeg as a process of the desktop.
pub(super) struct Ffmpeg {
    processes: Processes,
    home: PathBuf,
    log: PathBuf,
    environment: BTreeMap<String, String>,
}

impl Ffmpeg {
    /// It writes its log below the desktop's `folder`.
    pub(super) fn new(
        processes: Processes,
        folder: &Path,
        environment: &BTreeMap<String, String>,
    ) -> Self {
        Self {
            processes,
            home: environment
                .get("HOME")
                .map_or_else(|| folder.to_owned(), PathBuf::from),
            log: folder.join(look::LOGS).join("ffmpeg.log"),
            environment: environment.clone(),
        }
    }

    /// Records `size` pixels of `display` to a file; answers once the first
    /// frame is taken, with its time.
    pub(super) async fn record(
        &self,
        display: u32,
        size: Size,
        to: &Path,
    ) -> Result<(Child, DateTime<Utc>), RecorderError> {
        let ffmpeg = self.spawn(arguments(display, size, to)).await?;
        self.first_frame(&ffmpeg, to).await?;
        let said = read_end(&self.log).ok();
        let begun = said.and_then(|log| start_in(&log)).unwrap_or_else(Utc::now);
        Ok((ffmpeg, begun))
    }

    /// Writes the video `from` again as one that starts to play before it is
    /// loaded.
    pub(super) async fn rewrite(&self, from: &Path, to: &Path) -> Result<(), RecorderError> {
        let [from, to] = [from, to].map(|path| path.display().to_string());
        let args = ["-i", &from, "-c", "copy", "-movflags", "+faststart", &to];
        let mut ffmpeg = self.spawn(args.map(str::to_owned).to_vec()).await?;
        let ended = timeout(PATIENCE, ffmpeg.wait()).await;
        if ended.is_ok_and(|ended| ended.exit_code() == 0) {
            return Ok(());
        }
        ffmpeg.end();
        Err(RecorderError::Ffmpeg(self.last_words()))
    }

    /// How it ended that should not have ended, in words.
    pub(super) fn how(&self, ended: Ended) -> String {
        match ended {
            Ended::Signal(signal) => format!("ffmpeg was killed by signal {signal}"),
            Ended::Code(_) | Ended::Lost => format!("ffmpeg {ended}: {}", self.last_words()),
        }
    }

    async fn spawn(&self, args: Vec<String>) -> Result<Child, RecorderError> {
        let quiet = ["-nostdin", "-hide_banner", "-nostats", "-y"];
        let program = Program {
            name: "ffmpeg".to_owned(),
            args: quiet.into_iter().map(str::to_owned).chain(args).collect(),
            env: self.environment.clone(),
            cwd: self.home.clone(),
            stdout: self.log.clone(),
            stderr: self.log.clone(),
            ending: Ending::Finish,
            part: None,
        };
        let child = self.processes.spawn(program).await;
        child.map_err(|error| RecorderError::Ffmpeg(format!("did not start: {error}")))
    }

    /// Waits until the growing file has a byte: with `empty_moov` its head is
    /// written when the first frame is there.
    async fn first_frame(&self, ffmpeg: &Child, growing: &Path) -> Result<(), RecorderError> {
        let deadline = Instant::now() + PATIENCE;
        while !fs::metadata(growing).is_ok_and(|file| file.len() > 0) {
            if let Some(ended) = ffmpeg.ended() {
                let words = self.last_words();
                return Err(RecorderError::Ffmpeg(format!("{ended}: {words}")));
            }
            if Instant::now() > deadline {
                ffmpeg.end();
                let nothing = "recorded no picture of the screen";
                return Err(RecorderError::Ffmpeg(nothing.to_owned()));
            }
            sleep(LOOK_AGAIN).await;
        }
        Ok(())
    }

    fn last_words(&self) -> String {
        let log = read_end(&self.log).unwrap_or_default();
        log.trim_end()
            .lines()
            .next_back()
            .unwrap_or("it printed nothing")
            .to_owned()
    }
}

/// Has ffmpeg write its file to the end; answers what kept it from that. One
/// that somebody stopped (SIGSTOP) would never end, and has missed what the
/// screen showed.
pub(super) async fn finish(ffmpeg: &mut Child) -> Option<String> {
    ffmpeg.interrupt();
    let begun = Instant::now();
    let deadline = begun + PATIENCE;
    let mut stopped = false;
    let mut idle = Idle::since(begun);
    while !stopped && idle.time() < STUCK && Instant::now() < deadline {
        match timeout(STOPPED, ffmpeg.wait()).await {
            // It was killed, and did not write to the end.
            Ok(Ended::Lost) => return Some(KeeperError::Gone.to_string()),
            Ok(_) => return None,
            Err(_) => {}
        }
        stopped = is_stopped(ffmpeg.pid);
        idle.look(ffmpeg.pid);
    }
    let waited = begun.elapsed().as_secs();
    ffmpeg.end();
    let _ = timeout(GRACE, ffmpeg.wait()).await;
    Some(if stopped {
        "ffmpeg was stopped by a signal".to_owned()
    } else {
        format!("ffmpeg did not end within {waited} s; perhaps the X server does not answer")
    })
}

/// Whether a process is stopped, as `proc_pid_stat(5)` says: its state stands
/// after its name, which is in parentheses and may hold any character.
fn is_stopped(pid: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let state = stat.rsplit_once(") ").map_or("", |(_, state)| state);
    state.starts_with(['T', 't'])
}

/// For how long a process has done nothing.
struct Idle {
    since: Instant,
    worked: u64,
}

impl Idle {
    fn since(begun: Instant) -> Self {
        Self {
            since: begun,
            worked: 0,
        }
    }

    fn look(&mut self, pid: u32) {
        let worked = worked(pid);
        if worked != Some(self.worked) {
            self.since = Instant::now();
            self.worked = worked.unwrap_or(self.worked);
        }
    }

    fn time(&self) -> Duration {
        self.since.elapsed()
    }
}

/// How long all threads of a process have worked, in ticks of the kernel; `None` while one
/// of them works, waits for a processor or for a disk.
fn worked(pid: u32) -> Option<u64> {
    let mut sum = 0;
    for thread in fs::read_dir(format!("/proc/{pid}/task")).ok()?.flatten() {
        let stat = fs::read_to_string(thread.path().join("stat")).unwrap_or_default();
        let Some((_, fields)) = stat.rsplit_once(") ") else {
            // It has ended meanwhile.
            continue;
        };
        // Its state, and ten fields later its time in programs and in the kernel.
        let fields: Vec<&str> = fields.split(' ').collect();
        if fields
            .first()
            .is_some_and(|state| ["R", "D"].contains(state))
        {
            return None;
        }
        let times = fields.iter().skip(11).take(2);
        sum += times
            .filter_map(|time| time.parse::<u64>().ok())
            .sum::<u64>();
    }
    Some(sum)
}

fn arguments(display: u32, size: Size, to: &Path) -> Vec<String> {
    let rate = FRAME_RATE.to_string();
    let (size, display) = (size.to_string(), format!(":{display}"));
    let to = to.display().to_string();
    // yuv420p halves both sides of its colours, so odd sizes get a border.
    // A key frame each second is what a cut recording can lose.
    // Without looking ahead the first picture is taken at once, and the video
    // begins when we say that it does, to 30 ms.
    let args = [
        "-probesize",
        "32",
        "-analyzeduration",
        "0",
        "-f",
        "x11grab",
        "-framerate",
        &rate,
        "-draw_mouse",
        "1",
        "-video_size",
        &size,
        "-i",
        &display,
        "-vf",
        "pad=ceil(iw/2)*2:ceil(ih/2)*2",
        "-c:v",
        "libx264",
        "-preset",
        "ultrafast",
        "-tune",
        "zerolatency",
        "-pix_fmt",
        "yuv420p",
        "-r",
        &rate,
        "-g",
        &rate,
        "-movflags",
        "+frag_keyframe+empty_moov+default_base_moof",
        "-flush_packets",
        "1",
        &to,
    ];
    args.map(str::to_owned).to_vec()
}

/// The time of the first frame in what ffmpeg writes of its input:
/// `Duration: N/A, start: 1795444313.123456, bitrate: N/A`.
fn start_in(log: &str) -> Option<DateTime<Utc>> {
    let (_, of_latest) = log.rsplit_once("x11grab, from")?;
    let (_, start) = of_latest.split_once("start: ")?;
    let (seconds, rest) = start.split_once('.')?;
    let micros = rest.get(..6)?.parse::<i64>().ok()?;
    DateTime::from_timestamp_micros(seconds.parse::<i64>().ok()? * 1_000_000 + micros)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_frame_is_that_of_the_latest_recording() {
        let log = "Input #0, x11grab, from ':7':\n  Duration: N/A, start: 1700000000.000001, bitrate\n\
                   Input #0, x11grab, from ':7':\n  Duration: N/A, start: 1795444313.123456, bitrate\n\
                   Input #0, mov, from 'x':\n  Duration: 1, start: 0.000000, bitrate\n";
        let start = start_in(log).map(|time| time.timestamp_micros());
        assert_eq!(start, Some(1_795_444_313_123_456));
        assert_eq!(start_in("nothing of that kind"), None);
    }
}
