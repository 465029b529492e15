//! A container without an engine: a root file system that may only be read, an ordinary
//! user, no network, and just two folders to write to.

use std::{
    ffi::OsStr,
    fs,
    os::unix::fs::{PermissionsExt, chown},
    path::{Path, PathBuf},
    process::Command,
};

use crate::tools::{ended, ours, output};

/// The user of the image.
const USER: u32 = 1000;
const SHARED_MEMORY: &str = "67108864";

pub(crate) struct Sandbox<'a> {
    root: &'a Path,
    /// Stands for `/tmp`, where it shows what a run leaves.
    temporary: PathBuf,
    artifacts: PathBuf,
    namespaces: bool,
}

impl<'a> Sandbox<'a> {
    /// Of a root file system; what it writes goes to folders in `place`.
    pub(crate) fn new(root: &'a Path, place: &Path) -> Self {
        let (temporary, artifacts) = (place.join("tmp"), place.join("artifacts"));
        for (folder, mode) in [(&temporary, 0o1777), (&artifacts, 0o755)] {
            let _ = fs::remove_dir_all(folder);
            fs::create_dir(folder).unwrap();
            fs::set_permissions(folder, fs::Permissions::from_mode(mode)).unwrap();
        }
        chown(&artifacts, Some(USER), Some(USER)).unwrap();
        Self {
            root,
            temporary,
            artifacts,
            namespaces: true,
        }
    }

    /// Forbids new user namespaces inside, as the engines' own system call filters do.
    pub(crate) fn without_namespaces(self) -> Self {
        Self {
            namespaces: false,
            ..self
        }
    }

    pub(crate) fn artifact(&self, path: &str) -> PathBuf {
        self.artifacts.join(path)
    }

    /// The exit status of a command inside, and what it printed. It is process 1 there, as
    /// in a container.
    pub(crate) fn ended<S: AsRef<OsStr>>(&self, command: &[S]) -> (i32, String) {
        let (user, scenarios) = (USER.to_string(), ours("scenarios"));
        let mut bwrap = Command::new("setpriv");
        bwrap
            .args(["--reuid", &user, "--regid", &user, "--clear-groups"])
            .args(["bwrap", "--unshare-all", "--die-with-parent", "--as-pid-1"])
            .args(["--new-session", "--cap-drop", "ALL"])
            .args(if self.namespaces {
                &[][..]
            } else {
                &["--unshare-user", "--disable-userns"]
            })
            .args([OsStr::new("--ro-bind"), self.root.as_ref(), "/".as_ref()])
            .args(["--dev", "/dev", "--proc", "/proc"])
            .args(["--perms", "1777", "--size", SHARED_MEMORY])
            .args(["--tmpfs", "/dev/shm"])
            .args([
                OsStr::new("--bind"),
                self.temporary.as_ref(),
                "/tmp".as_ref(),
            ])
            .args([
                OsStr::new("--ro-bind"),
                scenarios.as_ref(),
                "/work".as_ref(),
            ])
            .args([
                OsStr::new("--bind"),
                self.artifacts.as_ref(),
                "/artifacts".as_ref(),
            ])
            .args(["--chdir", "/work", "--"])
            .args(command)
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("HOME", "/tmp")
            .env("CI", "true");
        ended(&mut bwrap)
    }

    /// What a command inside printed; it has to succeed.
    pub(crate) fn output(&self, script: &str) -> String {
        let (status, said) = self.ended(&["sh", "-c", script]);
        assert_eq!(status, 0, "{script}: {said}");
        said.trim().to_owned()
    }

    /// Fails if what this stands for is not so: a test in a lax sandbox would say nothing.
    pub(crate) fn assert_is_confined(&self) {
        assert_eq!(self.output("id -u"), USER.to_string());
        let rights = self.output("grep CapBnd /proc/self/status");
        assert_eq!(rights.split_whitespace().last(), Some("0000000000000000"));
        let writable = "for folder in / /usr /etc /var /var/tmp /work /root /home /run; do
            if [ -w $folder ]; then echo $folder; fi; done; touch /tmp/new /artifacts/new
            rm /tmp/new /artifacts/new";
        assert_eq!(self.output(writable), "");
        let memory = "df --output=size --block-size=1 /dev/shm | tail -n 1";
        assert_eq!(self.output(memory), SHARED_MEMORY);
        let network = self.output("tail -n +3 /proc/net/dev");
        assert!(network.starts_with("lo:") && network.lines().count() == 1);
        let (namespace, said) = self.ended(&["bwrap", "--ro-bind", "/", "/", "true"]);
        assert_eq!(namespace == 0, self.namespaces, "{said}");
        let privileged = "find / -xdev -type f -perm /6000 2>/dev/null || true";
        assert_eq!(self.output(privileged), "");
    }

    /// Plays `hello`, and fails unless it passed, left its reports and its film, and
    /// nothing else.
    pub(crate) fn assert_plays_hello(&self) {
        let run = ["deskhand", "run", "--artifacts", "/artifacts", "hello.yaml"];
        let (status, said) = self.ended(&run);
        assert_eq!(status, 0, "{said}");
        let junit = fs::read_to_string(self.artifact("junit.xml")).unwrap();
        assert!(
            junit.contains(r#"tests="1" failures="0" errors="0" skipped="0""#),
            "{junit}"
        );
        let film = self.artifact("hello/demo.mp4");
        let mut probe = Command::new("ffprobe");
        probe.args(["-v", "error", "-select_streams", "v:0"]).args([
            "-show_entries",
            "stream=width,height",
            "-of",
            "csv=p=0",
        ]);
        assert_eq!(
            output(probe.arg(&film)).trim(),
            "1280x800".replace('x', ",")
        );
        let page = fs::read_to_string(self.artifact("report.html")).unwrap();
        assert!(page.contains("everything is selected"));
        let left = fs::read_dir(&self.temporary).unwrap().flatten();
        let left: Vec<_> = left.map(|entry| entry.file_name()).collect();
        let left: Vec<_> = left
            .iter()
            // The folders of sockets belong to no desktop.
            .filter(|name| *name != ".X11-unix" && *name != ".ICE-unix")
            .collect();
        assert!(left.is_empty(), "{left:?}");
    }
}
