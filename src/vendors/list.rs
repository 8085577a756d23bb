//! The list of vendors: the one place that says which there are.

/// Calls a macro with the list of vendors, a vendor a line: what it is, its name in URLs, YAML and JSON, its
/// type, and its own name for itself. Who reads the list: the enum [`crate::Vendor`], the registry in
/// `vendors`, and the types of scenario files.
macro_rules! vendors {
    ($then:ident) => {
        $then! {
            /// iSpring Learn.
            ispring: Ispring = "iSpring Learn";
            /// Open edX, as MOOCit hosts it.
            openedx: Openedx = "Open edX";
            /// Adobe Learning Manager.
            alm: Alm = "Adobe Learning Manager";
            #[cfg(test)]
            /// A vendor that the tests made up.
            toy: Toy = "Toy";
        }
    };
}

pub(crate) use vendors;
