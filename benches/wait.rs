//! How long after a pixel changed a wait ends, and how long a step takes whose
//! picture is right at once, on a local desktop; beside a loop that takes
//! screenshots with scrot as fast as it can, in the same run. And how long a click
//! takes with all that it waits for, beside a process of xdotool.
//!
//! `cargo bench --bench wait`; a peer that is not installed is left out, and the
//! end says so. Times are medians and move with the machine; hold the ratios.

#![expect(clippy::unwrap_used, reason = "a bench that cannot go on says where")]
#![expect(clippy::print_stdout, reason = "this is what a bench is for")]

mod peers;

use std::{
    env,
    fmt::Write as _,
    fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use deskhand::{
    desktop::{
        Desktop, DesktopClient, Host, HostError, Session, Wanted,
        wire::{ExecuteRequest, Extensions},
    },
    event::{Event, EventKind, EventSink},
    executor::{self, Settings},
    geometry::{Point, Rect, Size},
    input::Button,
    plan::{self, Context, Plan},
    scenario::Source,
    server::{LocalDesktop, Options},
    vision::Frame,
};
use tokio_util::sync::CancellationToken;
use x11rb::{
    connection::Connection,
    protocol::xproto::{
        ChangeGCAux, ConnectionExt as _, CreateGCAux, CreateWindowAux, Rectangle, WindowClass,
    },
    wrapper::ConnectionExt as _,
};

/// So many steps of each kind are measured.
const STEPS: usize = 40;

/// Where the window is that is painted.
const WINDOW: Rect = Rect::new(600, 400, 120, 80);

const PAPER: u32 = 0x0040_5060;
const INK: u32 = 0x00f0_a020;

/// The name of a step that ends only once something is painted.
const WAITS: &str = "waits";

fn main() {
    if env::args().any(|argument| argument == "--paint") {
        paint();
    } else {
        tokio::runtime::Runtime::new().unwrap().block_on(measure());
    }
}

/// The program on the desktop: a window that shows one of two pictures, as each
/// line on standard input says, and answers once it is drawn.
fn paint() {
    let (connection, number) = x11rb::connect(None).unwrap();
    let screen = &connection.setup().roots[number];
    let [window, pen] = [(); 2].map(|()| connection.generate_id().unwrap());
    let short = |n: i32| i16::try_from(n).unwrap();
    let side = |n: u32| u16::try_from(n).unwrap();
    let look = CreateWindowAux::new()
        .background_pixel(PAPER)
        .override_redirect(1);
    connection
        .create_window(
            x11rb::COPY_DEPTH_FROM_PARENT,
            window,
            screen.root,
            short(WINDOW.x),
            short(WINDOW.y),
            side(WINDOW.width),
            side(WINDOW.height),
            0,
            WindowClass::INPUT_OUTPUT,
            x11rb::COPY_FROM_PARENT,
            &look,
        )
        .unwrap();
    connection
        .create_gc(pen, window, &CreateGCAux::new())
        .unwrap();
    connection.map_window(window).unwrap();
    let mut lines = std::io::stdin().lines();
    loop {
        connection.sync().unwrap();
        println!("drawn");
        let Some(Ok(line)) = lines.next() else {
            return;
        };
        // The stripes fall to the right, or to the left.
        let falls = if line == "a" { 5 } else { -5 };
        let stripe = |number: i16| Rectangle {
            x: 10 + number * 20,
            y: 20 + (number - 2) * falls,
            width: 10,
            height: 40,
        };
        let stripes: Vec<Rectangle> = (0..5).map(stripe).collect();
        let all = Rectangle {
            x: 0,
            y: 0,
            width: side(WINDOW.width),
            height: side(WINDOW.height),
        };
        for (colour, parts) in [(PAPER, &[all][..]), (INK, &stripes)] {
            let colour = ChangeGCAux::new().foreground(colour);
            connection.change_gc(pen, &colour).unwrap();
            connection.poly_fill_rectangle(window, pen, parts).unwrap();
        }
    }
}

/// That program, from here.
struct Painter {
    _process: Child,
    asked: ChildStdin,
    told: BufReader<ChildStdout>,
    shows: &'static str,
    began: Instant,
}

impl Painter {
    fn start(display: &str, authority: &str) -> Self {
        let mut process = Command::new(env::current_exe().unwrap())
            .arg("--paint")
            .env("DISPLAY", display)
            .env("XAUTHORITY", authority)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let asked = process.stdin.take().unwrap();
        let told = BufReader::new(process.stdout.take().unwrap());
        let mut painter = Self {
            _process: process,
            asked,
            told,
            shows: "a",
            began: Instant::now(),
        };
        painter.listen();
        painter
    }

    fn listen(&mut self) {
        let mut line = String::new();
        self.told.read_line(&mut line).unwrap();
        assert_eq!(line, "drawn\n");
    }

    /// Shows the other picture.
    fn turn(&mut self) {
        self.shows = if self.shows == "a" { "b" } else { "a" };
        self.began = Instant::now();
        writeln!(self.asked, "{}", self.shows).unwrap();
        self.listen();
    }
}

/// Has something painted while a step waits, and takes the time.
struct Stopwatch {
    painter: Arc<Mutex<Painter>>,
    waiting: Mutex<bool>,
    times: Mutex<Vec<Duration>>,
}

impl EventSink for Stopwatch {
    fn emit(&self, event: &Event) {
        match &event.kind {
            EventKind::StepStarted { title, .. } => {
                let waits = title == WAITS;
                *self.waiting.lock().unwrap() = waits;
                if waits {
                    let painter = Arc::clone(&self.painter);
                    let number = self.times.lock().unwrap().len();
                    thread::spawn(move || {
                        let pause = u64::try_from(60 + number * 37 % 90).unwrap();
                        thread::sleep(Duration::from_millis(pause));
                        painter.lock().unwrap().turn();
                    });
                }
            }
            EventKind::StepFinished { outcome, took, .. } => {
                let now = Instant::now();
                assert!(outcome.is_passed(), "{outcome:#?}");
                let time = if *self.waiting.lock().unwrap() {
                    // The lock is free once the program has answered.
                    now.duration_since(self.painter.lock().unwrap().began)
                } else {
                    *took
                };
                self.times.lock().unwrap().push(time);
            }
            EventKind::ScenarioFinished { outcome, .. } => {
                assert!(outcome.is_passed(), "{outcome:#?}");
            }
            _ => {}
        }
    }
}

/// The desktop that is there already.
struct Lent(DesktopClient);

#[async_trait]
impl Host for Lent {
    fn kind(&self) -> &'static str {
        "url"
    }

    async fn offers(&self) -> Result<Extensions, HostError> {
        Ok(self.0.extensions().await.unwrap())
    }

    async fn open(&self, _: &Wanted) -> Result<Box<dyn Session>, HostError> {
        Ok(Box::new(Self(self.0.clone())))
    }
}

