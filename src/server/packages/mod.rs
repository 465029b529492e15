//! What the local desktop needs from the machine: programs, and the Debian packages that contain
//! them.

mod apt;
mod dpkg;
mod lock;

use std::{
    collections::HashSet,
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use self::apt::Apt;
pub(crate) use self::lock::Holder;
use crate::language::{LANGUAGES, Language};
use crate::profile::Profile;

/// How long another process may work on packages before ours gives up.
const PATIENCE: Duration = Duration::from_secs(300);

/// A program that the desktop starts, and Debian's package of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Requirement {
    /// Debian's package, of bookworm and trixie alike.
    pub package: &'static str,
    /// A file of it that must be there: a program's name, or a path.
    pub file: &'static str,
    /// What it is for.
    pub purpose: &'static str,
    /// The only profile that needs it; all do unless given.
    pub only: Option<Profile>,
}

const fn need(package: &'static str, file: &'static str, purpose: &'static str) -> Requirement {
    Requirement {
        package,
        file,
        purpose,
        only: None,
    }
}

/// Everything that the local desktop needs, in the order of its start.
pub(crate) const REQUIREMENTS: [Requirement; 17] = [
    need("xvfb", "Xvfb", "the X server"),
    need("x11-xkb-utils", "xkbcomp", "the keymap"),
    need(
        "dbus-daemon",
        "dbus-run-session",
        "the session's message bus",
    ),
    need("xfce4-session", "xfce4-session", "the session").only(Profile::Xfce),
    need("xfwm4", "xfwm4", "the window manager").only(Profile::Xfce),
    need(
        "openbox",
        "openbox",
        "the window manager of the profile `bare`",
    )
    .only(Profile::Bare),
    need("xfce4-settings", "xfsettingsd", "fonts and theme").only(Profile::Xfce),
    need("xfce4-panel", "xfce4-panel", "the panel").only(Profile::Xfce),
    need("xfdesktop4", "xfdesktop", "the background").only(Profile::Xfce),
    need(
        "adwaita-icon-theme",
        "/usr/share/icons/Adwaita/index.theme",
        "icons and pointers",
    ),
    need(
        "librsvg2-common",
        "/usr/share/thumbnailers/librsvg.thumbnailer",
        "icons that are drawn as SVG",
    ),
    need(
        "fonts-dejavu-core",
        "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
        "the font",
    ),
    need("x11vnc", "x11vnc", "the VNC server"),
    need("websockify", "websockify", "the viewer's connection"),
    need("novnc", "/usr/share/novnc/vnc.html", "the viewer"),
    need("ffmpeg", "ffmpeg", "recordings"),
    need(
        "util-linux",
        "setpriv",
        "ending every process together with Deskhand",
    ),
];

/// What a desktop that is alone can do without: with it, the homes of desktops
/// that run at the same time have the same path.
pub(crate) const NAMESPACE: Requirement =
    need("bubblewrap", "bwrap", "the same path for every home");

/// What programs report their widgets to, if they should.
pub(crate) const ACCESSIBILITY: Requirement = need(
    "at-spi2-core",
    "/usr/share/dbus-1/accessibility-services/org.a11y.atspi.Registry.service",
    "the registry of widgets",
);

/// What reads text on the screen, for scenarios that look for text.
pub(crate) const TEXT_REQUIREMENTS: [Requirement; 2] = [
    need("tesseract-ocr", "tesseract", "reading text on the screen"),
    need(
        "tesseract-ocr-eng",
        "/var/lib/dpkg/info/tesseract-ocr-eng.list",
        "the Latin script",
    ),
];

