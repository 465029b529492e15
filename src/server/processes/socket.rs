//! Where the session's processes listen.

use std::{fs::File, io, net::Ipv4Addr, os::fd::AsRawFd, path::Path};

use tokio::{
    io::AsyncReadExt,
    net::{TcpSocket, UnixStream},
};

use crate::server::StartError;

/// Waits for the first words of the VNC server, which it says to everybody once it is
/// set up. Its socket is there before that.
pub(super) async fn greeting(socket: &Path) -> io::Result<()> {
    connect(socket).await?.read_u8().await.map(drop)
}

/// Whether there is a socket that nobody listens on: not yet, or not any more.
pub(super) async fn is_refused(socket: &Path) -> bool {
    let connected = connect(socket).await;
    connected.is_err_and(|error| error.kind() == io::ErrorKind::ConnectionRefused)
}

/// Connects to a socket, however long its path is.
pub(in crate::server) async fn connect(socket: &Path) -> io::Result<UnixStream> {
    let [Some(folder), Some(name)] = [socket.parent().map(Path::as_os_str), socket.file_name()]
    else {
        return Err(io::ErrorKind::InvalidFilename.into());
    };
    // The address of a socket has room for 107 bytes, and the path may be longer.
    let folder = File::open(folder)?;
    let near = format!("/proc/self/fd/{}", folder.as_raw_fd());
    UnixStream::connect(Path::new(&near).join(name)).await
}

/// A free loopback port, and what keeps it free: neither a program that asks for any
/// port nor a connection gets one that is bound. Only who binds this very one, as
/// websockify does, and may share it until somebody listens (`SO_REUSEADDR`, see
/// socket(7)) gets it.
pub(super) fn free_port() -> Result<(u16, TcpSocket), StartError> {
    let found = || {
        let socket = TcpSocket::new_v4()?;
        socket.set_reuseaddr(true)?;
        socket.bind((Ipv4Addr::LOCALHOST, 0).into())?;
        Ok((socket.local_addr()?.port(), socket))
    };
    found().map_err(|reason| StartError::System {
        what: "find a free loopback port".to_owned(),
        reason,
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn a_socket_refuses_once_nobody_listens_on_it_any_more() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bus");
        assert!(!is_refused(&path).await, "it is not there yet");
        let listener = std::os::unix::net::UnixListener::bind(&path).unwrap();
        assert!(!is_refused(&path).await);
        drop(listener);
        // A process that another test is just starting still has the listener.
        let refused = async {
            while !is_refused(&path).await {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let patience = Duration::from_secs(10);
        tokio::time::timeout(patience, refused)
            .await
            .expect("nobody listens");
    }

    #[tokio::test]
    async fn a_port_is_free_for_who_binds_it_and_for_nobody_else() {
        let (port, _kept_free) = free_port().unwrap();
        let address = (Ipv4Addr::LOCALHOST, port).into();
        let other = TcpSocket::new_v4().unwrap();
        assert!(other.bind(address).is_err(), "it does not share it");
        let bridge = TcpSocket::new_v4().unwrap();
        bridge.set_reuseaddr(true).unwrap();
        bridge.bind(address).unwrap();
        assert!(bridge.listen(1).is_ok());
    }
}
