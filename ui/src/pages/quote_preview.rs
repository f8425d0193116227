//! The pages of a quote as they will be printed.

use commands::PreviewQuote;
use yew::prelude::*;

use super::{quote_input::Input, use_answer};
use crate::say::say;

#[derive(Properties, PartialEq)]
pub(crate) struct PreviewProps {
    pub(crate) input: Input,
}

/// The pages as they will be printed. While something cannot be read, the last that could be.
#[component]
pub(crate) fn Preview(props: &PreviewProps) -> Html {
    let (quote, lines, wrong) = props.input.meant();
    let readable = use_state(|| (quote.clone(), lines.clone()));
    {
        let readable = readable.setter();
        use_effect_with((quote, lines, wrong.is_empty()), move |(quote, lines, is_readable)| {
            if *is_readable {
                readable.set((quote.clone(), lines.clone()));
            }
        });
    }
    let (quote, lines) = (*readable).clone();
    let pages = use_answer(PreviewQuote { quote, lines });
    html! {
        <div class="preview" role="region" aria-label={say("preview")} tabindex="0">
            { for pages.iter().flat_map(|pages| pages.iter()).map(|page| Html::from_html_unchecked(page.clone().into())) }
        </div>
    }
}
