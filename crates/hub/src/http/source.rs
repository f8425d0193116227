//! Where a call comes from.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, request::Parts},
};

use super::Hub;
use crate::Error;

/// The address that a call comes from, or its network's; none when it is a proxy's that nobody named, on this machine.
pub(super) struct Source(pub(super) Option<IpAddr>);

impl FromRequestParts<Hub> for Source {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, hub: &Hub) -> Result<Self, Error> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map(|ConnectInfo(peer)| peer.ip().to_canonical());
        let source = peer.and_then(|peer| source(peer, &parts.headers, &hub.proxies));
        Ok(Self(source.map(network)))
    }
}

/// Whoever has one address of a network of IPv6's has as many of it as they like.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
    }
}

/// Whoever spoke to the first of our own proxies. What stands before that in the header, anybody may
/// have written.
fn source(peer: IpAddr, headers: &HeaderMap, proxies: &[IpAddr]) -> Option<IpAddr> {
    if !proxies.contains(&peer) {
        return Some(peer).filter(|peer| !peer.is_loopback());
    }
    let said = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let addresses: Vec<&str> = said.flat_map(|value| value.split(',')).map(str::trim).collect();
    for address in addresses.iter().rev() {
        let address: IpAddr = address.parse().ok()?;
        if !proxies.contains(&address) {
            return Some(address.to_canonical());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_proxies_are_believed() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let proxies = [ip("10.0.0.1"), ip("10.0.0.2")];
        let from = |peer: &str, said: &[&str]| {
            let mut headers = HeaderMap::new();
            for line in said {
                headers.append("x-forwarded-for", line.parse().unwrap());
            }
            source(ip(peer), &headers, &proxies)
        };
        assert_eq!(from("192.0.2.7", &["198.51.100.1"]), Some(ip("192.0.2.7")));
        assert_eq!(from("10.0.0.1", &["198.51.100.1"]), Some(ip("198.51.100.1")));
        assert_eq!(from("10.0.0.1", &["1.1.1.1, 192.0.2.7, 10.0.0.2"]), Some(ip("192.0.2.7")));
        assert_eq!(from("10.0.0.1", &["1.1.1.1", "192.0.2.7"]), Some(ip("192.0.2.7")));
        assert_eq!(from("10.0.0.1", &["1.1.1.1, x"]), None);
        assert_eq!(from("10.0.0.1", &[]), None);
        assert_eq!(from("127.0.0.1", &["1.1.1.1"]), None, "a proxy that nobody named");
        assert_eq!(network(ip("2001:db8:1:2:3:4:5:6")), ip("2001:db8:1:2::"));
        assert_eq!(network(ip("192.0.2.7")), ip("192.0.2.7"));
    }
}
