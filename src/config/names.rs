//! Names that mean something elsewhere: rule ids, and the aspects of a report with their older names.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use super::types::Level;
use crate::report::Severity;

/// What an aspect of the configuration stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aspect {
    /// A category of the report.
    Category(&'static str),
    /// The rules whose ids start so. It reaches no further than the name says.
    RulesOf(&'static str),
}

/// Every name that `aspectOverrides` takes: the categories of the report first, then the names of the TypeScript bellwether.
pub const ASPECTS: [(&str, Aspect); 17] = [
    ("schema", Aspect::Category("schema")),
    ("behavior", Aspect::Category("behavior")),
    ("security", Aspect::Category("security")),
    ("performance", Aspect::Category("performance")),
    ("error", Aspect::Category("error")),
    ("response", Aspect::Category("response")),
    ("documentation", Aspect::Category("documentation")),
    ("server", Aspect::Category("server")),
    ("response_format", Aspect::Category("response")),
    ("response_structure", Aspect::Category("response")),
    ("response_schema_evolution", Aspect::Category("response")),
    ("error_handling", Aspect::Category("error")),
    ("error_pattern", Aspect::Category("error")),
    ("description", Aspect::Category("documentation")),
    ("prompt", Aspect::RulesOf("prompt-")),
    ("resource", Aspect::RulesOf("resource-")),
    ("capability", Aspect::RulesOf("capability-")),
];

/// Severities by aspect.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Aspects(pub BTreeMap<String, Level>);

impl Aspects {
    /// Severities by category and by rule id. Where two names speak of one category, the louder wins.
    pub fn resolve(&self, known_rules: &[String]) -> Overrides {
        let mut overrides = Overrides::default();
        for (name, level) in &self.0 {
            let severity = level.severity();
            let aspect = ASPECTS.iter().find(|(known, _)| known == name);
            match aspect.map(|(_, aspect)| *aspect) {
                Some(Aspect::Category(category)) => {
                    louder(&mut overrides.categories, category, severity);
                }
                Some(Aspect::RulesOf(prefix)) => {
                    for rule in known_rules.iter().filter(|rule| rule.starts_with(prefix)) {
                        louder(&mut overrides.rules, rule, severity);
                    }
                }
                None => {}
            }
        }
        overrides
    }
}

/// Severities that aspects come down to; `None` switches something off.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overrides {
    /// By category.
    pub categories: BTreeMap<String, Option<Severity>>,
    /// By rule id.
    pub rules: BTreeMap<String, Option<Severity>>,
}

fn louder(map: &mut BTreeMap<String, Option<Severity>>, name: &str, severity: Option<Severity>) {
    map.entry(name.to_owned())
        .and_modify(|known| *known = (*known).max(severity))
        .or_insert(severity);
}

impl Level {
    /// The severity; nothing for `none`.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::None => None,
            Self::Info => Some(Severity::Info),
            Self::Warning => Some(Severity::Warning),
            Self::Breaking => Some(Severity::Breaking),
        }
    }

    /// The name as it is written.
    pub fn name(self) -> &'static str {
        self.severity().map_or("none", Severity::name)
    }
}

impl JsonSchema for Aspects {
    fn schema_name() -> Cow<'static, str> {
        "Aspects".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let level = generator.subschema_for::<Level>();
        let properties: serde_json::Map<String, serde_json::Value> = ASPECTS
            .iter()
            .map(|(name, _)| ((*name).to_owned(), level.clone().to_value()))
            .collect();
        json_schema!({
            "description": "Severities by aspect: the categories of the report, or the names of the TypeScript bellwether.",
            "type": "object",
            "properties": properties,
            "additionalProperties": false,
        })
    }
}

/// Severities by rule id.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Rules(pub BTreeMap<String, RuleLevel>);

impl JsonSchema for Rules {
    fn schema_name() -> Cow<'static, str> {
        "Rules".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let level = generator.subschema_for::<RuleLevel>();
        json_schema!({
            "description": "Severities by rule id.",
            "type": "object",
            "additionalProperties": level,
        })
    }
}

/// The severity of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RuleLevel {
    /// Something that worked can fail, or the ground of an approval has gone.
    Breaking,
    /// It could behave, mean or allow something else.
    Warning,
    /// Only wording, presentation, or an addition that nobody has to notice.
    Info,
    /// Never reported.
    Off,
}

impl RuleLevel {
    /// The severity; nothing for `off`.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Breaking => Some(Severity::Breaking),
            Self::Warning => Some(Severity::Warning),
            Self::Info => Some(Severity::Info),
            Self::Off => None,
        }
    }
}

/// The id of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct RuleId(pub String);

impl JsonSchema for RuleId {
    fn schema_name() -> Cow<'static, str> {
        "RuleId".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "description": "The id of a rule. `bellwether rules` lists them.", "type": "string" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_name_never_silences_more_than_it_names() {
        let known: Vec<String> = ["prompt-removed", "resource-removed", "tool-removed"]
            .map(str::to_owned)
            .to_vec();
        let aspects = Aspects(BTreeMap::from([
            ("prompt".to_owned(), Level::None),
            ("error_handling".to_owned(), Level::None),
            ("error_pattern".to_owned(), Level::Warning),
        ]));
        let overrides = aspects.resolve(&known);
        assert_eq!(
            overrides.rules,
            BTreeMap::from([("prompt-removed".to_owned(), None)])
        );
        assert_eq!(
            overrides.categories,
            BTreeMap::from([("error".to_owned(), Some(Severity::Warning))]),
            "two old names of one category: the louder wins"
        );
    }
}
