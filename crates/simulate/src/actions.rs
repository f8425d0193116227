//! What people do at their laptops, through the app's own commands.

mod sales;

use anyhow::Result;
use app::App;
use commands::{
    AddTag, ChangeCustomers, CompleteTask, CustomerChange, DeleteAppointment, DeleteCommunication,
    DeleteContacts, DeleteCustomers, DeleteTask, DropRejection, Failure, GetCommunication,
    GetContact, GetCustomer, ListConflicts, ListRejections, LogCommunication, PostponeTask, Redo,
    RestoreCustomer, SaveAppointment, SaveContact, SaveCustomer, SaveQuoteTexts, SaveTask,
    SendRejection, SettleConflict, Undo,
};
use domain::{
    Appointment, Choice, Communication, Contact, Customer, CustomerStatus, Id, Instant, QuoteTexts,
    Stage, Task, Territory, User,
};
use store::Death;

use crate::{basis, events, world::World};

/// What an action needs: the app, chance, and what is on the laptop.
struct Hand<'a> {
    app: App,
    rng: &'a mut fastrand::Rng,
    person: usize,
    moves: bool,
}

type Done = Result<String, Failure>;

impl Hand<'_> {
    fn any<R: domain::Record>(&mut self) -> Option<R> {
        let all: Vec<R> = self.app.with_store(store::Store::all).ok()?.ok()?;
        self.rng.choice(all)
    }

    fn customer(&mut self) -> Result<Customer, Failure> {
        self.any().ok_or_else(|| Failure::new("not-found", "no customer"))
    }

    fn text(&mut self) -> String {
        self.rng.u16(..).to_string()
    }

    fn soon(&mut self) -> Instant {
        let minutes = self.rng.i64(1..10_000);
        Instant::from(Instant::now().utc() + chrono::TimeDelta::minutes(minutes))
    }
}

/// A second setting of a name is refused by the database, and nothing is lost by that.
fn refused(failure: Failure) -> Failure {
    match failure.code.as_str() {
        "constraint" => Failure::new("stale", failure.sentence),
        _ => failure,
    }
}

fn none() -> Failure {
    Failure::new("not-found", "nothing there")
}

/// Somebody does something at a laptop.
pub(crate) fn act(world: &mut World<'_>, laptop: usize) -> Result<()> {
    world.at(laptop);
    let app = world.laptops[laptop].app.clone();
    if world.weather.kills && !app.with_store(store::Store::is_dead)? && world.chance(2) {
        let death = if world.rng.bool() { Death::Before } else { Death::After };
        app.with_store(|store| store.die_at_commit(1, death))?;
    }
    let moves = world.weather.moves && world.backup.is_none();
    let person = world.laptops[laptop].person;
    let mut hand = Hand { app: app.clone(), rng: &mut world.rng, person, moves };
    let done = hand.act();
    let is_dead = app.with_store(store::Store::is_dead)?;
    match done {
        Ok(told) => world.tell(format!("laptop {laptop}: {told}")),
        Err(failure) if is_dead => world.tell(format!("laptop {laptop} died: {}", failure.code)),
        Err(failure) => {
            world.tell(format!("laptop {laptop} could not: {}", failure.code));
            let is_usual = ["refused", "stale", "not-found", "nothing-to-undo"];
            if !is_usual.contains(&failure.code.as_str()) {
                world.found(8, format!("laptop {laptop} failed: {failure}"));
            }
        }
    }
    drop(app);
    if is_dead && world.depth == 0 {
        return events::revive(world, laptop);
    }
    world.note_confirmed(laptop)
}

