# Layout
skip-to-content = Skip to content
nav-label = Your account
sign-out = Sign out
optional = optional
show-password = Show password
home-link = Go to the home page
# Goes before the title of a page that was refused.
title-refused = Error:
back-link = Go back
imprint-link = Legal notice
privacy-link = Privacy
help-link = Help

# Labels and hints
label-email = Email
label-email-or-username = Email or username
label-trap = Leave this field empty
label-username = Username
label-password = Password
label-current-password = Current password
label-new-email = New email address
label-new-password = New password
label-name = Display name
label-firstname = First name
label-lastname = Last name
label-locale = Language
locale-automatic = Use my browser’s language
# What this language is called by those who speak it
locale-name = English
label-picture = Upload a picture
label-code = Code
code-hint = 6 letters and digits, in upper or lower case.
profile-link = Back to your account
username-hint = Letters, digits, dots, dashes and underscores.
# $min: fewest characters that a password has.
password-hint = { $min }+ characters
name-hint = Shown to other people.

# Sign in
sign-in-title = Sign in
sign-in-button = Sign in
sign-in-link = Sign in
forgot-link = Forgot your password?
no-account-yet = No account yet?
terms-title = Terms of use
terms-changed = The terms of use have changed. Read them, and agree to go on.
terms-first = This site has terms of use. Read them, and agree to go on.
terms-agreed = You’ve agreed to the terms of use.
terms-read = Read the terms of use
terms-button = I agree
terms-agree = I agree to the
terms-link = terms of use
sign-up-link = Create one

# Recovery
forgot-title = Forgot your password?
forgot-about = Enter your email address or username and we’ll email you a link to reset your password.
forgot-button = Email me a link
forgot-requested = If an account matches, we’ve sent a link to its email address.
forgot-nothing-came = Nothing after a few minutes? Check your spam folder, or try another address.
check-email-title = Check your email
# The address follows, on a line of its own.
check-email-recovery = If this is your account’s email address or username, we’ve emailed you a link:
check-email-verification = If this belongs to an account that isn’t confirmed yet, we’ve emailed you a link:
check-email-welcome = Almost done. Open the link we emailed to:
check-email-again = Send again
check-email-other = Use another address
reset-title = Choose a new password
reset-about = You’ll be signed out everywhere. The new password is for this account:
reset-first-title = Choose a password
reset-first-about = Welcome! Choose a password to sign in to the account that was created for you:
reset-button = Save password

# Verification
verify-title = Confirm your email address
verify-about = Enter the password you chose at sign-up to confirm this address:
verify-signed-in-about = Confirm that this address is yours:
verify-button = Confirm my address
verify-not-mine = I don’t have a password, or I forgot it
verify-not-mine-about = Choose a new password. Everyone who is signed in to this account will be signed out.
verify-request-about = We emailed you a link. Can’t find it? Check your spam folder, or send it again.
verify-request-button = Resend link
verify-requested = If an unconfirmed account matches, we’ve sent a new link to its email address.
# $email: the address of the account.
unverified-about = Confirm { $email }: open the link we emailed you.
address-title = Confirm your new email address
address-about = Use this address for your account:
address-button = Use this address
# A masked address follows, such as a•••@example.org.
address-account = Current address of that account:
address-password-about = Enter the password of that account, so that nobody else can make this change.
address-not-me = This wasn’t me
address-not-me-about = Don’t recognize this account? Someone may have mistyped their address. One click cancels the link.

# Sign-in by redirection
switch-title = Switch accounts?
# An address follows.
switch-present = In this browser you’re signed in with:
# An address follows.
switch-other = The link you opened signs you in with:
switch-about = Did someone send you this link? Don’t switch: whoever owns the other account can see what you do in it.
switch-button = Switch to the other account
switch-stay = Stay in this account

# Sign up
sign-up-title = Create your account
sign-up-button = Create account
have-account-already = Already have an account?

# Profile
contents-label = On this page
pages-label = Account
profile-title = Your profile
security-title = Security
# A date follows.
member-since = Member since
profile-heading = Profile
names-heading = Name and language
profile-about = Your name, and the language of this site.
profile-button = Save profile
username-heading = Username
username-about = You can sign in with it instead of your email address.
username-button = Change username
username-next-change = You can choose another one from
username-change-days = { $days ->
    [one] You can change it once a day.
   *[other] You can change it once in { $days } days.
}
username-former = Former usernames
username-former-about = While one is reserved, nobody else can have it, and you can still sign in with it.
username-given-up = given up
username-reserved-until = reserved until
email-about = You sign in with it, and we send account messages to it. A new address takes effect when you open the link we send there.
email-button = Change email address
email-confirmed = Confirmed
email-unconfirmed = Not confirmed
# $email: the new address.
email-pending = Waiting for { $email } to be confirmed.
email-again = Send again
email-cancel = Cancel the change
password-heading = Password
password-about = Changing it signs you out everywhere else. Forgot it? Sign out, then ask for a link on the sign-in page.
password-button = Change password
totp-heading = Authenticator app
totp-about = An app on your phone shows a new code every 30 seconds; we’ll ask for it after your password. Lost your phone? Use a recovery code.
totp-on = On
totp-since = Set up on
totp-set-up = Set up
totp-replace = Move to another phone
totp-remove = Remove
totp-title = Set up an authenticator app
totp-scan = Scan this picture with the app:
totp-picture = QR code for your authenticator app
totp-type = Can’t scan it? Type this key into the app:
totp-open = Open the app on this device
label-totp-code = Code from the app
totp-code-hint = The 6 digits it shows now.
totp-confirm = Turn on
security-link = Back to Security
recovery-codes-heading = Recovery codes
recovery-codes-about = Without your phone or passkeys, each code takes you through the second step once. Lost the codes? Make new ones.
recovery-codes-left = { $count ->
    [0] None left
    [one] One left
   *[other] { $count } left
}
recovery-codes-few = It’s time to make new ones.
recovery-codes-make = Make new codes
recovery-codes-make-hint = The earlier ones will stop working.
recovery-codes-title = Your recovery codes
recovery-codes-once = Keep them somewhere safe, apart from your phone: without it or your passkeys, each code takes you through the second step once. We won’t show them again.
recovery-codes-print = You can also print this page.
recovery-codes-download = Download as text
recovery-codes-done = I’ve saved them
recovery-codes-file = Recovery codes for { $account } on { $site }

# App passwords
app-passwords-heading = App passwords
app-passwords-about = For apps and devices that can’t ask for your second step: enter one there in place of your password. Lost it? Revoke it and create another one.
label-app-password-name = Name
app-password-name-hint = For example, the app and the device it’s on
label-app-password-dialect = For
app-password-fastsite = Websites and mobile apps (fastsite)
app-password-mirror = Smart mirrors and their apps (mirror)
app-password-amadis = Servers of devices (amadis)
app-password-button = Create app password
app-password-unused = Not used yet
app-password-revoke = Revoke
app-password-made-title = App password created
app-password-once-heading = Your app password
app-password-once-about = Enter it in the app instead of your own password. It’s shown only this once: if you lose it, create another one.
app-password-done = Back to Security
consent-title = Sign in to an application
# $name: what the site’s operator calls the application.
consent-heading = Let { $name } know who you are?
consent-about = You’ll go back to:
consent-learns = It will learn:
scope-openid = your identity on this site (the number of your account)
scope-profile = your name, username, picture, language and role
scope-email = your email address
scope-offline = this also when you’re not signed in here
consent-allow = Continue
consent-deny = Cancel
consent-later = You can take this back at any time, on the page “Security”.
client-sign-out-title = Sign out?
client-sign-out-about = { $name } wants to sign you out of this site too. Applications that you’ve used in this session may sign you out as well.
client-sign-out-unknown = Another site wants to sign you out here.
client-sign-out-stay = Stay signed in
device-consent-about = A device or a program shows this code. Continue only if you started it yourself, just now.
onward-title = One moment…
# $host: the name of a site, such as “shop.example.org”.
onward-link = Continue to { $host }
authorization-refused-title = This link doesn’t work
applications-heading = Applications
applications-about = Sites and apps that may know who you are. If you no longer use one, end its access.
application-end = End access

