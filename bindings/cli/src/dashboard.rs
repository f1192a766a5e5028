//! `lightspeed dashboard`: the page and the current database, served on loopback.

use crate::database_args::DashboardArgs;
use crate::exit::{Exit, Failure};
use crate::page::{Mode, PageData, filled, template};
use crate::print;
use crate::serve::{Site, listen, serve};
use lightspeed::cancel::Cancel;
use lightspeed::session::ExportOptions;
use std::io::IsTerminal as _;

/// Runs the command, until it is interrupted.
pub fn run(args: &DashboardArgs, cancel: &Cancel) -> Result<Exit, Failure> {
    let template = template()?;
    let session = args.database.open(cancel.clone())?;
    let options = ExportOptions::default();
    let first = session.export(&options)?;
    let page = filled(&template, &PageData { mode: Mode::Served, title: &first.name, step: None }, None)?;
    let listener = listen(args.port)?;
    let port = listener.local_addr()?.port();
    let url = format!("http://127.0.0.1:{port}/");
    print(&url)?;
    let reporter = args.database.volume.reporter();
    reporter.note("the dashboard is served there, to this machine alone; Ctrl-C ends it");
    if std::io::stdout().is_terminal()
        && !args.no_browser
        && let Err(error) = open::that_detached(&url)
    {
        reporter.warn(&format!("no browser could be opened ({error}): open the address yourself"));
    }
    serve(Site::new(page, session, options, first, port), listener, cancel)?;
    Ok(Exit::Interrupted)
}
