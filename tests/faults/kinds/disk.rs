//! Disks that are full, and folders that nobody may write to.

use std::{
    fs::{self, File},
    io::Write,
    os::unix::fs::PermissionsExt,
    process::Command,
};

use crate::{
    kind::{Expected, Kind, LOST, ORDINARY, Plays, Strikes},
    place::left,
    scene::Scene,
};

/// Whatever it comes to: one clear error, and nothing left.
const AN_ERROR: Expected = Expected {
    statuses: &[Some(4), Some(5)],
    outcomes: &[],
    says: &["No space left on device"],
    strikes: Strikes::All,
    ..LOST
};

const READ_ONLY: Expected = Expected {
    says: &["Read-only file system"],
    ..AN_ERROR
};

const fn kind(
    name: &'static str,
    prepare: fn(&mut Scene),
    strike: fn(&mut Scene) -> Option<String>,
    expected: Expected,
) -> Kind {
    Kind {
        name,
        plays: Plays {
            prepare,
            ..ORDINARY
        },
        strike,
        expected,
    }
}

pub(super) const KINDS: [Kind; 6] = [
    kind(
        "the folder of reports full",
        |scene| mount(scene, "artifacts", "size=16m"),
        |scene| fill(scene, "artifacts"),
        AN_ERROR,
    ),
    kind(
        "the folder of reports read-only from the start",
        |scene| mount(scene, "artifacts", "ro"),
        |scene| Some(scene.now()),
        READ_ONLY,
    ),
    kind(
        "the folder of reports read-only",
        |scene| mount(scene, "artifacts", "size=16m"),
        |scene| {
            scene.has_told("step-started", 1);
            scene.pause(2000);
            let when = scene.now();
            remount(scene, "artifacts").then_some(when)
        },
        READ_ONLY,
    ),
    kind(
        "TMPDIR full",
        |scene| mount(scene, "tmp", "size=16m"),
        |scene| fill(scene, "tmp"),
        Expected {
            statuses: &[Some(0), Some(4), Some(5)],
            says: &[],
            ..AN_ERROR
        },
    ),
    kind(
        "TMPDIR full from the start",
        |scene| {
            mount(scene, "tmp", "size=64k");
            write_all(scene, "tmp");
        },
        |scene| Some(scene.now()),
        AN_ERROR,
    ),
    kind(
        "TMPDIR read-only",
        |scene| mount(scene, "tmp", "ro"),
        |scene| Some(scene.now()),
        READ_ONLY,
    ),
];

/// Puts a file system of its own at a folder of the scene.
fn mount(scene: &mut Scene, name: &str, options: &str) {
    let folder = scene.folder.join(name);
    fs::create_dir_all(&folder).unwrap();
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", options, "tmpfs"])
        .arg(&folder)
        .status();
    assert!(mounted.unwrap().success());
    let _ = fs::set_permissions(folder, fs::Permissions::from_mode(0o777));
}

fn remount(scene: &Scene, name: &str) -> bool {
    let folder = scene.folder.join(name);
    let script = "mount -o remount,ro \"$1\" 2>/dev/null || mount --bind -o ro \"$1\" \"$1\"";
    let mut command = Command::new("sh");
    command.args(["-c", script, "sh"]).arg(folder);
    command.status().is_ok_and(|status| status.success())
}

/// Fills a folder at a random moment.
fn fill(scene: &mut Scene, name: &str) -> Option<String> {
    scene.has_told("run-started", 1);
    scene.pause(3000);
    let when = scene.now();
    scene.runs().then(|| write_all(scene, name))?;
    Some(when)
}

/// Writes zeros until there is no room for another one.
fn write_all(scene: &Scene, name: &str) {
    let path = scene.folder.join(name).join(left::FILL);
    let mut file = File::create(path).unwrap();
    for size in [1 << 16, 1] {
        let zeros = vec![0; size];
        while file.write_all(&zeros).is_ok() {}
    }
}
