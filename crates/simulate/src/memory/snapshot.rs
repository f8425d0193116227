//! Records as lines of a snapshot.

use domain::{ENTITIES, Id};
use hub::storage::{Line, Lines, Position, Which, names_others};
use serde_json::Value;

use super::{Data, Held, Key, id_in};
use domain::blank;

impl Data {
    /// What was written behind a position, in the feed's order.
    pub(super) fn written_since(&self, since: Position, limit: usize) -> Vec<(String, Id)> {
        let written = self.records.iter().filter(|(_, held)| self.counted(held.at) > since);
        let mut written: Vec<(&Key, &Held)> = written.collect();
        written.sort_by_key(|(_, held)| self.counted(held.at));
        written.truncate(limit);
        written.into_iter().map(|(key, _)| (ENTITIES[key.0].to_owned(), key.1)).collect()
    }

    /// Records of an entity.
    pub(super) fn lines(&self, of: usize, which: Which<'_>) -> Lines {
        let all = self.records.range((of, Id::NIL)..(of + 1, Id::NIL));
        let found: Vec<(&Key, &Held)> = match which {
            Which::After(after, limit) => {
                all.filter(|(key, _)| key.1 > after).take(limit).collect()
            }
            Which::These(ids) => all.filter(|(key, _)| ids.contains(&key.1)).collect(),
        };
        let state = blank(ENTITIES[of]);
        let is_others = |name: &str| names_others(name).is_some();
        let own: Vec<&String> =
            state.keys().filter(|name| *name != "id" && !is_others(name)).collect();
        let mut columns = vec!["version".to_owned(), "id".to_owned()];
        columns.extend(own.iter().map(|name| (*name).clone()));
        let named: Vec<String> = state.keys().filter(|name| is_others(name)).cloned().collect();
        let line = |(key, held): (&Key, &Held)| {
            let mut json = format!("{},\"{}\"", held.at.version, key.1);
            for name in &own {
                json.push(',');
                json.push_str(&held.state.get(*name).unwrap_or(&Value::Null).to_string());
            }
            let names = named.iter().map(|name| id_in(&held.state, name)).collect();
            Line { id: key.1, place: self.place_of(*key, held), names, json }
        };
        Lines { lines: found.into_iter().map(line).collect(), columns, named }
    }
}
