//! The switches for what Adobe does not document.

use crate::format::{Text, texts};
use crate::place::Place;
use crate::platform::behaviour;

behaviour! {
    /// What nobody documents, or where documents and observations disagree. Every switch has the default that the evidence favours.
    #[schemars(rename = "AlmBehaviour")]
    Written;
    Behaviour;

    /// A `page[limit]` above what is allowed. Default: clamp.
    page_limit: PageLimit = Clamp
        /// A `page[limit]` above what is allowed: 10 with `include`, else 100.
        {
            /// The most that is allowed.
            Clamp,
            /// 400 above 10, as the parameter's own text says.
            Refuse,
        }
    /// What a list shows without `filter.loTypes`. Default: courses.
    lo_types: LoTypes = Courses
        /// What a list shows without `filter.loTypes`.
        {
            /// Courses: the default that the parameter's text names.
            Courses,
            /// Everything, as the introduction says.
            All,
        }
    /// A token that is missing, unknown or expired. Default: unauthorized.
    invalid_token: InvalidToken = Unauthorized
        /// A token that is missing, unknown or expired.
        {
            /// 401.
            Unauthorized,
            /// 400 with `Invalid token`, as clients handle it.
            BadRequest,
        }
    /// A token without the scope that a call needs. Default: forbidden.
    missing_scope: MissingScope = Forbidden
        /// A token without the scope that a call needs.
        {
            /// 403, as the manual says.
            Forbidden,
            /// 401, which a client reports beside it.
            Unauthorized,
        }
    /// An `Accept` without the API's own media type. Default: lenient.
    accept: Accept = Lenient
        /// An `Accept` without the API's own media type.
        {
            /// Fine where it leaves room for JSON, or is not there.
            Lenient,
            /// 406, as the manual says.
            Strict,
        }
    /// An id that names nothing. Default: bad_request.
    unknown_id: UnknownId = BadRequest
        /// An id that names nothing.
        {
            /// 400.
            BadRequest,
            /// 404, as the documented table says.
            NotFound,
        }
    /// A learning object that is asked for by an id that names nothing. Default: refuse.
    unknown_learning_object: UnknownLearningObject = Refuse
        /// A learning object that is asked for by an id that names nothing.
        {
            /// As `unknown_id` says.
            Refuse,
            /// 200 with `"data":null`.
            NullData,
            /// 200 with no body.
            EmptyBody,
        }
    /// A body of a media type that nobody mentions. Default: ignore.
    unsupported_media_type: UnsupportedMediaType = Ignore
        /// A body of a media type that nobody mentions.
        {
            /// It is read all the same.
            Ignore,
            /// 415.
            Refuse,
        }
    /// `x-rate-limit` and `x-burst`. Default: absent, as in the one recorded answer.
    rate_headers: RateHeaders = Absent
        /// `x-rate-limit` and `x-burst` on every answer.
        {
            /// Absent.
            Absent,
            /// Present, as documented.
            Documented,
        }
    /// `x-request-id`. Default: recorded.
    request_id: RequestId = Recorded
        /// `x-request-id`.
        {
            /// `csvbscitrace`, as recorded.
            Recorded,
            /// `gw` and a UUID, as the gateway makes them.
            Gateway,
        }
    /// Origins that browsers may call from. Default: none.
    cors_origins: Vec<Place<Text>> => Vec<String> = |written| texts(written).unwrap_or_default();
    /// The body of a new token. Default: six_members.
    token_body: TokenBody = SixMembers
        /// The body of a new token.
        {
            /// Tokens, role, account, user and seconds.
            SixMembers,
            /// Tokens, seconds and `Bearer`, as the newer manual prints.
            FourMembers,
        }
    /// Whether the redirect with a code also says `PRIME_BASE`, where the API is. Default false.
    prime_base: bool = false;
    /// Whether un-enrolling says that there was nothing, although it worked. Default false.
    unenroll_denies: bool = false;
}
