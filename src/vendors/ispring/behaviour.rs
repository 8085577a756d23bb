//! The switches for what iSpring does not document, every default filled in.

use super::written;
pub use super::written::{
    DueDatePosition, DuplicateEnrollment, JsonFlags, JsonList, JsonObject, JsonSingleItem,
    MissingDueDateType, PageToken, RepeatedFilter, UnknownEnrollment, UnknownFilterId,
    XmlContentType,
};

macro_rules! behaviour {
    ($($switch:ident: $type:ty = $default:expr),+ $(,)?) => {
        /// How the undocumented corners behave; each field is the switch of that name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[allow(missing_docs, reason = "each switch is explained where it is written: `written::Behaviour`")]
        pub struct Behaviour { $(pub $switch: $type),+ }

        impl From<&written::Behaviour> for Behaviour {
            fn from(written: &written::Behaviour) -> Self {
                // Taken apart, so that a switch that is written but not meant does not compile.
                let written::Behaviour { $($switch),+ } = written.clone();
                Behaviour { $($switch: $switch.unwrap_or($default)),+ }
            }
        }
    };
}

behaviour! {
    pretty_xml: bool = false,
    xml_content_type: XmlContentType = XmlContentType::default(),
    json_list: JsonList = JsonList::default(),
    json_object: JsonObject = JsonObject::default(),
    json_single_item: JsonSingleItem = JsonSingleItem::default(),
    json_flags: JsonFlags = JsonFlags::default(),
    due_date_position: DueDatePosition = DueDatePosition::default(),
    error_detail: bool = false,
    page_token: PageToken = PageToken::default(),
    clamp_page_size: bool = false,
    unknown_filter_id: UnknownFilterId = UnknownFilterId::default(),
    repeated_filter: RepeatedFilter = RepeatedFilter::default(),
    duplicate_enrollment: DuplicateEnrollment = DuplicateEnrollment::default(),
    missing_due_date_type: MissingDueDateType = MissingDueDateType::default(),
    unknown_enrollment: UnknownEnrollment = UnknownEnrollment::default(),
    publisher_can_edit: bool = true,
}
