//! Charts as they come out: characters within their columns, SVG that is XML, and pictures below target/ to look at.
#![allow(clippy::unwrap_used, clippy::panic)]

use lightspeed::chart::{Axis, Chart, Mark, Reference, Scale, Series, svg, terminal};
use lightspeed::text::units::Unit;
use proptest::prelude::*;
use std::path::Path;

/// A series of so many workers' times by a law of scaling, with intervals and the law's curve.
fn scaling(level: u32, serial_s: f64, contention: f64, coherency: f64) -> Series {
    let law = |n: f64| serial_s * (1.0 + contention * (n - 1.0) + coherency * n * (n - 1.0)) / n;
    let marks = (1..=16).map(|workers| {
        let x = f64::from(workers);
        // Noise that is the same each time.
        let y = law(x) * (1.0 + 0.04 * f64::sin(x * 7.0 + f64::from(level)));
        Mark { x, y, interval: Some((y * 0.96, y * 1.05)) }
    });
    let curve = (0..=120).map(|step| 1.0 + f64::from(step) / 8.0).map(|n| (n, law(n))).collect();
    Series { name: format!("level={level}"), marks: marks.collect(), curve }
}

fn axis(name: &str, unit: &str, scale: Scale) -> Axis {
    Axis { name: name.to_owned(), unit: Unit::parse(unit), scale }
}

fn times(scale: fn() -> Scale) -> Chart {
    Chart {
        title: "compress.py: time over workers, for \"level\" < 10 & more".to_owned(),
        x: axis("workers", "", scale()),
        y: axis("time", "seconds", scale()),
        series: vec![scaling(1, 0.31, 0.05, 0.002), scaling(6, 0.92, 0.03, 0.004), scaling(9, 2.4, 0.02, 0.0005)],
        reference: None,
    }
}

fn speed_up() -> Chart {
    let times = times(|| Scale::Linear);
    let series = times.series.iter().map(|series| {
        let first = series.marks[0].y;
        let ratio = |mark: &Mark| Mark {
            y: first / mark.y,
            interval: mark.interval.map(|(low, high)| (first / high, first / low)),
            ..*mark
        };
        Series { name: series.name.clone(), marks: series.marks.iter().map(ratio).collect(), curve: Vec::new() }
    });
    Chart {
        title: "Speed-up over one worker".to_owned(),
        x: axis("workers", "", Scale::Linear),
        y: axis("speed-up", "times", Scale::Linear),
        series: series.collect(),
        reference: Some(Reference { name: "ideal".to_owned(), points: vec![(1.0, 1.0), (16.0, 16.0)] }),
    }
}

fn names() -> Chart {
    let names = ["asyncio", "threads", "processes", "sub-interpreters", "sequential baseline"];
    let peaks = |name: &str, peaks: [f64; 5]| Series {
        name: name.to_owned(),
        marks: (0..5)
            .map(|x| {
                let y = peaks[x] * 1_048_576.0;
                Mark { x: x as f64, y, interval: Some((y * 0.93, y * 1.06)) }
            })
            .collect(),
        curve: Vec::new(),
    };
    Chart {
        title: "Peak memory by strategy".to_owned(),
        x: axis("strategy", "", Scale::Names(names.map(str::to_owned).to_vec())),
        y: axis("peak memory", "bytes", Scale::Linear),
        series: vec![
            peaks("small input", [31.0, 34.5, 148.0, 61.0, 22.0]),
            peaks("large input", [88.0, 93.0, 310.0, 155.0, 71.0]),
        ],
        reference: None,
    }
}

fn sizes() -> Chart {
    let marks =
        (10..=24).map(|power| f64::from(power).exp2()).map(|x| Mark { x, y: x * x.log2() * 2.1e-9, interval: None });
    Chart {
        title: "Sorting".to_owned(),
        x: axis("n", "", Scale::Log),
        y: axis("time", "seconds", Scale::Log),
        series: vec![Series { name: "sort".to_owned(), marks: marks.collect(), curve: Vec::new() }],
        reference: None,
    }
}

