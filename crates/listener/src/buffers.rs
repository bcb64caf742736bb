//! Memory that waits for clients, charged to them: from the head of a request until its answer was taken,
//! with the bodies and answers that the listener buffers.

use std::sync::Arc;

use bytes::Bytes;

use super::client_net::ClientNet;
use super::slots::Slots;

/// Bytes in the name of a client. Dropping the charge gives them back.
pub(super) struct Charge {
    slots: Arc<Slots>,
    net: ClientNet,
    bytes: u64,
}

impl Charge {
    /// A charge for `bytes` that `slots` has already counted.
    pub(super) fn counted(slots: Arc<Slots>, net: ClientNet, bytes: u64) -> Charge {
        Charge { slots, net, bytes }
    }

    /// Changes the charge. More than there is to have is taken from connections that wait for their clients.
    pub(super) fn set(&mut self, bytes: u64) {
        if bytes > self.bytes {
            self.slots.charge(self.net, bytes - self.bytes);
        } else {
            self.slots.give_back(self.net, self.bytes - bytes);
        }
        self.bytes = bytes;
    }

    pub(super) fn add(&mut self, bytes: u64) {
        self.set(self.bytes + bytes);
    }

    /// `content` as bytes that stay charged until the last of them is dropped.
    pub(super) fn hold(self, content: Vec<u8>) -> Bytes {
        Bytes::from_owner(Charged { content, _charge: self })
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        self.slots.give_back(self.net, self.bytes);
    }
}

struct Charged {
    content: Vec<u8>,
    _charge: Charge,
}

impl AsRef<[u8]> for Charged {
    fn as_ref(&self) -> &[u8] {
        &self.content
    }
}
