//! How a hub is set up: a TOML file, and the environment above it. Secrets come from the
//! environment or from files of their own, and are never shown.

use std::{
    env, fs,
    net::{IpAddr, SocketAddr},
    num::NonZeroU16,
    path::{Path, PathBuf},
    time::Duration,
};

use serde::{Deserialize, de::DeserializeOwned};
use tokio_postgres::config::{Host, SslMode};

use crate::{Approval, Error, Result};

/// What the file says; what it leaves out is as [`Config::default`] has it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// What is logged: `info`, or as `tracing` reads it.
    pub log: String,
    /// The database.
    pub database: Database,
    /// The hub's own certificate; none behind a proxy that does TLS.
    pub tls: Option<Tls>,
    /// Proxies before the hub. They are believed whom they speak for.
    pub proxies: Vec<IpAddr>,
    /// Where `/metrics` is asked for; where the laptops come in if it is left out.
    pub metrics: Option<SocketAddr>,
    /// Laptops.
    pub devices: Devices,
    /// What is written down around signing in.
    pub audit: Audit,
    /// How long connections may say nothing.
    pub silence: Silence,
}

/// Where the database is.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Database {
    /// `postgres://user@host/name`.
    url: String,
    /// A file that holds the password and nothing else.
    password_file: Option<PathBuf>,
    /// At most so many connections.
    pub connections: usize,
    #[serde(skip)]
    password: Option<String>,
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Its address may hold a password.
        f.debug_struct("Database").field("connections", &self.connections).finish_non_exhaustive()
    }
}

/// The hub's own certificate, as PEM files. They are read again when they change.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Tls {
    /// The certificate, and those between it and its authority's.
    pub certificate: PathBuf,
    /// Its key.
    pub key: PathBuf,
}

/// Laptops.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Devices {
    /// Which are let in without an administrator.
    pub approval: Approval,
}

/// What is written down around signing in.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Audit {
    /// It is kept for so many days.
    pub days: u16,
}

impl Default for Audit {
    fn default() -> Self {
        Self { days: 730 }
    }
}

/// How long connections may say nothing, in seconds.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Silence {
    connection: NonZeroU16,
    call: NonZeroU16,
}

impl Silence {
    /// A connection on which no call begins for so long is closed. Laptops call once a minute.
    #[must_use]
    pub fn connection(self) -> Duration {
        Duration::from_secs(self.connection.get().into())
    }

    /// A call of which nothing comes for so long is given up.
    #[must_use]
    pub fn call(self) -> Duration {
        Duration::from_secs(self.call.get().into())
    }
}

impl Default for Silence {
    fn default() -> Self {
        let seconds = |seconds| NonZeroU16::new(seconds).unwrap_or(NonZeroU16::MAX);
        Self { connection: seconds(150), call: seconds(60) }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 7420)),
            log: "info,refinery_core=warn".into(),
            database: Database::default(),
            tls: None,
            proxies: Vec::new(),
            metrics: None,
            devices: Devices::default(),
            audit: Audit::default(),
            silence: Silence::default(),
        }
    }
}

impl Default for Database {
    fn default() -> Self {
        let url = "postgres://localhost/kontor".into();
        Self { url, password_file: None, connections: 16, password: None }
    }
}

fn wrong(sentence: String) -> Error {
    Error::new("config", sentence)
}

/// What the environment says under a name, as the file would say it.
fn from_environment<T: DeserializeOwned>(name: &str, to: &mut T) -> Result<()> {
    let Some(value) = env::var_os(name) else { return Ok(()) };
    let text = value.to_string_lossy();
    // Numbers and switches stand bare in the file, everything else as text.
    let read = toml::Value::String(text.clone().into_owned()).try_into();
    let number =
        || text.parse().ok().and_then(|number| toml::Value::Integer(number).try_into().ok());
    // Whatever it is, it is not shown.
    *to = read
        .ok()
        .or_else(number)
        .ok_or_else(|| wrong(format!("{name} is not what it must be.")))?;
    Ok(())
}

impl Config {
    /// The file's, if there is one, and the environment's above it.
    ///
    /// # Errors
    /// `config`, with the place in the file or the variable that is wrong.
    pub fn read(file: Option<&Path>) -> Result<Self> {
        let mut config: Self = match file {
            None => Self::default(),
            Some(file) => {
                let failed = |what: &dyn std::fmt::Display| {
                    wrong(format!("{} cannot be read: {what}", file.display()))
                };
                let text = fs::read_to_string(file).map_err(|error| failed(&error))?;
                toml::from_str(&text).map_err(|error| failed(&place(&text, &error)))?
            }
        };
        from_environment("KONTOR_HUB_LISTEN", &mut config.listen)?;
        from_environment("KONTOR_HUB_LOG", &mut config.log)?;
        from_environment("KONTOR_HUB_DATABASE", &mut config.database.url)?;
        from_environment("KONTOR_HUB_DATABASE_PASSWORD", &mut config.database.password)?;
        from_environment("KONTOR_HUB_DATABASE_PASSWORD_FILE", &mut config.database.password_file)?;
        from_environment("KONTOR_HUB_CONNECTIONS", &mut config.database.connections)?;
        from_environment("KONTOR_HUB_APPROVAL", &mut config.devices.approval)?;
        from_environment("KONTOR_HUB_METRICS", &mut config.metrics)?;
        from_environment("KONTOR_HUB_AUDIT_DAYS", &mut config.audit.days)?;
        let mut proxies: Option<String> = None;
        from_environment("KONTOR_HUB_PROXIES", &mut proxies)?;
        if let Some(proxies) = proxies {
            let parsed: std::result::Result<Vec<IpAddr>, _> =
                proxies.split(',').map(|one| one.trim().parse()).collect();
            config.proxies = parsed
                .map_err(|_| wrong("KONTOR_HUB_PROXIES is not a list of addresses.".into()))?;
        }
        let mut tls = (None, None);
        from_environment("KONTOR_HUB_TLS_CERTIFICATE", &mut tls.0)?;
        from_environment("KONTOR_HUB_TLS_KEY", &mut tls.1)?;
        config.tls = match (tls, config.tls.take()) {
            ((Some(certificate), Some(key)), _) => Some(Tls { certificate, key }),
            ((None, None), from_file) => from_file,
            ((certificate, key), Some(from_file)) => Some(Tls {
                certificate: certificate.unwrap_or(from_file.certificate),
                key: key.unwrap_or(from_file.key),
            }),
            _ => {
                return Err(wrong(
                    "A certificate needs its key, and a key its certificate.".into(),
                ));
            }
        };
        Ok(config)
    }
}

