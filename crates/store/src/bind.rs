//! Binds a record's fields to a statement's parameters, without a detour over JSON: ids as
//! their 16 bytes, truth values as 0 and 1, everything else as serde gives it.

use std::fmt;

use domain::Record;
use rusqlite::{Statement, ToSql, types::Null};
use serde::{
    Serialize,
    ser::{self, Impossible},
};

use crate::{Result, StoreError};

/// The record's columns, in the order of its fields.
pub(crate) fn columns<R: Record>(record: &R) -> Result<Vec<&'static str>> {
    let mut fields = Fields { columns: Vec::new(), statement: None };
    record.serialize(Root(&mut fields)).map_err(StoreError::from)?;
    Ok(fields.columns)
}

/// Binds the fields in their order.
pub(crate) fn record<R: Record>(record: &R, statement: &mut Statement<'_>) -> Result<()> {
    let mut fields = Fields { columns: Vec::with_capacity(48), statement: Some(statement) };
    Ok(record.serialize(Root(&mut fields))?)
}

#[derive(Debug)]
struct Unfit(String);

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unfit {}

impl ser::Error for Unfit {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

impl From<Unfit> for StoreError {
    fn from(unfit: Unfit) -> Self {
        Self::Constraint(unfit.0)
    }
}

struct Fields<'a, 's> {
    columns: Vec<&'static str>,
    statement: Option<&'a mut Statement<'s>>,
}

type Never = Impossible<(), Unfit>;

fn unfit<T>() -> std::result::Result<T, Unfit> {
    Err(Unfit("a record's field is no column".into()))
}

impl ser::SerializeStruct for &mut Fields<'_, '_> {
    type Ok = ();
    type Error = Unfit;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> std::result::Result<(), Unfit> {
        self.columns.push(key);
        match &mut self.statement {
            Some(statement) => value.serialize(Field { statement, at: self.columns.len() }),
            None => Ok(()),
        }
    }

    fn end(self) -> std::result::Result<(), Unfit> {
        Ok(())
    }
}

/// Types that a record or a column cannot be.
macro_rules! refuse {
    ($($method:ident($($type:ty),*) -> $ok:ty;)*) => {
        $(fn $method(self, $(_: $type),*) -> std::result::Result<$ok, Unfit> { unfit() })*
    };
}

struct Root<'f, 'a, 's>(&'f mut Fields<'a, 's>);

impl<'f, 'a, 's> ser::Serializer for Root<'f, 'a, 's> {
    type Ok = ();
    type Error = Unfit;
    type SerializeSeq = Never;
    type SerializeTuple = Never;
    type SerializeTupleStruct = Never;
    type SerializeTupleVariant = Never;
    type SerializeMap = Never;
    type SerializeStruct = &'f mut Fields<'a, 's>;
    type SerializeStructVariant = Never;

    fn serialize_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> std::result::Result<Self::SerializeStruct, Unfit> {
        Ok(self.0)
    }

    fn is_human_readable(&self) -> bool {
        false
    }

    fn serialize_some<T: Serialize + ?Sized>(self, _: &T) -> std::result::Result<(), Unfit> {
        unfit()
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: &T,
    ) -> std::result::Result<(), Unfit> {
        unfit()
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> std::result::Result<(), Unfit> {
        unfit()
    }

    refuse! {
        serialize_bool(bool) -> ();
        serialize_i8(i8) -> ();
        serialize_i16(i16) -> ();
        serialize_i32(i32) -> ();
        serialize_i64(i64) -> ();
        serialize_u8(u8) -> ();
        serialize_u16(u16) -> ();
        serialize_u32(u32) -> ();
        serialize_u64(u64) -> ();
        serialize_f32(f32) -> ();
        serialize_f64(f64) -> ();
        serialize_char(char) -> ();
        serialize_str(&str) -> ();
        serialize_bytes(&[u8]) -> ();
        serialize_none() -> ();
        serialize_unit() -> ();
        serialize_unit_struct(&'static str) -> ();
        serialize_unit_variant(&'static str, u32, &'static str) -> ();
        serialize_seq(Option<usize>) -> Never;
        serialize_tuple(usize) -> Never;
        serialize_tuple_struct(&'static str, usize) -> Never;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Never;
        serialize_map(Option<usize>) -> Never;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Never;
    }
}

struct Field<'f, 's> {
    statement: &'f mut Statement<'s>,
    at: usize,
}

impl Field<'_, '_> {
    fn bind(self, value: impl ToSql) -> std::result::Result<(), Unfit> {
        self.statement.raw_bind_parameter(self.at, value).map_err(|error| Unfit(error.to_string()))
    }
}

impl ser::Serializer for Field<'_, '_> {
    type Ok = ();
    type Error = Unfit;
    type SerializeSeq = Never;
    type SerializeTuple = Never;
    type SerializeTupleStruct = Never;
    type SerializeTupleVariant = Never;
    type SerializeMap = Never;
    type SerializeStruct = Never;
    type SerializeStructVariant = Never;

    fn is_human_readable(&self) -> bool {
        // So ids come as bytes.
        false
    }

    fn serialize_bool(self, truth: bool) -> std::result::Result<(), Unfit> {
        self.bind(truth)
    }

    fn serialize_i64(self, number: i64) -> std::result::Result<(), Unfit> {
        self.bind(number)
    }

    fn serialize_str(self, text: &str) -> std::result::Result<(), Unfit> {
        self.bind(text)
    }

    fn serialize_bytes(self, bytes: &[u8]) -> std::result::Result<(), Unfit> {
        self.bind(bytes)
    }

    fn serialize_none(self) -> std::result::Result<(), Unfit> {
        self.bind(Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> std::result::Result<(), Unfit> {
        value.serialize(self)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> std::result::Result<(), Unfit> {
        self.bind(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> std::result::Result<(), Unfit> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> std::result::Result<(), Unfit> {
        unfit()
    }

    refuse! {
        serialize_i8(i8) -> ();
        serialize_i16(i16) -> ();
        serialize_i32(i32) -> ();
        serialize_u8(u8) -> ();
        serialize_u16(u16) -> ();
        serialize_u32(u32) -> ();
        serialize_u64(u64) -> ();
        serialize_f32(f32) -> ();
        serialize_f64(f64) -> ();
        serialize_char(char) -> ();
        serialize_unit() -> ();
        serialize_unit_struct(&'static str) -> ();
        serialize_seq(Option<usize>) -> Never;
        serialize_tuple(usize) -> Never;
        serialize_tuple_struct(&'static str, usize) -> Never;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Never;
        serialize_map(Option<usize>) -> Never;
        serialize_struct(&'static str, usize) -> Never;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Never;
    }
}
