//! The `alm` section of a scenario file, as written. Nothing is checked here but keys and types.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

pub use super::behaviour::Written as Behaviour;
use crate::format::{Text, dates, switches};
use crate::place::{Place, Spot};

// What editors mark at once; the checks say it in words.
/// Decimal digits.
const NUMBER: &str = "^[0-9]{1,18}$";
/// The id of a learning object.
const LEARNING_OBJECT: &str = "^(course|learningProgram|certification|jobAid):[0-9]{1,18}$";
/// The id of an instance of one.
const INSTANCE: &str = "^(course|learningProgram|certification|jobAid):[0-9]{1,18}_-?[0-9]{1,18}$";
/// Visible ASCII.
const VISIBLE: &str = "^[!-~]+$";

/// The records, credentials and switches of Adobe Learning Manager.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AlmSection")]
pub struct Section {
    /// The id of the account. Default: 1234.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = NUMBER))]
    pub account: Option<Place<Text>>,
    /// People.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<User>,
    /// Courses, learning programs, certifications and job aids.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub learning_objects: Vec<LearningObject>,
    /// Who is enrolled in what.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub enrollments: Vec<Enrollment>,
    /// Who may call the API: an access token, or a client of the OAuth endpoints.
    #[serde(
        default,
        deserialize_with = "credentials",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub credentials: Vec<Credential>,
    /// How many tokens were issued before the scenario begins. Default: none.
    #[serde(default, skip_serializing_if = "Issued::is_empty")]
    pub issued: Issued,
    /// One switch for each thing that nobody documents, or that documents and observations disagree on.
    #[serde(default, skip_serializing_if = "Behaviour::is_empty")]
    pub behaviour: Behaviour,
}

/// How many tokens were issued before the scenario begins. What is issued derives from its number, so the next ones
/// follow on these.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AlmIssued")]
pub struct Issued {
    /// Access tokens. Default 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tokens: Option<u32>,
    /// Codes. Default 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub codes: Option<u32>,
    /// Texts of `x-request-id`, with `request_id: gateway`. Default 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_ids: Option<u32>,
}

switches!(Issued {
    tokens,
    codes,
    request_ids,
});

/// Somebody.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AlmUser")]
pub struct User {
    /// Digits.
    #[schemars(regex(pattern = NUMBER))]
    pub id: Place<Text>,
    /// What people call them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    /// The e-mail address; nobody else has the same, in any case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<Place<Text>>,
    /// Default: learner.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<Place<Role>>,
}

/// What somebody is to the account. Roles are separate: an administrator is no learner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "AlmRole")]
pub enum Role {
    /// Learns.
    Learner,
    /// Administers.
    Admin,
    /// Makes courses.
    Author,
    /// Teaches.
    Instructor,
    /// Connects other systems.
    IntegrationAdmin,
}

/// Something to learn.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LearningObject {
    /// The type, a colon and digits: `course:6511020`.
    #[schemars(regex(pattern = LEARNING_OBJECT))]
    pub id: Place<Text>,
    /// What people call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    /// Default: Published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<LearningObjectState>,
    /// The id of the badge that completing it earns. Default: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = NUMBER))]
    pub badge: Option<Place<Text>>,
    /// Whether learners may leave it by themselves. Default true.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unenrollment_allowed: Option<bool>,
    /// The runs that people enroll in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub instances: Vec<Instance>,
}

/// Whether a learning object can still be enrolled in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub enum LearningObjectState {
    /// It can.
    #[default]
    Published,
    /// It was withdrawn.
    Retired,
}

/// A run of a learning object.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Instance {
    /// The learning object's id, an underscore and digits; -1 for job aids: `course:6511020_7037048`.
    #[schemars(regex(pattern = INSTANCE))]
    pub id: Place<Text>,
    /// Default: Active.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<InstanceState>,
    /// Whether it is the one that is meant where none is named. Default: the first one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<Place<bool>>,
    /// By when it should be completed, RFC 3339. Default: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = dates::INSTANT))]
    pub deadline: Option<Place<Text>>,
    /// Until when people may enroll, RFC 3339. Default: always.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = dates::INSTANT))]
    pub enrollment_deadline: Option<Place<Text>>,
    /// Until when people may leave, RFC 3339. Default: always.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = dates::INSTANT))]
    pub unenrollment_deadline: Option<Place<Text>>,
    /// How many people may enroll. Default: any number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seat_limit: Option<Place<u32>>,
    /// How many people may wait for a seat. Default: any number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waitlist_limit: Option<Place<u32>>,
    /// What it consists of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub modules: Vec<Module>,
    /// Ids of the instances that a learning program or certification is made of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(inner(regex(pattern = INSTANCE)))]
    pub sub_instances: Vec<Place<Text>>,
}

/// Whether a run still goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub enum InstanceState {
    /// It does.
    #[default]
    Active,
    /// It was withdrawn.
    Retired,
}

/// A part of an instance, graded by itself.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Module {
    /// Digits.
    #[schemars(regex(pattern = NUMBER))]
    pub id: Place<Text>,
    /// Default 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
}

