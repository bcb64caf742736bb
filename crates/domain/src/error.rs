//! Why a flow refused: stable codes, no words. `locales/` has a sentence for every code, every door an answer
//! for every variant.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

/// The outcome of a flow that did not do what was asked.
#[derive(Debug)]
pub enum AccountError {
    /// Some of what was sent cannot be accepted; nothing was changed.
    Invalid(Vec<FieldError>),
    /// Unknown identifier, wrong password or an account that may not sign in: told alike.
    InvalidCredentials,
    /// The password is right, but the address has to be proven before anybody is let in.
    Unverified,
    /// Nobody is signed in, or no longer.
    Unauthenticated,
    /// The caller is known and may not do this.
    Forbidden,
    /// What was named does not exist or belongs to somebody else.
    NotFound,
    /// A mailed link that is unknown, used or expired: told alike.
    TicketSpent,
    /// Too many tries.
    Throttled {
        /// When to come back.
        retry_after: Duration,
    },
    /// More work is queued than this server takes on.
    Busy {
        /// When to come back.
        retry_after: Duration,
    },
    /// The database cannot be reached or cannot write.
    Unavailable(InternalError),
    /// A fault of ours.
    Internal(InternalError),
}

impl AccountError {
    /// One refused field.
    pub fn field(field: Field, code: FieldCode) -> Self {
        Self::Invalid(vec![FieldError { field, code }])
    }

    /// Fields whose values other accounts have.
    pub fn taken(fields: impl IntoIterator<Item = Field>) -> Self {
        Self::Invalid(fields.into_iter().map(FieldError::taken).collect())
    }

    /// What was typed as the present password is not.
    pub fn wrong_password() -> Self {
        Self::field(Field::CurrentPassword, FieldCode::PasswordWrong)
    }

    /// The stable code, which is also the translation key's stem.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "invalid",
            Self::InvalidCredentials => "invalid_credentials",
            Self::Unverified => "unverified",
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::TicketSpent => "ticket_spent",
            Self::Throttled { .. } => "throttled",
            Self::Busy { .. } => "busy",
            Self::Unavailable(_) => "unavailable",
            Self::Internal(_) => "internal",
        }
    }
}

/// A disk that is full or gone: the same call may work later.
impl From<std::io::Error> for AccountError {
    fn from(error: std::io::Error) -> Self {
        Self::Unavailable(InternalError::new(error))
    }
}

/// What went wrong inside, for the log; never shown to a client.
#[derive(Debug)]
pub struct InternalError(Box<dyn std::error::Error + Send + Sync>);

impl InternalError {
    /// Wraps a cause.
    pub fn new(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(source.into())
    }
}

impl fmt::Display for InternalError {
    /// The whole chain of causes on one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut source = self.0.source();
        while let Some(cause) = source {
            write!(f, ": {cause}")?;
            source = cause.source();
        }
        Ok(())
    }
}

/// A field of an account, by its meaning. Each door has its own name for it on the wire.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// E-mail address.
    Email,
    /// Username.
    Username,
    /// Address or username, whichever somebody signs in with.
    Identifier,
    /// The password at registration and login.
    Password,
    /// The present password when a new one is chosen.
    CurrentPassword,
    /// The password that is chosen.
    NewPassword,
    /// The chosen password once more.
    PasswordConfirmation,
    /// Display name.
    Name,
    /// First name.
    Firstname,
    /// Last name.
    Lastname,
    /// Language.
    Locale,
    /// Picture.
    Picture,
    /// Role.
    Role,
    /// Number of the account.
    AccountId,
    /// Code of a device that is to be paired.
    PairingCode,
    /// What a device is called.
    DeviceName,
    /// One of the operator's own fields, by its name in the settings.
    Custom(String),
}

impl Field {
    /// What the domain calls it, for doors that have no name of their own for it.
    pub fn name(&self) -> &str {
        match self {
            Self::Email => "email",
            Self::Username => "username",
            Self::Identifier => "identifier",
            Self::Password => "password",
            Self::CurrentPassword => "current_password",
            Self::NewPassword => "new_password",
            Self::PasswordConfirmation => "confirm_password",
            Self::Name => "name",
            Self::Firstname => "firstname",
            Self::Lastname => "lastname",
            Self::Locale => "locale",
            Self::Picture => "picture",
            Self::Role => "role_id",
            Self::AccountId => "user_id",
            Self::PairingCode => "code",
            Self::DeviceName => "name",
            Self::Custom(name) => name,
        }
    }
}

/// A refused field and the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Which field.
    pub field: Field,
    /// Why.
    pub code: FieldCode,
}

impl FieldError {
    /// A value that somebody else has: an address, or a name.
    pub fn taken(field: Field) -> Self {
        let code = if field == Field::Email { FieldCode::EmailTaken } else { FieldCode::UsernameTaken };
        Self { field, code }
    }
}

