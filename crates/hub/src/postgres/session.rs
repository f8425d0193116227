//! Sessions: how they begin, go on and end. Whoever gives or ends tokens of an account holds it, so
//! that none is given past an end.

use deadpool_postgres::Transaction;
use domain::Id;
use uuid::Uuid;

use super::{
    Account, Approval, Pair, Postgres,
    audit::{self, Event},
    database,
    device::register,
    token::{Known, hash, invalid, issue},
};
use crate::Result;

impl Postgres {
    /// Registers a laptop whose user gave the right password, and begins a session; none when the
    /// account is another one by now. One that waits or was revoked signs in all the same: it is told
    /// so by every other call.
    ///
    /// # Errors
    /// `device-unknown` when the laptop is somebody else's, or when the database does not answer.
    pub(crate) async fn sign_in(
        &self,
        account: &Account,
        (device_id, device_name): (Id, &str),
        approval: Approval,
    ) -> Result<Option<Pair>> {
        let mut client = self.client().await?;
        let tx = client.transaction().await.map_err(|error| database(&error))?;
        let sql = "select from account where id = $1 and password = $2 and disabled_at is null for no key update";
        let held = tx.query_opt(sql, &[&account.id.0, &account.password]).await;
        if held.map_err(|error| database(&error))?.is_none() {
            return Ok(None);
        }
        register(&tx, account.id, (device_id, device_name), approval, false).await?;
        let pair = issue(&tx, (Uuid::now_v7(), account.id, device_id), None).await?;
        audit::note(&tx, Event::SignIn, Some(account.id), Some(device_id), "").await?;
        tx.commit().await.map_err(|error| database(&error))?;
        Ok(Some(pair))
    }

    /// Registers a copy of a laptop as one of its own, and begins its session.
    ///
    /// # Errors
    /// `token-invalid` when the session that asks ended meanwhile, `device-unknown` when the copy is
    /// somebody else's, or when the database does not answer.
    pub(crate) async fn fork(&self, known: &Known, new_id: Id, approval: Approval) -> Result<Pair> {
        let mut client = self.client().await?;
        let tx = client.transaction().await.map_err(|error| database(&error))?;
        hold(&tx, known.account_id).await?;
        let sql = include_str!("sql/may_fork.sql");
        let may = tx.query_opt(sql, &[&known.family, &known.device_id.0]).await;
        if may.map_err(|error| database(&error))?.is_none() {
            return Err(invalid());
        }
        let name = format!("copy of {}", known.device_id);
        register(&tx, known.account_id, (new_id, &name), approval, true).await?;
        let pair = issue(&tx, (Uuid::now_v7(), known.account_id, new_id), None).await?;
        tx.commit().await.map_err(|error| database(&error))?;
        Ok(pair)
    }

    /// The next pair for a refresh token. The one used last is taken once more, for some minutes and
    /// as long as nothing of what it was used for arrived. Any other that comes again is a copy:
    /// neither who has it nor who it was copied from may go on.
    ///
    /// # Errors
    /// `token-invalid`, or when the database does not answer; nothing is used up then.
    pub(crate) async fn renew(&self, refresh: &str) -> Result<Pair> {
        let mut client = self.client().await?;
        let tx = client.transaction().await.map_err(|error| database(&error))?;
        let hash = hash(refresh);
        let sql = include_str!("sql/hold_account_of_token.sql");
        tx.query_opt(sql, &[&hash]).await.map_err(|error| database(&error))?;
        let sql = include_str!("sql/refresh_token.sql");
        let found = tx.query_opt(sql, &[&hash]).await.map_err(|error| database(&error))?;
        let row = found.ok_or_else(invalid)?;
        let known = Known::of(&row);
        let (is_used, is_ended): (bool, bool) = (row.get("is_used"), row.get("is_ended"));
        let is_answer_lost: Option<bool> = row.get("is_answer_lost");
        let may_again = !is_used || is_answer_lost.unwrap_or(false);
        // What a revoked laptop may still do harms nobody, whoever has its token.
        if !known.is_revoked && (is_ended || !may_again) {
            if row.get("is_family_alive") {
                end_family(&tx, known.family).await?;
                let (id, device_id) = (Some(known.account_id), Some(known.device_id));
                audit::note(&tx, Event::RefreshReused, id, device_id, "").await?;
                tx.commit().await.map_err(|error| database(&error))?;
            }
            return Err(invalid());
        }
        let sql = include_str!("sql/end_given.sql");
        tx.execute(sql, &[&hash]).await.map_err(|error| database(&error))?;
        let sql = "update token set used_at = now() where hash = $1 and used_at is null";
        tx.execute(sql, &[&hash]).await.map_err(|error| database(&error))?;
        let of = (known.family, known.account_id, known.device_id);
        let pair = issue(&tx, of, Some(&hash)).await?;
        tx.commit().await.map_err(|error| database(&error))?;
        Ok(pair)
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(crate) async fn sign_out(&self, known: &Known) -> Result<()> {
        let mut client = self.client().await?;
        let tx = client.transaction().await.map_err(|error| database(&error))?;
        hold(&tx, known.account_id).await?;
        end_family(&tx, known.family).await?;
        let (id, device_id) = (Some(known.account_id), Some(known.device_id));
        audit::note(&tx, Event::SignOut, id, device_id, "").await?;
        tx.commit().await.map_err(|error| database(&error))
    }
}

async fn hold(tx: &Transaction<'_>, account_id: Id) -> Result<()> {
    let sql = "select from account where id = $1 for no key update";
    tx.execute(sql, &[&account_id.0]).await.map_err(|error| database(&error))?;
    Ok(())
}

async fn end_family(tx: &Transaction<'_>, family: Uuid) -> Result<()> {
    let sql = include_str!("sql/end_family.sql");
    tx.execute(sql, &[&family]).await.map_err(|error| database(&error))?;
    Ok(())
}
