//! Whether local desktops work on this machine: what is missing or wrong, each with its remedy.

use std::{fs, path::Path, time::Instant};

use super::{
    LocalDesktop, Options,
    packages::{self, Requirement},
};
use crate::{
    desktop::{Desktop, DesktopClient, wire::ImageFormat},
    profile::Profile,
};

/// The free space below which a recording or a few pictures may not fit.
const LITTLE_SPACE: u64 = 200 << 20;

/// One thing that was checked.
#[derive(Clone, Debug)]
pub(crate) struct Check {
    /// What was checked.
    pub subject: String,
    /// What was found, good or bad, in a few words.
    pub finding: String,
    /// What to do, if something is wrong.
    pub remedy: Option<String>,
}

impl Check {
    fn good(subject: impl Into<String>, finding: impl Into<String>) -> Self {
        Self {
            subject: subject.into(),
            finding: finding.into(),
            remedy: None,
        }
    }

    fn bad(
        subject: impl Into<String>,
        finding: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            remedy: Some(remedy.into()),
            ..Self::good(subject, finding)
        }
    }
}

/// Looks at everything that local desktops of these profiles need; of each for
/// which nothing is missing it also starts one, takes a picture, and ends it.
pub(crate) async fn examine(options: &Options, profiles: &[Profile]) -> Vec<Check> {
    let is_needed = |it: &&Requirement| profiles.iter().any(|profile| it.is_for(*profile));
    let reporting = [packages::ACCESSIBILITY];
    let reporting = reporting.iter().filter(|_| options.accessibility);
    let mut checks: Vec<Check> = packages::REQUIREMENTS
        .iter()
        .filter(is_needed)
        .chain(reporting)
        .map(|needed| {
            if needed.is_met(&options.path) {
                return Check::good(needed.package, needed.purpose);
            }
            let finding = format!("`{}` is missing: {}", needed.file, needed.purpose);
            let remedy = "run `deskhand desktop install` as root".to_owned();
            Check::bad(needed.package, finding, remedy)
        })
        .collect();
    let places = [
        folder(&options.folder),
        x_sockets(Path::new("/tmp/.X11-unix")),
    ];
    let is_good = places.iter().all(|check| check.remedy.is_none());
    checks.extend(places);
    let mut home = None;
    for profile in profiles.iter().copied().filter(|_| is_good) {
        let missing = packages::missing_programs(&options.path, profile, options.accessibility);
        if missing.is_empty() {
            let options = Options {
                profile,
                ..options.clone()
            };
            let (seen, shown) = trial(&options).await;
            checks.push(shown);
            home = home.or(seen);
        }
    }
    checks.extend(home);
    checks
}

fn folder(folder: &Path) -> Check {
    let subject = folder.display().to_string();
    if let Err(error) = tempfile::tempdir_in(folder) {
        let remedy = "set TMPDIR to a folder that you may write to";
        return Check::bad(
            subject,
            format!("cannot create a folder there: {error}"),
            remedy,
        );
    }
    let free = rustix::fs::statvfs(folder).map_or(u64::MAX, |fs| fs.f_bavail * fs.f_frsize);
    let finding = format!("{} MiB are free", free >> 20);
    if free < LITTLE_SPACE {
        let remedy = "free some space, or set TMPDIR to another folder";
        return Check::bad(subject, finding, remedy);
    }
    Check::good(subject, finding)
}

/// X servers put their sockets there. Only root can make it as it should be.
fn x_sockets(folder: &Path) -> Check {
    let subject = folder.display().to_string();
    let Ok(metadata) = fs::metadata(folder) else {
        return Check::good(subject, "does not exist yet; the X server will create it");
    };
    let root = rustix::process::geteuid().is_root();
    let everybody = std::os::unix::fs::MetadataExt::mode(&metadata) & 0o1777 == 0o1777;
    if metadata.is_dir() && (root || everybody) {
        return Check::good(subject, "X servers can create their sockets there");
    }
    let remedy = format!("as root, run `install -d -m 1777 {}`", folder.display());
    Check::bad(
        subject,
        "X servers cannot create their sockets there",
        remedy,
    )
}

/// The findings about the home of a desktop, if it starts, and about its picture.
async fn trial(options: &Options) -> (Option<Check>, Check) {
    let subject = match options.profile {
        Profile::Xfce => "a desktop with the profile `xfce`",
        Profile::Bare => "a desktop with the profile `bare`",
    };
    let remedy = "see the log above; `deskhand desktop install` may help if a package is broken";
    let begun = Instant::now();
    let desktop = match LocalDesktop::start(options).await {
        Ok(desktop) => desktop,
        Err(error) => return (None, Check::bad(subject, error.to_string(), remedy)),
    };
    let home = home(&desktop);
    let seen = match DesktopClient::new(&desktop.url(), Some(desktop.token())) {
        Ok(client) => client.screenshot(None, ImageFormat::Png).await,
        Err(error) => Err(error),
    };
    let took = begun.elapsed();
    desktop.shut_down().await;
    let shown = match seen {
        Ok(_) => Check::good(subject, format!("ready after {} ms", took.as_millis())),
        Err(error) => Check::bad(subject, error.to_string(), remedy),
    };
    (Some(home), shown)
}

/// Whether the path that programs show is the same in every run. That of a desktop
/// that is alone usually is, so nothing is wrong.
fn home(desktop: &LocalDesktop) -> Check {
    let path = desktop.home();
    let finding = match desktop.unsteady() {
        None => format!("{} in every run", path.display()),
        Some(reason) => format!(
            "{} here, but a different path when another desktop is running, because a \
             namespace cannot be created: {reason}",
            path.display()
        ),
    };
    Check::good("the session's home", finding)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_cannot_be_used_is_told_with_its_remedy() {
        let good = folder(&std::env::temp_dir());
        assert!(good.finding.ends_with(" MiB are free"), "{good:?}");
        let bad = folder(Path::new("/dev/null"));
        let remedy = "set TMPDIR to a folder that you may write to";
        assert_eq!(bad.remedy.as_deref(), Some(remedy));
        let finding = "cannot create a folder there: ";
        assert!(bad.finding.starts_with(finding), "{bad:?}");
    }

    #[test]
    fn the_place_of_x_sockets_must_be_a_folder_if_it_is_there() {
        let place = tempfile::tempdir().unwrap();
        let missing = x_sockets(&place.path().join("X11"));
        assert_eq!(
            missing.finding,
            "does not exist yet; the X server will create it"
        );
        assert_eq!(missing.remedy, None);
        let file = place.path().join("file");
        fs::write(&file, "").unwrap();
        let remedy = format!("as root, run `install -d -m 1777 {}`", file.display());
        assert_eq!(x_sockets(&file).remedy, Some(remedy));
    }
}
