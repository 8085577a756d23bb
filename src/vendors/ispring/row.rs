//! One enrollment as XML on one line: the form of nearly every list, written as pieces of fixed length in which
//! only the values change.
//!
//! The general writer makes the same bytes; a property test holds both equal to what the serializers make.

use jiff::Timestamp;
use jiff::civil::Date;

use super::behaviour::{Behaviour, DueDatePosition};
use super::id::Id;
use super::records::{Assigned, Certificate, Enrollment};
use super::wire::EnrollmentView;
use crate::digits;

/// Stands where an id goes.
const ID: &str = "########-####-####-####-############";
/// Stands where a day goes.
const DAY: &str = "####-##-##";

/// A piece of fixed length, and where in it values go.
struct Piece<const HOLES: usize> {
    text: &'static [u8],
    holes: [usize; HOLES],
}

/// A piece put together from these texts.
macro_rules! piece {
    ($($text:literal),+) => {
        Piece::new(concat!($($text),+).as_bytes())
    };
}

static HEAD: Piece<4> = piece!(
    "<enrollment><enrollmentId>",
    "########-####-####-####-############",
    "</enrollmentId><courseId>",
    "########-####-####-####-############",
    "</courseId><learnerId>",
    "########-####-####-####-############",
    "</learnerId><accessDate>",
    "####-##-##",
    "</accessDate>"
);
static DUE: Piece<1> = piece!("<dueDate>", "####-##-##", "</dueDate>");
static EXPIRES: Piece<1> = piece!("<expirationDate>", "####-##-##", "</expirationDate>");
static FLAGS: Piece<2> = piece!(
    "<enrollmentTypeGroup>#</enrollmentTypeGroup>",
    "<shouldLockAfterDueDate>#</shouldLockAfterDueDate>"
);
static CERTIFICATE: Piece<2> = piece!(
    "<certificate><issuedCertificateId>",
    "########-####-####-####-############",
    "</issuedCertificateId><issueDate>",
    "####-##-##T##:##:##+00:00",
    "</issueDate>"
);
static EXPIRY: Piece<1> = piece!("<expiryDate>", "####-##-##T##:##:##+00:00", "</expiryDate>");

impl<const HOLES: usize> Piece<HOLES> {
    /// The piece, whose holes are where a `#` follows a tag.
    const fn new(text: &'static [u8]) -> Self {
        let mut holes = [0; HOLES];
        let (mut found, mut at) = (0, 0);
        while at < text.len() {
            // Values stand right behind a tag.
            let begins = text[at] == b'#' && text[at - 1] == b'>';
            if begins {
                holes[found] = at;
                found += 1;
            }
            at += 1;
        }
        assert!(found == HOLES);
        Piece { text, holes }
    }

    /// Appends the piece with nothing in its holes; the bytes from there on.
    fn append<'a>(&self, bytes: &'a mut Vec<u8>) -> &'a mut [u8] {
        let start = bytes.len();
        bytes.extend_from_slice(self.text);
        &mut bytes[start..]
    }
}

/// Appends an enrollment; whether it could: an id of the odd length goes the general way.
pub fn append(bytes: &mut Vec<u8>, shown: &EnrollmentView, behaviour: &Behaviour) -> bool {
    let it = &shown.enrollment;
    let certificate = shown.certificate.as_ref();
    let mut ids = [it.id, shown.content, shown.learner].into_iter();
    let is_usual = |id: Id| id.is_of_usual_length();
    if !ids.all(is_usual) || !certificate.is_none_or(|it| is_usual(it.id)) {
        return false;
    }
    let row = HEAD.append(bytes);
    for (hole, id) in HEAD
        .holes
        .into_iter()
        .zip([it.id, shown.content, shown.learner])
    {
        put_id(row, hole, id);
    }
    put_day(row, HEAD.holes[3], it.access);
    let is_early = behaviour.due_date_position == DueDatePosition::AfterAccessDate;
    if is_early {
        append_dates(bytes, it);
    }
    let row = FLAGS.append(bytes);
    row[FLAGS.holes[0]] = match it.assigned {
        Assigned::Admin => b'0',
        Assigned::Catalog => b'1',
    };
    row[FLAGS.holes[1]] = b'0' + u8::from(it.locks);
    if !is_early {
        append_dates(bytes, it);
    }
    if let Some(certificate) = certificate {
        append_certificate(bytes, certificate);
    }
    bytes.extend_from_slice(b"</enrollment>");
    true
}

fn append_dates(bytes: &mut Vec<u8>, it: &Enrollment) {
    let Some(due) = it.due else {
        return;
    };
    put_day(DUE.append(bytes), DUE.holes[0], due);
    if it.locks {
        put_day(EXPIRES.append(bytes), EXPIRES.holes[0], due);
    }
}

fn append_certificate(bytes: &mut Vec<u8>, certificate: &Certificate) {
    let row = CERTIFICATE.append(bytes);
    put_id(row, CERTIFICATE.holes[0], certificate.id);
    put_moment(row, CERTIFICATE.holes[1], certificate.issued);
    if let Some(expires) = certificate.expires {
        put_moment(EXPIRY.append(bytes), EXPIRY.holes[0], expires);
    }
    bytes.extend_from_slice(b"</certificate>");
}

fn put_id(row: &mut [u8], at: usize, id: Id) {
    row[at..at + ID.len()].copy_from_slice(&id.digits_and_hyphens());
}

fn put_day(row: &mut [u8], at: usize, day: Date) {
    row[at..at + DAY.len()].copy_from_slice(&digits::day(day));
}

/// The rest of the hole is there already: the offset is always that of UTC.
fn put_moment(row: &mut [u8], at: usize, moment: Timestamp) {
    let moment = digits::utc(moment);
    put_day(row, at, moment.date());
    let at = at + DAY.len() + 1;
    row[at..at + 8].copy_from_slice(&digits::time(moment.time()));
}
