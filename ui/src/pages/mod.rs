//! One file a page.

pub(crate) mod articles;
pub(crate) mod calendar;
pub(crate) mod connect;
pub(crate) mod contact_form;
pub(crate) mod contacts;
pub(crate) mod customer;
pub(crate) mod customer_form;
mod customer_quick;
mod customer_tabs;
mod customer_timeline;
pub(crate) mod customers;
mod customers_bulk;
mod draft;
mod forecast;
mod history;
pub(crate) mod import;
pub(crate) mod import_rows;
pub(crate) mod opportunities;
pub(crate) mod opportunity_form;
pub(crate) mod quote;
mod quote_add;
mod quote_head;
mod quote_input;
mod quote_lines;
mod quote_preview;
pub(crate) mod quotes;
pub(crate) mod settings;
pub(crate) mod signature;
pub(crate) mod sync;
mod sync_conflict;
mod sync_correct;
mod sync_done;
mod sync_rejected;
mod sync_rounds;
mod sync_stand;
pub(crate) mod today;
pub(crate) mod welcome;

use std::rc::Rc;

use commands::Request;
use gloo_timers::callback::Timeout;
use yew::prelude::*;

use crate::{
    backend,
    say::{say, say_with},
    session::World,
    toast,
};

/// What the app answers to a request; asked again when the request or any record changes. What
/// was answered before stays until the next answer is there.
#[hook]
pub(crate) fn use_answer<R: Request + Clone + PartialEq + 'static>(
    request: R,
) -> Option<Rc<R::Reply>> {
    use_answer_at(request, 0).map(|(_, answer)| answer)
}

/// The same for a part of a list, with the place of its first row: an answer to an older window
/// is shown where it belongs.
#[hook]
pub(crate) fn use_answer_at<R: Request + Clone + PartialEq + 'static>(
    request: R,
    offset: u64,
) -> Option<(u64, Rc<R::Reply>)> {
    let answer = use_state(|| None::<(u64, Rc<R::Reply>)>);
    let changes = use_context::<World>().map_or(0, |world| world.changes);
    {
        let answer = answer.setter();
        use_effect_with((request, offset, changes), move |(request, offset, _)| {
            let current = Rc::new(std::cell::Cell::new(true));
            let (asked, request, offset) = (current.clone(), request.clone(), *offset);
            wasm_bindgen_futures::spawn_local(async move {
                match backend::call(request).await {
                    Ok(found) if asked.get() => answer.set(Some((offset, Rc::new(found)))),
                    Ok(_) => {}
                    Err(failure) => toast::failure(&failure),
                }
            });
            move || current.set(false)
        });
    }
    (*answer).clone()
}

/// Orders something; says what was done, or why not.
pub(crate) fn order<R: Request + 'static>(
    request: R,
    done: Option<String>,
    then: impl FnOnce(R::Reply) + 'static,
) {
    wasm_bindgen_futures::spawn_local(async move {
        match backend::call(request).await {
            Ok(reply) => {
                if let Some(done) = done {
                    toast::done(done);
                }
                then(reply);
            }
            Err(failure) => toast::failure(&failure),
        }
    });
}

/// Orders something for many records; says how many it was done to, with undo.
pub(crate) fn order_counted<R: Request<Reply = u64> + 'static>(
    request: R,
    said: &'static str,
    then: impl FnOnce() + 'static,
) {
    wasm_bindgen_futures::spawn_local(async move {
        // Thousands of records take their time: who waits is told so.
        let waiting = Timeout::new(400, || toast::note(say("bulk-working")));
        let answer = backend::call(request).await;
        waiting.cancel();
        match answer {
            Ok(count) => {
                let text = say_with(said, &[("count", &count.to_string())]);
                if count == 0 {
                    toast::note(text)
                } else {
                    toast::done(text)
                }
                then();
            }
            Err(failure) => toast::failure(&failure),
        }
    });
}