# Picture
picture-heading = Picture
picture-about = Shown next to your name.
# $max_mib: largest size, in megabytes.
picture-hint = JPEG, PNG, WebP or GIF, up to { $max_mib } MB.
# $max_megapixels: most pixels, in millions.
picture-hint-webp = { $max_megapixels ->
    [one] WebP up to one megapixel.
   *[other] WebP up to { $max_megapixels } megapixels.
}
picture-button = Save picture
picture-cancel = Cancel
picture-remove = Remove picture
picture-too-large-here = This picture is too large. Choose a smaller one.
picture-unreadable-here = This file doesn’t seem to be a picture.
crop-label = Crop area
crop-hint = Drag to move, or click what you want in the middle. Arrow keys move; + and − zoom.
crop-zoom = Zoom

# What opens the account
sessions-heading = Access to your account
sessions-about = Don’t recognize something? Remove it, then change your password.
session-current = This browser
session-unknown-device = Unknown browser
devices-title = Sessions and devices
devices-about = Everything that has access to your account. Don’t recognize something? Remove it, then change your password.
devices-link = Browsers, apps and devices with access
openings-heading = What has access to your account
openings-about = Anything you remove loses access immediately.
opening-session = Signed in
opening-known-browser = Known browser
# $door: the name of an API, such as “fastsite”.
opening-bearer = App, signed in through { $door }
opening-device = Paired device
opening-user-secret = Secret that gives a program access
opening-app-password = App password for { $door }
opening-link = Link emailed to you
opening-redirection = Sign-in from another site, in progress
opening-unknown-app = Unknown app
opening-unknown-program = Unknown program
opening-link-recovery = To choose a new password
opening-link-invitation = To choose a first password
opening-link-verification = To confirm your email address
# A date follows.
opening-created = Since:
# $browser: such as “Firefox”. $system: such as “Linux”.
opening-browser = { $browser } on { $system }
opening-now = active now
# A time follows, often one like “3 days ago”.
opening-seen = Last used:
opening-sent = Sent:
# A network follows, such as “203.0.113.0/24”.
opening-place = Network:
# The name of the browser, app or device follows, for those who hear the page.
opening-end = Remove
opening-trusted = no code asked
opening-ask = Ask for a code again
opening-end-session = End session
opening-end-device = Unpair
openings-end-others = Sign out everywhere else
openings-end-others-about = Only this browser stays signed in. You’ll have to sign in to your apps and pair your devices again.
# $count: how many are not shown yet.
openings-more = { $count ->
    [one] Show one more
   *[other] Show { $count } more
}

# The security log
log-title = Security log
log-heading = What happened to your account
# $days: how many days an event is kept.
log-about = Sign-ins and changes of the last { $days } days, newest first.
log-hint = Don’t recognize something? Say so, and we’ll lock everyone out of your account.
log-none = Nothing has happened yet.
log-older = Older entries
log-newest = Newest entries
log-link-about = See who signed in and what was changed, and tell us what wasn’t you.
log-link = Open the security log

deletion-title = Delete your account
deletion-link-about = Leave this site for good.
deletion-link = Delete the account…
deletion-about = You’re about to delete this account:
deletion-ask-about = Whoever runs this site deletes accounts. You can ask them to delete this one; until they decide, nothing changes:
deletion-goes = What goes
deletion-goes-now = At once, everything that’s signed in to the account is signed out, and nobody on this site sees the account any more.
deletion-ask-goes-now = Once it’s decided, everything that’s signed in to the account is signed out, and nobody on this site sees the account any more.
deletion-goes-later = { $days ->
    [one] After a day, your profile, your picture, your address and everything else about you is erased. That can’t be undone.
   *[other] After { $days } days, your profile, your picture, your address and everything else about you is erased. That can’t be undone.
}
deletion-stays = What stays
deletion-stays-log = { $days ->
    [one] For a day, entries of the log under the account’s number, without your name or address.
   *[other] For { $days } days, entries of the log under the account’s number, without your name or address.
}
deletion-stays-username = { $days ->
    [one] Your username, which nobody can take for a day after that.
   *[other] Your username, which nobody can take for { $days } days after that.
}
deletion-stays-elsewhere = What other sites and apps that you signed in to with this account have stored themselves.
deletion-back = { $days ->
    [one] You can change your mind for a day: open the link that we’ll email you, or just sign in.
   *[other] You can change your mind for { $days } days: open the link that we’ll email you, or just sign in.
}
deletion-ask-back = { $days ->
    [one] From then on you can change your mind for a day: open the link that we’ll email you, or just sign in.
   *[other] From then on you can change your mind for { $days } days: open the link that we’ll email you, or just sign in.
}
deletion-button = Delete my account
deletion-ask-button = Ask to have my account deleted
deletion-asked = You asked to have your account deleted. We’ll email you when it’s decided. You asked on
deletion-cancel-button = Keep my account
deletion-done = Your account is deleted, and you’re signed out everywhere.
restore-title = Restore your account
restore-about = This account is deleted and will be erased on { $at }. You can have it back:
restore-button = Restore my account
restore-done = Your account is there again, with everything in it. Sign in to go on.
restore-gone = This link can’t bring an account back any more. As long as yours isn’t erased, signing in with your password does.
# What it was and when follows, for those who hear the page.
log-deny = This wasn’t me
# Password, app code and the like follow, for those who hear the page.
log-factors = Proven with:

