//! Opportunities, quotes in every status, and what is due around today.

use chrono::{Datelike, NaiveTime, TimeDelta};
use domain::{
    Appointment, Customer, CustomerStatus, Id, Instant, Language, LineKind, Opportunity,
    OpportunityStatus, Percent, Quantity, Quote, QuoteLine, QuoteStatus, QuoteTexts, Stage, Task,
    quote::{line_for, totals},
};
use store::StoreError;

use super::{Basis, Maker, days_after, names::PROJECTS};

/// Numbers go on behind those that the demo used: one opportunity and quote a customer at most.
pub(super) fn set_numbers(
    maker: &mut Maker<'_, '_>,
    basis: &Basis,
    customers: u64,
) -> Result<(), StoreError> {
    let next = i64::try_from(customers).unwrap_or(i64::MAX - 1) + 1;
    maker.loader.set_next_number("customer", 0, 10_000 + next)?;
    for year in [basis.today.year(), basis.today.year() - 1] {
        maker.loader.set_next_number("opportunity", year, next)?;
        maker.loader.set_next_number("quote", year, next)?;
    }
    Ok(())
}

pub(super) fn sales(
    maker: &mut Maker<'_, '_>,
    basis: &Basis,
    customer: &Customer,
    contacts: &[Id],
    index: u64,
) -> Result<(), StoreError> {
    let owner = customer.owner_id.unwrap_or(basis.user);
    if index < 12 {
        agenda(maker, basis, customer, contacts, index)?;
    }
    // Every third customer has an opportunity; the first dozen have open ones.
    let wanted = index < 12 || maker.chance(30);
    if !wanted || customer.status == CustomerStatus::Blocked {
        return Ok(());
    }
    let status = match maker.rng.u8(..100) {
        _ if index < 12 => OpportunityStatus::Open,
        0..40 => OpportunityStatus::Open,
        40..75 => OpportunityStatus::Won,
        75..92 => OpportunityStatus::Lost,
        _ => OpportunityStatus::Cancelled,
    };
    let open = status == OpportunityStatus::Open;
    let at = maker.ago(if open { 80 } else { 500 });
    let stage = *maker.pick(Stage::ALL);
    let project = *maker.pick(&PROJECTS);
    let year = at.utc().year();
    let quote = quote(maker, basis, customer, contacts, (at, index, project))?;
    let closed =
        (!open).then(|| Instant::from((at.utc() + TimeDelta::days(30)).min(basis.now.utc())));
    let opportunity = Opportunity {
        number: format!("VC-{year}-{:04}", index + 1),
        customer_id: customer.id,
        contact_id: contacts.first().copied(),
        name: project.into(),
        stage,
        status,
        value: quote.0.net_total,
        currency: "EUR".into(),
        probability: match status {
            OpportunityStatus::Open => stage.probability(),
            OpportunityStatus::Won => 100,
            OpportunityStatus::Lost | OpportunityStatus::Cancelled => 0,
        },
        expected_close: Some(days_after(basis.today, maker.rng.u64(5..150))),
        closed_at: closed,
        owner_id: Some(owner),
        territory_id: customer.territory_id,
        lost_reason: match status {
            OpportunityStatus::Lost => "Preis".into(),
            OpportunityStatus::Cancelled => "Vorhaben verschoben".into(),
            OpportunityStatus::Open | OpportunityStatus::Won => String::new(),
        },
        ..Opportunity::default()
    };
    let opportunity_id = maker.add(opportunity, at, owner)?;
    let (mut record, lines) = quote;
    record.opportunity_id = Some(opportunity_id);
    record.status = quote_status(maker, status, &record, basis);
    let sent = Instant::from(at.utc() + TimeDelta::days(2));
    if record.status != QuoteStatus::Draft {
        record.sent_at = Some(sent);
    }
    if matches!(record.status, QuoteStatus::Accepted | QuoteStatus::Rejected) {
        record.decided_at = closed.or(Some(sent));
    }
    let quote_id = record.id;
    maker.add_as(record, quote_id, at, owner)?;
    for line in lines {
        maker.add(QuoteLine { quote_id, ..line }, at, owner)?;
    }
    Ok(())
}

