//! Which hosts may be reached: the public web, and what the operator's settings name.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use ipnet::IpNet;
use thiserror::Error;
use url::{Host, Url};

use crate::address::{AddressError, check_address};

/// The ports that are reached without a setting.
const PORTS: [u16; 2] = [80, 443];

/// An address or a network that may be reached though it is not public, on one port or on all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AllowedNetwork {
    network: IpNet,
    port: Option<u16>,
}

/// A text that is no [`AllowedNetwork`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error(
    "write addresses or networks, each for all ports or with one: \"127.0.0.1\", \"10.0.0.0/8:8080\", \"[::1]:8080\""
)]
pub struct AllowedNetworkError;

impl FromStr for AllowedNetwork {
    type Err = AllowedNetworkError;

    fn from_str(text: &str) -> Result<Self, AllowedNetworkError> {
        let text = text.trim();
        let (network, port) = match text.strip_prefix('[') {
            Some(rest) => {
                let (network, port) = rest.split_once(']').ok_or(AllowedNetworkError)?;
                (network, (!port.is_empty()).then(|| port.strip_prefix(':').unwrap_or("?")))
            }
            // More than one colon is an IPv6 address without a port.
            None => match text.rsplit_once(':') {
                Some((network, port)) if !network.contains(':') => (network, Some(port)),
                _ => (text, None),
            },
        };
        let network = network
            .parse()
            .or_else(|_| network.parse::<IpAddr>().map(IpNet::from))
            .map_err(|_| AllowedNetworkError)?;
        let port = port.map(str::parse).transpose().map_err(|_| AllowedNetworkError)?;
        Ok(Self { network, port: port.filter(|port| *port != 0) })
    }
}

impl fmt::Display for AllowedNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_one = self.network.prefix_len() == self.network.max_prefix_len();
        let text = if is_one { self.network.addr().to_string() } else { self.network.to_string() };
        match self.port {
            Some(port) if self.network.addr().is_ipv6() => write!(f, "[{text}]:{port}"),
            Some(port) => write!(f, "{text}:{port}"),
            None => f.write_str(&text),
        }
    }
}

/// Why a host is not reached.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AddressRefusal {
    /// The address itself is refused.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// The port is not one of the web's.
    #[error("port {0} is not fetched; `corpus.allow_addresses` can name an address with it")]
    Port(u16),
    /// The host is an address that is not public.
    #[error(
        "{0} is not an address of the public web; `corpus.allow_addresses` in the settings can name it if it is your own"
    )]
    NotPublic(IpAddr),
    /// The name leads to an address that is not public. The message does not have it: whoever may name addresses need not
    /// know what the names of a private network lead to.
    #[error(
        "the host has no address of the public web; `corpus.allow_addresses` in the settings can name the one that it has if it is your own"
    )]
    LeadsInside(IpAddr),
    /// The name means this machine.
    #[error(
        "{0} is an address of this machine; `corpus.allow_addresses` in the settings can let it in: [\"127.0.0.1:{1}\"]"
    )]
    ThisMachine(String, u16),
    /// The name is one of a private network.
    #[error(
        "{0} is a name of a private network; `corpus.allow_addresses` in the settings can let in the address that it leads to"
    )]
    PrivateName(String),
    /// The name leads nowhere.
    #[error("the host has no address")]
    NoAddress,
}

/// Judges addresses before they are connected to.
#[derive(Debug, Clone, Default)]
pub struct AddressGuard {
    allowed: Vec<AllowedNetwork>,
}

impl AddressGuard {
    /// A guard that lets through the public web, and these networks.
    pub fn new(allowed: Vec<AllowedNetwork>) -> Self {
        Self { allowed }
    }

    /// Judges all that an address says itself: scheme, user info, port, and its host if that is an IP address. The
    /// client asks no resolver about such a host.
    ///
    /// # Errors
    /// Why it may not be fetched.
    pub fn check_url(&self, url: &Url) -> Result<(), AddressRefusal> {
        check_address(url)?;
        let port = url.port_or_known_default().unwrap_or_default();
        match url.host() {
            Some(Host::Ipv4(ip)) => self.check_ip(ip.into(), port),
            Some(Host::Ipv6(ip)) => self.check_ip(ip.into(), port),
            Some(Host::Domain(name)) if is_this_machine(name) && !self.names_port(port) => {
                Err(AddressRefusal::ThisMachine(name.to_owned(), port))
            }
            Some(Host::Domain(name)) if is_local_name(name) && self.allowed.is_empty() => {
                Err(AddressRefusal::PrivateName(name.to_owned()))
            }
            Some(Host::Domain(_)) if !PORTS.contains(&port) && !self.names_port(port) => {
                Err(AddressRefusal::Port(port))
            }
            Some(Host::Domain(_)) => Ok(()),
            None => Err(AddressError::Invalid.into()),
        }
    }

    /// Judges an address that is to be connected to.
    ///
    /// # Errors
    /// If it is not public, or the port is none of the web's, and no setting names it.
    pub(crate) fn check_ip(&self, ip: IpAddr, port: u16) -> Result<(), AddressRefusal> {
        let matches = |allowed: &AllowedNetwork| {
            allowed.network.contains(&ip) && allowed.port.is_none_or(|known| known == port)
        };
        if self.allowed.iter().any(matches) {
            return Ok(());
        }
        if !is_public(ip) {
            return Err(AddressRefusal::NotPublic(ip));
        }
        if PORTS.contains(&port) { Ok(()) } else { Err(AddressRefusal::Port(port)) }
    }

