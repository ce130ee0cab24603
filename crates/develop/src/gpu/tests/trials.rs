//! Which device is taken, and why.

use super::engine;
use crate::{
    Darkroom, DarkroomConfig, DeviceChoice, DeviceKind,
    gpu::{
        device::About,
        trial::{self, Trial},
    },
};

fn about(trial: &Trial) -> About {
    About { name: trial.adapter.clone(), driver: trial.driver.clone(), software: false }
}

#[test]
fn software_loses_without_a_trial_and_the_processor_can_be_chosen() {
    let folder = tempfile::tempdir().unwrap();
    let cache_folder = Some(folder.path().to_owned());
    let darkroom = Darkroom::new(DarkroomConfig { choice: DeviceChoice::Auto, cache_folder });
    assert!(darkroom.device().why.contains("not been tried yet"));
    let report = darkroom.try_out();
    if report.trial.is_none() {
        assert_eq!(report.kind, DeviceKind::Cpu);
        assert!(report.in_use.starts_with("CPU (") && !report.trouble, "{report:?}");
        assert!(std::fs::read_dir(folder.path()).unwrap().next().is_none(), "nothing was measured");
    }
    darkroom.choose(DeviceChoice::Cpu);
    assert_eq!(darkroom.device().why, "You chose the processor.");
}

#[test]
fn a_trial_measures_both_and_is_kept_for_the_same_card_only() {
    let folder = tempfile::tempdir().unwrap();
    let trial = trial::measure(&engine()).unwrap();
    assert!(trial.cpu_ms > 0.0 && trial.gpu_ms > 0.0 && trial.gpu_ms.is_finite(), "{trial:?}");
    println!("{trial:?}");
    let cache = folder.path().join("deeper");
    trial::keep(&cache, &trial).unwrap();
    assert_eq!(trial::kept(&cache, &about(&trial)), Some(trial.clone()));
    let other = About { driver: "another".into(), ..about(&trial) };
    assert_eq!(trial::kept(&cache, &other), None);
    let newer = Trial { version: "99.0.0".into(), ..trial.clone() };
    trial::keep(&cache, &newer).unwrap();
    assert_eq!(trial::kept(&cache, &about(&trial)), None);
    std::fs::write(cache.join("develop-device.json"), b"{ nonsense").unwrap();
    assert_eq!(trial::kept(&cache, &about(&trial)), None);
}

#[test]
fn the_quicker_one_wins() {
    let trial = |cpu_ms, gpu_ms| Trial {
        adapter: "Card".into(),
        driver: "1".into(),
        version: String::new(),
        cores: 2,
        cpu_ms,
        gpu_ms,
    };
    assert!(trial(80.0, 20.0).gpu_wins() && !trial(80.0, 90.0).gpu_wins() && !trial(80.0, f32::INFINITY).gpu_wins());
}