deny-title = This wasn’t me
deny-heading = Lock everyone out?
deny-about = If someone else did this, we’ll take back what they could have done since:
deny-ends = Every browser, app and device loses access, including this browser.
deny-takes = Passkeys, authenticator apps, recovery codes and app passwords added since then are removed.
deny-password = Your password stops working.
# $email: an address.
deny-restores = Your email address goes back to { $email }.
deny-link = We’ll email { $email } a link to choose a new password.
deny-locks = Your account is locked, because another account has the email address that yours had then. Contact us to open it again.
deny-button = Lock everyone out
deny-back = Back to the security log
event-signed-in = Signed in
# $door: the name of an API, such as “fastsite”.
event-signed-in-app = App signed in through { $door }
event-second-step-refused = Second step of a sign-in refused
event-proven-again = Identity confirmed
event-proof-refused = Wrong password or code when asked again
event-password-changed = Password changed
event-password-reset = Password reset with an emailed link
event-password-generated = Password replaced by a generated one
event-password-removed = Password removed
# $before: the address or username before.
event-address-changed = Email address changed; before: { $before }
event-username-changed = Username changed; before: { $before }
event-username-chosen = Username chosen
event-totp-added = Authenticator app added
event-totp-removed = Authenticator app removed
event-recovery-codes-made = Recovery codes created
event-recovery-code-used = Recovery code used
# $name: what somebody called it.
event-passkey-added = Passkey added: { $name }
event-passkey-removed = Passkey removed: { $name }
event-passkey-refused = Passkey refused
event-app-password-made = App password created: { $name }
event-app-password-revoked = App password revoked: { $name }
event-application-permitted = Application allowed: { $name }
event-application-ended = Access of an application ended: { $name }
# $provider: what people call another provider, such as Google.
event-identity-linked = Account linked: { $provider }
event-identity-unlinked = Account unlinked: { $provider }
event-browser-trusted = Browser trusted: no code asked for 30 days
event-browser-trust-ended = Browser no longer trusted: a code is asked again
event-device-paired = Device paired: { $name }
event-ended-session = Session ended
event-ended-known-browser = Known browser forgotten
event-ended-app = App signed out
event-ended-device = Device unpaired
event-ended-secret = Secret of a program revoked
event-ended-link = Emailed link cancelled
event-ended-redirection = Sign-in from another site cancelled
event-ended-other = Access removed
event-openings-ended = Signed out everywhere else
event-sessions-ended = All other sessions ended
event-recovery-asked = Removal of all second factors requested
event-recovery-cancelled = Removal of all second factors cancelled
event-factors-removed = All second factors removed
event-denied = “This wasn’t me” reported
event-locked = Account locked
event-unlocked = Account unlocked
event-created = Account created
event-approved = Account approved
event-terms-agreed = Terms of use agreed to
event-verified = Address proven
event-profile-changed = Profile changed
event-role-changed = Role changed
event-link-mailed = Link to choose a password mailed
event-deletion-asked = Deletion of the account asked for
event-deletion-declined = The account is kept after all
event-deleted = Account deleted
event-restored = Account restored
event-data-asked = Your data was asked for
event-data-downloaded = The file with your data was downloaded
# $name: the name of an API key.
event-by-key = by the program { $name }
event-by-operator = by the site’s operator
event-by-system = automatically
factor-password = password
factor-totp = app code
factor-recovery-code = recovery code
factor-passkey = passkey
factor-app-password = app password
factor-redirection = link from another site
factor-trusted-browser = trusted browser
factor-provider = account at another provider
# Passkeys
passkeys-heading = Passkeys
passkeys-about = Sign in with your fingerprint, your face or your device’s PIN; your password alone then no longer opens your account. Lost a device? Remove its passkey.
passkeys-none = You don’t have a passkey yet.
passkeys-off = Passkeys can’t work at this site’s address: they need a name and https.
passkeys-script = To add a passkey, allow JavaScript on this page.
passkeys-unsupported = This browser can’t make passkeys. Try another one.
passkeys-failed = No passkey was made. Please try again.
passkeys-add = Add a passkey
passkeys-unnamed = Passkey
passkeys-name = Name
# The name of the passkey follows, for those who hear the page.
passkeys-rename = Rename
passkeys-remove = Remove
# A date follows.
passkeys-created = Added:
# A time follows.
passkeys-seen = Last used:
passkeys-unused = never used
passkeys-password-heading = Without a password
passkeys-password-about = You can remove your password and sign in with passkeys alone. If you lose them, we’ll email you a link to choose a new password.
passkeys-password-button = Remove password
password-none = Your account has no password: you sign in by other means.
password-none-link = Get a link to choose a password
sign-in-passkey = Sign in with a passkey
sign-in-passkey-failed = That didn’t work. Please try again, or sign in with your password.

# Other providers. $provider: what people call one, such as Google.
provider-button = Continue with { $provider }
providers-heading = Linked accounts
providers-about = Accounts elsewhere that sign in to this one. If you have a second factor, you’re still asked for it.
provider-link = Link
provider-unlink = Unlink
provider-unlinked = not linked
provider-unused = linked, never used to sign in
identity-new-title = Almost there
identity-new-about = No account here is linked with this account at { $provider }
identity-have-account = I have an account: sign in
identity-new-waits = Signed up already? Open the link in the email we sent you.
identity-taken = Have an account? Sign in to it with the button above, then link the two.
identity-link-title = Link these accounts?
identity-link-about = From now on, this account signs you in: { $provider }
# An address follows.
identity-link-here = Your account here:
identity-link-button = Link them
identity-leave-button = Not now
identity-failed-title = That didn’t work
identity-failed-other = Sign in another way
identity-failed-back = Back to Security
prove-no-way = Your account has no password and no passkey, so nothing here can confirm that it’s you. Choose a password by a link that we email you.

# Second factors that were lost
recovery-title = Lost your second factor?
# $days: how many days the owner has to stop it.
recovery-lost-about = { $days ->
    [one] We can remove the second step from your account after { $days } day. Until then we’ll warn its owner, in case it isn’t you.
   *[other] We can remove the second step from your account after { $days } days. Until then we’ll warn its owner, in case it isn’t you.
}
recovery-lost-try = Still have a recovery code, a passkey or a browser where you’re signed in? That’s faster.
recovery-lost-button = Email me a link
recovery-sent = Check your email. We’ve sent a link to:
recovery-sent-nothing = Nothing after a few minutes? Check your spam folder.
recovery-ask-about = { $days ->
    [one] Remove the second step after { $days } day from the account of:
   *[other] Remove the second step after { $days } days from the account of:
}
recovery-ask-then = Until then we’ll email you every day, and anyone signed in to the account can cancel. Then your password alone signs in, and every browser, app and device is signed out.
recovery-ask-button = Remove the second step
# A date follows.
recovery-asked = We’ll remove the second step on:
recovery-asked-then = If you find a second factor before then, sign in with it and cancel the removal.
recovery-keep-title = Keep your second factors
# $at: a date.
recovery-keep-about = At someone’s request, we’ll remove all second factors on { $at } from the account of:
recovery-keep-button = Cancel the removal
recovery-kept = Removal cancelled. Your second factors stay.
recovery-kept-then = If you didn’t ask for it, someone knows your password. Choose a new one.
recovery-kept-link = Choose a new password
recovery-gone = Nothing will be changed. To start again, sign in with your password.
recovery-banner-label = Your second factors
# $at: a date.
recovery-banner = Someone asked us to remove all second factors from your account. That will happen on { $at }. Wasn’t you? Cancel it, then change your password.

# Pairing a device
pair-heading = Pair a device
pair-about = Enter the code shown on the device. Mirrors, speakers and other devices without a keyboard show one; it changes every ten minutes.
devices-none = No device is paired yet. A device is anything without a keyboard that uses your account, such as a mirror or a speaker.
pair-button = Continue
pair-confirm-heading = Pair this device?
# The name of the device follows.
pair-confirm-about = Someone gave the device this name. Pair it only if it’s yours and in front of you: it’ll have access to your account.
pair-confirm-button = Yes, pair it
pair-confirm-no = No, don’t pair it

