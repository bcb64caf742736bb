//! Every duration of the product that is not a setting, with its reason. The operator sets only the durations
//! of sessions and connections.

use std::time::Duration;

use super::{Lifetime, MailedLink};

const fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

const fn minutes(count: u64) -> Duration {
    seconds(count * 60)
}

const fn hours(count: u64) -> Duration {
    minutes(count * 60)
}

/// So many days.
pub const fn days(count: u64) -> Duration {
    hours(count * 24)
}

impl MailedLink {
    /// How long the link works, counted from the sending of its mail.
    pub const fn lasts(self) -> Duration {
        match self {
            // OWASP Forgot Password Cheat Sheet: "expire after an appropriate period". The person who asked
            // is waiting for the mail.
            Self::Recovery | Self::FactorRecovery => hours(1),
            // The invited person is not waiting for the mail.
            Self::Invitation => days(7),
            Self::Verification | Self::AddressChange => days(1),
            // As long as the operator may let the owner stop it.
            Self::KeepFactors => days(31),
            // As long as the operator may keep the rows of an account that was deleted.
            Self::Restore => days(366),
        }
    }
}

/// The time between a trusted server's answer and the browser that it redirects here (siberian's wire
/// contract).
pub const AUTOLOGIN_TICKET: Duration = minutes(10);

/// The time between a right password and the second factor of one sign-in: enough to fetch a telephone.
pub const PENDING_SIGN_IN: Duration = minutes(10);

/// The time between leaving for another provider and coming back: enough to sign in there.
pub const PROVIDER_DEPARTURE: Duration = minutes(10);

/// How long a browser is known to have come from an account at another provider that no account here has yet:
/// as long as the link to choose a password, by which somebody may have to find their account first.
pub const PENDING_IDENTITY: Duration = hours(1);

/// How long the secret of an authenticator app waits for the code that confirms it.
pub const PENDING_TOTP: Duration = hours(1);

/// How long after its owner proved who they are a session may do what matters most.
pub const PROOF_LASTS: Duration = minutes(10);

/// How long a code of OpenID Connect waits to be exchanged. RFC 6749, section 4.1.2, has ten minutes at most.
pub const OIDC_CODE: Duration = minutes(1);

/// How long an exchanged code is kept, so that whoever comes with it again is noticed.
pub const KEEP_OIDC_CODE: Duration = days(1);

/// How long a request that a client pushed waits for the browser, which may have to sign in first. RFC 9126,
/// section 2.2, has a short life for it: here that of a sign-in.
pub const PUSHED_REQUEST: Duration = minutes(30);

/// How long a device without a browser waits for somebody to type its code (RFC 8628, section 3.2).
pub const DEVICE_CODE: Duration = minutes(10);

/// How long such a device leaves between two questions, and by how much more where it does not (RFC 8628,
/// sections 3.2 and 3.5).
pub const DEVICE_ASKS: Duration = seconds(5);

/// How long a device is kept after its code was made, so that it learns what became of it.
pub const KEEP_DEVICE: Duration = days(1);

/// How long one that tells a client of a sign-out has it alone.
pub const LOGOUT_LEASE: Duration = minutes(1);

/// How long a logout token is to be believed (OpenID Connect Back-Channel Logout 1.0, section 2.4).
pub const LOGOUT_TOKEN: Duration = minutes(2);

/// After how long a client that was not told of a sign-out is told again; after the last it is given up.
pub const LOGOUT_AGAIN: [Duration; 5] = [seconds(10), minutes(2), minutes(10), hours(1), hours(6)];

/// How long an access token of OpenID Connect lasts: it is asked about at each use, so this bounds only what
/// one that was lost is good for.
pub const OIDC_ACCESS_TOKEN: Duration = minutes(10);

/// How long an ID token is to be believed. It is read when somebody signs in, and not again.
pub const OIDC_ID_TOKEN: Duration = minutes(10);

/// How long a refresh token of OpenID Connect waits to be exchanged for the next.
pub const OIDC_REFRESH_TOKEN: Duration = days(30);

/// How old the newest signing key of OpenID Connect may be before another is made.
pub const SIGNING_KEY: Duration = days(90);

/// How long a signing key is published before it signs: clients keep the published set for a while.
pub const SIGNING_KEY_PUBLISHED: Duration = days(1);

/// How long a signing key is published after its successor was made: that signs a day later, and no ID token
/// is believed for a week.
pub const SIGNING_KEY_NEEDED: Duration = days(8);

/// How long a known browser is not asked for a second factor, if its owner wants it so.
pub const TRUSTED_BROWSER: Duration = days(30);

