//! The events that a waiting device gets on its stream: each code to show, then the pairing.

use std::net::IpAddr;
use std::sync::Arc;

use super::start::{DRAWS, FetchedBearer, PairedDevices, no_free_code};
use super::streams::DeviceStream;
use domain::lifetimes::{DEVICE_STREAM_QUIET, DEVICE_STREAM_RETRY, PAIRING_CODE};
use domain::{AccountError, PairingCode, Token, TokenDigest};
use store::StoreError;
use store::paired_devices::{self, Pairing};

/// A piece of news.
#[derive(Debug)]
pub enum DeviceNews {
    /// The code to show from now on.
    Code(PairingCode),
    /// The device is paired. This is the only copy of its bearer, and the last event.
    Paired(FetchedBearer),
    /// Heartbeat: nothing has happened.
    Quiet,
}

/// The event stream of one device. A device may have several; one of them gets the pairing, and the others
/// end.
pub struct NewsOfDevice {
    devices: Arc<PairedDevices>,
    device: TokenDigest,
    /// The device's.
    ip: IpAddr,
    stream: DeviceStream,
    /// The pairing that was read when the stream began.
    first: Option<Pairing>,
    shown: Option<PairingCode>,
    failed: bool,
    over: bool,
}

impl PairedDevices {
    /// Opens the event stream of a waiting device.
    ///
    /// # Errors
    /// `NotFound` when the device's token is unknown, expired or spent.
    pub async fn follow(self: &Arc<Self>, device: &Token, ip: IpAddr) -> Result<NewsOfDevice, AccountError> {
        let device = device.digest();
        // The stream opens before the first read, so that no change between the two is missed.
        let stream = DeviceStream::open(&self.streams, &self.store, &self.clock, device);
        let first = Some(self.waiting_device(&device).await?);
        let devices = self.clone();
        Ok(NewsOfDevice { devices, device, ip, stream, first, shown: None, failed: false, over: false })
    }
}

impl NewsOfDevice {
    /// Waits for the next event; `None` at the end of the stream. An event that comes while nobody waits is
    /// not lost.
    pub async fn next(&mut self) -> Option<DeviceNews> {
        loop {
            if self.over {
                return None;
            }
            let waiting = match self.first.take() {
                Some(waiting) => waiting,
                None => {
                    let limit = if self.failed { DEVICE_STREAM_RETRY } else { DEVICE_STREAM_QUIET };
                    let quiet = tokio::time::timeout(limit, self.stream.woken()).await.is_err();
                    if self.stream.is_given_up() {
                        return None;
                    }
                    if quiet && !self.failed {
                        return Some(DeviceNews::Quiet);
                    }
                    // Boxed, because thousands of these futures wait for hours and must be small.
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
                None => match Box::pin(self.devices.fetch_bearer_by(&self.device, self.ip)).await {
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

    /// Reads the state of the device's pairing. Replaces a code that has expired.
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

    /// Replaces an expired code. Fails silently when another stream of the device was faster or another
    /// device shows the new code: the caller reads the state again.
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
