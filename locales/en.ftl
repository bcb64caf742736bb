# Layout
skip-to-content = Skip to content
nav-label = Your account
sign-out = Sign out
optional = optional
show-password = Show password
home-link = Go to the home page

# Labels and hints
label-email = Email
label-email-or-username = Email or username
label-username = Username
label-password = Password
label-current-password = Current password
label-new-email = New email address
label-new-password = New password
label-name = Name
label-firstname = First name
label-lastname = Last name
label-locale = Language
locale-automatic = Same as the browser
# What this language is called by those who speak it
locale-name = English
label-picture = New picture
label-code = Code
code-hint = Six letters and digits, in either case.
profile-link = Back to your account
username-hint = Letters, digits, dots, dashes and underscores.
# $min: fewest characters that a password has.
password-hint = { $min ->
    [one] At least one character.
   *[other] At least { $min } characters. A few words in a row work well.
}
name-hint = The name that others see.

# Sign in
sign-in-title = Sign in
sign-in-button = Sign in
sign-in-link = Sign in
forgot-link = Forgot your password?
no-account-yet = No account yet?
sign-up-link = Create one

# Recovery
forgot-title = Forgot your password?
forgot-about = Tell us your email address or username, and we will send you a link to choose a new one.
forgot-button = Send me the link
forgot-requested = If there is an account with this email address or username, a message with a link is on its way to its mailbox.
forgot-nothing-came = Nothing there after a few minutes? Please look among the unwanted mail, or ask again with another address.
reset-title = Choose a new password
reset-about = The new password is for this account. It signs you out everywhere.
reset-first-title = Choose a password
reset-first-about = Welcome! This account was made for you. With a password of your own you can sign in.
reset-button = Save password

# Verification
verify-title = Confirm your email address
verify-about = With the password that you chose when you signed up, this address is confirmed:
verify-signed-in-about = One click, and this address is confirmed:
verify-button = Confirm my address
verify-not-mine = I chose no password, or have forgotten it
verify-not-mine-about = Choose a new one, and the account is yours alone: everybody who is signed in to it is signed out.
verify-request-about = We sent you a message with a link. Nothing there? Look among the unwanted mail, or have it sent again.
verify-request-button = Send the link again
verify-requested = If there is an account with this email address or username that is not confirmed yet, a message with a link is on its way to its mailbox.
unverified-about = Please confirm your email address: a link is in your mailbox.
address-title = Confirm your new email address
address-about = From now on your account uses this address:
address-button = Use this address
# A masked address follows, such as a•••@example.org.
address-account = The account that asked for it has this address so far:
address-password-about = So that nobody else can do it, this takes the password of that account.
address-not-me = This was not me
address-not-me-about = Do you not know this account? Somebody may have mistyped their address. One click, and the link no longer works.

# Sign-in by redirection
switch-title = Change to another account?
# An address follows.
switch-present = In this browser you are signed in with this address:
# An address follows.
switch-other = The link that you opened signs in with another one:
switch-about = Did somebody send you this link? Then stay: whoever has the other account sees what you do in it.
switch-button = Change to the other account
switch-stay = Stay signed in as now

# Sign up
sign-up-title = Create your account
sign-up-button = Create account
have-account-already = Already have an account?

# Profile
profile-title = Your account
contents-label = On this page
# A date follows.
member-since = Here since
profile-heading = Profile
profile-about = What this site calls you, and the language it speaks to you.
profile-button = Save profile
username-heading = Username
username-about = A second way to sign in, besides your email address.
username-button = Change username
email-about = It signs you in, and gets messages about your account. A new one counts once you have opened the link that we send there.
email-button = Change email address
password-heading = Password
password-about = A new password signs you out everywhere but here.
password-button = Change password

