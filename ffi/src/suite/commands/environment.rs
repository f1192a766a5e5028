//! How a benchmark's command is started: where, with which variables, in which tree.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::{CommandBenchmark, CommandSuite};
use crate::process::Command;
use crate::suite::OUTPUT_CAP;

/// The circumstances of the commands of one suite.
#[derive(Clone, Copy, Debug)]
pub(super) struct Environment<'a> {
    pub(super) suite: &'a CommandSuite,
}

impl Environment<'_> {
    /// `argv` with all else as the benchmark says it.
    pub(super) fn command(&self, benchmark: &CommandBenchmark, argv: &[String]) -> Command {
        let mut command = Command::new(argv, self.in_tree(&benchmark.cwd));
        let own = self.variables(benchmark).into_iter();
        command.env = own.map(|(name, value)| (name.into(), value.map(OsString::from))).collect();
        command.timeout = benchmark.timeout;
        command.output_cap = OUTPUT_CAP;
        command
    }

    /// The variables of a benchmark: the suite's, then its own.
    pub(super) fn variables(&self, benchmark: &CommandBenchmark) -> Vec<(String, Option<String>)> {
        let text = |text: &OsString| text.to_string_lossy().into_owned();
        let common = self.suite.env.iter().map(|(name, value)| (text(name), value.as_ref().map(text)));
        common.chain(benchmark.env.iter().map(|(name, value)| (name.clone(), value.clone()))).collect()
    }

    /// Where a path of the user's tree lies in the tree that is used: the same, unless another revision is checked out.
    pub(super) fn in_tree(&self, path: &Path) -> PathBuf {
        let (mut home, mut root) = (self.suite.home.as_path(), self.suite.root.as_path());
        // Both are the same place of two trees: go up to what contains the path.
        while let Err(_) = path.strip_prefix(home)
            && home.file_name().is_some()
            && home.file_name() == root.file_name()
            && let (Some(above_home), Some(above_root)) = (home.parent(), root.parent())
        {
            (home, root) = (above_home, above_root);
        }
        path.strip_prefix(home).map_or_else(|_| path.to_owned(), |rest| root.join(rest))
    }
}
