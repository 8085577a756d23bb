//! Paths with `*` in them.

/// A path in which `*` stands for any number of characters, slashes among them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob {
    /// Before the first `*`; all of it where there is none.
    head: String,
    /// What stands behind each `*`.
    tails: Vec<String>,
}

impl Glob {
    /// The glob that is written so.
    pub fn new(written: &str) -> Glob {
        let mut parts = written.split('*').map(str::to_owned);
        Glob {
            head: parts.next().unwrap_or_default(),
            tails: parts.collect(),
        }
    }

    /// Whether a path fits.
    pub fn fits(&self, path: &str) -> bool {
        let Some((last, between)) = self.tails.split_last() else {
            return path == self.head;
        };
        let Some(mut rest) = path.strip_prefix(self.head.as_str()) else {
            return false;
        };
        // The first place is as good as any later one: what follows finds more room behind it.
        for part in between {
            let Some((_, after)) = rest.split_once(part.as_str()) else {
                return false;
            };
            rest = after;
        }
        rest.ends_with(last.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Glob;

    #[test]
    fn a_star_stands_for_anything_and_nothing() {
        for (glob, path, fits) in [
            ("/a", "/a", true),
            ("/a", "/a/", false),
            ("/a*", "/a", true),
            ("/a*", "/b", false),
            ("*", "", true),
            ("/users/*/enrollments", "/users/1/enrollments", true),
            ("/users/*/enrollments", "/users/enrollments", false),
            ("/*/b/*/d", "/a/b/c/b/d", true),
            ("*ab*b", "/ab", false),
            ("*ab*b", "/abab", true),
        ] {
            assert_eq!(Glob::new(glob).fits(path), fits, "{glob} {path}");
        }
    }
}