# Picture
picture-heading = Picture
picture-about = It stands beside your name.
# $max_mib: largest size, in megabytes.
picture-hint = JPEG, PNG, WebP or GIF, up to { $max_mib } MB.
# $max_megapixels: most pixels, in millions.
picture-hint-webp = { $max_megapixels ->
    [one] WebP up to one megapixel.
   *[other] WebP up to { $max_megapixels } megapixels.
}
picture-button = Use this picture
picture-remove = Remove my picture
picture-too-large-here = This picture is too large. Please choose a smaller one.
picture-unreadable-here = Your browser cannot show this file. It may not be a picture.
crop-label = Part of the picture that is kept
crop-hint = Drag the picture, or click on what should be in the middle. The arrow keys move it, plus and minus zoom.
crop-zoom = Zoom

# What opens the account
sessions-heading = Where your account is open
sessions-about = Is there one you do not recognise? End it, then change your password.
session-current = this browser
session-unknown-device = An unknown browser
devices-title = Where your account is open
devices-about = Everything that can use your account. Is there one that you do not recognise? End it, then change your password.
devices-link = Browsers, apps and devices that can use your account
openings-heading = Browsers, apps, devices and links
openings-about = What you end stops working with your account at once.
opening-session = Signed in
opening-known-browser = Signed in before: nobody else’s wrong guesses keep it waiting
# $door: the name of an API, such as “fastsite”.
opening-bearer = App, signed in through { $door }
opening-device = Paired device
opening-user-secret = Secret that opens your account to a program
opening-link = Link that was mailed to you
opening-redirection = Sign-in from another site, under way
opening-unknown-app = An app that does not say its name
opening-unknown-program = A program that does not say its name
opening-link-recovery = To choose a new password
opening-link-invitation = To choose the first password
opening-link-verification = To confirm your email address
opening-link-address = To change your email address
# A date follows.
opening-created = Since:
# A time follows, often one like “3 days ago”.
opening-seen = Last used:
# A network follows, such as “203.0.113.0/24”.
opening-place = From:
# The name of the browser, app or device follows, for those who hear the page.
opening-end = End
openings-end-others = End all others
openings-end-others-about = Only this browser stays signed in. Apps have to sign in again, and devices have to be paired again.

# Pairing a device
pair-heading = Pair a device
pair-about = Mirrors, speakers and other devices without a keyboard show a code. Type it here. It changes every ten minutes.
pair-button = Continue
pair-confirm-heading = Pair this device?
# The name of the device follows.
pair-confirm-about = Somebody gave the device this name. Pair it only if it is your own and in front of you: from then on it can use your account.
pair-confirm-button = Yes, pair it
pair-confirm-no = No, do not pair it

# What is wrong with a field
error-required = Please fill this in.
error-email-invalid = This does not look like an email address. One looks like name@example.org.
error-email-invisible = This address contains a character that cannot be seen. Please type it instead of pasting it.
error-email-not-ascii = Our mail server cannot reach addresses with such letters before the @ sign. Please use another address.
error-email-taken = There is an account with this email address already.
error-email-same = This is your address already.
error-username-invalid = Please use only letters, digits, dots, dashes and underscores.
error-username-taken = This username is taken. Please choose another one.
error-username-mixed = Please use letters from one alphabet only.
error-password-too-short = { $min ->
    [one] Please use at least one character.
   *[other] Please use at least { $min } characters.
}
error-password-too-long = { $max ->
    [one] This password is too long. One character is the most.
   *[other] This password is too long. { $max } characters are the most.
}
error-password-common = This is one of the first passwords that anybody would try. Please choose another one.
error-password-personal = This is your name, your address or the name of this site. Please choose something harder to guess.
error-password-invalid = This password contains characters that no keyboard can type. Please leave them out.
error-text-too-long = { $max ->
    [one] Please use one character only.
   *[other] Please use at most { $max } characters.
}
error-text-invalid = This contains characters that cannot be used here.
error-number-invalid = This should be a number, like 42 or 3.5.
error-date-invalid = This should be a date that exists, like 2024-05-31.
error-url-invalid = This should be a web address, like https://example.org.
error-boolean-invalid = This can only be ticked or left empty.
error-locale-unknown = This language is not available here.
error-passwords-differ = The two passwords are not the same.
error-role-unknown = There is no such role.
error-role-forbidden = This role cannot be given here.
error-not-changeable = This cannot be set here.
error-password-wrong = This is not your current password.
error-picture-missing = Please choose a picture first.
error-picture-too-large = This picture is too large. It may have up to { $max_mib } MB.
error-picture-too-many-pixels = { $max_megapixels ->
    [one] This picture has too many pixels. It may have up to one megapixel.
   *[other] This picture has too many pixels. It may have up to { $max_megapixels } megapixels.
}
error-picture-not-an-image = This file is not a JPEG, PNG, WebP or GIF picture.
error-picture-unreadable = This picture seems to be damaged. Please try another one.
error-code-unknown = No device shows this code. Please look again, it may have changed.
error-repeated = This arrived more than once. Please send the form again.
error-wrong-type = This arrived in a form that cannot be read. Please send it again.

