//! The switches for what differs from release to release, every default filled in.

use super::written;
pub use super::written::{
    BulkNotFound, Drf, ExpiredJwt, Match, NumericIdentifiers, Profile, So2Envelope,
    So2WwwAuthenticate, UnknownCourse,
};

/// How releases and undocumented corners behave; each field is the switch of that name, explained where
/// it is written: `written::Behaviour`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each switch is explained where it is written")]
pub struct Behaviour {
    pub profile: Profile,
    pub strict_slash: bool,
    pub drf: Drf,
    pub bulk_enroll_view: bool,
    pub course_admin_ok: bool,
    pub email_match: Match,
    pub username_match: Match,
    pub numeric_identifiers: NumericIdentifiers,
    pub bulk_not_found: BulkNotFound,
    pub unknown_course: UnknownCourse,
    pub failing_identifiers: Vec<String>,
    pub so2_envelope: So2Envelope,
    pub so2_cap: Option<usize>,
    pub so2_bad_days: String,
    pub so2_www_authenticate: So2WwwAuthenticate,
    pub expired_jwt: ExpiredJwt,
    pub lms_headers: bool,
    /// None: CORS is off.
    pub cors_origins: Option<Vec<String>>,
}

impl From<&written::Behaviour> for Behaviour {
    fn from(written: &written::Behaviour) -> Self {
        // Taken apart, so that a switch that is written but not meant does not compile.
        let written::Behaviour {
            profile,
            strict_slash,
            drf,
            bulk_enroll_view,
            course_admin_ok,
            email_match,
            username_match,
            numeric_identifiers,
            bulk_not_found,
            unknown_course,
            failing_identifiers,
            so2_envelope,
            so2_cap,
            so2_bad_days,
            so2_www_authenticate,
            expired_jwt,
            lms_headers,
            cors_origins,
        } = written.clone();
        let profile = profile.unwrap_or_default();
        // A macro, since this room does not know what texts are written as.
        macro_rules! texts {
            ($places:expr) => {
                $places.map(|places| places.into_iter().map(|place| place.value.0).collect())
            };
        }
        Behaviour {
            profile,
            strict_slash: strict_slash.is_some_and(|place| place.value),
            drf: drf.unwrap_or(match profile {
                Profile::Legacy | Profile::Classic => Drf::Before315,
                Profile::Ulmo => Drf::Since315,
            }),
            bulk_enroll_view: bulk_enroll_view.unwrap_or(true),
            course_admin_ok: course_admin_ok.unwrap_or(false),
            email_match: email_match.unwrap_or(Match::AnyCase),
            username_match: username_match.unwrap_or(Match::Exact),
            numeric_identifiers: numeric_identifiers
                .map_or_else(Default::default, |place| place.value),
            bulk_not_found: bulk_not_found.unwrap_or_default(),
            unknown_course: unknown_course.map_or_else(Default::default, |place| place.value),
            failing_identifiers: texts!(failing_identifiers).unwrap_or_default(),
            so2_envelope: so2_envelope.unwrap_or_default(),
            so2_cap: so2_cap.map(|cap| cap as usize),
            so2_bad_days: so2_bad_days
                .map_or_else(|| "A valid integer is required.".to_owned(), |text| text.0),
            so2_www_authenticate: so2_www_authenticate.unwrap_or_default(),
            expired_jwt: expired_jwt.unwrap_or_default(),
            lms_headers: lms_headers.unwrap_or(false),
            cors_origins: texts!(cors_origins),
        }
    }
}
