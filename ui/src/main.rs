//! The screens: Yew in the shell's web view. They ask the app and show what it answers; no rule
//! of the CRM lives here.

mod allowed;
mod backend;
mod clock;
mod day_field;
mod export;
mod focus;
mod form;
mod frame;
mod keys;
mod list;
mod list_tools;
mod pages;
mod palette;
mod pointer;
mod remember;
mod route;
mod rows;
mod say;
mod select;
mod session;
mod sync_chip;
mod time_field;
mod toast;
mod typed_value;
mod typing;
mod value;
mod widget;

use yew::prelude::*;

#[component]
fn Root() -> Html {
    html! { <session::Session /> }
}

fn main() {
    console_error_panic_hook::set_once();
    yew::Renderer::<Root>::new().render();
}
