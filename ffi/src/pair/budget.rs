//! How much worse a metric may become.

use super::error::PairError;
use super::metric::Metric;
use lightspeed_core::stats::MarginOptions;
use serde::{Deserialize, Serialize};

/// How much worse a metric may become. A change counts where it exceeds both parts of a limit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Budget {
    /// Of what.
    pub metric: Metric,
    /// Beyond this it is worth a warning; none without.
    pub warn: Option<MarginOptions>,
    /// Beyond this the gate closes.
    pub fail: MarginOptions,
}

impl Budget {
    /// The gate closes beyond this share.
    #[must_use]
    pub fn share(metric: Metric, fraction: f64) -> Self {
        Budget { metric, warn: None, fail: MarginOptions { fraction, absolute: 0.0 } }
    }

    /// A warning first, where there is one.
    ///
    /// # Errors
    /// Where whatever is worth a warning would have failed before.
    pub fn new(metric: Metric, warn: Option<MarginOptions>, fail: MarginOptions) -> Result<Self, PairError> {
        let below =
            |warn: MarginOptions| fail != warn && fail.fraction <= warn.fraction && fail.absolute <= warn.absolute;
        if warn.is_some_and(below) {
            let metric = metric.as_str();
            let problem =
                format!("the budget for {metric} fails before it warns: make the limit of the warning smaller");
            return Err(PairError::Options(problem));
        }
        Ok(Budget { metric, warn, fail })
    }

    /// Reads `[WARN:]FAIL`, each as [`Budget::parse_limit`] does: `5%`, `2%:5%`, `1MiB:10%+4MiB`.
    ///
    /// # Errors
    /// Where a part is no limit of that metric, or the warning would come too late.
    pub fn parse(metric: Metric, text: &str) -> Result<Self, PairError> {
        let (warn, fail) = match text.split_once(':') {
            Some((warn, fail)) => (Some(Self::parse_limit(metric, warn)?), fail),
            None => (None, text),
        };
        Self::new(metric, warn, Self::parse_limit(metric, fail)?)
    }

    /// Reads a limit: `5%`, `0.05`, `200us`, `1MiB`, or a share and an absolute part with `+` between them.
    ///
    /// # Errors
    /// Where it is none, or has a unit that the metric does not have.
    pub fn parse_limit(metric: Metric, text: &str) -> Result<MarginOptions, PairError> {
        let (mut fraction, mut absolute) = (None, None);
        for part in text.split('+').map(str::trim) {
            let end = part.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(part.len());
            let (number, unit) = part.split_at(end);
            let value = number.parse::<f64>().ok().filter(|value| value.is_finite());
            let (slot, value) = match unit.trim() {
                "" => (&mut fraction, value),
                "%" => (&mut fraction, value.map(|value| value / 100.0)),
                unit => (&mut absolute, value.zip(factor(metric, unit)).map(|(value, factor)| value * factor)),
            };
            if value.is_none() || slot.is_some() {
                return Err(no_limit(metric, text));
            }
            *slot = value;
        }
        Ok(MarginOptions { fraction: fraction.unwrap_or(0.0), absolute: absolute.unwrap_or(0.0) })
    }
}

/// How many of the metric's own unit there are in this one.
fn factor(metric: Metric, unit: &str) -> Option<f64> {
    match (metric.unit(), unit) {
        ("ns", "ns") | ("bytes", "B") => Some(1.0),
        ("ns", "us" | "µs") => Some(1e3),
        ("ns", "ms") => Some(1e6),
        ("ns", "s") => Some(1e9),
        ("bytes", "KiB") => Some(1024.0),
        ("bytes", "MiB") => Some(1024.0 * 1024.0),
        ("bytes", "GiB") => Some(1024.0 * 1024.0 * 1024.0),
        _ => None,
    }
}

fn no_limit(metric: Metric, text: &str) -> PairError {
    let absolute = match metric.unit() {
        "ns" => ", `200us` (ns, us, ms, s), or both as `5%+200us`",
        "bytes" => ", `1MiB` (B, KiB, MiB, GiB), or both as `5%+1MiB`",
        _ => "",
    };
    PairError::Options(format!("{text:?} is no limit for {}: write `5%`, `0.05`{absolute}", metric.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_shares_sizes_or_both() {
        let found = |metric, text| Budget::parse_limit(metric, text).map(|l| (l.fraction, l.absolute)).map_err(|_| ());
        assert_eq!(found(Metric::Wall, "5%"), Ok((0.05, 0.0)));
        assert_eq!(found(Metric::Wall, "0.1"), Ok((0.1, 0.0)));
        assert_eq!(found(Metric::Wall, "2%+200us"), Ok((0.02, 200_000.0)));
        assert_eq!(found(Metric::MaxRss, "1MiB"), Ok((0.0, 1_048_576.0)));
        assert_eq!(found(Metric::MaxRss, "1ms"), Err(()));
        assert_eq!(found(Metric::MinorFaults, "3"), Ok((3.0, 0.0)));
        for broken in ["", "%", "-1%", "five", "1e400", "5%+", "5%+3%", "1ms+2us"] {
            assert_eq!(found(Metric::Wall, broken), Err(()), "{broken}");
        }
    }

    #[test]
    fn a_warning_comes_before_the_failure() {
        let found = Budget::parse(Metric::Cpu, "2%:5%").unwrap();
        assert_eq!((found.warn.unwrap().fraction, found.fail.fraction), (0.02, 0.05));
        let mixed = Budget::parse(Metric::Cpu, "5%:1ms").unwrap();
        assert_eq!((mixed.warn.unwrap().absolute, mixed.fail.absolute), (0.0, 1e6));
        Budget::parse(Metric::Cpu, "5%:5%").unwrap();
        for late in ["5%:2%", "5%+1ms:5%", "2ms:1ms"] {
            let message = Budget::parse(Metric::Cpu, late).unwrap_err().to_string();
            assert!(message.contains("cpu fails before it warns"), "{late}: {message}");
        }
    }
}
