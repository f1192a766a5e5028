//! `lightspeed report`: the dashboard with its data, in one file.

use crate::database_args::ReportArgs;
use crate::exit::{Exit, Failure};
use crate::export::{refuse_mixture, tell};
use crate::output;
use crate::page::{Mode, PageData, filled, template};
use lightspeed::cancel::Cancel;

/// Runs the command.
pub fn run(args: &ReportArgs, cancel: Cancel) -> Result<Exit, Failure> {
    refuse_mixture(&args.html, args.json)?;
    let template = template()?;
    let export = args.database.open(cancel)?.export(&args.content.options())?;
    let step = match &args.step_id {
        Some(id) if export.steps.contains(id) => Some(id),
        Some(id) => return Err(no_step(id, &export.steps)),
        None => export.steps.last(),
    };
    let data = PageData { mode: Mode::Report, title: &export.name, step: step.map(String::as_str) };
    let page = filled(&template, &data, Some(&export.bytes))?;
    output::write(&args.html, page.as_bytes(), "page")?;
    tell(&export.report(args.html.display().to_string(), "page", page.len()), &args.html, args.json)?;
    Ok(Exit::Ok)
}

fn no_step(id: &str, steps: &[String]) -> Failure {
    let known = if steps.is_empty() { "none yet".to_owned() } else { steps.join(", ") };
    Failure::plain(format!("there is no step {id:?}: the steps are {known}"))
}
