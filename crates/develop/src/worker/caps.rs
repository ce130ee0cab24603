//! What a worker takes away from itself before it opens the first file.
//!
//! Linux: memory, processor time, open files, no file written, no core dump; and a list of the system calls that reading,
//! computing and answering need: everything else (sockets, processes, tracing, renaming, io_uring...) is refused. Files
//! can only be opened to be read. Elsewhere there are no such caps yet: the process boundary, the time limit and the
//! pool's replacement of dead children remain.

use serde::{Deserialize, Serialize};

/// Limits of a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caps {
    /// Address space beyond what the executable itself takes.
    pub memory_bytes: u64,
    /// Time for one request, by the wall's clock.
    pub request_ms: u64,
    /// Requests after which a child is replaced.
    pub requests_per_child: u32,
}

impl Default for Caps {
    /// Enough for a 150 MP raw or JPEG, progressive ones of 60 MP included.
    fn default() -> Self {
        Self { memory_bytes: 3 << 29, request_ms: 20_000, requests_per_child: 500 }
    }
}

/// How far a child is confined.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confinement {
    /// Memory, processor time and files are limited.
    pub limits: bool,
    /// System calls are filtered.
    pub calls: bool,
    /// Why something of it is missing.
    pub missing: Option<String>,
}

#[cfg(not(target_os = "linux"))]
mod system {
    use super::{Caps, Confinement};

    pub fn confine(_caps: &Caps, _niceness: i32) -> Confinement {
        Confinement { limits: false, calls: false, missing: Some("not built for this system yet".into()) }
    }

    pub fn allow_time(_request_ms: u64) {}

    pub fn die_with_parent() {}
}

#[cfg(target_os = "linux")]
mod system {
    use std::collections::BTreeMap;

    use rustix::process::{Resource, Rlimit, Signal, getrlimit, setrlimit};
    use seccompiler::{
        BpfProgram, SeccompAction, SeccompCmpArgLen::Dword, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    };

    use super::{Caps, Confinement};

    /// Files that a child has open at once: three pipes and one picture.
    const FILES_MAX: u64 = 16;

    pub fn confine(caps: &Caps, niceness: i32) -> Confinement {
        // Politeness to the network; a refusal does not matter.
        let _ = rustix::process::nice(niceness);
        let limits = limit(caps);
        let calls = filter().and_then(|program| seccompiler::apply_filter(&program).map_err(Fault::from));
        let missing: Vec<String> =
            [limits.as_ref().err().map(ToString::to_string), calls.as_ref().err().map(ToString::to_string)]
                .into_iter()
                .flatten()
                .collect();
        let missing = (!missing.is_empty()).then(|| missing.join("; "));
        Confinement { limits: limits.is_ok(), calls: calls.is_ok(), missing }
    }

