//! Clusters that lie together, as a person points at them: the parts of one
//! letter, the sides of one button.

use super::{
    cluster::Cluster,
    compare::{Difference, Limits},
};
use crate::geometry::{Point, Rect};

/// Clusters that are no further apart than this, in pixels, lie together.
const NEAR: u32 = 14;

/// More areas than this would hide what they mark.
const MOST: usize = 12;

/// This many clusters, the largest ones, are put together; thousands of single
/// pixels say nothing by their places.
const MOST_CLUSTERS: usize = 2000;

/// A part of a picture in which clusters of differing pixels lie together.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Area {
    /// The smallest rectangle around them.
    pub bounds: Rect,
    /// How many pixels of it differ.
    pub pixels: u64,
    /// How many of them differ only because the area that they fill does.
    pub by_area: u64,
}

impl Area {
    /// Which of the two tolerances says that it differs, in words.
    #[must_use]
    pub fn decided_by(&self, limits: &Limits) -> String {
        let percent = |share: f32| (share * 10_000.0).round() / 100.0;
        let (tolerance, area) = (percent(limits.tolerance), percent(limits.area_tolerance));
        match self.by_area {
            0 => format!("by tolerance ({tolerance} %)"),
            all if all == self.pixels => format!("by area tolerance ({area} %)"),
            some => format!("{some} of them by area tolerance ({area} %)"),
        }
    }
}

impl Difference {
    /// The areas that differ, at most twelve, from top to bottom: those with the
    /// most differing pixels. The boxes of a diff picture are numbered in this
    /// order.
    #[must_use]
    pub fn areas(&self) -> Vec<Area> {
        self.areas_and_more().0
    }

    /// The same, and how many other areas there are.
    pub(super) fn areas_and_more(&self) -> (Vec<Area>, usize) {
        areas(&self.clusters)
    }
}

fn areas(clusters: &[Cluster]) -> (Vec<Area>, usize) {
    let mut areas: Vec<Area> = Vec::new();
    for cluster in clusters.iter().take(MOST_CLUSTERS) {
        let mut area = Area {
            bounds: cluster.bounds,
            pixels: cluster.pixels,
            by_area: cluster.by_area,
        };
        while let Some(near) = areas.iter().position(|other| lie_together(other, &area)) {
            let other = areas.swap_remove(near);
            area.bounds = area.bounds.union(other.bounds);
            area.pixels += other.pixels;
            area.by_area += other.by_area;
        }
        areas.push(area);
    }
    areas.sort_by_key(|area| std::cmp::Reverse(area.pixels));
    let more = areas.len().saturating_sub(MOST);
    areas.truncate(MOST);
    areas.sort_by_key(|area| (area.bounds.y, area.bounds.x));
    (areas, more)
}

fn lie_together(one: &Area, other: &Area) -> bool {
    let near = i32::try_from(NEAR).unwrap_or(0);
    let Rect { width, height, .. } = one.bounds;
    let corner = one.bounds.shifted(Point::new(-near, -near)).corner();
    let reach = Rect::new(corner.x, corner.y, width + NEAR * 2, height + NEAR * 2);
    reach.intersection(other.bounds).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cluster(x: i32, y: i32, pixels: u64) -> Cluster {
        Cluster {
            pixels,
            by_area: 0,
            bounds: Rect::new(x, y, 2, 2),
        }
    }

    #[test]
    fn clusters_that_lie_together_are_one_area() {
        let (found, _) = areas(&[cluster(50, 50, 3), cluster(10, 10, 2), cluster(16, 14, 1)]);
        let area = |bounds, pixels| Area {
            bounds,
            pixels,
            by_area: 0,
        };
        assert_eq!(
            found,
            [
                area(Rect::new(10, 10, 8, 6), 3),
                area(Rect::new(50, 50, 2, 2), 3)
            ]
        );
    }

    #[test]
    fn a_cluster_between_two_areas_makes_them_one() {
        let (found, _) = areas(&[cluster(0, 0, 1), cluster(30, 0, 1), cluster(15, 0, 1)]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].bounds, Rect::new(0, 0, 32, 2));
    }

    #[test]
    fn the_areas_with_the_most_pixels_are_told_of() {
        let many: Vec<Cluster> = (0..40).map(|n| cluster(n * 30, 0, 1)).collect();
        let clusters = [&[cluster(5000, 0, 9)], &many[..]].concat();
        let (found, more) = areas(&clusters);
        assert_eq!((found.len(), more), (MOST, 41 - MOST));
        assert_eq!(found.last().unwrap().bounds.x, 5000);
    }
}
