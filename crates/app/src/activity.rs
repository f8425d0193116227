use commands::{
    Answer, CompleteTask, DeleteAppointment, DeleteCommunication, DeleteTask, Failure,
    GetCommunication, ListAppointments, ListTasks, LogCommunication, LogQuick, Logged,
    MoveAppointment, PostponeTask, SaveAppointment, SaveTask,
    view::{AppointmentRow, TaskRow, Windowed},
};
use domain::{
    Appointment, Changeset, Communication, Customer, Id, Instant, Opportunity, Record, Refusal,
    Task, complete_task, log_communication, move_appointment, parse_follow_up, postpone_task,
    save_appointment, save_task,
};

use crate::{App, local_instant, today};

impl Answer<LogCommunication> for App {
    fn answer(&self, request: LogCommunication) -> Result<Id, Failure> {
        let LogCommunication { mut communication, follow_up, stage } = request;
        self.transact(|tx, context| {
            let old = tx.find::<Communication>(communication.id)?;
            if communication.occurred_at == Instant::default() {
                communication.occurred_at = context.now;
            }
            let opportunity = match (communication.opportunity_id, stage) {
                (Some(id), Some(stage)) => Some((tx.get::<Opportunity>(id)?, stage)),
                _ => None,
            };
            let stage = opportunity.as_ref().map(|(opportunity, stage)| (opportunity, *stage));
            let (changeset, saved) =
                log_communication(old.as_ref(), communication, follow_up, stage, context)?;
            tx.apply(&changeset)?;
            Ok(saved.id)
        })
    }
}

impl Answer<LogQuick> for App {
    fn answer(&self, request: LogQuick) -> Result<Logged, Failure> {
        let (text, due) = parse_follow_up(&request.text, today());
        // A line that is nothing but its follow-up still says what it was.
        let text = if text.is_empty() { request.text.trim().to_owned() } else { text };
        let follow_up_at = due.map(local_instant);
        // The subject is the first sentence; the whole line is kept when it is longer.
        let subject: String = text.chars().take(120).collect();
        let body = if subject.len() < text.len() { text.clone() } else { String::new() };
        let customer: Customer = self.open()?.store.get(request.customer_id)?;
        let communication = Communication {
            customer_id: customer.id,
            kind: request.kind,
            subject: subject.clone(),
            body,
            ..Communication::default()
        };
        let follow_up = follow_up_at.map(|due_at| Task { subject, due_at, ..Task::default() });
        let communication_id =
            self.answer(LogCommunication { communication, follow_up, stage: None })?;
        Ok(Logged { communication_id, follow_up_at })
    }
}

impl Answer<GetCommunication> for App {
    fn answer(&self, request: GetCommunication) -> Result<Communication, Failure> {
        Ok(self.open()?.store.get(request.id)?)
    }
}

impl App {
    /// Deletes one record as one action.
    pub(crate) fn delete<R: Record>(
        &self,
        id: Id,
        subject: impl Fn(&R) -> String,
    ) -> Result<(), Failure> {
        self.transact(|tx, context| {
            let record: R = tx.get(id)?;
            let operation = format!("{}.delete", R::ENTITY);
            let mut changeset = Changeset::new(&operation, subject(&record), context);
            changeset.delete(&record, context);
            Ok(tx.apply(&changeset)?)
        })
    }
}

impl Answer<DeleteCommunication> for App {
    fn answer(&self, request: DeleteCommunication) -> Result<(), Failure> {
        self.delete(request.id, |talk: &Communication| talk.subject.clone())
    }
}

impl Answer<ListTasks> for App {
    fn answer(&self, request: ListTasks) -> Result<Windowed<TaskRow>, Failure> {
        Ok(self.open()?.store.tasks(&request.filter, request.window)?)
    }
}

impl Answer<SaveTask> for App {
    fn answer(&self, request: SaveTask) -> Result<Id, Failure> {
        self.transact(|tx, context| {
            let old = tx.find::<Task>(request.task.id)?;
            let (changeset, saved) = save_task(old.as_ref(), request.task, context)?;
            tx.apply(&changeset)?;
            Ok(saved.id)
        })
    }
}

impl Answer<CompleteTask> for App {
    fn answer(&self, request: CompleteTask) -> Result<(), Failure> {
        self.transact(|tx, context| {
            let task: Task = tx.get(request.id)?;
            Ok(tx.apply(&complete_task(&task, request.done, context))?)
        })
    }
}

impl Answer<PostponeTask> for App {
    fn answer(&self, request: PostponeTask) -> Result<(), Failure> {
        self.transact(|tx, context| {
            let task: Task = tx.get(request.id)?;
            Ok(tx.apply(&postpone_task(&task, request.due_at, context))?)
        })
    }
}

impl Answer<DeleteTask> for App {
    fn answer(&self, request: DeleteTask) -> Result<(), Failure> {
        self.delete(request.id, |task: &Task| task.subject.clone())
    }
}

impl Answer<ListAppointments> for App {
    fn answer(&self, request: ListAppointments) -> Result<Vec<AppointmentRow>, Failure> {
        let open = self.open()?;
        let mut found = open.store.appointments(request.from, request.to, None)?;
        found.retain(|row| row.appointment.owner_id == open.user_id());
        Ok(found)
    }
}

impl Answer<SaveAppointment> for App {
    fn answer(&self, request: SaveAppointment) -> Result<Id, Failure> {
        let mut appointment = request.appointment;
        if appointment.starts_at == Instant::default() {
            return Err(Refusal::new("needed", "Please fill this in.").at("starts_at").into());
        }
        self.transact(|tx, context| {
            let old = tx.find::<Appointment>(appointment.id)?;
            if appointment.ics_uid.is_empty() {
                appointment.ics_uid = context.new_id().to_string();
            }
            let (changeset, saved) = save_appointment(old.as_ref(), appointment, context)?;
            tx.apply(&changeset)?;
            Ok(saved.id)
        })
    }
}

impl Answer<MoveAppointment> for App {
    fn answer(&self, request: MoveAppointment) -> Result<(), Failure> {
        let MoveAppointment { id, starts_at, ends_at } = request;
        self.transact(|tx, context| {
            let appointment: Appointment = tx.get(id)?;
            Ok(tx.apply(&move_appointment(&appointment, starts_at, ends_at, context)?)?)
        })
    }
}

impl Answer<DeleteAppointment> for App {
    fn answer(&self, request: DeleteAppointment) -> Result<(), Failure> {
        self.delete(request.id, |appointment: &Appointment| appointment.subject.clone())
    }
}