#[async_trait]
impl Session for Lent {
    fn desktop(&self) -> &dyn Desktop {
        &self.0
    }

    async fn close(self: Box<Self>) {}
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// Half of the screenshot loop's answers come later than this; `None` where
/// there is no scrot.
fn screenshot_loop(painter: &Mutex<Painter>, at: (&str, &str), folder: &Path) -> Option<Duration> {
    let file = folder.join("scrot.png");
    let look = || {
        let status = Command::new("scrot")
            .arg("--overwrite")
            .arg(&file)
            .env("DISPLAY", at.0)
            .env("XAUTHORITY", at.1)
            .status();
        let picture = status.ok()?.success().then(|| fs::read(&file).unwrap())?;
        Some(Frame::decode_png(&picture).unwrap())
    };
    let times = (0..STEPS / 2).map(|number| {
        let before = look()?;
        thread::scope(|scope| {
            scope.spawn(|| {
                let pause = u64::try_from(60 + number * 37 % 90).unwrap();
                thread::sleep(Duration::from_millis(pause));
                painter.lock().unwrap().turn();
            });
            while look()? == before {}
            let now = Instant::now();
            Some(now.duration_since(painter.lock().unwrap().began))
        })
    });
    let times = times.collect::<Option<Vec<_>>>();
    if times.is_none() {
        peers::is_missing("scrot", "it does not work here: install its package");
    }
    times.map(median)
}

/// The scenario with these two steps again and again.
fn plan(folder: &Path, steps: [&str; 2]) -> Plan {
    let mut text = "version: 1\nname: Wait\nsteps:\n".to_owned();
    for number in 0..STEPS {
        writeln!(text, "  - {}", steps[number % 2]).unwrap();
    }
    let file = folder.join("wait.yaml");
    let source = Source::new(file.to_str().unwrap(), text.as_bytes());
    let mut plans = plan::read([source], &Context::default()).unwrap().plans;
    plans.remove(0)
}

async fn measure() {
    let size = Size::new(1440, 900);
    let keeper = PathBuf::from(env!("CARGO_BIN_EXE_deskhand"));
    let options = Options {
        size,
        ..Options::new(keeper, env::var("PATH").unwrap())
    };
    let desktop = LocalDesktop::start(&options).await.unwrap();
    let client = DesktopClient::new(&desktop.url(), Some(desktop.token())).unwrap();
    let patience = Duration::from_secs(60);
    client.wait_until_ready(patience).await.unwrap();
    let asking = ExecuteRequest {
        command: "echo $XAUTHORITY".to_owned(),
        ..ExecuteRequest::default()
    };
    let told = client.execute(&asking).await.unwrap().stdout;
    let (display, authority) = (desktop.display(), told.trim());

    let painter = Painter::start(&display, authority);
    let painter = Arc::new(Mutex::new(painter));
    let folder = tempfile::tempdir().unwrap();
    let baselines = folder.path().join("baselines/wait");
    fs::create_dir_all(&baselines).unwrap();
    for name in ["b", "a"] {
        painter.lock().unwrap().turn();
        tokio::time::sleep(Duration::from_millis(300)).await;
        let frame = client.frame(None).await.unwrap();
        fs::write(baselines.join(format!("{name}.png")), frame.encode_png()).unwrap();
        let part = Rect::new(WINDOW.x + 8, WINDOW.y + 8, 64, 32);
        let needle = frame.crop(part).unwrap();
        let file = folder.path().join(format!("{name}.png"));
        fs::write(file, needle.encode_png()).unwrap();
    }

    println!("{size}, from the pixel's change to the end of the step, medians of {STEPS}");
    let at = (&*display, authority);
    let looped = screenshot_loop(&painter, at, folder.path());
    let waits = |step: &str| format!("{step}\n    name: {WAITS}");
    for (what, [one, other]) in [
        ("wait: { changed: true }", ["wait: { changed: true }"; 2]),
        (
            "wait for a picture",
            ["wait: { image: b.png }", "wait: { image: a.png }"],
        ),
        (
            "wait until a picture is gone",
            [
                "wait: { image: a.png, gone: true }",
                "wait: { image: b.png, gone: true }",
            ],
        ),
        (
            "screenshot-assert, full screen",
            ["screenshot-assert: b", "screenshot-assert: a"],
        ),
    ] {
        let plan = plan(folder.path(), [&waits(one), &waits(other)]);
        let time = played(&plan, &client, &painter).await;
        tell(what, time, looped);
    }
    println!("{size}, from start to end of a step whose picture is right at once");
    for (what, step) in [
        ("screenshot-assert, full screen", "screenshot-assert: a"),
        ("wait for a picture", "wait: { image: a.png }"),
    ] {
        let time = played(&plan(folder.path(), [step; 2]), &client, &painter).await;
        tell(what, time, None);
    }
    println!("{size}, a click where nothing moves, from start to end");
    let [x, y] = [WINDOW.x, WINDOW.y].map(|place| place - 100);
    let step = format!("click: [{x}, {y}]");
    let time = played(&plan(folder.path(), [&step; 2]), &client, &painter).await;
    let peer = xdotool(at, (x, y));
    let beside = peer.map(|peer| ("xdotool", peer));
    report("a click step, with all that it waits for", time, beside);
    let mut times = Vec::new();
    for _ in 0..STEPS {
        let begun = Instant::now();
        let place = Some(Point::new(x, y));
        client.click(place, Button::Left, &[]).await.unwrap();
        times.push(begun.elapsed());
    }
    report("the click alone, over the API", median(times), None);
    drop(painter);
    desktop.shut_down().await;
    peers::tell_missing();
}

/// How long a process of xdotool takes for the same click; `None` where there is
/// none.
fn xdotool(at: (&str, &str), (x, y): (i32, i32)) -> Option<Duration> {
    let times = (0..STEPS).map(|_| {
        let begun = Instant::now();
        let status = Command::new("xdotool")
            .args(["mousemove", &x.to_string(), &y.to_string(), "click", "1"])
            .env("DISPLAY", at.0)
            .env("XAUTHORITY", at.1)
            .status();
        status.ok()?.success().then(|| begun.elapsed())
    });
    let times = times.collect::<Option<Vec<_>>>();
    if times.is_none() {
        peers::is_missing("xdotool", "it does not work here: install its package");
    }
    times.map(median)
}

/// The median time of a step of the plan.
async fn played(plan: &Plan, client: &DesktopClient, painter: &Arc<Mutex<Painter>>) -> Duration {
    if painter.lock().unwrap().shows != "a" {
        painter.lock().unwrap().turn();
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    let watch = Arc::new(Stopwatch {
        painter: Arc::clone(painter),
        waiting: Mutex::new(false),
        times: Mutex::default(),
    });
    let suite = [plan.clone()].into_iter().collect();
    let artifacts = tempfile::tempdir().unwrap();
    let settings = Settings {
        artifacts: artifacts.path().to_owned(),
        ..Settings::default()
    };
    let stop = CancellationToken::new();
    let host = Arc::new(Lent(client.clone()));
    executor::run(&suite, host, &settings, watch.clone(), &stop).await;
    let times = std::mem::take(&mut *watch.times.lock().unwrap());
    median(times)
}

fn tell(what: &str, ours: Duration, looped: Option<Duration>) {
    report(what, ours, looped.map(|looped| ("a loop of scrot", looped)));
}

fn report(what: &str, ours: Duration, peer: Option<(&str, Duration)>) {
    let milliseconds = |time: Duration| time.as_secs_f64() * 1000.0;
    let beside = peer.map_or_else(String::new, |(name, peer)| {
        let ratio = peer.as_secs_f64() / ours.as_secs_f64();
        let theirs = milliseconds(peer);
        format!("   {name} {theirs:.1} ms: {ratio:.1} times")
    });
    println!("  {what:40} {:8.2} ms{beside}", milliseconds(ours));
}
