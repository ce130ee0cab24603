//! What the operator reads about the device.

use serde::{Deserialize, Serialize};

use super::DeviceChoice;
use crate::gpu::{GpuError, Standing, Trial, Verdict};

/// Which one it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceKind {
    /// The processor.
    Cpu,
    /// A GPU.
    Gpu,
}

/// What developments are computed on, for the operator to see.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeviceReport {
    /// Its name: `CPU (2 cores)`, or the GPU's own.
    pub in_use: String,
    /// Which kind.
    pub kind: DeviceKind,
    /// What was asked for.
    pub choice: DeviceChoice,
    /// Why this one, in one calm line.
    pub why: String,
    /// Whether that line tells of a GPU that failed.
    pub trouble: bool,
    /// How often the GPU failed since the start. No frame was lost by it.
    pub gpu_failures: u32,
    /// What the device trial measured, where there was one.
    pub trial: Option<Trial>,
}

pub(super) fn report(choice: DeviceChoice, standing: &Standing) -> DeviceReport {
    let measured = match &standing.verdict {
        Verdict::Measured(trial) => Some(trial),
        _ => None,
    };
    let wanted = match choice {
        DeviceChoice::Cpu => false,
        DeviceChoice::Gpu => true,
        DeviceChoice::Auto => measured.is_some_and(Trial::gpu_wins),
    };
    let on_gpu = wanted && (standing.open || (!standing.given_up && standing.trouble.is_none()));
    let name = standing.name.clone().or_else(|| measured.map(|trial| trial.adapter.clone()));
    let name = name.unwrap_or_else(|| "The graphics card".into());
    let trouble = standing.trouble.as_ref().filter(|_| wanted);
    let why = match trouble {
        Some(error) => in_trouble(&name, error, standing),
        None if wanted && standing.failures > 0 => {
            let times = if standing.failures == 1 { "once" } else { "a few times" };
            format!(
                "{name} is in use. It failed {times} since the start; the processor took over, and no frame was lost."
            )
        }
        None => chosen(choice, standing, measured),
    };
    DeviceReport {
        in_use: if on_gpu { name } else { processor() },
        kind: if on_gpu { DeviceKind::Gpu } else { DeviceKind::Cpu },
        choice,
        why,
        trouble: trouble.is_some(),
        gpu_failures: standing.failures,
        trial: measured.cloned(),
    }
}

/// The processor, for people.
pub(crate) fn processor() -> String {
    let cores = rayon::current_num_threads();
    format!("CPU ({cores} {})", if cores == 1 { "core" } else { "cores" })
}

fn in_trouble(name: &str, error: &GpuError, standing: &Standing) -> String {
    if matches!(error, GpuError::NoAdapter) {
        return "No graphics card was found; the processor develops.".into();
    }
    let next = if standing.given_up {
        "It failed three times in a row and is left alone until you choose it again."
    } else {
        "It is tried again in a few seconds."
    };
    format!("{name} {}; the processor develops, and no frame is lost. {next}", error.in_short())
}

fn chosen(choice: DeviceChoice, standing: &Standing, measured: Option<&Trial>) -> String {
    match (choice, &standing.verdict) {
        (DeviceChoice::Cpu, _) => "You chose the processor.".into(),
        (DeviceChoice::Gpu, _) => "You chose the graphics card.".into(),
        (DeviceChoice::Auto, Verdict::Untried) => {
            "The graphics card has not been tried yet; the processor develops meanwhile.".into()
        }
        (DeviceChoice::Auto, Verdict::NoAdapter) => "There is no graphics card here that can develop.".into(),
        (DeviceChoice::Auto, Verdict::Software(name)) => {
            format!("The only graphics adapter here is software ({name}), which the processor always outruns.")
        }
        (DeviceChoice::Auto, Verdict::Failed(name, error)) => {
            format!("{name} {} when it was tried out; the processor develops.", error.in_short())
        }
        (DeviceChoice::Auto, Verdict::Measured(_)) => measured.map_or_else(String::new, |trial| {
            let winner = if trial.gpu_wins() { "the graphics card" } else { "the processor" };
            format!(
                "A test frame took {:.0} ms on the processor and {:.0} ms on {}: {winner} is used.",
                trial.cpu_ms, trial.gpu_ms, trial.adapter
            )
        }),
    }
}