# What is wrong with a whole form or page
alert-invalid-credentials = This email, username or password is not right. Please try again.
alert-locked = This account is locked. Please ask whoever runs this site.
alert-unverified = Please confirm your email address first: a link is in your mailbox.
alert-password-expired = This password was made for you and worked for one day. Please ask for a link and choose your own.
alert-throttled = { $seconds ->
    [one] Too many tries. Please wait one second.
   *[other] Too many tries. Please wait { $seconds } seconds.
}
alert-throttled-minutes = { $minutes ->
    [one] Too many tries. Please wait a minute.
   *[other] Too many tries. Please wait { $minutes } minutes.
}
alert-busy = Many people are coming in just now. Please try again in a moment.
alert-session-ended-sign-in-again = You are no longer signed in. Please sign in again.
alert-other-account = Nothing was changed: that page belonged to another account. In this browser you are signed in to this one now.
alert-ticket-spent = This link no longer works: it was used already, or it is too old. You can ask for a new one here.
alert-address-link-spent = This link no longer works: it was used already, or it is too old. On your account’s page you can ask for a new one.
alert-fix-the-fields = { $count ->
    [one] Nothing has been saved yet. One field needs another look.
   *[other] Nothing has been saved yet. { $count } fields need another look.
}

# What went well
notice-welcome = Welcome! Your account is ready.
notice-password-changed = Your password is changed. Everywhere else you are signed out.
notice-picture-changed = Your new picture is in place.
notice-picture-removed = Your picture is removed.
notice-username-changed = Your username is changed.
notice-profile-changed = Your profile is saved.
notice-session-ended = That device is signed out.
notice-sessions-ended = You are signed out everywhere else.
notice-password-reset = Your password is saved. You can sign in with it now.
notice-password-reset-elsewhere = The password of the other account is saved. Here you are still signed in to this one.
notice-opening-ended = That is ended.
notice-openings-ended = All others are ended. Only this browser is still signed in.
notice-device-paired = The device is paired with your account.
notice-device-removed = The device is removed.
notice-verification-sent = A message with a link is on its way to your mailbox.
notice-verified = Your email address is confirmed.
notice-verified-sign-in = Your email address is confirmed. You can sign in now.
notice-verified-elsewhere = The email address of the other account is confirmed. Here you are still signed in to this one.
notice-address-requested = A message with a link is on its way to the new address. Until you open it, nothing changes.
notice-address-changed = Your email address is changed.
notice-address-changed-elsewhere = The email address of the other account is changed. Here you are still signed in to this one.
notice-address-declined = Thank you. The link no longer works, and the address is not used.
notice-signed-out = You are signed out. See you soon!

