//! What the sync centre shows: rounds, who made what stands, rejections that come back.

use commands::{Failure, view::RoundView};
use domain::{
    Change, ChangeKind, Changeset, Choice, Conflict, FieldChange, Id, Instant, Refusal, User,
};
use serde_json::{Value, json};

use super::{act, add_customer, workspace};
use crate::Store;

fn round(seconds: i64, sent: u64, failure: Option<&str>) -> RoundView {
    RoundView {
        at: Instant::from(Instant::default().utc() + chrono::TimeDelta::seconds(seconds)),
        sent,
        received: 0,
        conflicts: 0,
        rejected: 0,
        mended: 0,
        failure: failure.map(|code| Failure::new(code, "")),
    }
}

#[test]
fn rounds_that_did_nothing_are_left_out() {
    let (_folder, _workspace, store) = workspace();
    let note = |round: RoundView| store.note_round(&round).unwrap();
    note(round(0, 0, None));
    assert!(store.rounds().unwrap().is_empty(), "nothing happened");
    note(round(10, 2, None));
    note(round(30, 3, None));
    note(round(40, 0, None));
    note(round(90, 1, None));
    // Closely together they are one; a minute later it is another.
    let sent =
        |store: &Store| store.rounds().unwrap().iter().map(|round| round.sent).collect::<Vec<_>>();
    assert_eq!(sent(&store), [1, 5]);
    // Cut off, it is told once, and once that it goes on.
    for second in 100..110 {
        note(round(second, 0, Some("hub-unreachable")));
    }
    note(round(120, 0, None));
    note(round(130, 0, None));
    let told = store.rounds().unwrap();
    let told = told.iter().map(|round| round.failure.as_ref().map(|failure| &*failure.code));
    assert_eq!(told.collect::<Vec<_>>(), [None, Some("hub-unreachable"), None, None]);
    for minute in 10..80 {
        note(round(minute * 120, 1, None));
    }
    let kept = store.rounds().unwrap();
    assert_eq!((kept.len(), kept[0].at), (50, round(79 * 120, 1, None).at));
}

/// Somebody changes a field of a customer.
fn change(store: &Store, id: Id, user_id: Id, field: &str, from: Value, to: Value) -> Id {
    act(|context| {
        context.user_id = user_id;
        let mut changeset = Changeset::new("customer.save", "", context);
        changeset.changes.push(Change {
            entity: "customer".into(),
            id,
            kind: ChangeKind::Update,
            fields: [(field.to_owned(), FieldChange { from, to })].into(),
        });
        store.transact(|tx| tx.apply(&changeset)).unwrap();
        changeset.id
    })
}

fn user(store: &Store, name: &str) -> Id {
    act(|context| {
        let mut changeset = Changeset::new("user.save", name, context);
        let user = changeset.insert(User { name: name.into(), ..User::default() }, context);
        store.transact(|tx| tx.apply(&changeset)).unwrap();
        user.id
    })
}

#[test]
fn who_made_what_stands_is_known_by_the_field() {
    let (_folder, _workspace, store) = workspace();
    let customer = add_customer(&store, "Köhler", "Böblingen").id;
    let [maren, petra, jonas] = ["Maren", "Petra", "Jonas"].map(|name| user(&store, name));
    change(&store, customer, maren, "phone", json!(""), json!("1"));
    // Somebody else changed another field since.
    change(&store, customer, jonas, "industry", json!(""), json!("Anlagenbau"));
    act(|context| {
        context.user_id = petra;
        let mut changeset = Changeset::new("sync.receive", "", context);
        let conflict = Conflict {
            record_entity: "customer".into(),
            record_id: customer,
            field: "phone".into(),
            base: json!("").to_string(),
            theirs: json!("1").to_string(),
            ours: json!("2").to_string(),
            choice: Choice::Open,
            ..Conflict::default()
        };
        changeset.insert(conflict, context);
        store.transact(|tx| tx.apply(&changeset)).unwrap();
    });
    let look = || {
        let found = store.conflicts().unwrap().remove(0);
        (found.now, found.theirs_by, found.ours_by)
    };
    assert_eq!(look(), (json!("1"), "Maren".into(), "Petra".into()));
    // It moved on: what stands now is shown, and whose it is.
    change(&store, customer, jonas, "phone", json!("1"), json!("3"));
    assert_eq!(look(), (json!("3"), "Jonas".into(), "Petra".into()));
    // Nobody knows who made it: it came with the record.
    store.writer().execute_batch("update customer set phone = '4'").unwrap();
    assert_eq!(look(), (json!("4"), String::new(), "Petra".into()));
}

#[test]
fn a_rejection_comes_back_when_what_was_made_of_it_is_taken_back() {
    let (_folder, _workspace, store) = workspace();
    let customer = add_customer(&store, "Köhler", "Böblingen").id;
    let rejected = change(&store, customer, Id::now(), "phone", json!(""), json!("1"));
    let now = Instant::now();
    let listed = || store.rejections().unwrap().len();
    let refusal = Refusal::new("phone-invalid", "").at("phone");
    store.transact(|tx| tx.reject(rejected, &refusal, now)).unwrap();
    assert_eq!(listed(), 1);
    let again = change(&store, customer, Id::now(), "phone", json!("1"), json!("2"));
    store.transact(|tx| tx.handle_rejection(rejected, Some(again), now)).unwrap();
    assert_eq!(listed(), 0);
    act(|context| store.transact(|tx| tx.undo(context))).unwrap();
    assert_eq!(listed(), 1);
    act(|context| store.transact(|tx| tx.redo(context))).unwrap();
    assert_eq!(listed(), 0);
    act(|context| store.transact(|tx| tx.undo(context))).unwrap();
    assert_eq!(listed(), 1);
}

#[test]
fn of_many_waiting_changes_the_newest_are_shown() {
    let (_folder, _workspace, store) = workspace();
    let customer = add_customer(&store, "Köhler", "Böblingen").id;
    act(|context| {
        let mut changeset = Changeset::new("customer.import", "", context);
        for _ in 0..50 {
            let tag = domain::Tag { name: Id::now().to_string(), ..Default::default() };
            changeset.insert(tag, context);
        }
        store.transact(|tx| tx.apply(&changeset)).unwrap();
    });
    let last = change(&store, customer, Id::now(), "phone", json!(""), json!("1"));
    let waiting = store.waiting(2).unwrap();
    let shape: Vec<_> = waiting.iter().map(|(one, count)| (one.changes.len(), *count)).collect();
    assert_eq!((waiting[0].0.id, &shape[..]), (last, &[(1, 1), (20, 50)][..]));
}
