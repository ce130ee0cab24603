//! Finds LibRaw 0.22 or newer: the system's, else compiles the source that `scripts/libraw` fetched. Then compiles the shim.
#![allow(clippy::expect_used, clippy::print_stdout, clippy::panic)] // a build script speaks to cargo by printing and by failing

use std::{
    env,
    path::{Path, PathBuf},
};

/// Names a folder with LibRaw's source; without it, the one in the cache folder is taken.
const SOURCE_VARIABLE: &str = "BOOTHLIGHT_LIBRAW_SOURCE";
/// Set to anything, the system's LibRaw is passed over.
const STATIC_VARIABLE: &str = "BOOTHLIGHT_LIBRAW_STATIC";
/// The release that is compiled; `scripts/libraw` has its hash.
const RELEASE: &str = "0.22.2";
/// Bodies of 2024 and later are known from here on.
const OLDEST: &str = "0.22";
/// Folders of LibRaw's source that decoding needs. Its own pictures (demosaic, postprocessing, writing) stay out: the
/// placeholders that it brings for that purpose stand in for them.
const PARTS: [&str; 8] =
    ["decoders", "decompressors", "integration", "metadata", "preprocessing", "tables", "utils", "x3f"];
/// How it is compiled: for a process with one thread; and what a damaged file leaves open is black, not what stood in memory.
const DEFINES: [&str; 7] = ["LIBRAW_NOTHREADS", CLEARED, "NO_JASPER", "NO_LCMS", "USE_JPEG", "USE_JPEG8", "USE_ZLIB"];
const CLEARED: &str = "LIBRAW_CALLOC_RAWSTORE";
const PLACEHOLDERS: [&str; 2] = ["postprocessing/postprocessing_ph.cpp", "write/write_ph.cpp"];

fn main() {
    for name in [SOURCE_VARIABLE, STATIC_VARIABLE, "HOME", "XDG_CACHE_HOME"] {
        println!("cargo:rerun-if-env-changed={name}");
    }
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=shim");
    let mut shim = cc::Build::new();
    let includes = system().unwrap_or_else(|| {
        shim.define(CLEARED, None);
        compile(&source())
    });
    shim.cpp(true).std("c++17").opt_level(3).file("shim/shim.cpp").warnings(true);
    for include in includes {
        // As a system folder: its warnings are not ours.
        shim.flag_if_supported(format!("-isystem{}", include.display()));
    }
    shim.compile("boothlight_libraw_shim");
}

/// The include folders of a system LibRaw that is new enough.
fn system() -> Option<Vec<PathBuf>> {
    if env::var_os(STATIC_VARIABLE).is_some() {
        return None;
    }
    let found = pkg_config::Config::new().atleast_version(OLDEST).cargo_metadata(false).probe("libraw").ok()?;
    // The shim comes first on the linker's line, then what it calls.
    for path in &found.link_paths {
        println!("cargo:rustc-link-search=native={}", path.display());
    }
    for library in &found.libs {
        println!("cargo:rustc-link-lib={library}");
    }
    Some(found.include_paths)
}

fn source() -> PathBuf {
    let named = env::var_os(SOURCE_VARIABLE).map(PathBuf::from);
    let folder = named.unwrap_or_else(|| cache().join(format!("libraw-{RELEASE}")));
    assert!(
        folder.join("libraw/libraw.h").is_file(),
        "LibRaw {OLDEST} or newer is needed and was not found: pkg-config knows none, and {} holds no source of it. \
         `scripts/libraw` fetches it (./run and ./test do so by themselves); {SOURCE_VARIABLE} may name another folder.",
        folder.display()
    );
    folder
}

fn cache() -> PathBuf {
    let home = || env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
    env::var_os("XDG_CACHE_HOME").map(PathBuf::from).or_else(home).unwrap_or_default().join("boothlight")
}

fn compile(source: &Path) -> Vec<PathBuf> {
    println!("cargo:rerun-if-changed={}", source.join("libraw/libraw_version.h").display());
    let mut build = cc::Build::new();
    build.cpp(true).std("c++17").opt_level(3).warnings(false).include(source);
    for define in DEFINES {
        build.define(define, None);
    }
    for include in ["DEP_TURBOJPEG_INCLUDE", "DEP_Z_INCLUDE"].into_iter().filter_map(env::var_os) {
        for path in env::split_paths(&include.to_string_lossy().replace(',', ":")) {
            build.include(path);
        }
    }
    let mut sources: Vec<PathBuf> = PARTS.iter().flat_map(|part| files(&source.join("src").join(part))).collect();
    sources.push(source.join("src/libraw_datastream.cpp"));
    sources.extend(PLACEHOLDERS.map(|name| source.join("src").join(name)));
    build.files(&sources);
    compile_once(&build, &sources);
    vec![source.to_owned()]
}

/// LibRaw takes a minute and never changes: while its sources are the same, a change of the shim alone compiles the shim alone.
fn compile_once(build: &cc::Build, sources: &[PathBuf]) {
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let stamp = out.join("compiled-from");
    let now = format!("{RELEASE}\n{DEFINES:?}\n{sources:?}\n{:?}", env::var_os("TARGET"));
    let made = out.join("libboothlight_libraw.a").is_file();
    if made && std::fs::read_to_string(&stamp).is_ok_and(|before| before == now) {
        println!("cargo:rustc-link-search=native={}", out.display());
        println!("cargo:rustc-link-lib=static=boothlight_libraw");
        println!("cargo:rustc-link-lib=stdc++");
        return;
    }
    build.compile("boothlight_libraw");
    std::fs::write(stamp, now).expect("OUT_DIR can be written to");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let listing = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = listing.map(|entry| entry.expect("a folder that can be read").path()).collect();
    files.retain(|path| {
        let placeholder = path.file_stem().is_some_and(|stem| stem.to_string_lossy().ends_with("_ph"));
        path.extension().is_some_and(|extension| extension == "cpp") && !placeholder
    });
    files.sort();
    files
}
