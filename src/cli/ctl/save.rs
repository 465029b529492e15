//! Pictures, videos and files: to a file, completely or not at all, or to stdout; and back from a
//! file or stdin.

use std::{
    ffi::OsString,
    fs,
    io::{self, IsTerminal, Read},
    path::PathBuf,
};

use futures_util::StreamExt as _;

use super::Fault;
use crate::{cli::say, desktop::ByteStream, whole::Whole};

/// Where bytes go.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum OutputPath {
    /// `-`.
    Stdout,
    /// A file; an existing one is replaced.
    File(PathBuf),
}

impl From<OsString> for OutputPath {
    fn from(text: OsString) -> Self {
        if text == "-" {
            Self::Stdout
        } else {
            Self::File(text.into())
        }
    }
}

impl OutputPath {
    /// As it was written.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Stdout => "-".to_owned(),
            Self::File(path) => path.display().to_string(),
        }
    }

    /// Writes what comes part by part; a file whole or not at all. Returns how many bytes
    /// that were.
    pub(super) async fn fill(&self, mut parts: ByteStream) -> Result<u64, Fault> {
        let write = |reason| Fault::Write {
            place: self.name(),
            reason,
        };
        let mut file = match self {
            Self::Stdout => None,
            Self::File(path) => Some(Whole::empty(path).map_err(write)?),
        };
        let mut size = 0;
        while let Some(part) = parts.next().await {
            let part = part?;
            size += part.len() as u64;
            if let Some(filled) = file {
                file = Some(filled.with(&part).map_err(write)?);
            } else {
                say::exactly(&part).map_err(Fault::Stdout)?;
            }
        }
        if let Some(file) = file {
            file.put().map_err(write)?;
        }
        Ok(size)
    }

    /// Refuses to fill a terminal with bytes, before anything is asked for.
    pub(super) fn check(&self) -> Result<(), Fault> {
        if *self == Self::Stdout && io::stdout().is_terminal() {
            let problem = "a terminal cannot show it: name a file, or redirect stdout to one";
            return Err(Fault::Usage(problem.to_owned()));
        }
        Ok(())
    }
}

/// Where bytes come from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Source {
    /// `-`.
    Stdin,
    /// A file.
    File(PathBuf),
}

impl From<OsString> for Source {
    fn from(text: OsString) -> Self {
        match OutputPath::from(text) {
            OutputPath::Stdout => Self::Stdin,
            OutputPath::File(path) => Self::File(path),
        }
    }
}

impl Source {
    /// All of it.
    pub(super) fn read(&self) -> Result<Vec<u8>, Fault> {
        let (place, read) = match self {
            Self::Stdin => {
                let mut bytes = Vec::new();
                let read = io::stdin().lock().read_to_end(&mut bytes);
                ("stdin".to_owned(), read.map(|_| bytes))
            }
            Self::File(path) => (path.display().to_string(), fs::read(path)),
        };
        read.map_err(|error| Fault::Usage(format!("cannot read {place}: {error}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dash_is_stdout() {
        assert_eq!(OutputPath::from(OsString::from("-")), OutputPath::Stdout);
        let file = OutputPath::from(OsString::from("./-"));
        assert_eq!(file, OutputPath::File(PathBuf::from("./-")));
    }
}
