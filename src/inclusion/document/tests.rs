//! Where references lead, in the spirit of the official test suite of JSON Schema.