# What is wrong with a field
error-required = Fill in this field.
error-required-email = Enter your email address.
error-required-email-or-username = Enter your email address or username.
error-required-username = Choose a username.
error-required-password = Enter a password.
error-required-current-password = Enter your current password.
error-required-new-password = Enter a new password.
error-required-code = Enter the code.
error-required-labelled = Fill in “{ $label }”.
error-required-box = Tick this box.
error-email-invalid = Enter an email address, like name@example.org.
error-email-invisible = This address contains an invisible character. Type it instead of pasting it.
error-email-not-ascii = We can’t send email to addresses with such letters before the @ sign. Use another address.
error-email-domain-refused = Addresses of this provider can’t be used here. Use another address.
error-email-taken = An account with this email address already exists.
error-email-same = This is already your address.
error-username-invalid = Use only letters, digits, dots, dashes and underscores.
error-username-reserved = This username is reserved. Choose another one.
error-username-taken = This username is taken. Choose another one.
error-username-changed-lately = { $days ->
    [one] You changed your username a short time ago. You can choose another one tomorrow.
   *[other] You changed your username a short time ago. You can choose another one in { $days } days.
}
error-username-mixed = Use letters of a single alphabet.
error-password-too-short = { $min ->
    [one] Use at least one character.
   *[other] Use at least { $min } characters.
}
error-password-too-long = { $max ->
    [one] This password is too long. Use at most one character.
   *[other] This password is too long. Use at most { $max } characters.
}
error-password-common = This password is too easy to guess. Choose another one.
error-password-personal = Don’t use your name, your email address or the name of this site.
error-password-invalid = This password contains characters that can’t be typed. Remove them.
error-text-too-long = { $max ->
    [one] Use at most one character.
   *[other] Use at most { $max } characters.
}
error-text-invalid = This contains characters that can’t be used here. Remove them.
error-number-invalid = Enter a number without separators, like 1234 or 3.5.
error-date-invalid = Enter a valid date.
error-url-invalid = Enter a web address, like https://example.org.
error-boolean-invalid = Tick this box or leave it empty.
error-locale-unknown = This language isn’t available here.
error-passwords-differ = The passwords don’t match.
error-role-unknown = This role doesn’t exist.
error-role-forbidden = This role can’t be given here.
error-administrator-last = You’re the only administrator. Make somebody else one first.
error-not-changeable = This can’t be set here.
error-password-wrong = This isn’t your current password.
error-picture-missing = Choose a picture first.
error-picture-too-large = This picture is too large. The limit is { $max_mib } MB.
error-picture-too-many-pixels = { $max_megapixels ->
    [one] This picture has too many pixels. The limit is one megapixel.
   *[other] This picture has too many pixels. The limit is { $max_megapixels } megapixels.
}
error-picture-not-an-image = Choose a JPEG, PNG, WebP or GIF picture.
error-picture-unreadable = This picture seems to be damaged. Try another one.
error-code-unknown = No device is showing this code. Check the device: the code may have changed.
error-passkeys-off = Passkeys can’t work at this site’s address.
error-passkey-unknown = This passkey isn’t known here any more. Sign in another way.
error-passkey-refused = This passkey couldn’t be verified. Please try again.
error-passkey-expired = That took too long, or was sent twice. Please try again.
error-passkey-copied = This passkey may have been copied, so it wasn’t accepted. Sign in another way, then remove it.
error-passkey-taken = This passkey has been added already.
error-passkey-last = This is the only way to sign in to your account. Add another passkey or choose a password first.
error-passkey-wanted = Add a passkey first: without one, nothing would sign in to your account.
error-passkeys-too-many = { $max ->
    [one] You can have one passkey. Remove it first.
   *[other] You can have { $max } passkeys. Remove one first.
}
error-factor-code-wrong = This code isn’t right, or was used already. Enter the one the app shows now.
error-dialect-unknown = Choose what this password is for.
error-app-passwords-too-many = { $most ->
    [one] You can have { $most } app password. Revoke it first.
   *[other] You can have { $most } app passwords. Revoke one first.
}
error-provider-lost = This took too long, or was begun in another browser or tab. Please start again here.
error-provider-denied = You came back without permitting it there. Nothing was changed.
error-provider-unanswered = The other provider isn’t answering. Try again in a moment, or sign in another way.
error-provider-refused = The other provider’s answer couldn’t be accepted. Try again, or sign in another way.
error-identity-taken = That account is linked with another account here already. Sign in with it, and unlink it there first.
error-identity-double = Another account at this provider is linked already. Unlink it first.
error-identity-last = This is the only way to sign in to your account. Choose a password or add a passkey first.
error-terms-wanted = Agree to the terms of use to go on.
error-trap-filled = Leave this field empty.
error-repeated = This was sent more than once. Please try again.
error-wrong-type = This was sent in a form we can’t read. Please try again.

# What is wrong with a whole form or page
alert-invalid-credentials = Wrong email, username or password.
alert-locked = This account is locked. Please ask whoever runs this site.
alert-client-unknown = The application that sent you here isn’t registered with this site. Go back to it, and tell whoever runs it.
alert-request-over = It took too long, or it was answered already. Go back to the application and start again.
alert-unverified = Confirm your email address first: open the link we emailed you.
alert-password-expired = This password no longer works. Request a link to choose a new one.
alert-second-factor-required = Enter the second part of your sign-in: a code or a passkey.
alert-second-step-closed = This sign-in took too long or had too many wrong codes. Enter your password again.
alert-second-factor-missing = This needs a second factor. Set one up on the site first.
alert-registration-closed = No new accounts are made here. If you have one, sign in.
alert-invitation-required = Accounts here are by invitation. Ask whoever runs this site for one; if you have an account, sign in.
alert-approval-wanted = Whoever runs this site looks at new accounts first. We’ll email you when you can sign in.
alert-deletion-pending = You deleted this account. Open the link in our email to have it back.
alert-administrator-last = You’re the only administrator. Make somebody else one first.
alert-terms-wanted = Agree to the terms of use of this site first: sign in there with a browser.
alert-reauthentication-required = Confirm that it’s you before you change this.
alert-throttled = { $seconds ->
    [one] Too many attempts. Try again in one second.
   *[other] Too many attempts. Try again in { $seconds } seconds.
}
alert-throttled-minutes = { $minutes ->
    [one] Too many attempts. Try again in one minute.
   *[other] Too many attempts. Try again in { $minutes } minutes.
}
alert-throttled-hours = { $hours ->
    [one] Too many attempts. Try again in one hour.
   *[other] Too many attempts. Try again in { $hours } hours.
}
alert-busy = We’re very busy right now. Please try again in a moment.
alert-session-ended-sign-in-again = Your session has ended. Please sign in again.
alert-other-account = Nothing was changed: that page belonged to another account. You’re now signed in to this one.
alert-ticket-spent = This link has expired or was already used. Request a new one below.
alert-link-gone = This link has expired or was already used.
alert-address-link-spent = This link has expired or was already used. Request a new one on your profile page.
alert-fix-the-fields = { $count ->
    [one] Please check this field.
   *[other] Please check these { $count } fields.
}

# What went well
notice-welcome = Welcome! Your account is ready.
notice-password-changed = Password changed. You’ve been signed out everywhere else.
notice-factor-wanted = Your role needs a second factor. Set one up to go on.
notice-totp-added = Authenticator app set up.
notice-totp-removed = Authenticator app removed.
notice-data-asked = We’ve got your request.
alert-data-asked-lately = You’ve asked for your data in the last 24 hours already. You can ask again a day after that.
notice-picture-changed = Picture updated.
notice-picture-removed = Picture removed.
notice-username-changed = Username changed.
notice-profile-changed = Profile saved.
notice-session-ended = Signed out on that device.
notice-sessions-ended = Signed out everywhere else.
notice-password-reset = Password saved. You can now sign in with it.
notice-password-reset-elsewhere = Password of the other account saved. You’re still signed in to this one.
notice-opening-ended = Access removed.
notice-browser-trust-ended = That browser is asked for a code again.
notice-openings-ended = All other access removed. Only this browser is still signed in.
notice-device-paired = Device paired with your account.
notice-device-permitted = Done. Go back to your device or program: it’ll go on in a few seconds.
notice-device-denied = The device or program learns nothing.
notice-device-removed = Device unpaired.
notice-passkey-added = Passkey added. You can now sign in with it.
notice-passkey-renamed = Passkey renamed.
notice-passkey-removed = Passkey removed.
notice-password-removed = Password removed. You now sign in with your passkeys.
notice-app-password-revoked = App password revoked. Whatever signed in with it has been signed out.
notice-application-ended = Access ended. The application no longer learns anything about you.
notice-identity-linked = Account linked. You can now sign in with it.
notice-identity-unlinked = Account unlinked. It no longer signs in.
notice-verification-sent = We’ve emailed you a new link.
notice-verified = Email address confirmed.
notice-verified-sign-in = Email address confirmed. You can now sign in.
notice-verified-elsewhere = Email address of the other account confirmed. You’re still signed in to this one.
notice-address-requested = We’ve emailed a link to the new address. Open it to complete the change.
notice-address-sent-again = We’ve emailed the new address again. Open the link to complete the change.
notice-address-cancelled = Change cancelled. The link we emailed no longer works.
notice-address-changed = Email address changed.
notice-address-changed-elsewhere = Email address of the other account changed. You’re still signed in to this one.
notice-address-declined = Thanks. The link no longer works, and your address isn’t used.
notice-signed-out = You’ve signed out.
notice-event-denied = Everything that had access to your account has lost it. Choose a new password: we’ve emailed you a link.
notice-event-denied-locked = Everything that had access to your account has lost it, and the account is locked. Contact us to open it again.
notice-factors-kept = Removal cancelled. Your second factors stay.

