//! Pure values and rules: what an account, a session, a password or a ticket is.
//! No I/O, no framework, no words for people (errors carry codes, `locales/` has the sentences).
#![forbid(unsafe_code)]

mod account;
mod actor;
mod api_key;
mod bearer;
mod clock;
mod email;
mod error;
mod field;
mod identifier;
mod mail;
mod pairing;
mod password;
mod picture;
mod session;
mod step;
mod text;
mod ticket;
mod token;
mod username;
mod verification;

pub use account::{Account, AccountId, ProfileChange, Role};
pub use actor::Actor;
pub use api_key::{ApiKey, ApiKeyId, ApiKeyName, Scope};
pub use bearer::{Audience, Bearer, BearerId, Lifetime};
pub use clock::{Clock, Millis, OsRandom, Random, SystemClock};
pub use email::EmailAddress;
pub use error::{AccountError, Field, FieldCode, FieldError, InternalError};
pub use field::{CustomField, CustomFields, FieldKind};
pub use identifier::identifier_key;
pub use mail::{Mail, MailId, MailKind};
pub use pairing::{DEVICE_NAME_MAX_CHARS, PairingCode};
pub use password::{Password, PasswordPolicy, TypedPassword};
pub use picture::PictureRef;
pub use session::{Device, Session, SessionId, SessionLimits};
pub use step::Step;
pub use text::{NAME_MAX_CHARS, UNMISTAKABLE, clean_text};
pub use ticket::{Ticket, TicketPurpose};
pub use token::{Token, TokenDigest};
pub use username::Username;
pub use verification::Verification;
