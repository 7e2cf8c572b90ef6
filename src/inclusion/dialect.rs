//! The dialects of JSON Schema, and what they read differently.

/// A dialect of JSON Schema. The model context protocol has 2020-12 where a schema names none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Dialect {
    /// draft-04 (`http://json-schema.org/draft-04/schema#`)
    Draft4,
    /// draft-06 (`http://json-schema.org/draft-06/schema#`)
    Draft6,
    /// draft-07 (`http://json-schema.org/draft-07/schema#`)
    Draft7,
    /// 2019-09 (`https://json-schema.org/draft/2019-09/schema`)
    Draft201909,
    /// 2020-12 (`https://json-schema.org/draft/2020-12/schema`)
    #[default]
    Draft202012,
}

impl Dialect {
    /// The dialect that the value of `$schema` names, with or without the empty fragment, `http` or `https`.
    pub fn of_uri(uri: &str) -> Option<Self> {
        let name = uri.strip_suffix('#').unwrap_or(uri);
        let name = name
            .strip_prefix("http://")
            .or_else(|| name.strip_prefix("https://"))?;
        Some(match name.strip_prefix("json-schema.org/")? {
            "draft-04/schema" => Self::Draft4,
            "draft-06/schema" => Self::Draft6,
            "draft-07/schema" => Self::Draft7,
            "draft/2019-09/schema" => Self::Draft201909,
            "draft/2020-12/schema" => Self::Draft202012,
            _ => return None,
        })
    }
}
