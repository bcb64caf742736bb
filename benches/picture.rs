//! The cost of a profile picture: a 12-megapixel photograph, baseline and progressive, scaled to all four
//! sizes.
//!
//! Set `VESTIBULE_BENCH_JPEG` to the path of a file to measure it as well.

#![expect(clippy::expect_used, reason = "a bench that cannot go on may stop")]

use std::hint::black_box;
use std::io::Cursor;

use criterion::{Criterion, criterion_group, criterion_main};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use pictures::{PictureWorkshop, hue_for, letter_svg};

/// A JPEG of 4000 × 3000 pixels, quality 88, 4:2:0, about 3 MB, with noise like a camera's.
fn photograph(progressive: bool) -> Vec<u8> {
    let (width, height) = (4000u16, 3000u16);
    let mut state = 0x2545_F491_4F6C_DD1Du64;
    let mut pixels = Vec::with_capacity(usize::from(width) * usize::from(height) * 3);
    for y in 0..u32::from(height) {
        for x in 0..u32::from(width) {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let grain = [0, 8, 16, 24].map(|shift| (state >> shift & 7) as f32).iter().sum::<f32>() - 14.0;
            let (fx, fy) = (x as f32, y as f32);
            let base = 120.0 + 50.0 * (fx / 310.0).sin() + 40.0 * (fy / 170.0 + fx / 900.0).cos();
            let detail = 12.0 * (fx / 9.0).sin() * (fy / 11.0).cos();
            let light = base + detail + grain;
            pixels.extend([light + 20.0, light, light - 25.0 + 20.0 * (fx / 700.0).cos()].map(|v| v as u8));
        }
    }
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, 88);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder.set_progressive(progressive);
    encoder.encode(&pixels, width, height, ColorType::Rgb).expect("encoding into memory");
    file
}

fn pictures(criterion: &mut Criterion) {
    let workshop = PictureWorkshop::default();
    let mut group = criterion.benchmark_group("picture");
    group.sample_size(20);
    let mut files =
        vec![("12 MP baseline JPEG", photograph(false)), ("12 MP progressive JPEG", photograph(true))];
    if let Some(path) = std::env::var_os("VESTIBULE_BENCH_JPEG") {
        files.push(("the given file", std::fs::read(path).expect("the given file can be read")));
    }
    for (name, file) in files {
        group.bench_function(name, |bencher| {
            bencher.iter(|| workshop.process(Cursor::new(black_box(&file)), None).expect("a sound picture"));
        });
    }
    group.bench_function("letter", |bencher| {
        bencher.iter(|| letter_svg(black_box("Ж"), hue_for(black_box(42))))
    });
    group.finish();
}

criterion_group!(benches, pictures);
criterion_main!(benches);
