//! Switches: how a vendor behaves where it is not documented, or where its releases differ.

/// The switches of a vendor, an entry each:
///
/// ```text
/// behaviour! {
///     /// What the vendor does not document.
///     #[schemars(rename = "ToyBehaviour")]
///     Written;
///     #[derive(Copy)]
///     Behaviour;
///
///     /// A page that is too long. Default: clamp.
///     page_limit: PageLimit = Clamp
///         /// A page that is too long.
///         {
///             /// The most that is allowed.
///             Clamp,
///             /// 400.
///             Refuse,
///         }
///     /// Whether answers are indented. Default false.
///     pretty: bool = false;
///     /// Origins that may call. Default: none.
///     origins: Vec<Text> => Vec<String> = |written| texts(written);
/// }
/// ```
///
/// An entry is an enum with its values and its default, a plain value with its default, or a type as written and
/// as resolved with what makes the one from the other; that may use the switches above it.
///
/// It expands to the enums, to `Written` (what a file says, each switch optional) and to `Behaviour` (each
/// switch with its default filled in).
macro_rules! behaviour {
    // All entries in one form: what is written, what it resolves to, and how.
    (@ [$(#[$of_written:meta])* ; $(#[$of_resolved:meta])*] {$(
        [$(#[$doc:meta])*] [$(#[$as_written:meta])*] $name:ident: $Type:ty => $Resolved:ty = $by:expr;
    )*}) => {
        #[derive(
            Clone, Debug, Default, serde::Deserialize, serde::Serialize, schemars::JsonSchema,
        )]
        $(#[$of_written])*
        #[serde(deny_unknown_fields)]
        pub struct Written {
            $(
                $(#[$doc])*
                $(#[$as_written])*
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $name: Option<$Type>,
            )*
        }

        $crate::format::switches!(Written { $($name),* });

        /// How the vendor behaves: each field is the switch of that name, its default filled in.
        #[derive(Clone, Debug, PartialEq, Eq)]
        $(#[$of_resolved])*
        pub struct Behaviour { $($(#[$doc])* pub $name: $Resolved,)* }

        impl From<&Written> for Behaviour {
            fn from(written: &Written) -> Self {
                // One after the other: a default may depend on the switches before it.
                $(let $name: $Resolved = ($by)(written.$name.clone());)*
                Behaviour { $($name),* }
            }
        }
    };
    // An enum with its values.
    (@ $heads:tt {$($done:tt)*}
        $(#[$doc:meta])* $name:ident: $Type:ident = $default:ident
            $(#[$of_type:meta])* { $($(#[$of_value:meta])* $Value:ident),+ $(,)? }
        $($rest:tt)*
    ) => {
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize, schemars::JsonSchema,
        )]
        $(#[$of_type])*
        #[serde(rename_all = "snake_case")]
        pub enum $Type { $($(#[$of_value])* $Value),+ }

        impl Default for $Type {
            fn default() -> Self {
                $Type::$default
            }
        }

        $crate::platform::behaviour! { @ $heads {$($done)*}
            $(#[$doc])* $name: $Type = $Type::$default; $($rest)*
        }
    };
    // A value with its default.
    (@ $heads:tt {$($done:tt)*}
        $(#[$doc:meta])* $name:ident: $Type:ty = $default:expr; $($rest:tt)*
    ) => {
        $crate::platform::behaviour! { @ $heads {$($done)*
            [$(#[$doc])*] [] $name: $Type => $Type = |it: Option<$Type>| it.unwrap_or($default);
        } $($rest)* }
    };
    // A value as written, and what it resolves to.
    (@ $heads:tt {$($done:tt)*}
        $(#[$doc:meta])* $name:ident: $(#[$as_written:meta])* $Type:ty => $Resolved:ty = $by:expr;
        $($rest:tt)*
    ) => {
        $crate::platform::behaviour! { @ $heads {$($done)*
            [$(#[$doc])*] [$(#[$as_written])*] $name: $Type => $Resolved = $by;
        } $($rest)* }
    };
    ($(#[$of_written:meta])* Written; $(#[$of_resolved:meta])* Behaviour; $($rest:tt)*) => {
        $crate::platform::behaviour! {
            @ [$(#[$of_written])* ; $(#[$of_resolved])*] {} $($rest)*
        }
    };
}

pub(crate) use behaviour;
