//! Colours as the painter thinks of them: sRGB levels, mixed and shaded.

/// Opaque sRGB, 0 to 1 per channel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Ink(pub [f32; 3]);

impl Ink {
    /// From `0xRRGGBB`.
    pub const fn hex(rgb: u32) -> Self {
        Self([(rgb >> 16 & 255) as f32 / 255.0, (rgb >> 8 & 255) as f32 / 255.0, (rgb & 255) as f32 / 255.0])
    }

    /// `share` of `other`, the rest of this.
    pub fn mix(self, other: Self, share: f32) -> Self {
        let share = share.clamp(0.0, 1.0);
        Self(std::array::from_fn(|k| self.0[k] + (other.0[k] - self.0[k]) * share))
    }

    /// Towards a warm white.
    pub fn lit(self, share: f32) -> Self {
        self.mix(Self::hex(0xFF_F1_D6), share)
    }

    /// Towards a deep, slightly violet dark: shadows in warm light are cool, never grey.
    pub fn shaded(self, share: f32) -> Self {
        self.mix(Self([self.0[0] * 0.28 + 0.03, self.0[1] * 0.20 + 0.01, self.0[2] * 0.34 + 0.07]), share)
    }

    /// With an opacity, as tiny-skia takes it.
    pub fn alpha(self, alpha: f32) -> tiny_skia::Color {
        let [r, g, b] = self.0.map(|level| level.clamp(0.0, 1.0));
        tiny_skia::Color::from_rgba(r, g, b, alpha.clamp(0.0, 1.0)).unwrap_or(tiny_skia::Color::BLACK)
    }
}
