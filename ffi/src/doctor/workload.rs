//! Work that is always the same: what an A/A run compares with itself.

use std::hint::black_box;

/// Numbers that are held: 4 MiB, more than the caches that a processor has to itself.
const NUMBERS: usize = 1 << 20;
/// Steps, each of which waits for the one before it: some 20 ms.
const STEPS: usize = 1 << 18;

/// Does the work: arithmetic, and reads and writes all over the memory that it holds.
pub fn work() -> u32 {
    let mut numbers: Vec<u32> = (0..NUMBERS as u32).map(|n| n.wrapping_mul(0x9e37_79b9)).collect();
    let mut state = 1_u32;
    for _ in 0..STEPS {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        // The upper bits: the lower ones of such a generator repeat soon.
        if let Some(number) = numbers.get_mut((state >> 12) as usize) {
            state ^= *number;
            *number = number.rotate_left(7) ^ state;
        }
    }
    black_box(numbers.iter().fold(state, |sum, number| sum.wrapping_add(*number)))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_work_is_always_the_same() {
        assert_eq!(super::work(), super::work());
    }
}
