//! What recordings take of the processor: ours, with clean frames and without, beside
//! ffmpeg's x11grab in the same run; and how many frames the clean ones lose.
//!
//! `cargo bench --bench record`. Each row has the time of Deskhand and ffmpeg together, and
//! of the X server, as parts of one core; what the X server takes without a recording is
//! not counted. Hold the ratios.

#![expect(clippy::unwrap_used, reason = "a bench that cannot go on says where")]
#![expect(clippy::print_stdout, reason = "this is what a bench is for")]

use std::{
    fs,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use deskhand::{
    desktop::{Desktop, DesktopClient, Profile, wire::ExecuteRequest},
    server::{LocalDesktop, Options},
};
use rustix::process::{Pid, Signal, kill_process};

/// How long each row is measured, after a second that does not count.
const TIME: Duration = Duration::from_secs(8);

/// Ticks of the kernel in a second.
const TICKS: f64 = 100.0;

/// What is done on the screen meanwhile.
#[derive(Clone, Copy, Debug, strum::Display)]
#[strum(serialize_all = "lowercase")]
enum Scene {
    Idle,
    Typing,
    Video,
}

/// What records it.
#[derive(Clone, Copy, Debug)]
enum Recording {
    None,
    Plain,
    Clean(u32),
    Grab(u32),
}

impl Recording {
    fn name(self) -> String {
        match self {
            Self::None => "nothing".to_owned(),
            Self::Plain => "Deskhand".to_owned(),
            Self::Clean(rate) => format!("Deskhand, clean at {rate}"),
            Self::Grab(rate) => format!("x11grab at {rate}"),
        }
    }
}

/// What a row took, in parts of one core.
#[derive(Clone, Copy, Debug, Default)]
struct Took {
    recording: f64,
    x_server: f64,
}

/// The desktop of all rows.
struct Stage {
    client: DesktopClient,
    display: String,
    authority: String,
    x_server: u32,
    folder: PathBuf,
}

/// How long a process has worked, in ticks.
fn ticks(pid: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let fields = stat.rsplit_once(") ").map_or("", |(_, fields)| fields);
    let times = fields.split(' ').skip(11).take(2);
    times.filter_map(|time| time.parse::<f64>().ok()).sum()
}

/// The processes whose command line has that word.
fn processes(word: &str) -> Vec<u32> {
    let entries = fs::read_dir("/proc").unwrap().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter(|pid: &u32| {
        let command = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&command).contains(word)
    })
    .collect()
}

async fn shell(client: &DesktopClient, command: &str) -> String {
    let request = ExecuteRequest {
        command: command.to_owned(),
        ..ExecuteRequest::default()
    };
    client.execute(&request).await.unwrap().stdout
}

impl Stage {
    fn grab(&self, rate: u32) -> Child {
        let to = self.folder.join("grab.mp4");
        let (rate, to) = (rate.to_string(), to.display().to_string());
        let before = ["-v", "quiet", "-nostdin", "-y", "-f", "x11grab"];
        let source = ["-framerate", &rate, "-video_size", "1440x900"];
        let made = ["-c:v", "libx264", "-preset", "ultrafast"];
        Command::new("ffmpeg")
            .args(before)
            .args(source)
            .args(["-i", &self.display])
            .args(made)
            .args(["-pix_fmt", "yuv420p", &to])
            .env("DISPLAY", &self.display)
            .env("XAUTHORITY", &self.authority)
            .stdout(Stdio::null())
            .spawn()
            .unwrap()
    }