/// What is wrong where, without the file's own words.
fn place(text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    format!("line {}: {}", before.matches('\n').count() + 1, error.message())
}

impl Database {
    /// How to connect to it.
    ///
    /// # Errors
    /// `config` when its address is none, or the password's file cannot be read.
    pub fn connection(&self) -> Result<tokio_postgres::Config> {
        if self.url.contains("sslrootcert=") {
            let sentence =
                "The database's authority is named by PGSSLROOTCERT, not in its address.";
            return Err(wrong(sentence.into()));
        }
        // Whoever is to prove who they are proves all of it. What the driver says of the address may
        // hold a part of it.
        let url = ["verify-full", "verify-ca"].iter().fold(self.url.clone(), |url, mode| {
            url.replace(&format!("sslmode={mode}"), "sslmode=require")
        });
        let parsed = url.parse::<tokio_postgres::Config>();
        let mut config =
            parsed.map_err(|_| wrong("The database's address is not one.".to_owned()))?;
        let from_file = match (&self.password, &self.password_file) {
            (None, Some(file)) => Some(fs::read_to_string(file).map_err(|error| {
                wrong(format!(
                    "The database's password cannot be read from {}: {error}",
                    file.display()
                ))
            })?),
            _ => None,
        };
        if let Some(password) = self.password.as_deref().or(from_file.as_deref().map(str::trim_end))
        {
            config.password(password);
        }
        if config.get_ssl_mode() == SslMode::Prefer {
            // Never the one or the other, as somebody on the way likes.
            let is_here = config.get_hosts().iter().all(is_here)
                && config.get_hostaddrs().iter().all(IpAddr::is_loopback);
            config.ssl_mode(if is_here { SslMode::Disable } else { SslMode::Require });
        }
        Ok(config)
    }
}

/// Whether a database is on this machine: nobody is on the way to it.
fn is_here(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            let address = name.parse::<IpAddr>();
            name == "localhost" || address.is_ok_and(|address| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Config> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("hub.toml");
        fs::write(&file, text).unwrap();
        Config::read(Some(&file))
    }

    #[test]
    fn the_example_in_the_documentation_is_read() {
        let page = include_str!("../../../docs/hub.md");
        let example = page.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
        let config = read(example).unwrap();
        assert!(config.tls.is_some());
        assert_eq!(config.devices.approval, Approval::FirstAutomatic);
    }

    #[test]
    fn what_is_wrong_is_named_by_its_line_and_no_secret_is_shown() {
        let error =
            read("listen = \"0.0.0.0:443\"\n[database]\nulr = \"postgres://u:geheim@h/k\"\n");
        let sentence = error.unwrap_err().sentence;
        assert!(sentence.contains("line 3") && sentence.contains("ulr"), "{sentence}");
        assert!(!sentence.contains("geheim"), "{sentence}");
        let config = read("[database]\nurl = \"postgres://u:geheim@h/k\"\n").unwrap();
        assert!(!format!("{config:?}").contains("geheim"));
        let error = read("[database]\nurl = \"geheim\"\n").unwrap().database.connection();
        assert!(!error.unwrap_err().sentence.contains("geheim"));
        assert_eq!(read("[tls]\ncertificate = \"a\"\n").unwrap_err().code, "config");
    }

    #[test]
    fn a_database_elsewhere_proves_who_it_is() {
        for (url, wanted) in [
            ("postgres://kontor@db.example.de/kontor", SslMode::Require),
            ("postgres://kontor@db.example.de/kontor?sslmode=prefer", SslMode::Require),
            ("postgres://kontor@db.example.de/kontor?sslmode=verify-full", SslMode::Require),
            ("host=10.0.0.7 user=kontor sslmode=verify-ca", SslMode::Require),
            ("host=127.0.0.1,10.0.0.7 user=kontor", SslMode::Require),
            ("postgres://kontor@db.example.de/kontor?sslmode=disable", SslMode::Disable),
            ("hostaddr=10.0.0.7 user=kontor", SslMode::Require),
            ("postgres://localhost/kontor", SslMode::Disable),
            ("postgres://kontor@[::1]/kontor", SslMode::Disable),
            ("postgres://127.0.0.1/kontor?sslmode=verify-full", SslMode::Require),
            ("host='/var/run/postgresql' user=kontor", SslMode::Disable),
        ] {
            let database = Database { url: url.into(), ..Database::default() };
            assert_eq!(database.connection().unwrap().get_ssl_mode(), wanted, "{url}");
        }
        let url = "postgres://db.example.de/kontor?sslrootcert=/geheim.pem".into();
        let error = Database { url, ..Database::default() }.connection().unwrap_err();
        assert!(error.sentence.contains("PGSSLROOTCERT") && !error.sentence.contains("geheim"));
    }
}
