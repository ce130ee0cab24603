//! What the GPU is to do for a frame, as a list over named buffers. Made without a device, so that it can be looked at.

use std::ops::Range;

use super::{
    bands::{Band, Limits, Strip, bands, stored_size, strips},
    error::GpuError,
    grid::{Grid, LEVEL_WORDS, levels},
    list::{Answer, Item, Kernel, Place, Program, Region, Step},
    params::{Params, flag, padded, rows_of},
};
use crate::{
    auto,
    ops::{denoise, tone},
    plan::Plan,
    raw::Sensor,
};

/// Threads of a workgroup, columns and rows; the shaders say the same.
const GROUP: (usize, usize) = (32, 8);

/// A band of planes in a buffer.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    place: Place,
    width: usize,
    rows: Range<usize>,
}

impl Program {
    /// From samples to a picture.
    pub fn whole(sensor: &Sensor, plan: &Plan, grid: &Grid, limits: Limits) -> Result<Self, GpuError> {
        let bands = bands(plan, limits)?;
        let all = union(bands.iter().map(|band| grid.raw_rows(&band.resampled)));
        let mut builder = Builder::new(plan, limits, Some((sensor, grid)), all)?;
        for band in &bands {
            let held = builder.expose(grid, band, false)?;
            builder.finish(held, band);
        }
        Ok(builder.done())
    }

    /// From samples to camera colours, which stay on the device in [`Place::Own`]; a small picture comes back.
    pub fn expose(sensor: &Sensor, plan: &Plan, grid: &Grid, limits: Limits) -> Result<Self, GpuError> {
        let band = only_band(plan, limits)?;
        let all = grid.raw_rows(&band.resampled);
        let mut builder = Builder::new(plan, limits, Some((sensor, grid)), all)?;
        let held = builder.expose(grid, &band, true)?;
        builder.look(&held)?;
        Ok(builder.done())
    }

    /// From camera colours of [`Place::Own`] to a picture.
    pub fn finish(plan: &Plan, limits: Limits) -> Result<Self, GpuError> {
        let band = only_band(plan, limits)?;
        let mut builder = Builder::new(plan, limits, None, 0..0)?;
        let held = Held { place: Place::Own, width: stored_size(plan).0, rows: band.straight.clone() };
        builder.need(Place::Own, 12 * (held.width * held.rows.len()) as u64);
        builder.finish(held, &band);
        Ok(builder.done())
    }
}

fn only_band(plan: &Plan, limits: Limits) -> Result<Band, GpuError> {
    let mut bands = bands(plan, limits)?;
    match (bands.pop(), bands.is_empty()) {
        (Some(band), true) => Ok(band),
        _ => Err(GpuError::Unsupported { what: "a picture of this size" }),
    }
}

fn union(ranges: impl Iterator<Item = Range<usize>>) -> Range<usize> {
    ranges.reduce(|a, b| a.start.min(b.start)..a.end.max(b.end)).unwrap_or(0..0)
}

struct Builder<'a> {
    plan: &'a Plan,
    limits: Limits,
    program: Program,
    /// Numbers that all steps share.
    common: Params,
    /// Columns and rows as stored.
    size: (usize, usize),
    /// Sensor rows of the whole development, and those that lie on the device at this point of the list.
    all: Range<usize>,
    there: Option<Range<usize>>,
}

