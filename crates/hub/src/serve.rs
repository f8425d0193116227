//! Answering laptops until told to stop.

mod begun;

use std::{
    net::{SocketAddr, TcpListener},
    path::Path,
    time::{Duration, SystemTime},
};

use axum_server::{Handle, tls_rustls::RustlsConfig};
use hyper_util::{
    rt::{TokioExecutor, TokioTimer},
    server::conn::auto::Builder,
};

use crate::{
    Error, Postgres, Result,
    config::{Config, Tls},
    http::{Hub, metrics_router, router},
};
use begun::Begun;

/// Told to stop, calls that run have so long to end.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often it is looked whether there is another certificate.
const LOOK: Duration = Duration::from_secs(5);

/// A connection that carries several calls at once is asked that often whether it is still there.
const STILL_THERE: Duration = Duration::from_secs(60);
/// How often what is old is removed.
const TIDY: Duration = Duration::from_secs(60 * 60);

/// Answers on a socket, with a certificate or without, until `told` is through. Then nothing new
/// is taken, streams end at once, and calls that run end first.
///
/// # Errors
/// `tls` when the certificate cannot be used, or when a socket fails.
pub async fn serve(
    hub: Hub,
    listener: TcpListener,
    config: &Config,
    told: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let broken = |error: std::io::Error| Error::internal(&error);
    listener.set_nonblocking(true).map_err(broken)?;
    let (handle, silence) = (Handle::new(), config.silence.connection());
    let (pulse, stopping) = (hub.pulse.clone(), handle.clone());
    // From here on nothing is missed: who connects later reads what was before by itself.
    let from = hub.storage.horizon().await?;
    tokio::spawn(pulse.clone().watch(hub.storage.clone(), from));
    tokio::spawn(tidy(hub.storage.clone(), config.audit.days));
    tokio::spawn(async move {
        told.await;
        tracing::info!("stopping");
        pulse.stop();
        stopping.graceful_shutdown(Some(PATIENCE));
    });
    if let Some(address) = config.metrics {
        let apart = TcpListener::bind(address).map_err(|error| {
            Error::new("config", format!("Nothing can listen at {address} ({error})."))
        })?;
        apart.set_nonblocking(true).map_err(broken)?;
        let app = metrics_router(hub.clone()).into_make_service();
        let mut server = axum_server::from_tcp(apart).map_err(broken)?;
        patient(server.http_builder(), silence);
        let server = server.map(|accepts| Begun::new(accepts, silence));
        tokio::spawn(server.serve(app));
    }
    let app = router(hub, config.metrics.is_some());
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    let served = match &config.tls {
        None => {
            let mut server = axum_server::from_tcp(listener).map_err(broken)?;
            patient(server.http_builder(), silence);
            let server = server.map(|accepts| Begun::new(accepts, silence));
            server.handle(handle).serve(app).await
        }
        Some(files) => {
            let config = certificate(files).await?;
            tokio::spawn(renew(config.clone(), files.clone()));
            let mut server = axum_server::from_tcp_rustls(listener, config).map_err(broken)?;
            patient(server.http_builder(), silence);
            let server = server.map(|accepts| Begun::new(accepts, silence));
            server.handle(handle).serve(app).await
        }
    };
    served.map_err(broken)
}

/// Nobody holds a connection without saying anything.
fn patient(builder: &mut Builder<TokioExecutor>, silence: Duration) {
    builder.http1().timer(TokioTimer::new()).header_read_timeout(silence);
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(STILL_THERE);
}

/// Removes what is old, now and then.
async fn tidy(storage: Postgres, audit_days: u16) {
    loop {
        // A database that does not answer now is asked again.
        let _ = storage.forget_old(audit_days.into()).await;
        tokio::time::sleep(TIDY).await;
    }
}

async fn certificate(files: &Tls) -> Result<RustlsConfig> {
    // Another part of the process may have chosen already: fine, it is the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    RustlsConfig::from_pem_file(&files.certificate, &files.key).await.map_err(|error| {
        let (certificate, key) = (files.certificate.display(), files.key.display());
        Error::new("tls", format!("{certificate} and {key} cannot be used ({error})."))
    })
}

fn changed_at(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|found| found.modified()).ok()
}

/// Takes another certificate when its files change; connections that stand keep theirs.
async fn renew(config: RustlsConfig, files: Tls) {
    let stamp = || (changed_at(&files.certificate), changed_at(&files.key));
    let mut known = stamp();
    loop {
        tokio::time::sleep(LOOK).await;
        let now = stamp();
        if now == known {
            continue;
        }
        match config.reload_from_pem_file(&files.certificate, &files.key).await {
            Ok(()) => {
                known = now;
                tracing::info!("another certificate");
            }
            // Perhaps only one of the two was written yet.
            Err(error) => tracing::warn!(%error, "the new certificate cannot be used"),
        }
    }
}
