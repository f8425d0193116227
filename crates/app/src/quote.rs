use base64::{Engine, engine::general_purpose::STANDARD};
use commands::{
    Answer, CopyQuote, CreateQuote, DecideQuote, DeleteQuote, Failure, FindPrice, GetQuote,
    ListQuotes, MakeQuoteLine, PreviewQuote, RenderQuote, RenderedFile, ReviseQuote, SaveQuote,
    SaveQuotePdf, SendQuote, SignQuote,
    view::{QuotePage, QuoteRow, Windowed},
};
use domain::{
    Address, Article, Changeset, Contact, Context, Customer, Document, DocumentKind, Id,
    Letterhead, Opportunity, OpportunityStatus, Price, Quantity, Quote, QuoteLine, QuoteStatus,
    Refused, Tax, Unit, UnitPrice,
    price::{find_price, propose_tax},
    quote::{
        Papers, check_quote, copy_quote, create_quote, decide_quote, delete_quote, hand_over,
        line_for, revise_quote, save_quote,
    },
};
use store::Tx;

use crate::{
    App,
    quote_paper::{Signed, file_name},
    settings::{self, decode_image},
};

impl Answer<ListQuotes> for App {
    fn answer(&self, request: ListQuotes) -> Result<Windowed<QuoteRow>, Failure> {
        let ListQuotes { filter, sort, order, window } = request;
        Ok(self.open()?.store.quotes(&filter, sort, order, window)?)
    }
}

impl Answer<GetQuote> for App {
    fn answer(&self, request: GetQuote) -> Result<QuotePage, Failure> {
        let open = self.open()?;
        let store = &open.store;
        let (quote, lines) = store.quote(request.id)?;
        let mut addresses: Vec<Address> = store.by("customer_id", quote.customer_id)?;
        addresses.sort_by_key(|address| !address.is_default);
        let mut opportunities: Vec<Opportunity> = store.by("customer_id", quote.customer_id)?;
        opportunities.retain(|opportunity| {
            opportunity.status == OpportunityStatus::Open
                || Some(opportunity.id) == quote.opportunity_id
        });
        Ok(QuotePage {
            lines,
            customer: store.get(quote.customer_id)?,
            contacts: store.by("customer_id", quote.customer_id)?,
            addresses,
            opportunities,
            revisions: store.revisions(&quote)?,
            quote,
        })
    }
}

fn lines_of(tx: &Tx<'_>, quote: Id) -> Result<Vec<QuoteLine>, Failure> {
    let mut lines: Vec<QuoteLine> = tx.by("quote_id", quote)?;
    lines.sort_by_key(|line| line.position);
    Ok(lines)
}

impl Answer<CreateQuote> for App {
    fn answer(&self, request: CreateQuote) -> Result<Id, Failure> {
        let texts = settings::get(&self.open()?.store, settings::TEXTS)?;
        self.transact(|tx, context| {
            let customer: Customer = tx.get(request.customer_id)?;
            let opportunity = match request.opportunity_id {
                Some(id) => Some(tx.get::<Opportunity>(id)?),
                None => None,
            };
            let contacts: Vec<Contact> = tx.by("customer_id", customer.id)?;
            let contact_id =
                opportunity.as_ref().and_then(|found| found.contact_id).or_else(|| {
                    contacts.iter().find(|contact| contact.is_primary).map(|contact| contact.id)
                });
            let number = settings::next_number(tx, "quote", context)?;
            let opportunity_id = request.opportunity_id;
            let (changeset, quote) =
                create_quote(&customer, number, opportunity_id, contact_id, &texts, context)?;
            tx.apply(&changeset)?;
            Ok(quote.id)
        })
    }
}

impl Answer<SaveQuote> for App {
    fn answer(&self, request: SaveQuote) -> Result<QuotePage, Failure> {
        let id = request.quote.id;
        self.transact(|tx, context| {
            let old: Quote = tx.get(id)?;
            let old_lines = lines_of(tx, id)?;
            let (changeset, ..) =
                save_quote((&old, &old_lines), request.quote, request.lines, context)?;
            Ok(tx.apply(&changeset)?)
        })?;
        self.answer(GetQuote { id })
    }
}

impl App {
    fn price_for(
        &self,
        quote: &Quote,
        article: &Article,
        quantity: Quantity,
    ) -> Result<UnitPrice, Failure> {
        let prices: Vec<Price> = self.open()?.store.by("article_id", article.id)?;
        let (customer, list) = (quote.customer_id, quote.price_list_id);
        Ok(find_price(article, customer, list, quantity, quote.date, &prices))
    }
}

