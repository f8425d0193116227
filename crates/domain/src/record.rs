use serde::{Serialize, de::DeserializeOwned};

use crate::{Context, Id, Instant};

/// A row of one table: a plain struct whose field names are the columns.
pub trait Record: Serialize + DeserializeOwned + Clone + Default {
    /// The table's and the change log's name for this kind.
    const ENTITY: &'static str;

    /// Who it is.
    fn id(&self) -> Id;

    /// When it was last changed.
    fn updated_at(&self) -> Instant;

    /// When it was deleted, if it was.
    fn deleted_at(&self) -> Option<Instant>;

    /// Marks it as made now: new id (if it has none), made and changed now by the context's user.
    fn stamp_created(&mut self, context: &mut Context<'_>);

    /// Marks it as changed now by the context's user.
    fn stamp_updated(&mut self, context: &Context<'_>);

    /// Marks it as deleted now, or as restored.
    fn set_deleted(&mut self, at: Option<Instant>);
}

/// Declares a record: the fields that every record has, and its own.
macro_rules! record {
    ($(#[$doc:meta])* $name:ident, $entity:literal { $($(#[$field_doc:meta])* $field:ident : $type:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(default)]
        pub struct $name {
            /// Who it is; [`crate::Id::NIL`] in a form for a new one.
            pub id: crate::Id,
            /// When it was made.
            pub created_at: crate::Instant,
            /// The user who made it.
            pub created_by: crate::Id,
            /// When it was last changed.
            pub updated_at: crate::Instant,
            /// The user who changed it last.
            pub updated_by: crate::Id,
            /// When it was deleted; it stays in the history and can be restored.
            pub deleted_at: Option<crate::Instant>,
            $($(#[$field_doc])* pub $field: $type,)*
        }

        impl crate::Record for $name {
            const ENTITY: &'static str = $entity;

            fn id(&self) -> crate::Id {
                self.id
            }

            fn updated_at(&self) -> crate::Instant {
                self.updated_at
            }

            fn deleted_at(&self) -> Option<crate::Instant> {
                self.deleted_at
            }

            fn stamp_created(&mut self, context: &mut crate::Context<'_>) {
                if self.id.is_nil() {
                    self.id = context.new_id();
                }
                self.created_at = context.now;
                self.created_by = context.user_id;
                self.stamp_updated(context);
            }

            fn stamp_updated(&mut self, context: &crate::Context<'_>) {
                self.updated_at = context.now;
                self.updated_by = context.user_id;
            }

            fn set_deleted(&mut self, at: Option<crate::Instant>) {
                self.deleted_at = at;
            }
        }
    };
}
pub(crate) use record;

/// Declares an enumeration that is text in JSON and SQL (with a CHECK constraint there).
macro_rules! text_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $text)] $variant,)*
        }

        impl $name {
            /// Every value, in the order in which people read them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The text in JSON and SQL.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text),*
                }
            }

            /// The value with this text.
            #[must_use]
            pub fn from_text(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.as_str() == text)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}
pub(crate) use text_enum;
