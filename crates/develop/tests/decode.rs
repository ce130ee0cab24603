//! Raw files to samples, in the child.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use develop::{
    DecodeError,
    raw::Layout,
    worker::{Caps, WorkerError},
};
use support::{pool, sample};

#[tokio::test]
async fn real_cameras_files_give_samples_that_mean_something() {
    let pool = pool(1, Caps::default(), &[]);
    for (name, size, model) in [
        ("_DSC2164.ARW", (5184, 3464), "ILCE-7RM3"),
        ("test_raw.cr2", (4432, 3326), "PowerShot G10"),
        ("tinydng_colorchart.dng", (1734, 1156), "Kiss X4"),
    ] {
        let decoded = pool.decode(&sample(name), None).await.unwrap();
        let sensor = &decoded.sensor;
        assert_eq!((sensor.width_px, sensor.height_px), size, "{name}");
        assert!(sensor.model.contains(model), "{name}: {}", sensor.model);
        assert!(matches!(sensor.layout, Layout::Mosaic(_)));
        assert_eq!(decoded.samples.len(), sensor.samples());
        let mean = decoded.samples.iter().map(|sample| f64::from(*sample)).sum::<f64>() / decoded.samples.len() as f64;
        assert!(mean > f64::from(sensor.black.mean()) && mean < f64::from(sensor.white), "{name}: mean {mean}");
        assert!(sensor.as_shot.is_some(), "{name}");
        let through_pipe = pool.decode_through_pipe(&sample(name)).await.unwrap();
        assert_eq!(*through_pipe.samples, *decoded.samples, "{name}: both ways bring the same");
        assert_eq!(through_pipe.sensor, decoded.sensor);
    }
}

#[tokio::test]
async fn black_is_told_once() {
    // What Sony's own tag 0x7310 says.
    let decoded = pool(1, Caps::default(), &[]).decode(&sample("_DSC2164.ARW"), None).await.unwrap();
    let black = &decoded.sensor.black;
    let levels = [black.at(0, 0), black.at(0, 1), black.at(1, 0), black.at(1, 1)];
    assert!(levels.iter().all(|level| (level - 512.0).abs() < 0.5), "{levels:?}");
}

#[tokio::test]
async fn samples_stay_as_they_are_while_the_next_frames_are_decoded() {
    let pool = pool(1, Caps::default(), &[]);
    let names = support::REAL;
    let mut kept = Vec::new();
    for name in names {
        kept.push(pool.decode(&sample(name), None).await.unwrap());
    }
    for (name, kept) in names.iter().zip(&kept) {
        let again = pool.decode(&sample(name), None).await.unwrap();
        assert_eq!(*again.samples, *kept.samples, "{name}");
    }
}

#[tokio::test]
async fn finished_pictures_and_cut_raws_say_so() {
    let pool = pool(1, Caps::default(), &[]);
    let jpeg = pool.decode(support::drawn::ORIENTED[0].path(), None).await;
    assert!(matches!(jpeg, Err(WorkerError::Decode(DecodeError::Finished | DecodeError::File(_)))), "{jpeg:?}");
    let folder = tempfile::tempdir().unwrap();
    let bytes = std::fs::read(sample("_DSC2164.ARW")).unwrap();
    let cut = folder.path().join("cut.ARW");
    std::fs::write(&cut, &bytes[..bytes.len() * 3 / 10]).unwrap();
    let error = pool.decode(&cut, None).await.unwrap_err();
    assert!(matches!(error, WorkerError::Decode(DecodeError::File(_))) && error.worth_a_retry(), "{error:?}");
}
