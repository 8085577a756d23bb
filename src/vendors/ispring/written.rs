//! The `ispring` section of a scenario file, as written. Nothing is checked here but keys and types.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

pub use super::behaviour::Written as Behaviour;
use crate::format::{Text, dates, switches};
use crate::place::{Place, Spot};

// What editors mark at once; the checks say it in words.
/// A UUID, the last group of eleven or twelve digits.
pub(crate) const UUID: &str =
    "^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{11,12}$";
/// Visible ASCII.
const VISIBLE: &str = "^[!-~]+$";
/// Visible ASCII with spaces within.
const SPACED: &str = "^[!-~]([ -~]*[!-~])?$";

/// The records, credentials and switches of iSpring Learn.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Departments: a tree.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub departments: Vec<Department>,
    /// Accounts: learners and those who manage them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<User>,
    /// What people can be enrolled in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub content: Vec<Content>,
    /// Who is enrolled in what.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub enrollments: Vec<Enrollment>,
    /// Who may call the API: an access token, a client of the token endpoint, or the older `X-Auth-*` headers.
    #[serde(
        default,
        deserialize_with = "credentials",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub credentials: Vec<Credential>,
    /// How many tokens were issued before the scenario begins. Default: none.
    #[serde(default, skip_serializing_if = "Issued::is_empty")]
    pub issued: Issued,
    /// One switch for each thing that the vendor does not document.
    #[serde(default, skip_serializing_if = "Behaviour::is_empty")]
    pub behaviour: Behaviour,
}

/// How many tokens were issued before the scenario begins. What is issued derives from its number, so the next ones
/// follow on these.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "IspringIssued")]
pub struct Issued {
    /// Access tokens. Default 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tokens: Option<u32>,
}

switches!(Issued { tokens });

/// A department.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Department {
    /// A UUID.
    #[schemars(regex(pattern = UUID))]
    pub id: Place<Text>,
    /// What people call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    /// The id of the department above; left out at the top.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = UUID))]
    pub parent: Option<Place<Text>>,
}

/// An account.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// A UUID.
    #[schemars(regex(pattern = UUID))]
    pub id: Place<Text>,
    /// The login name; default: the e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub login: Option<Text>,
    /// The e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<Text>,
    /// The given name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<Text>,
    /// The family name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<Text>,
    /// The id of the department the account belongs to. Without one, only those who see everything see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = UUID))]
    pub department: Option<Place<Text>>,
    /// False: the account is switched off and its credentials get 401. Default true.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// Default: learner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Ids of the departments that a department administrator, publisher or custom role looks after, sub-departments included. Default: none, so it sees nobody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(inner(regex(pattern = UUID)))]
    pub manages: Vec<Place<Text>>,
    /// What a custom role may do. Fixed for every other role.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub permissions: Vec<Place<Permission>>,
}

/// What an account is to the platform.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Learns, and may not use the API.
    #[default]
    Learner,
    /// Lists, edits and deletes enrollments of the departments it manages; creates none.
    Publisher,
    /// May do everything within the departments it manages.
    DepartmentAdministrator,
    /// May do everything.
    AccountAdministrator,
    /// May do everything.
    AccountOwner,
    /// May do what `permissions` says within the departments it manages.
    Custom,
}

/// One right of a custom role.
#[allow(
    clippy::enum_variant_names,
    reason = "rights to other records will follow"
)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// List and get enrollments.
    ListEnrollments,
    /// Enroll people.
    CreateEnrollments,
    /// Edit enrollments and enroll people again.
    EditEnrollments,
    /// Delete enrollments.
    DeleteEnrollments,
}

/// Something people can be enrolled in.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// A UUID.
    #[schemars(regex(pattern = UUID))]
    pub id: Place<Text>,
    /// What people call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Text>,
    /// Default: course.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<ContentType>,
    /// Hours from the access date to the due date, for enrollments with `dueDateType` `default`. Default: no due date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_due_hours: Option<Place<u32>>,
}

/// The kinds of content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ContentType {
    /// A course.
    #[default]
    Course,
    /// A learning track.
    LearningTrack,
    /// A standalone material.
    Material,
    /// A training: nobody can be enrolled in it over the API.
    Training,
}

/// One learner's enrollment in one piece of content.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Enrollment {
    /// A UUID.
    #[schemars(regex(pattern = UUID))]
    pub id: Place<Text>,
    /// The id of the content.
    #[schemars(regex(pattern = UUID))]
    pub content: Place<Text>,
    /// The id of the learner.
    #[schemars(regex(pattern = UUID))]
    pub learner: Place<Text>,
    /// The day the learner may start, `YYYY-MM-DD`. Default: the scenario's start.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = dates::DAY))]
    pub access_date: Option<Place<Text>>,
    /// The day by which it should be done, `YYYY-MM-DD`. Default: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = dates::DAY))]
    pub due_date: Option<Place<Text>>,
    /// True: the content is locked after the due date. Default false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lock_after_due_date: Option<bool>,
    /// Who brought it about. Default: admin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assigned: Option<Assigned>,
    /// Default: active. Archived and deleted enrollments never appear in an answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
    /// The certificate, once one was issued.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<Certificate>,
}

/// Who brought an enrollment about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Assigned {
    /// An administrator: `enrollmentTypeGroup` 0.
    #[default]
    Admin,
    /// The learner, from the catalog: `enrollmentTypeGroup` 1.
    Catalog,
}

/// Whether an enrollment still counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It does.
    #[default]
    Active,
    /// It was replaced by a newer one.
    Archived,
    /// It was taken away.
    Deleted,
}

/// A certificate that was issued for an enrollment.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// A UUID.
    #[schemars(regex(pattern = UUID))]
    pub id: Place<Text>,
    /// When it was issued, RFC 3339. Until then the enrollment shows no certificate.
    #[schemars(regex(pattern = dates::INSTANT))]
    pub issued: Place<Text>,
    /// When it expires, RFC 3339. Default: never.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = dates::INSTANT))]
    pub expires: Option<Place<Text>>,
}

/// One way to prove who is calling. Exactly one of `token`, `client_id` and `account_url`.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Credential {
    /// An access token, sent raw or as `Bearer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = VISIBLE))]
    pub token: Option<Place<Text>>,
    /// When the token dies, RFC 3339. Default: never.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = dates::INSTANT))]
    pub expires: Option<Place<Text>>,
    /// Whether the token has died already, whatever the clock shows. Only with `token`. Default false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expired: Option<Place<bool>>,
    /// A client of the token endpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<Place<Text>>,
    /// That client's secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<Place<Text>>,
    /// `X-Auth-Account-Url` of the older header scheme.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = VISIBLE))]
    pub account_url: Option<Place<Text>>,
    /// `X-Auth-Email`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = VISIBLE))]
    pub email: Option<Place<Text>>,
    /// `X-Auth-Password`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = SPACED))]
    pub password: Option<Place<Text>>,
    /// The id of the user who calls. Default: the account itself, with an account administrator's rights.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = UUID))]
    pub user: Option<Place<Text>>,
    /// Where the credential stands: no key of it must be there.
    #[serde(skip)]
    pub spot: Spot,
}

fn credentials<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Credential>, D::Error> {
    let placed: Vec<Place<Credential>> = Vec::deserialize(deserializer)?;
    let credentials = placed.into_iter().map(|place| Credential {
        spot: place.spot,
        ..place.value
    });
    Ok(credentials.collect())
}

/// Records taken away from iSpring Learn.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "RemovedIspring")]
pub struct Removed {
    /// Ids of enrollments.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(inner(regex(pattern = UUID)))]
    pub enrollments: Vec<Place<Text>>,
}
