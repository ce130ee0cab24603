//! How the program is started and ended: exit codes, variables, the ready line, SIGTERM, seeded events, the rehearsal.

use std::{
    fs,
    net::TcpListener,
    path::Path,
    process::Output,
    time::{Duration, Instant},
};

use evening::{
    books,
    booth::{Booth, EVENT},
    chance::Chance,
    disk,
    material::Material,
    roll::{Mix, Roll},
    studio::{Process, Studio, command, metric, tool},
    until::until,
    verdict::{frames, holds, settled},
    writer::Writer,
};
use futures_util::StreamExt as _;
use serde_json::json;
use tokio::process::Command;

/// Longest wait for a frame; drawing one takes seconds on a small machine.
const FRAME_MAX: Duration = Duration::from_mins(1);

/// Runs a command that must end with that code, and gives what it said on standard error.
async fn refused(command: &mut Command, code: i32) -> String {
    let Output { status, stdout, stderr } = tool(command).await;
    let said = String::from_utf8(stderr).unwrap();
    assert_eq!(status.code(), Some(code), "{command:?}\n{said}");
    assert!(stdout.is_empty(), "standard output is for results alone: {}", String::from_utf8_lossy(&stdout));
    said
}

#[tokio::test]
async fn a_wrong_command_line_is_2() {
    let booth = Booth::new();
    let said = refused(booth.serve().arg("--no-such-flag"), 2).await;
    assert!(said.contains("--no-such-flag"), "{said}");
    refused(&mut command(), 2).await;
    refused(booth.serve().args(["--guest", "not an address"]), 2).await;
    assert!(!booth.data().exists(), "a refused command line made a folder");
}

#[tokio::test]
async fn an_unusable_address_is_3() {
    let booth = Booth::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap();
    // 192.0.2.0/24 is nobody's (RFC 5737).
    for (flag, address) in [
        ("--guest", "192.0.2.1:0"),
        ("--guest", &taken.to_string()),
        ("--operator", &taken.to_string()),
        ("--operator", "0.0.0.0:0"),
    ] {
        let said = refused(&mut serve_with(&booth, flag, address), 3).await;
        assert!(said.contains(address), "{flag} {address}: {said}");
    }
}

/// `serve` with one of its addresses changed: no flag may be given twice.
fn serve_with(booth: &Booth, flag: &str, address: &str) -> Command {
    let (guest, operator) = if flag == "--guest" { (address, "127.0.0.1:0") } else { ("127.0.0.1:0", address) };
    let mut command = command();
    command.arg("serve").arg("--data").arg(booth.data()).arg("--watch").arg(booth.watch());
    command.args(["--event", EVENT, "--guest", guest, "--operator", operator, "--no-mdns"]);
    command
}

#[tokio::test]
async fn an_unusable_folder_is_3() {
    let booth = Booth::new();
    let file = booth.top().join("a file");
    fs::write(&file, b"mine").unwrap();
    for data in [file.clone(), file.join("below")] {
        let mut serve = command();
        serve.arg("serve").arg("--data").arg(&data).args(["--event", EVENT, "--guest", "127.0.0.1:0", "--no-mdns"]);
        let said = refused(serve.args(["--operator", "127.0.0.1:0"]), 3).await;
        assert!(said.contains(data.to_str().unwrap()), "{said}");
    }
    let said = refused(booth.serve().arg("--originals").arg(&file), 3).await;
    assert!(said.contains(file.to_str().unwrap()), "{said}");
    assert_eq!(fs::read(&file).unwrap(), b"mine");
}

#[tokio::test]
async fn a_folder_that_cannot_be_watched_is_3() {
    let booth = Booth::new();
    let file = booth.top().join("a file");
    fs::write(&file, b"mine").unwrap();
    // A file is no folder; the originals' own folder would be taken in again and again.
    for watch in [file, booth.originals(), booth.creator()] {
        let said = refused(booth.serve().arg("--watch").arg(&watch), 3).await;
        assert!(said.contains(watch.to_str().unwrap()), "{said}");
    }
}

#[tokio::test]
async fn a_folder_that_is_not_there_yet_is_waited_for() {
    let booth = Booth::new();
    let later = booth.top().join("not plugged in");
    let mut serve = booth.serve();
    serve.arg("--watch").arg(&later);
    let studio = booth.spawn(serve).ready().await;
    fs::create_dir(&later).unwrap();
    fs::write(later.join("IMG_1.JPG"), drawn_photo()).unwrap();
    ready_frames(&studio, 1).await;
    studio.stop_cleanly().await;
}

