//! The measured processes. They end with this one, however it ends.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Read as _, Seek as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::signal::unix::{SignalKind, signal};

use crate::Outcome;

static CHILDREN: Mutex<BTreeMap<u32, Child>> = Mutex::new(BTreeMap::new());

fn children() -> MutexGuard<'static, BTreeMap<u32, Child>> {
    CHILDREN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn end(child: &mut Child) {
    // Both calls fail only for a process that is gone already.
    let _ = child.kill();
    let _ = child.wait();
}

/// Ends the children when this process gets a signal to end.
pub fn end_children_on_signals() -> Outcome<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (mut terminate, mut interrupt) = {
        let _inside = runtime.enter();
        (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?)
    };
    std::thread::spawn(move || {
        runtime.block_on(async {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        });
        children().values_mut().for_each(end);
        std::process::exit(130);
    });
    Ok(())
}

/// A server in a process of its own. Dropping it ends the process.
pub struct Served {
    started: Started,
    pub address: SocketAddr,
    // Kept open: a server that cannot print any more would fail.
    _output: BufReader<ChildStdout>,
}

/// A child that is not ready yet. Dropping it ends the process.
struct Started(u32);

impl Drop for Started {
    fn drop(&mut self) {
        if let Some(mut child) = children().remove(&self.0) {
            end(&mut child);
        }
    }
}

impl Served {
    /// Starts `command`, whose first line on standard output contains its address.
    fn start(command: &mut Command) -> Outcome<Self> {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let output = child.stdout.take();
        let started = Started(child.id());
        children().insert(started.0, child);
        let mut output = BufReader::new(output.ok_or("no standard output")?);
        let mut line = String::new();
        output.read_line(&mut line)?;
        let address = line
            .split_once("http://")
            .and_then(|(_, rest)| rest.trim().trim_end_matches('/').parse().ok())
            .ok_or_else(|| format!("a server did not say where it listens, but {line:?}"))?;
        Ok(Self { started, address, _output: output })
    }

    /// Starts Vestibule, with the additional settings `more`.
    pub fn vestibule(program: &Path, folder: &Path, more: &[(&str, &str)]) -> Outcome<Self> {
        let mut command = Command::new(program);
        in_folder(&mut command, folder)
            .env("ROCKET_PORT", "0")
            .env("VESTIBULE_RATE_LIMITS", "off")
            .envs(more.iter().copied());
        Self::start(&mut command)
    }

    /// Starts this program as a yardstick.
    pub fn yardstick(arguments: &[impl AsRef<OsStr>]) -> Outcome<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.env_clear().args(arguments);
        Self::start(&mut command)
    }

    /// Processor time used so far, in seconds.
    pub fn cpu_seconds(&self) -> Outcome<f64> {
        // Linux reports hundredths of a second to every program, whatever the kernel's tick.
        const TICKS: f64 = 100.0;
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.started.0))?;
        let (_, after_name) = stat.rsplit_once(')').ok_or("no name in stat")?;
        let mut fields = after_name.split_ascii_whitespace().skip(11);
        let mut ticks = || fields.next().and_then(|field| field.parse::<f64>().ok());
        let (user, system) = (ticks().ok_or("no utime")?, ticks().ok_or("no stime")?);
        Ok((user + system) / TICKS)
    }

    /// Resident memory in MiB.
    pub fn memory(&self) -> Outcome<f64> {
        self.status("VmRSS:")
    }

    /// Peak of the resident memory since the last [`forget_peak`](Self::forget_peak), in MiB.
    pub fn peak_memory(&self) -> Outcome<f64> {
        self.status("VmHWM:")
    }

    /// Number of threads.
    pub fn threads(&self) -> Outcome<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.started.0))?;
        let threads = status.lines().find_map(|line| line.strip_prefix("Threads:")?.trim().parse().ok());
        Ok(threads.ok_or("no threads in status")?)
    }

    /// Resets the peak.
    pub fn forget_peak(&self) -> Outcome<()> {
        Ok(std::fs::write(format!("/proc/{}/clear_refs", self.started.0), "5")?)
    }

    fn status(&self, name: &str) -> Outcome<f64> {
        memory_of(self.started.0, name)
    }
}

/// A figure of a process' memory, in MiB.
fn memory_of(process: u32, name: &str) -> Outcome<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let kib = status
        .lines()
        .find_map(|line| line.strip_prefix(name)?.trim().strip_suffix(" kB")?.parse::<f64>().ok())
        .ok_or("no memory in status")?;
    Ok(kib / 1024.0)
}

fn in_folder<'a>(command: &'a mut Command, folder: &Path) -> &'a mut Command {
    command.current_dir(folder).env_clear().env("VESTIBULE_DATA_DIR", folder)
}

/// A command of Vestibule's, on the database at `url`.
pub fn vestibule(program: &Path, folder: &Path, url: &str) -> Command {
    let mut command = Command::new(program);
    in_folder(&mut command, folder).env("VESTIBULE_DATABASE_URL", url);
    command
}

/// What a program came to that ran to its end.
pub struct Finished {
    pub seconds: f64,
    /// The most resident memory that it had, in MiB.
    pub memory: f64,
    /// What it printed on standard output.
    pub printed: String,
}

/// Runs `command` to its end.
///
/// # Errors
/// It cannot be started, or it fails.
pub fn finish(command: &mut Command) -> Outcome<Finished> {
    const PAUSE: Duration = Duration::from_millis(5);
    // Files, because a full pipe would stop it.
    let (printed, said) = (tempfile::tempfile()?, tempfile::tempfile()?);
    command.stdin(Stdio::null()).stdout(printed.try_clone()?).stderr(said.try_clone()?);
    let begun = Instant::now();
    let child = command.spawn()?;
    let started = Started(child.id());
    children().insert(started.0, child);
    let mut memory = 0.0;
    let status = loop {
        // The kernel keeps the peak until the process ends, so only that of the last pause is missed.
        memory = memory_of(started.0, "VmHWM:").unwrap_or(memory);
        if let Some(child) = children().get_mut(&started.0)
            && let Some(status) = child.try_wait()?
        {
            break status;
        }
        std::thread::sleep(PAUSE);
    };
    let seconds = begun.elapsed().as_secs_f64();
    let (printed, said) = (all_of(printed)?, all_of(said)?);
    if !status.success() {
        return Err(format!("{:?} ended with {status}: {printed}{said}", command.get_program()).into());
    }
    Ok(Finished { seconds, memory, printed })
}

fn all_of(mut file: std::fs::File) -> Outcome<String> {
    let mut text = String::new();
    file.rewind()?;
    file.read_to_string(&mut text)?;
    Ok(text)
}

/// The folder of everything that is built: this program lies in that of its profile, within it.
pub fn target_folder() -> Outcome<PathBuf> {
    let here = std::env::current_exe()?;
    Ok(here.ancestors().nth(2).ok_or("no target folder")?.to_owned())
}

/// Builds the server as its users do, and returns the path of the program.
pub fn build_server() -> Outcome<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let built = Command::new("cargo")
        .args(["build", "--profile", "dist", "--package", "vestibule", "--bin", "vestibule"])
        .current_dir(root)
        .status()?;
    if !built.success() {
        return Err("the server does not build".into());
    }
    Ok(target_folder()?.join("dist/vestibule"))
}
