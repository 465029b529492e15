//! Looking at a position, at which there is always something.

use super::{
    Missing,
    glance::{Candidate, Glance, Seen, Uses},
    seek::{Place, Seek},
};
use crate::{
    executor::{fault::Fault, stage::Stage, values::Known},
    geometry::Rect,
    plan::Spot,
};

impl Seek for Spot {
    fn uses(&self) -> Uses {
        Uses::default()
    }

    async fn candidates(
        &self,
        _glance: &Glance,
        place: &Place<'_>,
        _stage: &mut Stage<'_>,
    ) -> Result<Seen, Fault> {
        let point = self.pixel_in(place.area.size());
        let corner = place.area.corner();
        let rect = Rect::new(corner.x + point.x, corner.y + point.y, 1, 1);
        Ok(Seen::found([Candidate::new(rect, 1.0)]))
    }

    fn wanted(&self, _known: &Known<'_>) -> String {
        "a place".to_owned()
    }

    fn help(&self, _missing: &Missing) -> Option<&'static str> {
        None
    }
}
