//! ffmpeg: making videos of pictures, and completing the file of a recording.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::time::{Instant, sleep, timeout};

use super::{FRAME_RATE, PATIENCE, RecorderError, feed::Pipe};
use crate::{
    geometry::Size,
    server::{
        keeper::{Child, Ended, Ending, KeeperError, Program},
        look,
        processes::{Processes, read_end},
    },
};

const LOOK_AGAIN: Duration = Duration::from_millis(3);

/// The longest part of the plain video that is lost when ffmpeg is killed, in microseconds.
const FRAGMENT: &str = "1000000";

/// Seconds from one key frame of the plain video to the next.
const KEY_FRAMES_EVERY: u32 = 5;

/// A video that is cut in the middle of a frame contains all frames before it.
const HALF_A_FRAME: Duration = Duration::from_millis(500 / FRAME_RATE as u64);

/// How long ffmpeg may take to be gone once it is killed.
const GRACE: Duration = Duration::from_secs(3);

/// How often to check whether a process that should end is stopped.
const STOPPED: Duration = Duration::from_millis(200);

/// How long ffmpeg may do nothing at all while it should end.
const STUCK: Duration = Duration::from_secs(3);

/// The largest screen, in pixels, that one thread encodes, which costs less than two.
const FOR_ONE_THREAD: u64 = 2_500_000;

/// Which video of a recording.
#[derive(Clone, Copy, Debug)]
pub(super) enum Video {
    /// That of the protocol.
    Plain,
    /// Every frame as it was, without the pointer.
    Clean,
}

