//! Lists to files.

use commands::{Answer, Failure, StartExport};
use domain::Id;

use crate::App;

impl Answer<StartExport> for App {
    fn answer(&self, _: StartExport) -> Result<Id, Failure> {
        Err(Failure::new("internal", "not yet"))
    }
}
