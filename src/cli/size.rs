//! Sizes as people write them: `1000`, `16KiB`, `4MB`.

/// Reads a number of bytes: digits, then nothing, `B`, `kB`, `MB`, `GB` (thousands) or `KiB`, `MiB`,
/// `GiB` (of 1024), in any case.
///
/// # Errors
/// What to write instead.
pub(super) fn size(text: &str) -> Result<usize, String> {
    const CURE: &str = "write a number of bytes, or one with kB, MB, GB, KiB, MiB or GiB: 16KiB";
    let digits = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let factor: usize = match unit.trim_start().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "kb" => 1_000,
        "mb" => 1_000_000,
        "gb" => 1_000_000_000,
        "kib" => 1 << 10,
        "mib" => 1 << 20,
        "gib" => 1 << 30,
        _ => return Err(CURE.to_owned()),
    };
    if number.is_empty() {
        return Err(CURE.to_owned());
    }
    if let Ok(number) = number.parse::<usize>()
        && let Some(size) = number.checked_mul(factor)
    {
        return Ok(size);
    }
    Err("that is more than a machine can address".to_owned())
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        for (text, bytes) in [
            ("0", 0),
            ("1000", 1000),
            ("16KiB", 16_384),
            ("1 MiB", 1_048_576),
            ("4MB", 4_000_000),
            ("2gib", 2_147_483_648),
            ("7B", 7),
        ] {
            assert_eq!(size(text), Ok(bytes), "{text}");
        }
    }

    #[test]
    fn what_is_no_size_is_refused_with_its_cure() {
        for text in [
            "",
            "MiB",
            "1.5MiB",
            "-1",
            "1MiBs",
            "1M",
            "99999999999999999999",
            "99999999999GiB",
        ] {
            assert!(size(text).is_err(), "{text}");
        }
    }
}