impl Answer<MakeQuoteLine> for App {
    fn answer(&self, request: MakeQuoteLine) -> Result<QuoteLine, Failure> {
        let open = self.open()?;
        let store = &open.store;
        let quote: Quote = store.get(request.quote_id)?;
        let article: Article = store.get(request.article_id)?;
        let unit: Unit = store.get(article.unit_id)?;
        let article_tax: Tax = store.get(article.tax_id)?;
        let customer: Customer = store.get(quote.customer_id)?;
        let mut addresses: Vec<Address> = store.by("customer_id", customer.id)?;
        addresses.sort_by_key(|address| !address.is_default);
        let country = addresses.first().map_or("", |address| address.country.0.as_str());
        let letterhead: Letterhead = settings::get(store, settings::LETTERHEAD)?;
        let taxes: Vec<Tax> = store.all()?;
        let tax = propose_tax(
            &article_tax,
            &customer,
            country,
            &letterhead.country.0,
            letterhead.small_business,
            &taxes,
        );
        let price = self.price_for(&quote, &article, request.quantity)?;
        Ok(line_for(&quote, &article, &unit, tax, price, request.quantity))
    }
}

impl Answer<FindPrice> for App {
    fn answer(&self, request: FindPrice) -> Result<UnitPrice, Failure> {
        let open = self.open()?;
        let quote: Quote = open.store.get(request.quote_id)?;
        let article: Article = open.store.get(request.article_id)?;
        self.price_for(&quote, &article, request.quantity)
    }
}

impl App {
    /// The quote's PDF: as it was handed over, or a draft's preview, with its file's name.
    fn quote_pdf(&self, id: Id) -> Result<(String, Vec<u8>), Failure> {
        let open = self.open()?;
        let (quote, lines) = open.store.quote(id)?;
        if let Some(document) = quote.pdf_document_id {
            let (document, content) = open.store.document(document)?;
            return Ok((document.name, content));
        }
        let draft = quote.status == QuoteStatus::Draft;
        let paper = self.quote_paper(&quote, &lines, draft, None)?;
        Ok((file_name(&quote), paper::render_quote(&paper).map_err(not_printed)?))
    }
}

fn not_printed(error: paper::PaperError) -> Failure {
    Failure::new("not-printed", format!("The PDF could not be made: {error}. The quote is kept."))
}

fn rendered(name: String, content: &[u8]) -> RenderedFile {
    RenderedFile {
        name,
        media_type: "application/pdf".into(),
        content: STANDARD.encode(content),
        pages: paper::page_count(content),
    }
}

impl Answer<RenderQuote> for App {
    fn answer(&self, request: RenderQuote) -> Result<RenderedFile, Failure> {
        let (name, content) = self.quote_pdf(request.id)?;
        Ok(rendered(name, &content))
    }
}

impl Answer<PreviewQuote> for App {
    fn answer(&self, request: PreviewQuote) -> Result<Vec<String>, Failure> {
        let PreviewQuote { quote, lines } = request;
        Refused::unless_empty(check_quote(&quote, &lines))?;
        let signed = match quote.signature_document_id {
            Some(id) => Some(Signed {
                image: self.open()?.store.document(id)?.1,
                name: quote.signed_name.clone(),
                place: quote.signed_place.clone(),
                at: quote.signed_at.unwrap_or_default(),
            }),
            None => None,
        };
        let draft = quote.status == QuoteStatus::Draft;
        let paper = self.quote_paper(&quote, &lines, draft, signed)?;
        paper::preview_quote(&paper).map_err(not_printed)
    }
}

impl Answer<SaveQuotePdf> for App {
    fn answer(&self, request: SaveQuotePdf) -> Result<(), Failure> {
        let (_, content) = self.quote_pdf(request.id)?;
        store::write_file(request.path.as_ref(), &content).map_err(Failure::from)
    }
}