impl<'a> Builder<'a> {
    fn new(plan: &'a Plan, limits: Limits, raw: Option<(&Sensor, &Grid)>, all: Range<usize>) -> Result<Self, GpuError> {
        let size = stored_size(plan);
        let mut tables = match raw {
            Some((sensor, _)) => levels(sensor, plan.sampling)?,
            None => vec![0; LEVEL_WORDS],
        };
        let mut common = common(plan);
        let mut append = |words: &mut dyn Iterator<Item = u32>| {
            let place = tables.len() as u32;
            tables.extend(words);
            place
        };
        common.transfer = append(&mut plan.transfer.table().iter().map(|value| value.to_bits()));
        if let Some(curve) = &plan.curve {
            common.curve = append(&mut curve.table().iter().map(|value| value.to_bits()));
        }
        let mut samples = 0..0;
        if let Some((_, grid)) = raw {
            let base = append(&mut grid.words.iter().copied());
            common.row_taps = grid.row_taps.map(|place| place + base);
            common.row_counts = grid.row_counts;
            common.plane_table = grid.plane_table + base;
            common.planes = grid.planes;
            common.norms = grid.norms + base;
            common.pattern = u32::from(grid.pattern);
            common.row_samples = grid.row_samples as u32;
            common.row_step = grid.row_step() as u32;
            rebase_planes(&mut tables, common.plane_table, grid.planes, base);
            samples = even(&(all.start * grid.row_samples..all.end * grid.row_samples));
        }
        let (width, height) = plan.placement.upright_size();
        let answer = Answer::Picture(width, height, Vec::new());
        let program = Program { items: Vec::new(), sizes: [0; Place::COUNT], tables, samples, answer, answer_bytes: 0 };
        Ok(Self { plan, limits, program, common, size, all, there: None })
    }

    fn done(self) -> Program {
        self.program
    }

    fn need(&mut self, place: Place, bytes: u64) {
        let size = &mut self.program.sizes[place as usize];
        *size = (*size).max(bytes);
    }

    fn run(&mut self, step: Step) {
        self.program.items.push(Item::Run(Box::new(step)));
    }

    /// Samples of a band to camera colours, straightened.
    fn expose(&mut self, grid: &Grid, band: &Band, own: bool) -> Result<Held, GpuError> {
        let turn = self.plan.placement.turn;
        let place = if own && turn.is_none() { Place::Own } else { Place::Base };
        let held = Held { place, width: self.plan.placement.size.0, rows: band.resampled.clone() };
        self.need(place, 12 * (held.width * held.rows.len()) as u64);
        for strip in strips(grid, &band.resampled, &self.all.clone(), self.limits)? {
            self.strip(grid, &strip, &held);
        }
        if turn.is_none() {
            return Ok(held);
        }
        let place = if own { Place::Own } else { Place::Straight };
        let straight = Held { place, width: self.size.0, rows: band.straight.clone() };
        self.need(place, 12 * (straight.width * straight.rows.len()) as u64);
        let mut params = self.between(&held, &straight);
        params.source_height = self.plan.placement.size.1 as u32;
        self.run(Step { kernel: Kernel::Rotate, ..step_of(&params, &held, &straight) });
        Ok(straight)
    }

    fn strip(&mut self, grid: &Grid, strip: &Strip, held: &Held) {
        let begin = strip.raw.start * grid.row_samples;
        if self.there.as_ref() != Some(&strip.raw) {
            let range = even(&(begin..strip.raw.end * grid.row_samples));
            self.need(Place::Samples, 2 * range.len() as u64);
            let first = self.program.samples.start;
            self.program.items.push(Item::Upload(range.start - first..range.end - first));
            self.there = Some(strip.raw.clone());
        }
        let rows = strip.rows.len();
        self.need(Place::Down, 4 * (grid.kinds() * rows * grid.row_samples) as u64);
        let params = Params {
            rows: rows as u32,
            first: strip.rows.start as u32,
            result_rows: rows as u32,
            raw_first: strip.raw.start as u32,
            skip: (begin % 2) as u32,
            ..self.common
        };
        let groups = groups(grid.row_samples.div_ceil(2), rows, grid.kinds());
        let (beside, further) = (None, None);
        let (kernel, source, result) = (Kernel::Down, Place::Samples, Some(Place::Down));
        self.run(Step { kernel, params, source, beside, result, further, groups });
        let params = Params {
            width: held.width as u32,
            source_rows: rows as u32,
            result_rows: held.rows.len() as u32,
            result_first: held.rows.start as u32,
            ..params
        };
        let groups = self::groups(held.width, rows, 1);
        let (kernel, source, result) = (Kernel::Across, Place::Down, Some(held.place));
        self.run(Step { kernel, params, source, beside, result, further, groups });
    }

