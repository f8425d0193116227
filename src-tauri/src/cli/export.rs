use std::path::Path;

use clap::{Args, ValueEnum};
use commands::{
    ExportFormat, ExportList, ExportOrder, Failure,
    view::{
        ArticleFilter, ArticleSort, ContactFilter, ContactSort, CustomerFilter, CustomerSort,
        Order, QuoteFilter, QuoteSort,
    },
};
use serde_json::json;

use super::{Caller, workspace::progress_bar};

/// `kontor export customers --output FILE`.
#[derive(Args)]
pub(super) struct Export {
    /// Which list.
    #[arg(value_enum)]
    list: List,
    /// The file to write.
    #[arg(long, short)]
    output: String,
    /// How; by the file's ending when not said, else CSV.
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Only records in which these words are found.
    #[arg(long, default_value = "")]
    filter: String,
}

#[derive(Clone, Copy, ValueEnum)]
enum List {
    Customers,
    Contacts,
    Articles,
    Quotes,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// Semicolons, decimal commas, UTF-8.
    Csv,
    /// A workbook.
    Xlsx,
    /// vCard 4; contacts only.
    Vcf,
}

impl Export {
    pub(super) fn run(&self, caller: &Caller) -> Result<(), Failure> {
        caller.open()?;
        let stop = store::Stop::new(false);
        let order = ExportOrder {
            list: self.list(),
            path: self.output.clone(),
            format: match self.format.unwrap_or_else(|| by_ending(&self.output)) {
                Format::Csv => ExportFormat::Csv,
                Format::Xlsx => ExportFormat::Xlsx,
                Format::Vcf => ExportFormat::Vcf,
            },
        };
        let count = caller.app.run_export(&order, &stop, &mut progress_bar("Export"))?;
        caller.print(&json!({ "file": self.output, "records": count }), || {
            format!("{count} records are in {}.", self.output)
        });
        Ok(())
    }

    fn list(&self) -> ExportList {
        let (text, order) = (self.filter.clone(), Order::Ascending);
        match self.list {
            List::Customers => ExportList::Customers {
                filter: CustomerFilter { text, ..CustomerFilter::default() },
                sort: CustomerSort::Number,
                order,
            },
            List::Contacts => ExportList::Contacts {
                filter: ContactFilter { text, ..ContactFilter::default() },
                sort: ContactSort::Name,
                order,
            },
            List::Articles => ExportList::Articles {
                filter: ArticleFilter { text, inactive: true, ..ArticleFilter::default() },
                sort: ArticleSort::Number,
                order,
            },
            List::Quotes => ExportList::Quotes {
                filter: QuoteFilter { text, ..QuoteFilter::default() },
                sort: QuoteSort::Number,
                order,
            },
        }
    }
}

fn by_ending(path: &str) -> Format {
    match Path::new(path).extension().and_then(|end| end.to_str()) {
        Some("xlsx") => Format::Xlsx,
        Some("vcf") => Format::Vcf,
        _ => Format::Csv,
    }
}
