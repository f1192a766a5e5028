//! Posterior of a location under Laplace noise of unknown scale: density ∝ (Σ|y_j − β|)^(−ν−1), ν = n − 1.
//!
//! Between two neighbouring observations the sum is linear in β, so the integral over each piece is closed.

/// The posterior given a sample of at least two values that are not all equal.
pub(super) struct LaplacePosterior {
    location: f64,
    scale: f64,
    nu: f64,
    pieces: Vec<Piece>,
    total: f64,
}

/// β between `start` and `end`, where Σ|y_j − β| = slope·β + offset (values centred and scaled).
struct Piece {
    start: f64,
    end: f64,
    slope: f64,
    offset: f64,
    /// Unnormalised mass to the left of the piece.
    below: f64,
    mass: f64,
}

impl LaplacePosterior {
    /// From a sorted sample and its median; `None` where no scale can be formed.
    pub(super) fn new(sorted: &[f64], median: f64) -> Option<Self> {
        let n = sorted.len();
        if n < 2 {
            return None;
        }
        let nu = (n - 1) as f64;
        // The scale keeps the powers below near 1, whatever the unit of the sample.
        let spread: f64 = sorted.iter().map(|y| (y - median).abs()).sum();
        let scale = spread * libm::pow(nu, 1.0 / (nu + 1.0));
        if !(scale.is_finite() && scale > 0.0) {
            return None;
        }
        let scaled: Vec<f64> = sorted.iter().map(|y| (y - median) / scale).collect();
        let mut pieces = Vec::with_capacity(n + 1);
        let mut total = 0.0;
        for k in 0..=n {
            let piece = Piece::new(&scaled, k, nu, total);
            total += piece.mass;
            pieces.push(piece);
        }
        Some(Self { location: median, scale, nu, pieces, total })
    }

    /// The value below which the fraction `p` of the posterior lies; `None` where it is not finite.
    pub(super) fn quantile(&self, p: f64) -> Option<f64> {
        let target = (p * self.total).min(self.total);
        let piece = self.pieces.iter().find(|piece| target <= piece.below + piece.mass)?;
        let beta = piece.invert(target - piece.below, self.nu).min(piece.end);
        let value = beta * self.scale + self.location;
        value.is_finite().then_some(value)
    }
}

impl Piece {
    fn new(scaled: &[f64], k: usize, nu: f64, below: f64) -> Self {
        let (left, right) = scaled.split_at(k);
        let offset = right.iter().sum::<f64>() - left.iter().sum::<f64>();
        let slope = 2.0 * k as f64 - scaled.len() as f64;
        let start = left.last().copied().unwrap_or(f64::NEG_INFINITY);
        let end = right.first().copied().unwrap_or(f64::INFINITY);
        let mass = if slope == 0.0 {
            (end - start) / libm::pow(offset, nu + 1.0)
        } else {
            let at = |beta: f64| libm::pow(beta * slope + offset, -nu);
            (at(start) - at(end)) / (nu * slope)
        };
        // Rounding may leave a tiny negative mass on a piece without width.
        Self { start, end, slope, offset, below, mass: mass.max(0.0) }
    }

    fn invert(&self, mass: f64, nu: f64) -> f64 {
        if self.slope == 0.0 {
            return self.start + mass * libm::pow(self.offset, nu + 1.0);
        }
        let at_start = if self.start.is_finite() { libm::pow(self.start * self.slope + self.offset, -nu) } else { 0.0 };
        let at_beta = at_start - nu * self.slope * mass;
        if at_beta > 0.0 {
            (libm::pow(at_beta, -1.0 / nu) - self.offset) / self.slope
        } else if self.slope < 0.0 {
            f64::NEG_INFINITY
        } else {
            f64::INFINITY
        }
    }
}
