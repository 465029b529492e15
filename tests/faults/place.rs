//! The place where faults are played: namespaces in which `/tmp` and System V shared
//! memory are the faults' own, so that whatever is left there was left by them.

use std::{
    env, fs,
    path::PathBuf,
    process::{Command, ExitCode},
};

/// What says that this is the process inside.
const INSIDE: &str = "DESKHAND_FAULTS_INSIDE";

/// The programs, which are copied to the place, as they may be hidden in it.
const DESKHAND: &str = "/tmp/deskhand";
const FAULTS: &str = "/tmp/faults";

pub(crate) fn is_entered() -> bool {
    env::var_os(INSIDE).is_some()
}

/// The program whose faults are played.
pub(crate) fn program() -> PathBuf {
    PathBuf::from(DESKHAND)
}

/// Runs this program again in the place; answers how it ended.
pub(crate) fn enter() -> ExitCode {
    let folder = tempfile::tempdir().unwrap();
    let given = env::var_os("DESKHAND_FAULTS_PROGRAM").map(PathBuf::from);
    let deskhand = given.unwrap_or_else(|| env!("CARGO_BIN_EXE_deskhand").into());
    for (program, to) in [(deskhand, DESKHAND), (env::current_exe().unwrap(), FAULTS)] {
        let to = folder.path().join(to.strip_prefix("/tmp/").unwrap());
        fs::copy(program, to).unwrap();
    }
    let script = format!(
        "mount --bind \"$1\" /tmp && mount -t tmpfs -o mode=1777 tmpfs /dev/shm && cd /tmp && \
         shift && exec {FAULTS} \"$@\""
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
