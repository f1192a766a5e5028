//! Running children: ends, limits, outputs and resource use.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::time::{Duration, Instant};

use lightspeed::cancel::Cancel;
use lightspeed::process::{Command, LineChild, Outcome, ProcessError, Received, Status, Stdin, run};

fn shell(script: &str) -> Command {
    Command::new(["sh", "-c", script], std::env::temp_dir())
}

fn finish(command: &Command) -> Outcome {
    run(command, &Cancel::new()).unwrap()
}

fn is_alive(pid: &str) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim())).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, state)| !state.starts_with(['Z', 'X']))
}

fn wait_until_dead(pid: &str) -> bool {
    let deadline = Instant::now() + Duration::from_secs(2);
    while is_alive(pid) && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(10));
    }
    !is_alive(pid)
}

#[test]
fn both_outputs_and_the_code_come_back() {
    let outcome = finish(&shell("echo out; echo err >&2; exit 7"));
    assert_eq!(outcome.status, Status::Exited(7));
    assert_eq!(outcome.stdout.text(), "out\n");
    assert_eq!(outcome.stderr.text(), "err\n");
    assert!(!outcome.stdout.truncated);
}

#[test]
fn a_signal_is_told_from_a_code() {
    assert_eq!(finish(&shell("kill -SEGV $$")).status, Status::Signaled(11));
}

#[test]
fn cpu_and_wall_time_are_those_of_the_child() {
    let outcome = finish(&shell("i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; sleep 0.2"));
    assert!(outcome.user > Duration::from_millis(20), "{outcome:?}");
    assert!(outcome.wall > outcome.user + Duration::from_millis(150), "{outcome:?}");
}

#[test]
fn time_that_is_up_ends_the_whole_group() {
    let mut command = shell("sleep 60 & echo $!; wait");
    command.timeout = Duration::from_millis(200);
    let started = Instant::now();
    let outcome = finish(&command);
    assert_eq!(outcome.status, Status::TimedOut);
    assert!(started.elapsed() < Duration::from_millis(1700), "{:?}", started.elapsed());
    assert!(wait_until_dead(&outcome.stdout.text()));
}

#[test]
fn a_child_that_ignores_sigterm_is_killed() {
    let mut command = shell("trap '' TERM; echo $$; while :; do sleep 0.05; done");
    command.timeout = Duration::from_millis(200);
    let started = Instant::now();
    let outcome = finish(&command);
    assert_eq!(outcome.status, Status::TimedOut);
    assert!(started.elapsed() < Duration::from_millis(1700), "{:?}", started.elapsed());
    assert!(wait_until_dead(&outcome.stdout.text()));
}

#[test]
fn ten_megabytes_on_both_outputs_leave_their_tails() {
    let flood = "head -c 10485760 /dev/zero | tr '\\0' x";
    let outcome = finish(&shell(&format!("({flood}; echo end-out) & ({flood}; echo end-err) >&2; wait")));
    assert!(outcome.status.success());
    for (output, end) in [(&outcome.stdout, "xend-out\n"), (&outcome.stderr, "xend-err\n")] {
        assert_eq!(output.bytes.len(), 1 << 20);
        assert_eq!(output.total_bytes, 10_485_760 + end.len() as u64 - 1);
        assert!(output.truncated && output.text().ends_with(end));
    }
}

#[test]
fn a_child_that_closes_its_outputs_early_is_still_waited_for() {
    let outcome = finish(&shell("echo gone; exec >&- 2>&-; sleep 0.3; exit 3"));
    assert_eq!(outcome.status, Status::Exited(3));
    assert!(outcome.wall > Duration::from_millis(300));
    assert_eq!(outcome.stdout.text(), "gone\n");
}

#[test]
fn a_grandchild_that_holds_the_pipe_ends_with_the_command() {
    let started = Instant::now();
    let outcome = finish(&shell("sleep 60 & echo $!"));
    assert!(outcome.status.success());
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
    assert!(outcome.wall < Duration::from_millis(250), "its wall time is the command's own: {:?}", outcome.wall);
    assert!(wait_until_dead(&outcome.stdout.text()));
}

#[test]
fn a_grandchild_that_left_the_group_delays_nothing() {
    let mut command = shell("setsid sleep 3 & echo $!; sleep 60");
    command.timeout = Duration::from_millis(200);
    let started = Instant::now();
    let outcome = finish(&command);
    assert_eq!(outcome.status, Status::TimedOut);
    assert!(started.elapsed() < Duration::from_millis(2000), "{:?}", started.elapsed());
    if cfg!(target_os = "linux") {
        assert!(wait_until_dead(&outcome.stdout.text()), "a descendant in a group of its own is ended too");
    }

    let started = Instant::now();
    assert!(finish(&shell("setsid sleep 3 & echo detached")).status.success());
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
}