    /// Numbers of a step that reads one band of planes and writes another.
    fn between(&self, source: &Held, result: &Held) -> Params {
        Params {
            width: result.width as u32,
            rows: result.rows.len() as u32,
            first: result.rows.start as u32,
            height: self.size.1 as u32,
            source_width: source.width as u32,
            source_rows: source.rows.len() as u32,
            source_first: source.rows.start as u32,
            source_height: self.size.1 as u32,
            result_rows: result.rows.len() as u32,
            result_first: result.rows.start as u32,
            ..self.common
        }
    }

    /// Camera colours to bytes.
    fn finish(&mut self, held: Held, band: &Band) {
        let held = self.denoise(held, band);
        let coloured = Held { place: Place::Work, width: self.size.0, rows: band.coloured.clone() };
        self.need(Place::Work, 12 * (coloured.width * coloured.rows.len()) as u64);
        let params = self.between(&held, &coloured);
        self.run(Step { kernel: Kernel::Point, ..step_of(&params, &held, &coloured) });
        let blurred = Held { place: Place::Blurred, width: self.size.0, rows: band.out.clone() };
        if self.plan.sharpening.is_some() {
            self.need(Place::Blurred, 4 * (blurred.width * blurred.rows.len()) as u64);
            let params = self.between(&coloured, &blurred);
            self.run(Step { kernel: Kernel::Blur, ..step_of(&params, &coloured, &blurred) });
        }
        self.pack(&coloured, &band.out);
    }

    fn denoise(&mut self, held: Held, band: &Band) -> Held {
        let (width, height) = self.size;
        let Some(how) = self.plan.denoising.filter(|_| width > 1 && height > 1) else { return held };
        let at = |place: Place| Held { place, width, rows: band.straight.clone() };
        let bytes = 12 * (width * band.straight.len()) as u64;
        for place in [Place::Work, Place::Double, Place::Along, Place::Details] {
            self.need(place, bytes);
        }
        let (mut now, mut next) = (at(Place::Work), at(Place::Double));
        let along = at(Place::Along);
        let params = self.between(&held, &now);
        self.run(Step { kernel: Kernel::DenoiseBegin, ..step_of(&params, &held, &now) });
        for (level, share) in denoise::SHARES.iter().enumerate() {
            let mut params = Params { step: 1 << level, ..self.between(&now, &along) };
            params.thresholds = [how.luminance * share, how.colour * share, how.colour * share, 0.0];
            params.flags |= if level == 0 { flag::FIRST_LEVEL } else { 0 };
            let groups = groups(width, band.straight.len(), 3);
            self.run(Step { kernel: Kernel::DenoiseAcross, groups, ..step_of(&params, &now, &along) });
            let (beside, further) = (Some(now.place), Some(Place::Details));
            let down = Step { kernel: Kernel::DenoiseDown, groups, ..step_of(&params, &along, &next) };
            self.run(Step { beside, further, ..down });
            std::mem::swap(&mut now, &mut next);
        }
        let params = self.between(&now, &along);
        let step = Step { kernel: Kernel::DenoiseFinish, ..step_of(&params, &now, &along) };
        self.run(Step { beside: Some(Place::Details), ..step });
        along
    }

    fn pack(&mut self, coloured: &Held, out: &Range<usize>) {
        let (width, height) = self.size;
        let turned = turned(self.plan.placement.orientation.value());
        let upwards = turned & flag::FLIP_Y != 0;
        let first = if upwards { height - out.end } else { out.start };
        let at = self.program.answer_bytes as usize;
        let region = if turned & flag::SWAP != 0 {
            Region { x: first, y: 0, width: out.len(), height: width, at }
        } else {
            Region { x: 0, y: first, width, height: out.len(), at }
        };
        let mut params = Params { rows: region.height as u32, width: region.width as u32, ..self.common };
        (params.first, params.height) = (out.start as u32, out.len() as u32);
        (params.source_width, params.source_rows) = (width as u32, coloured.rows.len() as u32);
        params.source_first = coloured.rows.start as u32;
        params.flags |= turned;
        let bytes = 4 * (width * out.len()) as u64;
        self.need(Place::Out, bytes);
        let beside = self.plan.sharpening.map(|_| Place::Blurred);
        let groups = groups(region.width, region.height, 1);
        let (kernel, source, result, further) = (Kernel::Pack, coloured.place, None, Some(Place::Out));
        self.run(Step { kernel, params, source, beside, result, further, groups });
        self.program.items.push(Item::ReadBack { from: Place::Out, bytes, at: at as u64 });
        self.program.answer_bytes += bytes;
        if let Answer::Picture(_, _, regions) = &mut self.program.answer {
            regions.push(region);
        }
    }

