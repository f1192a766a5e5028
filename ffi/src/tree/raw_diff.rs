//! The output of `git diff --raw -z`, decoded.

use super::git::ChangeStatus;

/// A change, with paths as bytes relative to the repository.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RawChange<'a> {
    pub path: &'a [u8],
    pub status: ChangeStatus<&'a [u8]>,
    /// Either side is a commit of a submodule.
    pub submodule: bool,
}

/// Decodes all records; `None` if the output has another form.
pub(super) fn parse(output: &[u8]) -> Option<Vec<RawChange<'_>>> {
    let mut fields = output.split(|byte| *byte == 0);
    let mut changes = Vec::new();
    while let Some(header) = fields.next() {
        if header.is_empty() {
            break;
        }
        // ":100644 100755 <sha> <sha> R086"
        let mut words = header.strip_prefix(b":")?.split(|byte| *byte == b' ');
        let modes = [words.next()?, words.next()?];
        let letter = words.nth(2)?.first()?;
        let first = fields.next()?;
        let (path, status) = match letter {
            b'A' => (first, ChangeStatus::Added),
            b'D' => (first, ChangeStatus::Deleted),
            b'T' => (first, ChangeStatus::TypeChanged),
            b'R' => (fields.next()?, ChangeStatus::Renamed { from: first }),
            b'C' => (fields.next()?, ChangeStatus::Added),
            // Modified, unmerged, or a letter of the future.
            _ => (first, ChangeStatus::Modified),
        };
        changes.push(RawChange { path, status, submodule: modes.contains(&b"160000".as_slice()) });
    }
    Some(changes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn renames_carry_both_names() {
        let output = b":100644 100644 a b R086\0old name\0new\nname\0:160000 160000 a a M\0sub\0";
        let changes = parse(output).unwrap();
        assert_eq!(changes[0].path, b"new\nname");
        assert_eq!(changes[0].status, ChangeStatus::Renamed { from: b"old name".as_slice() });
        assert!(!changes[0].submodule && changes[1].submodule);
        assert_eq!(parse(b""), Some(Vec::new()));
        assert_eq!(
            parse(b":100644 100644 a b M\0"),
            Some(vec![RawChange { path: b"", status: ChangeStatus::Modified, submodule: false }])
        );
        assert_eq!(parse(b"M\tfile\n"), None);
    }

    proptest! {
        #[test]
        fn any_output_is_survived(output in prop::collection::vec(prop_oneof![Just(0u8), Just(b':'), Just(b' '), any::<u8>()], 0..200)) {
            let _ = parse(&output);
        }
    }
}
