//! Converts pixels with an embedded colour profile to sRGB, which pixels without a profile are in.
#![forbid(unsafe_code)]

mod profile;
mod profile_tags;
mod samples;

pub use samples::Samples;

/// The pixels in sRGB, as [`Samples::Rgb`] or, where they have alpha, [`Samples::Rgba`]; alpha is kept.
/// `icc` is the embedded profile. A broken one, or one for another kind of pixels, is ignored.
#[must_use]
pub fn to_srgb(samples: Samples, data: Vec<u8>, icc: Option<&[u8]>) -> (Samples, Vec<u8>) {
    match icc.and_then(|icc| profile::apply(samples, &data, icc)) {
        Some(converted) => converted,
        None => samples.expand(data),
    }
}
