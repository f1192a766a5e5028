//! The legend: what stands in it, and in which rows.

use super::Chart;

/// What an entry shows a sample of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sample {
    /// A series, by its place.
    Series(usize),
    /// Any curve.
    Curve,
    /// The reference.
    Reference,
    /// Nothing: series that have no room.
    Rest,
}

/// A sample and its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub sample: Sample,
    pub name: String,
}

/// What the legend lists. One series alone needs none.
pub(super) fn entries(chart: &Chart) -> Vec<Entry> {
    let series = chart.series.iter().enumerate();
    let mut entries: Vec<Entry> =
        series.map(|(place, series)| Entry { sample: Sample::Series(place), name: series.name.clone() }).collect();
    if chart.series.iter().any(|series| !series.curve.is_empty()) {
        entries.push(Entry { sample: Sample::Curve, name: "fitted law".to_owned() });
    }
    if let Some(reference) = chart.reference.as_ref().filter(|reference| !reference.points.is_empty()) {
        entries.push(Entry { sample: Sample::Reference, name: reference.name.clone() });
    }
    if entries.len() < 2 { Vec::new() } else { entries }
}

/// The entries in rows of `limit`, `most` of them; the last entry counts what has no room.
pub(super) fn rows(entries: &[Entry], most: usize, limit: u32, width: impl Fn(&Entry) -> u32) -> Vec<Vec<Entry>> {
    let whole = flowed(entries, limit, &width);
    if whole.len() <= most {
        return whole;
    }
    let shorter = (0..entries.len()).rev().map(|kept| {
        let rest = Entry { sample: Sample::Rest, name: format!("and {} more", entries.len() - kept) };
        flowed(&[&entries[..kept], &[rest]].concat(), limit, &width)
    });
    shorter.into_iter().find(|rows| rows.len() <= most).unwrap_or_default()
}

fn flowed(entries: &[Entry], limit: u32, width: impl Fn(&Entry) -> u32) -> Vec<Vec<Entry>> {
    let mut rows: Vec<Vec<Entry>> = Vec::new();
    let mut used = 0;
    for entry in entries {
        let wide = width(entry);
        match rows.last_mut() {
            Some(row) if used + wide <= limit => row.push(entry.clone()),
            _ => {
                rows.push(vec![entry.clone()]);
                used = 0;
            }
        }
        used += wide;
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_flow_and_what_has_no_room_is_counted() {
        let entries: Vec<Entry> =
            (0..7).map(|place| Entry { sample: Sample::Series(place), name: place.to_string() }).collect();
        let names = |most: usize| {
            let rows = rows(&entries, most, 30, |_| 10);
            rows.iter()
                .map(|row| row.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>().join(" "))
                .collect::<Vec<_>>()
        };
        assert_eq!(names(3), ["0 1 2", "3 4 5", "6"]);
        assert_eq!(names(2), ["0 1 2", "3 4 and 2 more"]);
        assert_eq!(names(1), ["0 1 and 5 more"]);
        assert!(names(0).is_empty());
    }
}
