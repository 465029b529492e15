//! The part of the control plane that works on the files of a sandbox. Paths that
//! do not begin with `/` are below the folder in which commands start.

use serde::{Deserialize, Serialize};

/// `POST …/filesystem/read-file`: a file, or a part of it. `offset` and `limit`
/// choose bytes; of these, `head` or `tail` choose lines.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct ReadFile {
    /// The file in the sandbox.
    pub path: String,
    /// The first byte that is wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// At most that many bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// Only this many of the first lines; not together with `tail`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head: Option<u64>,
    /// Only this many of the last lines; not together with `head`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tail: Option<u64>,
}

/// `POST …/filesystem/mkdir`.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct Mkdir {
    /// The folder in the sandbox.
    pub path: String,
    /// Whether the folders above it are made too.
    #[serde(default)]
    pub recursive: bool,
    /// As `chmod` takes it, in octal: `0755`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permissions: Option<String>,
}

/// `POST …/filesystem/ls`.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct ListFiles {
    /// The folder in the sandbox.
    pub path: String,
    /// Whether subfolders are listed too.
    #[serde(default)]
    pub recursive: bool,
    /// Glob patterns of what is left out; a folder is left out with its contents. A pattern without
    /// `/` is compared with names, any other with paths below `path`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exclude: Option<Vec<String>>,
}

/// `POST …/filesystem/tree`.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct ShowTree {
    /// The folder in the sandbox.
    pub path: String,
    /// How many levels of folders are shown, 1 for the folder's own entries;
    /// all unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_depth: Option<u64>,
    /// As in [`ListFiles`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exclude: Option<Vec<String>>,
}

/// `POST …/filesystem/glob`.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct GlobFiles {
    /// The folder in the sandbox.
    pub path: String,
    /// What the paths below `path` have to match: `*.py` for those in the folder
    /// itself, `**/*.py` for those in folders below it too.
    pub pattern: String,
    /// As in [`ListFiles`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exclude: Option<Vec<String>>,
}

/// `POST …/filesystem/grep`.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct SearchFiles {
    /// The folder in the sandbox, or a single file.
    pub path: String,
    /// A regular expression for a line.
    pub pattern: String,
    /// Searches only files whose names, or paths below `path`, match this glob
    /// pattern.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub include: Option<String>,
    /// As in [`ListFiles`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exclude: Option<Vec<String>>,
}

/// `POST …/filesystem/delete`.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct DeleteFile {
    /// The file, the link or the folder in the sandbox.
    pub path: String,
    /// Whether a folder is deleted with its contents; otherwise it must be empty.
    #[serde(default)]
    pub recursive: bool,
}

/// `POST …/filesystem/move`.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct MoveFile {
    /// What is moved.
    pub src_path: String,
    /// The destination, including the new name.
    pub dst_path: String,
    /// Whether an existing destination is replaced.
    #[serde(default)]
    pub overwrite: bool,
}

/// `POST …/filesystem/copy`.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct CopyFile {
    /// What is copied.
    pub src_path: String,
    /// The destination, including the name of the copy.
    pub dst_path: String,
    /// Whether it may be a folder, which is copied with its contents.
    #[serde(default)]
    pub recursive: bool,
    /// Whether an existing destination is replaced; it is not unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overwrite: Option<bool>,
}

/// `POST …/filesystem/set-permissions`: at least one of the three.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct SetPermissions {
    /// The file or the folder in the sandbox.
    pub path: String,
    /// As `chmod` takes it, in octal: `0755`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    /// The name of a user, or its number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The name of a group, or its number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
}

/// A text, and its replacement wherever it occurs.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct FileEdit {
    /// The text as it is in the file, at least one character.
    pub find: String,
    /// Its replacement.
    #[serde(default)]
    pub replace: String,
}

/// `POST …/filesystem/edit-file`: edits of one file, each applied to the result of the previous
/// one.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct EditFile {
    /// The file in the sandbox.
    pub path: String,
    /// At least one.
    pub edits: Vec<FileEdit>,
}

/// `POST …/filesystem/edit-files`: one edit of several files.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct EditFiles {
    /// The files in the sandbox.
    pub files: Vec<String>,
    /// The text as it is in the files, at least one character.
    pub find: String,
    /// Its replacement.
    #[serde(default)]
    pub replace: String,
}

/// A file, a folder or a link. Only `name` and `path` are always there.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct FileInfo {
    /// The last part of its path.
    pub name: String,
    /// Its absolute path.
    pub path: String,
    /// Whether it is a folder; a link to a folder is not.
    #[serde(default)]
    pub is_dir: bool,
    /// Its size in bytes.
    #[serde(default)]
    pub size: u64,
    /// Its permissions in octal: `0644`.
    #[serde(default)]
    pub mode: String,
    /// When it was changed, in seconds since 1970.
    #[serde(default)]
    pub mtime: i64,
    /// The name of its user, or the number if the user has no name.
    #[serde(default)]
    pub owner: String,
    /// The name of its group, or the number if the group has no name.
    #[serde(default)]
    pub group: String,
    /// Whether it is a symbolic link; all other properties are then those of the link.
    #[serde(default)]
    pub is_symlink: bool,
    /// The target of the link, as it is stored.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub link_target: String,
}

/// One entry of a tree.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct TreeEntry {
    /// The last part of its path.
    pub name: String,
    /// What it is.
    #[serde(default, rename = "type")]
    pub kind: FileKind,
    /// The contents of a folder, in the order of the names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<TreeEntry>,
}

/// The type of an entry of a folder.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileKind {
    /// A file.
    #[default]
    File,
    /// A folder.
    Directory,
    /// A symbolic link, wherever it leads.
    Symlink,
    /// A device, a pipe, a socket, or a word that this version does not know.
    #[serde(other)]
    Other,
}

/// A line with a match.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SearchMatch {
    /// The absolute path of the file.
    pub path: String,
    /// The number of the line, from 1 on.
    pub line: u64,
    /// The line without its end.
    pub content: String,
}

/// The result of an edit.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct EditFileResult {
    /// The changes, as shown by `diff -u`.
    pub diff: String,
    /// The number of replacements.
    pub replacements: u64,
}

/// The result of an edit in one of several files.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct EditResult {
    /// The file, as the request names it.
    pub file: String,
    /// Whether it was edited.
    pub success: bool,
    /// Why not.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub error: String,
}

/// Whether a path exists; a link is, wherever it leads.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct Exists {
    /// Whether it is.
    pub exists: bool,
}

/// `GET …/system/user-home-dir`.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct HomeFolder {
    /// The whole path of the user's home.
    pub user_home_dir: String,
}

/// `GET …/system/workdir`.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct StartFolder {
    /// The absolute path of the folder in which commands start.
    pub workdir: String,
}
