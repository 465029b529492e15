//! Tested programs that behave as badly as they can, and an ffmpeg that does not do its
//! part. A desktop bears it, and its end is theirs.

use std::{fs, os::unix::fs::symlink};

use rustix::process::Signal;

use crate::{
    kind::{Expected, Kind, LOST, ORDINARY, On, Plays, Strikes, UNNOTICED},
    place::processes::{self, send},
    scene::Scene,
};

/// A scenario that starts a program of this kind and looks at it.
const fn badly(name: &'static str, steps: &'static str) -> Kind {
    Kind {
        name,
        plays: Plays { steps, ..ORDINARY },
        strike: |scene| {
            scene.has_told("step-started", 1);
            Some(scene.now())
        },
        expected: UNNOTICED,
    }
}

pub(super) const KINDS: [Kind; 11] = [
    badly(
        "a program that ignores every signal it can",
        "  - launch: sh -c 'trap \"\" TERM INT HUP QUIT; while :; do sleep 1; done'
  - launch: setsid sh -c 'trap \"\" TERM INT HUP; while :; do sleep 1; done'
  - screenshot: look
",
    ),
    badly(
        "a program that forks without end",
        "  - launch: perl -e 'while (1) { my $pid = fork; exit if $pid; select undef, undef, undef, 0.0005 }'
  - wait: 500ms
  - screenshot: look
",
    ),
    badly(
        "a program that forks into many",
        "  - launch: sh -c 'for i in $(seq 60); do (while :; do sleep 0.1 & wait; done) & done; wait'
  - wait: 500ms
  - screenshot: look
",
    ),
    badly(
        "a program that eats memory until it is refused",
        "  - launch: sh -c 'ulimit -v 300000; exec perl -e \"my \\$all = q(x) x 1000000; while (1) { \\$all .= \\$all }\"'
  - wait: 1s
  - screenshot: look
",
    ),
    badly(
        "a program that writes without end",
        "  - launch: yes Deskhand
  - wait: 1s
  - screenshot: look
",
    ),
    badly(
        "a program that opens windows without end",
        "  - launch: sh -c 'for i in $(seq 40); do xmessage -name flood \"$i\" & done; wait'
  - wait: 1s
  - screenshot: look
  - click: [400, 300]
",
    ),
    badly(
        "a program that keeps the pointer and the keyboard grabbed",
        "  - launch: /usr/bin/python3 -c 'import tkinter; window = tkinter.Tk(); window.after(200, window.grab_set_global); window.mainloop()'
  - wait: 1s
  - screenshot: look
  - click: [10, 10]
",
    ),
    Kind {
        name: "a program that keeps the server grabbed",
        plays: Plays {
            steps: r#"  - launch: /usr/bin/python3 -c 'import ctypes, time; x = ctypes.CDLL("libX11.so.6"); x.XOpenDisplay.restype = ctypes.c_void_p; d = ctypes.c_void_p(x.XOpenDisplay(None)); x.XGrabServer(d); x.XSync(d, 0); time.sleep(1000)'
  - wait: 1s
  - screenshot: look
"#,
            ..ORDINARY
        },
        strike: |scene| {
            scene.has_told("step-started", 1);
            Some(scene.now())
        },
        expected: Expected {
            says: &["the desktop's display no longer answers"],
            strikes: Strikes::All,
            within: 60,
            ..LOST
        },
    },
    Kind {
        name: "a program that has ever more processes",
        plays: Plays {
            // It ends by itself, so that it cannot take a machine where it is not ended.
            steps: "  - launch: perl -e 'for (1 .. 11) { fork } sleep 12'\n  \
                    - wait: 20s\n",
            ..ORDINARY
        },
        strike: |scene| {
            scene.has_told("step-started", 1);
            Some(scene.now())
        },
        expected: Expected {
            says: &["more than the 1000 that it may have"],
            strikes: Strikes::All,
            ..LOST
        },
    },
    Kind {
        name: "ffmpeg missing",
        plays: Plays {
            prepare: |scene| without(scene, "ffmpeg"),
            ..ORDINARY
        },
        strike: |scene| Some(scene.now()),
        expected: Expected {
            says: &["ffmpeg"],
            strikes: Strikes::All,
            ..LOST
        },
    },
    Kind {
        name: "ffmpeg killed",
        plays: Plays {
            on: On::Local,
            ..ORDINARY
        },
        strike: |scene| {
            let ffmpeg = scene.one_of(|it| it.name == "ffmpeg")?;
            scene.pause(1500);
            let still = processes::all();
            let still = still.iter().find(|it| it.pid == ffmpeg.pid)?;
            let when = scene.now();
            send(still.pid, Signal::KILL);
            Some(when)
        },
        expected: Expected {
            says: &["ffmpeg"],
            ..LOST
        },
    },
];

/// Has Deskhand find every program but one.
fn without(scene: &mut Scene, missing: &str) {
    let links = scene.folder.join("bin");
    fs::create_dir(&links).unwrap();
    let path = std::env::var("PATH").unwrap();
    let folders = path.split(':').filter_map(|it| fs::read_dir(it).ok());
    for program in folders.flatten().flatten() {
        if program.file_name() != missing {
            // The folder that comes first in PATH has its program there already.
            let _ = symlink(program.path(), links.join(program.file_name()));
        }
    }
    let links = links.display().to_string();
    scene.variables.insert("PATH".to_owned(), links);
}
