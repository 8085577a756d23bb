//! What a caller asks of a list, read from the query.

use super::filter::Filter;
use super::sorted::Sort;
use crate::platform::ApiError;
use crate::vendors::alm::behaviour::{Behaviour, LoTypes, PageLimit};
use crate::vendors::alm::cursor::Cursor;
use crate::vendors::alm::document::Shape;
use crate::vendors::alm::links::CURSOR;
use crate::vendors::alm::params::Params;
use crate::vendors::alm::records::LoType;

const LIMIT: &str = "page[limit]";
const TYPES: &str = "filter.loTypes";

/// The size of a page where none is asked for, and the largest one where records go along.
const PAGE: usize = 10;
/// The largest page where nothing goes along.
const LARGEST: usize = 100;

/// A page of a list.
#[derive(Debug)]
pub struct ListQuery {
    /// How many records at most.
    pub limit: usize,
    /// Where it starts.
    pub cursor: Cursor,
    /// Of which types.
    pub types: Types,
    /// In which order.
    pub sort: Sort,
    /// Which of them.
    pub filter: Filter,
    /// How they are shown.
    pub shape: Shape,
}

impl ListQuery {
    /// What a caller asks about a user.
    ///
    /// # Errors
    /// When a parameter is not what it should be.
    pub fn of_anybody(params: &Params, behaviour: &Behaviour) -> Result<Self, ApiError> {
        ListQuery::read(
            params,
            behaviour,
            sort(params, &[])?,
            Filter::of_anybody(params)?,
        )
    }

    /// What learners ask about themselves.
    ///
    /// # Errors
    /// When a parameter is not what it should be.
    pub fn of_a_learner(params: &Params, behaviour: &Behaviour) -> Result<Self, ApiError> {
        let sort = sort(params, &[("dueDate", Sort::Due)])?;
        ListQuery::read(params, behaviour, sort, Filter::of_a_learner(params)?)
    }

    fn read(
        params: &Params,
        behaviour: &Behaviour,
        sort: Sort,
        filter: Filter,
    ) -> Result<Self, ApiError> {
        let cursor = params.one(CURSOR).map(Cursor::read).transpose()?;
        Ok(ListQuery {
            limit: limit(params, behaviour.page_limit)?,
            cursor: cursor.unwrap_or_default(),
            types: types(params, default_types(behaviour.lo_types, &filter))?,
            sort,
            filter,
            shape: Shape::read(params.query())?,
        })
    }
}

/// The order that is asked for: by date, or one of `more`.
fn sort(params: &Params, more: &[(&str, Sort)]) -> Result<Sort, ApiError> {
    let Some(name) = params.one("sort") else {
        return Ok(Sort::default());
    };
    let by_date = [
        ("dateEnrolled", Sort::Oldest),
        ("-dateEnrolled", Sort::Newest),
    ];
    let mut known = by_date.iter().chain(more);
    let found = known.find(|(it, _)| *it == name).map(|(_, sort)| *sort);
    found.ok_or_else(|| ApiError::Malformed(name.to_owned()))
}

/// The size of the page.
fn limit(params: &Params, above: PageLimit) -> Result<usize, ApiError> {
    let refused = || ApiError::Malformed(LIMIT.to_owned());
    let Some(text) = params.one(LIMIT) else {
        return Ok(PAGE);
    };
    // The vendor's integers have 32 bits.
    let limit: i32 = text.parse().map_err(|_| refused())?;
    let limit = usize::try_from(limit).map_err(|_| refused())?;
    let most = match params.several("include").next() {
        Some(_) => PAGE,
        None => LARGEST,
    };
    match above {
        PageLimit::Clamp if limit > 0 => Ok(limit.min(most)),
        PageLimit::Refuse if (1..=PAGE).contains(&limit) => Ok(limit),
        PageLimit::Clamp | PageLimit::Refuse => Err(refused()),
    }
}

/// The types that are asked for, each once.
fn types(params: &Params, default: &[LoType]) -> Result<Types, ApiError> {
    let mut types = Types::default();
    for name in params.several_in_any_case(TYPES) {
        let kind = LoType::named(name);
        types.add(kind.ok_or_else(|| ApiError::Malformed(name.to_owned()))?);
    }
    if types == Types::default() {
        default.iter().for_each(|kind| types.add(*kind));
    }
    Ok(types)
}

/// Some types of learning objects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Types([bool; LoType::ALL.len()]);

impl Types {
    fn add(&mut self, kind: LoType) {
        for (known, is_there) in LoType::ALL.into_iter().zip(&mut self.0) {
            *is_there |= known == kind;
        }
    }

    /// Them, in the order of cursors.
    pub fn iter(self) -> impl Iterator<Item = LoType> {
        let all = LoType::ALL.into_iter().zip(self.0);
        all.filter_map(|(kind, is_there)| is_there.then_some(kind))
    }
}

/// The types where none is named. Who names records means those, whatever their type.
fn default_types(lo_types: LoTypes, filter: &Filter) -> &'static [LoType] {
    match lo_types {
        LoTypes::Courses if filter.ids.is_none() => &[LoType::Course],
        LoTypes::Courses | LoTypes::All => &LoType::ALL,
    }
}
