//! Reasons as a person would say them.

use crate::impact::{Reason, Rule};
use crate::source::Lines;

/// A reason as a person would say it.
#[must_use]
pub fn words(reason: &Reason) -> String {
    let place = place(reason);
    let block = reason.block.as_deref().unwrap_or("a block");
    let name = reason.name.as_deref().unwrap_or("a name");
    let where_ = reason.block_file.as_deref().map_or(String::new(), |file| format!(" in {file}"));
    let via = if reason.chain.is_empty() {
        String::new()
    } else {
        let links: Vec<String> = reason.chain.iter().map(|l| format!("{}:{}", l.file, l.lines.start)).collect();
        format!(", by way of {}", links.join(" → "))
    };
    match reason.rule {
        Rule::BlockChanged => format!("it executes {block}, which changed ({place})"),
        Rule::BlockGone => format!("it executes {block}, which is gone ({place})"),
        Rule::NameChanged => {
            format!("it executes {block}{where_}, which mentions {name}, which changed ({place}){via}")
        }
        Rule::NameNew => format!("it executes {block}{where_}, which mentions {name}, which is new ({place}){via}"),
        Rule::NameGone => format!("it executes {block}{where_}, which mentions {name}, which is gone ({place}){via}"),
        Rule::HeaderChanged => {
            format!("it executes {block}{where_}, whose decorators or defaults changed ({place}){via}")
        }
        Rule::EffectChanged => format!("it imports {place}, where a statement with effects beyond names changed{via}"),
        Rule::ImportBroken => {
            let by = reason.chain.first().map_or(String::new(), |l| format!(" by {}:{}", l.file, l.lines.start));
            match &reason.name {
                Some(name) => {
                    format!("{name}, which is gone from {}, is still used while it is imported{by}", reason.file)
                }
                None => format!("something that is gone from {} is still imported{by}", reason.file),
            }
        }
        Rule::ImportBody => format!("its imports execute {block}, which changed ({place})"),
        Rule::SpecialMethod => {
            format!("it imports {}, where the special name {name} came, went or changed ({place})", reason.file)
        }
        Rule::Benchmark => format!("{name} decides how this benchmark itself runs, and it changed ({place}){via}"),
        Rule::Unknown => {
            let what = reason.detail.as_deref().unwrap_or("a part that cannot be read");
            format!("it depends on {place}, which has {what}")
        }
        Rule::WholeFile => format!("it reads {}, which changed", reason.file),
        Rule::BuiltFrom => format!("it loads {name}, which is built from {}, which changed", reason.file),
        Rule::ModuleAppeared => format!("it looked for {} when it was not there", reason.file),
        Rule::DirectoryChanged => format!("it lists the directory of {}", reason.file),
        Rule::Sentinel => format!("it stands for the many that the change of {} affects", reason.file),
        Rule::ImportTime => format!("it imports {}, where something that runs at import changed", reason.file),
        Rule::FileChanged => format!("it depends on {}, which changed", reason.file),
        Rule::Always => {
            format!("always affected: {}", reason.detail.as_deref().unwrap_or("nothing reliable is known of it"))
        }
        Rule::NewBenchmark => format!("it is new in {}, or its parameters are", reason.file),
    }
}

fn place(reason: &Reason) -> String {
    let span = |l: Lines| if l.start == l.end { l.start.to_string() } else { format!("{}-{}", l.start, l.end) };
    match (reason.old_lines, reason.new_lines) {
        (_, Some(new)) => format!("{}:{}", reason.file, span(new)),
        (Some(old), None) => format!("{}, formerly line {}", reason.file, span(old)),
        (None, None) => reason.file.clone(),
    }
}
