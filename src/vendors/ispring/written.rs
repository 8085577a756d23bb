//! The `ispring` section of a scenario file, as written. Nothing is checked here but keys and types.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use crate::format::{Text, dates, switch, switches};
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
    /// How many tokens were issued before the story begins. Default: none.
    #[serde(default, skip_serializing_if = "Issued::is_empty")]
    pub issued: Issued,
    /// One switch for each thing that the vendor does not document.
    #[serde(default, skip_serializing_if = "Behaviour::is_empty")]
    pub behaviour: Behaviour,
}

/// How many tokens were issued before the story begins. What is issued derives from its number, so the next ones
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

/// How an undocumented corner behaves. Every switch has the default that the evidence favours.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Behaviour {
    /// XML with two spaces of indentation, as the vendor's pages print it. Default false: one line, as on the wire.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pretty_xml: Option<bool>,
    /// `Content-Type` of XML answers. Default: application.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub xml_content_type: Option<XmlContentType>,
    /// The JSON answer of `GET /enrollment`. Default: bare.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub json_list: Option<JsonList>,
    /// The JSON answer of `GET /enrollment/{id}`. Default: bare.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub json_object: Option<JsonObject>,
    /// A JSON list of one item. Default: list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub json_single_item: Option<JsonSingleItem>,
    /// `shouldLockAfterDueDate` in JSON. Default: boolean.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub json_flags: Option<JsonFlags>,
    /// Where `dueDate` and `expirationDate` stand. Default: after_access_date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_date_position: Option<DueDatePosition>,
    /// True: a 400 says what was wrong. Default false: every 400 says `Bad Request`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_detail: Option<bool>,
    /// Which enrollment a page token names. Default: last_of_page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_token: Option<PageToken>,
    /// True: a `pageSize` above 1000 means 1000. Default false: it means what it says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clamp_page_size: Option<bool>,
    /// A well-formed id in a filter that names nothing. Default: empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown_filter_id: Option<UnknownFilterId>,
    /// A filter written several times without brackets. Default: all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repeated_filter: Option<RepeatedFilter>,
    /// Enrolling somebody who is already enrolled. Default: keep.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duplicate_enrollment: Option<DuplicateEnrollment>,
    /// Enrolling without `dueDateType`. Default: refuse.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing_due_date_type: Option<MissingDueDateType>,
    /// An enrollment id that names nothing, in a path or in a delete. Default: bad_request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown_enrollment: Option<UnknownEnrollment>,
    /// Whether publishers edit, re-enroll and delete within their departments. Default true.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publisher_can_edit: Option<bool>,
}

switches!(Behaviour {
    pretty_xml,
    xml_content_type,
    json_list,
    json_object,
    json_single_item,
    json_flags,
    due_date_position,
    error_detail,
    page_token,
    clamp_page_size,
    unknown_filter_id,
    repeated_filter,
    duplicate_enrollment,
    missing_due_date_type,
    unknown_enrollment,
    publisher_can_edit,
});

switch! {
    /// `Content-Type` of XML answers. Never seen recorded.
    XmlContentType {
        /// `application/xml`, the media type of the vendor's OpenAPI.
        #[default]
        Application,
        /// `text/xml; charset=UTF-8`, as a PHP stack may say.
        Text,
    }
}
switch! {
    /// The JSON answer of `GET /enrollment`.
    JsonList {
        /// `[…]`, as clients read it.
        #[default]
        Bare,
        /// `{"enrollments":[…]}`, as the vendor's OpenAPI says.
        Wrapped,
    }
}
switch! {
    /// The JSON answer of `GET /enrollment/{id}`.
    JsonObject {
        /// `{…}`, as the vendor's OpenAPI says for enrollments.
        #[default]
        Bare,
        /// `{"response":{…}}`, as it says for users.
        Response,
    }
}
switch! {
    /// A JSON list of one item.
    JsonSingleItem {
        /// A list.
        #[default]
        List,
        /// The item itself, which some clients guard against.
        Object,
    }
}
switch! {
    /// `shouldLockAfterDueDate` in JSON.
    JsonFlags {
        /// `true` and `false`, as the vendor's OpenAPI says.
        #[default]
        Boolean,
        /// `1` and `0`, as in XML.
        Integer,
    }
}
switch! {
    /// Where `dueDate` and `expirationDate` stand.
    DueDatePosition {
        /// Directly after `accessDate`, as in the vendor's tables.
        #[default]
        AfterAccessDate,
        /// After `shouldLockAfterDueDate`: required fields first.
        AfterShouldLock,
    }
}
switch! {
    /// Which enrollment a page token names.
    PageToken {
        /// The last one returned; the next page starts behind it.
        #[default]
        LastOfPage,
        /// The first of the next page.
        FirstOfNext,
    }
}
switch! {
    /// A well-formed id in a filter that names nothing.
    UnknownFilterId {
        /// It matches nothing.
        #[default]
        Empty,
        /// 400, as reported for a sibling list.
        BadRequest,
    }
}
switch! {
    /// A filter written several times without brackets.
    RepeatedFilter {
        /// Every value counts.
        #[default]
        All,
        /// The last one counts, as in plain PHP.
        Last,
    }
}
switch! {
    /// Enrolling somebody who is already enrolled.
    DuplicateEnrollment {
        /// 201, and the enrollment stays as it is.
        #[default]
        Keep,
        /// 201 and a second enrollment.
        Create,
        /// 400 and nothing is created.
        Refuse,
    }
}
switch! {
    /// Enrolling without `dueDateType`.
    MissingDueDateType {
        /// 400: the field is documented as required.
        #[default]
        Refuse,
        /// As `default`: an old client leaves it out.
        Default,
    }
}
switch! {
    /// An enrollment id that names nothing, in a path or in a delete.
    UnknownEnrollment {
        /// 400: the vendor's OpenAPI declares no 404 here.
        #[default]
        BadRequest,
        /// 404.
        NotFound,
    }
}