fn quote_status(
    maker: &mut Maker<'_, '_>,
    opportunity: OpportunityStatus,
    quote: &Quote,
    basis: &Basis,
) -> QuoteStatus {
    match opportunity {
        OpportunityStatus::Open if maker.chance(40) => QuoteStatus::Draft,
        OpportunityStatus::Open if quote.valid_until >= basis.today => QuoteStatus::Sent,
        OpportunityStatus::Open => QuoteStatus::Expired,
        OpportunityStatus::Won => QuoteStatus::Accepted,
        OpportunityStatus::Lost | OpportunityStatus::Cancelled => QuoteStatus::Rejected,
    }
}

/// A quote of three to nine lines, not yet added: its opportunity comes first.
fn quote(
    maker: &mut Maker<'_, '_>,
    basis: &Basis,
    customer: &Customer,
    contacts: &[Id],
    (at, index, subject): (Instant, u64, &str),
) -> Result<(Quote, Vec<QuoteLine>), StoreError> {
    let texts = QuoteTexts::default();
    let date = at.utc().date_naive();
    let mut quote = Quote {
        id: maker.new_id(at),
        number: format!("AN-{}-{:04}", date.year(), index + 1),
        revision: 1,
        customer_id: customer.id,
        contact_id: contacts.first().copied(),
        subject: subject.into(),
        date,
        valid_until: days_after(date, maker.rng.u64(30..95)),
        currency: "EUR".into(),
        language: Language::De,
        intro_text: texts.intro_de,
        closing_text: texts.closing_de,
        delivery_terms: texts.delivery_de,
        payment_terms_id: customer.payment_terms_id,
        price_list_id: customer.price_list_id,
        owner_id: customer.owner_id,
        territory_id: customer.territory_id,
        ..Quote::default()
    };
    let mut lines = Vec::new();
    for position in 1..=maker.rng.i64(3..=9) {
        let (article, unit) = maker.pick(&basis.articles).clone();
        let quantity = Quantity::whole(maker.rng.i64(1..=12));
        let mut line = line_for(&quote, &article, &unit, &basis.tax, article.list_price, quantity);
        line.position = position;
        if maker.chance(25) {
            line.discount = Percent::whole(maker.rng.i64(1..=10));
        }
        if position > 2 && maker.chance(10) {
            line.kind = LineKind::Optional;
        }
        line.net_total = line.net();
        lines.push(line);
    }
    let sums = totals(&lines, quote.discount);
    (quote.net_total, quote.tax_total, quote.gross_total) = (sums.net, sums.tax, sums.gross);
    Ok((quote, lines))
}

/// Visits and tasks around today, so that the first screen has a day to show.
fn agenda(
    maker: &mut Maker<'_, '_>,
    basis: &Basis,
    customer: &Customer,
    contacts: &[Id],
    index: u64,
) -> Result<(), StoreError> {
    let (at, user) = (basis.now, basis.user);
    let time = |days: i64, hour: u32, minute: u32| {
        let day = basis.today + TimeDelta::days(days);
        let clock = NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or(NaiveTime::MIN);
        crate::local_instant(day.and_time(clock))
    };
    let visits = [(0, 9, 0), (0, 11, 30), (0, 14, 0), (1, 10, 0), (3, 8, 30), (5, 13, 0)];
    if let Some((days, hour, minute)) = visits.get(usize::try_from(index).unwrap_or(usize::MAX)) {
        let starts_at = time(*days, *hour, *minute);
        let project = *maker.pick(&PROJECTS);
        let appointment = Appointment {
            subject: format!("Besuch: {project}"),
            starts_at,
            ends_at: Instant::from(starts_at.utc() + TimeDelta::minutes(90)),
            customer_id: Some(customer.id),
            contact_id: contacts.first().copied(),
            owner_id: user,
            ics_uid: format!("demo-{index}@kontor"),
            ..Appointment::default()
        };
        maker.add(appointment, at, user)?;
        return Ok(());
    }
    let tasks = [
        (-2, "Rückruf wegen Laufzeit"),
        (0, "Angebot nachfassen"),
        (0, "Datenblatt schicken"),
        (1, "Vorführung vorbereiten"),
        (2, "Staffelpreise klären"),
        (4, "Muster abholen"),
    ];
    let place = usize::try_from(index).unwrap_or(usize::MAX).saturating_sub(visits.len());
    if let Some((days, subject)) = tasks.get(place) {
        let task = Task {
            subject: (*subject).into(),
            due_at: time(*days, 17, 0),
            owner_id: user,
            customer_id: Some(customer.id),
            contact_id: contacts.first().copied(),
            ..Task::default()
        };
        maker.add(task, at, user)?;
    }
    Ok(())
}
