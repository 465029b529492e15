//! Whole numbers from floating-point numbers, kept within the bounds of their types.

/// The nearest whole number, from 0 on.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast ends at the bounds of its type, and takes no number for 0"
)]
pub(super) fn rounded(number: f64) -> u32 {
    number.round() as u32
}
