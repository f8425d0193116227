//! What the user's role allows: by the rules of the domain, as the hub judges.

use yew::prelude::*;

use crate::{say::say, session::World};

/// Whether the user may make and change records of this entity.
#[hook]
pub(crate) fn use_may(entity: &str) -> bool {
    use_context::<World>().is_none_or(|world| world.may_write(entity))
}

#[derive(Properties, PartialEq)]
pub(crate) struct MayProps {
    /// What is written to.
    pub(crate) entity: AttrValue,
    pub(crate) children: Html,
}

/// Buttons and the like that only those see who may use them.
#[component]
pub(crate) fn May(props: &MayProps) -> Html {
    if use_may(&props.entity) {
        props.children.clone()
    } else {
        html! {}
    }
}

/// Fields that everybody reads, and those type in who may.
#[component]
pub(crate) fn Allowed(props: &MayProps) -> Html {
    let may = use_may(&props.entity);
    html! { <>
        if !may { <p class="hint role">{ say("role-may-not") }</p> }
        <fieldset class="allowed" disabled={!may}>{ props.children.clone() }</fieldset>
    </> }
}
