//! Pictures of the screen by MIT-SHM.
//!
//! The X server writes into a memory file that both processes hold
//! (`ShmAttachFd`), and we read that file: no pixel goes through the socket,
//! and no unsafe mapping is needed.

use std::{
    fs::File,
    os::{fd::OwnedFd, unix::fs::FileExt},
};

use rustix::fs::{MemfdFlags, ftruncate, memfd_create};
use x11rb::{
    connection::Connection,
    protocol::{
        shm::{self, ConnectionExt as _},
        xproto::ImageFormat,
    },
    rust_connection::RustConnection,
};

use super::{Screen, XError, lock};
use crate::{geometry::Rect, vision::Frame};

/// Four bytes for each pixel: blue, green, red and one without meaning.
pub(super) const PIXEL_BYTES: usize = 4;

/// The memory that is shared with the X server, kept between pictures.
#[derive(Default)]
pub(super) struct Capture {
    segment: Option<Segment>,
}

/// A memory file that the X server writes pixels into.
pub(super) struct Segment {
    pub(super) id: shm::Seg,
    pub(super) file: File,
    capacity: usize,
}

impl Screen {
    /// The pixels of `region`, which must lie on the screen and not be empty.
    /// The pointer is not drawn.
    pub(in crate::server) fn capture(&self, region: Rect) -> Result<Frame, XError> {
        if region.is_empty() || !self.size()?.to_rect().covers(region) {
            return Err(XError::Request(format!("{region} is not on the screen")));
        }
        let mut capture = lock(&self.capture);
        let needed = region.width as usize * region.height as usize * PIXEL_BYTES;
        let segment = self.segment_of(&mut capture.segment, needed)?;
        let [x, y] = [region.x, region.y].map(|n| i16::try_from(n).unwrap_or(i16::MAX));
        let [width, height] =
            [region.width, region.height].map(|n| u16::try_from(n).unwrap_or(u16::MAX));
        let format = ImageFormat::Z_PIXMAP.into();
        self.connection
            .shm_get_image(self.root, x, y, width, height, !0, format, segment.id, 0)?
            .reply()?;
        let mut done = 0;
        Ok(Frame::read_bgrx(region.size(), |part| {
            let read = segment.file.read_exact_at(part, done);
            done += part.len() as u64;
            read
        })?)
    }

    fn segment_of<'a>(
        &self,
        kept: &'a mut Option<Segment>,
        needed: usize,
    ) -> Result<&'a Segment, XError> {
        match kept {
            Some(segment) if segment.capacity >= needed => {}
            _ => {
                if let Some(old) = kept.take() {
                    self.connection.shm_detach(old.id)?;
                }
                *kept = Some(Segment::attach(&self.connection, needed)?);
            }
        }
        kept.as_ref()
            .ok_or_else(|| XError::Request("no shared memory".to_owned()))
    }
}

impl Segment {
    /// Memory for this many bytes, known to the X server of this connection.
    pub(super) fn attach(connection: &RustConnection, capacity: usize) -> Result<Self, XError> {
        let memory: OwnedFd =
            memfd_create("deskhand-frame", MemfdFlags::CLOEXEC).map_err(std::io::Error::from)?;
        ftruncate(&memory, capacity as u64).map_err(std::io::Error::from)?;
        let id = connection.generate_id()?;
        let theirs = memory.try_clone()?;
        connection.shm_attach_fd(id, theirs, false)?.check()?;
        Ok(Self {
            id,
            file: memory.into(),
            capacity,
        })
    }
}