    /// Of the addresses of a name those that may be connected to.
    ///
    /// # Errors
    /// If there is none.
    pub fn choose(
        &self,
        ips: impl IntoIterator<Item = IpAddr>,
        port: u16,
    ) -> Result<Vec<IpAddr>, AddressRefusal> {
        let mut refusal = AddressRefusal::NoAddress;
        let mut chosen = Vec::new();
        for ip in ips {
            match self.check_ip(ip, port) {
                Ok(()) => chosen.push(ip),
                Err(AddressRefusal::NotPublic(ip)) => refusal = AddressRefusal::LeadsInside(ip),
                Err(why) => refusal = why,
            }
        }
        if chosen.is_empty() { Err(refusal) } else { Ok(chosen) }
    }

    fn names_port(&self, port: u16) -> bool {
        self.allowed.iter().any(|allowed| allowed.port.is_none_or(|known| known == port))
    }
}

/// Names that never mean a host of the public web.
fn is_local_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let last = name.rsplit('.').next().unwrap_or_default();
    matches!(last, "localhost" | "local" | "internal" | "localdomain" | "onion") || name == "metadata"
}

/// Whether a name means this machine on each machine.
fn is_this_machine(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    matches!(name.rsplit('.').next(), Some("localhost" | "localdomain"))
}

/// Whether an address is one of the public web. Addresses that hold another one (IPv4-mapped, 6to4, NAT64, Teredo) are
/// not: nobody publishes them, and what is behind them depends on the network.
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

/// By the registry of special-purpose addresses of IANA.
fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let is_special = matches!(
        (a, b, c),
        (0 | 10 | 127 | 224.., _, _)
            | (169, 254, _)
            | (192, 168, _)
            | (172, 16..32, _)
            | (100, 64..128, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (198, 18 | 19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    );
    // Azure's metadata and DHCP, and Oracle's and Alibaba's, lie in networks that are public otherwise.
    !is_special && ip != Ipv4Addr::new(168, 63, 129, 16) && ip != Ipv4Addr::new(100, 100, 100, 200)
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [a, b, c, ..] = ip.segments();
    // Only 2000::/3 is given out, and of it not: Teredo and other protocols, documentation, 6to4.
    let is_special = (a == 0x2001 && (b < 0x0200 || b == 0x0db8))
        || a == 0x2002
        || (a == 0x3fff && b < 0x1000)
        || (a == 0x2620 && b == 0x004f && c == 0x8000);
    (0x2000..0x4000).contains(&a) && !is_special
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn a_network_is_read_and_shown() {
        for text in ["127.0.0.1", "10.0.0.0/8:8080", "[::1]:8080", "fd00::/8", "192.168.1.7:80", "0.0.0.0/0"]
        {
            assert_eq!(text.parse::<AllowedNetwork>().expect("a network").to_string(), text);
        }
        for text in ["", "localhost", "10.0.0.0/33", "10.0.0.1:x", "[::1", "10.0.0.1:70000", "[::1]x"] {
            assert_eq!(text.parse::<AllowedNetwork>(), Err(AllowedNetworkError), "{text}");
        }
    }

    #[test]
    fn what_is_named_may_be_reached_on_its_port_only() {
        let guard = AddressGuard::new(vec!["10.0.0.0/8:8080".parse().expect("a network")]);
        assert!(guard.check_ip(ip("10.1.2.3"), 8080).is_ok());
        assert_eq!(guard.check_ip(ip("10.1.2.3"), 80), Err(AddressRefusal::NotPublic(ip("10.1.2.3"))));
        assert_eq!(
            guard.check_ip(ip("192.168.0.1"), 8080),
            Err(AddressRefusal::NotPublic(ip("192.168.0.1")))
        );
        assert_eq!(guard.check_ip(ip("93.184.216.34"), 8080), Err(AddressRefusal::Port(8080)));
        assert!(guard.check_ip(ip("93.184.216.34"), 443).is_ok());
    }

    #[test]
    fn of_several_addresses_the_public_ones_are_used() {
        let guard = AddressGuard::default();
        let public = ip("93.184.216.34");
        assert_eq!(guard.choose([ip("10.0.0.1"), public], 443), Ok(vec![public]));
        let refusal = guard.choose([ip("10.1.2.3")], 443).expect_err("it is not public");
        assert_eq!(refusal, AddressRefusal::LeadsInside(ip("10.1.2.3")));
        assert!(!refusal.to_string().contains("10.1.2.3"), "{refusal}");
        assert_eq!(guard.choose([], 443), Err(AddressRefusal::NoAddress));
    }

    #[test]
    fn a_name_of_this_machine_is_told_with_the_setting_that_lets_it_in() {
        let refusal = |text: &str, allowed: &[&str]| {
            let allowed = allowed.iter().map(|text| text.parse().expect("a network")).collect();
            let url = crate::parse_address(text).expect("an address");
            AddressGuard::new(allowed).check_url(&url).map_err(|refusal| refusal.to_string())
        };
        let told = "localhost is an address of this machine; `corpus.allow_addresses` in the settings can let it in: [\"127.0.0.1:8080\"]";
        for allowed in [&[][..], &["10.0.0.0/8:80"]] {
            assert_eq!(refusal("localhost:8080", allowed), Err(told.to_owned()));
        }
        assert_eq!(refusal("localhost:8080", &["127.0.0.1:8080"]), Ok(()));
        let told = refusal("http://printer.local/", &[]).expect_err("it is private");
        assert!(told.starts_with("printer.local is a name of a private network; "), "{told}");
    }

    #[test]
    fn public_addresses_of_both_kinds_are_let_through() {
        for text in [
            "1.1.1.1",
            "8.8.8.8",
            "172.15.0.1",
            "172.32.0.1",
            "100.63.0.1",
            "2606:4700::1111",
            "2a00:1450::1",
        ] {
            assert!(is_public(ip(text)), "{text}");
        }
    }
}