# Error pages
# A short code follows.
error-page-incident = Error reference:
error-page-400-title = Something’s wrong with this request
error-page-400-message = Part of it was missing or garbled. Go back and try again.
error-page-401-title = Please sign in
error-page-401-message = Sign in to see this page.
error-page-403-title = You can’t do this
error-page-403-message = You don’t have access, or the request came from another site. Nothing was changed.
error-page-404-title = Page not found
error-page-404-message = This page doesn’t exist, or it has moved.
error-page-405-title = This page can’t be opened directly
error-page-405-message = This address only works from a form on this site.
error-page-408-title = That took too long
error-page-408-message = The request didn’t arrive in time. Please try again.
error-page-409-title = You’ve switched accounts
error-page-409-message = This form belonged to another account than the one you’re signed in to now. Nothing was changed.
error-page-410-title = This link no longer works
error-page-410-message = It has expired or was already used. You can request a new one on the sign-in page.
error-page-413-title = File too large
error-page-413-message = This is larger than allowed. Go back and choose something smaller.
error-page-415-title = This file type isn’t supported
error-page-415-message = Go back and choose another file.
error-page-421-title = Wrong address
error-page-421-message = This server doesn’t go by that name. Check the address.
error-page-422-title = Please check what you entered
error-page-422-message = Some of it can’t be used. Go back and check it.
error-page-429-title = Too many attempts
error-page-429-message = Please wait a moment and try again.
error-page-431-title = Request too long
error-page-431-message = Your browser sent more than we can read, most likely too many cookies. Delete the cookies of this site and try again.
error-page-500-title = Something went wrong
error-page-500-message = It’s our fault, not yours. Please try again in a moment.
error-page-503-title = Temporarily unavailable
error-page-503-message = Please try again in a moment.
error-page-other-title = Something went wrong
error-page-other-message = Please go back and try again.

# What programs are told about a request, in one line
error-call-400 = Malformed request.
error-call-401 = Missing or invalid credentials.
error-call-403 = Not allowed with these credentials.
error-call-404 = Unknown endpoint.
error-call-405 = Method not allowed.
error-call-413 = Request body too large.
error-call-415 = Send a form, multipart or JSON body with a matching Content-Type.
error-call-421 = The request names a host that isn’t this one.
error-call-431 = Request headers too large, cookies included.

# What the fastsite dialect says of success

fastsite-auth = You’re signed in.
fastsite-refreshed = Session renewed.
fastsite-registered = Account created. You’re signed in.
fastsite-recover = If the account exists, we’ve emailed it a link to choose a new password.

# Mails. The text in English keeps to ASCII, so that it travels as it is written.
mail-hello = Hello,
mail-link-by-hand = If the button doesn't work, open this link:
# $at: when, with the hour, in UTC.
mail-until = Valid until { $at }.
# At the end of a mail: why its reader gets it.
mail-reason-account = You're getting this email because you have an account on { $site }.
mail-reason-address = You're getting this email because someone used this address for an account on { $site }.
mail-reason-former = You're getting this email because this was the address of an account on { $site }.
mail-reason-test = You're getting this email because the operator of { $site } sent it to you.
# $site: name of the site.
mail-recovery-subject = Choose a new password for { $site }
mail-recovery-title = Choose a new password
mail-recovery-why = We received a request to reset the password of your account on { $site }.
mail-recovery-button = Choose a new password
mail-recovery-open = Open this link to choose a new one:
mail-recovery-lasts = { $hours ->
    [one] The link works once and expires in one hour.
   *[other] The link works once and expires in { $hours } hours.
}
mail-recovery-not-you = Wasn't you? You can ignore this email; your password for { $site } won't change.
mail-invitation-subject = Your account on { $site }
mail-invitation-title = Your account is ready
mail-invitation-why = An account on { $site } was created for you. It has no password yet.
mail-invitation-button = Choose a password
mail-invitation-open = Open this link to choose one:
mail-invitation-lasts = { $days ->
    [one] The link works once and expires in one day. After that, you can request a new one on the sign-in page.
   *[other] The link works once and expires in { $days } days. After that, you can request a new one on the sign-in page.
}
mail-invitation-not-you = If you didn't expect an account on { $site }, you can ignore this email.
mail-confirm-open = Open this link to confirm it:
mail-confirm-lasts = { $hours ->
    [one] The link works once and expires in one hour.
   *[other] The link works once and expires in { $hours } hours.
}
mail-approved-subject = You can sign in to { $site } now
mail-approved-title = Your account is approved
mail-approved-why = Your account on { $site } was approved. You can sign in now.
mail-approved-button = Sign in
mail-approved-not-you = If you didn't create an account on { $site }, you can ignore this email.
mail-deletion-declined-subject = Your account on { $site } stays
mail-deletion-declined-title = Your account stays
mail-deletion-declined-what = You asked to have your account on { $site } deleted. Whoever runs the site decided to keep it.
mail-deletion-declined-was-you = If you still want it deleted, ask whoever runs the site.
mail-account-deleted-subject = Your account on { $site } is deleted
mail-account-deleted-title = Your account is deleted
mail-account-deleted-what = Your account on { $site } was deleted, as you asked.
mail-account-deleted-until = It will be erased on { $at }.
mail-account-deleted-was-you = If this was you, you don't have to do anything.
mail-account-deleted-not-you = If this wasn't you, or you changed your mind, you can have it back until then:
mail-account-deleted-button = Restore my account
mail-account-restored-subject = Your account on { $site } is restored
mail-account-restored-title = Your account is restored
mail-account-restored-what = Your account on { $site }, which was deleted, was restored.
mail-account-erased-subject = Your account on { $site } is erased
mail-account-erased-title = Your account is erased
mail-account-erased-what = Your account on { $site } and everything in it was erased.
mail-account-erased-then = This is our last email. You're welcome to make a new account at any time:
mail-account-erased-button = Open the site
mail-data-ready-subject = Your data on { $site } is ready
mail-data-ready-title = Your data is ready
mail-data-ready-why = The file with everything that { $site } keeps about your account is there. You'll have to sign in and confirm that it's you.
mail-data-ready-button = Get my data
# $until: a time.
mail-data-ready-until = It's there until { $until }, then it's deleted.
mail-data-ready-not-you = If you didn't ask for it, someone else has access to your account. Open the security log there and say that it wasn't you.
mail-verification-subject = Confirm your email address for { $site }
mail-verification-title = Confirm your email address
mail-verification-why = An account on { $site } was created with this email address. Please confirm that the address is yours.
mail-verification-button = Confirm my address
mail-verification-not-you = If you didn't create this account on { $site }, you can ignore this email. To take it over, open the link and choose a new password; whoever created it will be signed out.
mail-address-change-subject = Confirm your new email address for { $site }
mail-address-change-title = Confirm your new email address
mail-address-change-why = We received a request to use this email address for an account on { $site }.
# $account: the present address of that account, masked, such as a***@example.org.
mail-address-change-account = Current address of that account: { $account }
mail-address-change-button = Use this address
mail-address-change-open = Open this link to confirm it. You'll need to be signed in to that account, or enter its password:
mail-address-change-not-you = If you didn't ask for this, you can ignore this email. Or open the link and choose "This wasn't me": nobody will be able to use it to confirm this address for that account on { $site }.

