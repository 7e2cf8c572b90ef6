//! Values that tell schemas apart: a fixed set of small ones, and some that a schema suggests.

use serde_json::{Map, Value, json};

use super::draw::Draw;

/// Some hundreds of small values.
pub(crate) fn small_values() -> Vec<Value> {
    let atoms = [
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(1),
        json!(2),
        json!(3),
        json!(4),
        json!(-1),
        json!(-2),
        json!(0.5),
        json!(1.5),
        json!(6),
        json!(0.25),
        json!(""),
        json!("a"),
        json!("b"),
        json!("ab"),
        json!("ba"),
        json!("aa"),
        json!("c"),
        json!("abc"),
        json!("1"),
        json!("a-"),
        json!("-"),
        json!("bbbb"),
    ];
    let few = [
        json!(0),
        json!(1),
        json!("a"),
        json!(null),
        json!([]),
        json!({}),
    ];
    let mut values = atoms.to_vec();
    values.push(json!([]));
    for atom in &atoms {
        values.push(json!([atom]));
    }
    for a in &few {
        for b in &few {
            values.push(json!([a, b]));
            values.push(json!([a, b, 1]));
            values.push(json!([a, b, a]));
        }
    }
    values.extend([
        json!([0, 1, 2, 3]),
        json!([1, 1, 1, 1]),
        json!([[0]]),
        json!([{"a": 1}]),
        json!([[], [0]]),
    ]);
    let fewer = [
        None,
        Some(json!(0)),
        Some(json!("a")),
        Some(json!({})),
        Some(json!([1])),
    ];
    for a in &fewer {
        for b in &fewer {
            for c in &fewer[..3] {
                let mut object = Map::new();
                for (name, value) in [("a", a), ("b", b), ("c", c)] {
                    if let Some(value) = value {
                        object.insert(name.to_owned(), value.clone());
                    }
                }
                values.push(object.clone().into());
                if object.len() == 1 {
                    values.push(json!({ "a": object.clone() }));
                    values.push(json!({ "b": object.clone(), "a": 1 }));
                    values.push(json!([object.clone()]));
                    object.insert("d".to_owned(), json!(1));
                    values.push(object.clone().into());
                }
            }
        }
    }
    for name in ["d", "ab", "aa", "1", "-", "", "ba"] {
        for value in &few {
            values.push(json!({ name: value }));
        }
        values.push(json!({ name: 1, "a": 0 }));
    }
    values
}

/// A value that a schema may accept: what it names and lists, put together by chance.
pub(crate) fn suggested(draw: &mut Draw<'_>, root: &Value, schema: &Value, depth: usize) -> Value {
    let Some(members) = schema.as_object().filter(|_| depth > 0) else {
        return draw.value(1);
    };
    if let Some(target) = members.get("$ref").and_then(Value::as_str)
        && (members.len() == 1 || draw.below(2) == 0)
        && let Some(target) = root.pointer(target.trim_start_matches('#'))
    {
        return suggested(draw, root, target, depth - 1);
    }
    let branches: Vec<&Value> = ["allOf", "anyOf", "oneOf"]
        .iter()
        .filter_map(|name| members.get(*name)?.as_array())
        .flatten()
        .chain(
            ["if", "then", "else", "not"]
                .iter()
                .filter_map(|name| members.get(*name)),
        )
        .chain(
            members
                .get("dependentSchemas")
                .and_then(Value::as_object)
                .into_iter()
                .flat_map(Map::values),
        )
        .collect();
    let listed: Vec<&Value> = (members
        .get("enum")
        .and_then(Value::as_array)
        .into_iter()
        .flatten())
    .chain(members.get("const"))
    .collect();
    if !listed.is_empty() && draw.below(4) > 0 {
        return listed[draw.below(listed.len())].clone();
    }
    let mut branch = Value::Null;
    if !branches.is_empty() && draw.below(3) > 0 {
        let chosen = branches[draw.below(branches.len())];
        branch = suggested(draw, root, chosen, depth);
        if draw.below(3) == 0 {
            return branch;
        }
    }
    let has = |names: &[&str]| names.iter().any(|name| members.contains_key(*name));
    let of_type = |name: &str| {
        let ty = members.get("type");
        ty.and_then(Value::as_str) == Some(name)
            || ty
                .and_then(Value::as_array)
                .is_some_and(|all| all.iter().any(|one| one == name))
    };
    let object = branch.is_object()
        || of_type("object")
        || has(&[
            "properties",
            "required",
            "patternProperties",
            "additionalProperties",
            "propertyNames",
            "minProperties",
            "maxProperties",
            "dependentRequired",
            "dependencies",
            "unevaluatedProperties",
        ]);
    let array = branch.is_array()
        || of_type("array")
        || has(&[
            "items",
            "prefixItems",
            "contains",
            "minItems",
            "maxItems",
            "uniqueItems",
            "unevaluatedItems",
            "additionalItems",
        ]);
    if object && (!array || draw.below(2) == 0) {
        let mut object = branch.as_object().cloned().unwrap_or_default();
        let rest = ["additionalProperties", "unevaluatedProperties"]
            .iter()
            .find_map(|name| members.get(*name))
            .unwrap_or(&Value::Null);
        for (name, value) in members
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            if draw.below(3) > 0 {
                object.insert(name.clone(), suggested(draw, root, value, depth - 1));
            }
        }
        for name in members
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
        {
            if !object.contains_key(name) && draw.below(5) > 0 {
                object.insert(name.to_owned(), suggested(draw, root, rest, depth - 1));
            }
        }
        let mut more = draw.below(3);
        let least = members
            .get("minProperties")
            .and_then(Value::as_u64)
            .unwrap_or(0) as usize;
        if least > object.len() {
            more += least - object.len();
        }
        let patterned: Vec<&Value> = members
            .get("patternProperties")
            .and_then(Value::as_object)
            .into_iter()
            .flat_map(Map::values)
            .collect();
        for _ in 0..more {
            let name = ["a", "b", "c", "ab", "d", "1", "aa"][draw.below(7)];
            let schema = if patterned.is_empty() || draw.below(2) == 0 {
                rest
            } else {
                patterned[draw.below(patterned.len())]
            };
            if !object.contains_key(name) {
                object.insert(name.to_owned(), suggested(draw, root, schema, depth - 1));
            }
        }
        return object.into();
    }
    if array {
        let mut items = branch.as_array().cloned().unwrap_or_default();
        let tuple = ["prefixItems", "items"]
            .iter()
            .find_map(|name| members.get(*name)?.as_array());
        let rest = ["items", "additionalItems", "unevaluatedItems"]
            .iter()
            .find_map(|name| members.get(*name).filter(|value| !value.is_array()));
        let least = members.get("minItems").and_then(Value::as_u64).unwrap_or(0) as usize;
        let length = least.max(items.len()) + draw.below(3);
        for index in items.len()..length {
            let schema = match (
                tuple.and_then(|tuple| tuple.get(index)),
                members.get("contains"),
            ) {
                (_, Some(contains)) if draw.below(2) == 0 => contains,
                (Some(at), _) => at,
                _ => rest.unwrap_or(&Value::Null),
            };
            items.push(suggested(draw, root, schema, depth - 1));
        }
        return items.into();
    }
    if !branch.is_null() {
        return branch;
    }
    draw.value(1)
}
