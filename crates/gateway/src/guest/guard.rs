//! What keeps ticket codes from being guessed and reports from being a flood.
//!
//! Only wrong guesses count, because a whole market may come through one address. Lookups go one after another, so that
//! a thousand guesses at once cannot all pass before the first is counted. Who has shown the right code from an address
//! keeps it even while others guess from there.

use std::{
    collections::{HashSet, VecDeque},
    net::IpAddr,
    sync::Mutex,
};

use catalog::CatalogError;
use model::{TicketCode, UnixMillis};

use crate::{
    shared::{Shared, lock},
    throttle::{Allowance, Throttle},
};

/// Wrong guesses of one address.
const OF_ADDRESS: Allowance = Allowance { burst: 20, every_ms: 3000 };
/// Wrong guesses of everybody: at one a second, 200 tickets among 923,521 codes are safe for an evening.
const OF_ALL: Allowance = Allowance { burst: 300, every_ms: 1000 };
/// Reports of one address: 300 phones behind it, seven frames a second each.
const REPORTS: Allowance = Allowance { burst: 4000, every_ms: 1 };
/// Addresses remembered.
const ADDRESSES_MAX: usize = 8192;
/// Right codes remembered, by address.
const KNOWN_MAX: usize = 16_384;

/// Why a code does not open a page.
#[derive(Debug)]
pub(crate) enum Refused {
    /// No ticket has it.
    Wrong,
    /// Too many were wrong; ask again after so many seconds.
    Busy { retry_after_s: u32 },
    /// The catalog did not answer.
    Catalog(CatalogError),
}

/// The limits, and what they remember.
pub(crate) struct Guard {
    guesses: tokio::sync::Mutex<Guesses>,
    known: Mutex<Known>,
    reports: Mutex<Throttle<IpAddr>>,
}

struct Guesses {
    of_address: Throttle<IpAddr>,
    of_all: Throttle<()>,
}

#[derive(Default)]
struct Known {
    pairs: HashSet<(IpAddr, TicketCode)>,
    order: VecDeque<(IpAddr, TicketCode)>,
}

impl Guard {
    pub(crate) fn new() -> Self {
        Self {
            guesses: tokio::sync::Mutex::new(Guesses {
                of_address: Throttle::new(OF_ADDRESS, ADDRESSES_MAX),
                of_all: Throttle::new(OF_ALL, 1),
            }),
            known: Mutex::default(),
            reports: Mutex::new(Throttle::new(REPORTS, ADDRESSES_MAX)),
        }
    }

    /// Whether that address may report now; counts it.
    pub(crate) fn may_report(&self, ip: IpAddr, now: UnixMillis) -> bool {
        lock(&self.reports).take(network(ip), now).is_ok()
    }
}

/// The ticket of the code that a guest showed.
pub(crate) async fn ticket(shared: &Shared, ip: IpAddr, typed: &str) -> Result<TicketCode, Refused> {
    let ip = network(ip);
    let code = typed.parse::<TicketCode>().ok();
    if let Some(code) = code
        && lock(&shared.guard.known).pairs.contains(&(ip, code))
    {
        return Ok(code);
    }
    let mut guesses = shared.guard.guesses.lock().await;
    let now = shared.now();
    let wait_ms = guesses.of_address.wait_ms(ip, now).max(guesses.of_all.wait_ms((), now));
    if let Some(wait_ms) = wait_ms {
        return Err(Refused::Busy { retry_after_s: u32::try_from(wait_ms.div_euclid(1000) + 1).unwrap_or(u32::MAX) });
    }
    if let Some(code) = code
        && shared.catalog.has_ticket(shared.event.id, code).await.map_err(Refused::Catalog)?
    {
        remember(&mut lock(&shared.guard.known), (ip, code));
        return Ok(code);
    }
    guesses.of_address.count(ip, now);
    guesses.of_all.count((), now);
    Err(Refused::Wrong)
}

fn remember(known: &mut Known, pair: (IpAddr, TicketCode)) {
    if known.pairs.insert(pair) {
        known.order.push_back(pair);
    }
    while known.order.len() > KNOWN_MAX {
        if let Some(oldest) = known.order.pop_front() {
            known.pairs.remove(&oldest);
        }
    }
}

/// Who counts as one: an IPv4 address, or an IPv6 network of 64 bits, which is what one phone is given.
fn network(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V4(ip) => IpAddr::V4(ip),
        IpAddr::V6(ip) => IpAddr::V6((u128::from(ip) & !u128::from(u64::MAX)).into()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_is_one_however_it_is_written() {
        let net = |text: &str| network(text.parse().unwrap());
        assert_eq!(net("::ffff:10.0.0.1"), net("10.0.0.1"));
        assert_eq!(net("2001:db8:1:2:aaaa::1"), net("2001:db8:1:2:bbbb::9"));
        assert_ne!(net("2001:db8:1:2::1"), net("2001:db8:1:3::1"));
    }

    #[test]
    fn known_codes_are_bounded() {
        let mut known = Known::default();
        let ip = IpAddr::from([10, 0, 0, 1]);
        for n in 0..=KNOWN_MAX as u64 {
            remember(&mut known, (ip, TicketCode::from_random(n.to_le_bytes())));
        }
        assert_eq!((known.pairs.len(), known.order.len()), (KNOWN_MAX, KNOWN_MAX));
    }
}