# Error pages
# A short code follows.
error-page-incident = If you tell us about it, please mention:
error-page-400-title = This could not be understood
error-page-400-message = Something in the request was missing or garbled. Please go back and try again.
error-page-401-title = Please sign in
error-page-401-message = This page is for people who are signed in.
error-page-403-title = Not from here
error-page-403-message = Either this is not open to you, or the request came from another site. Nothing was changed.
error-page-404-title = Nothing here
error-page-404-message = This page does not exist, or it has moved.
error-page-405-title = Not this way
error-page-405-message = This address exists, but it cannot be used like this.
error-page-408-title = That took too long
error-page-408-message = The request did not arrive in time. Please try again.
error-page-409-title = Another account
error-page-409-message = The form was shown to another account than the one that is signed in now. Nothing was changed.
error-page-410-title = This link no longer works
error-page-410-message = It was used already, or it is too old. You can ask for a new one on the sign-in page.
error-page-413-title = Too large
error-page-413-message = This is more than can be sent here. Please go back and choose something smaller.
error-page-415-title = Unknown kind of file
error-page-415-message = A file of this kind cannot be used here. Please go back and choose another one.
error-page-421-title = Wrong address
error-page-421-message = This server does not answer to the name by which it was called. Please check the address.
error-page-422-title = Something does not fit
error-page-422-message = Some of what was sent cannot be used. Please go back and check it.
error-page-429-title = Too many tries
error-page-429-message = Please wait a little before you try again.
error-page-431-title = Request too long
error-page-431-message = Your browser sent more than can be read, most likely too many cookies. Please delete those of this site and try again.
error-page-500-title = Something went wrong
error-page-500-message = The fault is ours, not yours. Please try again in a moment.
error-page-503-title = Not available just now
error-page-503-message = Please try again in a moment.
error-page-other-title = Something went wrong
error-page-other-message = Please go back and try again.

# What programs are told about a request, in one line
error-call-400 = The request cannot be understood.
error-call-401 = This call needs credentials that are valid.
error-call-403 = These credentials do not allow this call.
error-call-404 = There is no such call.
error-call-405 = This call is not made by this method.
error-call-413 = The body is too large.
error-call-415 = The body can be a form, multipart or JSON, and its Content-Type says which.
error-call-421 = The request names a host that is not this one.
error-call-431 = The headers of the request, its cookies among them, are too many or too long.

# What the fastsite dialect says of success

fastsite-auth = You are signed in.
fastsite-refreshed = Your sign-in was renewed.
fastsite-registered = Your account was made, and you are signed in.
fastsite-recover = If there is such an account, a link to choose a new password is on its way to its address.

# Mails. The text in English keeps to ASCII, so that it travels as it is written.
mail-hello = Hello,
mail-link-by-hand = If the button does nothing, open this address:
# $site: name of the site.
mail-recovery-subject = Choose a new password for { $site }
mail-recovery-why = Somebody, probably you, asked for a new password for your account on { $site }.
mail-recovery-button = Choose a new password
mail-recovery-open = Open this address to choose one:
mail-recovery-lasts = { $hours ->
    [one] The link works once, within an hour.
   *[other] The link works once, within { $hours } hours.
}
mail-recovery-not-you = If you did not ask for it, there is nothing to do: your password for { $site } stays as it is.
mail-invitation-subject = Your account on { $site }
mail-invitation-why = An account on { $site } was made for you. It has no password yet.
mail-invitation-button = Choose a password
mail-invitation-open = Open this address to choose one:
mail-invitation-lasts = { $days ->
    [one] The link works once, within a day. After that you can ask for a new one on the sign-in page.
   *[other] The link works once, within { $days } days. After that you can ask for a new one on the sign-in page.
}
mail-invitation-not-you = If you did not expect an account on { $site }, you can leave this message alone.
mail-confirm-open = Open this address to confirm it:
mail-confirm-lasts = { $hours ->
    [one] The link works once, within an hour.
   *[other] The link works once, within { $hours } hours.
}
mail-verification-subject = Confirm your email address for { $site }
mail-verification-why = An account on { $site } was made with this email address. Please confirm that the address is yours.
mail-verification-button = Confirm my address
mail-verification-not-you = If you did not make this account on { $site }, you can leave this message alone. Or make the account yours: behind the link you can choose a new password, and whoever made it is signed out.
mail-address-change-subject = Confirm your new email address for { $site }
mail-address-change-why = Somebody, probably you, wants to use this email address for an account on { $site }.
# $account: the present address of that account, masked, such as a***@example.org.
mail-address-change-account = The account has this address so far: { $account }
mail-address-change-button = Use this address
mail-address-change-open = Open this address to confirm it. You will need to be signed in to that account, or its password:
mail-address-change-not-you = If you did not ask for it, you can leave this message alone. Or open the link and choose "This was not me", and nobody can confirm this address for that account on { $site } by it any more.

