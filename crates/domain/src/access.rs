//! Who may see and change what: roles, territories, scope. Checked on the hub for every call and
//! every record; the laptop hides by the same rules what is not allowed.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{Id, record::text_enum};

text_enum! {
    /// What someone does in the company.
    Role { #[default] /// Sells in their territories [Außendienst].
    SalesRep = "sales_rep", /// Leads the reps of their territories [Vertriebsleitung].
    SalesManager = "sales_manager", /// Runs campaigns [Marketing].
    Marketing = "marketing", /// Answers service cases [Service].
    Service = "service", /// Runs the system [Administration].
    Administrator = "administrator", /// Looks only [Nur lesen].
    ReadOnly = "read_only" }
}

text_enum! {
    /// A part of the CRM that permissions are given for.
    Module { #[default] /// Customers, contacts, addresses, tags.
    Customers = "customers", /// Talks, tasks, appointments.
    Activities = "activities", /// Opportunities and quotes.
    Sales = "sales", /// Articles, prices, taxes, terms.
    Catalogue = "catalogue", /// Users, territories, settings.
    Company = "company" }
}

/// How much someone may do in a module; each includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Permission {
    /// Look.
    Read,
    /// Make and change.
    Write,
    /// Change what is everyone's.
    Admin,
}

impl Module {
    /// The module of an entity; none for what nobody changes by a changeset.
    #[must_use]
    pub fn of(entity: &str) -> Option<Self> {
        Some(match entity {
            // Whoever may change anything may settle what came of it.
            "customer" | "address" | "contact" | "customer_tag" | "category" | "tag"
            | "conflict" => Self::Customers,
            "communication" | "task" | "appointment" => Self::Activities,
            "opportunity" | "quote" | "quote_line" | "document" => Self::Sales,
            "unit" | "tax" | "article" | "price" | "price_list" | "payment_terms" => {
                Self::Catalogue
            }
            "user" | "territory" | "setting" => Self::Company,
            _ => return None,
        })
    }
}

impl Role {
    /// What the role may do in a module.
    #[must_use]
    pub const fn permission(self, module: Module) -> Permission {
        match (self, module) {
            (Self::Administrator, _) => Permission::Admin,
            (Self::SalesManager, Module::Customers | Module::Activities | Module::Sales) => {
                Permission::Admin
            }
            (Self::SalesRep, Module::Customers | Module::Activities | Module::Sales)
            | (Self::Marketing, Module::Customers | Module::Activities)
            | (Self::Service, Module::Customers | Module::Activities) => Permission::Write,
            _ => Permission::Read,
        }
    }

    /// Whether the role sees every customer, whoever's it is.
    #[must_use]
    pub const fn sees_all(self) -> bool {
        matches!(self, Self::Administrator | Self::Marketing | Self::Service | Self::ReadOnly)
    }
}

/// What someone may see: the user, their role, and their territories.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grants {
    /// The user.
    pub user_id: Id,
    /// Their role.
    pub role: Role,
    /// Their territories.
    pub territories: BTreeSet<Id>,
}

/// Where a record stands for the question who sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    /// Everyone's: catalogue, users, settings.
    Common,
    /// A customer's, with the customer's territory and owner.
    Customer {
        /// The customer's territory.
        territory_id: Option<Id>,
        /// The customer's owner.
        owner_id: Option<Id>,
    },
    /// Somebody's own, as a task without a customer.
    Personal {
        /// Whose.
        owner_id: Id,
    },
}

impl Grants {
    /// Whether a record at this place is in scope.
    #[must_use]
    pub fn sees(&self, place: Place) -> bool {
        match place {
            Place::Common => true,
            Place::Personal { owner_id } => {
                owner_id == self.user_id || self.role == Role::Administrator
            }
            Place::Customer { territory_id, owner_id } => {
                self.role.sees_all()
                    || owner_id == Some(self.user_id)
                    || territory_id.is_some_and(|territory| self.territories.contains(&territory))
            }
        }
    }

    /// Whether they may make or change records of this entity.
    #[must_use]
    pub fn may_write(&self, entity: &str) -> bool {
        // Categories and tags are made while a customer is written down.
        let needed = match Module::of(entity) {
            Some(Module::Catalogue | Module::Company) => Permission::Admin,
            _ => Permission::Write,
        };
        Module::of(entity).is_some_and(|module| self.role.permission(module) >= needed)
    }

    /// Whether they may change a record of this entity that stands there. What belongs to no
    /// customer, as the logo, is the company's.
    #[must_use]
    pub fn may_change(&self, entity: &str, place: Place) -> bool {
        let is_companys = entity == "document" && place == Place::Common;
        self.may_write(entity)
            && (!is_companys || self.role.permission(Module::Company) == Permission::Admin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u128) -> Id {
        Id(uuid::Uuid::from_u128(number))
    }

    #[test]
    fn a_rep_sees_their_territories_and_what_they_own() {
        let grants =
            Grants { user_id: id(1), role: Role::SalesRep, territories: BTreeSet::from([id(7)]) };
        let customer = |territory: u128, owner: u128| Place::Customer {
            territory_id: Some(id(territory)),
            owner_id: Some(id(owner)),
        };
        assert!(grants.sees(customer(7, 2)));
        assert!(grants.sees(customer(8, 1)));
        assert!(!grants.sees(customer(8, 2)));
        assert!(!grants.sees(Place::Customer { territory_id: None, owner_id: None }));
        assert!(!grants.sees(Place::Personal { owner_id: id(2) }));
        assert!(grants.sees(Place::Common));
        assert!(grants.may_write("quote") && !grants.may_write("article"));
        assert!(!grants.may_write("user") && !grants.may_write("nothing"));
        assert!(!grants.may_change("document", Place::Common));
        assert!(
            grants.may_change("document", customer(7, 2))
                && grants.may_change("tag", Place::Common)
        );
        let administrator = Grants { role: Role::Administrator, ..grants.clone() };
        assert!(administrator.may_change("document", Place::Common));
        let marketing = Grants { role: Role::Marketing, ..grants };
        assert!(marketing.may_write("conflict") && !marketing.may_write("opportunity"));
    }

    #[test]
    fn who_looks_only_writes_nothing() {
        let grants = Grants { role: Role::ReadOnly, ..Grants::default() };
        let entities = ["customer", "task", "quote", "article", "setting"];
        assert!(entities.iter().all(|entity| !grants.may_write(entity)));
    }
}
