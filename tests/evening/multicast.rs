//! The gallery's name on the network, between two real hosts: two network namespaces joined by a cable. They are the
//! test's own and go with its processes, however those end.
//!
//! This binary runs itself again: as the booth in a namespace of its own, which runs it once more as the phone.

use std::{
    collections::BTreeSet,
    io::{BufRead as _, BufReader, Write as _},
    net::{IpAddr, SocketAddr, TcpStream},
    process::{Child, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use evening::{
    booth::{Booth, EVENT},
    studio::Process,
    until::until,
};
use mdns_sd::{ResolvedService, ServiceDaemon, ServiceEvent};
use serde::{Deserialize, Serialize};

/// Says to this binary who it is.
const ROLE: &str = "BOOTHLIGHT_MULTICAST";
/// What the phone prints begins with this: the test runner prints too.
const SAYS: &str = "phone: ";
const SERVICE: &str = "_http._tcp.local.";
const BOOTH_IP: &str = "10.77.0.1";
const PHONE_IP: &str = "10.77.0.2";
/// Longest wait for a name. Announcing begins with three probes of 250 ms (RFC 6762 section 8.1).
const NAME_MAX: Duration = Duration::from_secs(20);
/// Longest wait for the name's end: far below the 75 minutes after which it would end by itself.
const GOODBYE_MAX: Duration = Duration::from_secs(5);
/// Longest wait for what is done at once.
const SOON: Duration = Duration::from_secs(20);

/// What the phone found.
#[derive(Debug, Serialize, Deserialize)]
struct Found {
    name: String,
    addresses: BTreeSet<IpAddr>,
    port: u16,
    path: Option<String>,
}

#[test]
fn guests_find_the_gallery_by_its_name() {
    let mut unshare = Command::new("unshare");
    if !rustix::process::geteuid().is_root() {
        unshare.arg("-Ur");
    }
    let output = unshare
        .args(["-nm", "--"])
        .arg(std::env::current_exe().unwrap())
        .args(["multicast::booth", "--exact", "--nocapture"])
        .env(ROLE, "booth")
        .output()
        .expect("`unshare` of util-linux is missing");
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(
        !said.starts_with("unshare:"),
        "this system gives no network namespace, which this test needs; run it as root, or allow user namespaces \
         (sysctl kernel.unprivileged_userns_clone=1, or the container's settings): {said}"
    );
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

/// Not a test by itself: what [`guests_find_the_gallery_by_its_name`] runs in a namespace of its own.
#[test]
fn booth() {
    if std::env::var(ROLE).is_ok_and(|role| role == "booth") {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(announce());
    }
}

/// Not a test by itself: the guest's end of the cable.
#[test]
fn phone() {
    if std::env::var(ROLE).is_ok_and(|role| role == "phone") {
        browse();
    }
}

async fn announce() {
    ip("link set lo up");
    let mut phone = Phone::start();
    phone.hears("here");
    ip(&format!("link add wlan0 type veth peer name wlan0 netns {}", phone.child.id()));
    ip(&format!("addr add {BOOTH_IP}/30 dev wlan0"));
    ip("link set wlan0 up");
    phone.says("cable");
    phone.hears("up");
    until("the cable is up", SOON, async || match std::fs::read_to_string("/sys/class/net/wlan0/operstate") {
        Ok(state) if state.trim() == "up" => Ok(()),
        // Where /sys shows another namespace's interfaces, the address answers instead.
        _ if TcpStream::connect_timeout(&SocketAddr::new(PHONE_IP.parse().unwrap(), 9), SOON)
            .is_err_and(|error| error.kind() == std::io::ErrorKind::ConnectionRefused) =>
        {
            Ok(())
        }
        other => Err(other),
    })
    .await;
    let booth = Booth::new();
    let studio = process(&booth).ready().await;
    let guest = reqwest::Url::parse(&studio.ready.guest).unwrap();
    assert_eq!(guest.host_str(), Some(BOOTH_IP), "the poster's address is the one that phones reach");
    phone.says(&studio.ready.operator);
    let found: Found = serde_json::from_str(&phone.heard()).unwrap();
    println!("found {found:?}");
    assert_eq!((found.name.as_str(), Some(found.port)), (EVENT, guest.port()));
    assert!(found.addresses.contains(&BOOTH_IP.parse().unwrap()), "{found:?}");
    assert_eq!(found.path.as_deref(), Some("/"));
    studio.stop_cleanly().await;
    phone.hears("gone");
    assert!(phone.child.wait().unwrap().success());
}

/// The studio on every interface, with its name announced.
fn process(booth: &Booth) -> Process {
    let mut serve = evening::studio::command();
    serve.arg("serve").arg("--data").arg(booth.data()).arg("--watch").arg(booth.watch());
    serve.args(["--event", EVENT, "--guest", "0.0.0.0:0", "--operator", "127.0.0.1:0"]);
    booth.spawn(serve)
}

/// The other host, as a process that is told things line by line.
struct Phone {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Phone {
    fn start() -> Self {
        let mut child = Command::new("unshare")
            .args(["-n", "--"])
            .arg(std::env::current_exe().unwrap())
            .args(["multicast::phone", "--exact", "--nocapture"])
            .env(ROLE, "phone")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        Self { child, lines }
    }

    fn says(&mut self, line: &str) {
        writeln!(self.child.stdin.as_mut().unwrap(), "{line}").unwrap();
    }

    /// The next thing that the phone says; it has deadlines of its own.
    fn heard(&mut self) -> String {
        let mut line = String::new();
        loop {
            line.clear();
            assert_ne!(self.lines.read_line(&mut line).unwrap(), 0, "the phone said nothing more");
            // The runner's own words may stand before it on the same line.
            if let Some((_, said)) = line.split_once(SAYS) {
                return said.trim_end().to_owned();
            }
        }
    }

    fn hears(&mut self, expected: &str) {
        assert_eq!(self.heard(), expected);
    }
}

impl Drop for Phone {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The guest's side: plugs in, looks for galleries, opens what it finds, and waits for the name's end.
fn browse() {
    let say = |text: &str| println!("\n{SAYS}{text}");
    say("here");
    assert_eq!(told(), "cable");
    ip("link set lo up");
    ip(&format!("addr add {PHONE_IP}/30 dev wlan0"));
    ip("link set wlan0 up");
    say("up");
    let operator = reqwest::Url::parse(&told()).unwrap();
    let daemon = ServiceDaemon::new().unwrap();
    let events = daemon.browse(SERVICE).unwrap();
    let fullname = format!("{EVENT}.{SERVICE}");
    let service = wait_for(&events, NAME_MAX, |event| match event {
        ServiceEvent::ServiceResolved(service) if service.fullname == fullname => Some(*service),
        _ => None,
    });
    let addresses: BTreeSet<IpAddr> = service.addresses.iter().map(mdns_sd::ScopedIp::to_ip_addr).collect();
    for &address in &addresses {
        loads(address, service.port);
    }
    no_operator(operator.port().unwrap(), service.port);
    say(&serde_json::to_string(&found(&service, addresses)).unwrap());
    wait_for(&events, GOODBYE_MAX + evening::studio::STOP_MAX, |event| match event {
        ServiceEvent::ServiceRemoved(_, name) if name == fullname => Some(()),
        _ => None,
    });
    say("gone");
}

fn found(service: &ResolvedService, addresses: BTreeSet<IpAddr>) -> Found {
    let name = service.fullname.strip_suffix(&format!(".{SERVICE}")).unwrap().to_owned();
    let path = service.txt_properties.get_property_val_str("path").map(str::to_owned);
    Found { name, addresses, port: service.port, path }
}

/// The gallery's page, from an address that was announced: each of them must lead there.
fn loads(address: IpAddr, port: u16) {
    let url = format!("http://{}/", SocketAddr::new(address, port));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let client = reqwest::Client::builder().timeout(SOON).no_proxy().build().unwrap();
    let page = runtime.block_on(async { client.get(&url).send().await?.error_for_status()?.text().await });
    let page = page.unwrap_or_else(|error| panic!("{url} was announced and does not answer: {error:?}"));
    assert!(page.contains(EVENT), "{page}");
}

/// The operator's port does not answer on the network, and its paths are not the guests'.
fn no_operator(operator_port: u16, guest_port: u16) {
    let address = SocketAddr::new(BOOTH_IP.parse().unwrap(), operator_port);
    let error = TcpStream::connect_timeout(&address, SOON).expect_err("the operator's door is open to the network");
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionRefused, "{error}");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let url = format!("http://{BOOTH_IP}:{guest_port}/api/studio");
    let status = runtime.block_on(async { reqwest::get(url).await.unwrap().status() });
    assert_eq!(status, 404);
}

fn wait_for<T>(
    events: &mdns_sd::Receiver<ServiceEvent>,
    within: Duration,
    mut want: impl FnMut(ServiceEvent) -> Option<T>,
) -> T {
    let end = Instant::now() + within;
    loop {
        let event = events.recv_deadline(end).expect("multicast DNS told nothing of the gallery in time");
        println!("{event:?}");
        if let Some(found) = want(event) {
            return found;
        }
    }
}

fn told() -> String {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).unwrap();
    line.trim_end().to_owned()
}

/// `ip` of iproute2, in the namespace of whoever calls.
fn ip(args: &str) {
    let output = Command::new("ip").args(args.split(' ')).output().expect("`ip` is missing: install iproute2");
    assert!(output.status.success(), "ip {args}: {}", String::from_utf8_lossy(&output.stderr));
}
