//! TOML front matter, between `+++` lines.

use toml::de::{DeTable, DeValue};

use super::limits::Limits;
use super::{Fault, FaultKind};
use crate::clean;
use crate::value::{Fields, Value};

/// The names and values of a TOML document.
pub(super) fn read(head: &str) -> Result<Fields, Fault> {
    match DeTable::parse(head) {
        Ok(table) => fields(table.get_ref(), &mut Limits::new()),
        Err(error) => {
            let at = error.span().map_or(0, |span| span.start);
            let before = head.bytes().take(at).filter(|byte| *byte == b'\n').count();
            let line = u32::try_from(before).unwrap_or(u32::MAX / 2) + 1;
            let detail = clean::line(error.message(), 120);
            // The parser has no other mark for its own limit than its message.
            let deep = detail.contains("recursion depth");
            let kind = if deep { FaultKind::TooDeep } else { FaultKind::Invalid { syntax: "TOML", detail } };
            Err(Fault { line, kind })
        }
    }
}

fn fields(table: &DeTable<'_>, limits: &mut Limits) -> Result<Fields, Fault> {
    limits.map(table.len())?;
    limits.inside(|limits| {
        let mut fields = Fields::default();
        for (name, item) in table {
            fields.push(name.get_ref(), value(item.get_ref(), limits)?);
        }
        Ok(fields)
    })
}

/// Recursion goes as deep as [`Limits`] lets it.
fn value(item: &DeValue<'_>, limits: &mut Limits) -> Result<Value, Fault> {
    limits.value()?;
    Ok(match item {
        DeValue::String(text) => Value::Text(text.clone().into_owned()),
        DeValue::Integer(number) => Value::Number(number.to_string()),
        DeValue::Float(number) => Value::Number(number.to_string()),
        DeValue::Boolean(yes) => Value::Bool(*yes),
        DeValue::Datetime(time) => Value::Date(time.to_string()),
        DeValue::Array(items) => Value::List(limits.inside(|limits| {
            items.iter().map(|item| value(item.get_ref(), limits)).collect::<Result<_, _>>()
        })?),
        DeValue::Table(table) => Value::Map(fields(table, limits)?),
    })
}
