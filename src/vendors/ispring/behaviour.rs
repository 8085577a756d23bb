//! The switches for what iSpring does not document.

use crate::platform::behaviour;

behaviour! {
    /// How an undocumented corner behaves. Every switch has the default that the evidence favours.
    #[schemars(rename = "Behaviour")]
    Written;
    #[derive(Copy)]
    Behaviour;

    /// XML with two spaces of indentation, as the vendor's pages print it. Default false: one line, as on the wire.
    pretty_xml: bool = false;
    /// `Content-Type` of XML answers. Default: application.
    xml_content_type: XmlContentType = Application
        /// `Content-Type` of XML answers. Never seen recorded.
        {
            /// `application/xml`, the media type of the vendor's OpenAPI.
            Application,
            /// `text/xml; charset=UTF-8`, as a PHP stack may say.
            Text,
        }
    /// The JSON answer of `GET /enrollment`. Default: bare.
    json_list: JsonList = Bare
        /// The JSON answer of `GET /enrollment`.
        {
            /// `[…]`, as clients read it.
            Bare,
            /// `{"enrollments":[…]}`, as the vendor's OpenAPI says.
            Wrapped,
        }
    /// The JSON answer of `GET /enrollment/{id}`. Default: bare.
    json_object: JsonObject = Bare
        /// The JSON answer of `GET /enrollment/{id}`.
        {
            /// `{…}`, as the vendor's OpenAPI says for enrollments.
            Bare,
            /// `{"response":{…}}`, as it says for users.
            Response,
        }
    /// A JSON list of one item. Default: list.
    json_single_item: JsonSingleItem = List
        /// A JSON list of one item.
        {
            /// A list.
            List,
            /// The item itself, which some clients guard against.
            Object,
        }
    /// `shouldLockAfterDueDate` in JSON. Default: boolean.
    json_flags: JsonFlags = Boolean
        /// `shouldLockAfterDueDate` in JSON.
        {
            /// `true` and `false`, as the vendor's OpenAPI says.
            Boolean,
            /// `1` and `0`, as in XML.
            Integer,
        }
    /// Where `dueDate` and `expirationDate` stand. Default: after_access_date.
    due_date_position: DueDatePosition = AfterAccessDate
        /// Where `dueDate` and `expirationDate` stand.
        {
            /// Directly after `accessDate`, as in the vendor's tables.
            AfterAccessDate,
            /// After `shouldLockAfterDueDate`: required fields first.
            AfterShouldLock,
        }
    /// True: a 400 says what was wrong. Default false: every 400 says `Bad Request`.
    error_detail: bool = false;
    /// Which enrollment a page token names. Default: last_of_page.
    page_token: PageToken = LastOfPage
        /// Which enrollment a page token names.
        {
            /// The last one returned; the next page starts behind it.
            LastOfPage,
            /// The first of the next page.
            FirstOfNext,
        }
    /// True: a `pageSize` above 1000 means 1000. Default false: it means what it says.
    clamp_page_size: bool = false;
    /// A well-formed id in a filter that names nothing. Default: empty.
    unknown_filter_id: UnknownFilterId = Empty
        /// A well-formed id in a filter that names nothing.
        {
            /// It matches nothing.
            Empty,
            /// 400, as reported for a sibling list.
            BadRequest,
        }
    /// A filter written several times without brackets. Default: all.
    repeated_filter: RepeatedFilter = All
        /// A filter written several times without brackets.
        {
            /// Every value counts.
            All,
            /// The last one counts, as in plain PHP.
            Last,
        }
    /// Enrolling somebody who is already enrolled. Default: keep.
    duplicate_enrollment: DuplicateEnrollment = Keep
        /// Enrolling somebody who is already enrolled.
        {
            /// 201, and the enrollment stays as it is.
            Keep,
            /// 201 and a second enrollment.
            Create,
            /// 400 and nothing is created.
            Refuse,
        }
    /// Enrolling without `dueDateType`. Default: refuse.
    missing_due_date_type: MissingDueDateType = Refuse
        /// Enrolling without `dueDateType`.
        {
            /// 400: the field is documented as required.
            Refuse,
            /// As `default`: an old client leaves it out.
            Default,
        }
    /// An enrollment id that names nothing, in a path or in a delete. Default: bad_request.
    unknown_enrollment: UnknownEnrollment = BadRequest
        /// An enrollment id that names nothing, in a path or in a delete.
        {
            /// 400: the vendor's OpenAPI declares no 404 here.
            BadRequest,
            /// 404.
            NotFound,
        }
    /// Whether publishers edit, re-enroll and delete within their departments. Default true.
    publisher_can_edit: bool = true;
}
