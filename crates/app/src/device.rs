use commands::{
    Answer, Draft, DropDraft, Failure, GetDraft, GetPreferences, ListDrafts, Preferences, PutDraft,
    SetPreferences,
};
use domain::Instant;

use crate::App;

const PREFERENCES: &str = "preferences";

impl Answer<GetPreferences> for App {
    fn answer(&self, _: GetPreferences) -> Result<Preferences, Failure> {
        let kept = self.open()?.store.local(PREFERENCES)?;
        // What an older or newer version kept and this one cannot read: begin anew.
        Ok(kept.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default())
    }
}

impl Answer<SetPreferences> for App {
    fn answer(&self, request: SetPreferences) -> Result<(), Failure> {
        let json = serde_json::to_string(&request.preferences)
            .map_err(|error| Failure::new("internal", error.to_string()))?;
        Ok(self.open()?.store.set_local(PREFERENCES, &json)?)
    }
}

fn draft((key, input, at): (String, String, String)) -> Option<Draft> {
    Some(Draft { key, input: serde_json::from_str(&input).ok()?, updated_at: at.parse().ok()? })
}

impl Answer<GetDraft> for App {
    fn answer(&self, request: GetDraft) -> Result<Option<Draft>, Failure> {
        let kept = self.open()?.store.draft(&request.key)?;
        Ok(kept.and_then(|(input, at)| draft((request.key, input, at))))
    }
}

impl Answer<PutDraft> for App {
    fn answer(&self, request: PutDraft) -> Result<(), Failure> {
        let input = request.input.to_string();
        Ok(self.open()?.store.put_draft(&request.key, &input, Instant::now())?)
    }
}

impl Answer<DropDraft> for App {
    fn answer(&self, request: DropDraft) -> Result<(), Failure> {
        Ok(self.open()?.store.drop_draft(&request.key)?)
    }
}

impl Answer<ListDrafts> for App {
    fn answer(&self, _: ListDrafts) -> Result<Vec<Draft>, Failure> {
        Ok(self.open()?.store.drafts()?.into_iter().filter_map(draft).collect())
    }
}
