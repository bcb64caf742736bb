//! What one answer says: families of numbers, as OpenMetrics text.

use std::fmt;
use std::time::Duration;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, MetricEncoder, NoLabelSet, text};
use prometheus_client::metrics::MetricType;
use prometheus_client::registry::{Registry, Unit};

use super::timings::TimingCounts;

/// The labels of one number: names and values. Values come from the program and its settings alone.
pub type Labels = Vec<(&'static str, String)>;

/// The numbers of one answer. A name has neither its unit nor `_total`, which are added by the conventions
/// of Prometheus: a counter of seconds `hash` is `hash_seconds_total`.
#[derive(Debug, Default)]
pub struct Sheet(Vec<Family>);

#[derive(Debug)]
struct Family {
    name: &'static str,
    help: &'static str,
    unit: Option<Unit>,
    numbers: Numbers,
}

#[derive(Debug)]
enum Numbers {
    Counters(Vec<(Labels, u64)>),
    SecondsTotal(Duration),
    Gauges(Vec<(Labels, f64)>),
    Histograms(Vec<(Labels, TimingCounts)>),
    Info(Labels),
}

impl Sheet {
    /// A count that only grows.
    pub fn counter(&mut self, name: &'static str, help: &'static str, count: u64) {
        self.counters(name, help, [(Labels::new(), count)]);
    }

    /// Counts that only grow, by their labels.
    pub fn counters(
        &mut self,
        name: &'static str,
        help: &'static str,
        counts: impl IntoIterator<Item = (Labels, u64)>,
    ) {
        self.add(name, help, None, Numbers::Counters(counts.into_iter().map(plain).collect()));
    }

    /// A time that only grows.
    pub fn seconds_total(&mut self, name: &'static str, help: &'static str, time: Duration) {
        self.add(name, help, Some(Unit::Seconds), Numbers::SecondsTotal(time));
    }

    /// A number as it is now.
    pub fn gauge(&mut self, name: &'static str, help: &'static str, number: f64) {
        self.gauges(name, help, [(Labels::new(), number)]);
    }

    /// Numbers as they are now, by their labels.
    pub fn gauges(
        &mut self,
        name: &'static str,
        help: &'static str,
        numbers: impl IntoIterator<Item = (Labels, f64)>,
    ) {
        self.add(name, help, None, Numbers::Gauges(numbers.into_iter().map(plain).collect()));
    }

    /// Times as they are now, in seconds, by their labels.
    pub fn seconds(
        &mut self,
        name: &'static str,
        help: &'static str,
        times: impl IntoIterator<Item = (Labels, f64)>,
    ) {
        let times = Numbers::Gauges(times.into_iter().map(plain).collect());
        self.add(name, help, Some(Unit::Seconds), times);
    }

    /// A size as it is now.
    pub fn bytes(&mut self, name: &'static str, help: &'static str, bytes: f64) {
        self.add(name, help, Some(Unit::Bytes), Numbers::Gauges(vec![(Labels::new(), bytes)]));
    }

    /// Durations in buckets, by their labels.
    pub fn histograms(
        &mut self,
        name: &'static str,
        help: &'static str,
        times: impl IntoIterator<Item = (Labels, TimingCounts)>,
    ) {
        let times = Numbers::Histograms(times.into_iter().map(plain).collect());
        self.add(name, help, Some(Unit::Seconds), times);
    }

    /// Facts that are no numbers.
    pub fn info(&mut self, name: &'static str, help: &'static str, facts: Labels) {
        self.add(name, help, None, Numbers::Info(plain((facts, ())).0));
    }

    fn add(&mut self, name: &'static str, help: &'static str, unit: Option<Unit>, numbers: Numbers) {
        self.0.push(Family { name, help, unit, numbers });
    }

    /// The sheet as OpenMetrics text.
    ///
    /// # Errors
    /// None: text in memory can always be written.
    pub fn text(self) -> Result<String, fmt::Error> {
        let mut registry = Registry::default();
        registry.register_collector(Box::new(self));
        let mut written = String::new();
        text::encode(&mut written, &registry)?;
        Ok(written)
    }
}

/// The encoder writes values as they are, and quotes around them.
fn plain<T>((labels, number): (Labels, T)) -> (Labels, T) {
    let escape = |(name, value): (&'static str, String)| {
        (name, value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
    };
    (labels.into_iter().map(escape).collect(), number)
}

impl Collector for Sheet {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        for Family { name, help, unit, numbers } in &self.0 {
            let kind = match numbers {
                Numbers::Counters(_) | Numbers::SecondsTotal(_) => MetricType::Counter,
                Numbers::Gauges(_) => MetricType::Gauge,
                Numbers::Histograms(_) => MetricType::Histogram,
                Numbers::Info(_) => MetricType::Info,
            };
            let encoder = encoder.encode_descriptor(name, help, unit.as_ref(), kind)?;
            numbers.encode(encoder)?;
        }
        Ok(())
    }
}

impl Numbers {
    fn encode(&self, mut encoder: MetricEncoder<'_>) -> fmt::Result {
        match self {
            Self::Counters(counts) => each(&mut encoder, counts, |encoder, count| {
                encoder.encode_counter::<NoLabelSet, u64, f64>(count, None)
            }),
            Self::SecondsTotal(time) => {
                encoder.encode_counter::<NoLabelSet, f64, f64>(&time.as_secs_f64(), None)
            }
            Self::Gauges(numbers) => {
                each(&mut encoder, numbers, |encoder, number| encoder.encode_gauge(number))
            }
            Self::Histograms(times) => each(&mut encoder, times, |encoder, times| {
                encoder.encode_histogram::<NoLabelSet>(times.sum, times.count, &times.buckets, None)
            }),
            Self::Info(facts) => encoder.encode_info(facts),
        }
    }
}

fn each<T>(
    encoder: &mut MetricEncoder<'_>,
    numbers: &[(Labels, T)],
    encode: impl Fn(&mut MetricEncoder<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    for (labels, number) in numbers {
        if labels.is_empty() {
            encode(encoder, number)?;
        } else {
            encode(&mut encoder.encode_family(labels)?, number)?;
        }
    }
    Ok(())
}
