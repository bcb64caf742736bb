//! What a waiting device is told while it listens: each code that it has to show, then the end of its
//! waiting.

use std::sync::Arc;
use std::time::Duration;

use super::start::{DRAWS, FetchedBearer, PairedDevices, no_free_code};
use super::streams::DeviceStream;
use domain::lifetimes::PAIRING_CODE;
use domain::{AccountError, PairingCode, Token, TokenDigest};
use store::StoreError;
use store::paired_devices::{self, Pairing};

/// After how long without news a listener is told that there is none: less than any proxy's time-out.
const QUIET: Duration = Duration::from_secs(25);

/// How long a stream waits before it asks a database again that failed it.
const RETRY: Duration = Duration::from_secs(5);

/// A piece of news.
#[derive(Debug)]
pub enum DeviceNews {
    /// The code to show from now on.
    Code(PairingCode),
    /// The device is paired, and this is the only time that its bearer is told. Nothing follows.
    Paired(FetchedBearer),
    /// Nothing has happened.
    Quiet,
}

/// The news of one device. Several may listen: one of them is told of the pairing, the others just end.
pub struct NewsOfDevice {
    devices: Arc<PairedDevices>,
    device: TokenDigest,
    stream: DeviceStream,
    /// What was found when the stream began.
    first: Option<Pairing>,
    shown: Option<PairingCode>,
    failed: bool,
    over: bool,
}

impl PairedDevices {
    /// Listens to the news of a waiting device.
    ///
    /// # Errors
    /// `NotFound` when its token is unknown, expired or spent.
    pub async fn follow(self: &Arc<Self>, device: &Token) -> Result<NewsOfDevice, AccountError> {
        let device = device.digest();
        // Before the look, so that nothing is missed between the two.
        let stream = DeviceStream::open(&self.streams, &self.store, &self.clock, device);
        let first = Some(self.waiting_device(&device).await?);
        let devices = self.clone();
        Ok(NewsOfDevice { devices, device, stream, first, shown: None, failed: false, over: false })
    }
}

impl NewsOfDevice {
    /// The next piece; none: it is over. What is due while nobody asks is not lost.
    pub async fn next(&mut self) -> Option<DeviceNews> {
        loop {
            if self.over {
                return None;
            }
            let waiting = match self.first.take() {
                Some(waiting) => waiting,
                None => {
                    let limit = if self.failed { RETRY } else { QUIET };
                    let quiet = tokio::time::timeout(limit, self.stream.woken()).await.is_err();
                    if self.stream.is_given_up() {
                        return None;
                    }
                    if quiet && !self.failed {
                        return Some(DeviceNews::Quiet);
                    }
                    // In a box of their own: what waits for hours must be small.
                    let found = Box::pin(self.look()).await;
                    self.failed = found.is_err();
                    match found {
                        Ok(waiting) => waiting?,
                        Err(error) => {
                            log::debug!("a waiting device could not be looked at: {error:?}");
                            continue;
                        }
                    }
                }
            };
            match waiting.code {
                Some(code) => {
                    self.stream.wake_at(waiting.expires_at);
                    if self.shown.as_ref() != Some(&code) {
                        self.shown = Some(code.clone());
                        return Some(DeviceNews::Code(code));
                    }
                }
                None => match Box::pin(self.devices.fetch_bearer_by(&self.device)).await {
                    Ok(fetched) => {
                        self.over = true;
                        return Some(DeviceNews::Paired(fetched));
                    }
                    Err(AccountError::NotFound) => return None,
                    Err(_) => self.failed = true,
                },
            }
        }
    }

    /// Where the device stands; a code that has ended is replaced.
    async fn look(&self) -> Result<Option<Pairing>, AccountError> {
        let _turn = self.devices.streams.turn().await;
        for _ in 0..DRAWS {
            let found = paired_devices::find(&mut self.devices.store.read().await?, &self.device).await?;
            match found {
                Some(ended) if ended.code.is_some() && ended.expires_at <= self.devices.clock.now() => {
                    self.renew(&ended).await?;
                }
                other => return Ok(other),
            }
        }
        Err(no_free_code())
    }

    /// Another stream of the same device may have been faster, or another device may show what was drawn:
    /// then the next look finds out.
    async fn renew(&self, ended: &Pairing) -> Result<(), AccountError> {
        let devices = &self.devices;
        let code = PairingCode::draw(devices.random.as_ref());
        let expires_at = devices.clock.now().after(PAIRING_CODE);
        let renewed = devices.store.transact(async |tx| {
            paired_devices::renew(tx, &self.device, ended.expires_at, &code, expires_at).await
        });
        match renewed.await {
            Ok(_) | Err(StoreError::Conflict(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}
