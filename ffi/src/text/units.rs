//! Values as people read them: 1.230ms, 17.400MiB, 42.

use std::fmt;

/// What a value is counted in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unit {
    /// Time.
    Seconds,
    /// Memory.
    Bytes,
    /// Anything a benchmark names itself; empty for a bare number.
    Other(String),
}

impl Unit {
    /// From the unit that a suite declares. `unit` is ASV's word for "none declared".
    pub fn parse(declared: &str) -> Self {
        match declared.trim() {
            "seconds" | "second" | "s" => Self::Seconds,
            "bytes" | "byte" | "B" => Self::Bytes,
            "unit" => Self::Other(String::new()),
            other => Self::Other(other.to_owned()),
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Seconds => "seconds",
            Self::Bytes => "bytes",
            Self::Other(name) if name.is_empty() => "plain numbers",
            Self::Other(name) => name,
        })
    }
}

/// A change in per cent with its sign; what rounds to nothing has none.
pub fn format_percent(percent: f64, digits: usize) -> String {
    let text = format!("{percent:+.digits$}%");
    if text.bytes().any(|byte| matches!(byte, b'1'..=b'9')) { text } else { text[1..].to_owned() }
}

/// A value with its unit, scaled so that at most three digits (four for binary sizes) stand before the point.
pub fn format_value(value: f64, unit: &Unit) -> String {
    if !value.is_finite() {
        return "n/a".to_owned();
    }
    match unit {
        Unit::Seconds => scaled(value, &[("ns", 1e-9), ("us", 1e-6), ("ms", 1e-3), ("s", 1.0)], 1000.0),
        Unit::Bytes if value.abs() < 1024.0 && value.fract() == 0.0 => format!("{value:.0}B"),
        Unit::Bytes => scaled(
            value,
            &[
                ("B", 1.0),
                ("KiB", 1024.0),
                ("MiB", 1_048_576.0),
                ("GiB", 1_073_741_824.0),
                ("TiB", 1_099_511_627_776.0),
            ],
            1024.0,
        ),
        Unit::Other(name) if name.is_empty() => plain(value),
        Unit::Other(name) => format!("{} {name}", plain(value)),
    }
}

/// A difference in per cent, signed: +12.34%. No difference has no sign.
pub fn format_delta(percent: f64) -> String {
    if !percent.is_finite() {
        return "n/a".to_owned();
    }
    if percent.abs() >= 1000.0 {
        return format!("{percent:+.0}%");
    }
    let text = format!("{percent:+.2}%");
    if text == "+0.00%" || text == "-0.00%" { "0.00%".to_owned() } else { text }
}

/// Picks the first step in which the rounded value stays below `limit`.
fn scaled(value: f64, steps: &[(&str, f64)], limit: f64) -> String {
    let fits = |size: f64| (value.abs() / size * 1000.0).round() / 1000.0 < limit;
    let Some((name, size)) = steps.iter().find(|(_, size)| fits(*size)).or(steps.last()) else {
        return plain(value);
    };
    let shown = value / size;
    let smallest_shown = 0.0005;
    if value != 0.0 && shown.abs() < smallest_shown || shown.abs() >= 1e9 {
        return format!("{shown:.3e}{name}");
    }
    if value == 0.0 {
        return format!("0{}", steps.iter().find(|(_, size)| *size == 1.0).map_or(*name, |(name, _)| *name));
    }
    format!("{shown:.3}{name}")
}

fn plain(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 {
        format!("{}", if value == 0.0 { 0.0 } else { value })
    } else if (0.001..1e9).contains(&value.abs()) {
        format!("{value:.3}")
    } else {
        format!("{value:.3e}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: f64, unit: &str, want: &str) {
        assert_eq!(format_value(value, &Unit::parse(unit)), want);
    }

    #[test]
    fn seconds() {
        check(1.23e-3, "seconds", "1.230ms");
        check(1.5e-9, "seconds", "1.500ns");
        check(0.25e-9, "seconds", "0.250ns");
        check(1e-14, "seconds", "1.000e-5ns");
        check(999.9996e-6, "seconds", "1.000ms");
        check(999.9994e-6, "seconds", "999.999us");
        check(59.0, "s", "59.000s");
        check(7200.0, "seconds", "7200.000s");
        check(-2e-3, "seconds", "-2.000ms");
        check(0.0, "seconds", "0s");
        check(5e-324, "seconds", "4.941e-315ns");
        check(f64::MAX, "seconds", "1.798e308s");
    }

    #[test]
    fn bytes() {
        check(0.0, "bytes", "0B");
        check(512.0, "bytes", "512B");
        check(512.5, "bytes", "512.500B");
        check(1024.0, "bytes", "1.000KiB");
        check(1_048_575.9, "bytes", "1.000MiB");
        check(18_245_222.4, "bytes", "17.400MiB");
        check(5e12, "bytes", "4.547TiB");
    }

    #[test]
    fn what_a_benchmark_counts_itself() {
        check(42.0, "unit", "42");
        check(42.0, "rows", "42 rows");
        check(0.5, "", "0.500");
        check(-0.0, "unit", "0");
        check(1.25e-7, "unit", "1.250e-7");
        check(2.5e20, "unit", "2.500e20");
        check(f64::NAN, "unit", "n/a");
    }

    #[test]
    fn deltas() {
        for (percent, want) in [
            (12.345, "+12.35%"),
            (-3.0, "-3.00%"),
            (0.001, "0.00%"),
            (-0.001, "0.00%"),
            (4900.4, "+4900%"),
            (f64::INFINITY, "n/a"),
        ] {
            assert_eq!(format_delta(percent), want);
        }
    }
}