impl Hand<'_> {
    fn act(&mut self) -> Done {
        match self.rng.u8(..100) {
            0..5 => self.new_customer(),
            5..24 => self.edit_customer(),
            24..28 if self.moves => self.move_customer(),
            28..31 => self.delete_customer(),
            31..34 => self.tag(),
            34..39 => self.new_contact(),
            39..46 => self.edit_contact(),
            46..54 => self.log(),
            54..58 => self.edit_talk(),
            58..63 => self.task(),
            63..66 => self.appointment(),
            66..80 => self.sell(),
            80..85 => match self.rng.u8(..3) {
                0 => self.app.ask(Redo {}).map(|step| format!("redoes {}", step.operation)),
                _ => self.app.ask(Undo {}).map(|step| format!("undoes {}", step.operation)),
            }
            .map_err(refused),
            85..90 => self.settle(),
            90..96 => self.decide_rejection(),
            96..98 => self.settings(),
            _ => self.bulk(),
        }
    }

    fn new_customer(&mut self) -> Done {
        let customer = Customer {
            name: format!("Kunde {}", self.text()),
            owner_id: self.rng.bool().then(|| basis::user(self.person).id),
            territory_id: self.any::<Territory>().map(|territory| territory.id),
            ..Customer::default()
        };
        let id = self.app.ask(SaveCustomer { customer, addresses: None })?;
        Ok(format!("makes customer {id}"))
    }

    fn edit_customer(&mut self) -> Done {
        let id = self.customer()?.id;
        let mut customer = self.app.ask(GetCustomer { id })?.customer;
        let text = self.text();
        let field = match self.rng.u8(..7) {
            0 => (customer.phone = format!("+49 40 {text}"), "phone").1,
            1 => (customer.industry = text, "industry").1,
            2 => (customer.name = format!("Kunde {text}"), "name").1,
            3 => (customer.notes.push_str(&format!("\n{text}")), "notes").1,
            4 => (customer.notes = format!("{text}\n{}", customer.notes), "notes").1,
            5 => {
                customer.industry.clone_from(&text);
                customer.website = format!("{text}.example");
                "industry, website"
            }
            _ => {
                customer.parent_id = self.any::<Customer>().map(|parent| parent.id);
                "parent"
            }
        };
        let addresses = None;
        self.app.ask(SaveCustomer { customer, addresses })?;
        Ok(format!("edits {field} of customer {id}"))
    }

    fn move_customer(&mut self) -> Done {
        let id = self.customer()?.id;
        let territory = self.any::<Territory>().map(|territory| territory.id);
        let change = match self.rng.bool() {
            true => CustomerChange::Owner(self.any::<User>().map(|user| user.id)),
            false => CustomerChange::Territory(territory.filter(|_| self.rng.bool())),
        };
        let told = format!("moves customer {id}: {change:?}");
        self.app.ask(ChangeCustomers { ids: vec![id], change })?;
        Ok(told)
    }

    fn delete_customer(&mut self) -> Done {
        if self.rng.bool() {
            let ids = vec![self.customer()?.id];
            let told = format!("deletes customer {ids:?}");
            self.app.ask(DeleteCustomers { ids })?;
            return Ok(told);
        }
        let deleted = self.app.with_store(|store| store.upload_part((0, 0), 1_000_000))??.0;
        let deleted: Vec<Id> = deleted
            .iter()
            .filter(|change| change.entity == "customer")
            .filter(|change| {
                change.fields.get("deleted_at").is_some_and(|field| !field.to.is_null())
            })
            .map(|change| change.id)
            .collect();
        let id = self.rng.choice(deleted).ok_or_else(none)?;
        self.app.ask(RestoreCustomer { id })?;
        Ok(format!("brings customer {id} back"))
    }

    fn tag(&mut self) -> Done {
        let customer_id = self.customer()?.id;
        let name = format!("T{}", self.rng.u8(..4));
        self.app.ask(AddTag { customer_id, name })?;
        Ok(format!("tags customer {customer_id}"))
    }

    fn new_contact(&mut self) -> Done {
        let customer_id = self.customer()?.id;
        let last_name = format!("Name {}", self.text());
        let contact =
            Contact { customer_id, last_name, is_primary: self.rng.bool(), ..Contact::default() };
        let id = self.app.ask(SaveContact { contact })?;
        Ok(format!("makes contact {id} of {customer_id}"))
    }

    fn edit_contact(&mut self) -> Done {
        let id = self.any::<Contact>().ok_or_else(none)?.id;
        if self.rng.u8(..5) == 0 {
            self.app.ask(DeleteContacts { ids: vec![id] })?;
            return Ok(format!("deletes contact {id}"));
        }
        let mut contact = self.app.ask(GetContact { id })?;
        match self.rng.u8(..3) {
            0 => contact.position = self.text(),
            1 => contact.first_name = self.text(),
            _ => contact.is_primary = !contact.is_primary,
        }
        self.app.ask(SaveContact { contact })?;
        Ok(format!("edits contact {id}"))
    }

    fn log(&mut self) -> Done {
        let customer_id = self.customer()?.id;
        let opportunity = self.any::<domain::Opportunity>();
        let opportunity = opportunity.filter(|one| one.customer_id == customer_id);
        let contact = self.any::<Contact>().filter(|one| one.customer_id == customer_id);
        let communication = Communication {
            customer_id,
            contact_id: contact.map(|contact| contact.id),
            opportunity_id: opportunity.as_ref().map(|one| one.id),
            subject: self.text(),
            body: "a\nb\nc".into(),
            ..Communication::default()
        };
        let due_at = self.soon();
        let follow_up = self.rng.bool().then(|| Task { due_at, ..Task::default() });
        let stage = opportunity.and(self.rng.choice(Stage::ALL.iter().copied()));
        let id = self.app.ask(LogCommunication { communication, follow_up, stage })?;
        Ok(format!("logs talk {id} with {customer_id}"))
    }

    fn edit_talk(&mut self) -> Done {
        let id = self.any::<Communication>().ok_or_else(none)?.id;
        if self.rng.u8(..5) == 0 {
            self.app.ask(DeleteCommunication { id })?;
            return Ok(format!("deletes talk {id}"));
        }
        let mut communication = self.app.ask(GetCommunication { id })?;
        match self.rng.bool() {
            true => communication.body.push_str(&format!("\n{}", self.text())),
            false => communication.outcome = self.text(),
        }
        self.app.ask(LogCommunication { communication, follow_up: None, stage: None })?;
        Ok(format!("edits talk {id}"))
    }

    fn task(&mut self) -> Done {
        let found = self.any::<Task>();
        let due_at = self.soon();
        let Some(mut task) = found.filter(|_| self.rng.u8(..4) > 0) else {
            let customer = self.any::<Customer>().filter(|_| self.rng.bool());
            let (subject, owner) = (self.text(), self.any::<User>());
            let task = Task {
                subject,
                due_at,
                customer_id: customer.map(|customer| customer.id),
                owner_id: owner.filter(|_| self.rng.bool()).map_or(Id::NIL, |owner| owner.id),
                ..Task::default()
            };
            return Ok(format!("makes task {}", self.app.ask(SaveTask { task })?));
        };
        let id = task.id;
        match self.rng.u8(..5) {
            0 => self.app.ask(CompleteTask { id, done: self.rng.bool() })?,
            1 => self.app.ask(PostponeTask { id, due_at })?,
            2 => self.app.ask(DeleteTask { id })?,
            3 if self.moves => {
                task.owner_id = self.any::<User>().map_or(Id::NIL, |user| user.id);
                self.app.ask(SaveTask { task })?;
            }
            _ => {
                task.body = self.text();
                self.app.ask(SaveTask { task })?;
            }
        }
        Ok(format!("changes task {id}"))
    }

    fn appointment(&mut self) -> Done {
        let found = self.any::<Appointment>();
        let starts_at = self.soon();
        let ends_at = Instant::from(starts_at.utc() + chrono::TimeDelta::hours(1));
        let Some(found) = found.filter(|_| self.rng.bool()) else {
            let customer = self.any::<Customer>().filter(|_| self.rng.bool());
            let subject = self.text();
            let customer_id = customer.map(|customer| customer.id);
            let appointment =
                Appointment { subject, starts_at, ends_at, customer_id, ..Appointment::default() };
            return Ok(format!(
                "makes appointment {}",
                self.app.ask(SaveAppointment { appointment })?
            ));
        };
        let id = found.id;
        match self.rng.u8(..4) {
            0 => self.app.ask(DeleteAppointment { id })?,
            _ => {
                let appointment = Appointment { starts_at, ends_at, ..found };
                self.app.ask(SaveAppointment { appointment })?;
            }
        }
        Ok(format!("changes appointment {id}"))
    }

    fn settle(&mut self) -> Done {
        let open = self.app.ask(ListConflicts {})?;
        let conflict = self.rng.choice(open).ok_or_else(none)?;
        let choice = if self.rng.bool() { Choice::Ours } else { Choice::Theirs };
        self.app.ask(SettleConflict { id: conflict.id, choice })?;
        Ok(format!("settles {} of {}: {choice}", conflict.field, conflict.record_id))
    }

    fn decide_rejection(&mut self) -> Done {
        let open = self.app.ask(ListRejections {})?;
        let changeset_id = self.rng.choice(open).ok_or_else(none)?.changeset_id;
        if self.rng.bool() {
            // A setting of the name came meanwhile: refused, and still listed.
            self.app.ask(SendRejection { changeset_id }).map_err(refused)?;
            return Ok(format!("sends rejected {changeset_id} again"));
        }
        self.app.ask(DropRejection { changeset_id })?;
        Ok(format!("drops rejected {changeset_id}"))
    }

    fn settings(&mut self) -> Done {
        let texts = QuoteTexts { intro_de: self.text(), ..QuoteTexts::default() };
        self.app.ask(SaveQuoteTexts { texts })?;
        Ok("changes the quote's texts".into())
    }

    fn bulk(&mut self) -> Done {
        let mut ids = Vec::new();
        for _ in 0..3 {
            ids.push(self.customer()?.id);
        }
        ids.sort();
        ids.dedup();
        let status = match self.rng.bool() {
            true => CustomerStatus::Active,
            false => CustomerStatus::Inactive,
        };
        let change = CustomerChange::Status(status);
        self.app.ask(ChangeCustomers { ids, change })?;
        Ok("changes many customers".into())
    }
}
