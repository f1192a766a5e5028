//! A file that is generated and committed.

use anyhow::{Context as _, Result, bail};
use std::path::Path;

/// A generated file, and what generates it.
pub struct Committed {
    /// Where it is, from the top of the repository.
    pub path: &'static str,
    /// What this program is told to write it.
    pub task: &'static str,
    /// What the sources give.
    pub generate: fn(root: &Path) -> Result<String>,
}

impl Committed {
    /// Writes the file.
    pub fn write(&self, root: &Path) -> Result<()> {
        let path = self.path;
        std::fs::write(root.join(path), (self.generate)(root)?).with_context(|| format!("{path} cannot be written"))
    }

    /// Fails where the committed file is not what the sources give.
    pub fn check(&self, root: &Path) -> Result<()> {
        let Committed { path, task, .. } = self;
        let committed = std::fs::read_to_string(root.join(path)).with_context(|| format!("{path} cannot be read"))?;
        let generated = (self.generate)(root)?;
        if committed == generated {
            return Ok(());
        }
        let same = committed.lines().zip(generated.lines()).take_while(|(old, new)| old == new).count();
        let show = |text: &str| text.lines().nth(same).unwrap_or("(end of file)").to_owned();
        bail!(
            "{path}:{} is not what the sources give: run `cargo run -p xtask -- {task}`\n- {}\n+ {}",
            same + 1,
            show(&committed),
            show(&generated)
        );
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    #[test]
    fn what_is_committed_is_what_the_sources_give() {
        for file in crate::COMMITTED {
            if let Err(error) = file.check(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")) {
                panic!("{error:#}");
            }
        }
    }
}
