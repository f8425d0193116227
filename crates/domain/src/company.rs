//! Around the CRM: people, places, papers, settings.

use crate::{
    Id,
    record::{record, text_enum},
};

record! {
    /// Someone who works with Kontor.
    User, "user" {
        /// Full name.
        name: String,
        /// Short sign: “MK”.
        initials: String,
        /// E-mail address.
        email: String,
        /// Phone number.
        phone: String,
        /// Position: “Vertrieb Südwest”.
        position: String,
    }
}

record! {
    /// A sales territory [Gebiet].
    Territory, "territory" {
        /// Name.
        name: String,
    }
}

record! {
    /// A setting of the company: its letterhead, numbering, texts.
    Setting, "setting" {
        /// Dotted name: `company.letterhead`.
        name: String,
        /// JSON text.
        value: String,
    }
}

text_enum! {
    /// What a document is.
    DocumentKind { #[default] /// Anything.
    File = "file", /// A quote as it was handed over.
    QuotePdf = "quote_pdf", /// A signature drawn on the screen.
    Signature = "signature", /// The company's logo.
    Logo = "logo" }
}

record! {
    /// A file; its content is stored once per hash.
    Document, "document" {
        /// File name.
        name: String,
        /// What it is.
        kind: DocumentKind,
        /// Media type: `application/pdf`.
        media_type: String,
        /// Size in bytes.
        size: i64,
        /// SHA-256 of the content, lower-case hex.
        sha256: String,
        /// The customer that it belongs to.
        customer_id: Option<Id>,
        /// The quote that it belongs to.
        quote_id: Option<Id>,
    }
}