# Mails that tell what happened. $at: when.
mail-when = When: { $at }
mail-device = With: { $device }
mail-device-unknown = With: a browser that does not say its name
mail-was-you = If this was you, there is nothing to do.
# An address follows.
mail-not-you = If this was not you, somebody else can use your account. Please choose a new password now, which signs everybody out:
mail-password-changed-subject = Your password for { $site } was changed
mail-password-changed-what = The password of your account on { $site } was changed.
mail-username-changed-subject = Your username on { $site } was changed
mail-username-changed-what = The username of your account on { $site } was changed.
mail-address-requested-subject = Another email address for your account on { $site }
mail-address-requested-what = Your account on { $site } is to have another email address.
mail-address-requested-was-you = If this was you, please confirm the new address by the link that was sent there. Until then nothing changes.
# An address follows.
mail-address-requested-not-you = If this was not you, somebody else can use your account. Please choose a new password now, which also stops the change:
mail-address-changed-subject = Your email address on { $site } was changed
mail-address-changed-what = Your account on { $site } has another email address now. Messages no longer come here.
# An address follows.
mail-address-changed-not-you = If this was not you, please tell the people who run { $site } at once:
mail-new-device-subject = New sign-in to your account on { $site }
mail-new-device-what = Somebody signed in to your account on { $site } with a browser that has not been used for it before.
mail-new-app-what = An app or another program signed in to your account on { $site } from a place where it has not been used before.
mail-new-secret-what = A program was given a new secret that opens your account on { $site }.
mail-new-paired-what = A device was paired with your account on { $site }. It can use the account from now on.
mail-address-taken-subject = You already have an account on { $site }
mail-address-taken-what = Somebody, perhaps you, wanted to use this email address for another account on { $site }. It belongs to yours, and nothing was changed.
mail-address-taken-was-you = If this was you, you can sign in to { $site } with this address. If it was not, there is nothing to do.
# An address follows.
mail-address-taken-not-you = If you have forgotten your password for { $site }, choose a new one here:
mail-digest-subject = What happened with your account on { $site }
mail-digest-what = So that your mailbox does not fill up, one message says all of this. It happened with your account on { $site }:
# $count: how many.
mail-digest-earlier = { $count ->
    [one] One more thing happened before.
   *[other] { $count } more things happened before.
}
mail-digest-was-you = If all of this was you, there is nothing to do.
# An address follows.
mail-digest-not-you = If any of it was not you, somebody else may be using your account. Please choose a new password now, which signs everybody out:
# In a list, after the time.
mail-digest-password-changed = The password was changed.
mail-digest-username-changed = The username was changed.
mail-digest-address-requested = Another email address was asked for.
mail-digest-address-changed = The email address was changed.
mail-digest-new-device = Somebody signed in with a new browser.
mail-digest-address-taken = Somebody, perhaps you, wanted to use this email address for another account.
mail-test-subject = { $site } can send mail
mail-test-why = The operator of { $site } sent this message to see whether mail arrives. It does.
mail-test-open = The links of other messages begin with this address:
mail-test-button = Open { $site }
mail-test-not-you = There is nothing for you to do.

# The page that shows a developer the mail which became files
dev-mail-title = Mail
dev-mail-about = There is no mail server, so what would have been sent is here. Whoever sees this page can open the accounts that its links lead to.
dev-mail-none = Nothing has been sent yet.
dev-mail-text = As text
dev-mail-html = As HTML
dev-mail-all = All mail

# The page about the JSON APIs
api-title = API
api-about = Every call that programs can make here, with its fields and answers. Each can be tried on this page: what you send is real.
api-document = The same as an OpenAPI document
api-credentials = Who calls
api-credentials-needed = One of these is needed:
api-credentials-optional = One of these may be sent:
api-fields = Fields
api-name = Name
api-type = Type
api-meaning = Meaning
api-required = required
api-kinds = The body may be sent as
api-example = Example of a body
api-answers = Answers
api-try = Try it
api-body = Body sent as
api-send = Send
api-answer = Answer