/// What the tests and the examples of this project use in addition to all that: programs of
/// several toolkits, and the official client of the API in its own language.
pub(crate) const TEST_REQUIREMENTS: [Requirement; 25] = [
    need("l3afpad", "l3afpad", "an editor of GTK 3"),
    need("galculator", "galculator", "a calculator of GTK 3"),
    need("xfce4-terminal", "xfce4-terminal", "a terminal of GTK 3"),
    need("mousepad", "mousepad", "an editor of GTK 3"),
    need("featherpad", "featherpad", "an editor of Qt"),
    need("gnome-calculator", "gnome-calculator", "a program of GTK 4"),
    need("default-jre", "java", "programs of Swing"),
    need("jedit", "jedit", "an editor of Swing"),
    need("bsh", "bsh", "a form of Swing"),
    need(
        "python3-tk",
        "/usr/share/doc/python3-tk/copyright",
        "a form of Tk",
    ),
    need(
        "python3-gi",
        "/var/lib/dpkg/info/python3-gi.list",
        "forms of GTK",
    ),
    need(
        "gir1.2-gtk-3.0",
        "/usr/share/doc/gir1.2-gtk-3.0/copyright",
        "a form of GTK 3",
    ),
    need(
        "gir1.2-gtk-4.0",
        "/usr/share/doc/gir1.2-gtk-4.0/copyright",
        "a form of GTK 4",
    ),
    need(
        "python3-pyqt5",
        "/var/lib/dpkg/info/python3-pyqt5.list",
        "a form of Qt 5",
    ),
    need("x11-utils", "xev", "a program that draws nothing"),
    need("x11-apps", "xeyes", "a window with holes"),
    need("xterm", "xterm", "a terminal that X11 draws"),
    need("chromium", "chromium", "pages"),
    need(
        "python3-venv",
        "/var/lib/dpkg/info/python3-venv.list",
        "a Python of its own",
    ),
    need("hostname", "hostname", "the machine's name"),
    need("zsh", "zsh", "a shell that completes"),
    need("fish", "fish", "a shell that completes"),
    need("nodejs", "node", "the language server of editors"),
    need("npm", "npm", "the language server's own packages"),
    need(
        "tesseract-ocr-deu",
        "/var/lib/dpkg/info/tesseract-ocr-deu.list",
        "text in German",
    ),
];

impl Requirement {
    /// Whether desktops of a profile need it.
    #[must_use]
    pub(crate) fn is_for(&self, profile: Profile) -> bool {
        self.only.is_none_or(|only| only == profile)
    }

    const fn only(self, profile: Profile) -> Self {
        Self {
            only: Some(profile),
            ..self
        }
    }

    /// Whether its file is there; programs are looked up in `path`.
    #[must_use]
    pub(crate) fn is_met(&self, path: &str) -> bool {
        if self.file.starts_with('/') {
            return Path::new(self.file).exists();
        }
        program(self.file, path).is_some()
    }
}

/// The names of the programs and files that desktops of a profile need and that
/// are missing; with `accessibility`, also those that report widgets need.
#[must_use]
pub(crate) fn missing_programs(path: &str, profile: Profile, accessibility: bool) -> Vec<String> {
    let needed = REQUIREMENTS.iter().filter(|it| it.is_for(profile));
    let reporting = [ACCESSIBILITY].into_iter().filter(|_| accessibility);
    needed
        .copied()
        .chain(reporting)
        .filter(|needed| !needed.is_met(path))
        .map(|needed| format!("{} (package {})", needed.file, needed.package))
        .collect()
}

/// What to install in addition to the desktop.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Extras<'a> {
    /// What reads text on the screen.
    pub text: bool,
    /// The languages that it reads in addition to English.
    pub languages: &'a [Language],
    /// The packages of programs that scenarios launch.
    pub packages: &'a [String],
    /// What the project's own tests use.
    pub tests: bool,
}

/// The packages that are missing, each once: those of the desktop, and of the
/// `extras`.
#[must_use]
pub(crate) fn missing_packages(path: &str, extras: Extras<'_>) -> Vec<String> {
    let tests = TEST_REQUIREMENTS.iter().filter(|_| extras.tests);
    let text = TEXT_REQUIREMENTS.iter();
    let text = text.filter(|_| extras.text || extras.tests);
    let desktop = REQUIREMENTS.iter().chain([&NAMESPACE, &ACCESSIBILITY]);
    let known = desktop.chain(text).chain(tests);
    let absent = known.filter(|needed| !needed.is_met(path));
    let mut missing: Vec<String> = absent.map(|needed| needed.package.to_owned()).collect();
    let languages = extras.languages.iter().map(|language| language.package());
    let named = languages.chain(extras.packages.iter().map(String::as_str));
    // Where nobody knows, whoever installs is told about all of them.
    let installed = dpkg::installed(path).unwrap_or_default();
    missing.extend(
        named
            .filter(|name| !installed.contains(*name))
            .map(str::to_owned),
    );
    let mut seen = HashSet::new();
    missing.retain(|package| seen.insert(package.clone()));
    missing
}

