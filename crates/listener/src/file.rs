//! An answer from a file, in pieces: only the piece that is on its way is in memory, and no file stays open
//! while a client reads, so that slow clients hold no descriptors.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use rocket::tokio::task::{JoinHandle, spawn_blocking};

use super::buffers::Charge;
use super::client_net::ClientNet;
use super::slot::Slot;

/// The largest piece, in bytes.
const PIECE: u64 = 32 * 1024;

/// The content of a file that never changes, as the body of an answer.
#[derive(Debug)]
pub struct FileBody {
    path: PathBuf,
    length: u64,
}

impl FileBody {
    /// The first `length` bytes of the file at `path`. A file that becomes shorter breaks the answer off.
    pub fn new(path: PathBuf, length: u64) -> FileBody {
        FileBody { path, length }
    }

    /// The body's size in bytes.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

/// The pieces of a file, for one answer.
pub(super) struct Pieces {
    body: FileBody,
    sent: u64,
    reading: Option<JoinHandle<io::Result<Vec<u8>>>>,
    net: ClientNet,
    /// For the answer itself, until its last piece was taken.
    _charge: Charge,
}

impl Pieces {
    pub(super) fn new(body: FileBody, net: ClientNet, charge: Charge) -> Pieces {
        Pieces { body, sent: 0, reading: None, net, _charge: charge }
    }

    pub(super) fn left(&self) -> u64 {
        self.body.length - self.sent
    }

    /// The next piece, which is charged to the client until it has left; `None` behind the last.
    pub(super) fn poll(&mut self, slot: &Slot, cx: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        let (from, length) = (self.sent, self.left().min(PIECE));
        if length == 0 {
            return Poll::Ready(None);
        }
        let path = &self.body.path;
        let reading = self.reading.get_or_insert_with(|| {
            let path = path.clone();
            spawn_blocking(move || read(&path, from, length))
        });
        let read = ready!(Pin::new(reading).poll(cx)).unwrap_or_else(|error| Err(io::Error::other(error)));
        self.reading = None;
        self.sent += length;
        Poll::Ready(Some(read.map(|piece| slot.charge(self.net, length).hold(piece))))
    }
}

fn read(path: &Path, from: u64, length: u64) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(from))?;
    let mut piece = vec![0; usize::try_from(length).map_err(io::Error::other)?];
    file.read_exact(&mut piece)?;
    Ok(piece)
}