    fn look(&mut self, held: &Held) -> Result<(), GpuError> {
        let (width, height) = self.size;
        let step = auto::look_step(width, height);
        let (width, height) = (width / step, height / step);
        if width == 0 || height == 0 {
            return Err(GpuError::Unsupported { what: "a picture this narrow" });
        }
        let small = Held { place: Place::Look, width, rows: 0..height };
        let params = Params { step: step as u32, ..self.between(held, &small) };
        let bytes = 12 * (width * height) as u64;
        self.need(Place::Look, bytes);
        self.run(Step { kernel: Kernel::Look, ..step_of(&params, held, &small) });
        self.program.items.push(Item::ReadBack { from: Place::Look, bytes, at: 0 });
        self.program.answer = Answer::Look(width, height);
        self.program.answer_bytes = bytes;
        Ok(())
    }
}

fn step_of(params: &Params, source: &Held, result: &Held) -> Step {
    let groups = groups(result.width, result.rows.len(), 1);
    let (beside, further) = (None, None);
    Step {
        kernel: Kernel::Point,
        params: *params,
        source: source.place,
        beside,
        result: Some(result.place),
        further,
        groups,
    }
}

fn groups(columns: usize, rows: usize, layers: usize) -> [u32; 3] {
    [columns.div_ceil(GROUP.0) as u32, rows.div_ceil(GROUP.1) as u32, layers as u32]
}

/// Outwards to even ends: a word holds two samples.
fn even(range: &Range<usize>) -> Range<usize> {
    range.start & !1..range.end.next_multiple_of(2)
}

/// Planes' descriptions name their taps by place.
fn rebase_planes(tables: &mut [u32], table: u32, planes: u32, base: u32) {
    for plane in 0..planes {
        if let Some(taps) = tables.get_mut((table + plane * 8 + 3) as usize) {
            *taps += base;
        }
    }
}

/// EXIF orientation as where an upright pixel is read: axes swapped, columns and rows from the other end.
fn turned(orientation: u8) -> u32 {
    match orientation {
        2 => flag::FLIP_X,
        3 => flag::FLIP_X | flag::FLIP_Y,
        4 => flag::FLIP_Y,
        5 => flag::SWAP,
        6 => flag::SWAP | flag::FLIP_Y,
        7 => flag::SWAP | flag::FLIP_X | flag::FLIP_Y,
        8 => flag::SWAP | flag::FLIP_X,
        _ => 0,
    }
}

/// What the ops on single pixels need.
fn common(plan: &Plan) -> Params {
    let mut params = Params {
        ceiling: if plan.curve.is_some() { tone::INPUT_MAX } else { 1.0 },
        gains: padded(plan.gains),
        matrix: rows_of(&plan.matrix),
        ..Params::default()
    };
    let mut flags = 0;
    if let Some(limits) = plan.limits {
        (params.limits, flags) = (padded(limits), flags | flag::HIGHLIGHTS);
    }
    if plan.curve.is_some() {
        flags |= flag::TONE;
    }
    if let Some((saturation, vibrance)) = plan.colour {
        (params.spread, flags) = ([saturation, vibrance, 0.0, 0.0], flags | flag::COLOUR);
    }
    if let Some(to_output) = &plan.to_output {
        (params.to_output, flags) = (rows_of(to_output), flags | flag::TO_OUTPUT);
    }
    if let Some(how) = plan.sharpening {
        let [a, b, c, d, e] = how.weights;
        (params.amount, params.blur, params.blur_end) = (how.amount, [a, b, c, d], [e, 0.0, 0.0, 0.0]);
        flags |= flag::SHARPEN;
    }
    if let Some((turn, _)) = plan.placement.turn {
        (params.turn_origin, params.turn_right, params.turn_down) = (turn.origin, turn.right, turn.down);
    }
    params.flags = flags;
    params
}
