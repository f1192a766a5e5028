//! The dashboard's page: built into the program, filled with data.

use crate::exit::Failure;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::GzDecoder;
use serde::Serialize;
use std::io::Read as _;

/// The page as `build.rs` found it, by gzip; nothing where it was not built.
const BUILT_IN: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/page.html.gz"));
/// The element that takes a snapshot.
const SNAPSHOT: &str = "lightspeed-snapshot";
/// The element that takes [`PageData`].
const PAGE: &str = "lightspeed-page";

/// What the page is told of itself.
#[derive(Clone, Debug, Serialize)]
pub struct PageData<'a> {
    /// Where its data comes from.
    pub mode: Mode,
    /// What it is about.
    pub title: &'a str,
    /// The step that is shown first.
    pub step: Option<&'a str>,
}

/// Where a page's data comes from.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// It is in the page.
    Report,
    /// It is asked for where the page came from.
    Served,
}

/// The page without data.
pub fn template() -> Result<String, Failure> {
    if BUILT_IN.is_empty() {
        return Err(Failure::plain(
            "this program was built without the dashboard's page: run `make dashboard`, then build it again",
        ));
    }
    let mut text = String::new();
    GzDecoder::new(BUILT_IN).read_to_string(&mut text)?;
    Ok(text)
}

/// The page with data, and with a snapshot where one is given.
pub fn filled(template: &str, data: &PageData<'_>, snapshot: Option<&[u8]>) -> Result<String, Failure> {
    let json = serde_json::to_string(data).map_err(|error| Failure::plain(error.to_string()))?;
    // No character that could end the element or begin a comment.
    let page = put(template, PAGE, &json.replace('<', "\\u003c"))?;
    snapshot.map_or(Ok(page.clone()), |bytes| put(&page, SNAPSHOT, &STANDARD.encode(bytes)))
}

/// Puts content into the empty script element of this id. The id may stand in code of the page too.
fn put(page: &str, id: &str, content: &str) -> Result<String, Failure> {
    let places = page.match_indices("<script").filter_map(|(at, _)| {
        let open = at + page.get(at..)?.find('>')? + 1;
        let inside = page.get(open..)?.split("</script").next()?;
        let attributes: Vec<&str> = page.get(at..open - 1)?.split_ascii_whitespace().skip(1).collect();
        let named = attributes.iter().any(|a| a.strip_prefix("id=").is_some_and(|v| v.trim_matches(['"', '\'']) == id));
        (named && inside.trim().is_empty()).then_some((open, open + inside.len()))
    });
    match places.collect::<Vec<_>>()[..] {
        [(from, to)] => Ok([&page[..from], content, &page[to..]].concat()),
        _ => Err(Failure::plain(format!(
            "the page in this program has no one place for {id}: run `make dashboard`, then build the program again"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = r##"<!doctype html><script>find("#lightspeed-page"); s = '<script id="lightspeed-page">x</script'+'>'</script>
<script type="application/octet-stream" id="lightspeed-snapshot"></script>
<script id='lightspeed-page' type="application/json"> </script><p>end</p>"##;

    fn elements(page: &str) -> Vec<&str> {
        page.split('\n').skip(1).collect()
    }

    #[test]
    fn a_report_holds_its_data_and_nothing_else_changes() {
        let data = PageData { mode: Mode::Report, title: "flox", step: Some("one") };
        let page = filled(TEMPLATE, &data, Some(b"\xff\xfe\0")).unwrap();
        let snapshot = r##"<script type="application/octet-stream" id="lightspeed-snapshot">//4A</script>"##;
        let told = r#"<script id='lightspeed-page' type="application/json">{"mode":"report","title":"flox","step":"one"}</script><p>end</p>"#;
        assert_eq!(elements(&page), [snapshot, told]);
        assert_eq!(page.lines().next(), TEMPLATE.lines().next());
    }

    #[test]
    fn no_name_ends_the_element_that_it_stands_in() {
        let title = "</script><!--<script>alert(1)</script> & \"quotes\" \u{2028}";
        let data = PageData { mode: Mode::Served, title, step: None };
        let page = filled(TEMPLATE, &data, None).unwrap();
        let told = elements(&page)[1].split_once("json\">").unwrap().1.strip_suffix("</script><p>end</p>").unwrap();
        assert!(!told.contains('<'), "{told}");
        let read: serde_json::Value = serde_json::from_str(told).unwrap();
        assert_eq!((&read["title"], &read["mode"], &read["step"]), (&title.into(), &"served".into(), &().into()));
        assert_eq!(elements(&page)[0], elements(TEMPLATE)[0], "a served page holds no snapshot");
    }

    #[test]
    fn a_page_without_its_places_is_refused() {
        let data = PageData { mode: Mode::Served, title: "", step: None };
        for page in ["", "<script", "<p id=\"lightspeed-page\"></p>", "<script id=lightspeed-page>x</script>"] {
            assert!(filled(page, &data, None).is_err(), "{page}");
        }
        let twice = "<script id=lightspeed-page></script>".repeat(2);
        assert!(filled(&twice, &data, None).is_err());
    }
}
