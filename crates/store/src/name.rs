//! What records are called.

use domain::Id;
use rusqlite::OptionalExtension;

use crate::{Result, Store, row};

/// How a record of this entity is called, in terms of its columns.
fn name_of(entity: &str) -> &'static str {
    match entity {
        "contact" => "trim(title || ' ' || first_name || ' ' || last_name)",
        "address" => "trim(street || ' ' || house_number || ', ' || postal_code || ' ' || city)",
        "quote" => "number",
        "quote_line" => "description",
        "unit" => "name_de",
        "communication" | "task" | "appointment" | "conflict" => "subject",
        "customer_tag" | "price" => "''",
        _ => "name",
    }
}

impl Store {
    /// The names of records, deleted ones too; those that are not here are left out.
    ///
    /// # Errors
    /// When the database cannot be read, or an entity is not known.
    pub fn names(&self, records: &[(String, Id)]) -> Result<Vec<(Id, String)>> {
        let reader = self.reader()?;
        let mut names = Vec::new();
        for (entity, id) in records {
            let sql =
                format!("select {} from {} where id = ?", name_of(entity), row::table(entity)?);
            let name =
                reader.prepare_cached(&sql)?.query_row([id.0], |row| row.get(0)).optional()?;
            names.extend(name.map(|name| (*id, name)));
        }
        Ok(names)
    }
}