# Mails that tell what happened. $at: when.
mail-when = When: { $at }
mail-device = Device: { $device }
mail-device-unknown = Device: unknown browser
# $place: the network that it came from, such as 203.0.113.0/24.
mail-place = Network: { $place }
mail-was-you = If this was you, you can ignore this email.
mail-not-you = If this wasn't you, someone else has access to your account. Choose a new password now; it signs out every device.
mail-not-you-button = This wasn't me
mail-password-changed-subject = Your password for { $site } was changed
mail-password-changed-title = Your password was changed
mail-password-changed-what = The password of your account on { $site } was changed.
mail-username-changed-subject = Your username on { $site } was changed
mail-username-changed-title = Your username was changed
mail-username-changed-what = The username of your account on { $site } was changed.
mail-passkey-added-subject = A passkey was added to your account on { $site }
mail-passkey-added-title = A passkey was added
mail-passkey-added-what = A passkey was added to your account on { $site }. It signs in without your password.
mail-passkey-removed-subject = A passkey was removed from your account on { $site }
mail-passkey-removed-title = A passkey was removed
mail-passkey-removed-what = A passkey was removed from your account on { $site }. It no longer signs in.
mail-password-removed-subject = Your password for { $site } was removed
mail-password-removed-title = Your password was removed
mail-password-removed-what = The password of your account on { $site } was removed. Only your passkeys sign in now.
mail-identity-linked-subject = Another account was linked with yours on { $site }
mail-identity-linked-title = An account was linked
# $provider: what people call the provider of the account, such as Google.
mail-identity-linked-what = An account at { $provider } was linked with your account on { $site }. It signs in without your password.
mail-identity-unlinked-subject = An account was unlinked from yours on { $site }
mail-identity-unlinked-title = An account was unlinked
mail-identity-unlinked-what = An account at { $provider } was unlinked from your account on { $site }. It no longer signs in.
mail-totp-added-subject = An authenticator app was set up on { $site }
mail-totp-added-title = An authenticator app was set up
mail-totp-added-what = An authenticator app was set up for your account on { $site }. From now on, signing in takes one of its codes.
mail-totp-removed-subject = The authenticator app was removed on { $site }
mail-totp-removed-title = The authenticator app was removed
mail-totp-removed-what = The authenticator app of your account on { $site } was removed.
mail-recovery-codes-made-subject = New recovery codes for { $site }
mail-recovery-codes-made-title = New recovery codes were made
mail-recovery-codes-made-what = New recovery codes were made for your account on { $site }. The earlier ones no longer work.
mail-recovery-code-used-subject = A recovery code was used on { $site }
mail-recovery-code-used-title = A recovery code was used
mail-recovery-code-used-what = A recovery code of your account on { $site } was used.
mail-recovery-code-used-left = { $count ->
    [0] None are left. Make new ones on the Security page of your account.
    [one] One is left. Make new ones on the Security page of your account.
   *[other] { $count } are left.
}
mail-address-requested-subject = New email address requested for your account on { $site }
mail-address-requested-title = A new email address was requested
mail-address-requested-what = Someone asked to change the email address of your account on { $site }.
mail-address-requested-was-you = If this was you, open the link we sent to the new address. Until then, nothing changes.
mail-address-requested-not-you = If this wasn't you, someone else has access to your account. Choose a new password now; it also stops the change.
mail-address-changed-subject = Your email address on { $site } was changed
mail-address-changed-title = Your email address was changed
mail-address-changed-what = The email address of your account on { $site } was changed. We won't write to this address again.
mail-address-changed-not-you = If this wasn't you, contact { $site } right away.
mail-address-changed-button = Contact { $site }
mail-new-device-subject = New sign-in to your account on { $site }
mail-new-device-title = New sign-in to your account
# When a program or a device got a way in.
mail-new-access-title = New access to your account
mail-new-device-what = Someone signed in to your account on { $site } from a new browser.
mail-new-app-what = An app or another program signed in to your account on { $site } from a new place.
mail-new-secret-what = A program was given a new secret. It now has access to your account on { $site }.
mail-new-paired-what = A device was paired with your account on { $site }. It now has access to the account.
mail-app-password-made-subject = New app password for your account on { $site }
mail-app-password-made-title = App password created
mail-app-password-made-what = A password for an app was created. It gives access to your account on { $site } without your second step.
mail-app-password-revoked-subject = App password for your account on { $site } revoked
mail-app-password-revoked-title = App password revoked
mail-app-password-revoked-what = A password for an app was revoked. The app no longer has access to your account on { $site }.
mail-address-taken-subject = You already have an account on { $site }
mail-address-taken-title = You already have an account
mail-address-taken-what = Someone, maybe you, tried to use this email address for another account on { $site }. You already have an account; nothing was changed.
mail-address-taken-was-you = If this was you, sign in to { $site } with this address. If not, you can ignore this email.
mail-address-taken-not-you = Forgot your password for { $site }? You can choose a new one.
mail-denied-subject = We locked everyone out of your account on { $site }
mail-denied-title = We locked everyone out of your account
mail-denied-what = Someone reported an entry in the security log of your account on { $site }. Everything that had access has lost it, and the password no longer works.
mail-denied-was-you = If this was you, open the link in our other email to choose a new password.
mail-denied-not-you = If this wasn't you, or that email didn't come, ask for a link here:
mail-factor-recovery-subject = Lost your second factor for { $site }?
mail-factor-recovery-title = Lost your second factor?
mail-factor-recovery-why = Someone signed in to { $site } with your password and said that they lost every second factor of your account.
mail-factor-recovery-button = Remove the second step
mail-factor-recovery-open = If that was you, open this link to have them removed:
mail-factor-recovery-not-you = If this wasn't you, someone knows your password. Don't open the link, and change your password.
mail-factors-asked-subject = Your second factors for { $site } will be removed
mail-factors-asked-title = Your second factors will be removed
mail-factors-asked-what = Someone who knows your password and opened a link in this mailbox asked us to remove all second factors from your account on { $site }.
# $at: when.
mail-factors-asked-due = They will be removed: { $at }
# $count: how many devices.
mail-factors-asked-devices = { $count ->
    [one] { $count } device is paired with your account. It will have to be paired again.
   *[other] { $count } devices are paired with your account. They will have to be paired again.
}
mail-factors-asked-was-you = If this was you, you don't have to do anything. From then on your password alone signs in.
mail-factors-asked-not-you = If this wasn't you, cancel it now, then choose a new password:
mail-factors-asked-button = Cancel the removal
mail-factors-kept-subject = Your second factors for { $site } stay
mail-factors-kept-title = Your second factors stay
mail-factors-kept-what = The removal of the second factors of your account on { $site } was cancelled.
mail-factors-kept-was-you = If this was you, you can ignore this email.
mail-factors-kept-not-you = If you never asked for the removal, someone knows your password. Choose a new one:
mail-factors-removed-subject = Your second factors for { $site } were removed
mail-factors-removed-title = Your second factors were removed
mail-factors-removed-what = All second factors of your account on { $site } were removed. Every browser, app and device has been signed out.
mail-factors-removed-was-you = If this was you, sign in with your password and set up a new second factor.
mail-factors-removed-not-you = If this wasn't you, choose a new password now:
mail-digest-subject = Recent activity on your account on { $site }
mail-digest-title = Recent activity on your account
mail-digest-what = Here's what happened on your account on { $site }, in one email to keep your mailbox tidy:
# $count: how many.
mail-digest-earlier = { $count ->
    [one] One more thing happened before.
   *[other] { $count } more things happened before.
}
mail-digest-was-you = If all of this was you, you can ignore this email.
mail-digest-not-you = If any of it wasn't you, someone else may have access to your account. Choose a new password now; it signs out every device.
# In a list, after the time.
mail-digest-approved = Your account was approved.
mail-digest-password-changed = Password changed.
mail-digest-username-changed = Username changed.
mail-digest-totp-added = Authenticator app set up.
mail-digest-totp-removed = Authenticator app removed.
mail-digest-recovery-codes-made = New recovery codes made.
mail-digest-recovery-code-used = Recovery code used.
mail-digest-address-requested = Change of email address requested.
mail-digest-address-changed = Email address changed.
mail-digest-app-password-made = App password created.
mail-digest-app-password-revoked = App password revoked.
mail-digest-new-device = Sign-in from a new browser.
mail-digest-address-taken = Someone, maybe you, tried to use this email address for another account.
mail-digest-denied = Everyone locked out after an entry of the security log was reported.
mail-digest-deletion-declined = Account kept, although its deletion was asked for.
mail-digest-account-deleted = Account deleted.
mail-digest-account-restored = Account restored.
mail-digest-data-ready = The file with your data is ready.
mail-digest-passkey-added = Passkey added.
mail-digest-passkey-removed = Passkey removed.
mail-digest-password-removed = Password removed.
mail-digest-identity-linked = Account at another provider linked.
mail-digest-identity-unlinked = Account at another provider unlinked.
mail-digest-factors-asked = Removal of all second factors requested.
mail-digest-factors-kept = Removal of all second factors cancelled.
mail-digest-factors-removed = All second factors removed.
mail-test-subject = Test email from { $site }
mail-test-title = Email works
mail-test-why = The operator of { $site } sent this email to check that mail arrives. It does.
mail-test-open = Links in other emails start with this address:
mail-test-button = Open { $site }
mail-test-not-you = You don't need to do anything.

