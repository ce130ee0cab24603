//! High dynamic range to what an ordinary screen shows: PQ and HLG (ITU-R BT.2100) to sRGB.
//!
//! Light is measured against the white of paper, 203 cd/m² in both systems (ITU-R BT.2408, table 1). Up to 60 % of it stays
//! as it is; what is brighter runs into white along an exponential whose slope fits there. All three colours of a pixel are
//! scaled together, so that hues stay, and what lies outside sRGB is clipped.

/// Levels of the numbers that come in, less one.
pub const WHITE: u16 = 4095;
/// ITU-R BT.2408: the luminance of white paper, cd/m².
const PAPER: f32 = 203.0;
/// Light that stays as it is, in white papers.
const KNEE: f32 = 0.6;
/// Steps of the table from light to sRGB's levels; fine enough for the steep part near black.
const OUT_STEPS: usize = 1 << 14;

/// A transfer of BT.2100, by its TransferCharacteristics in ITU-T H.273.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transfer {
    /// 16, SMPTE ST 2084.
    Pq,
    /// 18, ARIB STD-B67.
    Hlg,
}

impl Transfer {
    /// Which one the number means; nothing for ordinary ranges.
    pub fn of(number: u16) -> Option<Self> {
        match number {
            16 => Some(Self::Pq),
            18 => Some(Self::Hlg),
            _ => None,
        }
    }
}

/// Everything that is the same for all pixels of a picture.
pub struct Mapping {
    transfer: Transfer,
    /// White papers (PQ) or the scene's light from 0 to 1 (HLG) of each number.
    light: Vec<f32>,
    /// To BT.709's primaries.
    primaries: [[f32; 3]; 3],
    levels: Vec<u8>,
}

impl Mapping {
    /// For numbers from 0 to [`WHITE`] with ColourPrimaries of ITU-T H.273.
    pub fn new(transfer: Transfer, primaries: u16) -> Self {
        let numbers = (0..=WHITE).map(|number| f32::from(number) / f32::from(WHITE));
        let light = match transfer {
            Transfer::Pq => numbers.map(pq).collect(),
            Transfer::Hlg => numbers.map(hlg).collect(),
        };
        let level = |step: usize| {
            let light = step as f32 / (OUT_STEPS - 1) as f32;
            let level = if light <= 0.003_130_8 { 12.92 * light } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 };
            (level * 255.0).round() as u8
        };
        Self { transfer, light, primaries: to_bt709(primaries), levels: (0..OUT_STEPS).map(level).collect() }
    }

    /// A row of R G B numbers as sRGB.
    pub fn row(&self, numbers: &[u16], srgb: &mut [u8]) {
        for (numbers, out) in numbers.chunks_exact(3).zip(srgb.chunks_exact_mut(3)) {
            if let (&[r, g, b], [red, green, blue]) = (numbers, out) {
                [*red, *green, *blue] = self.pixel([r, g, b]);
            }
        }
    }

    fn pixel(&self, numbers: [u16; 3]) -> [u8; 3] {
        let mut light = numbers.map(|number| self.light.get(usize::from(number)).copied().unwrap_or(1.0));
        if self.transfer == Transfer::Hlg {
            // BT.2100, table 5: a screen of 1,000 cd/m² shows a scene with a gamma of 1.2 of its luminance.
            let [r, g, b] = light;
            let scene = 0.2627 * r + 0.6780 * g + 0.0593 * b;
            let scale = 1000.0 / PAPER * scene.powf(0.2);
            light = light.map(|light| light * scale);
        }
        let brightest = light[0].max(light[1]).max(light[2]);
        if brightest > KNEE {
            let room = 1.0 - KNEE;
            let scale = (KNEE + room * (1.0 - (-(brightest - KNEE) / room).exp())) / brightest;
            light = light.map(|light| light * scale);
        }
        self.primaries.map(|[r, g, b]| {
            let light = (r * light[0] + g * light[1] + b * light[2]).clamp(0.0, 1.0);
            self.levels.get((light * (OUT_STEPS - 1) as f32 + 0.5) as usize).copied().unwrap_or(255)
        })
    }
}

/// The PQ curve in white papers (BT.2100, table 4).
fn pq(number: f32) -> f32 {
    let (m1, m2) = (2610.0 / 16384.0, 2523.0 / 4096.0 * 128.0);
    let (c1, c2, c3) = (3424.0 / 4096.0, 2413.0 / 4096.0 * 32.0, 2392.0 / 4096.0 * 32.0);
    let power = number.powf(1.0 / m2);
    let light = ((power - c1).max(0.0) / (c2 - c3 * power)).powf(1.0 / m1);
    light * 10_000.0 / PAPER
}

/// HLG's curve to the scene's light (BT.2100, table 5).
fn hlg(number: f32) -> f32 {
    let (a, b, c) = (0.178_832_77_f32, 0.284_668_92_f32, 0.559_910_7_f32);
    if number <= 0.5 { number * number / 3.0 } else { (((number - c) / a).exp() + b) / 12.0 }
}

/// Linear light in other primaries as BT.709's, all with the white D65 (BT.2087, table 4 for BT.2020; Display P3 computed
/// the same way from SMPTE EG 432-1).
fn to_bt709(primaries: u16) -> [[f32; 3]; 3] {
    match primaries {
        9 => [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]],
        12 => [[1.2249, -0.2247, 0.0], [-0.0420, 1.0419, 0.0], [-0.0197, -0.0786, 1.0979]],
        _ => [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// BT.2408, table 1: a grey card and white paper, in percent of the signal.
    const CARD_AND_PAPER: [(Transfer, [f32; 2]); 2] = [(Transfer::Pq, [0.38, 0.58]), (Transfer::Hlg, [0.38, 0.75])];

    fn grey(mapping: &Mapping, signal: f32) -> u8 {
        let number = (signal * f32::from(WHITE)).round() as u16;
        let [r, g, b] = mapping.pixel([number; 3]);
        assert!(r.abs_diff(g) <= 1 && g.abs_diff(b) <= 1, "grey stays grey: {r} {g} {b}");
        g
    }

    #[test]
    fn paper_is_nearly_white_and_a_grey_card_is_in_the_middle() {
        for (transfer, [card, paper]) in CARD_AND_PAPER {
            let mapping = Mapping::new(transfer, 9);
            let (card, paper) = (grey(&mapping, card), grey(&mapping, paper));
            // A card of 18 % is level 118 in sRGB; BT.2408 puts it at 26 cd/m² of 203, which is 100.
            assert!((95..=125).contains(&card), "{transfer:?}: {card}");
            assert!((230..=245).contains(&paper), "{transfer:?}: {paper}");
            assert_eq!((grey(&mapping, 0.0), grey(&mapping, 1.0)), (0, 255));
        }
    }

    #[test]
    fn brighter_is_never_darker() {
        for (transfer, _) in CARD_AND_PAPER {
            let mapping = Mapping::new(transfer, 9);
            let levels: Vec<u8> = (0..=WHITE).map(|number| mapping.pixel([number; 3])[1]).collect();
            assert!(levels.is_sorted(), "{transfer:?}");
        }
    }

    #[test]
    fn hues_survive_the_knee() {
        let mapping = Mapping::new(Transfer::Pq, 1);
        // A red lamp ten times as bright as paper is red, not white.
        let [r, g, b] = mapping.pixel([3400, 1500, 1500]);
        assert!(r > 245 && g < 120 && g == b, "{r} {g} {b}");
    }
}
