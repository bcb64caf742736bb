//! The types of accounts, sessions, passwords and tickets: values that parse, and outcomes with stable codes.
//! This crate has no I/O, no framework and no user-facing sentences; an error carries a code.
#![forbid(unsafe_code)]
#![expect(missing_docs, reason = "fields and variants whose names say it all have no sentence beside them")]

mod account;
mod actor;
mod api_key;
mod bearer;
mod clock;
mod common_password;
mod email;
mod error;
mod factor;
mod field;
mod identifier;
pub mod lifetimes;
mod mail;
mod mailbox;
mod opening;
mod pairing;
mod passkey;
mod password;
mod picture;
mod place;
mod recovery_code;
mod required;
mod security_event;
mod session;
mod sign_up;
mod step;
mod text;
mod ticket;
mod token;
mod totp;
mod username;
mod verification;

pub use account::{Account, AccountId, ProfileChange, Role};
pub use actor::Actor;
pub use api_key::{ApiKey, ApiKeyId, ApiKeyName, Scope};
pub use bearer::{Audience, Bearer, BearerId, Lifetime};
pub use clock::{Clock, Millis, OsRandom, Random, SystemClock};
pub use email::EmailAddress;
pub use error::{AccountError, Field, FieldCode, FieldError, InternalError};
pub use factor::{Factor, Factors};
pub use field::{CustomField, CustomFields, FieldKind};
pub use identifier::identifier_key;
pub use mail::{Mail, MailId, MailKind, MailedLink};
pub use mailbox::MailboxTie;
pub use opening::{Opening, OpeningId, OpeningKind, OpeningNotice};
pub use pairing::{DEVICE_NAME_MAX_CHARS, PairingCode};
pub use passkey::{AuthenticatorModel, MOST_PASSKEYS, PASSKEY_NAME_MAX_CHARS, Passkey, PasskeyId};
pub use password::{Password, PasswordPolicy, TypedPassword};
pub use picture::{PictureLimits, PictureRef};
pub use place::network_of;
pub use recovery_code::RecoveryCode;
pub use required::require_fields;
pub use security_event::{EventActor, SecurityEvent, SecurityEventKind};
pub use session::{Session, SessionId, SessionLimits};
pub use sign_up::SignUpUsername;
pub use step::Step;
pub use text::{NAME_MAX_CHARS, UNMISTAKABLE, clean_name, clean_text, is_forbidden, trim_unseen};
pub use ticket::{Ticket, TicketPurpose};
pub use token::{Token, TokenDigest};
pub use totp::{TotpCode, TotpSecret};
pub use username::Username;
pub use verification::Verification;