    /// Measures one row.
    async fn row(&self, recording: Recording, scene: Scene) -> Took {
        let mut grab = None;
        let mut pids = vec![std::process::id()];
        match recording {
            Recording::None => {}
            Recording::Plain => {
                let id = self.client.start_recording().await.unwrap().id;
                pids.extend(processes(&id));
            }
            Recording::Clean(rate) => {
                let id = self.client.start_clean_recording(rate).await.unwrap().id;
                pids.extend(processes(&id));
            }
            Recording::Grab(rate) => {
                let child = self.grab(rate);
                pids = vec![child.id()];
                grab = Some(child);
            }
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
        let used = || pids.iter().map(|pid| ticks(*pid)).sum::<f64>();
        let before = (used(), ticks(self.x_server), Instant::now());
        self.play(scene).await;
        let after = (used(), ticks(self.x_server), Instant::now());
        let time = (after.2 - before.2).as_secs_f64() * TICKS;
        if let Some(mut grab) = grab {
            let pid = Pid::from_raw(grab.id().try_into().unwrap()).unwrap();
            kill_process(pid, Signal::INT).unwrap();
            grab.wait().unwrap();
        }
        if matches!(recording, Recording::Plain | Recording::Clean(_)) {
            let ended = self.client.stop_recording().await.unwrap();
            assert_eq!(ended.problem, None);
            if let Some(frames) = ended.frames {
                println!(
                    "{scene:8} {:24} {} frames, {} dropped",
                    recording.name(),
                    frames.recorded,
                    frames.dropped
                );
            }
            self.client.delete_recording(&ended.id).await.unwrap();
        }
        Took {
            recording: (after.0 - before.0) / time,
            x_server: (after.1 - before.1) / time,
        }
    }

    async fn play(&self, scene: Scene) {
        let begun = Instant::now();
        while begun.elapsed() < TIME {
            if let Scene::Typing = scene {
                self.client.type_text("words ").await.unwrap();
            }
            tokio::time::sleep(Duration::from_millis(400)).await;
        }
    }

    /// All rows of a scene.
    async fn scene(&self, scene: Scene) {
        let nothing = self.row(Recording::None, scene).await;
        let mut all = Vec::new();
        for recording in [
            Recording::Grab(12),
            Recording::Plain,
            Recording::Grab(30),
            Recording::Clean(30),
            Recording::Clean(60),
        ] {
            let took = self.row(recording, scene).await;
            // Typing itself is the work of this process.
            let own = match recording {
                Recording::Grab(_) => 0.0,
                _ => nothing.recording,
            };
            let took = Took {
                recording: (took.recording - own).max(0.0),
                x_server: (took.x_server - nothing.x_server).max(0.0),
            };
            all.push((recording, took));
        }
        let sum = |took: Took| took.recording + took.x_server;
        let grab = sum(all[0].1);
        for (recording, took) in all {
            println!(
                "{scene:8} {:24} {:5.3} of a core, the X server {:5.3}: {:4.2} of x11grab at 12",
                recording.name(),
                took.recording,
                took.x_server,
                sum(took) / grab
            );
        }
    }
}

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().unwrap();
    let keeper = PathBuf::from(env!("CARGO_BIN_EXE_deskhand"));
    let options = Options {
        profile: Profile::Xfce,
        folder: folder.path().to_owned(),
        ..Options::new(keeper, std::env::var("PATH").unwrap())
    };
    let desktop = LocalDesktop::start(&options).await.unwrap();
    let client = DesktopClient::new(&desktop.url(), Some(desktop.token())).unwrap();
    let patience = Duration::from_secs(60);
    client.wait_until_ready(patience).await.unwrap();
    let x_server = client.get_process("xvfb").await.unwrap().pid.unwrap();
    let authority = shell(&client, "echo $XAUTHORITY").await;
    let stage = Stage {
        display: desktop.display(),
        authority: authority.trim().to_owned(),
        x_server,
        folder: folder.path().to_owned(),
        client,
    };
    stage.scene(Scene::Idle).await;
    shell(&stage.client, "mousepad >/dev/null 2>&1 &").await;
    tokio::time::sleep(Duration::from_secs(4)).await;
    stage.scene(Scene::Typing).await;
    let video = "ffplay -v quiet -f lavfi -i testsrc2=size=640x360:rate=30 >/dev/null 2>&1 &";
    shell(&stage.client, video).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    stage.scene(Scene::Video).await;
    desktop.shut_down().await;
}
