//! `docs/schemas/lightspeed.toml.json`, generated from the structs that read the file.

use crate::committed::Committed;

/// The schema.
pub const SCHEMA: Committed = Committed {
    path: "docs/schemas/lightspeed.toml.json",
    task: "schema",
    generate: |_| Ok(format!("{:#}\n", lightspeed::suite::commands::schema())),
};