/// Somebody's enrollment in an instance.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AlmEnrollment")]
pub struct Enrollment {
    /// The id of the user.
    #[schemars(regex(pattern = NUMBER))]
    pub user: Place<Text>,
    /// The id of the instance.
    #[schemars(regex(pattern = INSTANCE))]
    pub instance: Place<Text>,
    /// How it came about. Default: ADMIN_ENROLL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<EnrollmentSource>,
    /// Default: COMPLETED with `completed`, else STARTED with `started`, else ENROLLED.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<Place<EnrollmentState>>,
    /// When it was made, RFC 3339. Default: the scenario's start.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = dates::INSTANT))]
    pub enrolled: Option<Place<Text>>,
    /// By when it should be completed, RFC 3339. Default: the instance's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = dates::INSTANT))]
    pub deadline: Option<Place<Text>>,
    /// When it was started, RFC 3339. Default: when it was made, once it is started.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = dates::INSTANT))]
    pub started: Option<Place<Text>>,
    /// When it was completed, RFC 3339. Default: when it was started, once it is completed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = dates::INSTANT))]
    pub completed: Option<Place<Text>>,
    /// The last visit, RFC 3339. Default: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = dates::INSTANT))]
    pub last_access: Option<Place<Text>>,
    /// Percent. Default: 100 once it is completed, else 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub progress: Option<Place<u32>>,
    /// Default 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<u32>,
    /// Default: whether it is completed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passed: Option<Place<bool>>,
    /// Stars that the learner gave, from 1 to 5. Default: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rating: Option<Place<u32>>,
    /// The proof of an external certification. Default: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<Text>,
    /// What was paid, sent as written. Default: nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purchased_price: Option<Place<f64>>,
}

/// How far an enrollment is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EnrollmentState {
    /// Made.
    #[default]
    Enrolled,
    /// Begun.
    Started,
    /// Done.
    Completed,
    /// Waits for a manager.
    PendingApproval,
    /// Waits for the learner.
    PendingAcceptance,
    /// Waits for a seat.
    Waiting,
    /// The proof was not accepted.
    Rejected,
}

/// How an enrollment came about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EnrollmentSource {
    /// By the learner.
    SelfEnroll,
    /// By an administrator.
    #[default]
    AdminEnroll,
    /// By a rule.
    AutoEnroll,
    /// By a manager.
    MgrEnroll,
    /// By the learner, approved by a manager.
    MgrApproval,
    /// Nominated by a manager.
    MgrNominated,
    /// Brought over from another platform.
    LmsMigration,
}

/// One way to prove who is calling. Exactly one of `token` and `client_id`.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AlmCredential")]
pub struct Credential {
    /// An access token, sent as `oauth`, as `Bearer` or in the query.
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
    /// The id of the client that the token was issued to. Only with `token`, needs `refresh_token`. Default: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<Place<Text>>,
    /// A client of the OAuth endpoints.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<Place<Text>>,
    /// That client's secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<Place<Text>>,
    /// The refresh token that the client already holds for its user, or that came along with the token. Default: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<Place<Text>>,
    /// The code that the client may exchange. Default: none but those that `authorize` gives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<Place<Text>>,
    /// Further codes that the client may exchange. Only with `client_id`. Default: none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<Place<Text>>,
    /// The id of the user who calls.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = NUMBER))]
    pub user: Option<Place<Text>>,
    /// What the credential may be used for. Default: what the user's roles may do; `[]`: nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<Place<Scope>>>,
    /// Where the credential stands: no key of it must be there.
    #[serde(skip)]
    pub spot: Spot,
}

/// What a token may be used for.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize, JsonSchema,
)]
pub enum Scope {
    /// Read as a learner.
    #[serde(rename = "learner:read")]
    LearnerRead,
    /// Write as a learner.
    #[serde(rename = "learner:write")]
    LearnerWrite,
    /// Read as an administrator.
    #[serde(rename = "admin:read")]
    AdminRead,
    /// Write as an administrator.
    #[serde(rename = "admin:write")]
    AdminWrite,
    /// Send statements as a learner.
    #[serde(rename = "learner:xapi")]
    LearnerXapi,
    /// Send statements as an administrator.
    #[serde(rename = "admin:xapi")]
    AdminXapi,
}

impl Scope {
    /// All of them.
    pub const ALL: [Scope; 6] = [
        Scope::LearnerRead,
        Scope::LearnerWrite,
        Scope::AdminRead,
        Scope::AdminWrite,
        Scope::LearnerXapi,
        Scope::AdminXapi,
    ];
}

fn credentials<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Credential>, D::Error> {
    let placed: Vec<Place<Credential>> = Vec::deserialize(deserializer)?;
    let credentials = placed.into_iter().map(|place| Credential {
        spot: place.spot,
        ..place.value
    });
    Ok(credentials.collect())
}

/// Records taken away from Adobe Learning Manager.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "RemovedAlm")]
pub struct Removed {
    /// Enrollments.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub enrollments: Vec<RemovedEnrollment>,
}

/// An enrollment taken away from Adobe Learning Manager.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "RemovedAlmEnrollment")]
pub struct RemovedEnrollment {
    /// The id of the user.
    pub user: Place<Text>,
    /// The id of the instance.
    pub instance: Place<Text>,
}
