//! Sets of processors, as the kernel writes them: `0-3,8`.

use std::fmt;

/// Processors, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct CpuList(Vec<u32>);

/// More processors than any machine has: a range beyond is no list.
const MOST: u32 = 1 << 16;

impl CpuList {
    /// Reads a list; an empty text is an empty one.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut cpus = Vec::new();
        for part in text.trim().split(',').filter(|part| !part.is_empty()) {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let (first, last): (u32, u32) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
            if last > MOST {
                return None;
            }
            cpus.extend(first..=last);
        }
        cpus.sort_unstable();
        cpus.dedup();
        Some(CpuList(cpus))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = u32> {
        self.0.iter().copied()
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether all of these are among `others`.
    pub(super) fn is_within(&self, others: &Self) -> bool {
        self.iter().all(|cpu| others.0.contains(&cpu))
    }

    /// Those that are not among `others`.
    pub(super) fn without(&self, others: &Self) -> Self {
        CpuList(self.iter().filter(|cpu| !others.0.contains(cpu)).collect())
    }
}

impl fmt::Display for CpuList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, run) in self.0.chunk_by(|a, b| a + 1 == *b).enumerate() {
            let comma = if number == 0 { "" } else { "," };
            match run {
                [first, .., last] => write!(f, "{comma}{first}-{last}")?,
                _ => run.iter().try_for_each(|only| write!(f, "{comma}{only}"))?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_and_written_as_the_kernel_does() {
        for text in ["", "0", "0-3", "0-3,8", "1,3,5-7"] {
            assert_eq!(CpuList::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(CpuList::parse("8,0-2,2-3\n").unwrap().to_string(), "0-3,8");
        for no_list in ["x", "1-", "0-4294967295", "-1", "(null)"] {
            assert_eq!(CpuList::parse(no_list), None, "{no_list}");
        }
    }
}
