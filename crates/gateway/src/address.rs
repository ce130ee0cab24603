//! Where guests find the gallery.

use std::net::{IpAddr, SocketAddr};

/// Names of interfaces that lead to containers, virtual machines and tunnels rather than to guests.
const VIRTUAL: &[&str] = &[
    "br-",
    "docker",
    "lxc",
    "tailscale",
    "tap",
    "tun",
    "utun",
    "vbox",
    "veth",
    "vethernet",
    "virbr",
    "vmnet",
    "wg",
    "zt",
];

/// One way to the gallery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    pub url: String,
    pub interface: String,
}

/// What is known of the guests' listener.
#[derive(Clone, Debug)]
pub(crate) struct Reach {
    bound: SocketAddr,
    host_override: Option<String>,
}

impl Reach {
    pub(crate) fn new(bound: SocketAddr, host_override: Option<String>) -> Self {
        Self { bound, host_override: host_override.filter(|host| is_host(host)) }
    }

    /// Whether phones can come at all: not when bound to loopback.
    pub(crate) fn is_public(&self) -> bool {
        !self.bound.ip().is_loopback()
    }

    /// Every way, the likeliest first. Asked anew each time: a laptop changes networks during an evening.
    pub(crate) fn addresses(&self) -> Vec<Address> {
        let mut found = Vec::new();
        if let Some(host) = &self.host_override {
            found
                .push(Address { url: format!("http://{host}:{}/", self.bound.port()), interface: "chosen".to_owned() });
        }
        if self.bound.ip().is_unspecified() {
            found.extend(self.of_interfaces(interfaces()));
        } else {
            found.push(self.address(self.bound.ip(), "bound"));
        }
        found
    }

    /// The address for posters and QR codes: numeric, because not every phone resolves `.local` names.
    pub(crate) fn join_url(&self) -> String {
        let first = self.addresses().into_iter().next();
        first.map_or_else(|| self.address(IpAddr::from([127, 0, 0, 1]), "lo").url, |address| address.url)
    }

    fn of_interfaces(&self, mut interfaces: Vec<(String, IpAddr)>) -> Vec<Address> {
        let only_v4 = self.bound.is_ipv4();
        interfaces.retain(|(_, ip)| match ip {
            IpAddr::V4(ip) => !ip.is_loopback(),
            // Link-local IPv6 needs a zone, which no address bar takes.
            IpAddr::V6(ip) => !only_v4 && !ip.is_loopback() && !ip.is_unicast_link_local(),
        });
        interfaces.sort_by_key(|(name, ip)| (rank(name, *ip), name.clone(), *ip));
        interfaces.into_iter().map(|(name, ip)| self.address(ip, &name)).collect()
    }

    fn address(&self, ip: IpAddr, interface: &str) -> Address {
        Address { url: format!("http://{}/", SocketAddr::new(ip, self.bound.port())), interface: interface.to_owned() }
    }
}

fn interfaces() -> Vec<(String, IpAddr)> {
    match if_addrs::get_if_addrs() {
        Ok(found) => found.into_iter().map(|interface| (interface.name.clone(), interface.ip())).collect(),
        Err(error) => {
            tracing::warn!(%error, "network interfaces cannot be listed");
            Vec::new()
        }
    }
}

/// Smaller is likelier to be where the guests are.
fn rank(name: &str, ip: IpAddr) -> u8 {
    let name = name.to_ascii_lowercase();
    let unlikely = VIRTUAL.iter().any(|prefix| name.starts_with(prefix));
    match ip {
        IpAddr::V4(_) if unlikely => 3,
        IpAddr::V4(ip) if ip.is_private() => 0,
        IpAddr::V4(ip) if ip.is_link_local() => 2,
        IpAddr::V4(_) => 1,
        IpAddr::V6(_) => 4,
    }
}

/// Letters, digits, dots and hyphens: nothing that could change an address's meaning.
fn is_host(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 253
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn reach(bound: &str) -> Reach {
        Reach::new(bound.parse().unwrap(), None)
    }

    #[test]
    fn wifi_comes_before_docker_and_ipv6() {
        let found = reach("[::]:8080").of_interfaces(vec![
            ("lo".into(), "127.0.0.1".parse().unwrap()),
            ("docker0".into(), "172.17.0.1".parse().unwrap()),
            ("wlan0".into(), "fe80::1".parse().unwrap()),
            ("wlan0".into(), "2001:db8::1".parse().unwrap()),
            ("wlan0".into(), "192.168.1.7".parse().unwrap()),
        ]);
        let urls: Vec<_> = found.iter().map(|address| address.url.as_str()).collect();
        assert_eq!(urls, ["http://192.168.1.7:8080/", "http://172.17.0.1:8080/", "http://[2001:db8::1]:8080/"]);
    }

    #[test]
    fn a_bound_address_is_the_only_one_and_an_override_comes_first() {
        assert_eq!(reach("127.0.0.1:4000").join_url(), "http://127.0.0.1:4000/");
        let chosen = Reach::new("10.0.0.5:80".parse().unwrap(), Some("booth.lan".into()));
        assert_eq!(chosen.join_url(), "http://booth.lan:80/");
        assert_eq!(chosen.addresses().len(), 2);
        let evil = Reach::new("10.0.0.5:80".parse().unwrap(), Some("x/\"><script>".into()));
        assert_eq!(evil.addresses().len(), 1);
    }
}
