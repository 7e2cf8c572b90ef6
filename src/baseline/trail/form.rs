//! Reads the members of the trail one by one, each with its place in the file for what is wrong with it.

use crate::baseline::BaselineError;
use crate::json::{Json, Object, Pointer};

/// A value of the file and its place.
pub(super) struct Form<'a> {
    json: &'a Json,
    at: Pointer,
}

impl<'a> Form<'a> {
    /// A value at a place of the file.
    pub(super) fn new(json: &'a Json, at: Pointer) -> Self {
        Self { json, at }
    }

    /// The value itself.
    pub(super) fn json(&self) -> &'a Json {
        self.json
    }

    /// The members of an object.
    pub(super) fn object(&self) -> Result<&'a Object, BaselineError> {
        self.json.as_object().ok_or_else(|| self.wrong("an object"))
    }

    /// The elements of an array.
    pub(super) fn elements(&self) -> Result<Vec<Form<'a>>, BaselineError> {
        let items = self.json.as_array().ok_or_else(|| self.wrong("an array"))?;
        let forms = items.iter().enumerate();
        Ok(forms
            .map(|(index, json)| Self::new(json, self.at.join(index)))
            .collect())
    }

    /// A member that has to be there.
    pub(super) fn member(&self, name: &str) -> Result<Form<'a>, BaselineError> {
        self.object()?;
        self.optional(name).ok_or_else(|| {
            BaselineError::unknown(self.at.clone(), format!("expected a member `{name}`"))
        })
    }

    /// A member that may be missing.
    pub(super) fn optional(&self, name: &str) -> Option<Form<'a>> {
        let json = self.json.get(name)?;
        Some(Self::new(json, self.at.join(name)))
    }

    /// A text.
    pub(super) fn text(&self) -> Result<String, BaselineError> {
        let text = self.json.as_str().ok_or_else(|| self.wrong("a text"))?;
        Ok(text.to_owned())
    }

    /// The text in a member that has to be there.
    pub(super) fn text_of(&self, name: &str) -> Result<String, BaselineError> {
        self.member(name)?.text()
    }

    /// The text in a member that may be missing.
    pub(super) fn optional_text(&self, name: &str) -> Result<Option<String>, BaselineError> {
        self.optional(name).map(|form| form.text()).transpose()
    }

    /// A member that may be missing, read.
    pub(super) fn elements_of(&self, name: &str) -> Result<Vec<Form<'a>>, BaselineError> {
        self.optional(name)
            .map_or(Ok(Vec::new()), |form| form.elements())
    }

    /// The error for a value that is not what it should be.
    pub(super) fn wrong(&self, wanted: &str) -> BaselineError {
        let found = self.json.type_name();
        BaselineError::unknown(self.at.clone(), format!("expected {wanted}, found {found}"))
    }

    /// The error for a text that is none of those known.
    pub(super) fn unknown_word(&self, what: &str) -> BaselineError {
        let word = self.json.as_str().unwrap_or_default();
        BaselineError::unknown(
            self.at.clone(),
            format!("this version knows no {what} {word:?}"),
        )
    }
}
