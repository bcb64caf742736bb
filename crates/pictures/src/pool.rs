//! Threads for pictures only, one for each core. A thread's heap keeps a picture's memory for a while. On a
//! shared pool, twenty uploads could leave such memory behind on twenty threads.

use std::fs::File;
use std::io;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

use super::{Crop, Picture, PictureError, PictureWorkshop};

struct Job {
    file: File,
    crop: Option<Crop>,
    done: oneshot::Sender<Result<Picture, PictureError>>,
}

/// A workshop and its threads, which end when the pool is dropped.
pub struct PicturePool {
    jobs: Mutex<Sender<Job>>,
}

impl PicturePool {
    /// Starts one thread for each core.
    ///
    /// # Errors
    /// The operating system's error when it cannot start a thread.
    pub fn start(workshop: PictureWorkshop) -> io::Result<Self> {
        let (jobs, waiting) = channel();
        let waiting = Arc::new(Mutex::new(waiting));
        let workshop = Arc::new(workshop);
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            let (waiting, workshop) = (waiting.clone(), workshop.clone());
            std::thread::Builder::new().name("pictures".into()).spawn(move || work(&waiting, &workshop))?;
        }
        Ok(Self { jobs: Mutex::new(jobs) })
    }

    /// Makes a picture of `file`, see [`PictureWorkshop::process`]. Waits for a free thread. If the caller
    /// drops the future before, nothing is computed.
    ///
    /// # Errors
    /// Those of [`PictureWorkshop::process`].
    pub async fn process(&self, file: File, crop: Option<Crop>) -> Result<Picture, PictureError> {
        let (done, picture) = oneshot::channel();
        let stopped = || PictureError::Storage(io::Error::other("the threads for pictures have stopped"));
        let sent = self.jobs.lock().unwrap_or_else(PoisonError::into_inner).send(Job { file, crop, done });
        sent.map_err(|_| stopped())?;
        picture.await.map_err(|_| stopped())?
    }
}

fn work(waiting: &Mutex<Receiver<Job>>, workshop: &PictureWorkshop) {
    loop {
        let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Job { file, crop, done }) = next else { return };
        if !done.is_closed() {
            // Fails when the caller has gone.
            let _ = done.send(memory::with_huge_pages(|| workshop.process(file, crop)));
        }
    }
}
