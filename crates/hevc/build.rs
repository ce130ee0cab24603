//! Finds the system's libde265, or says how to get it.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // 1.0.8 is the first that tells a picture's colour description.
    if let Err(error) = pkg_config::Config::new().atleast_version("1.0.8").probe("libde265") {
        println!(
            "cargo::error=libde265 1.0.8 or newer, which opens HEIC pictures, is missing: install it and build again."
        );
        println!(
            "cargo::error=Debian, Ubuntu: apt-get install libde265-dev pkg-config. Fedora: libde265-devel. macOS: brew install libde265 pkgconf."
        );
        println!("cargo::error={}", error.to_string().lines().next().unwrap_or_default());
    }
}
