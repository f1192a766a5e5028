//! Least squares with coefficients that are not negative, for a few columns.

/// Coefficients ≥ 0 that make Σ (y − Σ βⱼ xⱼ)² least, and that sum; `None` where nothing can be said (columns that depend on each
/// other in every subset, or no finite numbers).
///
/// With at most three columns every subset is solved by itself (the Karush–Kuhn–Tucker conditions name one of them), by QR of Householder's
/// kind, which loses half as many digits as normal equations.
pub(super) fn non_negative(columns: &[Vec<f64>], y: &[f64]) -> Option<(Vec<f64>, f64)> {
    let mut best: Option<(Vec<f64>, f64)> = None;
    for subset in 1..1usize << columns.len() {
        let chosen: Vec<usize> = (0..columns.len()).filter(|column| subset >> column & 1 == 1).collect();
        let Some(solved) = solve(&chosen.iter().map(|&column| columns[column].clone()).collect::<Vec<_>>(), y) else {
            continue;
        };
        if solved.iter().any(|value| !value.is_finite() || *value < 0.0) {
            continue;
        }
        let mut coefficients = vec![0.0; columns.len()];
        chosen.iter().zip(&solved).for_each(|(&column, &value)| coefficients[column] = value);
        let left = residual(columns, y, &coefficients);
        if left.is_finite() && best.as_ref().is_none_or(|(_, least)| left < *least) {
            best = Some((coefficients, left));
        }
    }
    best
}

/// Σ (y − Σ βⱼ xⱼ)².
pub(super) fn residual(columns: &[Vec<f64>], y: &[f64], coefficients: &[f64]) -> f64 {
    let fitted = |row: usize| columns.iter().zip(coefficients).map(|(column, value)| column[row] * value).sum::<f64>();
    let square = |deviation: f64| deviation * deviation;
    y.iter().enumerate().map(|(row, y)| square(y - fitted(row))).sum()
}

/// Coefficients of the least squares; `None` where the columns depend on each other, or are more than the rows.
fn solve(columns: &[Vec<f64>], y: &[f64]) -> Option<Vec<f64>> {
    let (rows, count) = (y.len(), columns.len());
    if count > rows {
        return None;
    }
    let mut matrix: Vec<Vec<f64>> = columns.to_vec();
    let mut right = y.to_vec();
    let norm = |column: &[f64]| libm::sqrt(column.iter().map(|value| value * value).sum());
    // Beside its own size, and not that of others: n² beside a constant has as many powers of ten as it likes.
    let norms: Vec<f64> = matrix.iter().map(|column| norm(column)).collect();
    for place in 0..count {
        let norm = norm(&matrix[place][place..]);
        if norm <= norms[place] * 1e-12 {
            return None;
        }
        let mut mirror = matrix[place][place..].to_vec();
        mirror[0] += if mirror[0] < 0.0 { -norm } else { norm };
        let square: f64 = mirror.iter().map(|value| value * value).sum();
        let reflect = |vector: &mut [f64]| {
            let along: f64 = vector.iter().zip(&mirror).map(|(value, mirror)| value * mirror).sum();
            vector.iter_mut().zip(&mirror).for_each(|(value, mirror)| *value -= 2.0 * along / square * mirror);
        };
        matrix[place..].iter_mut().for_each(|column| reflect(&mut column[place..]));
        reflect(&mut right[place..]);
    }
    let mut solved = vec![0.0; count];
    for place in (0..count).rev() {
        let known: f64 = (place + 1..count).map(|column| matrix[column][place] * solved[column]).sum();
        solved[place] = (right[place] - known) / matrix[place][place];
    }
    Some(solved)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_is_found_and_a_falling_one_is_flat() {
        let n: Vec<f64> = (1..6).map(f64::from).collect();
        let columns = [vec![1.0; 5], n.clone()];
        let (found, left) = non_negative(&columns, &n.iter().map(|n| 3.0 + 2.0 * n).collect::<Vec<_>>()).unwrap();
        assert!((found[0] - 3.0).abs() < 1e-12 && (found[1] - 2.0).abs() < 1e-12 && left < 1e-20);
        let (flat, _) = non_negative(&columns, &n.iter().map(|n| 9.0 - n).collect::<Vec<_>>()).unwrap();
        assert!((flat[0] - 6.0).abs() < 1e-12 && flat[1] == 0.0);
        assert_eq!(non_negative(&[vec![0.0; 3]], &[1.0, 2.0, 3.0]), None);
        let (one_of_two, _) = non_negative(&[vec![1.0; 3], vec![2.0; 3]], &[3.0; 3]).unwrap();
        assert!((one_of_two[0] + 2.0 * one_of_two[1] - 3.0).abs() < 1e-12, "{one_of_two:?}");
    }

    #[test]
    fn columns_of_very_different_sizes_are_told_apart() {
        let sizes: Vec<f64> = (20..30).map(|power| f64::from(1 << power)).collect();
        let columns = [vec![1.0; 10], sizes.iter().map(|n| n * n).collect()];
        let y: Vec<f64> = sizes.iter().map(|n| 1e15 + n * n).collect();
        let (found, _) = non_negative(&columns, &y).unwrap();
        assert!((found[0] / 1e15 - 1.0).abs() < 1e-9 && (found[1] - 1.0).abs() < 1e-9, "{found:?}");
        assert_eq!(non_negative(&[vec![1.0]], &[-1.0]), None);
    }

    proptest! {
        #[test]
        fn no_other_point_nearby_is_better(
            rows in prop::collection::vec((0.1..10.0f64, 0.1..10.0f64, 0.1..10.0f64, 0.1..10.0f64), 4..10), steps in prop::collection::vec(-0.1..0.1f64, 3)
        ) {
            let columns: Vec<Vec<f64>> = vec![
                rows.iter().map(|row| row.0).collect(), rows.iter().map(|row| row.1).collect(), rows.iter().map(|row| row.2).collect(),
            ];
            let y: Vec<f64> = rows.iter().map(|row| row.3).collect();
            if let Some((found, left)) = non_negative(&columns, &y) {
                let other: Vec<f64> = found.iter().zip(&steps).map(|(value, step)| (value + step).max(0.0)).collect();
                prop_assert!(residual(&columns, &y, &other) >= left - 1e-9 * (1.0 + left));
            }
        }
    }
}
