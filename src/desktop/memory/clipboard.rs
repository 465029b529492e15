//! The clipboards of a desktop in memory.

use super::{MemoryDesktop, State};
use crate::{desktop::wire::ClipboardContent, input::Clipboard};

impl MemoryDesktop {
    pub(super) fn copied(&self, clipboard: Clipboard) -> ClipboardContent {
        let state = self.lock();
        let text = match clipboard {
            Clipboard::Copied => state.copied.clone(),
            Clipboard::Primary => state.marked(),
        };
        ClipboardContent {
            text,
            formats: Vec::new(),
        }
    }

    pub(super) fn copy(&self, clipboard: Clipboard, text: &str) {
        self.acted(format!("copy {text:?} to {}", clipboard.noun()));
        let text = Some(text.to_owned());
        let mut state = self.lock();
        match clipboard {
            Clipboard::Copied => state.copied = text,
            Clipboard::Primary => state.primary = text,
        }
    }
}

impl State {
    /// What is marked: what keys have selected, or what was typed last.
    fn marked(&self) -> Option<String> {
        if self.primary.is_some() {
            return self.primary.clone();
        }
        let selected = match self.selected {
            0 => self.last,
            by_keys => by_keys,
        };
        let before = self.typed.chars().count().saturating_sub(selected);
        let marked: String = self.typed.chars().skip(before).collect();
        Some(marked).filter(|marked| !marked.is_empty())
    }
}