/// How often the owner of an account is told that its second factors are going to be taken off.
pub const FACTOR_RECOVERY_TELL: Duration = days(1);

/// The time between two looks for second factors that are to be taken off, and for owners to be told.
pub const FACTOR_RECOVERY_LOOK: Duration = seconds(1);

/// After how long without a look it is too late to take second factors off: nobody could stop it meanwhile.
pub const FACTOR_RECOVERY_LATE: Duration = hours(1);

/// How long it is put off then.
pub const FACTOR_RECOVERY_PUT_OFF: Duration = days(1);

/// How long the owner of an account can read what happened to it.
pub const KEEP_SECURITY_EVENT: Duration = days(90);

/// How long a generated password signs in (NIST SP 800-63B-4, section 3.1.1.2, has a generated secret changed
/// at first use): long enough for a back end to hand it over, and its owner to choose another.
pub const GENERATED_PASSWORD: Duration = days(1);

impl Lifetime {
    /// Fastsite's `user_hash`: 24 hours without a request (the wire contract), and at most 90 days, like a
    /// session.
    pub const DAILY: Self = Self { idle: days(1), absolute: days(90) };
    /// The bearer that amadis exchanges a user secret for: 15 minutes, enough for a batch of calls.
    pub const SHORT: Self = Self { idle: minutes(15), absolute: minutes(15) };
    /// A paired device's bearer: 90 idle days, ten years at most. It hangs on a wall and has no keyboard to
    /// sign in again with.
    pub const PAIRED_DEVICE: Self = Self { idle: days(90), absolute: days(3_650) };
}

/// How long fastsite's `user_hash` still works after it was exchanged for a new one: two tabs may refresh at
/// once.
pub const EXCHANGED_BEARER: Duration = minutes(1);

/// How long a device shows a code, and how long its bearer can be fetched (mirror's wire contract).
pub const PAIRING_CODE: Duration = minutes(10);

/// The interval at which a device asks whether it has been paired (mirror's wire contract; RFC 8628, section
/// 3.2).
pub const PAIRING_POLL: Duration = seconds(5);

/// After how long without news a waiting device's event stream says that there is none: less than any proxy's
/// time-out.
pub const DEVICE_STREAM_QUIET: Duration = seconds(25);

/// How long a waiting device's event stream waits before it asks a database again that failed it.
pub const DEVICE_STREAM_RETRY: Duration = seconds(5);

/// How long a trusted server is kept waiting for a hash: siberian's published clients hang up after three
/// seconds, and an answer that says "busy" is better than none.
pub const TRUSTED_PATIENCE: Duration = Duration::from_millis(1_800);

/// Extra time that a trusted server is kept waiting for optional work (rehashing), which the next sign-in can
/// do instead.
pub const TRUSTED_SPARE: Duration = Duration::from_millis(400);

// Half a second of the three is left for everything else.
const _: () = assert!(TRUSTED_PATIENCE.as_millis() + TRUSTED_SPARE.as_millis() < 2_500);

/// Longest time that an API key may be given; one that is to work longer is made without an end.
pub const API_KEY_LONGEST: Duration = days(3_650);

/// How exactly a session's last use is known: a write for each request would cost more than the page.
pub const SESSION_TOUCH: Duration = minutes(10);

/// The accuracy of a bearer's last use, well below the shortest `idle` time of a bearer.
pub const BEARER_TOUCH: Duration = minutes(10);

/// The accuracy of an API key's last use. A write for each call would cost more than the call.
pub const API_KEY_TOUCH: Duration = minutes(1);

/// How long an account that was deleted can be brought back by the page that a sign-in led to.
pub const RESTORE_AFTER_SIGN_IN: Duration = minutes(10);

/// `Max-Age` of the cookie by which an account knows a browser. Browsers cap it at 400 days.
pub const KNOWN_BROWSER_COOKIE: Duration = days(365);

/// `Max-Age` of the cookie that keeps the language of somebody who has chosen none in an account.
pub const LANGUAGE_COOKIE: Duration = days(365);

/// `Max-Age` of the cookie that keeps the address that somebody typed for the next page.
pub const TYPED_COOKIE: Duration = minutes(10);

/// `Max-Age` of the cookie that carries a notice over a redirect.
pub const NOTICE_COOKIE: Duration = minutes(1);

/// How long the second copy of a form is answered like the first, which has used up what both came with: a
/// button that is pressed twice sends both within a second, and a busy server may take some to answer.
pub const REPEATED_FORM: Duration = seconds(10);

