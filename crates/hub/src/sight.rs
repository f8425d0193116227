//! What the user of a laptop that writes sees: by their grants as they are, and as they were when the
//! laptop read last. What was changed before it could know that a grant ended, or that a customer
//! changed hands, is taken.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use domain::{
    Id, Instant,
    access::{Grants, Place},
};

use crate::{
    Result,
    cursor::Cursor,
    storage::{Reader, Row, Stored, Tx},
};

/// A laptop that read longer ago than that is not waited for: days, as many as a sign-in lasts.
const LONGEST_AWAY: TimeDelta = TimeDelta::days(60);

/// What a sender sees. What they may do is decided by their role as it is now; where, by this.
pub(crate) struct Sight<'a> {
    now: &'a Grants,
    before: Option<Cursor>,
}

impl<'a> Sight<'a> {
    /// The sight of whoever sends, with the cursor that their laptop has. One of another life of the
    /// hub, of somebody else, or too old says nothing.
    pub(crate) fn of(reader: &'a Reader, cursor: Option<&str>, now: Instant) -> Self {
        let Reader { device, grants, epoch, secret } = reader;
        let cursor = cursor.and_then(|text| Cursor::of(text, secret, *epoch, device.user_id).ok());
        Self { now: grants, before: cursor.filter(|cursor| is_recent(cursor, now)) }
    }

    fn saw(&self, place: Place) -> bool {
        let Some(Cursor { grants, toward, partly, .. }) = &self.before else { return false };
        grants.iter().chain(toward).chain(partly).any(|grants| grants.sees(place))
    }

    /// Whether a place is one where they see records, or saw them.
    pub(crate) fn sees(&self, place: Place) -> bool {
        self.now.sees(place) || self.saw(place)
    }

    /// Whether what they see may be more than what their grants say now.
    pub(crate) fn reaches_back(&self) -> bool {
        self.before.is_some()
    }

    /// The place where they see these records: the present one, or where their laptop knows them. What
    /// they do not see has none.
    pub(crate) async fn places(
        &self,
        tx: &mut impl Tx,
        rows: Vec<Row>,
    ) -> Result<BTreeMap<Id, Place>> {
        let (seen, others): (Vec<Row>, Vec<Row>) =
            rows.into_iter().partition(|row| self.now.sees(row.place));
        let mut places: BTreeMap<Id, Place> =
            seen.into_iter().map(|row| (row.id, row.place)).collect();
        if let Some(Cursor { after, .. }) = &self.before
            && !others.is_empty()
        {
            let others: Vec<(String, Id)> =
                others.into_iter().map(|row| (row.entity, row.id)).collect();
            let stood = tx.places_since(&others, after.xid).await?;
            places.extend(stood.into_iter().filter(|(_, place)| self.saw(*place)));
        }
        Ok(places)
    }

    /// The place where they see this record.
    pub(crate) async fn place(&self, tx: &mut impl Tx, stored: &Stored) -> Result<Option<Place>> {
        if self.now.sees(stored.place) {
            return Ok(Some(stored.place));
        }
        let (entity, id, at, place) = (stored.entity.clone(), stored.id, stored.at, stored.place);
        let row = Row { entity, id, at, place, former: Vec::new() };
        Ok(self.places(tx, vec![row]).await?.remove(&id))
    }
}

fn is_recent(cursor: &Cursor, now: Instant) -> bool {
    cursor.read_at.is_some_and(|read_at| now.utc() - read_at.utc() <= LONGEST_AWAY)
}
