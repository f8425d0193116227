//! How a request, its reply and whoever answers it belong together.

use serde::{Serialize, de::DeserializeOwned};

use crate::Failure;

/// A question or order with its reply.
pub trait Request: Serialize + DeserializeOwned {
    /// Its name on every door.
    const NAME: &'static str;
    /// What is answered.
    type Reply: Serialize + DeserializeOwned;
}

/// Someone who can answer a request: the app.
pub trait Answer<R: Request> {
    /// Answers.
    ///
    /// # Errors
    /// Why it was not answered; nothing was changed then.
    fn answer(&self, request: R) -> Result<R::Reply, Failure>;
}

macro_rules! requests {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident : $type:ty),* $(,)? } => $reply:ty;)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
            pub struct $name { $($(#[$field_doc])* pub $field: $type,)* }

            impl Request for $name {
                const NAME: &'static str = stringify!($name);
                type Reply = $reply;
            }
        )*

        /// Any request, as it crosses a door: `{"name": "ListCustomers", "body": {…}}`.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "name", content = "body")]
        pub enum Command { $($(#[$doc])* $name($name),)* }

        /// Answers any request; a request without an answer does not compile.
        ///
        /// # Errors
        /// Why it was not answered; nothing was changed then.
        pub fn dispatch<A>(app: &A, command: Command) -> Result<Value, Failure>
        where
            A: $(Answer<$name> +)*
        {
            match command {
                $(Command::$name(request) => serde_json::to_value(app.answer(request)?)
                    .map_err(|error| Failure::new("internal", error.to_string())),)*
            }
        }
    };
}
pub(crate) use requests;
