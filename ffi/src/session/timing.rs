//! placeholder until merge
/// x
#[derive(Clone, Debug, Default)]
pub struct Timing { /// x
 pub rounds: Option<u32>, /// x
 pub repeat: Option<u64>, /// x
 pub warmup_time: Option<f64> }
