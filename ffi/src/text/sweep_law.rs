//! The law behind a line of points, in words.

use super::units::{Unit, format_value};
use crate::pair::Direction;
use crate::sweep::SweepReport;
use lightspeed_core::sweep::{Fit, LineResult, Model};

/// What is known of how the metric follows the axis, in a line.
pub(super) fn law(report: &SweepReport, line: &LineResult) -> String {
    let fixed: Vec<String> = line.fixed.iter().map(|(axis, value)| format!("{axis}={value}")).collect();
    let place = if fixed.is_empty() { String::new() } else { format!("{}: ", fixed.join(",")) };
    let Some(fit) = line.scaling.model.and_then(|model| line.scaling.fits.iter().find(|fit| fit.model == model)) else {
        let reason = line.scaling.reason.as_deref().unwrap_or("no law fits");
        return format!("{place}no law along {}: {reason}", line.along);
    };
    let higher = report.metric.better == Direction::Higher;
    let what = if higher { format!("1 / {}", report.metric.name) } else { report.metric.name.clone() };
    let unit = if higher { Unit::Other(String::new()) } else { Unit::parse(&report.metric.unit) };
    let shown = |value: f64| format_value(value, &unit);
    let mut numbers = fit
        .coefficients
        .iter()
        .zip(&fit.intervals)
        .map(|(value, (low, high))| format!("{} ({} … {})", shown(*value), shown(*low), shown(*high)));
    if fit.model == Model::Constant {
        let number = numbers.next().unwrap_or_default();
        return format!("{place}{what} does not change with {}: {number}", line.along);
    }
    let formula = formula(fit.model, &line.along);
    let numbers: Vec<String> =
        ["a", "b", "c"].iter().zip(numbers).map(|(name, number)| format!("{name} = {number}")).collect();
    let meaning = meaning(fit).map_or(String::new(), |meaning| format!("; {meaning}"));
    format!("{place}{what} = {formula}, {} (weight {:.2}){meaning}", numbers.join(", "), fit.weight)
}

/// The law as a formula of the axis.
pub(super) fn formula(model: Model, n: &str) -> String {
    match model {
        Model::Constant => "a".to_owned(),
        Model::Logarithmic => format!("a + b ln {n}"),
        Model::Linear => format!("a + b {n}"),
        Model::Linearithmic => format!("a + b {n} ln {n}"),
        Model::Quadratic => format!("a + b {n}²"),
        Model::Amdahl => format!("a + b / {n}"),
        Model::Usl => format!("a/{n} + b ({n} − 1)/{n} + c ({n} − 1)"),
    }
}

/// What the coefficients mean where workers share the work.
fn meaning(fit: &Fit) -> Option<String> {
    match (fit.model, fit.coefficients.as_slice()) {
        (Model::Amdahl, &[a, b]) => Some(format!("{:.1} % is not divided among them (Amdahl)", 100.0 * a / (a + b))),
        (Model::Usl, &[a, b, c]) => {
            // Gunther 2007: the most useful number is √((1 − σ) / κ).
            let (contention, coherency) = (b / a, c / a);
            let best = ((1.0 - contention).max(0.0) / coherency).sqrt();
            Some(format!("contention {contention:.3}, coherency {coherency:.5}: best at about {best:.0} (USL)"))
        }
        _ => None,
    }
}
