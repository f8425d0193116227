//! What was measured, and how it is shown.

use std::time::{Duration, Instant};

use serde::Serialize;

/// One row of the table.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Figure {
    /// What was measured.
    pub(crate) what: String,
    /// How much it was.
    pub(crate) value: f64,
    /// Of what.
    pub(crate) unit: &'static str,
    /// The peer, measured in the same run, in the same unit.
    pub(crate) limit: Option<f64>,
    /// What the peer is.
    pub(crate) peer: &'static str,
    /// The value over the peer's.
    pub(crate) ratio: Option<f64>,
    /// What was to be reached, in the same unit.
    pub(crate) target: Option<f64>,
    /// Whether it was; none where there is no target.
    pub(crate) met: Option<bool>,
}

impl Figure {
    /// A figure without peer and target.
    pub(crate) fn new(what: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self {
            what: what.into(),
            value,
            unit,
            limit: None,
            peer: "",
            ratio: None,
            target: None,
            met: None,
        }
    }

    /// Beside a peer that was measured in the same run.
    pub(crate) fn beside(mut self, peer: &'static str, limit: f64) -> Self {
        self.peer = peer;
        self.limit = Some(limit);
        self.ratio = (limit > 0.0).then_some(self.value / limit);
        self
    }

    /// Not more than this.
    pub(crate) fn at_most(mut self, target: f64) -> Self {
        self.target = Some(target);
        self.met = Some(self.value <= target);
        self
    }

    /// Not less than this.
    pub(crate) fn at_least(mut self, target: f64) -> Self {
        self.target = Some(target);
        self.met = Some(self.value >= target);
        self
    }

    /// Not more than so many times the peer.
    pub(crate) fn at_most_times(self, times: f64) -> Self {
        let limit = self.limit.unwrap_or(0.0);
        self.at_most(limit * times)
    }
}

/// The figures as people read them.
pub(crate) fn table(figures: &[Figure]) -> String {
    let mut text = format!(
        "{:44} {:>10} {:6} {:>10} {:>7} {:>10}  {:4} {}\n",
        "what", "value", "unit", "limit", "ratio", "target", "met", "limit is"
    );
    let number = |value: Option<f64>| value.map_or(String::new(), |value| format!("{value:.2}"));
    for figure in figures {
        let met = match figure.met {
            Some(true) => "yes",
            Some(false) => "NO",
            None => "",
        };
        text.push_str(&format!(
            "{:44} {:>10.2} {:6} {:>10} {:>7} {:>10}  {met:4} {}\n",
            figure.what,
            figure.value,
            figure.unit,
            number(figure.limit),
            number(figure.ratio),
            number(figure.target),
            figure.peer,
        ));
    }
    text
}

/// Times of one thing, done often.
#[derive(Default)]
pub(crate) struct Times(Vec<(Duration, String)>);

impl Times {
    /// Does it once and keeps how long it took.
    pub(crate) fn take<T>(&mut self, what: impl Into<String>, act: impl FnOnce() -> T) -> T {
        let begin = Instant::now();
        let answer = act();
        self.0.push((begin.elapsed(), what.into()));
        answer
    }

    /// Keeps a time that was taken elsewhere.
    pub(crate) fn push(&mut self, time: Duration, what: impl Into<String>) {
        self.0.push((time, what.into()));
    }

    /// The time in milliseconds that this share of all stayed below; the slowest are told on
    /// standard error.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a rank among some thousands"
    )]
    pub(crate) fn at(&mut self, share: f64) -> f64 {
        self.0.sort();
        let rank = (self.0.len().saturating_sub(1) as f64 * share).ceil() as usize;
        self.0.get(rank).map_or(0.0, |(time, _)| time.as_secs_f64() * 1e3)
    }

    /// Tells how many there were and which were the slowest.
    pub(crate) fn tell(&mut self, name: &str) {
        let (half, high, most) = (self.at(0.5), self.at(0.99), self.at(1.0));
        eprintln!(
            "  {name}: {} times, p50 {half:.2} ms, p99 {high:.2} ms, most {most:.2} ms",
            self.0.len()
        );
        for (time, what) in self.0.iter().rev().take(3) {
            eprintln!("    {:.2} ms: {what}", time.as_secs_f64() * 1e3);
        }
    }
}
