//! The bytes of bulk enroll's answers: compact JSON, keys in upstream's order.

use hyper::StatusCode;
use serde::{Serialize, Serializer};

use super::super::json::rendered;
use super::super::refusals;
use crate::platform::ApiError;

/// The answer to a request that was carried out.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// As the fields were read.
    pub auto_enroll: bool,
    /// As the fields were read.
    pub email_students: bool,
    /// In or out.
    pub action: &'static str,
    /// What came of each course.
    pub courses: Courses,
}

/// What came of each course, by key, in order.
#[derive(Debug, Default)]
pub struct Courses(pub Vec<(String, OfCourse)>);

impl Serialize for Courses {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, of_course)| (key, of_course)))
    }
}

/// What came of one course.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum OfCourse {
    /// The order of keys up to Teak.
    ResultsFirst {
        /// In or out.
        action: &'static str,
        /// One for each identifier.
        results: Vec<Outcome>,
        /// The value that acted.
        auto_enroll: bool,
    },
    /// The order of keys from Ulmo on.
    ResultsLast {
        /// In or out.
        action: &'static str,
        /// The value that acted.
        auto_enroll: bool,
        /// One for each identifier.
        results: Vec<Outcome>,
    },
}

/// What came of one identifier.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Outcome {
    /// It was worked on.
    Done {
        /// As it was sent.
        identifier: String,
        /// How things stood.
        before: State,
        /// How things stand.
        after: State,
    },
    /// It is no account and no e-mail address.
    #[serde(rename_all = "camelCase")]
    Invalid {
        /// As it was sent, but named as upstream names it.
        identifier: String,
        /// True.
        invalid_identifier: bool,
    },
    /// Something failed inside.
    Failed {
        /// As it was sent.
        identifier: String,
        /// True.
        error: bool,
    },
}

/// How an address stands to a course.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct State {
    /// There is an account.
    pub user: bool,
    /// It is enrolled.
    pub enrollment: bool,
    /// There is an invitation that the account may use.
    pub allowed: bool,
    /// Registering enrolls.
    pub auto_enroll: bool,
    /// The cohort. The outer None: cohorts are not spoken of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cohort: Option<Option<String>>,
}

/// What is wrong with the fields, in the serializer's order.
#[derive(Debug, Default, PartialEq, Serialize)]
pub struct FieldErrors {
    /// Of `identifiers`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<String>,
    /// Of `courses`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub courses: Vec<String>,
    /// Of `cohorts`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cohorts: Vec<String>,
    /// Of `action`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub action: Vec<String>,
    /// Of `auto_enroll`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub auto_enroll: Vec<String>,
    /// Of `email_students`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub email_students: Vec<String>,
    /// Of the fields together.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub non_field_errors: Vec<String>,
}

impl FieldErrors {
    /// The refusal.
    pub fn refusal(&self) -> ApiError {
        let what = String::from_utf8_lossy(&rendered(self)).into_owned();
        refusals::refusal(StatusCode::BAD_REQUEST, self, what)
    }
}

/// A refusal that is about no field.
pub fn non_field_error(text: &str) -> ApiError {
    let errors = FieldErrors {
        non_field_errors: vec![text.to_owned()],
        ..FieldErrors::default()
    };
    errors.refusal()
}
