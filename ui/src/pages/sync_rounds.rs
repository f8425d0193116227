//! What sync did lately.

use commands::{Failure, view::RoundView};
use yew::prelude::*;

use crate::{
    clock,
    say::{self, say, say_with},
};

/// What went and came, in words; empty for nothing. Sent, received, changed twice, not taken, put
/// right.
pub(super) fn did(counts: [u64; 5]) -> String {
    let names = ["did-sent", "did-received", "did-conflicts", "did-rejected", "did-mended"];
    let parts = names.into_iter().zip(counts).filter(|(_, count)| *count > 0);
    let parts = parts.map(|(name, count)| say_with(name, &[("count", &count.to_string())]));
    parts.collect::<Vec<_>>().join(", ")
}

/// Why it did not end well; what comes and goes by itself, in a few words.
fn how_it_ended(failure: &Failure) -> Html {
    match say::find(&format!("round-{}", failure.code), &[]) {
        Some(usual) => html! { <p class="quiet">{ usual }</p> },
        None => html! { <p class="why">{ say::failure(failure) }</p> },
    }
}

fn round(round: &RoundView) -> Html {
    let RoundView { at, sent, received, conflicts, rejected, mended, failure } = round;
    let did = did([*sent, *received, *conflicts, *rejected, *mended]);
    let did = match (did.is_empty(), failure) {
        (true, None) => say("rounds-well"),
        _ => did,
    };
    html! {
        <li>
            <span class="when" title={clock::full(*at)}>{ clock::short(*at) }</span>
            <div>{ did }
            if let Some(failure) = failure { { how_it_ended(failure) } }</div>
        </li>
    }
}

/// The last rounds, newest first.
pub(super) fn rounds(list: &[RoundView]) -> Html {
    if list.is_empty() {
        return html! {};
    }
    html! {
        <section aria-labelledby="rounds">
            <h2 id="rounds">{ say("rounds") }</h2>
            <p class="quiet">{ say("rounds-text") }</p>
            <ul class="card waiting rounds">{ for list.iter().map(round) }</ul>
        </section>
    }
}
