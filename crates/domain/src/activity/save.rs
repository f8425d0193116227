use super::{Appointment, AppointmentStatus, Communication, CommunicationKind, Task, TaskStatus};
use crate::{
    Changeset, Context, Instant, Opportunity, Refusal, Refused, Stage,
    customer::check_fresh,
    opportunity::at_stage,
    text::{BODY, LINE, check_length, check_there, tidy_body, tidy_line},
    value::check_instant,
};

/// Logs a talk or visit, its follow-up and the opportunity's next stage as one action.
///
/// # Errors
/// Everything that speaks against it.
pub fn log_communication(
    old: Option<&Communication>,
    mut new: Communication,
    follow_up: Option<Task>,
    stage: Option<(&Opportunity, Stage)>,
    context: &mut Context<'_>,
) -> Result<(Changeset, Communication), Refused> {
    tidy_line(&mut new.subject);
    tidy_body(&mut new.body);
    tidy_line(&mut new.outcome);
    let mut refusals = check_fresh(old, &new);
    check_there(&mut refusals, "subject", &new.subject);
    check_length(&mut refusals, "subject", &new.subject, LINE);
    check_length(&mut refusals, "body", &new.body, BODY);
    check_instant(&mut refusals, "occurred_at", new.occurred_at);
    if new.duration_minutes.is_some_and(|minutes| !(0..=24 * 60).contains(&minutes)) {
        refusals.push(
            Refusal::new("duration-range", "A talk lasts between 0 and 1440 minutes.")
                .at("duration_minutes"),
        );
    }
    Refused::unless_empty(refusals)?;
    let operation = match (old, new.kind) {
        (Some(_), _) => "communication.save",
        (None, CommunicationKind::Call) => "communication.call",
        (None, CommunicationKind::Email) => "communication.email",
        (None, CommunicationKind::Meeting) => "communication.meeting",
        (None, CommunicationKind::Visit) => "communication.visit",
        (None, CommunicationKind::Note) => "communication.note",
    };
    let mut changeset = Changeset::new(operation, &*new.subject, context);
    let saved = match old {
        Some(old) => changeset.update(old, new, context),
        None => changeset.insert(new, context),
    };
    if let Some(mut task) = follow_up {
        task.communication_id = Some(saved.id);
        task.customer_id = Some(saved.customer_id);
        task.contact_id = task.contact_id.or(saved.contact_id);
        task.opportunity_id = task.opportunity_id.or(saved.opportunity_id);
        if task.subject.trim().is_empty() {
            task.subject.clone_from(&saved.subject);
        }
        if task.owner_id.is_nil() {
            task.owner_id = context.user_id;
        }
        check_task(&task)?;
        changeset.insert(task, context);
    }
    if let Some((opportunity, stage)) = stage
        && opportunity.stage != stage
    {
        changeset.update(opportunity, at_stage(opportunity, stage)?, context);
    }
    Ok((changeset, saved))
}

fn check_task(task: &Task) -> Result<(), Refused> {
    let mut refusals = Vec::new();
    check_there(&mut refusals, "subject", &task.subject);
    check_length(&mut refusals, "subject", &task.subject, LINE);
    check_length(&mut refusals, "body", &task.body, BODY);
    check_instant(&mut refusals, "due_at", task.due_at);
    if let Some(at) = task.remind_at {
        check_instant(&mut refusals, "remind_at", at);
    }
    if task.due_at == Instant::default() {
        refusals.push(Refusal::new("needed", "Please fill this in.").at("due_at"));
    }
    Refused::unless_empty(refusals)
}

/// Saves a task.
///
/// # Errors
/// Everything that speaks against it.
pub fn save_task(
    old: Option<&Task>,
    mut new: Task,
    context: &mut Context<'_>,
) -> Result<(Changeset, Task), Refused> {
    tidy_line(&mut new.subject);
    tidy_body(&mut new.body);
    Refused::unless_empty(check_fresh(old, &new))?;
    check_task(&new)?;
    if new.owner_id.is_nil() {
        new.owner_id = context.user_id;
    }
    let operation = if old.is_some() { "task.save" } else { "task.create" };
    let mut changeset = Changeset::new(operation, &*new.subject, context);
    let saved = match old {
        Some(old) => changeset.update(old, new, context),
        None => changeset.insert(new, context),
    };
    Ok((changeset, saved))
}

/// Ticks a task off, or opens it again.
pub fn complete_task(task: &Task, done: bool, context: &mut Context<'_>) -> Changeset {
    let operation = if done { "task.complete" } else { "task.reopen" };
    let mut changeset = Changeset::new(operation, &*task.subject, context);
    let changed = Task {
        status: if done { TaskStatus::Done } else { TaskStatus::Open },
        done_at: done.then_some(context.now),
        ..task.clone()
    };
    changeset.update(task, changed, context);
    changeset
}

/// Puts a task off.
pub fn postpone_task(task: &Task, due_at: Instant, context: &mut Context<'_>) -> Changeset {
    let mut changeset = Changeset::new("task.postpone", &*task.subject, context);
    changeset.update(task, Task { due_at, ..task.clone() }, context);
    changeset
}

/// Saves an appointment.
///
/// # Errors
/// Everything that speaks against it.
pub fn save_appointment(
    old: Option<&Appointment>,
    mut new: Appointment,
    context: &mut Context<'_>,
) -> Result<(Changeset, Appointment), Refused> {
    tidy_line(&mut new.subject);
    tidy_line(&mut new.place);
    tidy_body(&mut new.body);
    let mut refusals = check_fresh(old, &new);
    check_there(&mut refusals, "subject", &new.subject);
    check_length(&mut refusals, "subject", &new.subject, LINE);
    check_instant(&mut refusals, "starts_at", new.starts_at);
    check_instant(&mut refusals, "ends_at", new.ends_at);
    if new.ends_at <= new.starts_at {
        refusals.push(
            Refusal::new("ends-before-start", "The end must be later than the beginning.")
                .at("ends_at"),
        );
    }
    Refused::unless_empty(refusals)?;
    if new.owner_id.is_nil() {
        new.owner_id = context.user_id;
    }
    let operation = match (old, new.status) {
        (None, _) => "appointment.create",
        (Some(old), AppointmentStatus::Cancelled) if old.status != new.status => {
            "appointment.cancel"
        }
        (Some(_), _) => "appointment.save",
    };
    let mut changeset = Changeset::new(operation, &*new.subject, context);
    let saved = match old {
        Some(old) => changeset.update(old, new, context),
        None => changeset.insert(new, context),
    };
    Ok((changeset, saved))
}
