//! A disk that refuses: nothing is lost, a person is told once, and it goes on by itself.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, process::Command};

use common::{Booth, jpeg};

/// A file system of one mebibyte over the originals folder; without the right to mount, a folder that may not be written.
enum Refusing<'a> {
    Small(&'a Path),
    Locked(std::path::PathBuf),
}

impl<'a> Refusing<'a> {
    fn make(originals: &'a Path) -> Self {
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=1m", "tmpfs"]).arg(originals).output();
        if mounted.is_ok_and(|output| output.status.success()) {
            fs::write(originals.join("ballast"), vec![0; 900_000]).unwrap();
            return Self::Small(originals);
        }
        let folder = originals.join("Night Market/Lena");
        fs::create_dir_all(&folder).unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
        assert!(fs::write(folder.join("probe"), b"").is_err(), "neither a mount nor a locked folder is possible here");
        Self::Locked(folder)
    }

    fn relent(&self) {
        match self {
            Self::Small(originals) => fs::remove_file(originals.join("ballast")).unwrap(),
            Self::Locked(folder) => fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap(),
        }
    }
}

impl Drop for Refusing<'_> {
    fn drop(&mut self) {
        if let Self::Small(originals) = self {
            Command::new("umount").arg("-l").arg(originals).status().unwrap();
        }
    }
}

#[tokio::test]
async fn a_full_disk_loses_nothing_and_is_told_once() {
    let booth = Booth::new();
    let refusing = Refusing::make(&booth.originals);
    let open = booth.watching().await;
    let files: Vec<_> = (0..3).map(|n| jpeg(n, 200_000)).collect();
    for (n, bytes) in files.iter().enumerate() {
        fs::write(booth.hot.join(format!("IMG_{n}.JPG")), bytes).unwrap();
    }
    open.attended(1).await;
    let item = open.attention().await.remove(0);
    assert!(item.problem.contains("disk is full") || item.problem.contains("cannot be copied"), "{item:?}");
    open.until("frames", async || open.frames().await.len() == 3).await;
    assert!(open.recorded().await.is_empty());
    refusing.relent();
    open.landed(3).await;
    open.attended(0).await;
    assert_eq!(open.frames().await.len(), 3, "the frames that were shown stay");
    open.assert_exactly(&files).await;
    open.ingest.shutdown().await;
}