/// Why a value was refused. Numbers belong to the sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is its own sentence; the wording stands in locales/en.ftl")]
pub enum FieldCode {
    Required,
    EmailInvalid,
    EmailTaken,
    EmailSame,
    UsernameInvalid,
    UsernameMixed,
    UsernameTaken,
    PasswordTooShort { min: usize },
    PasswordTooLong { max: usize },
    PasswordCommon,
    PasswordPersonal,
    PasswordInvalid,
    PasswordWrong,
    PasswordsDiffer,
    TextTooLong { max: usize },
    TextInvalid,
    NumberInvalid,
    DateInvalid,
    UrlInvalid,
    BooleanInvalid,
    LocaleUnknown,
    RoleUnknown,
    RoleForbidden,
    NotChangeable,
    PictureMissing,
    PictureTooLarge { max_mib: u64 },
    PictureTooManyPixels { max_megapixels: u64 },
    PictureNotAnImage,
    PictureUnreadable,
    CodeUnknown,
    Repeated,
    WrongType,
}

impl FieldCode {
    /// The stable code, which is also the translation key's stem (`error-…`, with hyphens).
    pub fn code(&self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::EmailInvalid => "email_invalid",
            Self::EmailTaken => "email_taken",
            Self::EmailSame => "email_same",
            Self::UsernameInvalid => "username_invalid",
            Self::UsernameMixed => "username_mixed",
            Self::UsernameTaken => "username_taken",
            Self::PasswordTooShort { .. } => "password_too_short",
            Self::PasswordTooLong { .. } => "password_too_long",
            Self::PasswordCommon => "password_common",
            Self::PasswordPersonal => "password_personal",
            Self::PasswordInvalid => "password_invalid",
            Self::PasswordWrong => "password_wrong",
            Self::PasswordsDiffer => "passwords_differ",
            Self::TextTooLong { .. } => "text_too_long",
            Self::TextInvalid => "text_invalid",
            Self::NumberInvalid => "number_invalid",
            Self::DateInvalid => "date_invalid",
            Self::UrlInvalid => "url_invalid",
            Self::BooleanInvalid => "boolean_invalid",
            Self::LocaleUnknown => "locale_unknown",
            Self::RoleUnknown => "role_unknown",
            Self::RoleForbidden => "role_forbidden",
            Self::NotChangeable => "not_changeable",
            Self::PictureMissing => "picture_missing",
            Self::PictureTooLarge { .. } => "picture_too_large",
            Self::PictureTooManyPixels { .. } => "picture_too_many_pixels",
            Self::PictureNotAnImage => "picture_not_an_image",
            Self::PictureUnreadable => "picture_unreadable",
            Self::CodeUnknown => "code_unknown",
            Self::Repeated => "repeated",
            Self::WrongType => "wrong_type",
        }
    }

    /// The number that the sentence names, with its placeholder.
    pub fn argument(&self) -> Option<(Cow<'static, str>, u64)> {
        let (name, number) = match *self {
            Self::PasswordTooShort { min } => ("min", min as u64),
            Self::PasswordTooLong { max } | Self::TextTooLong { max } => ("max", max as u64),
            Self::PictureTooLarge { max_mib } => ("max_mib", max_mib),
            Self::PictureTooManyPixels { max_megapixels } => ("max_megapixels", max_megapixels),
            _ => return None,
        };
        Some((Cow::Borrowed(name), number))
    }

    /// One of each, for the tests that hold sentences and doors against the codes.
    pub fn samples() -> Vec<Self> {
        vec![
            Self::Required,
            Self::EmailInvalid,
            Self::EmailTaken,
            Self::EmailSame,
            Self::UsernameInvalid,
            Self::UsernameMixed,
            Self::UsernameTaken,
            Self::PasswordTooShort { min: 8 },
            Self::PasswordTooLong { max: 1_024 },
            Self::PasswordCommon,
            Self::PasswordPersonal,
            Self::PasswordInvalid,
            Self::PasswordWrong,
            Self::PasswordsDiffer,
            Self::TextTooLong { max: 100 },
            Self::TextInvalid,
            Self::NumberInvalid,
            Self::DateInvalid,
            Self::UrlInvalid,
            Self::BooleanInvalid,
            Self::LocaleUnknown,
            Self::RoleUnknown,
            Self::RoleForbidden,
            Self::NotChangeable,
            Self::PictureMissing,
            Self::PictureTooLarge { max_mib: 10 },
            Self::PictureTooManyPixels { max_megapixels: 50 },
            Self::PictureNotAnImage,
            Self::PictureUnreadable,
            Self::CodeUnknown,
            Self::Repeated,
            Self::WrongType,
        ]
    }
}
