//! What a hub's address may be.

use ureq::http::Uri;

/// What an address is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nobody on the way reads along.
    Protected,
    /// This machine itself.
    Here,
    /// Everybody on the way could read along.
    Open,
    /// No hub's.
    None,
}

pub(super) fn kind(address: &str) -> Kind {
    let Ok(uri) = address.parse::<Uri>() else { return Kind::None };
    // Before an @ there may stand what looks like a host, and is none.
    let authority = uri.authority().filter(|of| !of.as_str().contains('@'));
    let host = authority.map(|authority| authority.host()).filter(|host| !host.is_empty());
    match (uri.scheme_str(), host, uri.query()) {
        (Some("https"), Some(_), None) => Kind::Protected,
        (Some("http"), Some("localhost" | "127.0.0.1" | "[::1]"), None) => Kind::Here,
        (Some("http"), Some(_), None) => Kind::Open,
        _ => Kind::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_tls_only_this_machine_is_spoken_to() {
        for (address, wanted) in [
            ("https://hub.example.de", Kind::Protected),
            ("https://hub.example.de:8443/kontor", Kind::Protected),
            ("http://localhost:7420", Kind::Here),
            ("http://127.0.0.1", Kind::Here),
            ("http://[::1]:7420/", Kind::Here),
            ("http://hub.example.de", Kind::Open),
            ("http://127.0.0.1.example.de", Kind::Open),
            ("http://localhost.example.de:80", Kind::Open),
            // The host is what stands behind the @.
            ("http://localhost:x@example.de", Kind::None),
            ("http://localhost@example.de/", Kind::None),
            ("https://name:word@hub.example.de", Kind::None),
            ("http://localhost:7420?@example.de", Kind::None),
            ("ftp://localhost", Kind::None),
            ("localhost:7420", Kind::None),
            ("https://", Kind::None),
            ("", Kind::None),
        ] {
            assert_eq!(kind(address), wanted, "{address}");
        }
    }
}
