//! What Python's `\w` matches.

use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory as _};

/// Letters and numbers of all scripts, and `_`. Signals are none, nor letters in circles.
pub fn is_word(c: char) -> bool {
    let group = c.general_category_group();
    c == '_'
        || matches!(
            group,
            GeneralCategoryGroup::Letter | GeneralCategoryGroup::Number
        )
}

#[cfg(test)]
mod tests {
    use super::is_word;

    #[test]
    fn words_are_made_of_letters_numbers_and_underscores() {
        // Each was given to Python's `re`.
        for c in "aZ0_é日ªʰ①²Ⅷ٣ß".chars() {
            assert!(is_word(c), "{c:?}");
        }
        for c in "-.~ Ⓐ\u{345}\u{301}\u{93e}🎉\u{203f}$".chars() {
            assert!(!is_word(c), "{c:?}");
        }
    }
}
