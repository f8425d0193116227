//! The quote editor: head, lines, totals, the page beside it, and what becomes of the quote.

use commands::{
    CopyQuote, DecideQuote, DeleteQuote, GetChoices, GetQuote, ReviseQuote, SaveQuote,
    SaveQuotePdf, SendQuote,
};
use domain::{Id, QuoteStatus, Refusal, format};
use yew::prelude::*;

use super::{
    draft::{drop_draft, keep_draft},
    history::History,
    opportunity_form::Reason,
    order,
    quote_head::{head_fields, sums},
    quote_input::Input,
    quote_lines::Lines,
    quote_preview::Preview,
    signature::Signature,
    use_answer,
};
use crate::{
    allowed::use_may,
    backend,
    route::Page,
    say::{language, say, say_with},
    toast,
    widget::{Go, Head, chip, status, way},
};

#[derive(Properties, PartialEq)]
pub(crate) struct QuoteEditorProps {
    pub(crate) id: Id,
    pub(crate) go: Go,
}

/// What stands over the editor.
#[derive(Clone, Copy, PartialEq)]
enum Over {
    Nothing,
    Sign,
    Reject,
    History,
}

#[component]
pub(crate) fn QuoteEditor(props: &QuoteEditorProps) -> Html {
    let id = props.id;
    let key = format!("quote:{id}");
    let input = use_state(|| None::<Input>);
    let dirty = use_state(|| false);
    let wrong = use_state(Vec::<Refusal>::new);
    let over = use_state(|| Over::Nothing);
    let page = use_answer(GetQuote { id });
    let choices = use_answer(GetChoices {});
    let may = use_may("quote");
    {
        let (input, dirty, key) = (input.clone(), dirty.clone(), key.clone());
        use_effect_with(page.clone(), move |page| {
            let Some(page) = page.clone() else { return };
            // What is being typed stays while the quote itself is the same.
            let same =
                input.as_ref().is_some_and(|now| now.quote.updated_at == page.quote.updated_at);
            if *dirty && same {
                return;
            }
            let first = input.is_none();
            let (input, dirty) = (input.setter(), dirty.setter());
            wasm_bindgen_futures::spawn_local(async move {
                let draft = if first {
                    backend::call(commands::GetDraft { key }).await.ok().flatten()
                } else {
                    None
                };
                let kept =
                    draft.and_then(|draft| serde_json::from_value::<Input>(draft.input).ok());
                let kept = kept.filter(|kept| kept.quote.updated_at == page.quote.updated_at);
                dirty.set(kept.is_some());
                input.set(Some(kept.unwrap_or_else(|| Input::of(&page))));
            });
        });
    }
    let (Some(page), Some(now)) = (page, (*input).clone()) else { return html! {} };
    let quote = page.quote.clone();
    let is_draft = may && quote.status == QuoteStatus::Draft;
    let change = {
        let (input, dirty, key) = (input.clone(), dirty.clone(), key.clone());
        Callback::from(move |next: Input| {
            if let Ok(json) = serde_json::to_value(&next) {
                keep_draft(key.clone(), json);
            }
            dirty.set(true);
            input.set(Some(next));
        })
    };
    // Saves what is typed, then goes on.
    let save_then = {
        let (now, wrong, dirty, input, key) =
            (now.clone(), wrong.clone(), dirty.clone(), input.clone(), key.clone());
        Callback::from(move |then: Callback<()>| {
            let (quote, lines, found) = now.meant();
            let has_wrong = !found.is_empty();
            wrong.set(found.clone());
            if has_wrong {
                return toast::failure(&domain::Refused(found).into());
            }
            if !*dirty {
                return then.emit(());
            }
            let (wrong, dirty, input, key) =
                (wrong.clone(), dirty.clone(), input.clone(), key.clone());
            wasm_bindgen_futures::spawn_local(async move {
                match backend::call(SaveQuote { quote, lines }).await {
                    Ok(saved) => {
                        drop_draft(key);
                        dirty.set(false);
                        input.set(Some(Input::of(&saved)));
                        then.emit(());
                    }
                    Err(failure) => {
                        wrong.set(failure.refusals.clone());
                        toast::failure(&failure);
                    }
                }
            });
        })
    };
    let save = {
        let save_then = save_then.clone();
        let number = quote.number.clone();
        Callback::from(move |()| {
            let said = say_with("saved", &[("what", &number)]);
            save_then.emit(Callback::from(move |()| toast::done(said.clone())));
        })
    };
    let onkeydown = {
        let save = save.clone();
        move |event: KeyboardEvent| {
            if event.ctrl_key() && matches!(event.key().as_str(), "s" | "S") {
                event.prevent_default();
                save.emit(());
            }
        }
    };
    let open_pdf = {
        let save_then = save_then.clone();
        move |_| {
            save_then.emit(Callback::from(move |()| {
                shell_order("open_quote", serde_json::json!({ "id": id }))
            }))
        }
    };
    let save_pdf = {
        let save_then = save_then.clone();
        let name = format!("{}.pdf", quote.number);
        move |_| {
            let name = name.clone();
            save_then.emit(Callback::from(move |()| choose_and_save(id, name.clone())));
        }
    };
    let sign = {
        let (save_then, over) = (save_then.clone(), over.clone());
        move |_| {
            let over = over.clone();
            save_then.emit(Callback::from(move |()| over.set(Over::Sign)));
        }
    };
    let send = {
        let (save_then, number) = (save_then.clone(), quote.number.clone());
        move |_| {
            let said = say_with("quote-sent", &[("number", &number)]);
            save_then.emit(Callback::from(move |()| {
                order(SendQuote { id }, Some(said.clone()), |()| {})
            }));
        }
    };
    let go = props.go.clone();
    let decide = |status: QuoteStatus, name: &str| {
        let said = say_with("status-now", &[("status", &say(&format!("status-{status}")))]);
        html! { <button onclick={move |_| order(DecideQuote { id, status, reason: String::new() }, Some(said.clone()), |()| {})}>{ say(name) }</button> }
    };
    let revise = {
        let go = go.clone();
        move |_| {
            let go = go.clone();
            order(ReviseQuote { id }, None, move |made| go.emit(Page::Quote(made)));
        }
    };
    let copy = {
        let go = go.clone();
        move |_| {
            let go = go.clone();
            order(CopyQuote { id, customer_id: None }, None, move |made| {
                go.emit(Page::Quote(made))
            });
        }
    };
    let delete = {
        let (go, number, key) = (go.clone(), quote.number.clone(), key.clone());
        move |_| {
            let (go, said) = (go.clone(), say_with("deleted", &[("what", &number)]));
            drop_draft(key.clone());
            order(DeleteQuote { id }, Some(said), move |()| go.emit(Page::Quotes));
        }
    };
    let set_over = |what: Over| {
        let over = over.clone();
        move |_| over.set(if *over == what { Over::Nothing } else { what })
    };
    let close_over = {
        let over = over.clone();
        Callback::from(move |()| over.set(Over::Nothing))
    };
    let above = html! { <>{ way(&go, Page::Quotes, &say("nav-quotes")) }{ " / " }{ way(&go, Page::Customer(quote.customer_id), &page.customer.name) }</> };
    let beside = html! {<>
        { status(quote.status.as_str()) }
        if quote.revision > 1 || page.revisions.len() > 1 { { for page.revisions.iter().map(|row| {
            let (go, other) = (go.clone(), row.id);
            html! { <button class={classes!("filter", (row.id == id).then_some("on"))} onclick={move |_| go.emit(Page::Quote(other))}>{ format!("Rev. {}", row.revision) }</button> }
        }) } }
        if *dirty { { chip("warm", say("unsaved")) } }
        if quote.signed_at.is_some() { { chip("good", say_with("signed-by", &[("name", &quote.signed_name)])) } }
    </>};
    html! {
        <div class="quote-page" {onkeydown}>
        <Head title={quote.number.clone()} {above} {beside}>
            <button onclick={set_over(Over::History)}>{ say("tab-history") }</button>
            if is_draft {
                <button onclick={delete}>{ say("delete") }</button>
            } else if may {
                <button onclick={copy}>{ say("copy") }</button>
            }
            if may && matches!(quote.status, QuoteStatus::Sent | QuoteStatus::Expired) {
                { decide(QuoteStatus::Accepted, "accept") }
                <button onclick={set_over(Over::Reject)}>{ say("reject") }</button>
            }
            if may && !is_draft { <button id="revise" onclick={revise}>{ say("revise") }</button> }
            <button id="save-pdf" onclick={save_pdf}>{ say("save-pdf") }</button>
            <button id="open-pdf" onclick={open_pdf}>{ say("open-pdf") }</button>
            if is_draft {
                <button id="save" disabled={!*dirty} onclick={let save = save.clone(); move |_| save.emit(())}>{ say("save") }</button>
                <button id="sign" onclick={sign}>{ say("sign") }</button>
                <button class="primary" id="send" onclick={send}>{ say("hand-over") }</button>
            }
        </Head>
        if !is_draft { <p class="hint">{ say(if may { "quote-frozen-hint" } else { "role-may-not" }) }</p> }
        <div class="quote-split">
            <div class={classes!("editor", (!is_draft).then_some("frozen"))}>
                { head_fields(&now, &page, choices.as_deref(), &change, &wrong, is_draft) }
                <Lines input={now.clone()} change={change.clone()} {is_draft} wrong={(*wrong).clone()} />
                { sums(&now, &change, &wrong, is_draft) }
            </div>
            <Preview input={now.clone()} />
        </div>
        if *over == Over::History { <History entity="quote" {id} /> }
        if *over == Over::Sign { <Signature {id} total={format::money(quote.gross_total, &quote.currency, language())} close={close_over.clone()} /> }
        if *over == Over::Reject {
            <Reason title={say("reject")} close={close_over.clone()} done={let close = close_over.clone(); Callback::from(move |reason: String| { close.emit(()); order(DecideQuote { id, status: QuoteStatus::Rejected, reason }, Some(say("noted")), |()| {}); })} />
        }
        </div>
    }
}

fn shell_order(command: &'static str, arguments: serde_json::Value) {
    wasm_bindgen_futures::spawn_local(async move {
        if let Err(failure) = backend::shell::<_, ()>(command, arguments).await {
            toast::failure(&failure);
        }
    });
}

fn choose_and_save(id: Id, name: String) {
    wasm_bindgen_futures::spawn_local(async move {
        let kind = serde_json::json!({ "name": "PDF", "endings": ["pdf"] });
        let chosen = backend::shell::<_, Option<String>>(
            "choose_target",
            serde_json::json!({ "kind": kind, "name": name }),
        )
        .await;
        match chosen {
            Ok(None) => {}
            Ok(Some(path)) => match backend::call(SaveQuotePdf { id, path: path.clone() }).await {
                Ok(()) => toast::note(say_with("pdf-saved", &[("path", &path)])),
                Err(failure) => toast::failure(&failure),
            },
            Err(failure) => toast::failure(&failure),
        }
    });
}
