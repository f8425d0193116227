//! Where the user is. Pages are plain values; going somewhere keeps the way back.

use std::cell::Cell;

use domain::Id;

/// A page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Page {
    /// The day.
    Today,
    /// Customers' list.
    Customers,
    /// One customer.
    Customer(Id),
    /// A customer's form; nil for a new one.
    CustomerForm(Id),
    /// Contacts' list.
    Contacts,
    /// A contact's form: contact (nil for a new one), customer.
    ContactForm(Id, Id),
    /// Opportunities: board and list.
    Opportunities,
    /// An opportunity's form: opportunity (nil for a new one), customer (nil: to be chosen).
    Opportunity(Id, Id),
    /// Quotes' list.
    Quotes,
    /// The quote editor.
    Quote(Id),
    /// Appointments and tasks.
    Calendar,
    /// Articles.
    Articles,
    /// Settings.
    Settings,
    /// Importing a file.
    Import,
    /// The sync centre: where sync stands, what waits, what must be decided.
    Sync,
}

thread_local! {
    static FIRST: Cell<bool> = const { Cell::new(false) };
}

/// The next frame begins with importing: a workspace was made for that.
pub(crate) fn begin_with_import() {
    FIRST.with(|first| first.set(true));
}

/// The page that a frame begins with: the import after a start that chose it, else the one that
/// the shell was asked for.
pub(crate) fn first_page() -> Page {
    if FIRST.with(|first| first.replace(false)) {
        return Page::Import;
    }
    let named = web_sys::window()
        .and_then(|window| js_sys::Reflect::get(&window, &"KONTOR_PAGE".into()).ok()?.as_string());
    let wanted = format!("nav-{}", named.unwrap_or_default());
    let found = Page::NAVIGATION.into_iter().find(|(_, name)| *name == wanted);
    found.map_or(Page::Today, |(page, _)| page)
}

impl Page {
    /// The pages in the navigation, with the message that names each.
    pub(crate) const NAVIGATION: [(Self, &'static str); 7] = [
        (Self::Today, "nav-today"),
        (Self::Customers, "nav-customers"),
        (Self::Contacts, "nav-contacts"),
        (Self::Opportunities, "nav-opportunities"),
        (Self::Quotes, "nav-quotes"),
        (Self::Calendar, "nav-calendar"),
        (Self::Articles, "nav-articles"),
    ];

    /// The navigation's page that this one belongs to.
    pub(crate) fn section(&self) -> Self {
        match self {
            Self::Customer(_) | Self::CustomerForm(_) => Self::Customers,
            Self::ContactForm(..) => Self::Contacts,
            Self::Opportunity(..) => Self::Opportunities,
            Self::Quote(_) => Self::Quotes,
            page => page.clone(),
        }
    }
}
