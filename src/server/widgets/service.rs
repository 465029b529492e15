//! What programs ask before they report their widgets: whether anybody wants to know,
//! and where the accessibility bus is.
//!
//! Usually a service answers that (at-spi-bus-launcher), which starts an accessibility
//! bus of its own. Here that bus is there before anything else, and we answer.

use std::path::Path;

use tokio::time::{Instant, sleep};
use zbus::{Connection, connection::Builder, interface};

use super::bus::{BusError, LOOK_AGAIN, PATIENCE, open};

/// The name by which programs know who answers.
const NAME: &str = "org.a11y.Bus";

/// The object that answers.
const OBJECT: &str = "/org/a11y/bus";

/// Where the accessibility bus is.
struct Place {
    address: String,
}

#[interface(name = "org.a11y.Bus")]
impl Place {
    fn get_address(&self) -> String {
        self.address.clone()
    }
}

/// Whether somebody wants to know of widgets.
struct Status {
    is_enabled: bool,
    screen_reader: bool,
}

#[interface(name = "org.a11y.Status")]
impl Status {
    #[zbus(property)]
    fn is_enabled(&self) -> bool {
        self.is_enabled
    }

    #[zbus(property)]
    fn set_is_enabled(&mut self, is_enabled: bool) {
        self.is_enabled = is_enabled;
    }

    #[zbus(property)]
    fn screen_reader_enabled(&self) -> bool {
        self.screen_reader
    }

    #[zbus(property)]
    fn set_screen_reader_enabled(&mut self, is_enabled: bool) {
        self.screen_reader = is_enabled;
    }
}

/// Answers the programs of the session whose message bus has its socket there, as long
/// as the connection is kept; waits for the bus if it is not there yet.
pub(super) async fn answer(session: &Path, address: &str) -> Result<Connection, BusError> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let serve = |builder: Builder<'static>| {
            let address = address.to_owned();
            let status = Status {
                is_enabled: true,
                // Nothing reads the screen aloud, and some programs look different then.
                screen_reader: false,
            };
            builder
                .serve_at(OBJECT, Place { address })
                .serve_at(OBJECT, status)
                // A program may have had the usual service started before.
                .replace_existing_names(true)
                .name(NAME)
        };
        match open(session, serve).await {
            Err(BusError::Lost(_)) if Instant::now() < deadline => sleep(LOOK_AGAIN).await,
            answered => return answered,
        }
    }
}
