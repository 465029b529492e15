//! The size of the screen, by the Resize and Rotate extension (RANDR 1.5).
//!
//! Xvfb has one output, and its screen can take any size up to the one that it
//! was started with: a mode of that size is made and shown. With the output off
//! in between, growing and shrinking go the same way.

use x11rb::{
    connection::Connection,
    protocol::{
        randr::{self, ConnectionExt as _, ModeInfo, Rotation, SetConfig},
        xproto::ConnectionExt as _,
    },
};

use super::{Screen, XError, lock, patience::is_awaited};
use crate::geometry::Size;

/// What fonts and themes are made for.
const DOTS_PER_INCH: u32 = 96;

/// Frames a second that a made mode claims to have; nothing draws by it.
const REFRESH_RATE: u32 = 60;

impl Screen {
    /// Gives the screen another size; programs learn of it as of a new monitor.
    pub(in crate::server) fn resize(&self, size: Size) -> Result<(), XError> {
        let _one_at_a_time = lock(&self.resizing);
        if self.size()? == size {
            return Ok(());
        }
        let range = self
            .connection
            .randr_get_screen_size_range(self.root)?
            .reply()?;
        let largest = Size::new(range.max_width.into(), range.max_height.into());
        if size.width > largest.width || size.height > largest.height {
            return Err(XError::Request(format!(
                "the screen of this desktop can have at most {largest}"
            )));
        }
        let resources = self
            .connection
            .randr_get_screen_resources(self.root)?
            .reply()?;
        let (Some(crtc), Some(output)) = (resources.crtcs.first(), resources.outputs.first())
        else {
            return Err(XError::Request("the screen has no output".to_owned()));
        };
        let mode = match mode_of(&resources, size) {
            Some(mode) => mode,
            None => self.make_mode(*output, size)?,
        };
        is_awaited()?;
        // Nobody else may draw on a screen that is between two sizes.
        self.connection.grab_server()?;
        let resized = self.show(*crtc, *output, mode, size);
        self.connection.ungrab_server()?;
        self.connection.flush()?;
        resized
    }

    fn show(
        &self,
        crtc: randr::Crtc,
        output: randr::Output,
        mode: randr::Mode,
        size: Size,
    ) -> Result<(), XError> {
        let before = self.connection.randr_get_crtc_info(crtc, 0)?.reply()?;
        self.configure(crtc, 0, &[])?;
        let sized = self.set_screen_size(size);
        match sized {
            Ok(()) => self.configure(crtc, mode, &[output]),
            Err(error) => {
                // A screen without an output would be of no use to anybody.
                self.configure(crtc, before.mode, &[output])?;
                Err(error)
            }
        }
    }

    fn configure(
        &self,
        crtc: randr::Crtc,
        mode: randr::Mode,
        outputs: &[randr::Output],
    ) -> Result<(), XError> {
        let now = x11rb::CURRENT_TIME;
        let answer = self
            .connection
            .randr_set_crtc_config(crtc, now, now, 0, 0, mode, Rotation::ROTATE0, outputs)?
            .reply()?;
        if answer.status == SetConfig::SUCCESS {
            return Ok(());
        }
        let status = u8::from(answer.status);
        Err(XError::Refused(format!(
            "SetCrtcConfig ended with status {status}"
        )))
    }

    fn set_screen_size(&self, size: Size) -> Result<(), XError> {
        let [width, height] = [size.width, size.height].map(sixteen_bits);
        let [wide, high] = [size.width, size.height].map(millimetres);
        self.connection
            .randr_set_screen_size(self.root, width, height, wide, high)?
            .check()?;
        Ok(())
    }

    fn make_mode(&self, output: randr::Output, size: Size) -> Result<randr::Mode, XError> {
        let name = size.to_string();
        let [width, height] = [size.width, size.height].map(sixteen_bits);
        let info = ModeInfo {
            width,
            height,
            dot_clock: size.width * size.height * REFRESH_RATE,
            hsync_start: width,
            hsync_end: width,
            htotal: width,
            vsync_start: height,
            vsync_end: height,
            vtotal: height,
            name_len: u16::try_from(name.len()).unwrap_or(0),
            ..ModeInfo::default()
        };
        let mode = self
            .connection
            .randr_create_mode(self.root, info, name.as_bytes())?
            .reply()?
            .mode;
        self.connection
            .randr_add_output_mode(output, mode)?
            .check()?;
        Ok(mode)
    }
}

/// A name can be given to one mode only, so a mode that was made stays.
fn mode_of(resources: &randr::GetScreenResourcesReply, size: Size) -> Option<randr::Mode> {
    let is_it = |mode: &&ModeInfo| {
        u32::from(mode.width) == size.width && u32::from(mode.height) == size.height
    };
    resources.modes.iter().find(is_it).map(|mode| mode.id)
}

fn sixteen_bits(pixels: u32) -> u16 {
    u16::try_from(pixels).unwrap_or(u16::MAX)
}

/// The length of this many pixels on a screen of [`DOTS_PER_INCH`].
const fn millimetres(pixels: u32) -> u32 {
    pixels * 254 / (DOTS_PER_INCH * 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inch_has_ninety_six_dots() {
        assert_eq!(millimetres(960), 254);
    }
}
