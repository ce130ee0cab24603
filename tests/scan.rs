//! Reading the repository's own files, for the checks of the house.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// The repository's top.
pub fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// What is committed or about to be: paths below the top, sorted; without what git ignores.
pub fn tracked_files() -> Vec<PathBuf> {
    let output = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(top())
        .output()
        .unwrap();
    assert!(output.status.success(), "git ls-files: {}", String::from_utf8_lossy(&output.stderr));
    let mut paths: Vec<PathBuf> = String::from_utf8(output.stdout)
        .unwrap()
        .split_terminator('\0')
        .map(PathBuf::from)
        .filter(|path| top().join(path).is_file())
        .collect();
    paths.sort();
    paths.dedup();
    paths
}

/// Tracked files with one of these endings.
pub fn files_ending(endings: &[&str]) -> Vec<PathBuf> {
    let mut paths = tracked_files();
    paths.retain(|path| path.extension().is_some_and(|found| endings.iter().any(|ending| found == *ending)));
    paths
}

/// A file as text; none where it is not text.
pub fn text(path: &Path) -> Option<String> {
    std::fs::read(top().join(path)).ok().and_then(|bytes| String::from_utf8(bytes).ok())
}

/// Numbered lines of a Rust file, less its modules of tests. Leans on rustfmt: a block ends at its own indent.
pub fn without_tests(source: &str) -> Vec<(usize, &str)> {
    let mut kept = Vec::new();
    let mut lines = source.lines().enumerate().map(|(index, line)| (index + 1, line)).peekable();
    while let Some((number, line)) = lines.next() {
        if line.trim() != "#[cfg(test)]" {
            kept.push((number, line));
            continue;
        }
        let end = format!("{}}}", indent(line));
        let opens = lines.peek().is_some_and(|(_, next)| next.trim_end().ends_with('{'));
        if opens {
            lines.by_ref().find(|(_, line)| *line == end);
        }
    }
    kept
}

/// The white space that a line begins with.
pub fn indent(line: &str) -> &str {
    &line[..line.len() - line.trim_start().len()]
}