/// Starts ffmpeg as a process of the desktop.
pub(super) struct Ffmpeg {
    processes: Processes,
    folder: PathBuf,
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
            folder: folder.to_owned(),
            home: environment
                .get("HOME")
                .map_or_else(|| folder.to_owned(), PathBuf::from),
            log: folder.join(look::LOGS).join("ffmpeg.log"),
            environment: environment.clone(),
        }
    }

    /// Starts making a video of pictures of `size`; returns the end of the pipe to write them to.
    pub(super) async fn record(
        &self,
        video: Video,
        size: Size,
        to: &Path,
    ) -> Result<(Child, File), RecorderError> {
        let name = match video {
            Video::Plain => "recording.plain",
            Video::Clean => "recording.clean",
        };
        let pipe = Pipe::make(self.folder.join(name))?;
        let ffmpeg = self.spawn(arguments(video, size, pipe.path(), to)).await?;
        let opened = self.until_it_reads(&ffmpeg, &pipe).await;
        if opened.is_err() {
            ffmpeg.end();
        }
        Ok((ffmpeg, opened?))
    }

    async fn until_it_reads(&self, ffmpeg: &Child, pipe: &Pipe) -> Result<File, RecorderError> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(open) = pipe.open()? {
                return Ok(open);
            }
            self.is_at_work(ffmpeg, deadline)?;
            sleep(LOOK_AGAIN).await;
        }
    }

    /// Rewrites the first `length` of the video `from` as one that starts to play before it is
    /// loaded.
    pub(super) async fn rewrite(
        &self,
        from: &Path,
        to: &Path,
        length: Duration,
    ) -> Result<(), RecorderError> {
        let [from, to] = [from, to].map(|path| path.display().to_string());
        let length = format!("{:.3}", length.saturating_sub(HALF_A_FRAME).as_secs_f64());
        let args = [
            "-i",
            &from,
            "-t",
            &length,
            "-c",
            "copy",
            "-movflags",
            "+faststart",
            &to,
        ];
        let mut ffmpeg = self.spawn(args.map(str::to_owned).to_vec()).await?;
        let ended = timeout(PATIENCE, ffmpeg.wait()).await;
        if ended.is_ok_and(|ended| ended.exit_code() == 0) {
            return Ok(());
        }
        ffmpeg.end();
        Err(RecorderError::Ffmpeg(self.last_words()))
    }

    /// How a process ended that should not have ended, in words.
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

    /// Waits until the growing file has a byte: its header is written when the first frame is
    /// there.
    pub(super) async fn first_frame(
        &self,
        ffmpeg: &Child,
        growing: &Path,
    ) -> Result<(), RecorderError> {
        let deadline = Instant::now() + PATIENCE;
        while !fs::metadata(growing).is_ok_and(|file| file.len() > 0) {
            self.is_at_work(ffmpeg, deadline)?;
            sleep(LOOK_AGAIN).await;
        }
        Ok(())
    }

    /// Fails if ffmpeg has ended, or did not begin by the deadline.
    fn is_at_work(&self, ffmpeg: &Child, deadline: Instant) -> Result<(), RecorderError> {
        if let Some(ended) = ffmpeg.ended() {
            let words = self.last_words();
            return Err(RecorderError::Ffmpeg(format!("{ended}: {words}")));
        }
        if Instant::now() > deadline {
            ffmpeg.end();
            let nothing = "recorded no picture of the screen";
            return Err(RecorderError::Ffmpeg(nothing.to_owned()));
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

/// Waits until ffmpeg, whose pipe is closed, has completed its file; returns how it ended, or what
/// prevented that. A process that somebody stopped (SIGSTOP) would never end, and has missed what
/// the screen showed.
pub(super) async fn finish(ffmpeg: &mut Child) -> Result<Ended, String> {
    let begun = Instant::now();
    let deadline = begun + PATIENCE;
    let mut stopped = false;
    let mut idle = Idle::since(begun);
    while !stopped && idle.time() < STUCK && Instant::now() < deadline {
        match timeout(STOPPED, ffmpeg.wait()).await {
            // It was killed, and did not complete its file.
            Ok(Ended::Lost) => return Err(KeeperError::Gone.to_string()),
            Ok(ended) => return Ok(ended),
            Err(_) => {}
        }
        stopped = is_stopped(ffmpeg.pid);
        idle.look(ffmpeg.pid);
    }
    let waited = begun.elapsed().as_secs();
    ffmpeg.end();
    let _ = timeout(GRACE, ffmpeg.wait()).await;
    Err(if stopped {
        "ffmpeg was stopped by a signal".to_owned()
    } else {
        format!("ffmpeg did not end within {waited} s")
    })
}

/// Whether a process is stopped, as `proc_pid_stat(5)` says: its state stands
/// after its name, which is in parentheses and may hold any character.
fn is_stopped(pid: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let state = stat.rsplit_once(") ").map_or("", |(_, state)| state);
    state.starts_with(['T', 't'])
}

/// How long a process has done nothing.
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

/// How long all threads of a process have worked, in ticks of the kernel; `None` while one of them
/// is working, or waiting for a processor or a disk.
fn worked(pid: u32) -> Option<u64> {
    let mut sum = 0;
    for thread in fs::read_dir(format!("/proc/{pid}/task")).ok()?.flatten() {
        let stat = fs::read_to_string(thread.path().join("stat")).unwrap_or_default();
        let Some((_, fields)) = stat.rsplit_once(") ") else {
            // It has ended in the meantime.
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

fn arguments(video: Video, size: Size, from: &Path, to: &Path) -> Vec<String> {
    let [from, to] = [from, to].map(|path| path.display().to_string());
    // The first picture is taken as it comes; ffmpeg must not probe what kind of video it may be.
    let source = [
        "-probesize",
        "32",
        "-analyzeduration",
        "0",
        "-f",
        "matroska",
    ];
    let source = source.into_iter().chain(["-i", &from]);
    let made: Vec<String> = match video {
        Video::Plain => plain(size),
        Video::Clean => clean().map(str::to_owned).to_vec(),
    };
    // Every packet is written when there is one, and none is waited for.
    let ends = ["-tune", "zerolatency", "-flush_packets", "1", &to];
    let all = source.map(str::to_owned).chain(made);
    all.chain(ends.map(str::to_owned)).collect()
}

/// What every recording has: a constant number of frames per second.
fn plain(size: Size) -> Vec<String> {
    let rate = FRAME_RATE.to_string();
    let key_frames = (FRAME_RATE * KEY_FRAMES_EVERY).to_string();
    let is_small = u64::from(size.width) * u64::from(size.height) <= FOR_ONE_THREAD;
    // 0 is as many as there are processors.
    let threads = if is_small { "1" } else { "0" };
    // yuv420p halves both sides of its colours, so odd sizes get a border. A constant quantizer
    // saves x264 from analysing every frame before encoding it. A fragment is what a recording that
    // is cut off can lose.
    let args = [
        "-vf",
        "pad=ceil(iw/2)*2:ceil(ih/2)*2",
        "-c:v",
        "libx264",
        "-preset",
        "ultrafast",
        "-qp",
        "23",
        "-pix_fmt",
        "yuv420p",
        "-threads",
        threads,
        "-vsync",
        "cfr",
        "-r",
        &rate,
        "-g",
        &key_frames,
        "-movflags",
        "+frag_keyframe+empty_moov+default_base_moof",
        "-frag_duration",
        FRAGMENT,
    ];
    args.map(str::to_owned).to_vec()
}

/// What films are made of: every frame with its own time, to the millisecond.
fn clean() -> [&'static str; 12] {
    [
        "-c:v",
        "libx264rgb",
        "-preset",
        "ultrafast",
        "-qp",
        "0",
        "-vsync",
        "passthrough",
        "-enc_time_base",
        "1:1000",
        "-cluster_time_limit",
        "200",
    ]
}
