//! Op `matrix`: from one set of primaries to another, in linear light.

use super::{Row, simd::vectorised};

/// Three by three, rows first.
pub type Matrix = [[f32; 3]; 3];

/// Applies `m` to every pixel.
pub fn matrix(row: &mut Row<'_>, m: &Matrix) {
    let [red, green, blue] = row;
    apply(red, green, blue, m);
}

vectorised! {
    fn apply(red: &mut [f32], green: &mut [f32], blue: &mut [f32], m: &Matrix) {
        for ((r, g), b) in red.iter_mut().zip(green.iter_mut()).zip(blue.iter_mut()) {
            let (x, y, z) = (*r, *g, *b);
            *r = m[0][0] * x + m[0][1] * y + m[0][2] * z;
            *g = m[1][0] * x + m[1][1] * y + m[1][2] * z;
            *b = m[2][0] * x + m[2][1] * y + m[2][2] * z;
        }
    }
}

/// `a` after `b`.
pub fn product(a: &Matrix, b: &Matrix) -> Matrix {
    let cell =
        |row: usize, column: usize| (0..3).map(|k| f64::from(a[row][k]) * f64::from(b[k][column])).sum::<f64>() as f32;
    std::array::from_fn(|row| std::array::from_fn(|column| cell(row, column)))
}

/// The matrix that undoes `m`; nothing where there is none.
pub fn inverse(m: &Matrix) -> Option<Matrix> {
    let m = m.map(|row| row.map(f64::from));
    let minor = |r: usize, c: usize| {
        let (r0, r1, c0, c1) = ((r + 1) % 3, (r + 2) % 3, (c + 1) % 3, (c + 2) % 3);
        m[r0][c0] * m[r1][c1] - m[r0][c1] * m[r1][c0]
    };
    let determinant = m[0][0] * minor(0, 0) + m[0][1] * minor(0, 1) + m[0][2] * minor(0, 2);
    (determinant.abs() > 1e-12)
        .then(|| std::array::from_fn(|row| std::array::from_fn(|column| (minor(column, row) / determinant) as f32)))
}

/// What `m` makes of one colour.
pub fn applied(m: &Matrix, [x, y, z]: [f32; 3]) -> [f32; 3] {
    m.map(|[a, b, c]| a * x + b * y + c * z)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_matrix_and_its_inverse_make_nothing() {
        let m = [[1.7365, -0.5612, -0.1753], [-0.1531, 1.5584, -0.4053], [0.0199, -0.4041, 1.3842]];
        let one = product(&inverse(&m).unwrap(), &m);
        for (row, cells) in one.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                assert!((cell - if row == column { 1.0 } else { 0.0 }).abs() < 1e-5);
            }
        }
        assert!(inverse(&[[1.0, 2.0, 3.0]; 3]).is_none());
    }
}
