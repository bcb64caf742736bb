//! A dialect's description of its own calls.

use std::collections::{BTreeMap, BTreeSet};

use domain::{AccountError, CustomField};
use utoipa::openapi::{OpenApi as Document, RefOr, Schema};
use utoipa::{OpenApi, ToSchema};

/// Whether a request must contain a field of the operator.
type Demand = fn(&CustomField) -> bool;

/// A dialect's description of its own calls.
pub struct Description {
    pub(super) document: Document,
    /// Name of the schema of the dialect's refusals.
    pub(super) failure: String,
    /// Schemas of requests that may contain the operator's fields.
    pub(super) asking: Vec<(String, Demand)>,
    /// Schemas of answers that contain the operator's fields.
    pub(super) showing: Vec<String>,
    /// By operation, the refusals besides those of every call. `None` means that the operation's own
    /// annotation lists its refusals.
    pub(super) refusals: BTreeMap<&'static str, Option<Vec<AccountError>>>,
    /// The operations with a body of which no field is ever refused by its name.
    pub(super) nameless: BTreeSet<&'static str>,
}

impl Description {
    /// Describes the calls of `A`, whose refusals have the schema `F`.
    pub fn of<A: OpenApi, F: ToSchema>() -> Self {
        let mut document = A::openapi();
        let mut schemas: Vec<(String, RefOr<Schema>)> = vec![(F::name().into_owned(), F::schema())];
        F::schemas(&mut schemas);
        document.components.get_or_insert_default().schemas.extend(schemas);
        Self {
            document,
            failure: F::name().into_owned(),
            asking: Vec::new(),
            showing: Vec::new(),
            refusals: BTreeMap::new(),
            nameless: BTreeSet::new(),
        }
    }

    /// The OpenAPI document of the dialect's annotations.
    #[cfg(test)]
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// States that `T` may contain the operator's fields, and must contain those for which `demanded` is
    /// true.
    pub fn asks<T: ToSchema>(mut self, demanded: Demand) -> Self {
        self.asking.push((T::name().into_owned(), demanded));
        self
    }

    /// States that `T` contains the operator's fields.
    pub fn shows<T: ToSchema>(mut self) -> Self {
        self.showing.push(T::name().into_owned());
        self
    }

    /// States the refusals of the call `operation`, the name of its handler, besides those of every call. The
    /// refusals of a call with a body include at least one field.
    pub fn refuses(mut self, operation: &'static str, refusals: Vec<AccountError>) -> Self {
        self.refusals.insert(operation, Some(refusals));
        self
    }

    /// States that the call `operation` has a body, and refuses none of its fields by name.
    pub fn names_no_field(mut self, operation: &'static str) -> Self {
        self.nameless.insert(operation);
        self
    }

    /// States that the call `operation` belongs to another dialect and that its annotation lists its
    /// refusals.
    pub fn lists_its_own_refusals(mut self, operation: &'static str) -> Self {
        self.refusals.insert(operation, None);
        self
    }
}
