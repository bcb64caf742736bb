//! What the system says of this process, under the names that all of Prometheus' client libraries give it.
//! It is read from `/proc`; where there is none, there are no such numbers.

use std::fs;
use std::time::Duration;

use metrics::Sheet;
use rustix::process::{Resource, getrlimit};

/// The unit of times in `/proc/self/stat`: a hundredth of a second on every Linux (`USER_HZ`, see time(7)).
const TICK: Duration = Duration::from_millis(10);

/// The places of the times in `/proc/self/stat` behind the program's name, see proc_pid_stat(5): `utime` and
/// `stime`, which are the fields 14 and 15.
const TIMES: [usize; 2] = [11, 12];

/// Writes memory, processor time and open files of the process.
pub(super) fn write(sheet: &mut Sheet) {
    if let Some(time) = processor_time() {
        sheet.seconds_total("process_cpu", "Processor time that the program has used.", time);
    }
    if let Some(bytes) = resident_bytes() {
        sheet.bytes("process_resident_memory", "Memory that the program occupies.", bytes);
    }
    if let Ok(files) = fs::read_dir("/proc/self/fd") {
        let open = u32::try_from(files.count()).map_or(f64::MAX, f64::from);
        sheet.gauge("process_open_fds", "Open files and sockets.", open);
    }
    if let Some(most) = getrlimit(Resource::Nofile).current {
        sheet.gauge("process_max_fds", "The most files and sockets that may be open.", most as f64);
    }
}

fn processor_time() -> Option<Duration> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The program's name stands in brackets, and may have spaces.
    let (_, fields) = stat.rsplit_once(") ")?;
    let fields: Vec<&str> = fields.split(' ').collect();
    let ticks = TIMES.iter().map(|at| fields.get(*at)?.parse::<u32>().ok());
    ticks.sum::<Option<u32>>().map(|ticks| TICK * ticks)
}

fn resident_bytes() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u32 = line.split_whitespace().next()?.parse().ok()?;
    Some(f64::from(kib) * 1024.0)
}
