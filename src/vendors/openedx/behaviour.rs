//! The switches for what differs from release to release, and what nobody documents.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::format::{Text, switch, texts, written_true};
use crate::place::Place;
use crate::platform::behaviour;

/// What an origin looks like, for editors.
const ORIGIN: &str = "^[a-z][a-z0-9+.-]*://[^/]+$";

behaviour! {
    /// What differs from release to release, and what nobody documents. Every switch has the default that the evidence favours.
    #[schemars(rename = "OpenedxBehaviour")]
    Written;
    Behaviour;

    /// The family of releases. Default: classic.
    profile: Profile = Classic
        /// The family of releases.
        {
            /// 2017 to Maple (2021).
            Legacy,
            /// Nutmeg (2022) to Teak (2025).
            Classic,
            /// From August 2025.
            Ulmo,
        }
    /// True: from classic on, bulk enroll with a slash at its end is 404, as in those releases. Default false: both work, as the vendor documents the slash.
    strict_slash: Place<bool> => bool = |written: Option<Place<bool>>| written_true(&written);
    /// Which texts Django REST framework has. Default: before_3_15, in the ulmo profile since_3_15.
    drf: Drf => Drf = |written: Option<Drf>| {
        written.unwrap_or(match profile {
            Profile::Legacy | Profile::Classic => Drf::Before315,
            Profile::Ulmo => Drf::Since315,
        })
    };
    /// False: the feature is off, and bulk enroll is 404. Default true.
    bulk_enroll_view: bool = true;
    /// True: whoever administers courses may enroll others and list enrollments there, as the vendor's page says. Default false: global staff only, as upstream.
    course_admin_ok: bool = false;
    /// How e-mail addresses are compared. Default: any_case.
    email_match: Match = Match::AnyCase;
    /// How user names are compared. Default: exact.
    username_match: Match = Match::Exact;
    /// `identifiers` sent as a number, in legacy and classic. Default: server_error.
    numeric_identifiers: Place<NumericIdentifiers> => NumericIdentifiers = |written: Option<Place<NumericIdentifiers>>| {
        written.map_or(NumericIdentifiers::ServerError, |place| place.value)
    };
    /// The body of bulk enroll's 404 for an unknown course. Default: detail.
    bulk_not_found: BulkNotFound = Detail
        /// The body of bulk enroll's 404 for an unknown course.
        {
            /// `{"detail":"Not found."}`.
            Detail,
            /// Nothing, as the vendor's page shows.
            Empty,
        }
    /// Bulk enroll into an unknown course without e-mails, in ulmo. Default: not_found.
    unknown_course: Place<UnknownCourse> => UnknownCourse = |written: Option<Place<UnknownCourse>>| {
        written.map_or(UnknownCourse::NotFound, |place| place.value)
    };
    /// Identifiers for which bulk enroll fails inside, each with `"error":true`. Default: none.
    failing_identifiers: Vec<Place<Text>> => Vec<String> = |written| texts(written).unwrap_or_default();
    /// The envelope of the so2 lists. Default: array.
    so2_envelope: So2Envelope = Array
        /// The envelope of the so2 lists.
        {
            /// `[…]`.
            Array,
            /// `{"results":[…]}`.
            Results,
        }
    /// The most rows that a so2 list shows. Default: all.
    so2_cap: u32 => Option<usize> = |written: Option<u32>| written.map(|cap| cap as usize);
    /// What a so2 list says of `days` that is not a whole number. Default: `A valid integer is required.`
    so2_bad_days: Text => String = |written: Option<Text>| {
        written.map_or_else(|| "A valid integer is required.".to_owned(), |text| text.0)
    };
    /// What `WWW-Authenticate` names on so2 lists. Default: jwt.
    so2_www_authenticate: So2WwwAuthenticate = Jwt
        /// What `WWW-Authenticate` names on so2 lists.
        {
            /// `JWT realm="api"`, as elsewhere.
            Jwt,
            /// `Bearer realm="api"`, as a view says that takes nothing but Bearer.
            Bearer,
        }
    /// A JWT that has expired. Default: invalid.
    expired_jwt: ExpiredJwt = Invalid
        /// A JWT that has expired.
        {
            /// `Invalid token.`, as with real keys.
            Invalid,
            /// `Token has expired.`, as without a key set.
            Expired,
        }
    /// True: answers carry the header fields that a whole LMS adds. Default false: those that were recorded.
    lms_headers: bool = false;
    /// Origins that browsers may call from; the list may be empty. Default: CORS is off.
    cors_origins: #[schemars(inner(regex(pattern = ORIGIN)), extend("uniqueItems" = true))]
        Vec<Place<Text>> => Option<Vec<String>> = texts;
}

/// Which texts Django REST framework has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub enum Drf {
    /// Up to 3.14: a 404 says `Not found.`
    #[serde(rename = "before_3_15")]
    Before315,
    /// From 3.15 on: a 404 says what was not found, and booleans may be written in any case.
    #[serde(rename = "since_3_15")]
    Since315,
}

switch! {
    /// How names are compared.
    Match {
        /// Letter by letter.
        Exact,
        /// Upper and lower case are the same, as with MySQL's usual collation.
        #[default]
        AnyCase,
    }
}

switch! {
    /// `identifiers` sent as a number.
    NumericIdentifiers {
        /// 500: the code splits the number.
        #[default]
        ServerError,
        /// It is text.
        Text,
    }
}

switch! {
    /// Bulk enroll into an unknown course without e-mails, in ulmo.
    UnknownCourse {
        /// 404.
        #[default]
        NotFound,
        /// Enrolled all the same, as the code reads.
        Enroll,
    }
}
