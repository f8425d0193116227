//! Attempts to sign in: each is noted before its password is looked at, so that of many at once no
//! more are looked at than one after the other.

use domain::Id;
use uuid::Uuid;

use super::{
    Postgres,
    audit::{Event, unknown},
    database,
};
use crate::{Error, Result};

/// So many wrong passwords for an address in a quarter of an hour; then it has to wait.
const MOST_OF_ADDRESS: i64 = 10;
/// The same for all who come from one place: a company's laptops may share it.
const MOST_OF_SOURCE: i64 = 100;
/// Who counts attempts holds this, one after the other.
const COUNTING: i64 = 7420;

/// An attempt that was noted.
pub(crate) struct Attempt(Uuid);

impl Postgres {
    /// Notes that somebody tries to sign in, from a place if it is known.
    ///
    /// # Errors
    /// `too-many`, or when the database does not answer.
    pub(crate) async fn attempt(
        &self,
        (email, account_id): (&str, Option<Id>),
        source: Option<std::net::IpAddr>,
    ) -> Result<Attempt> {
        let who = who(email, account_id);
        let source = source.map(|source| source.to_string()).unwrap_or_default();
        let attempt = Attempt(Uuid::now_v7());
        let mut client = self.client().await?;
        let tx = client.transaction().await.map_err(|error| database(&error))?;
        tx.execute("select pg_advisory_xact_lock($1)", &[&COUNTING])
            .await
            .map_err(|error| database(&error))?;
        let sql = include_str!("sql/note_attempt.sql");
        let noted = tx
            .execute(sql, &[&attempt.0, &who, &source, &MOST_OF_ADDRESS, &MOST_OF_SOURCE])
            .await
            .map_err(|error| database(&error))?;
        if noted == 0 {
            let sql = include_str!("sql/note_too_many.sql");
            tx.execute(sql, &[&account_id.map(|id| id.0), &who])
                .await
                .map_err(|error| database(&error))?;
        }
        tx.commit().await.map_err(|error| database(&error))?;
        match noted {
            0 => Err(too_many()),
            _ => Ok(attempt),
        }
    }

    /// It was none of somebody who guesses.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(crate) async fn forget(&self, attempt: &Attempt) -> Result<()> {
        let client = self.client().await?;
        let sql = "delete from attempt where id = $1";
        client.execute(sql, &[&attempt.0]).await.map_err(|error| database(&error))?;
        Ok(())
    }

    /// Keeps that somebody gave a wrong password for an address.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(crate) async fn note_wrong(&self, email: &str, account_id: Option<Id>) -> Result<()> {
        self.audit(Event::SignInWrong, account_id, None, &who(email, account_id)).await
    }
}

/// Why somebody is sent away who may have tried too often.
pub(crate) fn too_many() -> Error {
    let sentence = "Too many wrong passwords. Please try again in a quarter of an hour.";
    Error::new("too-many", sentence)
}

fn who(email: &str, account_id: Option<Id>) -> String {
    if account_id.is_some() { email.to_owned() } else { unknown(email) }
}
