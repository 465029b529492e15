//! `screenshot-assert`: compares the screen with a baseline.

use super::{Action, Field, Shape, Verb, Written};
use crate::scenario::{field::Fields, reader::Reader, screen::Area, source::Spanned};

/// A comparison with a baseline.
#[derive(Clone, Debug, PartialEq)]
pub struct ScreenshotAssert {
    /// The baseline's name.
    pub baseline: Spanned<String>,
    /// The part of the screen that counts.
    pub region: Option<Area>,
    /// What does not count, and how much may differ.
    pub limits: Limits,
}

/// What a comparison leaves out, and how much may differ; also the defaults of
/// a scenario.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Limits {
    /// How far two pixels may be apart and still be equal, 0 to 1.
    pub tolerance: Option<Spanned<f64>>,
    /// How many pixels may differ.
    pub max_pixels: Option<Spanned<u64>>,
    /// How large the largest patch of differing pixels may be.
    pub max_cluster: Option<Spanned<u64>>,
    /// What does not count.
    pub mask: Option<Vec<Area>>,
}

const TOLERANCE: Field = Field::new(
    "tolerance",
    "a percentage",
    "10%",
    "how far two pixels may be apart and still be equal",
);
const MAX_PIXELS: Field = Field::new(
    "max-pixels",
    "a whole number of pixels",
    "50",
    "how many pixels may differ",
);
const MAX_CLUSTER: Field = Field::new(
    "max-cluster",
    "a whole number of pixels",
    "16",
    "how large the largest patch of differing pixels may be",
);
const MASK: Field = Field::new(
    "mask",
    "a list of regions",
    "[clock]",
    "parts of the screen that do not count",
);

/// The limits as a mapping of their own, in `defaults`.
pub(in crate::scenario) static LIMITS: Shape = Shape {
    owner: "`screenshot` of `defaults`",
    fields: &[TOLERANCE, MAX_PIXELS, MAX_CLUSTER, MASK],
    later: &[],
};

const FIELDS: [Field; 6] = [
    Field::new(
        "baseline",
        "the name of a baseline",
        "saved",
        "the picture to compare with: `baselines/<scenario>/<name>.png`",
    ),
    Field::new(
        "region",
        "the name of a region",
        "panel",
        "the part of the screen that counts; all of it if left out",
    ),
    TOLERANCE,
    MAX_PIXELS,
    MAX_CLUSTER,
    MASK,
];

static SHAPE: Shape = Shape {
    owner: "`screenshot-assert`",
    fields: &FIELDS,
    later: &[],
};

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "screenshot-assert",
    doc: "waits until the screen equals a baseline",
    shape: &SHAPE,
    short: Some(&FIELDS[0]),
    bare: false,
    example: "screenshot-assert: saved",
    needs: None,
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    let before = reader.seen();
    let mut region = None;
    let mut limits = Limits::default();
    let baseline = written.field(reader, "baseline", Reader::line, |reader, fields| {
        region = fields.read(reader, "region", Reader::area);
        limits = Limits::read(reader, fields);
    });
    if reader.seen() > before {
        return None;
    }
    Some(Action::ScreenshotAssert(ScreenshotAssert {
        baseline: baseline?,
        region,
        limits,
    }))
}

impl Limits {
    /// Reads those that are written.
    pub(in crate::scenario) fn read(reader: &mut Reader, fields: &Fields<'_>) -> Self {
        let mut pixels = |name: &str| {
            let read = |reader: &mut Reader, node: &_, field: &Field| {
                reader.integer(node, field, (0, 1_000_000_000))
            };
            let number = fields.read(reader, name, read)?;
            Some(number.map(i64::unsigned_abs))
        };
        let (max_pixels, max_cluster) = (pixels("max-pixels"), pixels("max-cluster"));
        Self {
            tolerance: fields.read(reader, "tolerance", Reader::percentage),
            max_pixels,
            max_cluster,
            mask: fields.read(reader, "mask", Reader::areas),
        }
    }
}
