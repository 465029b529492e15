//! What a film is made of, kept while steps are played: recordings, captions, the targets of steps,
//! and the places of secrets.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use super::{
    fault::{Breakage, Fault},
    recording::{Recording, Saved, Stopped},
    secret_place::Secret,
    stage::Stage,
};
use crate::{
    desktop::wire,
    event::{Moment, Outcome, StepId},
    geometry::Rect,
    plan::{Caption, Step},
    timeline::Window,
};

/// How long the desktop may take to report its windows: a film is not worth a longer wait.
const LOOK: Duration = Duration::from_secs(2);

impl Stage<'_> {
    /// Starts the recording `name`, of at most this many frames a second.
    pub(super) async fn start_recording(
        &mut self,
        name: &str,
        frame_rate: u32,
    ) -> Result<(), Fault> {
        let recording = Recording::start(self.desktop, name, frame_rate).await?;
        self.hand.note_since(recording.begun()).await;
        self.recording = Some(recording);
        self.film_windows().await;
        self.film_secrets().await;
        Ok(())
    }

    /// Stops the running recording, if there is one, and keeps its video and its timeline.
    pub(super) async fn stop_recording(&mut self) -> Result<(), Fault> {
        self.until_read().await;
        let Some(recording) = &mut self.recording else {
            return Ok(());
        };
        // It is dropped only after that, so that a stop that is cut off can be repeated.
        recording.did(self.hand.noted());
        let stopped = recording.stop(self.desktop, &self.files, &self.scene).await;
        self.recording = None;
        let Stopped {
            saved,
            dropped,
            broken,
        } = stopped?;
        if dropped > 0 {
            let note = format!(
                "{dropped} frames of the recording could not be taken in time, because the \
                 machine was too busy"
            );
            self.notes.push(note);
        }
        self.saved.extend(saved);
        broken.map_or(Ok(()), |breakage| Err(Fault::Broken(breakage)))
    }

    /// Cuts the hidden parts out of the recordings that ended.
    pub(super) async fn cut_recordings(&mut self) {
        for mut saved in std::mem::take::<Vec<Saved>>(&mut self.saved) {
            match saved.cut(&self.files).await {
                Ok(()) => self.saved.push(saved),
                Err(breakage) => self.lost.push(breakage),
            }
        }
    }

    /// Where the running recording is.
    pub(super) fn moment(&self) -> Option<Moment> {
        self.recording.as_ref().map(Recording::moment)
    }

    /// Keeps what happens from here on out of the running recording and the trace.
    pub(super) fn hide(&mut self) {
        self.hidden += 1;
        self.hand.hide(true);
        if let Some(recording) = &mut self.recording {
            recording.hide();
        }
    }

    /// Shows again what happens from here on, unless a hidden block is around it.
    pub(super) fn show(&mut self) {
        self.hidden = self.hidden.saturating_sub(1);
        if self.hidden > 0 {
            return;
        }
        self.hand.hide(false);
        if let Some(recording) = &mut self.recording {
            recording.show();
        }
    }

    /// The running recording, unless what happens now is hidden.
    fn filmed(&mut self) -> Option<&mut Recording> {
        self.recording.as_mut().filter(|_| self.hidden == 0)
    }

    /// A step begins.
    pub(super) fn film_start(&mut self, id: StepId, parent: Option<StepId>, step: &Step) {
        if let Some(recording) = self.filmed() {
            recording.log.started(id, parent, step);
        }
    }

    /// A step ended, and this is what it pointed at.
    pub(super) async fn film_end(&mut self, id: StepId, outcome: &Outcome, target: Option<Rect>) {
        if let Some(recording) = self.filmed() {
            recording.log.finished(id, outcome.word(), target);
            self.film_windows().await;
        }
    }

    /// Looks at the windows, for the timeline of the running recording.
    async fn film_windows(&mut self) {
        let windows = self.windows_for_film().await;
        if let Some((recording, windows)) = self.recording.as_mut().zip(windows) {
            recording.log.windows(&windows);
        }
    }

    /// The windows, without secrets, if the desktop reports them in time.
    async fn windows_for_film(&self) -> Option<Vec<Window>> {
        let looking = timeout(LOOK, self.desktop.windows());
        let windows = looking.await.ok()?.ok()?;
        let line = |window: &wire::Window| Window {
            title: self.files.mask.text(&window.title),
            area: window.rect(),
            focused: window.focused,
        };
        Some(windows.iter().map(line).collect())
    }

    /// Shows words in the film from here on. At the pace of a demo, there is first time to read the
    /// words that are shown.
    pub(super) async fn caption(&mut self, id: StepId, caption: &Caption) -> Result<(), Fault> {
        let text = self.known.text(&caption.text)?;
        let text = self.files.mask.text(&text);
        self.until_read().await;
        if let Some(recording) = self.filmed() {
            let (position, lasting) = (caption.position, caption.lasting);
            recording.log.caption(id, text, position, lasting);
        } else if self.recording.is_none() {
            let note = "no recording is running, so no film will show the caption";
            self.notes.push(note.to_owned());
        }
        Ok(())
    }

    /// The step that has a caption next to its verb is over. At the pace of a demo, playing goes on
    /// while the caption is read.
    pub(super) fn end_caption(&mut self) {
        let is_human = self.hand.is_human();
        if let Some(recording) = self.filmed() {
            if is_human {
                recording.log.release_caption();
            } else {
                recording.log.end_caption();
            }
        }
    }

    async fn until_read(&self) {
        if let Some(recording) = &self.recording
            && self.hand.is_human()
        {
            sleep(recording.log.unread()).await;
        }
    }

    /// Types a text, and remembers its place if it is a secret: whether or not something is
    /// recorded now, a recording may begin while it is still on the screen.
    pub(super) async fn type_text(
        &mut self,
        text: &str,
        speed: Option<Duration>,
    ) -> Result<(), Fault> {
        if self.settings.dry || !self.hand.is_secret(text) {
            return Ok(self.hand.type_text(text, speed).await?);
        }
        let since = Instant::now();
        let windows = self.windows_for_film().await.unwrap_or_default();
        let screen = self.screen().await?.to_rect();
        let secret = Secret::typed(self.target, &windows, screen);
        self.secrets.push(secret.clone());
        if let Some(recording) = &mut self.recording {
            recording.log.windows(&windows);
            recording.log.secret(since, secret);
        }
        Ok(self.hand.type_text(text, speed).await?)
    }

    /// Tells a recording that has just begun which secrets are on the screen.
    async fn film_secrets(&mut self) {
        let windows = self.windows_for_film().await.unwrap_or_default();
        let Some(recording) = &mut self.recording else {
            return;
        };
        let begun = recording.begun();
        for secret in self
            .secrets
            .iter()
            .filter_map(|secret| secret.now(&windows))
        {
            recording.log.secret(begun, secret);
        }
    }

    /// The faults of recordings that were not kept.
    pub(super) fn lost_recordings(&mut self) -> Vec<Breakage> {
        std::mem::take(&mut self.lost)
    }
}
