//! Changes in real git repositories, and the names of files.
#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use lightspeed::tree::*;
use tempfile::TempDir;

fn git(directory: &Path, arguments: &[&str]) {
    let output = Command::new("git")
        .args(["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "protocol.file.allow=always"])
        .args(arguments)
        .current_dir(directory)
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn write(path: impl AsRef<Path>, text: &str) {
    std::fs::create_dir_all(path.as_ref().parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn text(salt: &str) -> String {
    (0..30).map(|n| format!("line {n} of {salt}\n")).collect()
}

fn commit(top: &Path) {
    git(top, &["add", "-A"]);
    git(top, &["commit", "-qm", "x"]);
}

/// A repository with `pkg/{a,b,c,d}.py`, `bench/bench.py` and `README`, all committed.
fn repository() -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let top = directory.path().canonicalize().unwrap().join("repo");
    for name in ["pkg/a.py", "pkg/b.py", "pkg/c.py", "pkg/d.py", "bench/bench.py", "README"] {
        write(top.join(name), &text(name));
    }
    write(top.join(".gitignore"), "*.pyc\n/ignored/\n");
    git(&top, &["init", "-q"]);
    commit(&top);
    (directory, top)
}

/// Changes by path relative to `top`.
fn by_name(changes: &Changes, top: &Path) -> BTreeMap<String, ChangeStatus> {
    let name = |path: &Path| path.strip_prefix(top).unwrap().to_string_lossy().into_owned();
    changes.paths.iter().map(|change| (name(&change.path), change.status.clone())).collect()
}

#[test]
fn all_kinds_of_changes_are_seen_from_below_the_top() {
    let (_directory, top) = repository();
    let root = top.join("pkg");
    assert_eq!(git_changes(&root, &[], None).unwrap(), Changes::default());
    write(top.join("pkg/a.py"), &text("edited"));
    std::fs::remove_file(top.join("pkg/b.py")).unwrap();
    git(&top, &["mv", "pkg/c.py", "pkg/moved.py"]);
    std::fs::remove_file(top.join("pkg/d.py")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("a.py", top.join("pkg/d.py")).unwrap();
    write(top.join("pkg/new dir/new.py"), "new");
    write(top.join("pkg/staged.py"), "staged, and like nothing else");
    git(&top, &["add", "pkg/staged.py"]);
    write(top.join("pkg/skip.pyc"), "ignored");
    write(top.join("README"), "outside of the roots");
    write(top.join("bench/bench.py"), "edited");
    let changes = git_changes(&root, &[top.join("bench")], None).unwrap();
    let expected = [
        ("bench/bench.py", ChangeStatus::Modified),
        ("pkg/a.py", ChangeStatus::Modified),
        ("pkg/b.py", ChangeStatus::Deleted),
        ("pkg/c.py", ChangeStatus::Deleted),
        ("pkg/d.py", ChangeStatus::TypeChanged),
        ("pkg/moved.py", ChangeStatus::Renamed { from: top.join("pkg/c.py") }),
        ("pkg/new dir/new.py", ChangeStatus::Untracked),
        ("pkg/staged.py", ChangeStatus::Added),
    ];
    assert_eq!(by_name(&changes, &top), expected.map(|(name, status)| (name.to_owned(), status)).into());
    assert!(changes.diagnostics.is_empty() && changes.paths.iter().all(|change| !change.directory));
}

#[test]
fn names_that_git_quotes_come_as_they_are() {
    let (_directory, top) = repository();
    let names =
        ["pkg/two words.py", "pkg/new\nline.py", "pkg/\"quoted\"\\.py", "pkg/ünï.py", "pkg/*.py", "-rf", "pkg/tab\t"];
    for name in names {
        write(top.join(name), &text(name));
    }
    let mut expected: Vec<_> = names.iter().map(|name| top.join(name)).collect();
    expected.sort();
    let paths = |changes: &Changes| changes.paths.iter().map(|change| change.path.clone()).collect::<Vec<_>>();
    assert_eq!(paths(&git_changes(&top, &[], None).unwrap()), expected);
    commit(&top);
    for name in names {
        write(top.join(name), "edited");
    }
    let changes = git_changes(&top, &[], None).unwrap();
    assert_eq!(paths(&changes), expected);
    assert!(changes.paths.iter().all(|change| change.status == ChangeStatus::Modified));
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_not_unicode_are_kept_and_mentioned() {
    use std::os::unix::ffi::OsStrExt;
    let (_directory, top) = repository();
    let path = top.join("pkg").join(std::ffi::OsStr::from_bytes(b"caf\xe9.py"));
    write(&path, "x");
    let changes = git_changes(&top, &[], None).unwrap();
    assert_eq!(changes.paths[0].path, path);
    assert!(changes.diagnostics[0].contains("not UTF-8"));
    assert_eq!(SourceRoot::open(&top).unwrap().relative(&path), "pkg/caf\u{fffd}.py");
}

#[test]
fn a_base_revision_reaches_back() {
    let (_directory, top) = repository();
    git(&top, &["tag", "v1"]);
    write(top.join("pkg/a.py"), &text("edited"));
    commit(&top);
    write(top.join("pkg/b.py"), &text("edited"));
    write(top.join("pkg/new.py"), "");
    let names = |base| by_name(&git_changes(&top, &[], base).unwrap(), &top).into_keys().collect::<Vec<_>>();
    assert_eq!(names(Some("v1")), ["pkg/a.py", "pkg/b.py", "pkg/new.py"]);
    assert_eq!(names(Some("HEAD~1")), ["pkg/a.py", "pkg/b.py", "pkg/new.py"]);
    assert_eq!(names(None), ["pkg/b.py", "pkg/new.py"]);
    for bad in ["nowhere", "", "--output=x", "v1..HEAD", "HEAD~99", "README"] {
        let error = git_changes(&top, &[], Some(bad)).unwrap_err();
        assert!(matches!(error, TreeError::UnknownRevision { .. }), "{bad}: {error}");
        assert!(!error.to_string().contains('\n'));
    }
}

#[test]
fn unusual_repositories_are_understood() {
    let directory = tempfile::tempdir().unwrap();
    let outside = directory.path().canonicalize().unwrap();
    let error = git_changes(&outside, &[], None).unwrap_err();
    assert!(matches!(error, TreeError::NotARepository { .. }) && error.to_string().contains("--changed-files"));
    std::fs::create_dir(outside.join(".git")).unwrap();
    let error = git_changes(&outside, &[], None).unwrap_err();
    assert!(matches!(error, TreeError::NotARepository { .. }), "{error}");
    std::fs::remove_dir(outside.join(".git")).unwrap();

    let top = outside.join("fresh");
    write(top.join("staged.py"), "x");
    git(&top, &["init", "-q"]);
    git(&top, &["add", "-A"]);
    write(top.join("new.py"), "x");
    let changes = by_name(&git_changes(&top, &[], None).unwrap(), &top);
    assert_eq!(changes, [("new.py".into(), ChangeStatus::Untracked), ("staged.py".into(), ChangeStatus::Added)].into());

    let (_directory, top) = repository();
    write(top.join("ignored/pkg/a.py"), "x");
    let changes = git_changes(&top.join("ignored/pkg"), std::slice::from_ref(&outside), None).unwrap();
    assert_eq!((changes.paths.len(), changes.diagnostics.len()), (0, 2), "{changes:?}");

    git(&top, &["rm", "-q", "--cached", "pkg/a.py"]);
    let changes = by_name(&git_changes(&top, &[], None).unwrap(), &top);
    assert_eq!(changes, [("pkg/a.py".into(), ChangeStatus::Untracked)].into());
}

#[test]
fn submodules_and_inner_repositories_change_as_a_whole() {
    let (_directory, top) = repository();
    let (_other_directory, other) = repository();
    git(&top, &["submodule", "--quiet", "add", other.to_str().unwrap(), "vendored"]);
    commit(&top);
    write(top.join("vendored/pkg/a.py"), "edited");
    write(top.join("inner/file.py"), "x");
    git(&top.join("inner"), &["init", "-q"]);
    commit(&top.join("inner"));
    let changes = git_changes(&top, &[], None).unwrap();
    assert_eq!(
        by_name(&changes, &top),
        [("inner".into(), ChangeStatus::Untracked), ("vendored".into(), ChangeStatus::Modified)].into()
    );
    assert!(changes.paths.iter().all(|change| change.directory));
    let changes = git_changes(&top.join("vendored/pkg"), &[top.join("pkg")], None).unwrap();
    assert_eq!(by_name(&changes, &top), [("vendored/pkg/a.py".into(), ChangeStatus::Modified)].into());
}

#[test]
fn a_conflict_and_a_worktree_are_no_obstacle() {
    let (directory, top) = repository();
    git(&top, &["checkout", "-q", "-b", "side"]);
    write(top.join("pkg/a.py"), "one\n");
    commit(&top);
    git(&top, &["checkout", "-q", "-"]);
    write(top.join("pkg/a.py"), "two\n");
    commit(&top);
    let merge = Command::new("git").args(["merge", "-q", "side"]).current_dir(&top).output().unwrap();
    assert!(!merge.status.success());
    let changes = git_changes(&top, &[], None).unwrap();
    assert_eq!(by_name(&changes, &top), [("pkg/a.py".into(), ChangeStatus::Modified)].into());
    git(&top, &["merge", "--abort"]);
    let tree = directory.path().canonicalize().unwrap().join("tree");
    git(&top, &["worktree", "add", "-q", tree.to_str().unwrap(), "side"]);
    write(tree.join("pkg/b.py"), "edited");
    let changes = git_changes(&tree.join("pkg"), &[], None).unwrap();
    assert_eq!(by_name(&changes, &tree), [("pkg/b.py".into(), ChangeStatus::Modified)].into());
}

#[test]
fn names_and_paths_are_each_others_reverse() {
    let (_directory, top) = repository();
    let root = SourceRoot::open(&top.join("pkg")).unwrap();
    for (path, name) in [
        ("pkg/a.py", "a.py"),
        ("pkg/sub/./x/../a.py", "sub/a.py"),
        ("bench/bench.py", "../bench/bench.py"),
        ("pkg2/a.py", "../pkg2/a.py"),
        ("pkg", "."),
        ("", ".."),
    ] {
        assert_eq!(root.relative(&top.join(path)), name);
        assert_eq!(root.relative(&root.absolute(name)), name);
    }
    assert_eq!(root.absolute("../bench/bench.py"), top.join("bench/bench.py"));
    assert!(SourceRoot::open(&top.join("none")).is_err() && SourceRoot::open(&top.join("README")).is_err());
}

#[test]
fn files_are_read_and_listed() {
    let (_directory, top) = repository();
    for name in ["pkg/__pycache__/a.pyc", "env/pyvenv.cfg", "env/lib/x.py", ".venv/x.py", ".hidden/data.json"] {
        write(top.join(name), "x");
    }
    #[cfg(unix)]
    std::os::unix::fs::symlink(".", top.join("pkg/loop")).unwrap();
    let names: Vec<_> = list_files(&top).unwrap().iter().map(|f| f.strip_prefix(&top).unwrap().to_path_buf()).collect();
    let expected =
        [".gitignore", ".hidden/data.json", "README", "bench/bench.py", "pkg/a.py", "pkg/b.py", "pkg/c.py", "pkg/d.py"];
    assert_eq!(names, expected.map(PathBuf::from));
    assert_eq!(read_file(&top.join("README")).unwrap(), text("README").into_bytes());
    assert!(matches!(read_file(&top), Err(TreeError::Unreadable { .. })));
    assert!(matches!(read_file(&top.join("none")), Err(TreeError::Unreadable { .. })));
    std::fs::File::create(top.join("big")).unwrap().set_len(SIZE_CAP + 1).unwrap();
    assert!(matches!(read_file(&top.join("big")), Err(TreeError::TooLarge { .. })));
}

#[test]
fn given_names_are_found_wherever_they_are_relative_to() {
    let (_directory, top) = repository();
    let root = SourceRoot::open(&top.join("pkg")).unwrap();
    let surveyed = ["a.py", "b.py", "gone.py", "old/x.py", "old/y.py", "../bench/bench.py"].map(str::to_owned);
    let elsewhere = tempfile::tempdir().unwrap();
    let given = |cwd: &Path, names: &[&str]| {
        let names: Vec<PathBuf> = names.iter().map(PathBuf::from).collect();
        given_changes(&names, &Given { cwd, source_root: &root, surveyed: &surveyed })
    };
    let modified = |name: &str| (name.to_owned(), ChangeStatus::Modified);
    let deleted = |name: &str| (name.to_owned(), ChangeStatus::Deleted);
    for (cwd, name) in [
        (top.join("bench"), "../pkg/a.py"),
        (elsewhere.path().into(), "a.py"),
        (elsewhere.path().into(), "pkg/a.py"),
        (top.clone(), "./pkg/../pkg/a.py"),
        (top.clone(), top.join("pkg/a.py").to_str().unwrap()),
    ] {
        assert_eq!(by_name(&given(&cwd, &[name, name]).unwrap(), &top), [modified("pkg/a.py")].into());
    }
    let found = given(&top, &["pkg/gone.py", "old", "README", "bench/bench.py"]).unwrap();
    let expected = [
        modified("README"),
        modified("bench/bench.py"),
        deleted("pkg/gone.py"),
        deleted("pkg/old/x.py"),
        deleted("pkg/old/y.py"),
    ];
    assert_eq!(by_name(&found, &top), expected.into());

    write(top.join("pkg/a.py"), "edited");
    write(top.join("pkg/new.py"), "new");
    std::fs::remove_file(top.join("pkg/b.py")).unwrap();
    let found = by_name(&given(&top, &["pkg"]).unwrap(), &top);
    assert_eq!(
        found,
        [modified("pkg/a.py"), deleted("pkg/b.py"), ("pkg/new.py".to_owned(), ChangeStatus::Untracked)].into()
    );
    let error = given(&top, &["pkg/bb.py"]).unwrap_err().to_string();
    assert!(error.ends_with("did you mean \"b.py\"?"), "{error}");
    let error = given(&top, &["quite/something/else.rs"]).unwrap_err().to_string();
    assert!(!error.contains("mean") && error.contains("else.rs"), "{error}");

    std::fs::remove_dir_all(top.join(".git")).unwrap();
    let found = given(&top, &["pkg"]).unwrap();
    assert!(
        by_name(&found, &top).contains_key("pkg/c.py")
            && found.paths.contains(&ChangedPath {
                path: top.join("pkg/gone.py"),
                status: ChangeStatus::Deleted,
                directory: false
            })
    );
    assert_eq!(found.diagnostics.len(), 1);
}

/// Prints; asserts only what no machine is too slow for.
#[test]
fn asking_git_is_fast() {
    let (_directory, top) = repository();
    for n in 0..400 {
        write(top.join(format!("pkg/f{n}.py")), &text("x"));
    }
    commit(&top);
    write(top.join("pkg/a.py"), "edited");
    let mut best = Duration::MAX;
    for _ in 0..10 {
        let started = Instant::now();
        assert_eq!(git_changes(&top, &[], None).unwrap().paths.len(), 1);
        best = best.min(started.elapsed());
    }
    println!("asking git about 400 files: {best:?}");
    assert!(best < Duration::from_secs(1));
}
