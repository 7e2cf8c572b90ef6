//! What the dialects of JSON Schema read differently.

use super::node::ANNOTATIONS;
use crate::json::Json;

/// Whether a schema uses anything that the dialects read differently.
pub(super) fn depends_on_dialect(value: &Json) -> bool {
    match value {
        Json::Object(object) => object.iter().any(|(name, value)| {
            let differs = match name {
                "items" => value.as_array().is_some(),
                "exclusiveMinimum" | "exclusiveMaximum" => value.as_bool().is_some(),
                "$ref" => object.iter().any(|(other, _)| {
                    other != "$ref"
                        && !ANNOTATIONS.contains(&other)
                        && !matches!(other, "$defs" | "definitions")
                }),
                "additionalItems"
                | "prefixItems"
                | "dependencies"
                | "dependentRequired"
                | "dependentSchemas"
                | "unevaluatedProperties"
                | "unevaluatedItems"
                | "minContains"
                | "maxContains"
                | "$recursiveRef"
                | "$dynamicRef"
                | "if" => true,
                _ => false,
            };
            differs || depends_on_dialect(value)
        }),
        Json::Array(items) => items.iter().any(depends_on_dialect),
        _ => false,
    }
}
