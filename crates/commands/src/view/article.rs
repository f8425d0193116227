use domain::{Id, Percent, TaxKind, UnitPrice};
use serde::{Deserialize, Serialize};

/// A row of the articles' list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArticleRow {
    /// The article.
    pub id: Id,
    /// Number.
    pub number: String,
    /// Name.
    pub name: String,
    /// Description.
    pub description: String,
    /// Group.
    pub article_group: String,
    /// Unit's German name.
    pub unit_de: String,
    /// Unit's English name.
    pub unit_en: String,
    /// List price.
    pub list_price: UnitPrice,
    /// Tax.
    pub tax_id: Id,
    /// Tax rate.
    pub tax_rate: Percent,
    /// Tax kind.
    pub tax_kind: TaxKind,
    /// Whether it can still be sold.
    pub is_active: bool,
}

/// Which articles.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct ArticleFilter {
    /// Words that must be found in number, name or description.
    pub text: String,
    /// Only this group.
    pub article_group: Option<String>,
    /// Inactive ones too.
    pub inactive: bool,
}

/// By what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArticleSort {
    /// Number.
    #[default]
    Number,
    /// Name.
    Name,
    /// Group, then number.
    Group,
    /// List price.
    Price,
}

/// A group of articles and how many are in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleGroup {
    /// Name.
    pub name: String,
    /// Active articles in it.
    pub count: u64,
}