/// Those of some packages that are not installed; none where that cannot be known,
/// on another system than Debian.
#[must_use]
pub(crate) fn not_installed(path: &str, packages: &[String]) -> Vec<String> {
    if packages.is_empty() {
        return Vec::new();
    }
    let installed = dpkg::installed(path);
    let missing = installed.map(|installed| {
        let missing = packages.iter().filter(|name| !installed.contains(*name));
        missing.cloned().collect()
    });
    missing.unwrap_or_default()
}

/// Why the packages were not installed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InstallError {
    /// No `apt-get`.
    #[error("this is not Debian (there is no `apt-get`): install the equivalents of {}", .0.join(" "))]
    NotDebian(Vec<String>),
    /// An ordinary user.
    #[error("only root can install packages: run `sudo apt-get install --no-install-recommends {}`", .0.join(" "))]
    NotRoot(Vec<String>),
    /// apt-get could not be run.
    #[error("`apt-get` cannot be run: {0}")]
    Run(#[from] io::Error),
    /// apt-get failed.
    #[error("`apt-get {what}` failed ({status}): {words}")]
    Failed {
        /// Its command.
        what: &'static str,
        /// How it ended.
        status: std::process::ExitStatus,
        /// Its errors, after each other.
        words: String,
    },
    /// Another process works on packages, and does not end.
    #[error(
        "gave up after waiting {waited} s for {holder}; end that process, or try again once it \
         has ended"
    )]
    Locked {
        /// That process.
        holder: Holder,
        /// For how many seconds it was waited for.
        waited: u64,
    },
    /// No server of packages can be reached.
    #[error(
        "`apt-get` cannot reach the package servers ({words}): connect this machine to the \
         network, set a proxy in `http_proxy`, or copy these packages to the machine and \
         install them: {}",
        .packages.join(" ")
    )]
    Offline {
        /// How apt-get says it.
        words: String,
        /// What was to be installed.
        packages: Vec<String>,
    },
    /// apt-get succeeded, and a program is still missing.
    #[error("still missing after the installation: {}", .0.join(", "))]
    StillMissing(Vec<String>),
}

/// Installs `packages` with apt-get, without recommended extras. While another
/// process works on packages it waits, up to five minutes for each step. What
/// apt-get says, and which process it waits for, goes to `tell`, line by line.
///
/// # Errors
///
/// [`InstallError`]; apt-get leaves the packages whole or not installed.
pub(crate) fn install(
    packages: &[String],
    path: &str,
    tell: &mut dyn FnMut(&str),
) -> Result<(), InstallError> {
    let Some(program) = program("apt-get", path) else {
        return Err(InstallError::NotDebian(packages.to_vec()));
    };
    if !rustix::process::geteuid().is_root() {
        return Err(InstallError::NotRoot(packages.to_vec()));
    }
    let mut apt = Apt {
        program,
        locks: lock::LOCKS.map(PathBuf::from).to_vec(),
        patience: PATIENCE,
        tell,
    };
    apt.install(packages)?;
    let all = Extras {
        text: true,
        languages: &LANGUAGES,
        packages,
        tests: true,
    };
    let mut missing = missing_packages(path, all);
    missing.retain(|package| packages.contains(package));
    if missing.is_empty() {
        Ok(())
    } else {
        Err(InstallError::StillMissing(missing))
    }
}

/// A program in the folders of `path`.
fn program(name: &str, path: &str) -> Option<PathBuf> {
    let mut places = path.split(':').map(|folder| Path::new(folder).join(name));
    places.find(|place| place.is_file())
}
