//! What the day brings.

use chrono::{Local, Timelike};
use commands::{
    CompleteTask, GetToday, ListCustomers,
    view::{CustomerFilter, CustomerSort, Order, TaskRow, Window},
};
use domain::format;
use yew::prelude::*;

use super::{order, use_answer};
use crate::{
    allowed::{May, use_may},
    clock,
    route::Page,
    say::{self, language, say, say_with},
    session::World,
    widget::{Go, Head, chip, way},
};

#[derive(Properties, PartialEq)]
pub(crate) struct TodayProps {
    pub(crate) go: Go,
}

/// A task with its tick.
pub(crate) fn task_line(row: &TaskRow, go: &Go) -> Html {
    let (id, subject) = (row.task.id, row.task.subject.clone());
    let due = clock::local(row.task.due_at);
    let late =
        row.task.due_at < domain::Instant::now() && row.task.status == domain::TaskStatus::Open;
    let tick = move |_| {
        let done = say_with("task-done", &[("task", &subject)]);
        order(CompleteTask { id, done: true }, Some(done), |()| {});
    };
    let customer = match row.task.customer_id {
        Some(customer) => way(go, Page::Customer(customer), &row.customer),
        None => html! {},
    };
    html! {
        <li key={id.to_string()}>
            <span class="when">{ clock::due(due.date_naive()) }</span>
            <div class="what"><strong>{ &row.task.subject }</strong><div>{ customer }</div></div>
            if late { { chip("warm", say("overdue")) } }
            <May entity="task"><button class="tick" aria-label={say("tick-off")} title={say("tick-off")} onclick={tick}>{ "✓" }</button></May>
        </li>
    }
}

/// While there is no customer, the day begins with the first one.
fn first_steps(go: &Go) -> Html {
    let to = |page: Page| {
        let go = go.clone();
        move |_| go.emit(page.clone())
    };
    html! {
        <section class="card first-steps">
            <div><h2>{ say("first-steps") }</h2><p class="quiet">{ say("first-steps-text") }</p></div>
            <div class="actions">
                <button onclick={to(Page::Import)}>{ say("import-data") }</button>
                <button class="primary" onclick={to(Page::CustomerForm(domain::Id::NIL))}>{ say("new-customer") }</button>
            </div>
        </section>
    }
}

/// While there is no customer because they are still to come.
fn filling() -> Html {
    html! {
        <section class="card first-steps" id="filling">
            <div><h2>{ say("filling") }</h2><p class="quiet">{ say("filling-text") }</p></div>
        </section>
    }
}

