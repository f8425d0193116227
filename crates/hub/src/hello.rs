//! A laptop comes in: is it the one it was, and is the hub the one that it knew?

use std::sync::OnceLock;

use domain::{Id, access::Role};
use sync::{Hello, NumberRange, PROTOCOL, Schema, Standing, Welcome};

use crate::{
    Error, Result,
    storage::{Device, Storage, Tx},
};

/// So many numbers are leased at a time.
const BLOCK: i64 = 50;
/// What is counted.
const KINDS: [&str; 3] = ["customer", "opportunity", "quote"];
/// A hello that says that more numbers were given is wrong.
const MOST_USED: i64 = 999_999_999;
/// Ranges that a laptop may run low on: each kind's, over a few years.
const MOST_RANGES: usize = 20;

/// Answers a hello. Asked again with the same nonce, it is answered as before.
///
/// # Errors
/// `device-unknown`, `device-revoked`, `numbers-invalid`; `hub-set-back` where this laptop was given
/// what this database has never given; or when the database does not answer.
pub async fn hello(storage: &impl Storage, hello: &Hello) -> Result<Welcome> {
    let mut tx = storage.begin().await?;
    let epoch = tx.epoch().await?;
    let unknown = || Error::new("device-unknown", "This laptop is not registered at the hub.");
    let mut device = tx.device(hello.device_id).await?.ok_or_else(unknown)?;
    if device.is_revoked {
        return Err(Error::new("device-revoked", "This laptop may not sync any more."));
    }
    if is_set_back(&mut tx, hello, (epoch, &device)).await? {
        return Err(set_back());
    }
    if !hello.numbers.iter().all(is_range) || hello.numbers.len() > MOST_RANGES {
        return Err(Error::new("numbers-invalid", "These numbers are not what a laptop counts."));
    }
    let grants = tx.grants(device.user_id).await?;
    let mut welcome = Welcome {
        standing: standing(hello, &device, epoch),
        incarnation: device.incarnation,
        epoch,
        next_push: device.next_push,
        restored_version: lost_above(&mut tx, hello.epoch).await?,
        user_id: device.user_id,
        role: grants.role,
        leases: Vec::new(),
        schema: (hello.schema != own().1).then(|| own().0.clone()),
    };
    if welcome.standing == Standing::Fork {
        return Ok(welcome);
    }
    if device.hello != Some(hello.nonce) {
        // A restored hub may have forgotten some of this laptop's lives.
        device.incarnation = device.incarnation.max(hello.incarnation) + 1;
        device.hello = Some(hello.nonce);
        tx.put_device(&device).await?;
    }
    welcome.incarnation = device.incarnation;
    if grants.role != Role::ReadOnly {
        // What was counted before there was a hub comes with the first upload, an administrator's.
        let may_skip = grants.role == Role::Administrator;
        for range in &hello.numbers {
            let used = if may_skip { range.used } else { 0 };
            let range = NumberRange { used, ..range.clone() };
            welcome.leases.push(tx.lease(&device, &range, BLOCK).await?);
        }
    }
    tx.commit().await?;
    Ok(welcome)
}

pub(crate) fn set_back() -> Error {
    Error::new(
        "hub-set-back",
        "The hub's database was put back to an older state, and nobody told the hub. Nothing was sent, and all is kept here. An administrator runs `kontor-hub restore` with the backup that was put back.",
    )
}

/// Whether this laptop was given what this database has never given: a later life of its own, answers to
/// what it sent, or a life of the hub. Once restored, the hub may have forgotten lives: a backup does not know what was behind
/// it.
async fn is_set_back(
    tx: &mut impl Tx,
    hello: &Hello,
    (epoch, device): (Id, &Device),
) -> Result<bool> {
    match hello.epoch {
        None => Ok(false),
        Some(known) if known == epoch => {
            Ok(hello.incarnation > device.incarnation || hello.next_push > device.next_push)
        }
        Some(_) => Ok(tx.lives().await?.is_empty()),
    }
}

fn is_range(range: &NumberRange) -> bool {
    let is_year = range.year == 0 || (2000..=2999).contains(&range.year);
    KINDS.contains(&&*range.kind) && is_year && (0..=MOST_USED).contains(&range.used)
}

/// What a laptop knows above this version, the hub has not: where the life ended that the laptop
/// knows, though others came between.
async fn lost_above(tx: &mut impl Tx, known: Option<Id>) -> Result<i64> {
    let lives = tx.lives().await?;
    match lives.into_iter().find(|life| Some(life.epoch) == known) {
        Some(life) => Ok(life.end),
        None => tx.restored_version().await,
    }
}

/// What this hub takes, with its hash.
fn own() -> &'static (Schema, String) {
    static OWN: OnceLock<(Schema, String)> = OnceLock::new();
    OWN.get_or_init(|| {
        let own = Schema::own();
        let hash = own.hash();
        (own, hash)
    })
}

fn standing(hello: &Hello, device: &Device, epoch: Id) -> Standing {
    if hello.epoch.is_some_and(|known| known != epoch) {
        return Standing::Rebootstrap;
    }
    let is_repeated = device.hello == Some(hello.nonce);
    if hello.incarnation != device.incarnation && !is_repeated {
        return Standing::Fork;
    }
    if hello.protocol < PROTOCOL { Standing::Upgrade } else { Standing::Ok }
}
