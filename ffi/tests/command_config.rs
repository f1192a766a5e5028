//! lightspeed.toml: what it gives, and what is refused, with the place of the mistake.

use lightspeed::pair::Metric;
use lightspeed::suite::commands::{CommandConfig, CoverageSource};
use std::path::Path;

fn parse(text: &str) -> Result<CommandConfig, String> {
    CommandConfig::parse(text, Path::new("/project/lightspeed.toml")).map_err(|error| error.to_string())
}

#[test]
fn what_is_left_out_has_a_default() {
    let config = parse("[[benchmark]]\nname = 'a'\ncommand = 'python3.12 -m b \"c d\"'\n").unwrap();
    assert_eq!(config.results_dir, Path::new("/project/.lightspeed"));
    assert_eq!(config.source_root, None);
    let benchmark = &config.benchmarks[0];
    assert_eq!(benchmark.command, ["python3.12", "-m", "b", "c d"]);
    assert_eq!(benchmark.cwd, Path::new("/project"));
    assert_eq!((benchmark.repeat, benchmark.warmup, benchmark.timeout.as_secs(), benchmark.line), (10, 1, 60, 1));
    assert_eq!(benchmark.coverage, CoverageSource::Python);
    assert_eq!(benchmark.metrics, Metric::ALL);
    assert_eq!(benchmark.budgets.len(), 1);
}
