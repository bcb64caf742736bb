//! Programs that tests start.

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process_group};

/// A program with all programs that it starts. Dropping it kills them.
pub struct Process(Child);

impl Process {
    /// Starts the program without input. What it writes is ignored.
    pub fn start(command: &mut Command) -> Result<Self, String> {
        Self::spawn(command.stdout(Stdio::null()))
    }

    /// Starts the program. Returns what `find` makes of the first line of its output for which it is not
    /// `None`.
    pub fn start_and_read<T>(
        command: &mut Command,
        find: impl Fn(&str) -> Option<T>,
    ) -> Result<(Self, T), String> {
        let mut process = Self::spawn(command.stdout(Stdio::piped()))?;
        let lines = BufReader::new(process.0.stdout.take().unwrap()).lines();
        let found = lines.map_while(Result::ok).find_map(|line| find(&line));
        let found = found.ok_or_else(|| format!("it does not say what it should: {command:?}"))?;
        Ok((process, found))
    }

    fn spawn(command: &mut Command) -> Result<Self, String> {
        // The programs that it starts belong to its group, and end with it.
        let child = command.stdin(Stdio::null()).stderr(Stdio::null()).process_group(0).spawn();
        child.map(Self).map_err(|error| {
            format!("the program {} cannot be started: {error}", command.get_program().display())
        })
    }

    /// Whether it has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        !matches!(self.0.try_wait(), Ok(None))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Some(group) = i32::try_from(self.0.id()).ok().and_then(Pid::from_raw) {
            let _ = kill_process_group(group, Signal::KILL);
        }
        let _ = self.0.wait();
    }
}

/// Checks that these programs are installed.
pub fn installed(programs: &[&str]) -> Result<(), String> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let there = |program: &&str| std::env::split_paths(&path).any(|folder| folder.join(program).is_file());
    match programs.iter().find(|program| !there(program)) {
        Some(missing) => Err(format!("the program {missing} is not installed")),
        None => Ok(()),
    }
}
