//! A sweep as CSV: a row for each point, plain numbers.

use crate::sweep::{PointReport, SweepReport};
use lightspeed_core::sweep::Gain;
use std::collections::BTreeSet;

/// A header, then each point: its values, how it ended, the metric of comparison, speed-up and efficiency with their intervals, and the
/// medians of all metrics. What there is not is empty; times are in seconds.
///
/// # Errors
/// None that a report could cause.
pub fn csv(report: &SweepReport) -> Result<Vec<u8>, csv::Error> {
    let axes: Vec<&String> = report.bench.design.axes.iter().map(|axis| &axis.name).collect();
    let metrics: BTreeSet<&String> = report.points.iter().flat_map(|point| point.metrics.keys()).collect();
    let of_metric = ["n", "median", "mean", "stdev", "min", "max"].map(|name| format!("{}_{name}", report.metric.name));
    let ratios = ["speedup", "speedup_low", "speedup_high", "efficiency", "efficiency_low", "efficiency_high"];
    let mut writer = csv::Writer::from_writer(Vec::new());
    let medians = metrics.iter().map(|name| format!("median_of_{name}"));
    let header = axes.iter().map(|axis| (*axis).clone()).chain(["status", "reason"].map(str::to_owned));
    writer.write_record(header.chain(of_metric).chain(ratios.map(str::to_owned)).chain(medians))?;
    for point in &report.points {
        let values = axes.iter().map(|axis| point.values.get(*axis).map_or(String::new(), ToString::to_string));
        let ended = [point.status.as_str().to_owned(), point.reason.clone().unwrap_or_default()];
        let medians =
            metrics.iter().map(|name| number(point.metrics.get(*name).and_then(|m| m.spread).map(|s| s.median)));
        let ratios = gain(point.speedup).into_iter().chain(gain(point.efficiency));
        writer.write_record(values.chain(ended).chain(spread(point)).chain(ratios).chain(medians))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

fn spread(point: &PointReport) -> [String; 6] {
    let Some(spread) = point.spread else { return Default::default() };
    [
        spread.n.to_string(),
        number(Some(spread.median)),
        number(Some(spread.mean)),
        number(spread.stdev),
        number(spread.min),
        number(spread.max),
    ]
}

fn gain(gain: Option<Gain>) -> [String; 3] {
    let interval = gain.map(|gain| gain.interval);
    [
        number(gain.map(|gain| gain.estimate)),
        number(interval.and_then(|i| i.low)),
        number(interval.and_then(|i| i.high)),
    ]
}

fn number(value: Option<f64>) -> String {
    value.map_or(String::new(), |value| value.to_string())
}
