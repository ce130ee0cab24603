//! The gallery's name on the local network: `_http._tcp.local.`, so that it shows up without a QR code.

use std::{net::IpAddr, time::Duration};

use mdns_sd::{IfKind, ServiceDaemon, ServiceInfo};
use model::EventId;

/// Longest label of a name, RFC 1035 section 2.3.4.
const LABEL_MAX_BYTES: usize = 63;
/// How long taking the name back may take.
const GOODBYE_MAX: Duration = Duration::from_millis(400);

/// An announced name.
pub(crate) struct Announced {
    daemon: ServiceDaemon,
    fullname: String,
    url: String,
}

impl Announced {
    /// Announces the gallery. Failure is told and otherwise ignored: the QR code holds a numeric address.
    pub(crate) fn start(event: EventId, name: &str, ip: IpAddr, port: u16) -> Option<Self> {
        match announce(event, name, ip, port) {
            Ok(announced) => Some(announced),
            Err(error) => {
                tracing::warn!(%error, "the gallery is not announced by multicast DNS");
                None
            }
        }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Takes the name back, so that no phone keeps a dead one.
    pub(crate) async fn stop(self) {
        let goodbye = async {
            if let Ok(done) = self.daemon.unregister(&self.fullname) {
                let _ = done.recv_async().await;
            }
            if let Ok(done) = self.daemon.shutdown() {
                let _ = done.recv_async().await;
            }
        };
        if tokio::time::timeout(GOODBYE_MAX, goodbye).await.is_err() {
            tracing::debug!("multicast DNS did not say goodbye in time");
        }
    }
}

fn announce(event: EventId, name: &str, ip: IpAddr, port: u16) -> Result<Announced, mdns_sd::Error> {
    // Two booths at one market must not fight for one name.
    let tail: String = event.to_string().chars().rev().take(4).collect();
    let host = format!("boothlight-{tail}.local");
    let addresses = if ip.is_unspecified() { String::new() } else { ip.to_string() };
    let properties = [("path", "/")];
    let info = ServiceInfo::new(
        "_http._tcp.local.",
        &label(name),
        &format!("{host}."),
        addresses.as_str(),
        port,
        properties.as_slice(),
    )?;
    let info = if ip.is_unspecified() { info.enable_addr_auto() } else { info };
    let fullname = info.get_fullname().to_owned();
    let daemon = ServiceDaemon::new()?;
    if ip.is_ipv4() {
        // The listener does not answer there; a phone that tries such an address first waits for nothing.
        daemon.disable_interface(IfKind::IPv6)?;
    }
    daemon.register(info)?;
    Ok(Announced { daemon, fullname, url: format!("http://{host}:{port}/") })
}

/// A name as one label: no control characters, no dots, at most 63 bytes.
fn label(name: &str) -> String {
    let mut label = String::new();
    for letter in name.chars() {
        let letter = if letter.is_control() || matches!(letter, '.' | '\\') { ' ' } else { letter };
        if label.len() + letter.len_utf8() > LABEL_MAX_BYTES {
            break;
        }
        label.push(letter);
    }
    let label = label.trim();
    if label.is_empty() { "Boothlight".to_owned() } else { label.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_event_name_is_one_label() {
        assert_eq!(label("Night Market"), "Night Market");
        assert_eq!(label("a.b\\c\n"), "a b c");
        assert_eq!(label(" \u{7}"), "Boothlight");
        let long = label(&"ä".repeat(60));
        assert_eq!(long.len(), 62, "cut between letters");
    }
}
