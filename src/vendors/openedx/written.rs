//! The `openedx` section of a scenario file, as written. Nothing is checked here but keys and types.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

pub use super::behaviour::Written as Behaviour;
use crate::format::{Decimal, Text, dates, switches};
use crate::place::{Place, Spot};

// What editors mark at once; the checks say it in words.
/// Visible ASCII.
const VISIBLE: &str = "^[!-~]+$";
/// An e-mail address.
const EMAIL: &str = "^[^@, ]+@[^@, ]+$";
/// What stands in lists with commas between: a course key, the name of a cohort.
const LISTED: &str = "^[^,]+$";
/// A decimal number from 0 to 1.
const SHARE: &str = "^(0(\\.[0-9]+)?|1(\\.0+)?)$";

/// The records, credentials and switches of Open edX.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "OpenedxSection")]
pub struct Section {
    /// Accounts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<User>,
    /// Courses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub courses: Vec<Course>,
    /// Who is enrolled in what.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub enrollments: Vec<Enrollment>,
    /// Who may enroll once registered: upstream's `CourseEnrollmentAllowed`. Loading them enrolls nobody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub invitations: Vec<Invitation>,
    /// Who may call the API: an access token, or a client of the token endpoint.
    #[serde(
        default,
        deserialize_with = "credentials",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub credentials: Vec<Credential>,
    /// What JWTs are signed with, HS256. Default: `enrollmock-not-a-secret`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("minLength" = 1))]
    pub jwt_secret: Option<Place<Text>>,
    /// How many tokens were issued before the scenario begins. Default: none.
    #[serde(default, skip_serializing_if = "Issued::is_empty")]
    pub issued: Issued,
    /// Signed tokens that have expired before their hour: each whole, or what stands behind its last dot.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(inner(regex(pattern = VISIBLE)))]
    pub expired_jwts: Vec<Place<Text>>,
    /// One switch for each thing that differs from release to release or that nobody documents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub behaviour: Option<Place<Behaviour>>,
}

/// How many tokens were issued before the scenario begins. What is issued derives from its number, so the next ones
/// follow on these.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "OpenedxIssued")]
pub struct Issued {
    /// Access tokens. Default 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tokens: Option<u32>,
    /// Refresh tokens. Default 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_tokens: Option<u32>,
}

switches!(Issued {
    tokens,
    refresh_tokens,
});

/// An account.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "OpenedxUser")]
pub struct User {
    /// The user name: letters, digits and any of `_`, `.`, `@`, `+`, `-`, and spaces within.
    pub username: Place<Text>,
    /// The e-mail address, nobody else's. Default: the user name at example.com.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = EMAIL))]
    pub email: Option<Place<Text>>,
    /// False: the account was never activated. Default true.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// Global staff: may enroll others and list everything. Default false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub staff: Option<bool>,
    /// True: an administrator shut the account out. Default false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disabled: Option<bool>,
    /// True: for look-ups the account does not exist; its e-mail address is a retired one and its user name names nobody. Default false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retired: Option<bool>,
    /// For the password grant. Default: none, so that grant is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<Place<Text>>,
    /// Keys of the courses that the account administers, of which it may list others' enrollments; with `course_admin_ok` it may do more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("uniqueItems" = true))]
    pub course_admin: Vec<Place<Text>>,
}

/// A course.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "OpenedxCourse")]
pub struct Course {
    /// The course key. Any text without commas: the vendor's own samples are malformed.
    #[schemars(regex(pattern = LISTED))]
    pub key: Place<Text>,
    /// What people call it. Default: the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    /// The modes it offers. Default: audit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("uniqueItems" = true))]
    pub modes: Vec<Place<Mode>>,
    /// The names of its cohorts. Default: none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(inner(regex(pattern = LISTED)), extend("uniqueItems" = true))]
    pub cohorts: Vec<Place<Text>>,
    /// True: nobody set it up. Enrollments name its key, and whoever looks for a course does not find it. Default false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub made_up: Option<bool>,
}

/// What an enrollment gives.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Deserialize,
    Serialize,
    JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Free, without a certificate.
    #[default]
    Audit,
    /// Free, with an honor code certificate.
    Honor,
    /// Paid, identity verified.
    Verified,
    /// Paid, for professionals, identity verified.
    Professional,
    /// Paid, for professionals.
    NoIdProfessional,
    /// For university credit.
    Credit,
    /// For a degree.
    Masters,
    /// Executive education.
    ExecutiveEducation,
    /// Executive education, paid.
    PaidExecutiveEducation,
    /// Executive education, unpaid.
    UnpaidExecutiveEducation,
    /// Boot camp, paid.
    PaidBootcamp,
    /// Boot camp, unpaid.
    UnpaidBootcamp,
}

