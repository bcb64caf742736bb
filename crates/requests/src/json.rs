//! `application/json`: the members of one object. The visitor is our own because ready-made maps do not
//! report repeated names, and serde's ignored values are not checked.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use zeroize::Zeroizing;

use super::BodyError;
use super::nested::Nested;
use super::values::{Fields, Value};

/// The members of the object in `body`.
pub(super) fn parse(body: &[u8]) -> Result<Fields, BodyError> {
    let text = str::from_utf8(body).map_err(|_| BodyError::Malformed)?;
    let mut parser = serde_json::Deserializer::from_str(text);
    let mut fields = Fields::default();
    let mut refusal = BodyError::Malformed;
    let members = Members { fields: &mut fields, refusal: &mut refusal };
    let whole = parser.deserialize_map(members).and_then(|()| parser.end()).is_ok();
    if whole { Ok(fields) } else { Err(refusal) }
}

/// Collects the members of the outermost object.
struct Members<'a> {
    fields: &'a mut Fields,
    /// The reason of a refusal, which the parser's own errors cannot carry.
    refusal: &'a mut BodyError,
}

impl<'de> Visitor<'de> for Members<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            let value = map.next_value_seed(Member)?;
            if let Err(refusal) = self.fields.insert(name, value) {
                *self.refusal = refusal;
                return Err(A::Error::custom(refusal));
            }
        }
        Ok(())
    }
}

/// Reads the value of a member of the outermost object.
struct Member;

