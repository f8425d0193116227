//! The hub's tables are the laptop's: the same records, column by column.

use std::collections::{BTreeMap, BTreeSet};

use domain::ENTITIES;

use crate::{headquarters::Headquarters, laptop::Laptop};

#[test]
fn hub_and_laptop_hold_the_same_records() {
    let headquarters = Headquarters::open();
    let mut hub: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let columns = headquarters
        .sql("select table_name, column_name from information_schema.columns where table_schema = 'public'");
    for line in columns.lines() {
        let (table, column) = line.split_once('|').unwrap();
        hub.entry(table.into()).or_default().insert(column.into());
    }
    let folder = tempfile::tempdir().unwrap();
    let laptop = Laptop::with_demo(&folder.path().join("a"), 1);
    let here = laptop.columns();
    assert_eq!(here.len(), ENTITIES.len());
    for (entity, columns) in here {
        assert_eq!(hub.get(&entity), Some(&columns), "{entity}");
    }
    // What triggers watch is what laptops know.
    for (trigger, event) in [("feed_touch_insert", "INSERT"), ("feed_touch_update", "UPDATE")] {
        let watched = headquarters.sql(&format!(
            "select event_object_table from information_schema.triggers where trigger_name = '{trigger}' and event_manipulation = '{event}'",
        ));
        let watched: BTreeSet<&str> = watched.lines().collect();
        assert_eq!(watched, ENTITIES.into_iter().collect(), "{trigger}");
    }
}