#[tokio::test]
async fn a_folder_that_was_chosen_in_the_window_is_watched_at_the_next_start() {
    let booth = Booth::new();
    let tether = booth.top().join("Tether");
    fs::create_dir(&tether).unwrap();
    let studio = booth.start().await;
    let choose = async |folder: &Path| studio.api.post("api/sources", &json!({ "folder": folder })).await;
    assert_eq!(choose(&booth.top().join("nowhere")).await, 422, "one that is not there is not remembered");
    assert_eq!(choose(&booth.originals()).await, 422, "originals would come in again");
    assert_eq!(choose(&tether).await, 201);
    assert_eq!(choose(&tether).await, 201, "again changes nothing");
    studio.stop_cleanly().await;
    let studio = booth.start().await;
    assert_eq!(studio.ready.watch, [booth.watch(), tether.clone()]);
    fs::write(tether.join("IMG_1.JPG"), drawn_photo()).unwrap();
    ready_frames(&studio, 1).await;
    studio.stop_cleanly().await;
}

fn drawn_photo() -> Vec<u8> {
    Material::new().drawn(false).remove(0).bytes()
}

async fn ready_frames(studio: &Studio, count: usize) {
    until("frames are ready", FRAME_MAX, async || match studio.api.ready_count().await {
        ready if ready >= count => Ok(()),
        ready => Err(ready),
    })
    .await;
}

#[tokio::test]
async fn a_catalog_of_a_newer_version_is_4_and_stays_as_it_is() {
    let booth = Booth::new();
    booth.start().await.stop_cleanly().await;
    books::pretend_newer(&booth.catalog()).await;
    let before = disk::lying(&booth.catalog());
    let said = refused(&mut booth.serve(), 4).await;
    assert!(said.contains("newer Boothlight") && said.contains("Nothing was changed"), "{said}");
    assert_eq!(disk::lying(&booth.catalog()), before, "not a byte, not the time");
    refused(&mut booth.tool("seed", &["--event", EVENT, "--frames", "1"]), 4).await;
    assert_eq!(disk::lying(&booth.catalog()), before);
}

#[tokio::test]
async fn a_damaged_catalog_is_4_and_stays_as_it_is() {
    let booth = Booth::new();
    fs::create_dir(booth.data()).unwrap();
    fs::write(booth.catalog(), vec![b'x'; 50_000]).unwrap();
    let before = disk::lying(&booth.catalog());
    let said = refused(&mut booth.serve(), 4).await;
    assert!(said.contains("boothlight rebuild"), "it says what to do next: {said}");
    assert_eq!(disk::lying(&booth.catalog()), before);
}

#[tokio::test]
async fn a_second_studio_on_the_same_folder_is_5() {
    let booth = Booth::new();
    let studio = booth.start().await;
    let catalog = disk::lying(&booth.catalog());
    for mut second in
        [booth.serve(), booth.tool("rebuild", &[]), booth.tool("seed", &["--event", EVENT, "--frames", "1"])]
    {
        let said = refused(&mut second, 5).await;
        assert!(said.contains(booth.data().to_str().unwrap()), "{said}");
    }
    assert_eq!(disk::lying(&booth.catalog()), catalog);
    assert_eq!(studio.api.json("health").await["status"], "ok", "the first one goes on");
    studio.stop_cleanly().await;
    booth.start().await.stop_cleanly().await;
}

#[tokio::test]
async fn variables_do_what_flags_do_and_flags_come_first() {
    let booth = Booth::new();
    let (other, originals) = (booth.top().join("other camera"), booth.top().join("elsewhere"));
    fs::create_dir(&other).unwrap();
    let mut serve = command();
    serve
        .arg("serve")
        .env("BOOTHLIGHT_DATA", booth.data())
        .env("BOOTHLIGHT_EVENT", "Of the variable")
        .env("BOOTHLIGHT_WATCH", format!("{}:{}", booth.watch().display(), other.display()))
        .env("BOOTHLIGHT_GUEST", "127.0.0.1:0")
        .env("BOOTHLIGHT_OPERATOR", "127.0.0.1:0")
        .env("BOOTHLIGHT_ORIGINALS", &originals)
        .env("BOOTHLIGHT_CREATOR", "Lena")
        .env("BOOTHLIGHT_NO_MDNS", "1")
        .args(["--event", "Of the flag"]);
    let studio = booth.spawn(serve).ready().await;
    let told = studio.api.json("api/studio").await;
    assert_eq!(told["event"]["name"], "Of the flag");
    assert_eq!(told["originals_dir"], originals.to_str().unwrap());
    for (n, folder) in [booth.watch(), other].iter().enumerate() {
        fs::write(folder.join(format!("IMG_{n}.JPG")), Material::new().drawn(false).remove(0).bytes()).unwrap();
        // The second holds the same picture: it lands as a copy of the first, so another one is needed.
        if n == 1 {
            fs::write(folder.join("OTHER.JPG"), distinct_photo()).unwrap();
        }
    }
    settled(&booth, 3, FRAME_MAX).await;
    studio.stop_cleanly().await;
    let names: Vec<String> = disk::files(&originals).into_keys().map(|path| path.display().to_string()).collect();
    assert_eq!(names, ["Of the flag/Lena/IMG_0.JPG", "Of the flag/Lena/OTHER.JPG"]);
}

fn distinct_photo() -> Vec<u8> {
    let mut material = Material::new();
    material.drawn(false);
    material.drawn(false).remove(0).bytes()
}

