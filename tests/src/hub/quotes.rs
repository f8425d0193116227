//! A quote that two people change apart.

use commands::{GetQuote, SaveQuote, view::QuotePage};
use domain::{Id, Quantity, QuoteStatus};

use crate::{
    headquarters::{ADMIN, Headquarters},
    laptop::{Laptop, difference},
    papers::{draft, sign},
};

fn page(laptop: &Laptop, id: Id) -> QuotePage {
    laptop.app.ask(GetQuote { id }).unwrap()
}

fn change(laptop: &Laptop, id: Id, quantity: i64, keep: usize) {
    let QuotePage { quote, mut lines, .. } = page(laptop, id);
    lines.truncate(keep);
    for line in &mut lines {
        line.quantity = Quantity::whole(quantity);
    }
    laptop.app.ask(SaveQuote { quote, lines }).unwrap();
}

/// Number of lines, their quantities, and the net total.
fn content(laptop: &Laptop, id: Id) -> (Vec<Quantity>, domain::Money) {
    let page = page(laptop, id);
    (page.lines.iter().map(|line| line.quantity).collect(), page.quote.net_total)
}

#[test]
fn a_quote_changed_apart_becomes_two_revisions_and_never_a_mixture() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let folder = tempfile::tempdir().unwrap();
    let first = Laptop::with_demo(&folder.path().join("a"), 3);
    first.connect(&hub.address(), ADMIN);
    first.sync();
    let second = Laptop::from_hub(&folder.path().join("b"), &hub.address(), "petra@kontor.example");
    let customer_id = first.customers()[0].id;
    let id = draft(&first, customer_id);
    first.sync();
    second.sync();

    // One after the other is no conflict.
    change(&second, id, 4, 2);
    assert_eq!(second.sync().conflicts, 0);
    first.sync();
    assert_eq!(content(&first, id), content(&second, id));

    // Apart: one changes both quantities, the other takes a line away, twice.
    change(&first, id, 7, 2);
    change(&second, id, 9, 1);
    change(&second, id, 10, 1);
    let (as_first, as_second) = (content(&first, id), content(&second, id));
    first.sync();
    assert_eq!(second.sync().conflicts, 2);
    first.sync();
    assert_eq!(difference(&first, &second), None);
    assert_eq!(content(&first, id), as_first);
    let revisions = page(&first, id).revisions;
    assert_eq!(revisions.len(), 2, "both are kept, and no more");
    let other = revisions.iter().find(|revision| revision.id != id).unwrap().id;
    assert_eq!(content(&second, other), as_second);
    let kept = page(&second, other).quote;
    assert_eq!((kept.revision, kept.status), (2, QuoteStatus::Draft));
    assert_eq!(kept.number, page(&second, id).quote.number);

    // Signed on one while the other still works on it: what was signed stays.
    change(&second, id, 20, 2);
    sign(&first, id);
    let signed = content(&first, id);
    first.sync();
    second.sync();
    first.sync();
    assert_eq!(difference(&first, &second), None);
    assert_eq!(content(&second, id), signed);
    assert_eq!(page(&second, id).quote.status, QuoteStatus::Accepted);
    let latest = page(&second, id).revisions.iter().map(|one| one.revision).max();
    assert_eq!(latest, Some(3));

    // And it is not unsigned any more once the hub has it.
    first.app.ask(commands::Undo {}).unwrap();
    assert_eq!(first.sync().rejected, 1);
    assert_eq!(page(&first, id).quote.status, QuoteStatus::Accepted);
    second.sync();
    assert_eq!(difference(&first, &second), None);
}