fn many() -> Chart {
    let series = (0..13).map(|place| Series {
        name: format!("codec=zstd, level={place}, dictionary=trained"),
        marks: (0..6)
            .map(|x| Mark { x: f64::from(x * 1000), y: f64::from((place + 2) * (x + 3)), interval: None })
            .collect(),
        curve: Vec::new(),
    });
    Chart {
        title: String::new(),
        x: axis("chunk", "rows", Scale::Linear),
        y: axis("throughput", "MB/s", Scale::Linear),
        series: series.collect(),
        reference: None,
    }
}

fn pictures() -> [(&'static str, Chart); 6] {
    [
        ("times", times(|| Scale::Linear)),
        ("times-log", times(|| Scale::Log)),
        ("speed-up", speed_up()),
        ("names", names()),
        ("sizes", sizes()),
        ("many", many()),
    ]
}

/// What a text takes on the screen: escape sequences removed.
fn bare(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |bare, part| bare + part.split_once('m').unwrap().1)
}

#[track_caller]
fn check_terminal(chart: &Chart, width: u16, height: u16) -> String {
    let plain = terminal(chart, width, height, false);
    assert!(!plain.contains('\u{1b}'), "{plain:?}");
    assert_eq!(bare(&terminal(chart, width, height, true)), plain);
    if width >= 40 && height >= 12 {
        assert!(plain.lines().count() <= usize::from(height), "{plain}");
    }
    plain
}

#[track_caller]
fn check_svg(chart: &Chart) -> String {
    let drawn = svg(chart);
    let document = roxmltree::Document::parse(&drawn).unwrap_or_else(|error| panic!("{error}: {drawn}"));
    let root = document.root_element();
    let [_, _, width, height] =
        root.attribute("viewBox").unwrap().split(' ').map(|part| part.parse::<f64>().unwrap()).collect::<Vec<_>>()[..]
    else {
        panic!("{drawn}");
    };
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        for (name, most) in [("x", width), ("cx", width), ("x1", width), ("x2", width), ("y", height), ("cy", height)] {
            if let Some(value) = node.attribute(name) {
                assert!((0.0..=most).contains(&value.parse().unwrap()), "{name}={value} lies outside");
            }
        }
    }
    drawn
}

/// The texts of a drawing.
fn texts(drawn: &str) -> Vec<String> {
    let document = roxmltree::Document::parse(drawn).unwrap();
    let texts = document.descendants().filter(|node| node.has_tag_name("text"));
    texts.map(|node| node.text().unwrap_or_default().trim().to_owned()).collect()
}

#[test]
fn pictures_are_drawn_for_people_to_look_at() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("charts");
    std::fs::create_dir_all(&folder).unwrap();
    for (name, chart) in pictures() {
        std::fs::write(folder.join(format!("{name}.svg")), check_svg(&chart)).unwrap();
        for width in [40, 60, 120] {
            let plain = check_terminal(&chart, width, 24);
            assert!(plain.lines().all(|line| line.chars().count() <= usize::from(width)), "{plain}");
            std::fs::write(folder.join(format!("{name}-{width}.txt")), &plain).unwrap();
            std::fs::write(folder.join(format!("{name}-{width}.ansi")), terminal(&chart, width, 24, true)).unwrap();
        }
    }
}

#[test]
fn texts_say_names_units_and_ticks() {
    let chart = times(|| Scale::Log);
    let (drawn, plain) = (texts(&check_svg(&chart)), check_terminal(&chart, 60, 24));
    for text in
        ["1", "2", "4", "8", "16", "100ms", "1s", "workers", "time", "level=1", "level=6", "level=9", "fitted law"]
    {
        assert!(drawn.iter().any(|each| each == text), "{text} is not among {drawn:?}");
        assert!(plain.contains(text), "{text} is not in\n{plain}");
    }
    assert!(drawn.contains(&chart.title) && plain.contains(&chart.title), "{drawn:?}\n{plain}");
    let chart = speed_up();
    assert!(texts(&check_svg(&chart)).contains(&"speed-up (times)".to_owned()));
    assert!(check_terminal(&chart, 60, 24).contains("ideal"));
}

