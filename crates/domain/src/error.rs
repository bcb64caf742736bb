//! Why a flow refused: stable codes without text. `locales/` has a sentence for every code, and every dialect
//! maps every variant.

use std::fmt;
use std::time::Duration;

use super::Step;

/// Why a flow did not do what the caller asked for.
#[derive(Debug)]
pub enum AccountError {
    /// The input has invalid fields. Nothing was changed.
    Invalid(Vec<FieldError>),
    /// Unknown identifier or wrong password. The answer must not reveal which.
    InvalidCredentials,
    /// The password was right, but the operator has locked the account. No other caller is told.
    Locked,
    /// The credential was right, but the account must complete this step before it is signed in.
    StepWanted(Step),
    /// No valid session or bearer was presented.
    Unauthenticated,
    /// The session is valid, but its owner has to prove who they are once more before this.
    ProofWanted,
    /// Strangers do not sign up here.
    RegistrationClosed {
        /// Whether the operator invites people.
        by_invitation: bool,
    },
    /// The caller is authenticated but lacks the right.
    Forbidden,
    /// The named thing does not exist or belongs to another account.
    NotFound,
    /// A mailed link is unknown, used or expired. The answer must not reveal which.
    TicketSpent,
    /// A rate limit refused the attempt.
    Throttled {
        /// The time after which another attempt may succeed.
        retry_after: Duration,
    },
    /// A work queue of this server is full.
    Busy {
        /// The time after which another attempt may succeed.
        retry_after: Duration,
    },
    /// The database or the disk is unreachable or cannot be written to.
    Unavailable(InternalError),
    /// A bug in the program.
    Internal(InternalError),
}

impl AccountError {
    /// `Invalid` with a single field.
    pub fn field(field: Field, code: FieldCode) -> Self {
        Self::Invalid(vec![FieldError { field, code }])
    }

    /// `Invalid` for fields whose values other accounts have.
    pub fn taken(fields: impl IntoIterator<Item = Field>) -> Self {
        Self::Invalid(fields.into_iter().map(FieldError::taken).collect())
    }

    /// `Invalid` for a typed current password that is wrong.
    pub fn wrong_password() -> Self {
        Self::field(Field::CurrentPassword, FieldCode::PasswordWrong)
    }

    /// The stable code, which is also the stem of the translation key.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "invalid",
            Self::InvalidCredentials => "invalid_credentials",
            Self::Locked => "locked",
            Self::StepWanted(step) => step.code(),
            Self::Unauthenticated => "unauthenticated",
            Self::ProofWanted => "reauthentication_required",
            Self::RegistrationClosed { by_invitation: true } => "invitation_required",
            Self::RegistrationClosed { by_invitation: false } => "registration_closed",
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

/// I/O errors count as outages: a full or missing disk may come back, and the same call may then succeed.
impl From<std::io::Error> for AccountError {
    fn from(error: std::io::Error) -> Self {
        Self::Unavailable(InternalError::new(error))
    }
}

/// The internal cause of a failure, for the log. Clients never see it.
#[derive(Debug)]
pub struct InternalError(Box<dyn std::error::Error + Send + Sync>);

impl InternalError {
    /// Wraps a cause.
    pub fn new(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(source.into())
    }
}

impl fmt::Display for InternalError {
    /// Writes the whole chain of causes on one line.
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

/// The name of the field at sign-up that nobody sees: one that programs fill in.
pub const TRAP_FIELD: &str = "contact_url";

/// A field of an account, by its meaning. Each dialect has its own wire name for it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// E-mail address.
    Email,
    /// Username.
    Username,
    /// The e-mail address or username that a person signs in with.
    Identifier,
    /// The password at sign-up and sign-in.
    Password,
    /// The current password, typed when choosing a new one.
    CurrentPassword,
    /// The newly chosen password.
    NewPassword,
    /// The repetition of the new password.
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
    /// The number of the account.
    AccountId,
    /// The code that a device shows while it waits to be paired.
    PairingCode,
    /// A code of an authenticator app, or a recovery code.
    FactorCode,
    /// The name of a paired device.
    DeviceName,
    /// What an authenticator answered to a challenge.
    Passkey,
    /// The name of a passkey.
    PasskeyName,
    /// The dialect that an app password is for.
    Dialect,
    /// An account at another provider.
    Identity,
    /// The agreement to the terms of use.
    Terms,
    /// The field that nobody sees.
    Trap,
    /// One of the operator's own fields, by its name in the settings.
    Custom(String),
}

impl Field {
    /// The domain's name of the field, for dialects that have no wire name of their own for it.
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
            Self::DeviceName | Self::PasskeyName => "name",
            Self::Passkey => "credential",
            Self::PairingCode | Self::FactorCode => "code",
            Self::Dialect => "dialect",
            Self::Identity => "identity",
            Self::Terms => "terms",
            Self::Trap => TRAP_FIELD,
            Self::Custom(name) => name,
        }
    }
}

