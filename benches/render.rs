//! How long a minute of film takes: `cargo bench --bench render`.
//!
//! The recording is a minute of 1440x900 in which something always moves, which is the
//! worst case. What ffmpeg alone takes for the same recording stands beside each figure,
//! measured in the same run, so that machines and loads can be compared.

#![expect(clippy::print_stdout, reason = "it prints what it measured")]

use std::{
    error::Error,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

use deskhand::{
    geometry::{Point, Size},
    internal::{
        film::{
            AutoZoom, Film, Style,
            encode::Stop,
            output::{Kind, Order, Show, Target, render},
            source::Frames,
        },
        timeline::{Clean, Input, Span, Step, Timeline},
    },
};

const SIZE: Size = Size::new(1440, 900);
const SECONDS: u32 = 60;

/// What is on the screen: lines as of text, and a window that is dragged around.
const SCREEN: &str = "color=0xf6f5f4:s=1440x900:r=30:d=60,drawgrid=w=9:h=22:c=0x404040,\
                      drawbox=x='mod(t*160,1000)':y='mod(t*90,500)':w=400:h=300:c=0x3584e4:t=fill";

type Done<T> = Result<T, Box<dyn Error>>;

fn main() -> Done<()> {
    let folder = tempfile::tempdir()?;
    let recording = folder.path().join("demo.clean.mkv");
    let lossless = [
        "-c:v",
        "libx264rgb",
        "-preset",
        "ultrafast",
        "-qp",
        "0",
        "-g",
        "300",
    ];
    ffmpeg(&["-f", "lavfi", "-i", SCREEN], &lossless, &recording)?;
    let input = ["-i", &recording.to_string_lossy()];
    let x264 = [
        "-c:v",
        "libx264",
        "-preset",
        "ultrafast",
        "-pix_fmt",
        "yuv420p",
    ];
    let alone = timed(|| ffmpeg(&input, &x264, &folder.path().join("alone.mp4")))?;
    let palette = folder.path().join("palette.png");
    let gif = timed(|| {
        ffmpeg(&input, &["-vf", "fps=15,palettegen"], &palette)?;
        let file = palette.to_string_lossy();
        let both = [&input[..], &["-i", &*file]].concat();
        let used = ["-lavfi", "fps=15[x];[x][1:v]paletteuse=diff_mode=rectangle"];
        ffmpeg(&both, &used, &folder.path().join("alone.gif"))
    })?;
    println!("film             seconds for a minute   times ffmpeg alone");
    for (name, file, zoom, reference) in [
        ("mp4", "a.mp4", AutoZoom::Off, alone),
        ("mp4, with zoom", "b.mp4", AutoZoom::Action, alone),
        ("gif", "c.gif", AutoZoom::Off, gif),
    ] {
        let path = folder.path().join(file);
        let mut style = Style::default();
        style.zoom.auto = zoom;
        let (took, minutes) = film(&recording, path, &style)?;
        let took = took / minutes;
        println!("{name:<16} {took:>10.1} {:>24.1}", took / reference);
    }
    println!("x264 ultrafast alone took {alone:.1} s, palettegen and paletteuse {gif:.1} s");
    Ok(())
}

/// Makes a film; answers how long that took, and how many minutes the film has.
fn film(recording: &Path, path: PathBuf, style: &Style) -> Done<(f64, f64)> {
    let timeline = timeline();
    let kind = Kind::of(&path)?;
    let start = Instant::now();
    let source = Frames::open(recording, SIZE)?;
    let film = Film::plan_drawn(&timeline, source.drawings(), style);
    let order = Order {
        show: Show {
            timeline: &timeline,
            style,
            film: &film,
        },
        targets: &[Target { path, kind }],
        max_size: None,
        sound: None,
        stop: Stop::default(),
        progress: &|_| {},
    };
    render(&order, source)?;
    let seconds = f64::from(film.frames()) / f64::from(film.frame_rate());
    Ok((start.elapsed().as_secs_f64(), seconds / 60.0))
}

/// A click every three seconds.
fn timeline() -> Timeline {
    let mut timeline = Timeline {
        version: 1,
        scenario: "A minute".to_owned(),
        recording: "demo".to_owned(),
        size: SIZE,
        length: f64::from(SECONDS),
        clean: Some(Clean {
            file: "demo.clean.mkv".to_owned(),
            frames: u64::from(SECONDS) * 30,
            dropped: 0,
        }),
        ..Timeline::default()
    };
    for number in 0..SECONDS / 3 {
        let at = f64::from(number) * 3.0;
        let to = Point::new(
            (number * 197 % 1300).cast_signed(),
            (number * 131 % 800).cast_signed(),
        );
        let button = || "left".to_owned();
        timeline.steps.push(Step {
            step: number as usize,
            verb: "click".to_owned(),
            title: format!("click {number}"),
            span: Span {
                from: at,
                to: at + 1.5,
            },
            outcome: "passed".to_owned(),
            ..Step::default()
        });
        timeline.input.extend([
            Input::Move { at: at + 0.8, to },
            Input::Down {
                at: at + 1.0,
                button: button(),
            },
            Input::Up {
                at: at + 1.1,
                button: button(),
            },
        ]);
    }
    timeline
}

fn timed(work: impl FnOnce() -> Done<()>) -> Done<f64> {
    let start = Instant::now();
    work()?;
    Ok(start.elapsed().as_secs_f64())
}

fn ffmpeg(input: &[&str], output: &[&str], to: &Path) -> Done<()> {
    let mut command = Command::new("ffmpeg");
    command.args(["-nostdin", "-v", "error", "-y"]);
    command.args(input).args(output).arg(to);
    let status = command.stdin(Stdio::null()).status()?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("ffmpeg {status}").into())
    }
}