#[component]
pub(crate) fn Today(props: &TodayProps) -> Html {
    let Some(today) = use_answer(GetToday {}) else { return html! {} };
    let customers = use_answer(ListCustomers {
        filter: CustomerFilter::default(),
        sort: CustomerSort::Number,
        order: Order::Ascending,
        window: Window { offset: 0, limit: 1 },
    });
    let is_filling = use_context::<World>().is_some_and(|world| world.is_filling());
    let may = use_may("customer");
    let go = &props.go;
    let greeting = match Local::now().hour() {
        5..11 => "good-morning",
        11..17 => "good-day",
        _ => "good-evening",
    };
    let title = say_with(greeting, &[("name", &today.user.name)]);
    let count = today.appointments.len().to_string();
    let above = format!(
        "{} · {}",
        clock::long(clock::today()),
        say_with("visits-count", &[("count", &count)])
    );
    let most = today.pipeline.iter().map(|stage| stage.value.0).max().unwrap_or(0).max(1);
    let won_most = today.won_by_month.iter().map(|(_, sum)| sum.0).max().unwrap_or(0).max(1);
    let won: domain::Money = today.won_by_month.iter().map(|(_, sum)| *sum).sum();
    html! {
        <>
        <Head {title} above={html! { above }}>
            <May entity="appointment"><button class="primary" onclick={let go = go.clone(); move |_| go.emit(Page::Calendar)}>{ say("plan-visit") }</button></May>
        </Head>
        if customers.is_some_and(|customers| customers.total == 0) { { match (is_filling, may) {
            (true, _) => filling(),
            (false, true) => first_steps(go),
            (false, false) => html! {},
        } } }
        <div class="cards three">
            <section class="card"><h2>{ say("visits-today") }</h2>
                if today.appointments.is_empty() { <p class="quiet">{ say("no-visits-today") }</p> }
                <ul class="agenda">{ for today.appointments.iter().map(|row| {
                    let appointment = &row.appointment;
                    html! { <li>
                        <span class="when">{ clock::local(appointment.starts_at).format("%H:%M").to_string() }</span>
                        <div class="what">
                            { match appointment.customer_id {
                                Some(id) => html! { <strong>{ way(go, Page::Customer(id), &row.customer) }</strong> },
                                None => html! { <strong>{ &appointment.subject }</strong> },
                            } }
                            <div>{ &appointment.subject }{ if row.city.is_empty() { String::new() } else { format!(" · {}", row.city) } }</div>
                        </div>
                        if appointment.status == domain::AppointmentStatus::Done { { chip("good", say("status-done")) } }
                    </li> }
                }) }</ul>
            </section>
            <section class="card"><h2>{ say("due") }</h2>
                if today.tasks.is_empty() { <p class="quiet">{ say("nothing-due") }</p> }
                <ul class="agenda">{ for today.tasks.iter().take(8).map(|row| task_line(row, go)) }</ul>
            </section>
            <section class="card"><h2>{ say("expiring") }</h2>
                if today.expiring.is_empty() { <p class="quiet">{ say("nothing-expiring") }</p> }
                <ul class="agenda">{ for today.expiring.iter().take(5).map(|row| {
                    let days = (row.valid_until - clock::today()).num_days();
                    html! { <li>
                        <span class="when">{ format::day_short(row.valid_until, language()) }</span>
                        <div class="what"><strong>{ way(go, Page::Quote(row.id), &row.number) }</strong>
                            <div>{ format!("{} · {}", row.customer, format::money(row.gross_total, "EUR", language())) }</div></div>
                        { chip(if days < 8 { "warm" } else { "" }, say_with("days-left", &[("count", &days.to_string())])) }
                    </li> }
                }) }</ul>
                if !today.changes.is_empty() {
                    <h2>{ say("since-yesterday") }</h2>
                    <ul class="changes">{ for today.changes.iter().map(|(at, operation, subject, by)| html! {
                        <li><span class="when">{ clock::short(*at) }</span><span>{ say::done_to(operation, subject) }</span><span class="quiet">{ by }</span></li>
                    }) }</ul>
                }
            </section>
        </div>
        <div class="cards two">
            <section class="card"><h2>{ say("won-by-month") }<span class="aside">{ say_with("twelve-months", &[("sum", &format::money_round(won, language()))]) }</span></h2>
                <div class="bars" role="img" aria-label={say("won-by-month")}>{ for today.won_by_month.iter().map(|(month, sum)| {
                    let letter: String = say(&format!("month-{}", chrono::Datelike::month(month))).chars().take(1).collect();
                    html! { <div class="bar" title={format::money_round(*sum, language())}>
                        <i class={classes!((sum.0 == 0).then_some("nothing"))} style={format!("height:{}%", (sum.0 * 100 / won_most).max(1))}></i><span>{ letter }</span></div> }
                }) }</div>
            </section>
            <section class="card"><h2>{ say("pipeline") }</h2>
                <div class="pipeline">{ for today.pipeline.iter().map(|stage| html! {<>
                    <span>{ say(&format!("stage-{}", stage.stage)) }</span>
                    <i><b class={classes!((stage.value.0 == 0).then_some("nothing"))} style={format!("width:{}%", (stage.value.0 * 100 / most).max(1))}></b></i>
                    <span class="right">{ format::money_round(stage.value, language()) }</span>
                </>}) }</div>
            </section>
        </div>
        </>
    }
}
