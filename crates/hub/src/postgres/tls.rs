//! TLS to the database. Whoever answers has a certificate for the name that was asked for, by an
//! authority that the system trusts, or by the one in the file that `PGSSLROOTCERT` names: PostgreSQL's
//! own programs read it there as well.

use std::{env, ffi::OsStr, io};

use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject},
};
use tokio_postgres::config::SslMode;
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::{Error, Result};

/// How a connection is protected; without it where none is wanted.
///
/// # Errors
/// `config` when there is no authority, or its file cannot be read.
pub(super) fn connector(config: &tokio_postgres::Config) -> Result<MakeRustlsConnect> {
    let mut trusted = RootCertStore::empty();
    if config.get_ssl_mode() != SslMode::Disable {
        let named = env::var_os("PGSSLROOTCERT").filter(|named| named != OsStr::new("system"));
        match named {
            Some(file) => {
                let unusable = |error: &dyn std::fmt::Display| {
                    Error::new("config", format!("PGSSLROOTCERT cannot be used: {error}."))
                };
                let found = CertificateDer::pem_file_iter(&file)
                    .map_err(|error| unusable(&error))?
                    .collect::<std::result::Result<Vec<_>, _>>();
                trusted.add_parsable_certificates(found.map_err(|error| unusable(&error))?);
            }
            None => {
                trusted.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            }
        }
        if trusted.is_empty() {
            let sentence = "Nobody vouches for the database: neither the system nor PGSSLROOTCERT names an authority.";
            return Err(Error::new("config", sentence));
        }
    }
    let config = ClientConfig::builder_with_provider(ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::internal(&error))?
        .with_root_certificates(trusted)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

/// Whether a database did not prove who it is.
pub(super) fn is_untrusted(error: &tokio_postgres::Error) -> bool {
    let inner =
        std::error::Error::source(error).and_then(|inner| inner.downcast_ref::<io::Error>());
    let tls = inner.and_then(io::Error::get_ref).and_then(|inner| inner.downcast_ref());
    matches!(tls, Some(rustls::Error::InvalidCertificate(_)))
}
