//! A place for one test: its own folder for everything temporary, by which also
//! the processes of its desktops are known.

use std::{
    fs,
    io::ErrorKind,
    os::unix::{ffi::OsStrExt, net::UnixStream},
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use deskhand::{
    desktop::{DesktopClient, Result},
    geometry::Size,
    server::{LocalDesktop, Options},
};
use tempfile::TempDir;

use crate::eventually::eventually_here;

pub(crate) struct Place {
    folder: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Where the desktops of this test have their folders.
    pub(crate) fn temporary(&self) -> PathBuf {
        let folder = self.path().join("tmp");
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// A desktop of this place, and a client of it.
    pub(crate) async fn desktop(&self) -> (LocalDesktop, DesktopClient) {
        self.desktop_with(self.options()).await
    }

    /// What a desktop of this place is, unless a test wants more of it.
    pub(crate) fn options(&self) -> Options {
        let keeper = PathBuf::from(env!("CARGO_BIN_EXE_deskhand"));
        Options {
            size: Size::new(1280, 800),
            folder: self.temporary(),
            start_in: Some(self.path().to_owned()),
            ..Options::new(keeper, std::env::var("PATH").unwrap())
        }
    }

    /// A desktop as `options` say, and a client of it.
    pub(crate) async fn desktop_with(&self, options: Options) -> (LocalDesktop, DesktopClient) {
        let desktop = LocalDesktop::start(&options).await.unwrap();
        let client = DesktopClient::new(&desktop.url(), Some(desktop.token())).unwrap();
        (desktop, client)
    }

    /// The folders in `/proc` of this test's processes.
    fn proc_folders(&self) -> Vec<PathBuf> {
        let variable = b"DESKHAND_LAUNCH_LOG=";
        let mark = [variable, self.temporary().as_os_str().as_bytes()].concat();
        let lives_here = |folder: &PathBuf| {
            let environment = fs::read(folder.join("environ")).unwrap_or_default();
            environment
                .split(|byte| *byte == 0)
                .any(|variable| variable.starts_with(&mark))
        };
        let entries = fs::read_dir("/proc")
            .unwrap()
            .flatten()
            .map(|entry| entry.path());
        entries.filter(lives_here).collect()
    }

    /// The names of the processes of this test's desktops.
    pub(crate) fn processes(&self) -> Vec<String> {
        let name = |folder: &PathBuf| fs::read_to_string(folder.join("comm")).unwrap_or_default();
        self.proc_folders().iter().map(name).collect()
    }

    /// The ids of the processes of this test's desktops.
    pub(crate) fn process_ids(&self) -> Vec<u32> {
        self.proc_folders()
            .iter()
            .filter_map(|folder| id(folder))
            .collect()
    }

    /// The id of the process of that name, if there is one.
    pub(crate) fn process(&self, name: &str) -> Option<u32> {
        let folders = self.proc_folders();
        let is_it = |folder: &&PathBuf| {
            fs::read_to_string(folder.join("comm")).is_ok_and(|comm| comm.trim() == name)
        };
        folders.iter().find(is_it).and_then(|folder| id(folder))
    }

    /// The TCP addresses on which this test's processes listen, as the kernel
    /// writes them.
    pub(crate) fn listening(&self) -> Vec<String> {
        let descriptors = self.proc_folders().into_iter().flat_map(|folder| {
            let entries = fs::read_dir(folder.join("fd"))
                .into_iter()
                .flatten()
                .flatten();
            entries
                .filter_map(|entry| fs::read_link(entry.path()).ok())
                .collect::<Vec<_>>()
        });
        let sockets: Vec<PathBuf> = descriptors.collect();
        let tables =
            ["/proc/net/tcp", "/proc/net/tcp6"].map(|table| fs::read_to_string(table).unwrap());
        let rows = tables.iter().flat_map(|table| table.lines());
        rows.filter_map(|row| {
            let fields: Vec<&str> = row.split_ascii_whitespace().collect();
            let socket = PathBuf::from(format!("socket:[{}]", fields.get(9)?));
            // 0A is the state LISTEN.
            (fields[3] == "0A" && sockets.contains(&socket)).then(|| fields[1].to_owned())
        })
        .collect()
    }

    /// Fails unless every process and every folder of this test's desktops is
    /// gone: at once, or (after a `kill -9`, which `patience` is for) after a while.
    pub(crate) fn assert_nothing_is_left(&self, patience: Duration) {
        let left = || {
            let entries = fs::read_dir(self.temporary()).unwrap().flatten();
            let folders: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
            (self.processes(), folders)
        };
        let is_nothing = |(processes, folders): &(Vec<String>, Vec<PathBuf>)| {
            processes.is_empty() && folders.is_empty()
        };
        let left = if patience.is_zero() {
            left()
        } else {
            eventually_here(left, is_nothing)
        };
        assert!(is_nothing(&left), "left: {left:?}");
    }
}

/// Fails if the X server of `display` left its socket. Another test's server may
/// have the number by now; then somebody answers.
pub(crate) fn assert_no_dead_socket(display: &str) {
    let socket = format!("/tmp/.X11-unix/X{}", display.trim_start_matches(':'));
    let refused = UnixStream::connect(&socket).err().map(|error| error.kind());
    assert_ne!(
        refused,
        Some(ErrorKind::ConnectionRefused),
        "{socket} is left"
    );
}

/// System V shared memory that one of these processes made and that is still there.
pub(crate) fn shared_memory_of(processes: &[u32]) -> Vec<String> {
    let table = fs::read_to_string("/proc/sysvipc/shm").unwrap();
    let made_by = |row: &&str| {
        let maker = row
            .split_ascii_whitespace()
            .nth(4)
            .and_then(|field| field.parse().ok());
        maker.is_some_and(|maker: u32| processes.contains(&maker))
    };
    table.lines().filter(made_by).map(str::to_owned).collect()
}

fn id(folder: &Path) -> Option<u32> {
    folder.file_name()?.to_str()?.parse().ok()
}

/// The error status of an answer, if it is one.
pub(crate) fn status<T>(answer: Result<T>) -> Option<u16> {
    answer.err()?.status()
}

/// Kills a process that this test's desktop started.
pub(crate) fn end_by_force(pid: u32) {
    let kill = Command::new("kill").args(["-9", &pid.to_string()]).status();
    assert!(kill.unwrap().success());
}

/// A process and all that it started and that is still below it.
pub(crate) fn family(leader: u32) -> Vec<u32> {
    let all: Vec<(u32, u32)> = fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter_map(|entry| {
            let pid = id(&entry.path())?;
            let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
            let parent = stat.rsplit_once(") ")?.1.split(' ').nth(1)?;
            Some((pid, parent.parse().ok()?))
        })
        .collect();
    let mut found = vec![leader];
    let mut next = 0;
    while let Some(above) = found.get(next).copied() {
        let below = all.iter().filter(|(_, parent)| *parent == above);
        found.extend(below.map(|(pid, _)| pid));
        next += 1;
    }
    found
}

/// Whether a process runs; one that only waits to be reaped does not.
pub(crate) fn is_alive(pid: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let state = stat.rsplit_once(") ").map(|(_, rest)| rest);
    state.is_some_and(|state| !state.starts_with(['Z', 'X']))
}
