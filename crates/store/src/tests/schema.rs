//! The schema against the records, and what a database from another version does.

use std::collections::BTreeSet;

use super::{PASSPHRASE, add_customer, rows, workspace};
use crate::StoreError;
use domain::{
    Address, Appointment, Article, Category, Communication, Conflict, Contact, Customer,
    CustomerTag, Document, Opportunity, PaymentTerms, Price, PriceList, Quote, QuoteLine, Record,
    Setting, Tag, Task, Tax, Territory, Unit, User,
};

fn columns<R: Record>() -> (String, BTreeSet<String>) {
    let fields = domain::changeset::object(&R::default()).into_iter().map(|(name, _)| name);
    (R::ENTITY.into(), fields.collect())
}

#[test]
fn every_record_is_its_table() {
    let (_folder, _workspace, store) = workspace();
    let records = [
        columns::<Address>(),
        columns::<Appointment>(),
        columns::<Article>(),
        columns::<Category>(),
        columns::<Communication>(),
        columns::<Conflict>(),
        columns::<Contact>(),
        columns::<Customer>(),
        columns::<CustomerTag>(),
        columns::<Document>(),
        columns::<Opportunity>(),
        columns::<PaymentTerms>(),
        columns::<Price>(),
        columns::<PriceList>(),
        columns::<Quote>(),
        columns::<QuoteLine>(),
        columns::<Setting>(),
        columns::<Tag>(),
        columns::<Task>(),
        columns::<Tax>(),
        columns::<Territory>(),
        columns::<Unit>(),
        columns::<User>(),
    ];
    for (entity, fields) in &records {
        let table = rows(&store, &format!("select name from pragma_table_info('{entity}')"));
        let mut columns: BTreeSet<String> = table.into_iter().flatten().collect();
        assert!(columns.remove("seq"), "{entity}");
        assert_eq!(&columns, fields, "{entity}");
    }
    // The other way round: what looks like a record's table is one.
    let tables = rows(
        &store,
        "select name from sqlite_schema where sql like '%created_by%' and type = 'table'",
    );
    assert_eq!(tables.len(), records.len());
}

#[test]
fn every_table_is_strict_and_every_reference_real() {
    let (_folder, _workspace, store) = workspace();
    let loose = rows(&store, include_str!("loose_tables.sql"));
    assert_eq!(loose, Vec::<Vec<String>>::new());
    // Who made and changed a record stays, whatever becomes of the user: no reference.
    let unreferenced = rows(&store, include_str!("unreferenced_ids.sql"));
    assert_eq!(unreferenced, Vec::<Vec<String>>::new());
    assert_eq!(
        rows(&store, "select version, min_reader from schema_compat order by 1 desc limit 1"),
        [["11", "6"]]
    );
}

#[test]
fn a_newer_schema_is_refused_untouched_unless_it_may_be_read() {
    let (_folder, workspace, store) = workspace();
    add_customer(&store, "Brandt", "Ulm");
    store.writer().execute_batch("insert into schema_compat values (12, 6)").unwrap();
    drop(store);
    let store = workspace.open(Some(PASSPHRASE)).unwrap();
    add_customer(&store, "Weiß", "Ulm");
    store
        .writer()
        .execute_batch("update schema_compat set min_reader = 12 where version = 12")
        .unwrap();
    store.writer().execute_batch("pragma wal_checkpoint(truncate)").unwrap();
    drop(store);
    let before = std::fs::read(workspace.folder().join("kontor.db")).unwrap();
    let refused = workspace.open(Some(PASSPHRASE));
    assert!(matches!(refused, Err(StoreError::Newer { found: 12, known: 11 })));
    assert_eq!(std::fs::read(workspace.folder().join("kontor.db")).unwrap(), before);
}