#[tokio::test]
async fn the_ready_line_is_all_that_is_printed_and_both_ports_answer() {
    let booth = Booth::new();
    let studio = booth.start().await;
    let (guest, operator) = (studio.ready.guest.clone(), studio.ready.operator.clone());
    for address in [&guest, &operator] {
        let url = reqwest::Url::parse(address).unwrap();
        assert_eq!((url.scheme(), url.path()), ("http", "/"), "{address}");
        assert_ne!(url.port_or_known_default(), Some(0), "port 0 is not an address");
        assert!(reqwest::get(url).await.unwrap().status().is_success(), "{address}");
    }
    assert_ne!(guest, operator);
    assert!(studio.ready.secret.len() >= 32, "short keys are guessed: {}", studio.ready.secret);
    assert_eq!(studio.api.json("api/studio").await["event"]["id"], studio.ready.event.as_str());
    let refused = reqwest::get(format!("{guest}api/studio")).await.unwrap().status();
    assert_eq!(refused, 404, "the guests' door knows no control");
    let first = studio.ready.clone();
    let ended = studio.stop().await;
    assert_eq!((ended.status.code(), ended.printed.as_str()), (Some(0), ""), "one line, and no other");
    let again = booth.start().await;
    assert_eq!(again.ready.event, first.event, "an event of that name goes on");
    assert_ne!(again.ready.secret, first.secret, "a new key at every start");
    again.stop_cleanly().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sigterm_ends_it_within_five_seconds_while_phones_listen_and_files_arrive() {
    let booth = Booth::new();
    let mix = Mix { sony: 3, canon: 3, beside: 1, small: 5, pairs: 4, singles: 6, sidecars: 0, copies: 0 };
    let mut chance = Chance::of_this_run();
    let roll = Roll::plan(mix, &mut Material::new(), &mut chance);
    let studio = booth.start().await;
    let phone = reqwest::get(format!("{}live", studio.ready.guest)).await.unwrap();
    assert!(phone.status().is_success());
    let mut live = phone.bytes_stream();
    live.next().await.unwrap().unwrap();
    let writer = Writer::begin(booth.watch(), roll.files.clone(), 0..10, chance);
    until("some are ready while others are on their way", FRAME_MAX, async || {
        let frames = studio.api.frames().await;
        let ready = frames.iter().filter(|frame| frame.preview == "ready").count();
        let arriving = frames.iter().filter(|frame| frame.state == "arriving").count();
        if ready >= 2 && arriving >= 1 { Ok(()) } else { Err((ready, arriving)) }
    })
    .await;
    assert!(writer.written() < roll.files.len(), "all were written before the signal: nothing was in progress");
    studio.stop_cleanly().await;
    let begun = Instant::now();
    while live.next().await.is_some_and(|part| part.is_ok()) {}
    assert!(begun.elapsed() < Duration::from_secs(1), "the phone's stream ends with the studio");
    let written = writer.finish().await;
    let studio = booth.start().await;
    settled(&booth, written.len(), FRAME_MAX).await;
    holds(&booth, &studio, &roll, &written).await;
    studio.stop_cleanly().await;
}

#[tokio::test]
async fn a_seeded_event_is_shown() {
    let booth = Booth::new();
    let output = tool(&mut booth.tool("seed", &["--event", EVENT, "--frames", "40"])).await;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "40 frames");
    let studio = booth.start().await;
    assert_eq!(frames(&booth, &studio).await.len(), 40, "each landed and ready, from the first moment");
    let page = reqwest::get(&studio.ready.guest).await.unwrap().text().await.unwrap();
    assert!(page.contains(EVENT) && page.contains("thumb.jpg"), "{page}");
    studio.stop_cleanly().await;
}

#[tokio::test]
async fn a_rehearsal_shoots_by_itself_and_measures() {
    let booth = Booth::new();
    let studio = rehearsal(&booth).ready().await;
    ready_frames(&studio, 2).await;
    let text = studio.api.text("metrics").await;
    let count = metric(&text, r#"boothlight_stage_seconds_count{stage="announced"}"#);
    assert!(count.is_some_and(|count| count >= 2.0), "{text}");
    let median_s = metric(&text, r#"boothlight_stage_seconds{stage="announced",quantile="0.5"}"#).unwrap();
    assert!(median_s > 0.0 && median_s < FRAME_MAX.as_secs_f64(), "{text}");
    let first_preview = &studio.api.json("api/pulse").await["first_preview"];
    assert!(first_preview["count"].as_u64().unwrap() >= 2 && first_preview["median_ms"].is_u64(), "{first_preview}");
    let told = studio.api.json("api/studio").await;
    assert_eq!(told["rehearsal"], true);
    studio.stop_cleanly().await;
    assert_eq!(names(&booth.data()), ["rehearsal"], "the real event's folders are not touched");
}

fn rehearsal(booth: &Booth) -> Process {
    let mut serve = booth.serve();
    serve.arg("--rehearsal");
    booth.spawn(serve)
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}
