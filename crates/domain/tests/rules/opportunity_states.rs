use domain::{
    Money, Opportunity, OpportunityStatus, Stage, close_opportunity, move_opportunity,
    save_opportunity,
};

use crate::{codes, id, with_context};

use OpportunityStatus::{Cancelled, Lost, Open, Won};

fn opportunity(status: OpportunityStatus) -> Opportunity {
    Opportunity {
        id: id(10),
        number: "VC-2026-0001".into(),
        customer_id: id(20),
        name: "Linie 3".into(),
        stage: Stage::Quote,
        status,
        value: Money(9_640_000),
        currency: "EUR".into(),
        probability: 50,
        closed_at: (status != Open).then(domain::Instant::default),
        lost_reason: if matches!(status, Lost | Cancelled) {
            "Preis".into()
        } else {
            String::new()
        },
        ..Opportunity::default()
    }
}

#[test]
fn every_closing_in_every_status_is_decided() {
    let no = Some("status-change");
    for (from, refusals) in [
        // … to open, won, lost, cancelled
        (Open, [no, None, None, None]),
        (Won, [None, no, no, no]),
        (Lost, [None, no, no, no]),
        (Cancelled, [None, no, no, no]),
    ] {
        for (to, refusal) in [Open, Won, Lost, Cancelled].into_iter().zip(refusals) {
            let opportunity = opportunity(from);
            let outcome =
                with_context(|context| close_opportunity(&opportunity, to, "Preis", context));
            let expected: Vec<String> = refusal.into_iter().map(String::from).collect();
            assert_eq!(codes(outcome), expected, "{from} to {to}");
        }
    }
}

#[test]
fn closing_says_when_how_likely_and_why() {
    for (from, to, operation, probability, reason) in [
        (Open, Won, "opportunity.win", 100, ""),
        (Open, Lost, "opportunity.lose", 0, "Preis"),
        (Open, Cancelled, "opportunity.cancel", 0, "Preis"),
        (Lost, Open, "opportunity.reopen", 50, ""),
    ] {
        let before = opportunity(from);
        let changeset =
            with_context(|context| close_opportunity(&before, to, " Preis ", context)).unwrap();
        assert_eq!(changeset.operation, operation);
        let mut fields = domain::changeset::object(&before);
        for (name, change) in &changeset.changes[0].fields {
            fields.insert(name.clone(), change.to.clone());
        }
        let after: Opportunity = serde_json::from_value(fields.into()).unwrap();
        assert_eq!((after.status, after.probability), (to, probability), "{operation}");
        assert_eq!(after.lost_reason, reason, "{operation}");
        assert_eq!(after.closed_at.is_some(), to != Open, "{operation}");
    }
    for status in [Lost, Cancelled] {
        let open = opportunity(Open);
        let outcome = with_context(|context| close_opportunity(&open, status, " \t", context));
        assert_eq!(codes(outcome), ["reason-needed"]);
    }
}

#[test]
fn only_open_ones_move_by_hand_and_by_form() {
    for status in OpportunityStatus::ALL {
        for stage in Stage::ALL {
            let before = opportunity(*status);
            let moved = with_context(|context| move_opportunity(&before, *stage, context));
            let may = *status == Open;
            assert_eq!(moved.is_ok(), may, "{status} to {stage}");
            if let Ok(changeset) = moved {
                // Moving to where it is changes nothing.
                assert_eq!(changeset.is_empty(), *stage == before.stage, "{stage}");
            }
            // A form that calls it open does not open it.
            let form = Opportunity { stage: *stage, status: Open, ..before.clone() };
            let saved = with_context(|context| save_opportunity(Some(&before), form, context));
            assert_eq!(saved.is_ok(), may || *stage == before.stage, "{status} to {stage}");
            if let Ok((_, saved)) = saved {
                assert_eq!(saved.status, *status);
            }
        }
    }
}

#[test]
fn a_form_does_not_say_what_closing_says() {
    let before = opportunity(Lost);
    let form = Opportunity {
        number: "VC-1".into(),
        closed_at: None,
        lost_reason: String::new(),
        description: "Neu".into(),
        ..before.clone()
    };
    let (changeset, saved) =
        with_context(|context| save_opportunity(Some(&before), form, context)).unwrap();
    assert_eq!((saved.lost_reason, saved.number), (before.lost_reason, before.number));
    let fields: Vec<_> = changeset.changes[0].fields.keys().map(String::as_str).collect();
    assert_eq!(fields, ["description", "updated_at", "updated_by"]);
}
