//! Whose desktop a request is for: by its host name, `sbx-abc.localhost`, or by
//! the beginning of its path, `/sandboxes/sbx-abc/…`. With `-8080` after the id, it is for that
//! port of the sandbox.

use axum::{
    extract::Request,
    http::{Uri, header, uri::PathAndQuery},
};

use super::Plane;

/// The part of a path before the id.
const FOLDER: &str = "/sandboxes/";

/// A sandbox, or a port of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(in crate::server::api) struct SandboxAddress {
    pub(in crate::server::api) sandbox: String,
    pub(in crate::server::api) port: Option<u16>,
    /// Whether the host name says so: nobody can guess it.
    pub(in crate::server::api) by_host: bool,
}

impl SandboxAddress {
    /// Finds whom a request is for, and takes the id out of its path. Ids that
    /// no sandbox has are left alone.
    pub(in crate::server::api) fn of(request: &mut Request, plane: &Plane) -> Option<Self> {
        let known = |name: &str, by_host| {
            let target = Self::read(name, by_host)?;
            plane.sandboxes.has(&target.sandbox).then_some(target)
        };
        let host = request.headers().get(header::HOST);
        let label = host.and_then(|host| host.to_str().ok()?.split('.').next());
        if let Some(target) = label.and_then(|label| known(label, true)) {
            return Some(target);
        }
        let rest = request.uri().path().strip_prefix(FOLDER)?;
        let (name, _) = rest.split_once('/')?;
        let target = known(name, false)?;
        let shorter = without(request.uri(), FOLDER.len() + name.len())?;
        *request.uri_mut() = shorter;
        Some(target)
    }

    fn read(name: &str, by_host: bool) -> Option<Self> {
        let (sandbox, port) = match name.rsplit_once('-') {
            Some((sandbox, port)) if sandbox.contains('-') => (sandbox, Some(port.parse().ok()?)),
            _ => (name, None),
        };
        Some(Self {
            sandbox: sandbox.to_owned(),
            port,
            by_host,
        })
    }
}

/// An address whose path lacks its first bytes.
fn without(uri: &Uri, bytes: usize) -> Option<Uri> {
    let rest = uri.path_and_query()?.as_str().get(bytes..)?;
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(rest).ok()?);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_an_id_and_perhaps_a_port() {
        let read =
            |name| SandboxAddress::read(name, true).map(|target| (target.sandbox, target.port));
        assert_eq!(read("sbx-1a"), Some(("sbx-1a".to_owned(), None)));
        assert_eq!(read("sbx-1a-80"), Some(("sbx-1a".to_owned(), Some(80))));
        assert_eq!(read("sbx-1a-x"), None);
        assert_eq!(read("sbx-1a-65536"), None);
    }

    #[test]
    fn the_query_stays_where_the_path_is_cut() {
        let uri: Uri = "/sandboxes/sbx-1/api/screenshot?x=1".parse().unwrap();
        let rest = without(&uri, "/sandboxes/sbx-1".len()).unwrap();
        assert_eq!(rest, "/api/screenshot?x=1");
    }
}
