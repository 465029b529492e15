//! What is in only one of the frames, on the ground that both have.

use super::{
    ChangeKind,
    ground::{bed, ground},
    part::Part,
    scene::{Scene, View, apart, equal, is_share, points, widened},
};
use crate::geometry::Point;

/// So many of a hundred pixels have to be ground in the frame that lacks it.
const BARE: usize = 90;

/// This many in a hundred pixels at the edge of what stands there have to be beside
/// ground: otherwise it is a part of something that did not come or go.
const FREE: usize = 75;

/// What is no further than this from the ground, of 255, is at most the soft edge of
/// something.
const FAINT: u8 = 64;

/// Whether a part is gone or new; `None` for what is neither.
pub(super) fn standing(scene: &Scene<'_>, part: &Part) -> Option<ChangeKind> {
    let ground = bed(scene, part.area.bounds)?;
    let is_bare =
        |view: &View<'_>, point: Point| view.at(point).is_some_and(|at| equal(at, ground));
    let bare = |view: &View<'_>| {
        let bare = part.spots.iter().filter(|spot| is_bare(view, **spot));
        is_share(bare.count(), part.spots.len(), BARE)
    };
    let kind = match scene.views().map(|view| bare(&view)) {
        [false, true] => ChangeKind::Gone,
        [true, false] => ChangeKind::New,
        _ => return None,
    };
    // What stays the same beside it in both frames, as the rest of a letter does.
    let (mut free, mut edge) = (0, 0);
    for spot in &part.spots {
        for (x, y) in [(-1, 0), (1, 0), (0, -1), (0, 1)] {
            let beside = Point::new(spot.x + x, spot.y + y);
            let Some([expected, actual]) = scene.at(beside) else {
                continue;
            };
            if equal(expected, actual) {
                edge += 1;
                free += usize::from(apart(expected, ground) <= FAINT);
            }
        }
    }
    (edge == 0 || is_share(free, edge, FREE)).then_some(kind)
}

/// How far around a part there is nothing if it stands alone, in pixels.
const ALONE: u32 = 12;

/// Whether nothing but ground is around a part in both frames: no word that it could be
/// a part of.
pub(super) fn is_alone(scene: &Scene<'_>, part: &Part) -> bool {
    let area = part.area.bounds;
    let Some(ground) = ground(scene, area) else {
        return false;
    };
    let around = points(widened(area, ALONE)).filter(|at| !area.contains(*at));
    let mut around = around.filter_map(|at| scene.at(at));
    around.all(|pair| pair.into_iter().all(|colour| equal(colour, ground)))
}
