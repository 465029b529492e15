//! What is left behind.

use std::{
    fs,
    path::Path,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use super::processes;

/// How long after the end of Deskhand things may be there that it was killed too early
/// to remove itself.
const AFTERWARDS: Duration = Duration::from_secs(4);

/// The file that fills a disk, which the test itself has put there.
pub(crate) const FILL: &str = ".fill";

/// What is always there.
const KNOWN: [&str; 5] = ["deskhand", "test", "scene", ".X11-unix", ".ICE-unix"];

/// Everything that is left: at once, or where Deskhand could not wait for it, soon.
pub(crate) fn left(folder: &Path, at_once: bool) -> Vec<String> {
    let deadline = Instant::now() + AFTERWARDS;
    loop {
        let left = now(folder);
        if left.is_empty() || at_once || Instant::now() > deadline {
            return left;
        }
        thread::sleep(Duration::from_millis(20));
    }
}

fn now(folder: &Path) -> Vec<String> {
    let mut left: Vec<String> = processes::all()
        .iter()
        .map(|process| format!("process {} ({})", process.name, process.pid))
        .collect();
    if left.is_empty() && processes::is_any_left() {
        left.push("a process that is another one at every look".to_owned());
    }
    left.extend(entries(Path::new("/tmp")).filter(|name| !KNOWN.contains(&&**name)));
    for folder in ["/tmp/.X11-unix", "/tmp/.ICE-unix", "/dev/shm"] {
        left.extend(entries(Path::new(folder)).map(|name| format!("{folder}/{name}")));
    }
    let temporary = folder.join("tmp");
    let temporary = entries(&temporary).filter(|name| name != FILL);
    left.extend(temporary.map(|name| format!("TMPDIR/{name}")));
    left.extend(segments().map(|segment| format!("shared memory {segment}")));
    left
}

/// The numbers of the segments of System V shared memory.
fn segments() -> impl Iterator<Item = String> {
    let table = fs::read_to_string("/proc/sysvipc/shm").unwrap_or_default();
    let numbers = table.lines().skip(1).map(|row| {
        let number = row.split_whitespace().nth(1);
        number.unwrap_or_default().to_owned()
    });
    numbers.collect::<Vec<_>>().into_iter()
}

fn entries(folder: &Path) -> impl Iterator<Item = String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned())
}

/// Removes what is left, so that what is played next answers for itself alone.
pub(crate) fn remove(folder: &Path) {
    processes::end_all();
    for mounted in ["tmp", "artifacts"].map(|name| folder.join(name)) {
        let _ = Command::new("umount").arg("--quiet").arg(mounted).output();
    }
    let _ = fs::remove_dir_all(folder);
    for folder in ["/tmp/.X11-unix", "/tmp/.ICE-unix", "/dev/shm"] {
        for name in entries(Path::new(folder)) {
            let _ = fs::remove_file(Path::new(folder).join(name));
        }
    }
    for segment in segments() {
        let _ = Command::new("ipcrm").args(["-m", &segment]).output();
    }
    for name in entries(Path::new("/tmp")).filter(|name| !KNOWN.contains(&&**name)) {
        let path = Path::new("/tmp").join(name);
        let _ = fs::remove_dir_all(&path).or_else(|_| fs::remove_file(&path));
    }
}
