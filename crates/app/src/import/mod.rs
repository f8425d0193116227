//! Files to records. A file is read as rows of cells ([`source`]), columns become fields
//! ([`cells`]), each row goes through the domain's own operations ([`customer`], [`article`],
//! [`contact`]), and everything good is written as one changeset ([`desk`]).

mod article;
mod cells;
mod contact;
mod customer;
mod desk;
mod failed;
mod run;
mod source;
mod table;
mod vcard;
mod words;

use commands::{
    Answer, Failure, GetImport, GetPreferences, ImportOrder, ImportReport, PlanImport, StartImport,
};
use domain::{Context, Id, Instant};
use store::Stop;

use crate::{App, today};
use run::{Job, prepare};

impl App {
    /// Imports a file: all good rows as one action, or nothing.
    ///
    /// # Errors
    /// When the file cannot be read or its columns are not known, failed rows cannot be
    /// written, or it was stopped; nothing was changed then.
    pub fn run_import(
        &self,
        order: &ImportOrder,
        stop: &Stop,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<ImportReport, Failure> {
        let open = self.open()?;
        let language = self.answer(GetPreferences {})?.language;
        let ready = prepare(order, stop)?;
        ready.check_columns()?;
        let user_id = open.user_id();
        self.transact(|tx, context| {
            let job = Job { order, user_id, stop, progress, writes: Some(language) };
            ready.run(tx, context, job)
        })
    }

    /// What an import would do.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn plan_import(
        &self,
        order: &ImportOrder,
        stop: &Stop,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<ImportReport, Failure> {
        let open = self.open()?;
        let ready = prepare(order, stop)?;
        if !ready.missing().is_empty() {
            return Ok(ready.report());
        }
        let user_id = open.user_id();
        let mut ids = Id::now;
        let mut context = Context { now: Instant::now(), today: today(), user_id, ids: &mut ids };
        open.store.look(|tx| {
            let job = Job { order, user_id, stop, progress, writes: None };
            ready.run(tx, &mut context, job)
        })
    }
}

impl Answer<PlanImport> for App {
    fn answer(&self, request: PlanImport) -> Result<ImportReport, Failure> {
        self.plan_import(&request.order, &Stop::new(false), &mut |_, _| {})
    }
}

impl Answer<StartImport> for App {
    fn answer(&self, request: StartImport) -> Result<Id, Failure> {
        self.open()?;
        let id = Id::now();
        Ok(self.start_as(id, "import", move |app, stop, progress| {
            let report = app.run_import(&request.order, stop, progress)?;
            app.keep_import(id, report);
            Ok(())
        }))
    }
}

impl Answer<GetImport> for App {
    fn answer(&self, request: GetImport) -> Result<Option<ImportReport>, Failure> {
        Ok(self.kept_import(request.job))
    }
}
