//! What we sell and at which price. The ERP's: read-only on a laptop that has a hub.

use crate::{
    Day, Id, Percent, Quantity, UnitPrice,
    record::{record, text_enum},
};

record! {
    /// A unit of quantity [Einheit].
    Unit, "unit" {
        /// UN/ECE Recommendation 20 code: `H87` (piece), `KGM`.
        code: String,
        /// Short name in German: “Stk”.
        name_de: String,
        /// Short name in English: “pcs”.
        name_en: String,
    }
}

text_enum! {
    /// Why a line is taxed as it is.
    TaxKind { #[default] /// The standard rate (§ 12 (1) UStG).
    Standard = "standard", /// The reduced rate (§ 12 (2) UStG).
    Reduced = "reduced", /// Zero rate (§ 12 (3) UStG, photovoltaics).
    Zero = "zero", /// Exempt (§ 4 UStG).
    Exempt = "exempt", /// The recipient owes the tax (§ 13b UStG).
    ReverseCharge = "reverse_charge", /// Supply to a business in another EU country (§ 4 no. 1 b, § 6a UStG).
    IntraCommunity = "intra_community", /// Supply to a country outside the EU (§ 4 no. 1 a, § 6 UStG).
    Export = "export", /// A small business charges none (§ 19 UStG).
    SmallBusiness = "small_business" }
}

record! {
    /// A tax that a line can bear [Steuer].
    Tax, "tax" {
        /// Name: “19 %”.
        name: String,
        /// The rate.
        rate: Percent,
        /// Why.
        kind: TaxKind,
        /// The note that a document must carry, in German.
        note_de: String,
        /// The note that a document must carry, in English.
        note_en: String,
    }
}

record! {
    /// When and with which Skonto to pay [Zahlungsbedingung].
    PaymentTerms, "payment_terms" {
        /// Name: “30 Tage netto, 10 Tage 2 %”.
        name: String,
        /// Days until the full amount is due.
        due_days: i64,
        /// Days within which Skonto may be taken; 0 for none.
        skonto_days: i64,
        /// The Skonto.
        skonto: Percent,
    }
}

record! {
    /// Something that we sell [Artikel].
    Article, "article" {
        /// The number that people read.
        number: String,
        /// Name in German.
        name: String,
        /// Name in English; empty where there is none.
        name_en: String,
        /// Description for the quote.
        description: String,
        /// Group of articles [Warengruppe].
        article_group: String,
        /// Unit.
        unit_id: Id,
        /// List price.
        list_price: UnitPrice,
        /// Tax within the own country.
        tax_id: Id,
        /// Whether it can still be sold.
        is_active: bool,
    }
}

record! {
    /// A named set of prices [Preisliste].
    PriceList, "price_list" {
        /// Name: “Handwerk 2026”.
        name: String,
        /// ISO 4217 currency.
        currency: String,
    }
}

record! {
    /// A price of an article, for a price list or for one customer [Preis].
    Price, "price" {
        /// The article.
        article_id: Id,
        /// For the customers of this price list …
        price_list_id: Option<Id>,
        /// … or for this customer alone.
        customer_id: Option<Id>,
        /// From this quantity on.
        from_quantity: Quantity,
        /// The price.
        unit_price: UnitPrice,
        /// First day.
        valid_from: Option<Day>,
        /// Last day.
        valid_until: Option<Day>,
    }
}
