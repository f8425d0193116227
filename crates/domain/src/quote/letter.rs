//! What a quote says as a letter: to whom, with which words, to be paid when.

use crate::{
    Address, Contact, Customer, Day, Language, Money, PaymentTerms, Salutation,
    country::country_name,
};

/// “Sehr geehrte Frau Dr. Jäger,”. Without a name the company is addressed; for diverse, and
/// where the salutation is not known, the full name stands without Frau or Herr.
#[must_use]
pub fn salutation_line(contact: Option<&Contact>, language: Language) -> String {
    let Some(contact) = contact.filter(|contact| !contact.last_name.is_empty()) else {
        return match language {
            Language::De => "Sehr geehrte Damen und Herren,".into(),
            Language::En => "Dear Sir or Madam,".into(),
        };
    };
    let surname = format!("{} {}", contact.title, contact.last_name).trim().to_owned();
    let full = contact.full_name();
    match (language, contact.salutation) {
        (Language::De, Salutation::Ms) => format!("Sehr geehrte Frau {surname},"),
        (Language::De, Salutation::Mr) => format!("Sehr geehrter Herr {surname},"),
        (Language::De, Salutation::Diverse | Salutation::Unknown) => format!("Guten Tag {full},"),
        (Language::En, Salutation::Ms) if contact.title.is_empty() => format!("Dear Ms {surname},"),
        (Language::En, Salutation::Mr) if contact.title.is_empty() => format!("Dear Mr {surname},"),
        (Language::En, Salutation::Ms | Salutation::Mr) => {
            format!("Dear {},", surname.replace("Dr.", "Dr").replace("Prof.", "Prof"))
        }
        (Language::En, Salutation::Diverse | Salutation::Unknown) => format!("Dear {full},"),
    }
}

/// The lines of the address window (DIN 5008): company, person, street, town, and for a letter
/// abroad the country in capitals.
#[must_use]
pub fn recipient(
    customer: &Customer,
    contact: Option<&Contact>,
    address: Option<&Address>,
    sender_country: &str,
    language: Language,
) -> Vec<String> {
    let mut lines = vec![customer.name.clone()];
    if let Some(contact) = contact {
        let before = match (language, contact.salutation) {
            (Language::De, Salutation::Ms) => "Frau ",
            (Language::De, Salutation::Mr) => "Herrn ",
            (Language::En, Salutation::Ms) if contact.title.is_empty() => "Ms ",
            (Language::En, Salutation::Mr) if contact.title.is_empty() => "Mr ",
            _ => "",
        };
        lines.push(format!("{before}{}", contact.full_name()));
    }
    if let Some(address) = address {
        lines.push(address.street_line());
        lines.push(address.city_line());
        if address.country.0 != sender_country {
            lines.push(country_name(&address.country.0, language).to_uppercase());
        }
    }
    lines.retain(|line| !line.trim().is_empty());
    lines
}

/// Skonto as it is printed: until when, and how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Skonto {
    /// Last day to take it.
    pub until: Day,
    /// What it takes off.
    pub amount: Money,
    /// What is paid then.
    pub pay: Money,
}

/// The Skonto of payment terms for an amount invoiced on a day; none where there is none.
#[must_use]
pub fn skonto(terms: &PaymentTerms, day: Day, gross: Money) -> Option<Skonto> {
    let days = u64::try_from(terms.skonto_days).ok().filter(|days| *days > 0)?;
    if terms.skonto.0 <= 0 {
        return None;
    }
    let amount = gross.percent(terms.skonto);
    let until = day.checked_add_days(chrono::Days::new(days))?;
    Some(Skonto { until, amount, pay: gross - amount })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_addressed_as_they_expect() {
        let contact = |salutation, title: &str| Contact {
            salutation,
            title: title.into(),
            first_name: "Anna".into(),
            last_name: "Jäger".into(),
            ..Contact::default()
        };
        for (contact, de, en) in [
            (
                Some(contact(Salutation::Ms, "Dr.")),
                "Sehr geehrte Frau Dr. Jäger,",
                "Dear Dr Jäger,",
            ),
            (Some(contact(Salutation::Mr, "")), "Sehr geehrter Herr Jäger,", "Dear Mr Jäger,"),
            (Some(contact(Salutation::Diverse, "")), "Guten Tag Anna Jäger,", "Dear Anna Jäger,"),
            (None, "Sehr geehrte Damen und Herren,", "Dear Sir or Madam,"),
        ] {
            assert_eq!(salutation_line(contact.as_ref(), Language::De), de);
            assert_eq!(salutation_line(contact.as_ref(), Language::En), en);
        }
    }

    #[test]
    fn skonto_has_its_date_and_amount() {
        let terms = PaymentTerms {
            due_days: 30,
            skonto_days: 10,
            skonto: crate::Percent::whole(2),
            ..PaymentTerms::default()
        };
        let day = Day::from_ymd_opt(2026, 11, 21).unwrap();
        let skonto = skonto(&terms, day, Money(505_447)).unwrap();
        assert_eq!(skonto.until.to_string(), "2026-12-01");
        assert_eq!((skonto.amount, skonto.pay), (Money(10_109), Money(495_338)));
    }
}
