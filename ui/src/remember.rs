//! What this device remembers of a screen: its view, columns, saved filters.

use serde::{Serialize, de::DeserializeOwned};
use yew::prelude::*;

use crate::session::World;

/// What was remembered under a name, and how to remember something else. What an older version
/// kept and this one cannot read is as if there was nothing.
#[hook]
pub(crate) fn use_remembered<T>(name: &str) -> (Option<T>, Callback<T>)
where
    T: Serialize + DeserializeOwned + 'static,
{
    let world = use_context::<World>();
    let kept = world
        .as_ref()
        .and_then(|world| world.preferences.screens.get(name))
        .and_then(|kept| serde_json::from_value(kept.clone()).ok());
    let name = name.to_owned();
    let remember = Callback::from(move |value: T| {
        let (Some(world), Ok(value)) = (&world, serde_json::to_value(value)) else { return };
        let mut preferences = (*world.preferences).clone();
        preferences.screens.insert(name.clone(), value);
        world.set_preferences.emit(preferences);
    });
    (kept, remember)
}
