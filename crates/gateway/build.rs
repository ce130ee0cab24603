//! Lets cargo see when a built UI changes, since it is embedded at compile time.
#![allow(missing_docs)]

use std::{fs, io};

fn main() -> io::Result<()> {
    for dist in ["../../ui/guest/dist", "../../ui/operator/dist"] {
        // A missing folder would count as changed at every build; an empty one counts once.
        fs::create_dir_all(dist)?;
        println!("cargo::rerun-if-changed={dist}");
    }
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}