impl<'de> DeserializeSeed<'de> for Member {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, parser: D) -> Result<Value, D::Error> {
        parser.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Member {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, choice: bool) -> Result<Value, E> {
        Ok(Value::Boolean(choice))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Integer(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(i64::try_from(number).map_or(Value::Huge, Value::Integer))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::float(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(Zeroizing::new(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Value, A::Error> {
        let mut text = Zeroizing::new(String::new());
        Nested { depth: 1, text: &mut text }.visit_seq(list)?;
        Ok(Value::Nested(text))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Value, A::Error> {
        let mut text = Zeroizing::new(String::new());
        Nested { depth: 1, text: &mut text }.visit_map(map)?;
        Ok(Value::Nested(text))
    }
}

#[cfg(test)]
mod tests {
    use super::super::FieldProblem;
    use super::*;

    fn object(text: &str) -> Fields {
        parse(text.as_bytes()).unwrap()
    }

    fn refusal(body: impl AsRef<[u8]>) -> BodyError {
        parse(body.as_ref()).unwrap_err()
    }

    #[test]
    fn strings_numbers_and_booleans_are_each_their_own_type_only() {
        let fields = object(r#" {"s": "caf\u00e9 \ud83d\ude00", "n": -7, "b": true} "#);
        assert_eq!(fields.text("s"), Ok(Some("café 😀")));
        assert_eq!(fields.integer("n"), Ok(Some(-7)));
        assert_eq!(fields.boolean("b"), Ok(Some(true)));
        for wrong in [fields.text("n"), fields.text("b")] {
            assert_eq!(wrong, Err(FieldProblem::WrongType));
        }
        assert_eq!(fields.integer("b"), Err(FieldProblem::WrongType));
        assert_eq!(fields.boolean("n"), Err(FieldProblem::WrongType));
        let digits = object(r#"{"n": "7", "b": "true"}"#);
        assert_eq!(digits.integer("n"), Err(FieldProblem::WrongType));
        assert_eq!(digits.boolean("b"), Err(FieldProblem::WrongType));
    }

    #[test]
    fn null_is_as_good_as_absent() {
        let fields = object(r#"{"a": null}"#);
        assert_eq!(fields.text("a"), Ok(None));
        assert_eq!(fields.integer("a"), Ok(None));
        assert_eq!(fields.boolean("a"), Ok(None));
        assert!(!fields.contains("a"));
    }

    #[test]
    fn a_duplicate_key_is_repeated_even_when_written_with_escapes_or_null() {
        for text in [
            r#"{"a": "1", "a": "1"}"#,
            r#"{"a": "1", "\u0061": "2"}"#,
            r#"{"a": null, "a": "1"}"#,
            r#"{"a": "1", "a": null}"#,
        ] {
            let fields = object(text);
            assert_eq!(fields.text("a"), Err(FieldProblem::Repeated), "{text}");
            assert!(fields.contains("a"));
        }
    }

    #[test]
    fn lists_and_objects_are_refused_only_where_one_value_is_meant() {
        let fields = object(r#"{"a": ["x"], "b": {"x": ["y", {}]}, "c": "kept"}"#);
        assert_eq!(fields.text("a"), Err(FieldProblem::WrongType));
        assert_eq!(fields.integer("b"), Err(FieldProblem::WrongType));
        assert_eq!(fields.boolean("b"), Err(FieldProblem::WrongType));
        assert_eq!(fields.text("c"), Ok(Some("kept")));
    }

    #[test]
    fn an_object_is_kept_as_text_for_whoever_wants_one() {
        let fields = object(r#"{"o": {"a": [1, -2, 0.5, null, true], "\u00e9\"": {"b": "\n"}}, "t": "{}"}"#);
        let kept = r#"{"a":[1,-2,0.5,null,true],"é\"":{"b":"\n"}}"#;
        assert_eq!(fields.object("o"), Ok(Some(kept)));
        assert_eq!(fields.object("t"), Ok(Some("{}")));
        assert_eq!(fields.object("absent"), Ok(None));
        assert_eq!(object(r#"{"o": [{}, []]}"#).object("o"), Ok(Some("[{},[]]")));
        assert_eq!(object(r#"{"o": 1}"#).object("o"), Err(FieldProblem::WrongType));
    }

    #[test]
    fn integers_beyond_64_bits_are_out_of_range_and_fractions_no_integers() {
        for number in ["9223372036854775808", "18446744073709551616", "-1e30"] {
            let fields = object(&format!(r#"{{"n": {number}}}"#));
            assert_eq!(fields.integer("n"), Err(FieldProblem::OutOfRange));
            assert_eq!(fields.text("n"), Err(FieldProblem::WrongType));
        }
        for number in ["1.0", "1.5", "1e3", "-0.0"] {
            let fields = object(&format!(r#"{{"n": {number}}}"#));
            assert_eq!(fields.integer("n"), Err(FieldProblem::WrongType));
        }
        let beyond_any_float = format!(r#"{{"n": 1{}}}"#, "0".repeat(400));
        assert_eq!(refusal(beyond_any_float), BodyError::Malformed);
    }

    #[test]
    fn thirty_two_levels_are_tolerated_and_one_more_is_malformed() {
        let lists = |n| format!(r#"{{"a":{}1{},"b":"x"}}"#, "[".repeat(n), "]".repeat(n));
        let maps = |n| format!("{}1{}", r#"{"a":"#.repeat(n), "}".repeat(n));
        assert_eq!(object(&lists(31)).text("b"), Ok(Some("x")));
        assert!(object(&maps(32)).contains("a"));
        assert_eq!(refusal(lists(32)), BodyError::Malformed);
        assert_eq!(refusal(maps(33)), BodyError::Malformed);
        assert_eq!(refusal("[".repeat(16_000)), BodyError::Malformed);
        assert_eq!(refusal(r#"{"a":"#.repeat(3_000)), BodyError::Malformed);
    }

    #[test]
    fn only_one_object_and_nothing_after_it_is_a_body() {
        for text in [
            "[]",
            "1",
            "null",
            "\"a\"",
            "{",
            "{}x",
            "{}{}",
            "{} ,",
            "{'a':1}",
            "{\"a\":1,}",
            " ",
            "{\"a\":01}",
            "{\"a\":\"\n\"}",
            "{\"a\":NaN}",
            "{a:1}",
            "\u{feff}{}",
            "/**/{}",
        ] {
            assert_eq!(refusal(text), BodyError::Malformed, "{text}");
        }
    }

    #[test]
    fn lone_surrogates_and_invalid_utf_8_are_malformed_in_ignored_values_too() {
        for text in [
            r#"{"a": "\ud800"}"#,
            r#"{"a": "\udc00x"}"#,
            r#"{"a": "\ud800\u0041"}"#,
            r#"{"\ud800": 1}"#,
            r#"{"a": [{"b": "\ud800"}]}"#,
            r#"{"a": {"\udfff": 1}}"#,
        ] {
            assert_eq!(refusal(text), BodyError::Malformed, "{text}");
        }
        assert_eq!(refusal(b"{\"a\": [\"\xff\"]}"), BodyError::Malformed);
        assert_eq!(refusal(b"\xff\xfe{\0}\0"), BodyError::Malformed);
    }

    #[test]
    fn a_method_override_is_refused_whatever_its_value() {
        for text in [r#"{"a": 1, "_method": []}"#, r#"{"\u005fmethod": null}"#] {
            assert_eq!(refusal(text), BodyError::MethodOverride, "{text}");
        }
    }
}
