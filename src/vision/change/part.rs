//! An area that differs, with its pixels.

use crate::{
    geometry::Point,
    vision::{
        area::Area,
        cluster::{Cluster, Run},
        compare::Difference,
    },
};

/// This many pixels of an area are looked at.
const MOST_SPOTS: u64 = 4096;

/// This many clusters of an area are kept: those of a caret are few.
const MOST_CLUSTERS: usize = 4;

/// An area that differs.
pub(super) struct Part {
    pub(super) area: Area,
    /// Differing pixels, evenly chosen where there are many.
    pub(super) spots: Vec<Point>,
    /// All of them.
    runs: Vec<Run>,
    /// What touches, if that is not much.
    pub(super) clusters: Vec<Cluster>,
}

impl Part {
    /// Each differing pixel.
    pub(super) fn every_spot(&self) -> impl Iterator<Item = Point> {
        self.runs.iter().flat_map(|run| {
            let [y, start, end] = [run.row, run.start, run.end].map(signed);
            (start..end).map(move |x| Point::new(x, y))
        })
    }
}

fn signed(place: u32) -> i32 {
    i32::try_from(place).unwrap_or(i32::MAX)
}

/// The parts of a difference, one for each of its areas.
pub(super) fn parts(difference: &Difference, areas: &[Area]) -> Vec<Part> {
    let mut parts: Vec<Part> = areas
        .iter()
        .map(|area| Part {
            area: *area,
            spots: Vec::new(),
            runs: Vec::new(),
            clusters: Vec::new(),
        })
        .collect();
    let of =
        |areas: &[Area], point: Point| areas.iter().position(|area| area.bounds.contains(point));
    for cluster in &difference.clusters {
        if let Some(at) = of(areas, cluster.bounds.corner())
            && parts[at].clusters.len() <= MOST_CLUSTERS
        {
            parts[at].clusters.push(*cluster);
        }
    }
    for part in &mut parts {
        if part.clusters.len() > MOST_CLUSTERS {
            part.clusters.clear();
        }
    }
    // An odd step does not follow the pattern of most pictures.
    let steps: Vec<u64> = areas
        .iter()
        .map(|area| (area.pixels / MOST_SPOTS) | 1)
        .collect();
    let mut counts = vec![0_u64; areas.len()];
    for run in &difference.runs {
        let [y, start] = [run.row, run.start].map(signed);
        let Some(at) = of(areas, Point::new(start, y)) else {
            continue;
        };
        parts[at].runs.push(*run);
        for (x, _) in (start..).zip(run.start..run.end) {
            if counts[at].is_multiple_of(steps[at]) {
                parts[at].spots.push(Point::new(x, y));
            }
            counts[at] += 1;
        }
    }
    parts
}
