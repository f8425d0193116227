use commands::view::{Board, BoardColumn, OpportunityFilter, Window};
use domain::{Money, OpportunityStatus, Stage, amount::divide_rounded};

use crate::{Result, Store, row};

const ALL: Window = Window { offset: 0, limit: u64::MAX };

impl Store {
    /// The board: open opportunities by stage, `cards` of each.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn board(&self, filter: &OpportunityFilter, cards: u32) -> Result<Board> {
        let reader = self.reader()?;
        let snapshot = reader.unchecked_transaction()?;
        let mut amounts: Vec<(i64, i64)> = Vec::new();
        let sql = "select seq, value, probability from opportunity where status = 'open' and deleted_at is null";
        let mut statement = snapshot.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let seq: usize = row.get(0)?;
            if amounts.len() <= seq {
                amounts.resize(seq + 1, (0, 0));
            }
            amounts[seq] = (row.get(1)?, row.get(2)?);
        }
        let mut card = snapshot.prepare_cached(include_str!("board_card.sql"))?;
        let mut columns = Vec::new();
        for stage in Stage::ALL {
            let filter = OpportunityFilter {
                status: Some(OpportunityStatus::Open),
                stage: Some(*stage),
                ..filter.clone()
            };
            let list = self.opportunity_list(&snapshot, &filter)?;
            let (count, seqs) = self.seqs(&snapshot, &list, ALL)?;
            let amounts = || seqs.iter().filter_map(|seq| amounts.get(*seq as usize));
            let weighted: i128 = amounts()
                .map(|(value, probability)| i128::from(*value) * i128::from(*probability))
                .sum();
            let mut column = BoardColumn {
                stage: *stage,
                count: count as u64,
                value: Money(amounts().map(|(value, _)| value).sum()),
                weighted: Money(i64::try_from(divide_rounded(weighted, 100)).unwrap_or(i64::MAX)),
                cards: Vec::new(),
            };
            for seq in seqs.iter().take(cards as usize) {
                let mut rows = card.query([seq])?;
                if let Some(shown) = rows.next()? {
                    column.cards.push(row::view(shown)?);
                }
            }
            columns.push(column);
        }
        Ok(Board { columns })
    }
}
