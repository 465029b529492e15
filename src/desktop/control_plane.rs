//! The control plane: makes, lists and ends sandboxes, runs commands in them,
//! and moves files.

use std::{sync::Arc, time::Duration};

use tokio::sync::OnceCell;

use super::{
    Config, Desktop, DesktopClient, DesktopError, Result, bounds,
    call::Call,
    config::scheme_and_domain,
    http::{Credentials, Http},
    limiter::Limiter,
    retry::Retries,
    wire::{
        CreateSandbox, ExecuteRequest, ExecuteResult, ListSandboxes, Mkdir, PresignedUrl,
        PresignedUrlRequest, ReadFile, Sandbox, SandboxList, limits,
    },
};

/// The time that a command's answer gets beyond the command itself.
const BEYOND_COMMAND: Duration = Duration::from_secs(15);

/// A client of the control plane. Clones, and the desktops that come from it,
/// share connections and stay together below the service's 1000 requests in
/// 60 s. Calls are repeated up to three times where that does no harm.
#[derive(Clone)]
pub struct ControlPlane {
    pub(super) http: Http,
    sandbox_domain: String,
}

/// Commands and files in the sandbox of a desktop, through its control plane.
#[derive(Clone)]
pub(super) struct Commands {
    plane: ControlPlane,
    sandbox: String,
    /// The desktop's display, once it was asked for.
    display: Arc<OnceCell<String>>,
    /// Where relative paths begin, once that was asked for.
    folders: Arc<OnceCell<Folders>>,
}

/// Where paths of a sandbox begin that do not begin with `/`.
struct Folders {
    /// Its `$HOME`.
    home: String,
    /// Where its commands start.
    start: String,
}

impl std::fmt::Debug for ControlPlane {
    /// Without the key: a client may end up in a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ControlPlane")
            .field("base", &self.http.base())
            .field("sandbox_domain", &self.sandbox_domain)
            .finish_non_exhaustive()
    }
}

impl ControlPlane {
    /// A client by these settings. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`DesktopError::Argument`] if a setting is empty or out of bounds, or no
    /// HTTP client can be set up.
    pub fn new(config: Config) -> Result<Self> {
        config.check()?;
        let (scheme, _) = scheme_and_domain(&config.sandbox_domain);
        let encrypted = scheme == "https" || !config.base_url.starts_with("http://");
        let credentials = Credentials {
            key: &config.api_key,
            header: &config.auth_header,
            bearer: config.bearer,
        };
        let http = Http::new(&config.base_url, encrypted, Some(credentials))?
            .with_timeout(config.timeout)?
            .with_retries(Retries::HOSTED)
            .with_limiter(Limiter::hosted());
        let plane = Self {
            http,
            sandbox_domain: config.sandbox_domain,
        };
        // A domain that gives no address is reported now, not at the first desktop.
        plane.http.at(&plane.sandbox_url("sbx"))?;
        Ok(plane)
    }

    /// The same, whose calls may take `timeout` each, repetitions included.
    /// [`ControlPlane::execute`] takes longer where its request does.
    ///
    /// # Errors
    ///
    /// [`DesktopError::Argument`] if `timeout` is 0.
    pub fn with_timeout(&self, timeout: Duration) -> Result<Self> {
        Ok(Self {
            http: self.http.with_timeout(timeout)?,
            ..self.clone()
        })
    }

    /// Makes a sandbox, which answers some time later.
    ///
    /// # Errors
    ///
    /// [`DesktopError`]: status 409 if the account has as many as it may.
    pub async fn create(&self, wanted: &CreateSandbox) -> Result<Sandbox> {
        bounds::create(wanted)?;
        self.http
            .json(&Call::post("/v1/sandbox").json(wanted)?)
            .await
    }

    /// What a sandbox is doing.
    ///
    /// # Errors
    ///
    /// [`DesktopError`]: status 404 if there is none of that id.
    pub async fn get(&self, id: &str) -> Result<Sandbox> {
        self.http.json(&Call::get(path(id, "")?)).await
    }

    /// One page of the account's sandboxes.
    ///
    /// # Errors
    ///
    /// [`DesktopError`], also for a page or page size out of bounds.
    pub async fn list(&self, wanted: &ListSandboxes) -> Result<SandboxList> {
        bounds::list(wanted)?;
        let call = Call::get("/v1/sandboxes").parameters(wanted)?;
        self.http.json(&call).await
    }

    /// Ends a sandbox for good.
    ///
    /// # Errors
    ///
    /// [`DesktopError`]: status 404 if there is none of that id, 409 while it
    /// changes its state.
    pub async fn delete(&self, id: &str) -> Result<()> {
        self.http.bytes(&Call::delete(path(id, "")?)).await?;
        Ok(())
    }

    /// Runs a command in a sandbox and waits for its end, longer than the
    /// command may take.
    ///
    /// # Errors
    ///
    /// [`DesktopError`]; a command that fails is not an error.
    pub async fn execute(&self, id: &str, request: &ExecuteRequest) -> Result<ExecuteResult> {
        let call = execution(Call::post(path(id, "process/execute")?), request)?;
        self.http.json(&call).await
    }

    /// An address of a port of the sandbox that needs no key, for a while.
    ///
    /// # Errors
    ///
    /// [`DesktopError`].
    pub async fn presigned_url(
        &self,
        id: &str,
        wanted: &PresignedUrlRequest,
    ) -> Result<PresignedUrl> {
        bounds::presigned_url(wanted)?;
        let call = Call::post(path(id, "presigned-url")?).json(wanted)?;
        self.http.json(&call).await
    }