# The page that shows a developer the mail which became files
dev-mail-title = Mail
dev-mail-about = No mail server is set up; mail that would have been sent is shown here. Anyone who can see this page can open accounts with the links in it.
dev-mail-none = Nothing has been sent yet.
dev-mail-text = As text
dev-mail-html = As HTML
dev-mail-all = All mail

# The page about the JSON APIs
api-title = API
api-about = Every call that programs can make here, with its fields and responses. Try them on this page: requests go to this live server.
api-document = OpenAPI document
api-credentials = Authentication
api-credentials-needed = One of these is required:
api-credentials-optional = One of these can be sent:
api-fields = Fields
api-name = Name
api-type = Type
api-meaning = Meaning
api-required = required
api-kinds = Accepted body formats:
api-example = Example body
api-answers = Responses
api-try = Try it
api-body = Send body as
api-send = Send
api-answer = Response

# The second step of signing in, and proving once more who one is.
second-step-title = One more step
second-step-about = Your account wants a code besides the password.
label-second-code = Code
second-code-hint = From your authenticator app, or one of your recovery codes.
second-step-trust = Don’t ask again on this browser for { $days } days
second-step-passkey = Use a passkey
second-step-lost = I’ve lost my codes and passkeys
second-step-again = Sign in with another account
prove-title = Is it you?
prove-about = What you’re about to do matters. Confirm that it’s you; for ten minutes you won’t be asked again.
prove-button = Confirm
prove-by-passkey = Use a passkey
prove-by-code = Use a code instead
prove-back = Back to Security

# The file with what an account has
data-title = Your data
data-heading = Take your data with you
# $days: how long the file is kept.
data-about = { $days ->
    [one] We’ll put together everything we keep about your account: your profile, pictures, sessions, devices, second factors, security log and emails. You get a ZIP file with a page to read and the same for programs. It stays here for { $days } day.
   *[other] We’ll put together everything we keep about your account: your profile, pictures, sessions, devices, second factors, security log and emails. You get a ZIP file with a page to read and the same for programs. It stays here for { $days } days.
}
data-ask = Put my data together
data-ask-again = Put it together again
data-replaces = A new file takes the place of this one.
# A time follows.
data-making = It’s being put together. You asked for it:
data-mailed = It takes a moment, and you can leave this page. We’ll email you when it’s there.
data-not-mailed = It takes a moment, and you can leave this page. Come back later: we’ll send no email, because your address isn’t confirmed.
data-download = Download the ZIP file
# A time follows.
data-until = there until
# A time follows.
data-again = You can ask for a new one from
data-failed = Your data couldn’t be put together. Please try again.
data-back = Back to Security
data-link-about = Get a file with everything we keep about your account.
data-link = Your data
# $size: a number.
data-size-kilobytes = { $size } KB
# $size: a number.
data-size-megabytes = { $size } MB

# The page in that file
# $site: its name.
paper-title = Your data on { $site }
# $email: the account’s address. $at: a time.
paper-about = What belongs to the account { $email }, as of { $at }.
paper-files = The files beside this page say the same for programs: JSON, with times in milliseconds since 1970 (UTC). Other times here are in UTC.
paper-picture = Your picture
paper-nothing = Nothing.
# $count: how many rows are left out.
paper-more = { $count ->
    [one] One older entry is only in the file.
   *[other] { $count } older entries are only in the file.
}
# The name of a file follows.
paper-file = The same for programs:
paper-account = Account
paper-account-about = What identifies you here.
paper-sessions = Sessions
paper-sessions-about = Browsers that are signed in.
paper-devices = Devices and apps
paper-devices-about = What else has access to your account, and what it remembers of your browsers and networks.
paper-factors = Passwords and second factors
paper-factors-about = What you prove with that it’s you. No secrets are in this file.
paper-applications = Applications and other providers
paper-applications-about = Which applications know you here, and whose accounts sign in to this one.
paper-log = Security log
paper-log-about = What happened to your account in the last 90 days, newest first.
paper-mails = Emails
paper-mails-about = Emails of the last 30 days and those that wait to be sent, newest first.
paper-what = What
paper-value = Value
paper-browser = Browser
paper-network = Network
paper-since = Since
paper-last-used = Last used
paper-proven = Proven with
paper-name = Name
paper-details = Details
paper-when = When
paper-by = By
paper-recipient = To
paper-state = State
paper-number = Account number
paper-address-wanted = New address, not proven yet
paper-terms-at = Agreed to the terms of use
# $product: the name of another program.
paper-imported = Number in { $product }, where the account comes from
paper-known-app = App that has signed in before
# $door: the name of an API, such as “fastsite”.
paper-known-place = Network that programs signed in from ({ $door })
paper-password = Password
paper-totp = Authenticator app
paper-codes = Recovery codes
# $count: how many are left.
paper-codes-left = { $count ->
    [one] { $count } left
   *[other] { $count } left
}
paper-passkey = Passkey
paper-application = Application
paper-identity = Account at another provider

