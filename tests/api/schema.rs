//! Validates a value against a JSON schema. Supports the keywords of the description and panics on any other.

use serde_json::Value;

/// Pages whose content programs read.
pub const READ_BY_PROGRAMS: [&str; 22] = [
    "/user/delete",
    "/user/restore",
    "/user/data",
    "/user/profil",
    "/user/security",
    "/user/security/log",
    "/user/recover-factors",
    "/user/recover-factors/cancel",
    "/user/devices",
    "/user/reset",
    "/user/verify",
    "/user/email",
    "/user/security/passkeys",
    "/user/prove",
    "/user/terms",
    "/user/security/totp",
    "/user/security/recovery-codes",
    "/user/security/app-passwords",
    "/user/security/applications",
    "/user/providers",
    "/user/identity",
    "/user/security/providers",
];

/// Calls that take nothing.
pub const BUTTONS: [&str; 18] = [
    "/user/delete",
    "/user/delete/cancel",
    "/user/data",
    "/user/login/lost",
    "/user/security/recovery/cancel",
    "/user/modify/email/again",
    "/user/modify/email/cancel",
    "/user/logout",
    "/user/modify/pp/remove",
    "/user/devices/end-others",
    "/user/sessions/end-others",
    "/user/login/passkey/begin",
    "/user/security/passkeys/begin",
    "/user/security/password/remove",
    "/user/login/second/begin",
    "/user/prove/begin",
    "/user/security/totp/remove",
    "/user/security/recovery-codes",
];

/// The violations of `schema`, which is part of `document`, in `value`.
pub fn violations(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    look(document, schema, value, "", &mut found);
    found
}

fn look(document: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    let mut wrong = |right: bool, what: &Value| {
        if !right {
            found.push(format!("`{at}` is {value} and not {what}"));
        }
    };
    let number = |bound: &Value| bound.as_f64().unwrap();
    let length = value.as_str().map(|text| text.chars().count() as f64);
    for (keyword, rule) in schema.as_object().unwrap() {
        match keyword.as_str() {
            "$ref" => {
                let target = rule.as_str().unwrap().strip_prefix('#').unwrap();
                let target = document.pointer(target).unwrap_or_else(|| panic!("{rule} leads nowhere"));
                found.extend(violations(document, target, value));
                return;
            }
            "anyOf" | "oneOf" => {
                let choices = rule.as_array().unwrap();
                let fitting = choices.iter().filter(|choice| violations(document, choice, value).is_empty());
                let fitting = fitting.count();
                wrong(if keyword == "oneOf" { fitting == 1 } else { fitting > 0 }, rule);
            }
            "type" => match rule {
                Value::Array(kinds) => wrong(kinds.iter().any(|kind| is(value, kind)), rule),
                kind => wrong(is(value, kind), rule),
            },
            "enum" => wrong(rule.as_array().unwrap().contains(value), rule),
            "minimum" => wrong(value.as_f64().is_none_or(|value| value >= number(rule)), rule),
            "maximum" => wrong(value.as_f64().is_none_or(|value| value <= number(rule)), rule),
            "minLength" => wrong(length.is_none_or(|length| length >= number(rule)), rule),
            "maxLength" => wrong(length.is_none_or(|length| length <= number(rule)), rule),
            "pattern" => wrong(value.as_str().is_none_or(|text| matches(rule.as_str().unwrap(), text)), rule),
            "required" => {
                for name in rule.as_array().unwrap() {
                    wrong(value.get(name.as_str().unwrap()).is_some(), name);
                }
            }
            "propertyNames" => assert_eq!(rule, &serde_json::json!({ "type": "string" })),
            "items"
            | "additionalProperties"
            | "properties"
            | "description"
            | "examples"
            | "format"
            | "title" => {}
            other => panic!("nobody taught this test what `{other}` means"),
        }
    }
    let known = schema.get("properties").and_then(Value::as_object);
    for (name, part) in known.into_iter().flatten() {
        if let Some(own) = value.get(name) {
            look(document, part, own, &format!("{at}/{name}"), found);
        }
    }
    if let Some(part) = schema.get("items") {
        for (place, own) in value.as_array().into_iter().flatten().enumerate() {
            look(document, part, own, &format!("{at}/{place}"), found);
        }
    }
    if let Some(part) = schema.get("additionalProperties") {
        let others = value.as_object().into_iter().flatten();
        for (name, own) in others.filter(|(name, _)| !known.is_some_and(|known| known.contains_key(*name))) {
            look(document, part, own, &format!("{at}/{name}"), found);
        }
    }
}

fn is(value: &Value, kind: &Value) -> bool {
    match kind.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("`{other}` is no type"),
    }
}

/// Supports the patterns of the description: a choice of words, or a decimal number.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern {
        "^-?[0-9]+([.][0-9]+)?$" => return text.parse::<f64>().is_ok(),
        "^-?[0-9]+([.,][0-9]+)?$" => return text.replace(',', ".").parse::<f64>().is_ok(),
        _ => {}
    }
    let words = pattern.strip_prefix('^').and_then(|rest| rest.strip_suffix('$')).unwrap();
    let words = words.trim_start_matches('(').trim_end_matches(')');
    assert!(words.chars().all(|c| c.is_ascii_alphabetic() || c == '|'), "{pattern} is more than words");
    words.split('|').any(|word| word == text)
}

#[test]
fn what_is_wrong_is_found() {
    let document = serde_json::json!({ "components": { "schemas": { "a": {
        "type": "object",
        "required": ["word"],
        "properties": {
            "word": { "type": "string", "pattern": "^(on|off)$" },
            "count": { "type": ["integer", "null"], "minimum": 1, "maximum": 3 },
            "name": { "type": "string", "minLength": 1, "maxLength": 2 },
        },
    } } } });
    let schema = serde_json::json!({ "$ref": "#/components/schemas/a" });
    let wrong = |value: Value| violations(&document, &schema, &value).len();
    assert_eq!(wrong(serde_json::json!({ "word": "on", "count": null, "name": "éé", "more": [] })), 0);
    assert_eq!(wrong(serde_json::json!({ "word": "on", "count": 3 })), 0);
    for (value, count) in [
        (serde_json::json!([]), 2),
        (serde_json::json!({}), 1),
        (serde_json::json!({ "word": "none" }), 1),
        (serde_json::json!({ "word": 1, "count": 4, "name": "" }), 3),
        (serde_json::json!({ "word": "off", "count": 1.5, "name": "eee" }), 2),
    ] {
        assert_eq!(wrong(value.clone()), count, "{value}");
    }
    let list = serde_json::json!({ "type": "array", "items": { "type": "string" } });
    let map = serde_json::json!({ "type": "object", "additionalProperties": list });
    assert!(violations(&document, &map, &serde_json::json!({ "a": ["b"], "c": [] })).is_empty());
    assert_eq!(violations(&document, &map, &serde_json::json!({ "a": ["b", 1], "c": {} })).len(), 2);
    let either = serde_json::json!({ "anyOf": [{ "type": "null" }, schema] });
    assert!(!violations(&document, &either, &Value::Bool(true)).is_empty());
    assert!(violations(&document, &either, &Value::Null).is_empty());
}
