//! Debian's chromedriver, on a port that the system chooses.

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process_group};

pub struct Chrome {
    pub address: String,
    process: Child,
}

impl Chrome {
    pub fn start() -> Result<Self, String> {
        for program in ["chromium", "chromedriver"] {
            let found =
                Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
            found.map_err(|error| format!("the program {program} cannot be started: {error}"))?;
        }
        let process = Command::new("chromedriver")
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // The browsers belong to the process group too, and end with it.
            .process_group(0)
            .spawn()
            .map_err(|error| format!("chromedriver cannot be started: {error}"))?;
        let mut chrome = Self { address: String::new(), process };
        let lines = BufReader::new(chrome.process.stdout.take().unwrap()).lines();
        let port = lines
            .map_while(Result::ok)
            .find_map(|line| line.split_once("successfully on port ").map(|(_, port)| port.to_owned()))
            .ok_or("chromedriver says no port")?;
        chrome.address = format!("http://127.0.0.1:{}", port.trim_end_matches('.'));
        Ok(chrome)
    }
}

impl Drop for Chrome {
    fn drop(&mut self) {
        if let Some(group) = i32::try_from(self.process.id()).ok().and_then(Pid::from_raw) {
            let _ = kill_process_group(group, Signal::KILL);
        }
        let _ = self.process.wait();
    }
}
