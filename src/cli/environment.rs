//! What the program takes from its environment; no other module reads it.

use std::{
    env, io,
    io::IsTerminal,
    path::PathBuf,
    time::{SystemTime, UNIX_EPOCH},
};

use super::ci::{SYSTEMS, SystemLog};

/// The narrowest text that can still be read. Some CI systems report a terminal
/// with 0 columns.
const LEAST_COLUMNS: usize = 40;

/// What the program takes from its environment. It cannot be drawn for
/// debugging, because the token must not end up in a log.
#[derive(Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[cfg_attr(
    not(all(target_os = "linux", feature = "local-desktop")),
    expect(dead_code, reason = "some of it is for local desktops alone")
)]
pub(super) struct ProcessEnvironment {
    /// `PATH`, or Debian's default.
    pub(super) path: String,
    /// `TMPDIR`, or `/tmp`.
    pub(super) temporary: PathBuf,
    /// Whether `CI` is set, as every CI system does.
    pub(super) ci: bool,
    /// Where a desktop that somebody starts keeps its recordings:
    /// `LEAP0_RECORDINGS_DIR`, else `.cache/leap0-recordings` at home.
    pub(super) recordings: Option<PathBuf>,
    /// Where programs keep what their next start needs: `XDG_STATE_HOME`,
    /// else `.local/state` at home.
    pub(super) state: Option<PathBuf>,
    /// The folder that the program was started in.
    pub(super) folder: PathBuf,
    /// The program itself, also if its file was replaced meanwhile.
    pub(super) program: PathBuf,
    /// Whether stderr is a terminal that shows changing lines.
    pub(super) live: bool,
    /// Whether stderr takes colours.
    pub(super) colour: bool,
    /// Whether pictures may be shown on stderr, if its terminal can.
    pub(super) pictures: bool,
    /// The same of stdout.
    pub(super) pictures_out: bool,
    /// The width of the terminal in columns.
    pub(super) width: usize,
    /// The folders that CI systems call the root of the repository, in the order in
    /// which they count.
    pub(super) roots: Vec<PathBuf>,
    /// Whether the CI system finds attachments by absolute paths, as Jenkins and Azure
    /// do.
    pub(super) absolute_attachments: bool,
    /// The CI system that reads the log, if its variables are set.
    pub(super) system: Option<&'static SystemLog>,
    /// `DESKHAND_URL`: the desktop that `ctl` speaks to.
    pub(super) url: Option<String>,
    /// `DESKHAND_TOKEN`: what lets it in.
    pub(super) token: Option<String>,
}

impl ProcessEnvironment {
    pub(super) fn read() -> io::Result<Self> {
        let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
        let text = |name| env::var(name).ok().filter(|value| !value.is_empty());
        let mut systems = SYSTEMS.iter().filter(|system| set(system.variable));
        // In a container the system itself may not be known, and still say where the
        // repository is; others use the variable of Jenkins too.
        let roots = SYSTEMS
            .iter()
            .filter(|system| system.log.is_some() || set(system.variable));
        let roots = roots.filter_map(|system| text(system.root));
        let default_path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        let terminal = io::stderr().is_terminal();
        let choice = anstream::AutoStream::choice(&io::stderr());
        let colour = !matches!(choice, anstream::ColorChoice::Never);
        let dumb = env::var("TERM").as_deref() == Ok("dumb");
        let pictures = colour && !dumb && !set("CI");
        let columns: Option<usize> = text("COLUMNS").and_then(|text| text.parse().ok());
        let columns = columns.filter(|columns| *columns > 0);
        Ok(Self {
            path: env::var("PATH").unwrap_or_else(|_| default_path.to_owned()),
            temporary: env::temp_dir(),
            ci: set("CI") && env::var("CI").as_deref() != Ok("false"),
            recordings: recordings(),
            state: state(),
            folder: env::current_dir()?,
            program: program()?,
            live: terminal && !dumb,
            colour,
            pictures: terminal && pictures,
            pictures_out: io::stdout().is_terminal() && pictures,
            width: columns.unwrap_or(100).max(LEAST_COLUMNS),
            roots: roots.map(PathBuf::from).collect(),
            absolute_attachments: systems.clone().any(|system| system.absolute_attachments),
            system: systems.find_map(|system| system.log.as_ref()),
            url: text("DESKHAND_URL"),
            token: text("DESKHAND_TOKEN"),
        })
    }

    /// A program of that name, where `PATH` has one.
    pub(super) fn program_in_path(&self, name: &str) -> Option<PathBuf> {
        let mut folders = env::split_paths(&self.path);
        folders.find_map(|folder| Some(folder.join(name)).filter(|program| program.is_file()))
    }

    /// A variable that a library's settings ask for by its name.
    pub(super) fn variable(name: &str) -> Option<String> {
        env::var(name).ok()
    }
}

/// Whether the clock has been set, as far as that can be seen: reports and recordings are dated
/// from 1970 on.
pub(super) fn is_set(clock: SystemTime) -> bool {
    clock >= UNIX_EPOCH
}

fn recordings() -> Option<PathBuf> {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty());
    let chosen = set("LEAP0_RECORDINGS_DIR").map(PathBuf::from);
    let home = || Some(PathBuf::from(set("HOME")?).join(".cache/leap0-recordings"));
    chosen.or_else(home)
}

fn state() -> Option<PathBuf> {
    let set = |name| env::var_os(name).map(PathBuf::from);
    // The XDG base directory specification has a relative path ignored.
    let absolute = |path: &PathBuf| path.is_absolute();
    let chosen = set("XDG_STATE_HOME").filter(absolute);
    let home = || Some(set("HOME").filter(absolute)?.join(".local/state"));
    chosen.or_else(home)
}

/// The program by the kernel's own link, which works after an update too.
fn program() -> io::Result<PathBuf> {
    let link = PathBuf::from("/proc/self/exe");
    if link.exists() {
        Ok(link)
    } else {
        env::current_exe()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_clock_before_1970_has_not_been_set() {
        assert!(is_set(SystemTime::now()) && is_set(UNIX_EPOCH));
        assert!(!is_set(UNIX_EPOCH - Duration::from_secs(1)));
    }
}
