//! What a door says of itself.

use std::collections::BTreeMap;

use domain::{AccountError, CustomField};
use utoipa::openapi::{OpenApi as Document, RefOr, Schema};
use utoipa::{OpenApi, ToSchema};

/// Whether a field of the operator must be sent.
type Demand = fn(&CustomField) -> bool;

/// What a door says of itself.
pub struct Description {
    pub(super) document: Document,
    /// Name of the schema of its refusals.
    pub(super) failure: String,
    /// Schemas of requests that take the operator's fields.
    pub(super) asking: Vec<(String, Demand)>,
    /// Schemas of answers that show the operator's fields.
    pub(super) showing: Vec<String>,
    /// By operation: what it can refuse besides what every call can. `None`: the operation's own annotation
    /// lists its refusals.
    pub(super) refusals: BTreeMap<&'static str, Option<Vec<AccountError>>>,
}

impl Description {
    /// The calls of `A`, whose refusals look like `F`.
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
        }
    }

    /// The calls and schemas, as the door's annotations have them.
    #[cfg(test)]
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The operator's fields can be sent in `T` too, and those that `demanded` picks must be.
    pub fn asks<T: ToSchema>(mut self, demanded: Demand) -> Self {
        self.asking.push((T::name().into_owned(), demanded));
        self
    }

    /// The operator's fields stand in `T` too.
    pub fn shows<T: ToSchema>(mut self) -> Self {
        self.showing.push(T::name().into_owned());
        self
    }

    /// What the call `operation`, by the name of its handler, can refuse besides what every call can. A call
    /// with a body names at least one refused field.
    pub fn refuses(mut self, operation: &'static str, refusals: Vec<AccountError>) -> Self {
        self.refusals.insert(operation, Some(refusals));
        self
    }

    /// The call `operation` is another door's, and its annotation lists its refusals.
    pub fn lists_its_own_refusals(mut self, operation: &'static str) -> Self {
        self.refusals.insert(operation, None);
        self
    }
}
