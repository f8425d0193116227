//! The hub's storage in PostgreSQL. All hubs of a company work on one database and keep nothing
//! of their own.

mod account;
mod attempt;
mod audit;
mod blob;
mod connection;
mod device;
mod digest;
mod feed;
mod life;
mod old;
mod record;
mod session;
mod snapshot;
mod taken;
mod tls;
mod token;
mod tx;

use std::time::Duration;

use deadpool_postgres::{
    Hook, HookError, Manager, ManagerConfig, Object, Pool, PoolError, QueueMode, RecyclingMethod,
    Runtime,
};
use domain::Id;

use crate::{
    Error, Result,
    http::Written,
    storage::{Position, Storage},
};
pub use account::{Account, AccountChange, ListedAccount, NewAccount};
pub(crate) use attempt::too_many;
pub use audit::Entry as AuditEntry;
pub use device::{Approval, ListedDevice};
pub use token::Pair;
pub(crate) use token::{Known, invalid};
pub use tx::PgTx;

mod migrations {
    refinery::embed_migrations!("../../migrations/hub");
}

/// What is asked here is asked by an index, row by row, and planned once. Plans that read whole
/// tables, or a part of one anew for each row, look good while these are small, or were when
/// PostgreSQL counted last; and prepared statements keep them while they grow.
const PLANS: &str = "set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off; set enable_material = off; set jit = off; set plan_cache_mode = force_generic_plan";

/// Nobody waits for the database for ever: a laptop comes again. A large import takes minutes.
const PATIENCE: &str = "set lock_timeout = '30s'; set statement_timeout = '5min'; set idle_in_transaction_session_timeout = '5min'";
/// Who changes the schema waits until everybody else is done, and takes as long as it takes.
const NO_HURRY: &str = "set lock_timeout = '10min'; set statement_timeout = 0; set idle_in_transaction_session_timeout = 0";
/// So long a connection is waited for, be it a new one or another's.
const FOR_CONNECTION: Duration = Duration::from_secs(15);
/// So long what was sent may stay without an answer of the network's.
const UNANSWERED: Duration = Duration::from_secs(60);

/// The database, by a pool of connections.
#[derive(Clone)]
pub struct Postgres {
    pool: Pool,
}

impl Postgres {
    /// Over connections that are made when they are needed; none while a backup is put in place.
    ///
    /// # Errors
    /// When there can be none at all.
    pub fn new(config: tokio_postgres::Config, connections: usize) -> Result<Self> {
        Self::over(config, connections, life::HUB)
    }

    /// For whoever puts a backup in place.
    pub(crate) fn restoring(config: tokio_postgres::Config) -> Result<Self> {
        Self::over(config, 1, "kontor-hub restore")
    }

    fn over(
        mut config: tokio_postgres::Config,
        connections: usize,
        name: &'static str,
    ) -> Result<Self> {
        config.application_name(name);
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(FOR_CONNECTION);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(UNANSWERED);
        }
        let tls = tls::connector(&config)?;
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = Manager::from_config(config, tls, recycling);
        let pool = Pool::builder(manager)
            .max_size(connections)
            // Those that were used last have their statements planned.
            .queue_mode(QueueMode::Lifo)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(FOR_CONNECTION))
            .create_timeout(Some(FOR_CONNECTION))
            .post_create(Hook::async_fn(move |client, _| {
                Box::pin(async move {
                    client.batch_execute(PLANS).await.map_err(HookError::Backend)?;
                    let patience = if name == life::HUB { PATIENCE } else { NO_HURRY };
                    client.batch_execute(patience).await.map_err(HookError::Backend)?;
                    let asked = client.query_one(life::IS_RESTORING, &[]).await;
                    let is_restoring: bool = asked.map_err(HookError::Backend)?.get(0);
                    match is_restoring && name == life::HUB {
                        true => Err(HookError::message(life::RESTORING)),
                        false => Ok(()),
                    }
                })
            }))
            .build()
            .map_err(|error| Error::internal(&error))?;
        Ok(Self { pool })
    }

    pub(crate) async fn client(&self) -> Result<Object> {
        self.pool.get().await.map_err(|error| match error {
            PoolError::PostCreateHook(HookError::Message(_)) => life::is_restoring(),
            PoolError::Backend(error) if tls::is_untrusted(&error) => {
                tracing::error!(%error, "the database's certificate is not trusted");
                Error::new("database-untrusted", "The database's certificate is not trusted.")
            }
            error => Error::internal(&error),
        })
    }

    /// Brings the schema up to what this hub knows, and begins the database's first life.
    ///
    /// # Errors
    /// When the database does not answer or was made by a newer hub.
    pub async fn migrate(&self) -> Result<()> {
        let client = self.client().await?;
        let failed = |error: refinery::Error| {
            Error::new("migration", format!("The database could not be set up ({error})."))
        };
        // It is not used again: others have less patience.
        let mut client = Object::take(client);
        client.batch_execute(NO_HURRY).await.map_err(|error| database(&error))?;
        let client: &mut tokio_postgres::Client = &mut client;
        migrations::migrations::runner().run_async(client).await.map_err(failed)?;
        let mut secret = vec![0; 32];
        getrandom::fill(&mut secret).map_err(|error| Error::internal(&error))?;
        let sql = "insert into hub (epoch, secret) values ($1, $2) on conflict do nothing";
        client.execute(sql, &[&Id::now().0, &secret]).await.map_err(|error| database(&error))?;
        Ok(())
    }

    /// The end of what can be read now.
    pub(crate) async fn horizon(&self) -> Result<Position> {
        feed::horizon(&self.client().await?).await
    }

    /// What became readable behind a position, with where that ends; none when there is nothing.
    pub(crate) async fn written(
        &self,
        after: Position,
        most: usize,
    ) -> Result<(Vec<Written>, Option<Position>)> {
        feed::written(&self.client().await?, after, most).await
    }

    /// How long the oldest running transaction holds back what can be read, in milliseconds.
    pub(crate) async fn horizon_age(&self) -> Result<u64> {
        let sql = include_str!("sql/horizon_age.sql");
        let client = self.client().await?;
        let row = client.query_one(sql, &[]).await.map_err(|error| database(&error))?;
        Ok(row.get::<_, i64>(0).unsigned_abs())
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn check(&self) -> Result<()> {
        self.client().await?.query("select 1", &[]).await.map_err(|error| database(&error))?;
        Ok(())
    }
}

/// Of what PostgreSQL says only the code goes to the log: the rest may hold customers' data. What
/// the driver itself says holds none.
pub(crate) fn database(error: &tokio_postgres::Error) -> Error {
    match error.code() {
        Some(code) => Error::internal(&code.code()),
        None => Error::internal(&error),
    }
}

impl Storage for Postgres {
    type Tx = PgTx;

    async fn begin(&self) -> Result<PgTx> {
        Ok(PgTx::begin(self.client().await?))
    }
}