# The operator’s pages
admin-label = Administration
admin-link = Administration
admin-accounts = Accounts
admin-invitations = Invitations
admin-mail = Outbox
admin-webhooks = Webhooks
admin-webhooks-about = What your sites are about to be told, and what they couldn’t be told.
admin-keys = API keys
admin-audit = Audit log
admin-status = Status
# A number follows.
admin-number = no.
admin-first-page = First page
admin-next-page = Next page
admin-find = Find an account
admin-find-hint = Type how an email address, a username or a name begins, or an account’s number. Leave it empty for the newest accounts.
admin-find-label = Address, username, name or number
admin-find-button = Find
admin-found-none = No account fits.
account-proven = address proven
account-unproven = address not proven
account-waiting = waits for approval
account-leaving = asks to be deleted
account-locked = locked
account-deleted = deleted
admin-facts = Facts
admin-fact-role = Role
admin-fact-language = Language
admin-fact-created = Created
admin-fact-changed = Last changed
admin-fact-verified = Address proven
admin-fact-signed-in = Last sign-in
admin-fact-waiting = Waits for approval since
admin-fact-deletion-asked = Asks to be deleted since
admin-fact-terms = Terms agreed to
admin-fact-former-username = Former username
admin-fact-locked = Locked
admin-fact-deleted = Deleted
admin-fact-never = never
admin-fact-none = none
admin-fact-password = Password chosen
admin-fact-totp = Authenticator app
admin-fact-yes = yes
admin-fact-no = no
admin-fact-passkeys = Passkeys
admin-fact-recovery-codes = Recovery codes left
admin-fact-app-passwords = App passwords
admin-fact-providers = Accounts at other providers
admin-fact-applications = Applications allowed
admin-actions = Actions
admin-factors = Proof of identity
admin-openings = What has access to this account
admin-openings-none = Nothing has access right now.
admin-mail-of-account = Mail of the last 30 days
admin-mail-of-account-none = No mail.
admin-log = Latest entries of the log
admin-whole-log = Whole log of this account
admin-reason = Reason
admin-reason-hint = The audit log keeps it. Only administrators read it.
admin-back = Back to the account
admin-approve = Approve
admin-approve-about = Its owner can sign in from then on, and is told by email. To turn somebody away, delete the account instead.
admin-waiting = Accounts that wait for approval
admin-waiting-none = No account waits for approval.
admin-leaving = Accounts that ask to be deleted
admin-leaving-none = Nobody asks to be deleted.
admin-all-accounts = All accounts
admin-set-role = Change the role
admin-set-role-about = What the account may do changes at once. It stays signed in.
admin-rename = Change the username
admin-rename-about = The owner is told by email.
admin-set-address = Change the email address
admin-set-address-about = The former address is told. Everything that has access to the account loses it, and the new address isn’t proven.
admin-verify = Mark the address as proven
admin-verify-about = Do this only if you know that the address is the owner’s.
admin-disable = Disable the account
admin-disable-about = The account is signed out everywhere at once, links mailed to it stop working, and nobody can sign in to it. Only someone who knows the password is told so.
admin-enable = Enable the account
admin-enable-about = The owner can sign in again. What was signed out stays signed out, and links mailed before don’t work: send another one if they never chose a password.
admin-reset-link = Email a link to choose a password
admin-reset-link-about = The link goes to the account’s address. The present password works until it’s used.
admin-end-sessions = Sign out everywhere
admin-end-sessions-about = Browsers, apps and paired devices lose access at once, and links mailed to the account stop working. The password stays as it is.
admin-remove-factors = Remove all second factors
admin-remove-factors-about = For someone who has lost their phone: make sure who is asking. Everything that has access loses it, and the owner is told by email.
admin-delete = Delete the account
# $days: how long it can be restored.
admin-delete-about = { $days ->
    [one] The account is signed out everywhere and no longer found, and links mailed to it stop working. You can restore it for { $days } day, then its data is erased.
   *[other] The account is signed out everywhere and no longer found, and links mailed to it stop working. You can restore it for { $days } days, then its data is erased.
}
admin-decline-deletion = Keep the account
admin-decline-deletion-about = Its owner asked to have it deleted. The account stays as it is, and the owner is told by email.
admin-restore = Restore the account
admin-restore-about = The account is there again. Its owner signs in anew; links mailed before don’t work.
admin-invite = Invite people
admin-invite-hint = Email addresses, one per line. Everyone gets an account and a link to choose a password.
admin-addresses = Email addresses
admin-invite-button = Invite
admin-invited = Not accepted yet
admin-invited-none = Nobody is waiting.
admin-mail-about = What is about to be sent, and what couldn’t be.
admin-mail-all = All messages
admin-mail-failed = Only those set aside
admin-mail-none = No message is waiting.
mail-waiting = waiting
mail-sending = being sent
mail-failed = set aside
mail-sent = sent
# A time follows.
mail-written = written
# A time follows.
mail-next = next attempt
# A time follows.
mail-ended = since
mail-held-back = not sent: the mailbox had its messages of the hour
mail-withdrawn = set aside, then withdrawn
admin-opening-link = Link emailed to the owner
status-webhooks-waiting = Messages to sites waiting
status-webhooks-failed = Messages to sites set aside
admin-find-label-exact = An address, a username or a number
notice-admin-invited-some = Invitations are on their way. Some of these addresses have accounts already and got none.
# $count: how often it was tried.
mail-attempts = { $count ->
    [one] { $count } attempt
   *[other] { $count } attempts
}
mail-retry = Try again
mail-retry-all = Try all again
admin-keys-about = Keys with which your own servers create and look up accounts.
admin-key-made = Your new key
admin-key-once = Copy it now: it isn’t shown again.
admin-keys-heading = All keys
admin-keys-none = There is no key.
admin-key-make = Create a key
key-name = Name
key-name-hint = Letters, digits, dots, hyphens and underscores, such as “shop”.
key-scopes = What it may do
key-roles = Roles it may give
key-days = Expires after (days)
key-days-hint = Leave it empty for a key that doesn’t expire.
key-live = active
key-expired = expired
key-revoked = revoked
# A date follows.
key-created = created
# A date follows.
key-expires = expires
key-revoke = Revoke
# $days: how many days an event is kept.
admin-audit-about = What happened in the last { $days } days, newest first.
audit-heading = Events
# A number may follow.
audit-account = account
audit-whom = Account
audit-actor = Done by
audit-kind = What
audit-button = Show
audit-anybody = Anybody
audit-any-key = an API key
audit-anything = Anything
audit-none = Nothing fits.
audit-none-here = Nothing fits in this part of the log. The next page looks further back.
audit-refused = refused
# A text follows.
audit-reason = Reason:
actor-owner = the owner
actor-visitor = a visitor
# $name: the name of an API key.
actor-key = API key { $name }
actor-staff = administrator
actor-operator = the command line
actor-system = the server
event-erased = Account erased
event-key-made = API key created
event-key-revoked = API key revoked
event-client-made = OpenID Connect client created
event-client-secret-rotated = Secret of an OpenID Connect client replaced
event-client-revoked = OpenID Connect client revoked
event-secrets-rotated = Secrets encrypted anew
event-mail-retried = Mail tried again
event-webhook-retried = Webhook messages tried again
status-server = Server
status-version = Version
status-database = Database
status-waiting = Messages waiting
status-oldest = Oldest of them
status-failed = Messages set aside
status-mail-server = Mail server
status-mail-answer = Its last answer
status-mail-files = none: messages become files
status-mail-unasked = not asked since the start
# $mib: a number of mebibytes.
status-disk = Space left
status-mib = { $mib } MiB
status-settings = Settings
status-settings-about = Secrets are masked.
status-set = set
alert-admin-own-account = You can’t do this to your own account. Ask another administrator.
alert-admin-last-administrator = Nobody would be left to administer the site.
alert-admin-deleted = The account is deleted. It can only be restored.
notice-approval-wanted = Your account is made. Whoever runs this site looks at it first; we’ll email you when you can sign in.
notice-admin-done = Done.
notice-admin-unchanged = It was so already. Nothing was changed.
notice-admin-invited = Invitations are on their way.
notice-admin-invited-nobody = All of them have accounts already. Nobody was invited.
notice-admin-mail-retried = The server tries again now.
notice-admin-webhook-retried = The server tries again now.
notice-admin-key-revoked = Key revoked. It’s refused from now on.
alert-admin-key-name-taken = That name is taken by another key.
alert-admin-gone = The account has changed meanwhile. Look again.
