//! What the successful answers of a tool, prompt or resource look like, over samples.

use crate::json::{Json, Object};

/// What answers look like. It holds no value of any answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shape {
    samples: u32,
}

impl Shape {
    /// The shape of one successful result.
    pub fn of(_result: &Json) -> Self {
        Self { samples: 1 }
    }

    /// The shape of one successful result of a tool, with what its `outputSchema` says of it.
    pub fn of_tool(result: &Json, _output_schema: Option<&Json>) -> Self {
        Self::of(result)
    }

    /// The shape of all samples of both.
    #[must_use]
    pub fn merge(self, other: &Self) -> Self {
        Self {
            samples: self.samples.saturating_add(other.samples),
        }
    }

    /// How many answers it was taken from.
    pub fn samples(&self) -> u32 {
        self.samples
    }

    /// The form that a file holds, in stable order.
    pub fn to_json(&self) -> Json {
        let members = [("samples", Json::from(u64::from(self.samples)))];
        members.into_iter().collect::<Object>().into()
    }

    /// The shape of its form in a file.
    ///
    /// # Errors
    ///
    /// What is wrong with it, in words.
    pub fn from_json(json: &Json) -> Result<Self, String> {
        let samples = match json.get("samples") {
            Some(Json::Number(number)) => number.as_i64().and_then(|n| u32::try_from(n).ok()),
            _ => None,
        };
        let samples = samples.ok_or("`samples` is no number")?;
        Ok(Self { samples })
    }

    /// What a result looks like, as a JSON Schema (2020-12).
    pub fn to_schema(&self) -> Json {
        Json::Bool(true)
    }
}
