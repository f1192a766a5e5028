//! What runs the points of a sweep of a command.

use super::SweepError;
use super::options::SweepOptions;
use super::sample::SweepSample;
use crate::cancel::Cancel;
use crate::pair::Program as Template;
use crate::process::{self, Command, Launch, Status};
use lightspeed_core::sweep::Point;
use std::time::Duration;

/// Runs a point once; nothing where the caller asked to stop.
pub(crate) type Runs<'r> = &'r mut dyn FnMut(usize) -> Result<Option<SweepSample>, SweepError>;

/// The command of every point, each known to be startable.
pub(crate) struct Program<'o> {
    options: &'o SweepOptions,
    commands: Vec<Command>,
}

impl<'o> Program<'o> {
    /// Fills in the values of every point.
    pub(crate) fn new(template: &Template, points: &[Point], options: &'o SweepOptions) -> Result<Self, SweepError> {
        let command = |point: &Point| {
            let program = startable(template, point, options)?;
            let timeout = Duration::try_from_secs_f64(options.timeout_s).unwrap_or(Duration::MAX);
            // The system counts what a process starts with to its peak.
            Ok(Command { timeout, output_cap: options.output_cap, launch: Launch::Lean, ..program.to_command() })
        };
        Ok(Program { options, commands: points.iter().map(command).collect::<Result<_, SweepError>>()? })
    }

    /// Runs a point once.
    pub(crate) fn run(&self, point: usize, cancel: &Cancel) -> Result<Option<SweepSample>, SweepError> {
        let Some(command) = self.commands.get(point) else { return Ok(None) };
        match process::run(command, cancel) {
            Ok(outcome) if outcome.status == Status::Cancelled => Ok(None),
            Ok(outcome) => Ok(Some(SweepSample::of(&outcome, self.options))),
            Err(error) => Ok(Some(SweepSample::unstarted(error.to_string()))),
        }
    }
}

/// The command at a point, if it can be started at all.
pub(super) fn startable(template: &Template, point: &Point, options: &SweepOptions) -> Result<Template, SweepError> {
    let program = filled(template, point, options)?;
    let unusable = |source| SweepError::Command { point: point.id(&options.design.axes), source };
    program.check_startable().map_err(unusable)?;
    Ok(program)
}

/// The command at a point.
pub(super) fn filled(template: &Template, point: &Point, options: &SweepOptions) -> Result<Template, SweepError> {
    let axes = &options.design.axes;
    let fill = |text: &String| point.fill(text, axes);
    let env = template.env.iter().map(|(name, value)| Ok((name.clone(), value.as_ref().map(fill).transpose()?)));
    Ok(Template {
        command: template.command.iter().map(fill).collect::<Result<_, _>>()?,
        cwd: fill(&template.cwd.to_string_lossy().into_owned())?.into(),
        env: env.collect::<Result<_, SweepError>>()?,
    })
}
