//! What is large goes up and comes down: documents, and an import in one piece. What is too large is
//! refused so that a laptop understands it.

use std::{collections::BTreeMap, fmt::Write as _, fs, sync::atomic::AtomicBool};

use commands::{GetSync, ImportOrder};
use domain::{Changeset, Id, Instant};
use sync::{BLOB_PART, Page, Push, Sent, Transport, http::Http};

use crate::{
    doors::{Caller, code},
    headquarters::{ADMIN, Headquarters, PASSWORD},
    laptop::{Laptop, difference},
};

const MIB: usize = 1024 * 1024;

fn hash(content: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Bytes that cannot be packed.
fn content(size: usize) -> Vec<u8> {
    let mut rng = fastrand::Rng::with_seed(1);
    std::iter::repeat_with(|| rng.u8(..)).take(size).collect()
}

#[test]
fn documents_go_up_and_come_down_in_parts() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let signed_in = |email: &str| {
        let mut http = Http::new(&hub.address(), Id::now(), None).unwrap();
        http.sign_in(email, PASSWORD, "test").unwrap();
        http
    };
    let (mut here, mut there) = (signed_in(ADMIN), signed_in("petra@kontor.example"));
    for size in [3 * MIB, BLOB_PART, 9 * MIB] {
        let whole = content(size);
        let sha256 = hash(&whole);
        let id = Id::now();
        headquarters.sql(&format!(
            "insert into document (id, created_at, created_by, updated_at, updated_by, name, kind, sha256, size)
             select '{id}', now(), user_id, now(), user_id, 'Logo', 'logo', '{sha256}', {size}
             from account where email = '{ADMIN}'"
        ));
        let mut sent = 0;
        while sent < size {
            let part = &whole[sent..size.min(sent + BLOB_PART)];
            let taken = here.put_blob(&sha256, size, sent, part).unwrap();
            assert_eq!(taken, sent + part.len());
            sent = taken;
        }
        let mut came = Vec::new();
        while came.len() < size {
            let part = there.blob(&sha256, came.len()).unwrap();
            assert!(!part.is_empty());
            came.extend(part);
        }
        assert!(came == whole, "{size} bytes");
    }
    let too_large = content(BLOB_PART + 1);
    let answer = here.put_blob(&hash(&too_large), too_large.len(), 0, &too_large);
    assert_eq!(code(answer), "too-large");
}

/// So many customers with all that a list of an ERP says of them.
fn customers(count: usize) -> String {
    let mut text = String::from(
        "Firmenname;Straße;PLZ;Ort;Land;Telefon;E-Mail;Website;Branche;Notizen;Vorname;Nachname;Position\n",
    );
    for nth in 0..count {
        writeln!(
            text,
            "Maschinenbau {nth} GmbH & Co. KG;Industriestraße {nth};{:05};Bad Neustadt an der Saale;DE;+49 9771 {nth:06};info@maschinenbau-{nth}.example;https://www.maschinenbau-{nth}.example;Maschinenbau;Aus dem alten System übernommen, Nummer {nth};Anna;Jäger {nth};Einkaufsleiterin",
            10_000 + nth % 80_000,
        )
        .unwrap();
    }
    text
}

#[test]
fn an_import_goes_up_in_one_piece() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let folder = tempfile::tempdir().unwrap();
    let laptop = Laptop::with_demo(&folder.path().join("a"), 2);
    laptop.connect(&hub.address(), ADMIN);
    laptop.sync();
    // Of 20,000 the changes are 73 MB: these are more than what the hub reads of anybody at once.
    let count = 3_000;
    let file = folder.path().join("customers.csv");
    fs::write(&file, customers(count)).unwrap();
    let order = ImportOrder { path: file.display().to_string(), ..ImportOrder::default() };
    let report = laptop.app.run_import(&order, &AtomicBool::new(false), &mut |_, _| {}).unwrap();
    assert_eq!(report.counts.created, count as u64);
    let report = laptop.sync();
    assert_eq!((report.sent, report.rejected), (1, 0));
    assert_eq!(laptop.app.ask(GetSync {}).unwrap().waiting, 0);
    let there = headquarters.sql("select count(*) from customer");
    assert_eq!(there, (count + 2).to_string());
    let size = headquarters.sql("select max(length(changes::text)) from changeset");
    assert!(size.parse::<usize>().unwrap() > 8 * MIB, "{size}");
}

#[test]
fn what_is_too_large_is_said_to_be() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let mut caller = Caller::sign_in(&hub, ADMIN);
    let push = |subject: String| Push {
        device_id: caller.device_id,
        incarnation: caller.incarnation,
        epoch: None,
        cursor: None,
        first: 1,
        changesets: vec![Sent {
            changeset: Changeset {
                id: Id::now(),
                at: Instant::now(),
                user_id: Id::now(),
                operation: "test".into(),
                subject,
                changes: Vec::new(),
            },
            seen: BTreeMap::new(),
            again: false,
            quotes: Vec::new(),
        }],
    };
    // Packed it is nothing.
    let (large, too_large) = (push("x".repeat(20 * MIB)), push("x".repeat(193 * MIB)));
    assert_eq!(code(caller.http.push(&too_large)), "too-large");
    caller.http.push(&large).unwrap();
    // Who is not known is not even listened to; what cannot be read is refused as all else.
    let mut nobody = Http::new(&hub.address(), Id::now(), None).unwrap();
    assert_eq!(code(nobody.push(&too_large)), "token-invalid");
    let long = "x".repeat(2 * MIB);
    assert_eq!(code(nobody.sign_in(&long, PASSWORD, "test").map(|_| ())), "too-large");
}

/// Long notes of many customers: neither a page nor a part becomes longer than a slow network carries
/// in time.
#[test]
fn what_is_long_comes_in_short_pages() {
    const NOTES: usize = 90_000;
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let folder = tempfile::tempdir().unwrap();
    let first = Laptop::with_demo(&folder.path().join("a"), 250);
    first.connect(&hub.address(), ADMIN);
    first.sync();
    let mut caller = Caller::sign_in(&hub, ADMIN);
    let (entries, cursors) = caller.everything();
    headquarters.sql(&format!("update customer set notes = repeat('Maß ', {})", NOTES / 5));
    let length = |page: &Page| serde_json::to_string(page).unwrap().len();
    let (mut cursor, mut count, mut pages) = (cursors.last().cloned(), 0, 0);
    loop {
        let page = caller.http.changes(caller.incarnation, cursor.as_deref()).unwrap();
        assert!(length(&page) < 4 * MIB + 2 * NOTES, "{}", length(&page));
        (count, pages) = (count + page.entries.len(), pages + 1);
        if !page.more {
            break;
        }
        cursor = Some(page.cursor);
    }
    assert!(count == 250 && pages > 5, "{count} on {pages}");
    let (again, _) = caller.everything();
    assert_eq!(again.len(), entries.len());
    let (mut cursor, mut records, mut parts) = (None::<String>, 0, 0);
    loop {
        let part = caller.http.snapshot(caller.incarnation, cursor.as_deref()).unwrap();
        let long = sync::unpack(&part.packed).unwrap().len();
        assert!(long < 20 * MIB + 2 * NOTES, "{long}");
        (records, parts) = (records + part.head.records, parts + 1);
        if !part.head.more {
            break;
        }
        cursor = Some(part.head.cursor);
    }
    assert!(records as usize == entries.len() && parts > 1, "{records} in {parts}");
    let second = Laptop::from_hub(&folder.path().join("b"), &hub.address(), ADMIN);
    second.sync();
    first.sync();
    assert_eq!(difference(&first, &second), None);
}
