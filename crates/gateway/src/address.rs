//! Where guests find the gallery.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Mutex,
};

use crate::shared::lock;

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
#[derive(Debug)]
pub(crate) struct Reach {
    bound: SocketAddr,
    host_override: Option<String>,
    /// The operator knows better than we which network the guests are on.
    chosen: Mutex<Option<Address>>,
}

impl Reach {
    pub(crate) fn new(bound: SocketAddr, host_override: Option<String>) -> Self {
        Self { bound, host_override: host_override.filter(|host| is_host(host)), chosen: Mutex::new(None) }
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
        let addresses = self.addresses();
        let told = told(&addresses, lock(&self.chosen).as_ref()).cloned();
        told.unwrap_or_else(|| self.address(IpAddr::from([127, 0, 0, 1]), "lo")).url
    }

    /// Which address guests are told from now on; without one, the likeliest. False, and nothing changed, where this
    /// computer has no such address.
    pub(crate) fn choose(&self, url: Option<&str>) -> bool {
        let found = url.and_then(|url| self.addresses().into_iter().find(|address| address.url == url));
        let known = url.is_none() || found.is_some();
        if known {
            *lock(&self.chosen) = found;
        }
        known
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

/// The chosen address. Where the network gave its interface another one since, that one; else the likeliest.
fn told<'a>(addresses: &'a [Address], chosen: Option<&Address>) -> Option<&'a Address> {
    let still = chosen.and_then(|chosen| {
        let same = addresses.iter().find(|address| *address == chosen);
        same.or_else(|| addresses.iter().find(|address| address.interface == chosen.interface))
    });
    still.or_else(|| addresses.first())
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

    #[test]
    fn a_choice_is_kept_through_a_new_lease_and_given_up_with_its_network() {
        let address =
            |host: &str, interface: &str| Address { url: format!("http://{host}:8080/"), interface: interface.into() };
        let (wifi, cable) = (address("192.168.1.7", "wlan0"), address("10.0.0.5", "eth0"));
        let both = [wifi.clone(), cable.clone()];
        assert_eq!(told(&both, None), Some(&wifi));
        assert_eq!(told(&both, Some(&cable)), Some(&cable));
        let renewed = [wifi.clone(), address("10.0.0.9", "eth0")];
        assert_eq!(told(&renewed, Some(&cable)), Some(&renewed[1]));
        assert_eq!(told(&both[..1], Some(&cable)), Some(&wifi));
        assert_eq!(told(&[], Some(&cable)), None);
    }

    #[test]
    fn only_an_address_of_this_computer_can_be_chosen() {
        let reach = Reach::new("10.0.0.5:80".parse().unwrap(), Some("booth.lan".into()));
        assert!(!reach.choose(Some("http://evil.example/")));
        assert_eq!(reach.join_url(), "http://booth.lan:80/");
        assert!(reach.choose(Some("http://10.0.0.5:80/")));
        assert_eq!(reach.join_url(), "http://10.0.0.5:80/");
        assert!(reach.choose(None));
        assert_eq!(reach.join_url(), "http://booth.lan:80/");
    }
}
