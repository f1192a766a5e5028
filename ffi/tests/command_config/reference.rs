//! What docs/config.md shows is what is read, and the schema tells an editor all that there is to know.

use crate::{parse, schema_says, with};
use lightspeed::suite::commands::schema;
use serde_json::Value;
use std::path::Path;

#[test]
fn the_reference_shows_what_is_read() {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/config.md")).unwrap();
    let examples: Vec<&str> = text.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert!(!examples.is_empty());
    for example in &examples {
        let text = if example.contains("[[benchmark]]") { (*example).to_owned() } else { with("") + example };
        parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_eq!(schema_says(&text), Vec::<String>::new(), "{text}");
    }
    let schema = schema();
    let entry = &schema["properties"]["benchmark"]["items"]["properties"];
    for properties in [&schema["properties"], entry] {
        for key in properties.as_object().unwrap().keys() {
            assert!(examples[0].contains(key.as_str()), "the full example does not show {key}");
            assert!(text.contains(&format!("`{key}`")), "docs/config.md does not explain {key}");
        }
    }
}

#[test]
fn every_key_has_a_description_and_no_object_is_open() {
    fn walk(value: &Value, path: &str, seen: &mut usize) {
        if let Some(properties) = value.get("properties").and_then(Value::as_object) {
            assert_eq!(value["additionalProperties"], false, "{path}");
            for (key, property) in properties {
                *seen += 1;
                assert!(property.get("description").is_some() || property.get("$ref").is_some(), "{path}/{key}");
            }
        }
        match value {
            Value::Object(entries) => {
                entries.iter().for_each(|(key, value)| walk(value, &format!("{path}/{key}"), seen))
            }
            Value::Array(items) => items.iter().for_each(|value| walk(value, path, seen)),
            other => assert_ne!(other, "null", "{path}"),
        }
    }
    let schema = schema();
    assert!(jsonschema::meta::is_valid(&schema));
    let mut seen = 0;
    walk(&schema, "", &mut seen);
    assert!(seen > 40, "{seen}");
}
