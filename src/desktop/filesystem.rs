//! The files of a sandbox, through the control plane.

use serde::{Serialize, de::DeserializeOwned};

use super::{
    ControlPlane, Result, bounds,
    call::Call,
    control_plane::path,
    wire::{
        CopyFile, DeleteFile, EditFile, EditFileResult, EditFiles, EditResult, Exists, FileInfo,
        GlobFiles, HomeFolder, Items, ListFiles, Mkdir, MoveFile, ReadFile, SearchFiles,
        SearchMatch, SetPermissions, ShowTree, StartFolder, TreeEntry,
    },
};

/// Files of a sandbox. Every method fails with a [`super::DesktopError`]: status
/// 404 if there is nothing at the path, 403 where the user of the sandbox may not
/// do it, 409 where something is in the way, and 400 for anything else that is
/// wrong with the request.
impl ControlPlane {
    /// Writes a file of up to 10 MiB in a sandbox, and replaces an existing one; `permissions` are
    /// octal, such as `0755`.
    ///
    /// # Errors
    ///
    /// [`super::DesktopError`].
    pub async fn write_file(
        &self,
        id: &str,
        file: &str,
        bytes: Vec<u8>,
        permissions: Option<&str>,
    ) -> Result<()> {
        bounds::path(file)?;
        bounds::upload(&bytes)?;
        // The same bytes twice are the same file.
        let mut call = Call::post(path(id, "filesystem/write-file")?)
            .query("path", file)
            .bytes(bytes)
            .repeatable();
        if let Some(permissions) = permissions {
            call = call.query("permissions", permissions);
        }
        self.http.bytes(&call).await?;
        Ok(())
    }

    /// Reads a file of a sandbox, or a part of it, of up to 10 MiB.
    ///
    /// # Errors
    ///
    /// [`super::DesktopError`].
    pub async fn read_file(&self, id: &str, wanted: &ReadFile) -> Result<Vec<u8>> {
        bounds::path(&wanted.path)?;
        if wanted.head.is_some() && wanted.tail.is_some() {
            return Err(super::DesktopError::Argument {
                field: "tail",
                problem: "cannot be given together with `head`".to_owned(),
            });
        }
        let call = asked(id, "read-file", wanted)?.repeatable();
        self.http.bytes(&call).await
    }

    /// Makes a folder.
    ///
    /// # Errors
    ///
    /// [`super::DesktopError`].
    pub async fn mkdir(&self, id: &str, wanted: &Mkdir) -> Result<()> {
        bounds::path(&wanted.path)?;
        self.done(id, "mkdir", wanted).await
    }

    /// The contents of a folder, in the order of the names.
    ///
    /// # Errors
    ///
    /// [`super::DesktopError`].
    pub async fn ls(&self, id: &str, wanted: &ListFiles) -> Result<Vec<FileInfo>> {
        bounds::path(&wanted.path)?;
        let Items { items } = self.told(id, "ls", wanted).await?;
        Ok(items)
    }

    /// The contents of a folder and of the folders below it.
    ///
    /// # Errors
    ///
    /// [`super::DesktopError`].
    pub async fn tree(&self, id: &str, wanted: &ShowTree) -> Result<Vec<TreeEntry>> {
        bounds::path(&wanted.path)?;
        let Items { items } = self.told(id, "tree", wanted).await?;
        Ok(items)
    }

    /// The properties of a file, a folder or a link.
    ///
    /// # Errors
    ///
    /// [`super::DesktopError`].
    pub async fn stat(&self, id: &str, file: &str) -> Result<FileInfo> {
        self.told(id, "stat", &of(file)?).await
    }

    /// Whether a path exists.
    ///
    /// # Errors
    ///
    /// [`super::DesktopError`].
    pub async fn exists(&self, id: &str, file: &str) -> Result<bool> {
        let Exists { exists } = self.told(id, "exists", &of(file)?).await?;
        Ok(exists)
    }

    /// The absolute paths of what matches a glob pattern, in the order of the names.
    ///
    /// # Errors
    ///
    /// [`super::DesktopError`].
    pub async fn glob(&self, id: &str, wanted: &GlobFiles) -> Result<Vec<String>> {
        bounds::path(&wanted.path)?;
        let Items { items } = self.told(id, "glob", wanted).await?;
        Ok(items)
    }