/// A refused field and the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The refused field.
    pub field: Field,
    /// The reason of the refusal.
    pub code: FieldCode,
}

impl FieldError {
    /// An address or a username that another account has.
    pub fn taken(field: Field) -> Self {
        let code = if field == Field::Email { FieldCode::EmailTaken } else { FieldCode::UsernameTaken };
        Self { field, code }
    }
}

/// Makes [`FieldCode`] from one table: the variant, its number with a sample value, and the stable code.
macro_rules! codes {
    ($($variant:ident $({ $argument:ident: $number:ty = $sample:expr })? => $code:literal,)+) => {
        /// Why a value was refused. A variant's number appears in the sentence.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[expect(missing_docs, reason = "each variant is its own sentence; the wording stands in locales/en.ftl")]
        pub enum FieldCode {
            $($variant $({ $argument: $number })?,)+
        }

        impl FieldCode {
            /// The stable code, which is also the stem of the translation key (`error-…`, with hyphens).
            pub fn code(&self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => $code,)+
                }
            }

            /// The number that the sentence contains, and the name of its placeholder.
            pub fn argument(&self) -> Option<(&'static str, u64)> {
                match *self {
                    $(Self::$variant $({ $argument })? => codes!(@argument $($argument)?),)+
                }
            }

            /// One value of each variant, for the tests that check sentences and dialects against the codes.
            pub fn samples() -> Vec<Self> {
                vec![$(Self::$variant $({ $argument: $sample })?),+]
            }
        }
    };
    (@argument) => { None };
    (@argument $argument:ident) => {
        Some((stringify!($argument), u64::try_from($argument).unwrap_or(u64::MAX)))
    };
}

codes! {
    Required => "required",
    EmailInvalid => "email_invalid",
    EmailInvisible => "email_invisible",
    EmailNotAscii => "email_not_ascii",
    EmailDomainRefused => "email_domain_refused",
    EmailTaken => "email_taken",
    EmailSame => "email_same",
    UsernameInvalid => "username_invalid",
    UsernameMixed => "username_mixed",
    UsernameReserved => "username_reserved",
    UsernameTaken => "username_taken",
    UsernameChangedLately { days: u64 = 30 } => "username_changed_lately",
    PasswordTooShort { min: usize = 8 } => "password_too_short",
    PasswordTooLong { max: usize = 256 } => "password_too_long",
    PasswordCommon => "password_common",
    PasswordPersonal => "password_personal",
    PasswordInvalid => "password_invalid",
    PasswordWrong => "password_wrong",
    PasswordsDiffer => "passwords_differ",
    TextTooLong { max: usize = 100 } => "text_too_long",
    TextInvalid => "text_invalid",
    NumberInvalid => "number_invalid",
    DateInvalid => "date_invalid",
    UrlInvalid => "url_invalid",
    BooleanInvalid => "boolean_invalid",
    LocaleUnknown => "locale_unknown",
    RoleUnknown => "role_unknown",
    RoleForbidden => "role_forbidden",
    AdministratorLast => "administrator_last",
    NotChangeable => "not_changeable",
    PictureMissing => "picture_missing",
    PictureTooLarge { max_mib: u64 = 10 } => "picture_too_large",
    PictureTooManyPixels { max_megapixels: u64 = 50 } => "picture_too_many_pixels",
    PictureNotAnImage => "picture_not_an_image",
    PictureUnreadable => "picture_unreadable",
    CodeUnknown => "code_unknown",
    PasskeysOff => "passkeys_off",
    PasskeyUnknown => "passkey_unknown",
    PasskeyRefused => "passkey_refused",
    PasskeyExpired => "passkey_expired",
    PasskeyCopied => "passkey_copied",
    PasskeyTaken => "passkey_taken",
    PasskeyLast => "passkey_last",
    PasskeyWanted => "passkey_wanted",
    PasskeysTooMany { max: usize = 20 } => "passkeys_too_many",
    FactorCodeWrong => "factor_code_wrong",
    DialectUnknown => "dialect_unknown",
    AppPasswordsTooMany { most: usize = 20 } => "app_passwords_too_many",
    ProviderLost => "provider_lost",
    ProviderDenied => "provider_denied",
    ProviderUnanswered => "provider_unanswered",
    ProviderRefused => "provider_refused",
    IdentityTaken => "identity_taken",
    IdentityDouble => "identity_double",
    IdentityLast => "identity_last",
    TermsWanted => "terms_wanted",
    TrapFilled => "trap_filled",
    Repeated => "repeated",
    WrongType => "wrong_type",
}
