//! The two recipes of the container, and `hello` in what they build.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

use crate::{
    sandbox::Sandbox,
    tools::{need, ours, output},
};

/// A folder that every user may enter, since the user of the image is not ours.
fn place() -> TempDir {
    let place = tempfile::tempdir().unwrap();
    fs::set_permissions(place.path(), fs::Permissions::from_mode(0o755)).unwrap();
    place
}

#[test]
fn the_script_builds_a_root_file_system_in_which_an_ordinary_user_plays_hello() {
    need(&[
        ("mmdebstrap", "mmdebstrap"),
        ("bwrap", "bubblewrap"),
        ("ffprobe", "ffmpeg"),
    ]);
    let place = place();
    let root = place.path().join("root");
    output(
        Command::new(ours("deploy/container/build"))
            .arg(&root)
            .arg("scenarios/hello.yaml")
            .env("DESKHAND", env!("CARGO_BIN_EXE_deskhand"))
            .current_dir(ours("")),
    );
    plays_hello(&root, place.path());
}

#[test]
fn the_containerfile_builds_an_image_in_which_an_ordinary_user_plays_hello() {
    need(&[
        ("mmdebstrap", "mmdebstrap"),
        ("buildah", "buildah"),
        ("bwrap", "bubblewrap"),
        ("ffprobe", "ffmpeg"),
    ]);
    let place = place();
    let engine = Engine(place.path());
    let base = engine.base();
    let root = place.path().join("root");
    let image = engine.builds(&base, &project(place.path()), &root);
    let setting = |name: &str| {
        let format = format!("{{{{.OCIv1.Config.{name}}}}}");
        let mut inspect = engine.buildah("inspect");
        let said = output(inspect.args(["--type", "image", "--format", &format, &image]));
        said.trim().to_owned()
    };
    assert_eq!(setting("User"), "1000:1000");
    assert_eq!(setting("Entrypoint"), "[deskhand]");
    assert_eq!(setting("WorkingDir"), "/work");
    plays_hello(&root, place.path());
}

/// With namespaces and without: engines differ in whether a container may have its own.
fn plays_hello(root: &Path, place: &Path) {
    let sandbox = Sandbox::new(root, place);
    sandbox.assert_is_confined();
    sandbox.assert_plays_hello();
    let sandbox = Sandbox::new(root, place).without_namespaces();
    sandbox.assert_is_confined();
    sandbox.assert_plays_hello();
}

/// A project whose only scenario is `hello`, as the Containerfile expects it.
fn project(place: &Path) -> PathBuf {
    let project = place.join("project");
    let copies = [
        (ours("deploy/container/setup"), "deploy/container/setup"),
        (ours("scenarios/hello.yaml"), "scenarios/hello.yaml"),
        (
            PathBuf::from(env!("CARGO_BIN_EXE_deskhand")),
            "target/release/deskhand",
        ),
    ];
    for (from, to) in copies {
        let to = project.join(to);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(from, to).unwrap();
    }
    project
}

/// Buildah, with all that it keeps in one folder.
struct Engine<'a>(&'a Path);

impl Engine<'_> {
    fn buildah(&self, command: &str) -> Command {
        let mut buildah = Command::new("buildah");
        buildah
            .arg("--root")
            .arg(self.0.join("images"))
            .arg("--runroot")
            .arg(self.0.join("containers"))
            .args(["--storage-driver", "vfs", command]);
        buildah
    }

    /// The image that the Containerfile starts from, made here: no registry is asked.
    fn base(&self) -> String {
        let archive = self.0.join("base.tar");
        let suite =
            output(Command::new("sh").args(["-c", ". /etc/os-release; echo $VERSION_CODENAME"]));
        output(
            Command::new("mmdebstrap")
                .args(["--quiet", "--variant=minbase", suite.trim()])
                .arg(&archive),
        );
        let container = output(self.buildah("from").arg("scratch"));
        let container = container.trim();
        output(self.buildah("add").arg(container).arg(&archive).arg("/"));
        fs::remove_file(archive).unwrap();
        output(self.buildah("commit").args(["--rm", container, "base"]));
        "localhost/base".to_owned()
    }

    /// Builds the image of a project, and lays its root file system in a folder.
    fn builds(&self, base: &str, project: &Path, root: &Path) -> String {
        output(
            self.buildah("bud")
                .args(["--isolation", "chroot", "--tag", "deskhand"])
                .arg(format!("--build-arg=BASE={base}"))
                .arg("--file")
                .arg(ours("deploy/container/Containerfile"))
                .arg(project),
        );
        let container = output(self.buildah("from").arg("deskhand"));
        let container = container.trim();
        let mounted = output(self.buildah("mount").arg(container));
        // Moved out of buildah's folders, which only root may enter; with vfs it is a plain
        // folder, and the image keeps its own.
        fs::rename(mounted.trim(), root).unwrap();
        "localhost/deskhand".to_owned()
    }
}
