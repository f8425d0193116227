//! Two laptops and what they tell each other through the hub.

use commands::{ListConflicts, ListRejections, SettleConflict};
use domain::Choice;

use crate::{
    headquarters::{ADMIN, Headquarters},
    laptop::{Laptop, difference},
};

#[test]
fn a_workspace_goes_up_and_two_laptops_agree() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let folder = tempfile::tempdir().unwrap();
    let first = Laptop::with_demo(&folder.path().join("a"), 15);
    first.connect(&hub.address(), ADMIN);
    let sent = first.sync();
    assert!(sent.sent > 0 && sent.rejected == 0, "{sent:?}");
    let second = Laptop::from_hub(&folder.path().join("b"), &hub.address(), "petra@kontor.example");
    second.sync();
    first.sync();
    assert_eq!(difference(&first, &second), None);

    // An edit on each, of different fields of the same record: both are there.
    let id = first.customers()[0].id;
    first.change(id, |customer| customer.industry = "Stahlbau".into());
    second.change(id, |customer| customer.website = "https://stahl.example".into());
    first.sync();
    second.sync();
    first.sync();
    assert_eq!(difference(&first, &second), None);
    let both = first.customer(id);
    assert_eq!((&*both.industry, &*both.website), ("Stahlbau", "https://stahl.example"));

    // The same field on both: the hub's value stands, the other is listed for everyone.
    first.change(id, |customer| customer.name = "Erste GmbH".into());
    second.change(id, |customer| customer.name = "Zweite GmbH".into());
    first.sync();
    assert_eq!(second.sync().conflicts, 1);
    first.sync();
    assert_eq!(difference(&first, &second), None);
    assert_eq!(second.customer(id).name, "Erste GmbH");
    let open = first.app.ask(ListConflicts {}).unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!((&open[0].theirs, &open[0].ours), (&"Erste GmbH".into(), &"Zweite GmbH".into()));
    first.app.ask(SettleConflict { id: open[0].id, choice: Choice::Ours }).unwrap();
    first.sync();
    second.sync();
    assert_eq!(difference(&first, &second), None);
    assert_eq!(second.customer(id).name, "Zweite GmbH");
    assert!(second.app.ask(ListConflicts {}).unwrap().is_empty());

    // New records with their numbers, and deleted ones.
    let new = second.add("Neue AG");
    second.sync();
    first.sync();
    assert_eq!(first.customer(new).name, "Neue AG");
    assert_ne!(first.customer(new).number, first.customer(id).number);
    first.app.ask(commands::DeleteCustomers { ids: vec![new] }).unwrap();
    first.sync();
    second.sync();
    assert!(second.customers().iter().all(|row| row.id != new));
    assert_eq!(difference(&first, &second), None);
    // With nothing to do nothing is sent.
    assert_eq!(second.sync(), commands::SyncReport::default());
}

#[test]
fn what_the_hub_does_not_take_is_kept_and_put_back() {
    let headquarters = Headquarters::open();
    let hub = headquarters.hub();
    let folder = tempfile::tempdir().unwrap();
    let admin = Laptop::with_demo(&folder.path().join("a"), 5);
    admin.connect(&hub.address(), ADMIN);
    admin.sync();
    let reader = Laptop::from_hub(&folder.path().join("b"), &hub.address(), "sven@kontor.example");
    reader.sync();
    // Service may not change articles: it was possible here, and the hub says no.
    let mut article = reader.app.ask(commands::ListArticles {
        filter: commands::view::ArticleFilter::default(),
        sort: commands::view::ArticleSort::Number,
        order: commands::view::Order::Ascending,
        window: commands::view::Window { offset: 0, limit: 1 },
    });
    let row = article.as_mut().unwrap().rows.remove(0);
    let store = store::Workspace::new(&reader.folder).open(Some("geheim-geheim")).unwrap();
    let before: domain::Article = store.get(row.id).unwrap();
    let mut ids = domain::Id::now;
    let mut context = domain::Context {
        now: domain::Instant::now(),
        today: domain::Instant::now().utc().date_naive(),
        user_id: before.created_by,
        ids: &mut ids,
    };
    let mut changeset = domain::Changeset::new("article.save", &*before.name, &mut context);
    let cheaper = domain::Article { name: "Billiger".into(), ..before.clone() };
    changeset.update(&before, cheaper, &context);
    store.transact(|tx| tx.apply(&changeset)).unwrap();
    let report = reader.sync();
    assert_eq!((report.sent, report.rejected), (0, 1));
    assert_eq!(store.get::<domain::Article>(row.id).unwrap().name, before.name);
    let kept = reader.app.ask(ListRejections {}).unwrap();
    assert_eq!(kept[0].refusal.code, "forbidden");
    assert_eq!(kept[0].changes[0].fields["name"].to, "Billiger");
    admin.sync();
    reader.app.ask(commands::DropRejection { changeset_id: kept[0].changeset_id }).unwrap();
    assert!(reader.app.ask(ListRejections {}).unwrap().is_empty());
}