    /// The address of a sandbox, `https://sbx-abc123.sandbox.leap0.dev`.
    #[must_use]
    pub fn sandbox_url(&self, id: &str) -> String {
        if self.sandbox_domain.contains("{id}") {
            let url = self.sandbox_domain.replace("{id}", id);
            return url.trim_end_matches('/').to_owned();
        }
        let (scheme, domain) = scheme_and_domain(&self.sandbox_domain);
        format!("{scheme}://{id}.{domain}")
    }

    /// The page that shows the desktop of a sandbox in a browser.
    #[must_use]
    pub fn viewer_url(&self, id: &str) -> String {
        format!("{}/", self.sandbox_url(id))
    }

    /// The desktop of a sandbox, with the same key, retries and limit of
    /// requests. Its commands run through the control plane, on the
    /// desktop's display.
    ///
    /// # Errors
    ///
    /// [`DesktopError::Argument`] if `id` cannot be the id of a sandbox.
    pub fn desktop(&self, id: &str) -> Result<DesktopClient> {
        bounds::id("sandbox_id", id)?;
        let http = self.http.at(&self.sandbox_url(id))?;
        let commands = Commands {
            plane: self.clone(),
            sandbox: id.to_owned(),
            display: Arc::default(),
            folders: Arc::default(),
        };
        Ok(DesktopClient::over(http, Some(commands)))
    }
}

impl Commands {
    /// The same, whose calls may take `timeout` each.
    pub(super) fn with_timeout(&self, timeout: Duration) -> Result<Self> {
        Ok(Self {
            plane: self.plane.with_timeout(timeout)?,
            ..self.clone()
        })
    }

    /// Runs a command on the display of `desktop`, unless it names one itself.
    pub(super) async fn execute(
        &self,
        desktop: &dyn Desktop,
        request: &ExecuteRequest,
    ) -> Result<ExecuteResult> {
        let mut request = request.clone();
        let envs = request.envs.get_or_insert_default();
        if !envs.contains_key("DISPLAY") {
            let ask = || async { Ok::<_, DesktopError>(desktop.display_info().await?.display) };
            let display = self.display.get_or_try_init(ask).await?;
            envs.insert("DISPLAY".to_owned(), display.clone());
        }
        self.plane.execute(&self.sandbox, &request).await
    }

    /// Reads a file of the sandbox.
    pub(super) async fn read_file(&self, file: &str) -> Result<Vec<u8>> {
        let wanted = ReadFile {
            path: self.absolute(file).await?,
            ..ReadFile::default()
        };
        self.plane.read_file(&self.sandbox, &wanted).await
    }

    /// Writes a file of the sandbox, and makes the folders that it needs.
    pub(super) async fn write_file(&self, file: &str, bytes: &[u8]) -> Result<()> {
        bounds::upload(bytes)?;
        let path = self.absolute(file).await?;
        if let Some((folder, _)) = path.rsplit_once('/').filter(|(above, _)| !above.is_empty()) {
            let wanted = Mkdir {
                path: folder.to_owned(),
                recursive: true,
                ..Mkdir::default()
            };
            match self.plane.mkdir(&self.sandbox, &wanted).await {
                // It exists now.
                Err(error) if error.status() == Some(409) => {}
                made => made?,
            }
        }
        let bytes = bytes.to_vec();
        self.plane
            .write_file(&self.sandbox, &path, bytes, None)
            .await
    }

    /// An absolute path. It is not documented where the control plane starts relative paths, so the
    /// sandbox is asked.
    async fn absolute(&self, path: &str) -> Result<String> {
        bounds::path(path)?;
        if path.starts_with('/') {
            return Ok(path.to_owned());
        }
        let folders = self.folders.get_or_try_init(|| self.ask_for_folders());
        let Folders { home, start } = folders.await?;
        Ok(match path.strip_prefix('~') {
            Some(rest) if rest.is_empty() || rest.starts_with('/') => format!("{home}{rest}"),
            _ => format!("{start}/{path}"),
        })
    }

    async fn ask_for_folders(&self) -> Result<Folders> {
        let request = ExecuteRequest {
            command: r#"printf '%s\n' "$HOME" && pwd"#.to_owned(),
            ..ExecuteRequest::default()
        };
        let said = self.plane.execute(&self.sandbox, &request).await?;
        let mut lines = said.stdout.lines().map(|line| line.trim_end_matches('/'));
        match (lines.next(), lines.next()) {
            (Some(home), Some(start)) if said.exit_code == 0 => Ok(Folders {
                home: home.to_owned(),
                start: start.to_owned(),
            }),
            _ => Err(DesktopError::Answer {
                call: "the command that determines the home and the working folder".to_owned(),
                problem: format!("it ended with {}: {}", said.exit_code, said.stderr.trim()),
            }),
        }
    }
}

/// The call for a command, whose timeout outlasts the command's own.
pub(super) fn execution(call: Call, request: &ExecuteRequest) -> Result<Call> {
    let command = Duration::from_secs(request.timeout.unwrap_or(limits::USUAL_COMMAND));
    Ok(call
        .json(request)?
        .outlasting(command.saturating_add(BEYOND_COMMAND)))
}

pub(super) fn path(id: &str, rest: &str) -> Result<String> {
    bounds::id("sandbox_id", id)?;
    Ok(format!("/v1/sandbox/{id}/{rest}"))
}