/// How long the challenge works that a passkey answers. A browser that offers passkeys while somebody looks
/// at the sign-in form asks for another before.
pub const PASSKEY_CHALLENGE: Duration = minutes(10);

/// The time between two sweeps of expired rows.
pub const SWEEP_EVERY: Duration = hours(1);

/// How long the expired ticket of a mailed link is kept, so that the operator can answer questions about it.
pub const KEEP_TICKET: Duration = days(7);

/// How long a waiting device is kept after its code has expired: the event stream that renews the code may be
/// late.
pub const KEEP_PAIRING: Duration = hours(1);

/// How long a message that was set aside is kept for the operator.
pub const KEEP_FAILED_MAIL: Duration = days(30);

/// How long it is known what became of a message.
pub const KEEP_MAIL_LOG: Duration = days(30);

/// How long a worker holds a message after it last renewed its lease, which it does four times as often while
/// it works. Another instance takes the message of one that was killed when this time is over. A message may
/// be sent twice if the clocks of the instances differ by more than half of it.
pub const MAIL_LEASE: Duration = seconds(20);

/// How long a worker tries to note what became of a job while the database fails.
pub const JOB_NOTE: Duration = seconds(150);

/// The time over which the messages to one mailbox are counted.
pub const MAILBOX_WINDOW: Duration = hours(1);

/// The shortest delay before a message is tried again. Each delay equals the time already waited, so delays
/// double.
pub const MAIL_RETRY_FIRST: Duration = seconds(30);

/// The longest delay before a message is tried again.
pub const MAIL_RETRY_LAST: Duration = hours(1);

/// Shortest and longest time until a mail server that takes nothing is asked again.
pub const MAIL_SERVER_ASK_AGAIN: (Duration, Duration) = (seconds(1), seconds(15));

/// How long the mail that is being sent keeps the program from stopping.
pub const MAIL_GRACE: Duration = seconds(10);

/// How long a message is tried before it is set aside.
pub const MAIL_GIVE_UP: Duration = days(2);

/// How long a worker holds a message to a site after it last renewed its lease, as [`MAIL_LEASE`].
pub const WEBHOOK_LEASE: Duration = seconds(20);

/// How long a site may take to answer a message. Standard Webhooks has 15 to 30 seconds.
pub const WEBHOOK_WAITED: Duration = seconds(15);

/// After how long a message that a site did not take is sent again: after its first failed try, its second,
/// and so on; the last delay repeats until [`WEBHOOK_GIVE_UP`]. Each is up to a tenth longer, drawn by
/// chance, so that what failed together does not come back together (Standard Webhooks, *Deliverability and
/// reliability*).
pub const WEBHOOK_AGAIN: [Duration; 7] =
    [seconds(5), minutes(1), minutes(5), minutes(30), hours(2), hours(5), hours(10)];

/// How long a message is tried before it is set aside. The last try is made when this time is over.
pub const WEBHOOK_GIVE_UP: Duration = days(2);

/// Shortest and longest time for which a site that has just failed is sent nothing. The time doubles with
/// each failure in a row; then one message at a time shows whether it takes them again.
pub const WEBHOOK_PAUSE: (Duration, Duration) = (seconds(5), minutes(1));

/// The longest that a site may have itself left alone by `Retry-After`.
pub const WEBHOOK_RETRY_AFTER_LONGEST: Duration = hours(1);

/// How long a site that answers 410 is sent nothing (Standard Webhooks: "no longer interested"). The settings
/// are the operator's, so it is then asked with one message again.
pub const WEBHOOK_GONE: Duration = hours(1);

/// How long a message that was set aside is kept for the operator.
pub const KEEP_FAILED_WEBHOOK: Duration = days(30);

/// How long a file with what an account has is kept for its owner: as long as an invitation, for whoever
/// asked has proven who they are, and may be away when it is made.
pub const KEEP_DATA_EXPORT: Duration = days(7);

/// How soon an owner may ask for another one: making it reads whatever the account has.
pub const DATA_EXPORT_AGAIN: Duration = days(1);

/// How long a worker holds one that it makes after it last renewed its lease, as [`MAIL_LEASE`].
pub const DATA_EXPORT_LEASE: Duration = seconds(20);

/// After how long one that could not be made is tried again; after the last it is given up, and its owner may
/// ask again. A full disk is found within the hour.
pub const DATA_EXPORT_RETRIES: [Duration; 4] = [seconds(10), minutes(1), minutes(10), minutes(45)];

/// How long those that are being made keep the program from stopping.
pub const DATA_EXPORT_GRACE: Duration = seconds(10);
