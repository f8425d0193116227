//! The hub's storage in PostgreSQL. All hubs of a company work on one database and keep nothing
//! of their own.

mod account;
mod audit;
mod blob;
mod connection;
mod device;
mod digest;
mod feed;
mod record;
mod snapshot;
mod taken;
mod token;
mod tx;

use deadpool_postgres::{
    Hook, HookError, Manager, ManagerConfig, Object, Pool, QueueMode, RecyclingMethod,
};
use domain::Id;
use tokio_postgres::NoTls;

use crate::{
    Error, Result,
    http::Written,
    storage::{Position, Storage},
};
pub use account::{Account, AccountChange, ListedAccount, NewAccount};
pub use audit::Entry as AuditEntry;
pub(crate) use audit::Event;
pub use device::{Approval, ListedDevice};
pub(crate) use token::Known;
pub use token::Pair;
pub use tx::PgTx;

mod migrations {
    refinery::embed_migrations!("../../migrations/hub");
}

/// What is asked here is asked by an index, row by row, and planned once. Plans that read whole
/// tables, or a part of one anew for each row, look good while these are small, or were when
/// PostgreSQL counted last; and prepared statements keep them while they grow.
const PLANS: &str = "set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off; set enable_material = off; set jit = off; set plan_cache_mode = force_generic_plan";

/// The database, by a pool of connections.
#[derive(Clone)]
pub struct Postgres {
    pool: Pool,
}

impl Postgres {
    /// Over connections that are made when they are needed.
    ///
    /// # Errors
    /// When there can be none at all.
    pub fn new(config: tokio_postgres::Config, connections: usize) -> Result<Self> {
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = Manager::from_config(config, NoTls, recycling);
        let pool = Pool::builder(manager)
            .max_size(connections)
            // Those that were used last have their statements planned.
            .queue_mode(QueueMode::Lifo)
            .post_create(Hook::async_fn(|client, _| {
                Box::pin(
                    async move { client.batch_execute(PLANS).await.map_err(HookError::Backend) },
                )
            }))
            .build()
            .map_err(|error| Error::internal(&error))?;
        Ok(Self { pool })
    }

    pub(crate) async fn client(&self) -> Result<Object> {
        self.pool.get().await.map_err(|error| Error::internal(&error))
    }

    /// Brings the schema up to what this hub knows, and begins the database's first life.
    ///
    /// # Errors
    /// When the database does not answer or was made by a newer hub.
    pub async fn migrate(&self) -> Result<()> {
        let mut client = self.client().await?;
        let failed = |error: refinery::Error| {
            Error::new("migration", format!("The database could not be set up ({error})."))
        };
        let client: &mut tokio_postgres::Client = &mut client;
        migrations::migrations::runner().run_async(client).await.map_err(failed)?;
        let mut secret = vec![0; 32];
        getrandom::fill(&mut secret).map_err(|error| Error::internal(&error))?;
        let sql = "insert into hub (epoch, secret) values ($1, $2) on conflict do nothing";
        client.execute(sql, &[&Id::now().0, &secret]).await.map_err(|error| database(&error))?;
        Ok(())
    }

    /// Begins a new life of the database, after a restore.
    pub(crate) async fn begin_life(&self, epoch: Id, leap: i64) -> Result<()> {
        let mut client = self.client().await?;
        let tx = client.transaction().await.map_err(|error| database(&error))?;
        let begin = include_str!("sql/begin_life.sql");
        tx.execute(begin, &[&epoch.0]).await.map_err(|error| database(&error))?;
        for sql in [
            "update feed set xid = pg_current_xact_id()",
            "delete from former_place",
            "delete from offered",
            // Blocks that were leased after the backup stay their laptops' alone; also the first ones.
            include_str!("sql/number_ranges.sql"),
            "update number_range set next = next + 1000",
        ] {
            tx.execute(sql, &[]).await.map_err(|error| database(&error))?;
        }
        let leap_ahead = "select setval('version', (select last_value from version) + $1)";
        tx.query(leap_ahead, &[&leap]).await.map_err(|error| database(&error))?;
        tx.commit().await.map_err(|error| database(&error))
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
