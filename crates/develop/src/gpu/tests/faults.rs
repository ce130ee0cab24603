//! Whatever happens to the GPU, every frame comes out.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use super::{
    NO_DEVICE,
    drawn::{Case, case},
    twins::on_cpu,
};
use crate::{
    Darkroom, DeviceChoice, DeviceKind,
    gpu::{
        Keeper,
        clock::Clock,
        device::Wish,
        fault::{Fault, Faults},
    },
    jpeg::Picture,
};

/// A darkroom whose clock and whose faults are ours.
struct Room {
    darkroom: Darkroom,
    faults: Faults,
    now_s: Arc<AtomicU64>,
    case: Case,
    cpu: Picture,
}

impl Room {
    fn new() -> Self {
        let (faults, now_s) = (Faults::default(), Arc::new(AtomicU64::new(0)));
        let turned = Arc::clone(&now_s);
        let clock = Clock::turned_by(move || Duration::from_secs(turned.load(Ordering::Relaxed)));
        let keeper = Keeper::new(None, clock, faults.clone(), Wish::default());
        let darkroom = Darkroom::with(DeviceChoice::Gpu, keeper);
        let case = case(0);
        let cpu = on_cpu(&case);
        Self { darkroom, faults, now_s, case, cpu }
    }

    fn pass(&self, seconds: u64) {
        self.now_s.fetch_add(seconds, Ordering::Relaxed);
    }

    /// Develops the frame; whether the GPU did.
    fn frame(&self) -> bool {
        let made = self.darkroom.develop(&self.case.raw(), &self.case.plan).unwrap();
        let by_cpu = made.device.starts_with("CPU (");
        if by_cpu {
            assert!(made.picture.rgb == self.cpu.rgb, "the CPU's picture is another one");
        }
        !by_cpu
    }
}

/// The frame that is hit is the CPU's to the last bit, and some seconds later the GPU is back.
fn survives(fault: Fault, words: &str) {
    let room = Room::new();
    assert!(room.frame(), "{NO_DEVICE}");
    room.pass(60);
    room.faults.inject(fault);
    assert!(!room.frame(), "{fault:?} did not happen");
    let report = room.darkroom.device();
    assert!(report.trouble && report.gpu_failures == 1, "{report:?}");
    assert!(report.why.contains(words) && report.why.contains("no frame is lost"), "{}", report.why);
    assert_eq!(report.kind, DeviceKind::Cpu);
    assert!(room.frame(), "the GPU did not come back after {fault:?}");
    let report = room.darkroom.device();
    assert!(!report.trouble && report.kind == DeviceKind::Gpu && report.why.contains("once"), "{report:?}");
}

#[test]
fn a_device_that_is_lost() {
    survives(Fault::Lose, "was taken away");
}

#[test]
fn no_memory_for_a_frame() {
    survives(Fault::NoMemory, "ran out of memory");
}

#[test]
fn a_device_that_stops_answering() {
    survives(Fault::Hang, "stopped answering");
}

#[test]
fn a_panic_inside() {
    survives(Fault::Panic, "reported an error");
}

#[test]
fn a_shader_that_the_driver_refuses() {
    let room = Room::new();
    room.faults.inject(Fault::BadShader);
    assert!(!room.frame());
    let report = room.darkroom.device();
    assert!(report.trouble && report.why.contains("reported an error"), "{report:?}");
    // Not before ten seconds have passed.
    room.pass(9);
    assert!(!room.frame());
    room.pass(1);
    assert!(room.frame());
}

#[test]
fn a_device_that_keeps_failing_is_left_alone_until_it_is_chosen_again() {
    let room = Room::new();
    for failure in 1..=3 {
        room.faults.inject(Fault::BadShader);
        assert!(!room.frame());
        assert_eq!(room.darkroom.device().gpu_failures, failure);
        room.pass(10);
    }
    room.pass(3600);
    assert!(!room.frame());
    assert!(room.darkroom.device().why.contains("until you choose it again"));
    room.darkroom.choose(DeviceChoice::Gpu);
    assert!(room.frame());
}

#[test]
fn frames_under_way_fail_together_and_count_once() {
    let room = Room::new();
    assert!(room.frame(), "{NO_DEVICE}");
    room.pass(60);
    room.faults.inject(Fault::Lose);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| room.frame());
        }
    });
    assert_eq!(room.darkroom.device().gpu_failures, 1);
    room.pass(60);
    assert!(room.frame());
}

#[test]
fn colours_on_a_device_that_is_lost_are_made_again() {
    let room = Room::new();
    let raw = room.case.raw();
    let prepared = room.darkroom.prepare(&raw, &room.case.plan);
    assert!(matches!(prepared, crate::darkroom::Prepared::Gpu(_)), "{NO_DEVICE}");
    room.faults.inject(Fault::Lose);
    let made = room.darkroom.finish(prepared.clone(), &raw, &room.case.plan).unwrap();
    assert!(made.picture.rgb == room.cpu.rgb && !prepared.is_sound());
}
