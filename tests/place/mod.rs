//! The place where a test plays that must not overlook anything that is left: namespaces in
//! which `/tmp` and System V shared memory are the test's own, so that whatever is left
//! there was left by what it has played.

pub(crate) mod left;
pub(crate) mod processes;

use std::{
    env,
    path::PathBuf,
    process::{Command, ExitCode},
};

/// What says that this is the process inside.
const INSIDE: &str = "DESKHAND_TEST_INSIDE";

/// The programs, which are copied to the place, as they may be hidden in it.
const DESKHAND: &str = "/tmp/deskhand";
const TEST: &str = "/tmp/test";

/// Below it stands what the test itself puts there.
pub(crate) const FOLDER: &str = "/tmp/scene";

/// Whether this is the process inside, which from now on is the parent of whoever loses
/// its own, so that nothing can be overlooked.
pub(crate) fn is_entered() -> bool {
    let entered = env::var_os(INSIDE).is_some();
    if entered {
        let me = rustix::process::getpid();
        rustix::process::set_child_subreaper(Some(me)).unwrap();
    }
    entered
}

/// The program that is tested.
pub(crate) fn program() -> PathBuf {
    PathBuf::from(DESKHAND)
}

/// Runs this program again in the place; answers how it ended. `DESKHAND_TEST_PROGRAM`
/// names another program than the one that was built along with it.
pub(crate) fn enter() -> ExitCode {
    let folder = tempfile::tempdir().unwrap();
    let given = env::var_os("DESKHAND_TEST_PROGRAM").map(PathBuf::from);
    let deskhand = given.unwrap_or_else(|| env!("CARGO_BIN_EXE_deskhand").into());
    for (program, to) in [(deskhand, DESKHAND), (env::current_exe().unwrap(), TEST)] {
        let to = folder.path().join(to.strip_prefix("/tmp/").unwrap());
        std::fs::copy(program, to).unwrap();
    }
    let script = format!(
        "mount --bind \"$1\" /tmp && mount -t tmpfs -o mode=1777 tmpfs /dev/shm && cd /tmp && \
         shift && exec {TEST} \"$@\""
    );
    let mut command = Command::new("unshare");
    command.args(["--mount", "--ipc"]);
    if !rustix::process::geteuid().is_root() {
        command.arg("--map-root-user");
    }
    let status = command
        .args(["sh", "-c", &script, "sh"])
        .arg(folder.path())
        .args(env::args_os().skip(1))
        .env(INSIDE, "1")
        .status();
    let status = status.expect("`unshare`, from the package util-linux");
    ExitCode::from(u8::try_from(status.code().unwrap_or(1)).unwrap_or(1))
}
