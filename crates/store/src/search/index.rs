use std::collections::BTreeSet;

use domain::{Change, Id, fold};
use rusqlite::{Connection, Row, named_params};

use super::phone_key;
use crate::Result;

/// What is searched: the table, and the SQL that gives `seq`, title, text and phone numbers of
/// one record (`:id`) or all (`:id` null).
const KINDS: [(&str, &str); 6] = [
    ("customer", include_str!("customer.sql")),
    ("contact", include_str!("contact.sql")),
    ("opportunity", include_str!("opportunity.sql")),
    ("quote", include_str!("quote.sql")),
    ("article", include_str!("article.sql")),
    ("communication", include_str!("communication.sql")),
];

/// Indexes everything anew, after a bulk load.
pub(crate) fn index_all(connection: &Connection) -> Result<()> {
    for (kind, select) in KINDS {
        connection.execute(&format!("delete from search_{kind}"), [])?;
        index(connection, kind, select, None)?;
    }
    Ok(())
}

/// Indexes what a changeset touched, and what shows its names.
pub(crate) fn reindex(connection: &Connection, changes: &[Change]) -> Result<()> {
    let mut dirty: BTreeSet<(&str, Id)> = BTreeSet::new();
    for change in changes {
        match change.entity.as_str() {
            "address" | "customer_tag" => {
                dirty.extend(owner(connection, change, "customer_id")?.map(|id| ("customer", id)));
            }
            "quote_line" => {
                dirty.extend(owner(connection, change, "quote_id")?.map(|id| ("quote", id)));
            }
            entity => {
                dirty.insert((entity, change.id));
            }
        }
    }
    for (entity, id) in dirty {
        if let Some((kind, select)) = KINDS.into_iter().find(|(kind, _)| *kind == entity) {
            let sql = format!(
                "delete from search_{kind} where rowid = (select seq from {kind} where id = ?)"
            );
            connection.prepare_cached(&sql)?.execute([id.0])?;
            index(connection, kind, select, Some(id))?;
        }
    }
    Ok(())
}

fn owner(connection: &Connection, change: &Change, column: &str) -> Result<Option<Id>> {
    let sql = format!("select {column} from {} where id = ?", crate::row::table(&change.entity)?);
    let id = connection.prepare_cached(&sql)?.query_row([change.id.0], |row| row.get(0))?;
    Ok(Some(Id(id)))
}

fn index(connection: &Connection, kind: &str, select: &str, id: Option<Id>) -> Result<()> {
    let mut insert = connection.prepare_cached(&format!(
        "insert into search_{kind} (rowid, title, detail) values (?, ?, ?)"
    ))?;
    let mut statement = connection.prepare_cached(select)?;
    let mut rows = statement.query(named_params! { ":id": id.map(|id| id.0) })?;
    while let Some(row) = rows.next()? {
        let seq: i64 = row.get(0)?;
        let title = fold(text(row, 1)?);
        let mut detail = fold(text(row, 2)?);
        for phone in text(row, 3)?.split('\n') {
            let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
            if digits.len() > 2 {
                let key = phone_key(&digits);
                // The local part alone, as people write it: “0171 2345678”.
                let local = phone.rsplit([' ', '/', '-']).next().unwrap_or_default();
                detail.push(' ');
                detail.push_str(&key);
                if local.len() > 3 && local.bytes().all(|byte| byte.is_ascii_digit()) {
                    detail.push(' ');
                    detail.push_str(local);
                }
            }
        }
        insert.execute((seq, title, detail))?;
    }
    Ok(())
}

fn text<'a>(row: &'a Row<'_>, index: usize) -> Result<&'a str> {
    Ok(row.get_ref(index)?.as_str().unwrap_or_default())
}
