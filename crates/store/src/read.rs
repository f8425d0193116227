//! Reads a row into whatever has its columns as fields, without a detour over JSON. A field says
//! by its type what it wants: an id its 16 bytes, a truth value 0 or 1.

use std::fmt;

use rusqlite::{Row, types::ValueRef};
use serde::{
    Deserialize,
    de::{self, IntoDeserializer, Visitor, value::StrDeserializer},
    forward_to_deserialize_any,
};

use crate::{Result, StoreError};

/// The row as a value; a column that it has no field for is left out.
pub(crate) fn row<'de, T: Deserialize<'de>>(row: &'de Row<'_>) -> Result<T> {
    T::deserialize(Columns { row, at: 0 }).map_err(|Unfit(why)| StoreError::Damaged(why))
}

#[derive(Debug)]
struct Unfit(String);

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unfit {}

impl de::Error for Unfit {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

struct Columns<'r, 's> {
    row: &'r Row<'s>,
    at: usize,
}

impl<'de> de::Deserializer<'de> for Columns<'de, '_> {
    type Error = Unfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> std::result::Result<V::Value, Unfit> {
        visitor.visit_map(self)
    }

    fn is_human_readable(&self) -> bool {
        false
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
        option unit unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier
        ignored_any
    }
}

impl<'de> de::MapAccess<'de> for Columns<'de, '_> {
    type Error = Unfit;

    fn next_key_seed<K: de::DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> std::result::Result<Option<K::Value>, Unfit> {
        let Ok(name) = self.row.as_ref().column_name(self.at) else { return Ok(None) };
        let name: StrDeserializer<'_, Unfit> = name.into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<V: de::DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> std::result::Result<V::Value, Unfit> {
        let value = self.row.get_ref(self.at).map_err(|error| Unfit(error.to_string()))?;
        self.at += 1;
        seed.deserialize(Field(value))
    }
}

struct Field<'r>(ValueRef<'r>);

impl<'de> Field<'de> {
    fn text(&self) -> std::result::Result<&'de str, Unfit> {
        self.0.as_str().map_err(|error| Unfit(error.to_string()))
    }
}

impl<'de> de::Deserializer<'de> for Field<'de> {
    type Error = Unfit;

    fn is_human_readable(&self) -> bool {
        // So ids are read from bytes.
        false
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> std::result::Result<V::Value, Unfit> {
        match self.0 {
            ValueRef::Null => visitor.visit_unit(),
            ValueRef::Integer(number) => visitor.visit_i64(number),
            ValueRef::Real(number) => visitor.visit_f64(number),
            ValueRef::Text(_) => visitor.visit_borrowed_str(self.text()?),
            ValueRef::Blob(bytes) => visitor.visit_borrowed_bytes(bytes),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> std::result::Result<V::Value, Unfit> {
        match self.0 {
            ValueRef::Integer(number) => visitor.visit_bool(number != 0),
            _ => Err(Unfit("a truth value is no number".into())),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(
        self,
        visitor: V,
    ) -> std::result::Result<V::Value, Unfit> {
        match self.0 {
            ValueRef::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> std::result::Result<V::Value, Unfit> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> std::result::Result<V::Value, Unfit> {
        let text: StrDeserializer<'_, Unfit> = self.text()?.into_deserializer();
        visitor.visit_enum(text)
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}