    /// The lines that match a regular expression, in text files.
    ///
    /// # Errors
    ///
    /// [`super::DesktopError`].
    pub async fn grep(&self, id: &str, wanted: &SearchFiles) -> Result<Vec<SearchMatch>> {
        bounds::path(&wanted.path)?;
        let Items { items } = self.told(id, "grep", wanted).await?;
        Ok(items)
    }

    /// Replaces texts in a file: all that the request asks for, or nothing.
    ///
    /// # Errors
    ///
    /// [`super::DesktopError`]: status 400 also for a text that does not occur.
    pub async fn edit_file(&self, id: &str, wanted: &EditFile) -> Result<EditFileResult> {
        bounds::path(&wanted.path)?;
        self.http.json(&asked(id, "edit-file", wanted)?).await
    }

    /// Replaces one text in several files, each on its own.
    ///
    /// # Errors
    ///
    /// [`super::DesktopError`]; what is wrong with one file is in its result.
    pub async fn edit_files(&self, id: &str, wanted: &EditFiles) -> Result<Vec<EditResult>> {
        let call = asked(id, "edit-files", wanted)?;
        let Items { items } = self.http.json(&call).await?;
        Ok(items)
    }

    /// Moves or renames a file or a folder.
    ///
    /// # Errors
    ///
    /// [`super::DesktopError`].
    pub async fn move_file(&self, id: &str, wanted: &MoveFile) -> Result<()> {
        bounds::path(&wanted.src_path)?;
        bounds::path(&wanted.dst_path)?;
        self.done(id, "move", wanted).await
    }

    /// Copies a file or a folder.
    ///
    /// # Errors
    ///
    /// [`super::DesktopError`].
    pub async fn copy_file(&self, id: &str, wanted: &CopyFile) -> Result<()> {
        bounds::path(&wanted.src_path)?;
        bounds::path(&wanted.dst_path)?;
        self.done(id, "copy", wanted).await
    }

    /// Deletes a file, a link or a folder.
    ///
    /// # Errors
    ///
    /// [`super::DesktopError`]: status 409 for a folder that is not empty, unless its contents
    /// should be deleted too.
    pub async fn delete_file(&self, id: &str, wanted: &DeleteFile) -> Result<()> {
        bounds::path(&wanted.path)?;
        self.done(id, "delete", wanted).await
    }

    /// Changes the permissions and the owner of a file.
    ///
    /// # Errors
    ///
    /// [`super::DesktopError`].
    pub async fn set_permissions(&self, id: &str, wanted: &SetPermissions) -> Result<()> {
        bounds::path(&wanted.path)?;
        // The same permissions twice are the same permissions.
        let call = asked(id, "set-permissions", wanted)?.repeatable();
        self.http.bytes(&call).await?;
        Ok(())
    }

    /// The absolute path of the home of the sandbox's user.
    ///
    /// # Errors
    ///
    /// [`super::DesktopError`].
    pub async fn home_folder(&self, id: &str) -> Result<String> {
        let call = Call::get(path(id, "system/user-home-dir")?);
        let HomeFolder { user_home_dir } = self.http.json(&call).await?;
        Ok(user_home_dir)
    }

    /// The absolute path of the folder in which commands start.
    ///
    /// # Errors
    ///
    /// [`super::DesktopError`].
    pub async fn start_folder(&self, id: &str) -> Result<String> {
        let call = Call::get(path(id, "system/workdir")?);
        let StartFolder { workdir } = self.http.json(&call).await?;
        Ok(workdir)
    }

    /// Asks a question about files.
    async fn told<T: DeserializeOwned>(
        &self,
        id: &str,
        what: &str,
        wanted: &impl Serialize,
    ) -> Result<T> {
        self.http.json(&asked(id, what, wanted)?.repeatable()).await
    }

    /// Has something done that returns nothing, and that must not be repeated.
    async fn done(&self, id: &str, what: &str, wanted: &impl Serialize) -> Result<()> {
        self.http.bytes(&asked(id, what, wanted)?).await?;
        Ok(())
    }
}

fn asked(id: &str, what: &str, wanted: &impl Serialize) -> Result<Call> {
    Call::post(path(id, &format!("filesystem/{what}"))?).json(wanted)
}

/// The body of a question that has nothing but a path.
fn of(file: &str) -> Result<std::collections::BTreeMap<&'static str, &str>> {
    bounds::path(file)?;
    Ok([("path", file)].into())
}