/// One account's enrollment in one course.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "OpenedxEnrollment")]
pub struct Enrollment {
    /// Whose.
    pub username: Place<Text>,
    /// The key of the course.
    pub course: Place<Text>,
    /// Default: audit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
    /// False: the account was un-enrolled. Default true.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// When it was made, RFC 3339. Default: the scenario's start.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = dates::INSTANT))]
    pub created: Option<Place<Text>>,
    /// The name of the cohort the account belongs to in this course. Default: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cohort: Option<Place<Text>>,
    /// How much was done, from "0" to "1", sent as written. Default: "0.00".
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = SHARE))]
    pub completion: Option<Place<Decimal>>,
    /// The grade, from "0" to "1", sent as written. Default: "0.00".
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = SHARE))]
    pub grade: Option<Place<Decimal>>,
    /// The grade in letters. Default: empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub letter_grade: Option<Text>,
    /// When the course was passed, RFC 3339. Default: not yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = dates::INSTANT))]
    pub passed: Option<Place<Text>>,
    /// The day of the last visit, `YYYY-MM-DD`. Default: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = dates::DAY))]
    pub last_date: Option<Place<Text>>,
}

/// Somebody who may enroll in a course once registered under this address.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "OpenedxInvitation")]
pub struct Invitation {
    /// The e-mail address.
    #[schemars(regex(pattern = EMAIL))]
    pub email: Place<Text>,
    /// The key of the course.
    pub course: Place<Text>,
    /// True: registering enrolls. Default false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_enroll: Option<bool>,
    /// The user name of who used it: nobody else can. Default: nobody did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used_by: Option<Place<Text>>,
    /// The name of the cohort that awaits whoever the address belongs to. Default: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cohort: Option<Place<Text>>,
}

/// One way to prove who is calling. Exactly one of `token` and `client_id`.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "OpenedxCredential")]
pub struct Credential {
    /// An access token, sent as `Bearer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = VISIBLE))]
    pub token: Option<Place<Text>>,
    /// When the token dies, RFC 3339. Only with `token`. Default: never.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = dates::INSTANT))]
    pub expires: Option<Place<Text>>,
    /// Whether the token has died already, whatever the clock shows. Only with `token`. Default false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expired: Option<Place<bool>>,
    /// Whether the token was taken back; what renews it lives on. Only with `token`. Default false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked: Option<Place<bool>>,
    /// The refresh token that came along with the token. Only with `token`, needs `client`. Default: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("minLength" = 1))]
    pub refresh_token: Option<Place<Text>>,
    /// When the refresh token dies, RFC 3339. Only with `refresh_token`. Default: never.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = dates::INSTANT))]
    pub refresh_expires: Option<Place<Text>>,
    /// The id of the client that may renew with the refresh token. Only with `refresh_token`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<Place<Text>>,
    /// A client of the token endpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("minLength" = 1))]
    pub client_id: Option<Place<Text>>,
    /// That client's secret. Required with `client_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("minLength" = 1))]
    pub client_secret: Option<Place<Text>>,
    /// The user name of who calls with the token, or who owns the client. Required.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<Place<Text>>,
    /// How the client may ask for tokens. Only with `client_id`. Default: both ways; who may use a password may also refresh.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("uniqueItems" = true))]
    pub grants: Vec<Place<Grant>>,
    /// What the token, or the client's tokens, may be used for. Default: read, write, email and profile.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(inner(regex(pattern = VISIBLE)))]
    pub scopes: Vec<Place<Text>>,
    /// Where the credential stands: no key of it must be there.
    #[serde(skip)]
    pub spot: Spot,
}

/// A way to ask for a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Grant {
    /// For the client's owner.
    ClientCredentials,
    /// For whoever's name and password the client sends.
    Password,
}

fn credentials<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Credential>, D::Error> {
    let placed: Vec<Place<Credential>> = Vec::deserialize(deserializer)?;
    let credentials = placed.into_iter().map(|place| Credential {
        spot: place.spot,
        ..place.value
    });
    Ok(credentials.collect())
}

/// Records taken away from Open edX.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "RemovedOpenedx")]
pub struct Removed {
    /// Enrollments.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub enrollments: Vec<RemovedEnrollment>,
}

/// An enrollment taken away from Open edX.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "RemovedOpenedxEnrollment")]
pub struct RemovedEnrollment {
    /// Whose.
    pub username: Place<Text>,
    /// The key of the course.
    pub course: Place<Text>,
}