#[test]
fn a_request_to_stop_is_heard_soon() {
    let cancel = Cancel::new();
    let asked = cancel.clone();
    let asker = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(100));
        asked.cancel();
    });
    let started = Instant::now();
    let outcome = run(&shell("sleep 60"), &cancel).unwrap();
    asker.join().unwrap();
    assert_eq!(outcome.status, Status::Cancelled);
    assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
}

#[test]
fn what_cannot_start_says_why() {
    let missing = run(&Command::new(["no-such-program-here"], "."), &Cancel::new()).unwrap_err();
    assert!(matches!(&missing, ProcessError::NotFound { program } if program == "no-such-program-here"), "{missing}");
    let directory = run(&Command::new(["/"], "."), &Cancel::new()).unwrap_err();
    assert!(matches!(directory, ProcessError::NotExecutable { .. }), "{directory}");
    let nowhere = run(&Command::new(["true"], "/no/such/directory"), &Cancel::new()).unwrap_err();
    assert!(matches!(nowhere, ProcessError::WorkingDirectory { .. }), "{nowhere}");
    let nothing = run(&Command::new(Vec::<&str>::new(), "."), &Cancel::new()).unwrap_err();
    assert!(matches!(nothing, ProcessError::EmptyCommand), "{nothing}");
}

#[test]
fn arguments_and_environment_arrive_as_given() {
    let mut command = shell("printf '%s|%s|%s' \"$1\" \"$GIVEN\" \"${HOME-none}\"");
    command.argv.extend(["sh".into(), "a b;$HOME*".into()]);
    command.env = vec![("GIVEN".into(), Some("x y".into())), ("HOME".into(), None)];
    assert_eq!(finish(&command).stdout.text(), "a b;$HOME*|x y|none");
    command.inherit_env = false;
    command.argv[0] = "/bin/sh".into();
    assert_eq!(finish(&command).stdout.text(), "a b;$HOME*|x y|none");
}

#[test]
fn input_is_read_or_left_without_blocking() {
    let mut command = shell("wc -c");
    command.stdin = Stdin::Bytes(vec![b'x'; 3_000_000]);
    assert_eq!(finish(&command).stdout.text().trim(), "3000000");
    command.argv[2] = "exit 0".into();
    assert!(finish(&command).status.success());
    assert_eq!(finish(&shell("wc -c")).stdout.text().trim(), "0");
}

#[test]
fn peak_memory_is_that_of_one_child_alone() {
    let hungry = finish(&shell("head -c 200000000 /dev/zero | tail -c 200000000 >/dev/null"));
    assert!(hungry.max_rss_bytes.unwrap() > 150_000_000, "{hungry:?}");
    let frugal = finish(&shell("true"));
    assert!(frugal.max_rss_bytes.is_none_or(|peak| peak < 50_000_000), "{frugal:?}");
}

#[test]
fn a_timeout_longer_than_the_clock_is_no_timeout() {
    let mut command = shell("true");
    command.timeout = Duration::MAX;
    assert!(finish(&command).status.success());
}

#[test]
fn lines_go_back_and_forth() {
    let script = "echo ready; while read line; do echo \"got $line\"; echo note >&2; done; exit 5";
    let mut child = LineChild::start(&shell(script)).unwrap();
    let (cancel, limit) = (Cancel::new(), Duration::from_secs(5));
    assert_eq!(child.receive(limit, &cancel), Received::Line(b"ready".to_vec()));
    assert!(child.send("one"));
    assert_eq!(child.receive(limit, &cancel), Received::Line(b"got one".to_vec()));
    assert_eq!(child.receive(Duration::from_millis(50), &cancel), Received::TimedOut);
    let (status, stderr) = child.finish().unwrap();
    assert_eq!(status, Status::Exited(5));
    assert_eq!(stderr.text(), "note\n");
}

#[test]
fn a_child_that_dies_is_noticed_even_where_its_output_stays_open() {
    let mut child = LineChild::start(&shell("setsid sleep 3 <&- & echo last; exit 4")).unwrap();
    let (cancel, limit) = (Cancel::new(), Duration::from_secs(30));
    assert_eq!(child.receive(limit, &cancel), Received::Line(b"last".to_vec()));
    let started = Instant::now();
    assert_eq!(child.receive(limit, &cancel), Received::Closed);
    assert!(started.elapsed() < Duration::from_secs(2));
    child.send("into the void");
    assert!(!child.send("into the void"));
    assert_eq!(child.finish().unwrap().0, Status::Exited(4));
}

#[test]
fn dropping_a_line_child_ends_its_group() {
    let mut child = LineChild::start(&shell("trap '' TERM; sleep 60 & echo $!; wait; sleep 60")).unwrap();
    let Received::Line(pid) = child.receive(Duration::from_secs(5), &Cancel::new()) else { panic!("no line") };
    drop(child);
    assert!(wait_until_dead(&String::from_utf8(pid).unwrap()));
}
