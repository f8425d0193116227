//! Long work: it runs beside everything else, tells how far it is, and can be stopped.

use std::{
    path::PathBuf,
    sync::{Arc, PoisonError, atomic::Ordering},
};

use commands::{
    Answer, CancelJob, Event, Failure, ImportReport, Job, JobState, ListJobs, StartBackup,
    StartDemo, StartRestore,
};
use domain::Id;
use store::Stop;

use crate::{App, DemoOrder};

/// A running job.
#[derive(Clone)]
pub struct JobControl {
    stop: Arc<Stop>,
    job: Job,
}

impl App {
    /// Runs long work on a thread of its own; every step and the end are told as events.
    pub(crate) fn start(
        &self,
        kind: &str,
        work: impl FnOnce(&App, &Stop, &mut dyn FnMut(u64, u64)) -> Result<(), Failure> + Send + 'static,
    ) -> Id {
        self.start_as(Id::now(), kind, work)
    }

    /// The same for work that must know its job's id.
    pub(crate) fn start_as(
        &self,
        id: Id,
        kind: &str,
        work: impl FnOnce(&App, &Stop, &mut dyn FnMut(u64, u64)) -> Result<(), Failure> + Send + 'static,
    ) -> Id {
        let job = Job { id, kind: kind.into(), done: 0, total: 0, state: JobState::Running };
        let stop = Arc::new(Stop::new(false));
        let (id, app) = (job.id, self.clone());
        self.keep_job(JobControl { stop: Arc::clone(&stop), job: job.clone() });
        std::thread::spawn(move || {
            let mut job = job;
            let mut told = 0;
            let ended = work(&app, &stop, &mut |done, total| {
                (job.done, job.total) = (done, total);
                // A hundred steps are enough for any progress bar.
                if done * 100 / total.max(1) != told {
                    told = done * 100 / total.max(1);
                    app.keep_job(JobControl { stop: Arc::clone(&stop), job: job.clone() });
                    app.tell(&Event::Job(job.clone()));
                }
            });
            job.state = match ended {
                Ok(()) => JobState::Done,
                Err(failure) if failure.code == "stopped" => JobState::Cancelled,
                Err(failure) => JobState::Failed { failure },
            };
            app.drop_job(job.id);
            app.tell(&Event::Job(job));
        });
        id
    }

    /// Keeps what an import did until the next one.
    pub(crate) fn keep_import(&self, job: Id, report: ImportReport) {
        *self.0.import.lock().unwrap_or_else(PoisonError::into_inner) = Some((job, report));
    }

    /// What this import did, if it was the last.
    pub(crate) fn kept_import(&self, job: Id) -> Option<ImportReport> {
        let kept = self.0.import.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|(kept, _)| *kept == job).map(|(_, report)| report.clone())
    }

    fn keep_job(&self, control: JobControl) {
        let mut jobs = self.0.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.retain(|kept| kept.job.id != control.job.id);
        jobs.push(control);
    }

    /// Stops all of them.
    pub(crate) fn stop_jobs(&self) {
        for control in self.0.jobs.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            control.stop.store(true, Ordering::Relaxed);
        }
    }

    fn drop_job(&self, id: Id) {
        let mut jobs = self.0.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.retain(|kept| kept.job.id != id);
    }

    /// Fills the open workspace with demo data, telling how far it is.
    ///
    /// # Errors
    /// When it is not empty, or was stopped; nothing of it is kept then.
    pub fn run_demo(
        &self,
        order: DemoOrder,
        stop: &Stop,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(), Failure> {
        let open = self.open()?;
        crate::fill_demo(&open.store, open.user_id(), order, stop, progress)?;
        crate::settings::fill_letterhead(self)?;
        self.tell(&Event::Changed { records: Vec::new() });
        Ok(())
    }

    /// Writes a backup, telling how far it is.
    ///
    /// # Errors
    /// When the file cannot be written, or it was stopped; no file is left then.
    pub fn run_backup(
        &self,
        path: &str,
        passphrase: &str,
        stop: &Stop,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(), Failure> {
        let path = PathBuf::from(path);
        Ok(self.open()?.store.back_up(&path, passphrase, stop, progress)?)
    }

    /// Replaces the workspace by a backup's content.
    ///
    /// # Errors
    /// When the backup cannot be read; the workspace is as it was then.
    pub fn run_restore(&self, path: &str, passphrase: &str) -> Result<(), Failure> {
        self.close();
        // The keyring keeps the key where there is one; else the backup's passphrase does.
        let keyring = store::key::keyring_works();
        let own = (!keyring).then_some(passphrase);
        self.0.workspace.restore(&PathBuf::from(path), passphrase, own)?;
        if !keyring {
            self.answer(commands::Unlock { passphrase: passphrase.into() })?;
        }
        self.tell(&Event::Workspace);
        Ok(())
    }
}

impl Answer<StartDemo> for App {
    fn answer(&self, request: StartDemo) -> Result<Id, Failure> {
        self.open()?;
        let order = DemoOrder { customers: request.customers, seed: request.seed };
        Ok(self.start("demo", move |app, stop, progress| app.run_demo(order, stop, progress)))
    }
}

impl Answer<StartBackup> for App {
    fn answer(&self, request: StartBackup) -> Result<Id, Failure> {
        self.open()?;
        if request.passphrase.chars().count() < 8 {
            let refusal = domain::Refusal::new("passphrase-short", "At least eight characters.");
            return Err(refusal.at("passphrase").into());
        }
        Ok(self.start("backup", move |app, stop, progress| {
            app.run_backup(&request.path, &request.passphrase, stop, progress)
        }))
    }
}

impl Answer<StartRestore> for App {
    fn answer(&self, request: StartRestore) -> Result<Id, Failure> {
        Ok(self.start("restore", move |app, _, progress| {
            progress(0, 1);
            app.run_restore(&request.path, &request.passphrase)
        }))
    }
}

impl Answer<CancelJob> for App {
    fn answer(&self, request: CancelJob) -> Result<(), Failure> {
        let jobs = self.0.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(control) = jobs.iter().find(|control| control.job.id == request.job) {
            control.stop.store(true, Ordering::Relaxed);
        }
        Ok(())
    }
}

impl Answer<ListJobs> for App {
    fn answer(&self, _: ListJobs) -> Result<Vec<Job>, Failure> {
        let jobs = self.0.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(jobs.iter().map(|control| control.job.clone()).collect())
    }
}
