//! Converts pixels from the colour space that their picture names to sRGB, which pixels of none are in.
#![forbid(unsafe_code)]

mod black_point;
mod profile;
mod profile_tags;
mod samples;
mod space;

pub use samples::Samples;
pub use space::ColourSpace;

/// The pixels in sRGB, as [`Samples::Rgb`] or, where they have alpha, [`Samples::Rgba`]; alpha is kept. A
/// broken `space`, or one for another kind of pixels, is ignored.
#[must_use]
pub fn to_srgb(samples: Samples, data: Vec<u8>, space: Option<&ColourSpace>) -> (Samples, Vec<u8>) {
    match space.and_then(|space| profile::apply(samples, &data, space)) {
        Some(converted) => converted,
        None => samples.expand(data),
    }
}
