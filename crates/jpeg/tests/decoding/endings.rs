//! Files that end before their end marker: complete ones are taken, damaged ones are not.

use jpeg_encoder::{ColorType, Encoder};
use vestibule_jpeg::Scale;

use crate::support::*;

/// Baseline and progressive, with restart markers and without.
fn files() -> Vec<Vec<u8>> {
    let kinds = [(false, 0), (true, 0), (false, 3), (true, 3)];
    let file = |(progressive, restart)| {
        encoded(&scene(40, 30), |encoder| {
            encoder.set_progressive(progressive);
            encoder.set_restart_interval(restart);
        })
    };
    kinds.map(file).into()
}

#[test]
fn a_file_complete_but_for_its_end_marker_is_taken() {
    for file in files() {
        let whole = decoded(&file, Scale::Full).unwrap();
        let bare = &file[..file.len() - 2];
        for tail in [&b""[..], b"\xFF", &[0; 2], &[0; 5_000], &[0xFF; 7], b"\0\0text"] {
            let ending = [bare, tail].concat();
            let seen = decoded(&ending, Scale::Full);
            assert!(seen.is_ok_and(|seen| seen == whole), "{tail:?}");
        }
    }
}

#[test]
fn a_file_cut_anywhere_before_is_an_error() {
    for file in files() {
        for end in 0..file.len() - 2 {
            assert!(decoded(&file[..end], Scale::Full).is_err(), "{end} of {} bytes", file.len());
        }
    }
}

#[test]
fn a_file_cut_within_its_rows_is_an_error_though_zeros_follow() {
    for file in files() {
        let first_scan = markers(&file, 0xDA)[0];
        for end in (first_scan..file.len() - 12).step_by(3) {
            for zeros in [2_000, 100_000] {
                let filled = [&file[..end], &vec![0; zeros]].concat();
                assert!(decoded(&filled, Scale::Full).is_err(), "{end} of {} bytes", file.len());
            }
        }
    }
}

#[test]
fn a_progressive_file_that_lost_its_last_scans_is_an_error() {
    let file = encoded(&scene(40, 30), |encoder| encoder.set_progressive(true));
    let scans = markers(&file, 0xDA);
    for &start in &scans[1..] {
        assert!(decoded(&file[..start], Scale::Full).is_err());
        // With an end marker, the file says that this is all.
        let ended = [&file[..start], &[0xFF, 0xD9]].concat();
        assert_eq!(decoded(&ended, Scale::Full).is_ok(), start > scans[2], "scan at {start}");
    }
}

/// Every block of a flat picture is two zero bits here, so its scan ends in zeros by itself.
#[test]
fn a_flat_picture_is_taken_without_its_end_marker() {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, 90);
    encoder.set_optimized_huffman_tables(true);
    encoder.encode(&[128; 128 * 128], 128, 128, ColorType::Luma).unwrap();
    assert!(file[..file.len() - 2].ends_with(&[0; 4]), "{:?}", &file[file.len() - 8..]);
    assert!(decoded(&file[..file.len() - 2], Scale::Full).is_ok());
}
