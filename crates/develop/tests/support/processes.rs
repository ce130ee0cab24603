//! Children of a pool, seen through `/proc`.

/// Living processes of the test's child program with this argument.
pub fn children_named(name: &str) -> Vec<u32> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        let command = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let ours = command.split(|byte| *byte == 0).skip(1).any(|part| part == name.as_bytes());
        let program = command.split(|byte| *byte == 0).next().unwrap_or_default();
        if ours && program.ends_with(b"develop-worker") {
            found.push(pid);
        }
    }
    found
}

/// One of the sizes that `/proc/PID/status` tells (`VmRSS`, `VmHWM`, `VmPeak`), KiB; 0 once the process is gone.
pub fn status_kib(pid: u32, field: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':'));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

/// The limit on a process's address space (`/proc/PID/limits`), KiB; 0 where there is none.
pub fn address_space_limit_kib(pid: u32) -> u64 {
    let limits = std::fs::read_to_string(format!("/proc/{pid}/limits")).unwrap_or_default();
    let line = limits.lines().find(|line| line.starts_with("Max address space")).unwrap_or_default();
    line.split_whitespace().nth(3).and_then(|bytes| bytes.parse::<u64>().ok()).unwrap_or(0) / 1024
}