impl App {
    /// Freezes a draft with its final PDF, signed or not.
    fn hand_over(
        &self,
        id: Id,
        signature: Option<(Vec<u8>, String, String)>,
    ) -> Result<(), Failure> {
        self.transact(|tx, context| {
            let quote: Quote = tx.get(id)?;
            let lines = lines_of(tx, id)?;
            let signed = signature.as_ref().map(|(image, name, place)| Signed {
                image: image.clone(),
                name: name.trim().into(),
                place: place.trim().into(),
                at: context.now,
            });
            let paper = self.quote_paper(&quote, &lines, false, signed)?;
            let content = paper::render_quote(&paper).map_err(not_printed)?;
            let pdf = document(tx, &quote, file_name(&quote), DocumentKind::QuotePdf, &content)?;
            let signature = match signature {
                Some((image, name, place)) => {
                    let kind = DocumentKind::Signature;
                    let kept = document(tx, &quote, format!("{}.png", quote.number), kind, &image)?;
                    Some((kept, name, place))
                }
                None => None,
            };
            let (mut changeset, handed) =
                hand_over(&quote, &lines, Papers { pdf, signature }, context)?;
            if handed.status == QuoteStatus::Accepted {
                win(tx, &handed, &mut changeset, context)?;
            }
            Ok(tx.apply(&changeset)?)
        })
    }
}

fn document(
    tx: &mut Tx<'_>,
    quote: &Quote,
    name: String,
    kind: DocumentKind,
    content: &[u8],
) -> Result<Document, Failure> {
    let media_type = match kind {
        DocumentKind::QuotePdf => "application/pdf",
        _ => "image/png",
    };
    Ok(Document {
        name,
        kind,
        media_type: media_type.into(),
        size: i64::try_from(content.len()).unwrap_or(0),
        sha256: tx.put_blob(content)?,
        customer_id: Some(quote.customer_id),
        quote_id: Some(quote.id),
        ..Document::default()
    })
}

/// An accepted quote wins its opportunity, in the same action.
fn win(
    tx: &Tx<'_>,
    quote: &Quote,
    changeset: &mut Changeset,
    context: &mut Context<'_>,
) -> Result<(), Failure> {
    let Some(id) = quote.opportunity_id else { return Ok(()) };
    let opportunity: Opportunity = tx.get(id)?;
    if opportunity.status == OpportunityStatus::Open {
        let won = domain::close_opportunity(&opportunity, OpportunityStatus::Won, "", context)?;
        changeset.changes.extend(won.changes);
    }
    Ok(())
}

impl Answer<SendQuote> for App {
    fn answer(&self, request: SendQuote) -> Result<(), Failure> {
        self.hand_over(request.id, None)
    }
}

impl Answer<SignQuote> for App {
    fn answer(&self, request: SignQuote) -> Result<(), Failure> {
        let (image, _) = decode_image(&request.image)?;
        self.hand_over(request.id, Some((image, request.name, request.place)))
    }
}

impl Answer<DecideQuote> for App {
    fn answer(&self, request: DecideQuote) -> Result<(), Failure> {
        self.transact(|tx, context| {
            let quote: Quote = tx.get(request.id)?;
            let mut changeset = decide_quote(&quote, request.status, &request.reason, context)?;
            if request.status == QuoteStatus::Accepted {
                win(tx, &quote, &mut changeset, context)?;
            }
            Ok(tx.apply(&changeset)?)
        })
    }
}

impl Answer<ReviseQuote> for App {
    fn answer(&self, request: ReviseQuote) -> Result<Id, Failure> {
        let open = self.open()?;
        let (quote, lines) = open.store.quote(request.id)?;
        let revisions = open.store.revisions(&quote)?;
        let last = revisions.iter().map(|row| row.revision).max().unwrap_or(quote.revision);
        self.transact(|tx, context| {
            let (changeset, made) = revise_quote(&quote, &lines, last, context)?;
            tx.apply(&changeset)?;
            Ok(made.id)
        })
    }
}

impl Answer<CopyQuote> for App {
    fn answer(&self, request: CopyQuote) -> Result<Id, Failure> {
        let open = self.open()?;
        let (mut quote, lines) = open.store.quote(request.id)?;
        if let Some(customer) = request.customer_id.filter(|id| *id != quote.customer_id) {
            quote = Quote {
                customer_id: customer,
                contact_id: None,
                opportunity_id: None,
                billing_address_id: None,
                delivery_address_id: None,
                ..quote
            };
        }
        self.transact(|tx, context| {
            let number = settings::next_number(tx, "quote", context)?;
            let (changeset, made) = copy_quote(&quote, &lines, number, context);
            tx.apply(&changeset)?;
            Ok(made.id)
        })
    }
}

impl Answer<DeleteQuote> for App {
    fn answer(&self, request: DeleteQuote) -> Result<(), Failure> {
        self.transact(|tx, context| {
            let quote: Quote = tx.get(request.id)?;
            let lines = lines_of(tx, request.id)?;
            Ok(tx.apply(&delete_quote(&quote, &lines, context)?)?)
        })
    }
}
