use std::time::Duration;

use super::*;

#[test]
fn a_duration_is_in_the_first_bucket_that_holds_it() {
    let timings = Timings::default();
    for micros in [0, 500, 501, 1_000, 20_000_000] {
        timings.record(Duration::from_micros(micros));
    }
    let counts = timings.counts();
    let filled: Vec<(f64, u64)> = counts.buckets.iter().copied().filter(|(_, count)| *count > 0).collect();
    assert_eq!(filled, [(0.0005, 2), (0.001, 2), (f64::MAX, 1)]);
    assert_eq!(counts.count, 5);
    assert!((counts.sum - 20.002_001).abs() < 1e-9, "{}", counts.sum);
}

#[test]
fn a_sheet_is_written_by_the_conventions() {
    let mut sheet = Sheet::default();
    sheet.counters("x_sign_ins", "Sign-ins.", [(vec![("door", "pages".to_owned())], 3)]);
    sheet.seconds_total("x_hash", "Time.", Duration::from_millis(1500));
    sheet.gauge("x_waiting", "Waiting.", 2.0);
    sheet.bytes("x_memory", "Memory.", 4096.0);
    sheet.info("x_build", "Build.", vec![("version", "1\"2".to_owned())]);
    let timings = Timings::default();
    timings.record(Duration::from_millis(3));
    sheet.histograms("x_request", "Requests.", [(Labels::new(), timings.counts())]);
    let text = sheet.text().unwrap();
    for line in [
        "# TYPE x_sign_ins counter",
        "x_sign_ins_total{door=\"pages\"} 3",
        "# UNIT x_hash_seconds seconds",
        "x_hash_seconds_total 1.5",
        "x_waiting 2.0",
        "x_memory_bytes 4096.0",
        "x_build_info{version=\"1\\\"2\"} 1",
        "x_request_seconds_count 1",
        "x_request_seconds_bucket{le=\"0.0025\"} 0",
        "x_request_seconds_bucket{le=\"0.005\"} 1",
        "x_request_seconds_bucket{le=\"+Inf\"} 1",
    ] {
        assert!(text.lines().any(|written| written == line), "{line} is not in\n{text}");
    }
    assert!(text.ends_with("# EOF\n"), "{text}");
}

#[test]
fn a_tally_counts_by_its_keys() {
    let tally = Tally::default();
    tally.count("one");
    tally.add("two", 2);
    tally.count("one");
    assert_eq!(tally.all(), [("one", 2), ("two", 2)]);
}