    /// Gives this request its share of processor time: the kernel ends a child whose parent cannot any more.
    pub fn allow_time(request_ms: u64) {
        let used = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime).tv_sec.unsigned_abs();
        let soft = used + request_ms.div_ceil(1000) + 1;
        let hard = getrlimit(Resource::Cpu).maximum;
        let current = Some(hard.map_or(soft, |hard| soft.min(hard)));
        let _ = setrlimit(Resource::Cpu, Rlimit { current, maximum: hard });
    }

    /// The kernel kills this process when the thread that started it ends.
    pub fn die_with_parent() {
        let _ = rustix::process::set_parent_process_death_signal(Some(Signal::KILL));
    }

    #[derive(Debug, thiserror::Error)]
    enum Fault {
        #[error("limits: {0}")]
        Limit(#[from] rustix::io::Errno),
        #[error("own size unknown: {0}")]
        Size(#[from] std::io::Error),
        #[error("system call filter: {0}")]
        Filter(#[from] seccompiler::Error),
        #[error("system call filter: {0}")]
        Rule(#[from] seccompiler::BackendError),
    }

    fn limit(caps: &Caps) -> Result<(), Fault> {
        let both = |limit: u64| Rlimit { current: Some(limit), maximum: Some(limit) };
        let requests_ms = caps.request_ms.saturating_mul(u64::from(caps.requests_per_child.max(1)));
        setrlimit(Resource::Core, both(0))?;
        setrlimit(Resource::Fsize, both(0))?;
        setrlimit(Resource::Nofile, both(FILES_MAX))?;
        setrlimit(Resource::Cpu, both(requests_ms.div_ceil(1000).saturating_add(10)))?;
        setrlimit(Resource::As, both(own_size_bytes()?.saturating_add(caps.memory_bytes)))?;
        Ok(())
    }

    /// Address space taken by the executable and its libraries; a desktop app maps far more than a headless one.
    fn own_size_bytes() -> Result<u64, Fault> {
        let status = std::fs::read_to_string("/proc/self/status")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmSize:")).unwrap_or_default();
        let kib = line.trim().trim_end_matches(" kB").parse::<u64>().map_err(std::io::Error::other)?;
        Ok(kib * 1024)
    }

    fn only_if(argument: u8, op: SeccompCmpOp) -> Result<Vec<SeccompRule>, Fault> {
        Ok(vec![SeccompRule::new(vec![SeccompCondition::new(argument, Dword, op, 0)?])?])
    }

    /// Calls that are allowed; all others fail with EPERM, so that a library that tries one can go on without.
    fn filter() -> Result<BpfProgram, Fault> {
        let mut allowed: BTreeMap<i64, Vec<SeccompRule>> = [
            libc::SYS_read,
            libc::SYS_readv,
            libc::SYS_pread64,
            libc::SYS_write,
            libc::SYS_writev,
            libc::SYS_close,
            libc::SYS_lseek,
            libc::SYS_fstat,
            libc::SYS_newfstatat,
            libc::SYS_statx,
            libc::SYS_fcntl,
            libc::SYS_munmap,
            libc::SYS_mremap,
            libc::SYS_madvise,
            libc::SYS_brk,
            libc::SYS_futex,
            libc::SYS_sched_yield,
            libc::SYS_clock_gettime,
            libc::SYS_getrandom,
            libc::SYS_getpid,
            libc::SYS_gettid,
            libc::SYS_rt_sigaction,
            libc::SYS_rt_sigprocmask,
            libc::SYS_rt_sigreturn,
            libc::SYS_sigaltstack,
            libc::SYS_restart_syscall,
            libc::SYS_exit,
            libc::SYS_exit_group,
        ]
        .into_iter()
        .map(|call| (call, Vec::new()))
        .collect();
        // Open to read only: no writing mode, nothing created, nothing cut.
        let writing = (libc::O_ACCMODE | libc::O_CREAT | libc::O_TRUNC | libc::O_APPEND) as u64;
        allowed.insert(libc::SYS_openat, only_if(2, SeccompCmpOp::MaskedEq(writing))?);
        #[cfg(target_arch = "x86_64")]
        allowed.insert(libc::SYS_open, only_if(1, SeccompCmpOp::MaskedEq(writing))?);
        // Memory, but none that can be executed.
        let executable = libc::PROT_EXEC as u64;
        allowed.insert(libc::SYS_mmap, only_if(2, SeccompCmpOp::MaskedEq(executable))?);
        allowed.insert(libc::SYS_mprotect, only_if(2, SeccompCmpOp::MaskedEq(executable))?);
        // Its own limits, to lower them or to move the soft one.
        allowed.insert(libc::SYS_prlimit64, only_if(0, SeccompCmpOp::Eq)?);
        let refuse = SeccompAction::Errno(libc::EPERM as u32);
        let arch = std::env::consts::ARCH.try_into()?;
        Ok(SeccompFilter::new(allowed, refuse, SeccompAction::Allow, arch)?.try_into()?)
    }
}

pub(super) use system::{allow_time, die_with_parent};

/// Puts the caps on this process, for good. Public for the test's child, which then tries what must fail.
pub fn confine(caps: &Caps, niceness: i32) -> Confinement {
    system::confine(caps, niceness)
}
