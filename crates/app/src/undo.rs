use commands::{
    Answer, Failure, GetUndo, ListHistory, NameRecords, Redo, Undo, UndoState,
    view::{HistoryEntry, UndoStep, Windowed},
};

use crate::App;

impl Answer<GetUndo> for App {
    fn answer(&self, _: GetUndo) -> Result<UndoState, Failure> {
        let (undo, redo) = self.open()?.store.undo_steps()?;
        Ok(UndoState { undo, redo })
    }
}

impl Answer<Undo> for App {
    fn answer(&self, _: Undo) -> Result<UndoStep, Failure> {
        self.transact(|tx, context| Ok(tx.undo(context)?))
    }
}

impl Answer<Redo> for App {
    fn answer(&self, _: Redo) -> Result<UndoStep, Failure> {
        self.transact(|tx, context| Ok(tx.redo(context)?))
    }
}

impl Answer<ListHistory> for App {
    fn answer(&self, request: ListHistory) -> Result<Windowed<HistoryEntry>, Failure> {
        Ok(self.open()?.store.history(&request.entity, request.id, request.window)?)
    }
}

impl Answer<NameRecords> for App {
    fn answer(&self, request: NameRecords) -> Result<Vec<(domain::Id, String)>, Failure> {
        Ok(self.open()?.store.names(&request.records)?)
    }
}
