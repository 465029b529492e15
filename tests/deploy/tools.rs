//! The tools that these tests play, and how they are called.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Fails if one of these programs is missing, and names the Debian packages of all that
/// are. Each is a program and its package.
pub(crate) fn need(tools: &[(&str, &str)]) {
    assert!(
        rustix::process::geteuid().is_root(),
        "this test makes root file systems and nodes of a cluster: play it as root"
    );
    let missing = tools.iter().filter(|(program, _)| !is_installed(program));
    let packages: Vec<&str> = missing.map(|(_, package)| *package).collect();
    assert!(
        packages.is_empty(),
        "tools are missing: run `apt-get install --no-install-recommends {}`",
        packages.join(" ")
    );
}

/// Whether a program is in `PATH`, or where Debian keeps programs of root.
fn is_installed(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin".into(), "/sbin".into()]);
    folders
        .into_iter()
        .any(|folder| folder.join(program).is_file())
}

/// A file of this project.
pub(crate) fn ours(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// What a command printed; it has to succeed.
pub(crate) fn output(command: &mut Command) -> String {
    let (status, said) = ended(command);
    assert_eq!(status, 0, "{command:?}: {said}");
    said
}

/// The exit status of a command, and what it printed.
pub(crate) fn ended(command: &mut Command) -> (i32, String) {
    let done = command.stdin(Stdio::null()).output();
    let done = done.unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let said = [done.stdout, done.stderr].concat();
    let status = done.status.code().unwrap_or(-1);
    (status, String::from_utf8_lossy(&said).into_owned())
}
