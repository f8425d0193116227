//! Saving an article. Where there is no hub, the catalogue is kept on the laptop itself.

use crate::{
    Article, Changeset, Context, Refusal, Refused, UnitPrice,
    customer::check_fresh,
    text::{BODY, LINE, check_length, check_there, tidy_body, tidy_line},
};

/// What speaks against an article.
#[must_use]
pub fn check_article(article: &Article) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    check_there(&mut refusals, "number", &article.number);
    check_there(&mut refusals, "name", &article.name);
    for (field, text) in [
        ("number", &article.number),
        ("name", &article.name),
        ("name_en", &article.name_en),
        ("article_group", &article.article_group),
    ] {
        check_length(&mut refusals, field, text, LINE);
    }
    check_length(&mut refusals, "description", &article.description, BODY);
    if article.list_price < UnitPrice::ZERO {
        refusals.push(Refusal::new("negative", "This cannot be negative.").at("list_price"));
    }
    for (field, id) in [("unit", article.unit_id), ("tax", article.tax_id)] {
        if id.is_nil() {
            refusals.push(Refusal::new("needed", "Please fill this in.").at(field));
        }
    }
    refusals
}

/// Saves an article.
///
/// # Errors
/// Everything that speaks against it.
pub fn save_article(
    old: Option<&Article>,
    mut new: Article,
    context: &mut Context<'_>,
) -> Result<(Changeset, Article), Refused> {
    for text in [&mut new.number, &mut new.name, &mut new.name_en, &mut new.article_group] {
        tidy_line(text);
    }
    tidy_body(&mut new.description);
    let mut refusals = check_fresh(old, &new);
    refusals.extend(check_article(&new));
    Refused::unless_empty(refusals)?;
    let operation = if old.is_some() { "article.save" } else { "article.create" };
    let mut changeset = Changeset::new(operation, &*new.number, context);
    let saved = match old {
        Some(old) => changeset.update(old, new, context),
        None => changeset.insert(new, context),
    };
    Ok((changeset, saved))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Id, Instant};

    #[test]
    fn an_article_needs_number_name_unit_and_tax() {
        let codes = |article: &Article| {
            let found = check_article(article).into_iter();
            found.map(|refusal| refusal.field.unwrap_or_default()).collect::<Vec<_>>()
        };
        assert_eq!(codes(&Article::default()), ["number", "name", "unit", "tax"]);
        let id = Id(uuid::Uuid::from_u128(7));
        let good = Article {
            number: " A-1 ".into(),
            name: "Brenner".into(),
            unit_id: id,
            tax_id: id,
            ..Article::default()
        };
        assert!(codes(&good).is_empty());
        let cheap = Article { list_price: UnitPrice(-1), ..good.clone() };
        assert_eq!(codes(&cheap), ["list_price"]);
        let mut ids = || id;
        let today = "2026-11-21".parse().unwrap();
        let now = Instant::default();
        let mut context = Context { now, today, user_id: id, ids: &mut ids };
        let (changeset, saved) = save_article(None, good, &mut context).unwrap();
        assert_eq!((saved.number.as_str(), changeset.changes.len()), ("A-1", 1));
        let (same, _) = save_article(Some(&saved), saved.clone(), &mut context).unwrap();
        assert!(same.is_empty());
    }
}
