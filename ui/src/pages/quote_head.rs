//! What a quote says above its lines and below them: to whom, until when, for how much.

use commands::view::QuotePage;
use domain::{Language, Quote, Refusal, format, quote::totals};
use yew::prelude::*;

use super::quote_input::Input;
use crate::{
    form::{Choice, Field, error_at},
    say::{language, say, say_with},
    widget::id_text,
};

/// Its fields.
pub(crate) fn head_fields(
    now: &Input,
    page: &QuotePage,
    choices: Option<&commands::Choices>,
    change: &Callback<Input>,
    wrong: &[Refusal],
    is_draft: bool,
) -> Html {
    let quote = &now.quote;
    let with = |set: fn(&mut Quote, String)| {
        let (now, change) = (now.clone(), change.clone());
        Callback::from(move |text: String| {
            let mut next = now.clone();
            set(&mut next.quote, text);
            change.emit(next);
        })
    };
    let none = AttrValue::from(say("none"));
    html! {
        <fieldset class="card fields" disabled={!is_draft}>
            <Field label={say("field-subject")} name="subject" value={quote.subject.clone()} on_input={with(|q, text| q.subject = text)} error={error_at(wrong, "subject")} />
            <Choice label={say("field-contact")} name="contact_id" value={id_text(quote.contact_id)} nothing={none.clone()} options={page.contacts.iter().map(|c| (c.id.to_string(), c.full_name())).collect::<Vec<_>>()} on_choose={with(|q, text| q.contact_id = text.parse().ok())} />
            <Field label={say("field-date")} name="date" kind="date" value={quote.date.to_string()} on_input={with(|q, text| if let Ok(day) = text.parse() { q.date = day; })} />
            <Field label={say("field-valid-until")} name="valid_until" kind="date" value={quote.valid_until.to_string()} on_input={with(|q, text| if let Ok(day) = text.parse() { q.valid_until = day; })} error={error_at(wrong, "valid_until")} />
            if let Some(choices) = choices {
                <Choice label={say("field-payment-terms")} value={id_text(quote.payment_terms_id)} nothing={none.clone()} options={choices.payment_terms.iter().map(|c| (c.id.to_string(), c.name.clone())).collect::<Vec<_>>()} on_choose={with(|q, text| q.payment_terms_id = text.parse().ok())} />
            }
            <details class="wide"><summary>{ say("more-and-texts") }</summary>
                <div class="fields">
                <Choice label={say("field-opportunity")} name="opportunity_id" value={id_text(quote.opportunity_id)} nothing={none.clone()} options={page.opportunities.iter().map(|c| (c.id.to_string(), c.name.clone())).collect::<Vec<_>>()} on_choose={with(|q, text| q.opportunity_id = text.parse().ok())} />
                <Choice label={say("field-language")} name="language" value={quote.language.to_string()} options={Language::ALL.iter().map(|k| (k.to_string(), say(&format!("language-{k}")))).collect::<Vec<_>>()} on_choose={with(|q, text| q.language = Language::from_text(&text).unwrap_or_default())} />
                    if let Some(choices) = choices {
                        <Choice label={say("field-price-list")} value={id_text(quote.price_list_id)} nothing={none} options={choices.price_lists.iter().map(|c| (c.id.to_string(), c.name.clone())).collect::<Vec<_>>()} on_choose={with(|q, text| q.price_list_id = text.parse().ok())} />
                    }
                <Field label={say("field-reference")} value={quote.reference.clone()} on_input={with(|q, text| q.reference = text)} />
                </div>
                <Field label={say("field-intro")} name="intro_text" rows={2} value={quote.intro_text.clone()} on_input={with(|q, text| q.intro_text = text)} />
                <Field label={say("field-delivery")} name="delivery_terms" rows={2} value={quote.delivery_terms.clone()} on_input={with(|q, text| q.delivery_terms = text)} />
                <Field label={say("field-closing")} name="closing_text" rows={2} value={quote.closing_text.clone()} on_input={with(|q, text| q.closing_text = text)} />
                <Field label={say("field-notes-internal")} rows={2} value={quote.notes.clone()} on_input={with(|q, text| q.notes = text)} />
            </details>
        </fieldset>
    }
}

/// Its sums, as they are typed.
pub(crate) fn sums(
    now: &Input,
    change: &Callback<Input>,
    wrong: &[Refusal],
    is_draft: bool,
) -> Html {
    let (quote, lines, _) = now.meant();
    let sums = totals(&lines, quote.discount);
    let money = |sum| format::money(sum, &quote.currency, language());
    let discount_input = {
        let (now, change) = (now.clone(), change.clone());
        Callback::from(move |discount| change.emit(Input { discount, ..now.clone() }))
    };
    html! {
        <div class="sums-row">
            <div class="quiet">{ say("line-keys") }</div>
            <div class="totals">
                <fieldset disabled={!is_draft}><Field label={say("field-discount-all")} name="discount" class="narrow" value={now.discount.clone()} on_input={discount_input} error={error_at(wrong, "discount")} /></fieldset>
                <dl>
                    if sums.discount != domain::Money::ZERO { <dt>{ say("sum-lines") }</dt><dd>{ money(sums.lines) }</dd><dt>{ say("sum-discount") }</dt><dd>{ money(-sums.discount) }</dd> }
                    <dt>{ say("sum-net") }</dt><dd id="net">{ money(sums.net) }</dd>
                    { for sums.taxes.iter().map(|share| html! { <><dt>{ say_with("sum-tax", &[("rate", &format::percent(share.rate, language()))]) }</dt><dd>{ money(share.tax) }</dd></> }) }
                    <dt class="gross">{ say("sum-gross") }</dt><dd class="gross" id="gross">{ money(sums.gross) }</dd>
                </dl>
            </div>
        </div>
    }
}
