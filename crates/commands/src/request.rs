//! Every request, its fields and its reply, in one list.

use domain::{
    Address, Appointment, Communication, Contact, Customer, Document, Id, Instant, Language,
    Letterhead, Numbering, Opportunity, Quantity, Quote, QuoteLine, QuoteTexts, Stage, Task,
    UnitPrice, User,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    ExportOrder, Failure, ImportOrder, ImportReport,
    door::{Answer, Request, requests},
    reply::*,
    sync::{SyncReport, SyncStatus},
    view::*,
};

requests! {
    // ---- the workspace -------------------------------------------------------------------
    /// Where the workspace stands; answered at once, also before it is open. Opens it when the
    /// key is in the keyring.
    GetWorkspace {} => WorkspaceState;
    /// Makes an empty workspace and opens it.
    CreateWorkspace {
        /// The user's full name.
        user_name: String,
        /// The company's name for the letterhead; may be empty.
        company_name: String,
        /// Protect it by this passphrase instead of the keyring.
        passphrase: Option<String>,
        /// Of screens and, to begin with, documents.
        language: Language,
    } => WorkspaceState;
    /// Fills the new workspace with demo data as a job.
    StartDemo {
        /// How many customers.
        customers: u64,
        /// Same seed, same data.
        seed: u64,
    } => Id;
    /// Opens a workspace that a passphrase protects.
    Unlock {
        /// The passphrase.
        passphrase: String,
    } => WorkspaceState;
    /// Closes the workspace until it is unlocked (only with a passphrase).
    Lock {} => WorkspaceState;
    /// Protects the workspace by a passphrase, or by the keyring again.
    SetPassphrase {
        /// The present passphrase, if it has one.
        current: Option<String>,
        /// The new one; none for the keyring.
        new: Option<String>,
    } => WorkspaceState;
    /// Stops a long job; nothing of it is kept.
    CancelJob {
        /// The job.
        job: Id,
    } => ();
    /// The jobs that run.
    ListJobs {} => Vec<crate::Job>;
    /// Writes an encrypted backup as a job.
    StartBackup {
        /// To this file.
        path: String,
        /// That is opened with this passphrase.
        passphrase: String,
    } => Id;
    /// Replaces the workspace by a backup's content as a job; the present one is kept beside it.
    StartRestore {
        /// From this file.
        path: String,
        /// That was given when it was made.
        passphrase: String,
    } => Id;
    /// Checks the database: what is wrong, nothing if all is well.
    CheckWorkspace {} => Vec<String>;

    // ---- the hub --------------------------------------------------------------------------
    /// Where sync with the hub stands; answered at once.
    GetSync {} => SyncStatus;
    /// Syncs now, and answers when it is done.
    RunSync {
        /// The user has seen that much will be removed, and wants it.
        may_remove_much: bool,
        /// Every record is compared with the hub as well.
        check: bool,
    } => SyncReport;
    /// Signs in at a hub, for the first time or again. A workspace that had no hub goes up to it.
    ConnectHub {
        /// The hub's address.
        address: String,
        /// E-mail address.
        email: String,
        /// Password.
        password: String,
    } => SyncStatus;
    /// Makes a workspace whose records come from a hub.
    CreateConnected {
        /// The hub's address.
        address: String,
        /// E-mail address.
        email: String,
        /// Password at the hub.
        password: String,
        /// Protect the workspace by this passphrase instead of the keyring.
        passphrase: Option<String>,
        /// Of the screens.
        language: Language,
    } => WorkspaceState;
    /// Signs out at the hub; the records stay here.
    DisconnectHub {} => SyncStatus;
    /// Parts the workspace from a hub that never let it in, so that it may go to another one.
    ForgetHub {} => SyncStatus;
    /// What waits for the hub, newest first, and not more than a screen can show.
    ListWaiting {} => Vec<WaitingView>;
    /// Fields that two people changed apart and nobody settled, newest first.
    ListConflicts {} => Vec<ConflictView>;
    /// Settles one.
    SettleConflict { /// The conflict.
        id: Id, /// Which value stands from now on.
        choice: domain::Choice } => ();
    /// What the hub did not take, oldest first.
    ListRejections {} => Vec<RejectionView>;
    /// Gives such a change up.
    DropRejection { /// The changeset.
        changeset_id: Id } => ();
    /// Makes such a change once more, on top of what is there now; says whether that left anything
    /// to change.
    SendRejection { /// The changeset.
        changeset_id: Id } => bool;
    /// The same with other values.
    CorrectRejection { /// The changeset.
        changeset_id: Id, /// What shall stand instead.
        corrections: Vec<Correction> } => bool;
    /// What sync did lately, newest first.
    ListRounds {} => Vec<RoundView>;

    // ---- this device ---------------------------------------------------------------------
    /// Language, theme and the like, of this device.
    GetPreferences {} => Preferences;
    /// Keeps them.
    SetPreferences {
        /// All of them.
        preferences: Preferences,
    } => ();
    /// A form's unsaved input, if there is some.
    GetDraft {
        /// The form and record: `customer:<id>`, `customer:new`.
        key: String,
    } => Option<Draft>;
    /// Keeps a form's unsaved input.
    PutDraft {
        /// The form and record.
        key: String,
        /// The form's input as JSON.
        input: Value,
    } => ();
    /// Forgets it.
    DropDraft {
        /// The form and record.
        key: String,
    } => ();
    /// All drafts, newest first.
    ListDrafts {} => Vec<Draft>;

    // ---- undo and history ----------------------------------------------------------------
    /// What could be undone and redone now.
    GetUndo {} => UndoState;
    /// Takes back the last action of this device that was not taken back yet.
    Undo {} => UndoStep;
    /// Does again what was taken back last.
    Redo {} => UndoStep;
    /// Who changed what in a record (with its lines, addresses …), newest first.
    ListHistory {
        /// Its entity.
        entity: String,
        /// The record.
        id: Id,
        /// Which part.
        window: Window,
    } => Windowed<HistoryEntry>;

    /// What records are called; those that are not here are left out.
    NameRecords {
        /// Entity and id of each.
        records: Vec<(String, Id)>,
    } => Vec<(Id, String)>;

    // ---- everything ----------------------------------------------------------------------
    /// Finds records by words as they are typed.
    Search {
        /// The words.
        text: String,
        /// Only these kinds; all when empty.
        kinds: Vec<SearchKind>,
        /// How many at most, over all kinds.
        limit: u32,
    } => Vec<SearchHit>;
    /// The small sets that forms choose from.
    GetChoices {} => Choices;
    /// The ids of a part of a list, for a selection.
    PickRecords { /// Which list.
        listed: Listed, /// Up or down.
        order: Order, /// Which part.
        window: Window } => Vec<Id>;
    /// What the day brings.
    GetToday {} => Today;

    // ---- customers -----------------------------------------------------------------------
    /// Customers.
    ListCustomers { /// Which.
        filter: CustomerFilter, /// By what.
        sort: CustomerSort, /// Up or down.
        order: Order, /// Which part.
        window: Window } => Windowed<CustomerRow>;
    /// All about one.
    GetCustomer { /// The customer.
        id: Id } => CustomerPage;
    /// What happened with one, newest first.
    ListTimeline { /// The customer.
        customer_id: Id, /// Only these kinds; all when empty.
        kinds: Vec<TimelineKind>, /// Which part.
        window: Window } => Windowed<TimelineEntry>;
    /// Saves a customer, new (nil id; an empty number is filled) or changed, with its addresses:
    /// given ones are saved, missing ones deleted (`None` leaves them alone).
    SaveCustomer { /// The customer as it shall be.
        customer: Customer, /// Its addresses as they shall be.
        addresses: Option<Vec<Address>> } => Id;
    /// Deletes customers; can be undone.
    DeleteCustomers { /// Which.
        ids: Vec<Id> } => u64;
    /// Brings a deleted customer back.
    RestoreCustomer { /// Which.
        id: Id } => ();
    /// Changes one thing in many customers at once.
    ChangeCustomers { /// Which.
        ids: Vec<Id>, /// What.
        change: CustomerChange } => u64;
    /// Customers that may be the same as the one being typed.
    FindCustomerDuplicates { /// As typed so far.
        customer: Customer, /// Postal code as typed so far.
        postal_code: String } => Vec<Duplicate>;
    /// Puts a tag on a customer, making the tag if there is none of that name.
    AddTag { /// The customer.
        customer_id: Id, /// The tag's name.
        name: String } => ();
    /// Takes a tag off a customer.
    RemoveTag { /// The customer.
        customer_id: Id, /// The tag.
        tag_id: Id } => ();
    /// The documents of a customer, newest first.
    ListDocuments { /// The customer.
        customer_id: Id } => Vec<Document>;

    // ---- contacts ------------------------------------------------------------------------
    /// Contacts.
    ListContacts { /// Which.
        filter: ContactFilter, /// By what.
        sort: ContactSort, /// Up or down.
        order: Order, /// Which part.
        window: Window } => Windowed<ContactRow>;
    /// One contact.
    GetContact { /// Which.
        id: Id } => Contact;
    /// Saves a contact, new or changed.
    SaveContact { /// As it shall be.
        contact: Contact } => Id;
    /// Deletes contacts; can be undone.
    DeleteContacts { /// Which.
        ids: Vec<Id> } => u64;
    /// Contacts that may be the same as the one being typed.
    FindContactDuplicates { /// As typed so far.
        contact: Contact } => Vec<Duplicate>;

    // ---- what happened, what is to be done -------------------------------------------------
    /// Logs a talk or visit, with a follow-up and the opportunity's next stage, as one action.
    LogCommunication { /// What happened; nil id for a new one.
        communication: Communication, /// What is to be done next.
        follow_up: Option<Task>, /// Move the communication's opportunity to this stage.
        stage: Option<Stage> } => Id;
    /// Logs from one line: “Linie 3 besichtigt … Wiedervorlage Freitag 10 Uhr”.
    LogQuick { /// With which customer.
        customer_id: Id, /// How.
        kind: domain::CommunicationKind, /// The line.
        text: String, /// The language of its phrases.
        language: Language } => Logged;
    /// One talk.
    GetCommunication { /// Which.
        id: Id } => Communication;
    /// Deletes a talk; can be undone.
    DeleteCommunication { /// Which.
        id: Id } => ();
    /// Tasks, next due first.
    ListTasks { /// Which.
        filter: TaskFilter, /// Which part.
        window: Window } => Windowed<TaskRow>;
    /// Saves a task, new or changed.
    SaveTask { /// As it shall be.
        task: Task } => Id;
    /// Ticks a task off, or opens it again.
    CompleteTask { /// Which.
        id: Id, /// Whether it is done.
        done: bool } => ();
    /// Puts a task off.
    PostponeTask { /// Which.
        id: Id, /// Until.
        due_at: Instant } => ();
    /// Deletes a task; can be undone.
    DeleteTask { /// Which.
        id: Id } => ();
    /// The user's appointments that touch a span of time, in order.
    ListAppointments { /// From.
        from: Instant, /// To (exclusive).
        to: Instant } => Vec<AppointmentRow>;
    /// Saves an appointment, new or changed.
    SaveAppointment { /// As it shall be.
        appointment: Appointment } => Id;
    /// Moves an appointment, or changes how long it is.
    MoveAppointment { /// Which.
        id: Id, /// From.
        starts_at: Instant, /// To.
        ends_at: Instant } => ();
    /// Deletes an appointment; can be undone.
    DeleteAppointment { /// Which.
        id: Id } => ();
    /// What a calendar file (.ics) would bring; changes nothing.
    ReadCalendarFile { /// The file.
        path: String } => CalendarImport;
    /// Takes a calendar file over as one action: appointments whose UID is known are updated,
    /// others made.
    ImportCalendarFile { /// The file.
        path: String } => CalendarImport;
    /// Writes the user's appointments of a span of time, or one of them, as a calendar file;
    /// says how many.
    WriteCalendarFile { /// Where to.
        path: String, /// From.
        from: Instant, /// To (exclusive).
        to: Instant, /// Only this one, whenever it is.
        id: Option<Id> } => u64;

    // ---- opportunities -------------------------------------------------------------------
    /// The board of open opportunities.
    GetBoard { /// Which.
        filter: OpportunityFilter, /// Cards a column at most.
        cards: u32 } => Board;
    /// What the open opportunities should bring, by the month of their expected close.
    GetForecast { /// Which.
        filter: OpportunityFilter } => Vec<ForecastMonth>;
    /// Opportunities.
    ListOpportunities { /// Which.
        filter: OpportunityFilter, /// By what.
        sort: OpportunitySort, /// Up or down.
        order: Order, /// Which part.
        window: Window } => Windowed<OpportunityRow>;
    /// One opportunity.
    GetOpportunity { /// Which.
        id: Id } => OpportunityPage;
    /// Saves an opportunity, new (an empty number is filled) or changed.
    SaveOpportunity { /// As it shall be.
        opportunity: Opportunity } => Id;
    /// Moves it to another stage.
    MoveOpportunity { /// Which.
        id: Id, /// Where to.
        stage: Stage } => ();
    /// Wins, loses, cancels or reopens it.
    CloseOpportunity { /// Which.
        id: Id, /// What became of it; open for reopening.
        status: domain::OpportunityStatus, /// Why; needed when lost or cancelled.
        reason: String } => ();
    /// Deletes opportunities; can be undone.
    DeleteOpportunities { /// Which.
        ids: Vec<Id> } => u64;
    /// Deletes it; can be undone.
    DeleteOpportunity { /// Which.
        id: Id } => ();

    // ---- quotes --------------------------------------------------------------------------
    /// Quotes.
    ListQuotes { /// Which.
        filter: QuoteFilter, /// By what.
        sort: QuoteSort, /// Up or down.
        order: Order, /// Which part.
        window: Window } => Windowed<QuoteRow>;
    /// Everything that the editor shows.
    GetQuote { /// Which.
        id: Id } => QuotePage;
    /// Makes a draft with the customer's terms, price list, language, discount and texts.
    CreateQuote { /// To whom.
        customer_id: Id, /// For which opportunity.
        opportunity_id: Option<Id> } => Id;
    /// Saves a draft with its lines as they shall be (missing ones are deleted); totals are
    /// computed anew. The reply is what was stored.
    SaveQuote { /// The quote as it shall be.
        quote: Quote, /// Its lines in order.
        lines: Vec<QuoteLine> } => QuotePage;
    /// A line for an article: text in the quote's language, price by customer price, price
    /// list, list price for the quantity and day, tax as proposed for the customer.
    MakeQuoteLine { /// For which quote.
        quote_id: Id, /// The article.
        article_id: Id, /// How many.
        quantity: Quantity } => QuoteLine;
    /// The price of an article for a quote's customer at a quantity.
    FindPrice { /// For which quote.
        quote_id: Id, /// The article.
        article_id: Id, /// How many.
        quantity: Quantity } => UnitPrice;
    /// The PDF: as it was handed over, or a draft's preview. Base64.
    RenderQuote { /// Which.
        id: Id } => RenderedFile;
    /// The pages of unsaved input as SVG, from the layout that the PDF is drawn from: the
    /// preview beside the editor.
    PreviewQuote { /// The quote as it stands in the editor.
        quote: Quote, /// Its lines.
        lines: Vec<QuoteLine> } => Vec<String>;
    /// Writes the PDF to a file.
    SaveQuotePdf { /// Which.
        id: Id, /// Where to.
        path: String } => ();
    /// Freezes the quote: makes its final PDF and marks it as handed over.
    SendQuote { /// Which.
        id: Id } => ();
    /// Keeps the customer's signature (PNG, base64) with name and place; freezes the quote,
    /// accepts it and makes its final PDF.
    SignQuote { /// Which.
        id: Id, /// PNG, base64.
        image: String, /// Who signed.
        name: String, /// Where.
        place: String } => ();
    /// The customer said yes or no, or the validity ended.
    DecideQuote { /// Which.
        id: Id, /// Accepted, rejected or expired.
        status: domain::QuoteStatus, /// Why, if rejected.
        reason: String } => ();
    /// Makes the next revision as a draft; the old one stays.
    ReviseQuote { /// Which.
        id: Id } => Id;
    /// Makes a new draft with the same lines.
    CopyQuote { /// Which.
        id: Id, /// For which customer; the same when none.
        customer_id: Option<Id> } => Id;
    /// Deletes those of the quotes that are drafts; says how many. Can be undone.
    DeleteQuotes { /// Which.
        ids: Vec<Id> } => u64;
    /// Deletes a draft; can be undone.
    DeleteQuote { /// Which.
        id: Id } => ();

    // ---- articles ------------------------------------------------------------------------
    /// Articles.
    ListArticles { /// Which.
        filter: ArticleFilter, /// By what.
        sort: ArticleSort, /// Up or down.
        order: Order, /// Which part.
        window: Window } => Windowed<ArticleRow>;
    /// The groups of articles.
    ListArticleGroups {} => Vec<ArticleGroup>;
    /// One article with its prices.
    GetArticle { /// Which.
        id: Id } => ArticlePage;

    // ---- files in and out ----------------------------------------------------------------
    /// What an import of this file would do; nothing is changed.
    PlanImport { /// Which file, and how.
        order: ImportOrder } => ImportReport;
    /// Imports a file as a job, all good rows as one action that one undo takes back.
    StartImport { /// Which file, and how.
        order: ImportOrder } => Id;
    /// What an import did, once its job is done; the last one's is kept.
    GetImport { /// The job.
        job: Id } => Option<ImportReport>;
    /// Writes a list to a file as a job.
    StartExport { /// Which list, where and how.
        order: ExportOrder } => Id;

    // ---- settings ------------------------------------------------------------------------
    /// The company's settings.
    GetSettings {} => Settings;
    /// Keeps the letterhead.
    SaveLetterhead { /// As it shall be.
        letterhead: Letterhead } => ();
    /// Keeps the numbering.
    SaveNumbering { /// As it shall be.
        numbering: Numbering } => ();
    /// Keeps the quote's texts.
    SaveQuoteTexts { /// As they shall be.
        texts: QuoteTexts } => ();
    /// Puts a logo (PNG or JPEG, base64) on the letterhead, or takes it off.
    SetLogo { /// The image; none takes it off.
        image: Option<String> } => ();
    /// Saves the user's own name, initials, phone …
    SaveUser { /// As it shall be.
        user: User } => ();
    /// The content of a document.
    GetDocument { /// Which.
        id: Id } => RenderedFile;
}
