//! Many tests at once: p-values adjusted for their number.

use super::error::StatsError;

/// Holm's adjustment (1979): calling changes where the result is at most α errs anywhere in the family with
/// probability of at most α, however the tests depend on each other. For a gate that blocks.
///
/// # Errors
/// A p-value that is not from 0 to 1.
pub fn holm(p_values: &[f64]) -> Result<Vec<f64>, StatsError> {
    let order = ascending(p_values)?;
    let mut adjusted = vec![0.0; p_values.len()];
    let mut largest = 0.0_f64;
    for (rank, index) in order.iter().enumerate() {
        largest = largest.max((p_values.len() - rank) as f64 * p_values[*index]).min(1.0);
        adjusted[*index] = largest;
    }
    Ok(adjusted)
}

/// Benjamini and Hochberg's adjustment (1995): of the changes called where the result is at most α, an expected share
/// of at most α is wrong, if the tests are independent or depend positively. For reports.
///
/// # Errors
/// A p-value that is not from 0 to 1.
pub fn benjamini_hochberg(p_values: &[f64]) -> Result<Vec<f64>, StatsError> {
    let order = ascending(p_values)?;
    let count = p_values.len() as f64;
    let mut adjusted = vec![0.0; p_values.len()];
    let mut smallest = 1.0_f64;
    for (rank, index) in order.iter().enumerate().rev() {
        smallest = smallest.min(p_values[*index] * count / (rank + 1) as f64);
        adjusted[*index] = smallest;
    }
    Ok(adjusted)
}

/// Indices in ascending order of p; equal ones in their order.
fn ascending(p_values: &[f64]) -> Result<Vec<usize>, StatsError> {
    if let Some(index) = p_values.iter().position(|p| !(0.0..=1.0).contains(p)) {
        return Err(StatsError::BadPValue { index });
    }
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|a, b| p_values[*a].total_cmp(&p_values[*b]));
    Ok(order)
}
