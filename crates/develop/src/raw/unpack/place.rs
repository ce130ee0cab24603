//! Where samples belong: upright strips of the sensor, filled one after the other, row by row.

use libraw::Packed;

/// The curve, unless every sample stands for itself.
pub(super) fn bent<'b>(packed: &Packed<'b>) -> Option<&'b [u16]> {
    let curve = packed.curve;
    curve.iter().enumerate().any(|(index, value)| index != usize::from(*value)).then_some(curve)
}

/// Puts samples as they come to where they belong.
pub(super) struct Place<'a, 'b> {
    out: &'a mut [u16],
    /// Nothing where every sample stands for itself.
    curve: Option<&'b [u16]>,
    /// Columns and rows of the sensor.
    size_px: (usize, usize),
    samples: usize,
    step: usize,
    /// Strips that are left, and the one at work: column, row, columns.
    strips: std::vec::IntoIter<(usize, usize, usize)>,
    strip: (usize, usize, usize),
    /// Column in the strip, row on the sensor.
    at: (usize, usize),
}

impl<'a, 'b> Place<'a, 'b> {
    /// Begins at the first of `strips` (column, row, columns); each ends where the sensor does. `curve` as [`bent`] says.
    pub fn new(packed: &'a mut Packed<'b>, curve: Option<&'b [u16]>, strips: Vec<(usize, usize, usize)>) -> Self {
        let mut strips = strips.into_iter();
        let strip = strips.next().unwrap_or_default();
        Self {
            out: packed.out,
            curve,
            size_px: packed.raw_size_px,
            samples: packed.samples,
            step: packed.step,
            strips,
            strip,
            at: (0, strip.1),
        }
    }

    /// Takes the next samples.
    pub fn put(&mut self, mut row: &[u16]) {
        while !row.is_empty() {
            let (x, _, width) = self.strip;
            let (column, y) = self.at;
            let pixels = (width - column).min(row.len() / self.samples);
            if pixels == 0 {
                return;
            }
            let (now, later) = row.split_at(pixels * self.samples);
            self.copy(now, x + column, y);
            row = later;
            self.at.0 += pixels;
            if self.at.0 == width {
                self.at = (0, y + 1);
                // Only strips of the sensor's whole height are followed by others.
                if y + 1 == self.size_px.1
                    && let Some(next) = self.strips.next()
                {
                    self.strip = next;
                    self.at = (0, next.1);
                }
            }
        }
    }

    /// What lies beyond the sensor is dropped: the last tiles are filled up.
    fn copy(&mut self, samples: &[u16], x: usize, y: usize) {
        let (width, height) = self.size_px;
        if y >= height || x >= width {
            return;
        }
        let pixels = (samples.len() / self.samples).min(width - x);
        let begin = (y * width + x) * self.step;
        let Some(out) = self.out.get_mut(begin..begin + pixels * self.step) else { return };
        let value = |sample: u16| match self.curve {
            Some(curve) => curve.get(usize::from(sample)).copied().unwrap_or(sample),
            None => sample,
        };
        if self.step == 1 && self.curve.is_none() {
            out.copy_from_slice(&samples[..pixels]);
        } else {
            for (pixel, from) in out.chunks_exact_mut(self.step).zip(samples.chunks_exact(self.samples)) {
                for (to, sample) in pixel.iter_mut().zip(from) {
                    *to = value(*sample);
                }
            }
        }
    }
}
