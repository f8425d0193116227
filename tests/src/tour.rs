//! One way through all pages: each shows what is in the database.

use std::path::Path;

use domain::{Language, Money, format};
use fantoccini::key::Key;

use crate::{inspect::Inspection, known::Known, window::Window};

/// A page of the navigation: its name in pictures, in German and in English.
pub type Place = (&'static str, &'static str, &'static str);

pub const CUSTOMERS: Place = ("customers", "Kunden", "Customers");
pub const CONTACTS: Place = ("contacts", "Kontakte", "Contacts");
pub const OPPORTUNITIES: Place = ("opportunities", "Verkaufschancen", "Opportunities");
pub const QUOTES: Place = ("quotes", "Angebote", "Quotes");
pub const ARTICLES: Place = ("articles", "Artikel", "Articles");
pub const CALENDAR: Place = ("calendar", "Kalender", "Calendar");
pub const SETTINGS: Place = ("settings", "Einstellungen", "Settings");

/// One way through all pages.
pub struct Tour<'a> {
    pub window: &'a Window,
    pub known: &'a Known,
    pub look: &'a mut Inspection,
    pub language: Language,
    /// What pictures' names end with.
    pub suffix: &'a str,
}

impl Tour<'_> {
    fn say<'b>(&self, german: &'b str, english: &'b str) -> &'b str {
        if self.language == Language::De { german } else { english }
    }

    /// A sum as screens write it.
    fn round(&self, sum: Money) -> String {
        format::money_round(sum, self.language)
    }

    async fn look(&mut self, name: &str) {
        self.look.page(self.window, &format!("{name}-{}", self.suffix)).await;
    }

    /// By the navigation to a page.
    async fn open(&self, (_, german, english): Place) {
        let title = self.say(german, english);
        self.window.click_text("nav button", title).await;
        self.window.with_text("nav button.current", title).await;
    }

    /// To a list, which has this many rows and this one first.
    async fn list(&mut self, place: Place, total: u64, first: &str) {
        self.open(place).await;
        self.window.says("h1", self.say(place.1, place.2)).await;
        self.window.says(".beside .count", &total.to_string()).await;
        self.window.with_text(".row:first-child", first).await;
        self.look(place.0).await;
    }

    pub async fn today(&mut self) {
        let known = self.known;
        self.open(("today", "Heute", "Today")).await;
        self.window.with_text("h1", &known.today.user.name).await;
        if let Some(visit) = known.today.appointments.first() {
            self.window.with_text(".agenda li", &visit.customer).await;
        }
        let stage = known.today.pipeline.iter().find(|stage| stage.value != Money::ZERO).unwrap();
        self.window.with_text(".pipeline", &self.round(stage.value)).await;
        self.look("today").await;
    }

    pub async fn customers(&mut self) {
        let known = self.known;
        let first = known.customers.rows[0].name.clone();
        self.list(CUSTOMERS, known.customers.total, &first).await;
        self.window.click(".row:nth-child(2) .tick-cell input").await;
        self.window.with_text(".bulk", self.say("1 ausgewählt", "1 selected")).await;
        self.look("customers-selected").await;
        self.window.click_text(".bulk button", self.say("aufheben", "Clear")).await;
        for (button, name) in [("#views", "views"), ("#columns", "columns")] {
            self.window.click(button).await;
            self.window.find(".popover").await;
            self.look(name).await;
            self.window.click(".popover-back").await;
        }
        self.window.click_text(".head button", self.say("Exportieren", "Export")).await;
        self.window.with_text(".dialog button", "CSV").await;
        self.look("export").await;
        self.leave_dialog().await;
        self.window.says("h1", self.say("Kunden", "Customers")).await;
        self.window.replace("input[name=filter]", "gibtesnicht").await;
        self.window.with_text(".empty", self.say("Nichts gefunden", "Nothing found")).await;
        self.look("customers-none").await;
    }

    /// Esc closes the dialog, and only that.
    async fn leave_dialog(&self) {
        self.window.key("Escape", false).await;
        self.window.gone(".dialog, .palette").await;
    }

    pub async fn customer(&mut self) {
        let known = self.known;
        let page = &known.customer;
        self.find(&page.customer.name).await;
        self.window.says("h1", &page.customer.name).await;
        self.window.with_text(".figure", &self.round(page.figures.open_value)).await;
        self.window.find(".timeline li").await;
        self.look("customer").await;
        for (name, german, english) in [
            ("contacts", "Kontakte", "Contacts"),
            ("opportunities", "Chancen", "Opportunities"),
            ("quotes", "Angebote", "Quotes"),
            ("documents", "Dokumente", "Documents"),
            ("history", "Änderungen", "Changes"),
        ] {
            self.window.click_text(".tabs button", self.say(german, english)).await;
            self.window.find(".narrow-page").await;
            self.look(&format!("customer-{name}")).await;
        }
        self.window.click("#edit-customer").await;
        self.window.holds("input[name=name]", &page.customer.name).await;
        self.window.find("select[name=category_id]").await;
        self.look("customer-form").await;
        // What is wrong with a field is said beside it.
        self.window.replace("input[name=vat_id]", "DE123").await;
        self.window.click("#save").await;
        self.window.find("[role=alert]").await;
        self.look("customer-form-wrong").await;
        self.window.click_text(".head button", self.say("Abbrechen", "Cancel")).await;
        self.window.says("h1", &page.customer.name).await;
    }

    /// Opens a record by Ctrl+K.
    async fn find(&mut self, name: &str) {
        self.window.click("button.search").await;
        self.window.type_into("input[name=palette]", name).await;
        self.window.click_text(".palette li", name).await;
    }

    pub async fn contacts(&mut self) {
        let known = self.known;
        let first = &known.contacts.rows[0];
        self.list(CONTACTS, known.contacts.total, &first.last_name).await;
        self.window.click(".row:first-child").await;
        self.window.holds("input[name=last_name]", &first.last_name).await;
        self.look("contact-form").await;
        // Enter in a field saves; it is no click on what stands above.
        self.window.press("input[name=last_name]", &[Key::Enter]).await;
        self.window.with_text(".toast", self.say("gespeichert", "saved")).await;
    }

    pub async fn opportunities(&mut self) {
        let known = self.known;
        self.open(OPPORTUNITIES).await;
        self.window.click_text(".switch button", self.say("Tafel", "Board")).await;
        let column = known.board.columns.iter().find(|column| column.count > 0).unwrap();
        let (name, sum) = (column.cards[0].name.clone(), self.round(column.value));
        self.window.with_text("section.column article", &name).await;
        self.window.with_text("section.column", &sum).await;
        self.look("board").await;
        self.window.click_text(".switch button", self.say("Liste", "List")).await;
        let first = known.opportunities.rows[0].name.clone();
        self.window.with_text(".row:first-child", &first).await;
        self.look("opportunities-list").await;
        self.window.click_text(".switch button", self.say("Prognose", "Forecast")).await;
        let sum: Money = known.forecast.iter().map(|month| month.value).sum();
        let sum = self.round(sum);
        self.window.with_text(".forecast tfoot", &sum).await;
        self.look("forecast").await;
        self.window.click_text(".switch button", self.say("Tafel", "Board")).await;
        self.window.click_text("section.column article strong", &name).await;
        self.window.holds("input[name=name]", &name).await;
        self.look("opportunity-form").await;
        self.window.click_text(".head button", self.say("Verloren", "Lost")).await;
        self.window.find("input[name=reason]").await;
        self.look("opportunity-reason").await;
        self.leave_dialog().await;
    }

    pub async fn quotes(&mut self) {
        let known = self.known;
        self.list(QUOTES, known.quotes.total, &known.quotes.rows[0].number).await;
        let quote = &known.quote.quote;
        self.find(&quote.number).await;
        self.window.says("h1", &quote.number).await;
        let gross = format::money(quote.gross_total, &quote.currency, self.language);
        self.window.says("#gross", &gross).await;
        self.window.with_text(".preview", &quote.number).await;
        self.look("quote").await;
        self.window.click("details summary").await;
        self.window.find("textarea[name=intro_text]").await;
        self.look("quote-texts").await;
        self.window.click("#sign").await;
        self.window.find("#signature").await;
        self.look("signature").await;
        self.leave_dialog().await;
    }

    pub async fn articles(&mut self) {
        let known = self.known;
        let first = &known.articles.rows[0];
        self.list(ARTICLES, known.articles.total, &first.number).await;
        self.window.click(".row:first-child").await;
        let price = format::unit_price(first.list_price, self.language);
        self.window.with_text(".dialog", &price).await;
        self.look("article").await;
        self.leave_dialog().await;
    }

    pub async fn calendar(&mut self) {
        let known = self.known;
        self.open(CALENDAR).await;
        let visit = known.today.appointments.iter().find(|row| !row.customer.is_empty()).unwrap();
        let customer = visit.customer.clone();
        for (name, german, english) in
            [("week", "Woche", "Week"), ("month", "Monat", "Month"), ("day", "Tag", "Day")]
        {
            self.window.click_text(".switch button", self.say(german, english)).await;
            let shown = match name {
                "month" => ".month-day.now .entry".to_owned(),
                "day" => format!(".block button[title*='{customer}']"),
                _ => format!(".hours-day.now .block button[title*='{customer}']"),
            };
            self.window.find(&shown).await;
            if name == "day" {
                self.window.with_text(".route li", &customer).await;
            }
            self.window.find(".visits li").await;
            self.look(&format!("calendar-{name}")).await;
        }
        self.window.click("#plan-visit").await;
        self.window.find(".dialog input[name=day]").await;
        self.look("appointment").await;
        self.window.click(".dialog .open-days").await;
        self.window.find(".days-popup [tabindex='0']").await;
        self.look("appointment-days").await;
        self.window.press(".days-popup [tabindex='0']", &[Key::Escape]).await;
        self.window.gone(".days-popup").await;
        self.leave_dialog().await;
        self.window.click_text(".tasks button", self.say("Neue Aufgabe", "New task")).await;
        self.window.find(".dialog input[name=subject]").await;
        self.look("task").await;
        self.leave_dialog().await;
        self.window.click_text(".switch button", self.say("Woche", "Week")).await;
    }

    pub async fn settings(&mut self) {
        self.open(SETTINGS).await;
        self.window.says("h1", self.say("Einstellungen", "Settings")).await;
        let user = self.known.today.user.name.clone();
        self.window.holds("input[name=user-name]", &user).await;
        self.window.find("input[name=company]").await;
        self.look("settings").await;
    }

    /// A file with one row that is new, one that is there, one that is wrong. The dialog that asks
    /// for it is the system's: here it always gives this one.
    pub async fn import(&mut self, folder: &Path) {
        let path = folder.join(format!("kunden-{}.csv", self.suffix));
        let (there, new) = (&self.known.customers.rows[0], self.suffix);
        let text = format!(
            "Kundennummer;Firma;PLZ;Ort;E-Mail;Bemerkung von früher\n{};{};{};{};;alt\n;Neubau {new} GmbH;70173;Stuttgart;info@neubau.de;\n;Fehlerhaft AG;70173;Stuttgart;keine Adresse;\n",
            there.number, there.name, there.postal_code, there.city
        );
        std::fs::write(&path, text).unwrap();
        self.open(CUSTOMERS).await;
        self.window.click_text(".head button", self.say("Importieren", "Import")).await;
        self.window.find("#choose-import").await;
        self.look("import-begin").await;
        self.window.chosen_file(&path).await;
        self.window.click("#choose-import").await;
        self.window.has(".import-table td", "Neubau").await;
        self.window.with_text(".facts", self.say("1 neu", "1 new")).await;
        self.window.find(".import-table td.wrong input").await;
        self.look("import").await;
        self.window.click("#start-import").await;
        self.window.find("#import-done").await;
        self.look("import-done").await;
        self.window.click_text("#import-done button", self.say("Rückgängig", "Undo")).await;
        self.window.with_text(".toast", self.say("Zurückgenommen", "Taken back")).await;
    }

    /// What stands over every page.
    pub async fn frame(&mut self) {
        self.open(("today", "Heute", "Today")).await;
        self.window.key("?", false).await;
        self.window.with_text(".dialog", self.say("Strg K", "Ctrl K")).await;
        self.look("keys").await;
        self.leave_dialog().await;
        self.window.click("button.search").await;
        self.window.type_into("input[name=palette]", "gmbh").await;
        self.window.find(".palette mark").await;
        self.look("palette").await;
        self.leave_dialog().await;
    }
}
