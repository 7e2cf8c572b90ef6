//! In which part of a schema a fact takes values away.

use super::spot::Spot;
use crate::diff::change::{Change, What};
use crate::diff::schema_fact::{SchemaFact, Side};
use crate::inclusion::{Part, Step};
use crate::json::{Json, Pointer};

/// Where a fact takes values away.
#[derive(Debug)]
pub(super) enum Asking {
    /// In this part.
    At(Part),
    /// In none.
    Nowhere,
}

/// The part of a schema that is to accept in which a fact takes values away; nothing where it is not known. The schema
/// comes with the place in it that the fact is about; places begin at the base.
pub(super) fn lost_in(
    side: Side,
    change: &Change,
    spot: &Spot,
    base: &Pointer,
    (outer, root): (&Pointer, &Json),
) -> Option<Asking> {
    let mut path = path(&inside(&spot.place, base)?)?;
    let outer = inside(outer, base)?;
    let rest = change.place.pointer.as_str();
    let rest = Pointer::parse(rest.strip_prefix(spot.place.as_str())?)?;
    let mut tokens = rest.tokens();
    let (keyword, name) = (tokens.next()?, tokens.next());
    let What::Schema(_, fact) = change.what else {
        return None;
    };
    let all_of = |path: Vec<Step>, schema: Pointer| {
        let part = Part {
            path,
            schema,
            keywords: None,
        };
        Some(Asking::At(part))
    };
    use SchemaFact as Fact;
    let keywords = match (fact, side, name) {
        (Fact::Required | Fact::PropertyAdded { required: true, .. }, Side::Input, _)
        | (Fact::Optional | Fact::PropertyRemoved { required: true }, Side::Output, _) => {
            vec!["required"]
        }
        // What one side names may be in the way of what the other allows under that name.
        (Fact::PropertyAdded { .. }, Side::Input, Some(name))
        | (Fact::PropertyRemoved { .. }, Side::Output, Some(name)) => {
            path.push(Step::Property(name.to_string()));
            return all_of(path, outer.join("properties").join(&name));
        }
        (Fact::PropertyRenamed { .. }, ..) => vec![
            "required",
            "properties",
            "patternProperties",
            "additionalProperties",
        ],
        (Fact::PropertyRemoved { .. }, Side::Input, Some(name))
        | (Fact::PropertyAdded { .. }, Side::Output, Some(name)) => {
            path.push(Step::Property(name.to_string()));
            let others = outer.join("additionalProperties");
            return match root.at(&others) {
                Some(_) => all_of(path, others),
                None => Some(Asking::Nowhere),
            };
        }
        // What becomes of properties that are not named says nothing of what those that are may be.
        (Fact::Closed | Fact::Opened, ..) => {
            let schema = root.at(&outer)?;
            schema.get("additionalProperties")?;
            if schema.get("patternProperties").is_none() {
                let named = schema.get("properties").and_then(Json::as_object);
                let names = named.into_iter().flat_map(|named| named.iter());
                path.push(Step::OtherProperty(
                    names.map(|(name, _)| name.to_owned()).collect(),
                ));
                return all_of(path, outer.join("additionalProperties"));
            }
            together("additionalProperties")
        }
        _ => together(&keyword),
    };
    // Where the keyword stands in a schema that holds beside this one, this one is asked as a whole.
    let stands = |schema: &Json| keywords.iter().any(|keyword| schema.get(keyword).is_some());
    let alone = root.at(&outer).is_some_and(stands);
    let keywords = alone.then(|| keywords.iter().map(|word| (*word).to_owned()).collect());
    Some(Asking::At(Part {
        path,
        schema: outer,
        keywords,
    }))
}

/// A pointer inside a schema; a walk writes them from the tool on.
pub(super) fn inside(pointer: &Pointer, base: &Pointer) -> Option<Pointer> {
    Pointer::parse(pointer.as_str().strip_prefix(base.as_str())?)
}

/// The keywords without which a keyword cannot be read.
fn together(keyword: &str) -> Vec<&str> {
    const GROUPS: [&[&str]; 6] = [
        &["properties", "patternProperties", "additionalProperties"],
        &["prefixItems", "items", "additionalItems"],
        &["contains", "minContains", "maxContains"],
        &["if", "then", "else"],
        &["minimum", "exclusiveMinimum"],
        &["maximum", "exclusiveMaximum"],
    ];
    let group = GROUPS.iter().find(|group| group.contains(&keyword));
    group.map_or_else(|| vec![keyword], |group| group.to_vec())
}

/// The way from a value to the part that a schema inside the whole one is about; nothing where that is no part, or
/// where the schema says what must not be.
fn path(pointer: &Pointer) -> Option<Vec<Step>> {
    let tokens: Vec<_> = pointer.tokens().collect();
    let mut steps = Vec::new();
    let mut rest = tokens.iter().map(AsRef::as_ref);
    while let Some(keyword) = rest.next() {
        match keyword {
            "properties" => steps.push(Step::Property(rest.next()?.to_owned())),
            "patternProperties" => {
                rest.next()?;
                steps.push(Step::SomeProperty);
            }
            "additionalProperties" => steps.push(Step::SomeProperty),
            "prefixItems" => steps.push(Step::Element(rest.next()?.parse().ok()?)),
            "items" | "additionalItems" => steps.push(Step::SomeElement),
            "allOf" | "anyOf" | "oneOf" | "dependentSchemas" => drop(rest.next()?),
            "$ref" | "then" | "else" => {}
            _ => return None,
        }
    }
    Some(steps)
}