#[test]
fn series_are_told_apart_without_colours() {
    let plain = check_terminal(&times(|| Scale::Linear), 120, 30);
    for marker in ['●', '▲', '■'] {
        // Some may lie under others; one stands in the legend.
        assert!(plain.matches(marker).count() > 10, "{marker} in\n{plain}");
    }
    assert!(!plain.contains('◆'));
    let coloured = terminal(&times(|| Scale::Linear), 120, 30, true);
    let sequences = ["\u{1b}[38;5;32m●", "\u{1b}[38;5;166m▲", "\u{1b}[38;5;36m■"];
    assert!(sequences.iter().all(|sequence| coloured.contains(sequence)), "{coloured:?}");
    assert!(
        coloured.lines().all(|line| line.matches('\u{1b}').count() % 2 == 0),
        "a style runs over the end of a line"
    );
}

#[test]
fn without_room_or_values_there_is_a_sentence() {
    let chart = names();
    for (width, height) in [(39, 24), (60, 11), (0, 0)] {
        let said = check_terminal(&chart, width, height);
        assert_eq!(said, "Peak memory by strategy: a chart needs 40 columns and 12 rows");
    }
    let nan =
        Series { name: "<&>".to_owned(), marks: vec![Mark { x: f64::NAN, y: 1.0, interval: None }], curve: Vec::new() };
    let empty = Chart { title: "a < b & \"c\"\u{1}".to_owned(), series: vec![nan], ..names() };
    assert_eq!(check_terminal(&empty, 60, 24), "a < b & \"c\" : there is nothing to draw");
    assert_eq!(texts(&check_svg(&empty)), ["a < b & \"c\"", "there is nothing to draw"]);
}

/// Numbers of all sizes, among them the edges.
fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        -100.0..100.0,
        0.001..10.0,
        any::<f64>(),
        proptest::sample::select(vec![
            0.0,
            -0.0,
            1.0,
            2.0,
            f64::MAX,
            f64::MIN,
            f64::MIN_POSITIVE,
            5e-324,
            f64::NAN,
            f64::INFINITY
        ]),
    ]
}

fn any_axis() -> impl Strategy<Value = Axis> {
    let scale = prop_oneof![
        Just(Scale::Linear),
        Just(Scale::Log),
        proptest::collection::vec("\\PC{0,20}", 0..5).prop_map(Scale::Names),
    ];
    let unit = prop_oneof![Just("s".to_owned()), Just("B".to_owned()), "\\PC{0,8}"];
    ("\\PC{0,30}", unit, scale).prop_map(|(name, unit, scale)| Axis { name, unit: Unit::parse(&unit), scale })
}

fn any_chart() -> impl Strategy<Value = Chart> {
    let points = || proptest::collection::vec((number(), number()), 0..6);
    let mark = (number(), number(), proptest::option::of((number(), number())));
    let marks = proptest::collection::vec(mark.prop_map(|(x, y, interval)| Mark { x, y, interval }), 0..6);
    let series = ("\\PC{0,60}", marks, points()).prop_map(|(name, marks, curve)| Series { name, marks, curve });
    let reference = ("\\PC{0,60}", points()).prop_map(|(name, points)| Reference { name, points });
    let parts = (
        any::<String>(),
        any_axis(),
        any_axis(),
        proptest::collection::vec(series, 0..12),
        proptest::option::of(reference),
    );
    parts.prop_map(|(title, x, y, series, reference)| Chart { title, x, y, series, reference })
}

proptest! {
    #[test]
    fn any_chart_is_drawn(chart in any_chart(), width in 0u16..200, height in 0u16..60) {
        check_terminal(&chart, width, height);
        check_svg(&chart);
    }
}
