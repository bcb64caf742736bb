//! Photographs: their time compared with `vipsthumbnail`, and the memory of many at once.

use std::io::{self, Cursor};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use pictures::{DecodeBudget, Limits, PictureWorkshop};
use tokio::task::JoinSet;

use crate::accounts::{self, PASSWORD, Somebody};
use crate::client::{Connection, Wanted, post, sign_in};
use crate::pages::look_at_everybody;
use crate::photographs;
use crate::process::Served;
use crate::table::{Table, Target};
use crate::{Outcome, Plan};

const AT_ONCE: usize = 20;

pub fn measure(plan: &Plan, program: &Path, table: &mut Table) -> Outcome<()> {
    eprintln!("painting the pictures");
    let (baseline, progressive) = photographs::jpegs()?;
    speed(plan, table, [("baseline", &baseline, 0.40), ("progressive", &progressive, 0.45)])?;
    table.heading(&format!("Memory: {AT_ONCE} uploads at once"));
    let drawing = photographs::png()?;
    for (name, file) in
        [("12-MP baseline JPEG", baseline), ("12-MP progressive JPEG", progressive), ("50-MP PNG", drawing)]
    {
        uploads(program, table, name, &file)?;
    }
    Ok(())
}

fn speed(plan: &Plan, table: &mut Table, pictures: [(&str, &Vec<u8>, f64); 2]) -> Outcome<()> {
    table.heading("A 12-megapixel photograph to all four sizes, on one thread");
    let folder = tempfile::tempdir()?;
    let workshop = PictureWorkshop::new(Limits::default(), DecodeBudget::default());
    for (name, file, most) in pictures {
        let (source, thumbnail) = (folder.path().join("in.jpg"), folder.path().join("out.webp"));
        std::fs::write(&source, file)?;
        let (mut ours, mut theirs) = (vec![], vec![]);
        let mut installed = true;
        for _ in 0..plan.rounds() * 3 {
            let started = Instant::now();
            workshop.process(Cursor::new(file.as_slice()), None).map_err(|error| format!("{error:?}"))?;
            ours.push(started.elapsed().as_secs_f64() * 1_000.0);
            let started = Instant::now();
            let mut vips = Command::new("vipsthumbnail");
            vips.arg(&source).args(["-s", "256x256", "--smartcrop", "centre", "-o"]).arg(&thumbnail);
            match vips.stdin(Stdio::null()).status() {
                Ok(status) if status.success() => theirs.push(started.elapsed().as_secs_f64() * 1_000.0),
                Err(error) if error.kind() == io::ErrorKind::NotFound => installed = false,
                failed => return Err(format!("vipsthumbnail: {failed:?}").into()),
            }
        }
        let size = file.len() as f64 / 1e6;
        table.row(&format!("{name}, {size:.1} MB: Vestibule, four sizes"), "ms", ours.clone());
        if !installed {
            table.remark("not compared: vipsthumbnail is not installed");
            continue;
        }
        let shares = ours.iter().zip(&theirs).map(|(ours, theirs)| ours / theirs).collect();
        table.row(&format!("{name}: vipsthumbnail, the 256 px one"), "ms", theirs);
        table.judged(&format!("{name}: of vipsthumbnail's time"), "", shares, Target::AtMost(most));
    }
    Ok(())
}

fn uploads(program: &Path, table: &mut Table, name: &str, file: &[u8]) -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let runtime = tokio::runtime::Runtime::new()?;
    let everybody = runtime.block_on(accounts::make(&accounts::database_in(folder.path()), AT_ONCE))?;
    let server = Served::vestibule(program, folder.path(), &[])?;
    look_at_everybody(&server, Wanted::Page, &everybody)?;
    let idle = server.memory()?;
    // The hashing threads have worked, as they have on any server.
    runtime.block_on(at_once(&everybody, &server, |somebody| sign_in(&somebody.email, PASSWORD)))?;
    // A second later they give their buffers back.
    std::thread::sleep(Duration::from_secs(2));
    server.forget_peak()?;
    let body = multipart(file);
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let started = Instant::now();
    let upload = |somebody: &Somebody| post("/user/modify/pp", Some(&somebody.session), &kind, &body);
    runtime.block_on(at_once(&everybody, &server, upload))?;
    let took = started.elapsed().as_secs_f64();
    let more = server.peak_memory()? - idle;
    let size = file.len() as f64 / 1e6;
    table.judged(
        &format!("{name}, {size:.1} MB: on top of {idle:.0} MiB"),
        "MiB",
        vec![more],
        Target::AtMost(100.0),
    );
    table.row("  all accepted after", "s", vec![took]);
    Ok(())
}

/// Sends a request of each at once. Each is answered with a 308.
async fn at_once(
    everybody: &[Somebody],
    server: &Served,
    request: impl Fn(&Somebody) -> Vec<u8>,
) -> Outcome<()> {
    let mut sent: JoinSet<Outcome<()>> = JoinSet::new();
    for somebody in everybody {
        let (request, address) = (request(somebody), server.address);
        sent.spawn(async move {
            match Connection::open(address).await?.ask(&request).await?.status {
                308 => Ok(()),
                status => Err(format!("a form was answered with {status}").into()),
            }
        });
    }
    while let Some(answered) = sent.join_next().await {
        answered??;
    }
    Ok(())
}

const BOUNDARY: &str = "a-line-that-no-picture-contains";

fn multipart(file: &[u8]) -> Vec<u8> {
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"me\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    [head.as_bytes(), file, format!("\r\n--{BOUNDARY}--\r\n").as_bytes()].concat()
}
