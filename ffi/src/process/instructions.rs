//! The instructions of a process, where the processor counts them and the kernel lets us read that.

#[cfg(target_os = "linux")]
pub(super) use linux::Instructions;
#[cfg(not(target_os = "linux"))]
pub(super) use nowhere::Instructions;

#[cfg(target_os = "linux")]
mod linux {
    use perf_event::events::{Event, Hardware};
    use perf_event::{Builder, Counter, ReadFormat};

    /// Counts in user mode what the processes execute that the calling thread starts, and their descendants: each from the
    /// moment it runs its program.
    pub(in crate::process) struct Instructions(Option<Counter>);

    impl Instructions {
        pub(in crate::process) fn watched() -> Self {
            Self::counting(Hardware::INSTRUCTIONS)
        }

        fn counting(event: impl Event) -> Self {
            let times = ReadFormat::TOTAL_TIME_ENABLED | ReadFormat::TOTAL_TIME_RUNNING;
            let mut builder = Builder::new(event);
            builder.observe_self().any_cpu().read_format(times);
            // Never enabled in this thread, which runs no other program.
            builder.inherit(true).enable_on_exec(true).exclude_kernel(true);
            Self(builder.build().ok())
        }

        /// The count of those that have ended. None where nobody counts, and where the counter was shared with others and
        /// would be an estimate.
        pub(in crate::process) fn read(mut self) -> Option<u64> {
            let data = self.0.as_mut()?.read_full().ok()?;
            let (enabled, running) = (data.time_enabled()?, data.time_running()?);
            (running == enabled && !enabled.is_zero()).then(|| data.count())
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;
        use perf_event::events::Software;
        use std::process::Command;

        /// The same with a clock that every kernel has, in nanoseconds.
        fn counted(script: &str) -> u64 {
            let clock = Instructions::counting(Software::TASK_CLOCK);
            assert!(Command::new("sh").args(["-c", script]).status().unwrap().success());
            clock.read().expect("the kernel lets its own clock be read")
        }

        #[test]
        fn what_a_child_and_its_child_do_is_counted_and_what_others_do_is_not() {
            let busy = "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done";
            let (own, nested) = (counted(busy), counted(&format!("sh -c '{busy}'")));
            let until = std::time::Instant::now() + std::time::Duration::from_millis(300);
            let spinning = std::thread::spawn(move || while std::time::Instant::now() < until {});
            let idle = counted("sleep 0.3");
            spinning.join().unwrap();
            assert!(own > 5 * idle && nested > 5 * idle, "{own} {nested} {idle}");
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod nowhere {
    /// Nobody counts.
    pub(in crate::process) struct Instructions;

    impl Instructions {
        pub(in crate::process) fn watched() -> Self {
            Self
        }

        pub(in crate::process) fn read(self) -> Option<u64> {
            None
        }
    }
}
