//! Where the references of a schema lead, for whoever walks over it: the same resolver that the judge has.

use std::cell::RefCell;

use super::Dialect;
use super::document::{Document, Target};
use crate::json::{Json, Pointer};

/// The references of one schema document.
#[derive(Debug)]
pub struct References<'a> {
    document: RefCell<Document<'a>>,
    dialect: Option<Dialect>,
    alone: bool,
}

/// Where a reference leads.
#[derive(Debug, Clone, PartialEq)]
pub enum Lead<'a> {
    /// To this schema, which stands at this pointer from the root.
    To(&'a Json, Pointer),
    /// To a metaschema, which everybody knows.
    Metaschema,
    /// To another document, which is never fetched.
    Remote,
    /// To nothing, to what is no schema, or to what depends on how one came there.
    Nowhere,
}

impl<'a> References<'a> {
    /// The references of a schema, which is read by this dialect where it has no `$schema`.
    pub fn new(root: &'a Json, dialect: Dialect) -> Self {
        let document = Document::new(root, dialect);
        Self {
            dialect: document.dialect(document.root()).ok(),
            alone: document.is_alone(),
            document: RefCell::new(document),
        }
    }

    /// Whether the schema was small enough to find all identifiers in it. Else it is not known where references lead.
    pub fn known(&self) -> bool {
        self.document.borrow().is_whole()
    }

    /// The dialect of the whole schema; nothing where its `$schema` names none that is known.
    pub fn dialect(&self) -> Option<Dialect> {
        self.dialect
    }

    /// Whether no schema inside has an identifier that makes it a resource of its own.
    pub fn alone(&self) -> bool {
        self.alone
    }

    /// The bases that references are told from: the whole schema, and each resource inside it.
    pub fn bases(&self) -> Vec<Pointer> {
        self.document.borrow().own_resources()
    }

    /// Where the value of a keyword of the schema at a pointer leads. `$dynamicRef` and `$recursiveRef` are followed
    /// where they lead to one place, however one came there: in a schema without others inside.
    pub fn follow(&self, from: &Pointer, keyword: &str, reference: &str) -> Lead<'a> {
        let fixed = match keyword {
            "$ref" => true,
            "$dynamicRef" => self.alone && self.dialect == Some(Dialect::Draft202012),
            "$recursiveRef" => self.alone && self.dialect == Some(Dialect::Draft201909),
            _ => false,
        };
        let mut document = self.document.borrow_mut();
        let Some(from) = document.at(from).filter(|_| fixed) else {
            return Lead::Nowhere;
        };
        let target = document.resolve(from, reference);
        if !document.is_whole() {
            return Lead::Nowhere;
        }
        match target {
            Target::At(at) if document.is_own(at) => {
                Lead::To(document.schema(at), document.pointer(at))
            }
            Target::At(_) => Lead::Metaschema,
            Target::Remote(_) => Lead::Remote,
            Target::Nowhere => Lead::Nowhere,
        }
    }
}
