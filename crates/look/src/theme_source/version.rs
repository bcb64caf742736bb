//! The version of the contract with theme authors, and the changes of each version.

use serde::Serialize;

/// The version of the contract. It increases by one when a template that a theme may have replaced must
/// change for the page to keep working. Each such template is listed in [`CHANGES`].
pub const CONTRACT: u32 = 2;

/// The first contract whose pages say notices and alerts in the panel that they are about.
pub(crate) const PANELS_SPEAK: u32 = 2;

/// The changes of each version, oldest first.
pub const CHANGES: &[ContractChange] = &[
    change(
        2,
        "pages/profile.html",
        "the password form is on pages/security.html now, and the list of the page's parts and the link to the \
         devices are the navigation pieces/account_nav.html. A page as it was goes on working; a new one extends \
         account.html, or includes pieces/account_nav.html and pieces/messages.html",
    ),
    change(
        2,
        "pages/devices.html",
        "it extends account.html; a page of your own includes pieces/account_nav.html and pieces/messages.html",
    ),
    change(
        2,
        "pieces/contents.html",
        "the built-in pages include pieces/account_nav.html in its place: the ways to the pages of the account",
    ),
    change(
        2,
        "pieces/portrait.html",
        "the built-in pages do not include it any more: the picture is in pieces/picture_form.html, the address in \
         pieces/email_form.html, and the name in the block `heading` of pages/profile.html",
    ),
    change(
        2,
        "pieces/sessions.html",
        "the built-in pages do not include it any more: the navigation leads there",
    ),
    change(
        2,
        "pages/forgot.html",
        "what is said after somebody has asked is pages/check_email.html: `page.requested` is never true any more",
    ),
    change(
        2,
        "pages/verify_request.html",
        "what is said after somebody has asked is pages/check_email.html: `page.requested` is never true any more",
    ),
    change(2, "pages/check_email.html", "new: where to look after asking for a mail"),
    change(2, "pages/second_step.html", "new: the second step of signing in"),
    change(2, "pages/prove.html", "new: proving once more who one is"),
    change(2, "pieces/code_field.html", "new: the field for a code"),
    change(2, "pieces/passkey_proof.html", "new: the button that proves by a passkey"),
    change(2, "pieces/kept_form.html", "new: what an interrupted form sent"),
    change(2, "account.html", "new: what stands around the pages of the account"),
    change(2, "pages/security.html", "new: the page with the password form"),
    change(2, "pages/app_password.html", "new: a password that was just made for one program"),
    change(
        2,
        "pieces/app_passwords.html",
        "new: the passwords that were made for one program each, on pages/security.html",
    ),
    change(2, "pages/authorization.html", "new: whether a site or an app may know who somebody is"),
    change(
        2,
        "pieces/applications.html",
        "new: the sites and apps that may know who somebody is, on pages/security.html",
    ),
    change(2, "pages/identity.html", "new: somebody who comes back from another provider"),
    change(2, "pieces/provider_buttons.html", "new: the buttons that lead to other providers"),
    change(
        2,
        "pages/sign_in.html",
        "providers: include pieces/provider_buttons.html below the form; it shows nothing where there are none",
    ),
    change(2, "pages/sign_up.html", "include pieces/provider_buttons.html below the form"),
    change(
        2,
        "pieces/providers.html",
        "new: the accounts at other providers that sign in, on pages/security.html",
    ),
    change(
        2,
        "pages/sign_up.html",
        "terms of use: include pieces/terms_field.html below the fields, with `page.form.terms` as `terms`",
    ),
    change(
        2,
        "pages/identity.html",
        "terms of use: include pieces/terms_field.html below the fields, with `page.form.terms` as `terms`",
    ),
    change(
        2,
        "pages/sign_up.html",
        "programs: include pieces/against_bots.html in the form, which has data-challenge and data-bits where \\
         `page.challenge` is not empty; a form without them counts as several sign-ups where work is asked for",
    ),
    change(2, "pieces/against_bots.html", "new: what keeps programs from signing up"),
    change(2, "pieces/terms_field.html", "new: the box by which somebody agrees to the terms of use"),
    change(2, "pages/terms.html", "new: agreeing to terms of use that have changed"),
    change(2, "pages/totp.html", "new: the page that sets up an authenticator app"),
    change(2, "pages/recovery_codes.html", "new: the recovery codes, which are shown once"),
    change(
        2,
        "pieces/second_factors.html",
        "new: the authenticator app and the recovery codes, on pages/security.html",
    ),
    change(2, "pieces/account_nav.html", "new: the ways to the pages of the account"),
    change(2, "pieces/messages.html", "new: the notice and the alert that no panel says"),
    change(2, "pieces/panel_messages.html", "new: the notice or the alert of one panel"),
    change(
        2,
        "pages/sign_in.html",
        "passkeys: include pieces/passkey_sign_in.html below the form if `page.passkeys`; then the field `email` has \
         autocomplete=\"username webauthn\"",
    ),
    change(2, "pieces/passkey_sign_in.html", "new: the button that signs in with a passkey"),
    change(2, "pieces/passkeys.html", "new: the panel of the passkeys"),
    change(2, "pieces/passkey.html", "new: one passkey"),
    change(2, "pieces/no_password.html", "new: the panel of the password where there is none"),
    change(
        2,
        "pieces/picture_form.html",
        "it ends with the script that cuts the picture, picture.js, which vestibule.js does not contain any more",
    ),
    change(
        2,
        "layout.html",
        "its block `banner` includes pieces/factor_recovery.html too: without it nobody sees on your pages that their \
         second factors are going to be taken off",
    ),
    change(2, "pieces/picture_form.html", PANEL),
    change(2, "pieces/profile_form.html", PANEL),
    change(2, "pieces/username_form.html", PANEL),
    change(2, "pieces/email_form.html", PANEL),
    change(2, "pieces/password_form.html", PANEL),
    change(2, "pieces/device_form.html", PANEL),
    change(2, "pieces/openings.html", PANEL),
    change(2, "admin.html", "new: what stands around the pages of the administration"),
    change(2, "pages/admin_accounts.html", "new: finding accounts, for administrators"),
    change(2, "pages/admin_account.html", "new: one account, for administrators"),
    change(2, "pages/admin_action.html", "new: what administrators do to an account"),
    change(2, "pages/admin_invitations.html", "new: invitations, for administrators"),
    change(2, "pages/admin_mail.html", "new: the outbox, for administrators"),
    change(2, "pages/admin_webhooks.html", "new: messages to sites, for administrators"),
    change(2, "pages/admin_keys.html", "new: API keys, for administrators"),
    change(2, "pages/admin_audit.html", "new: the audit log, for administrators"),
    change(2, "pages/admin_status.html", "new: how the server does, for administrators"),
    change(2, "pages/account_deletion.html", "new: deleting one's own account, and taking that back"),
    change(2, "pieces/account_deletion_link.html", "new: the way there, on pages/security.html"),
    change(
        2,
        "pieces/username_form.html",
        "former usernames, `page.former_usernames`, and when the username can be changed again, `page.username_change` and `page.username_change_days`",
    ),
    change(
        2,
        "mail/deletion_declined.html",
        "new: the account stays, although its owner asked to have it deleted",
    ),
    change(2, "mail/account_deleted.html", "new: the account is deleted, with the link that brings it back"),
    change(2, "mail/account_restored.html", "new: a deleted account is there again"),
    change(2, "mail/account_erased.html", "new: the last mail of an account"),
    change(2, "pieces/admin_nav.html", "new: the ways to the pages of the administration"),
    change(
        2,
        "pieces/account_nav.html",
        "administrators: it leads to /admin/accounts if `viewer.administers`",
    ),
];

/// What every panel with a form was given.
const PANEL: &str = "it says what was done or refused in it: `{% set panel = \"…\" %}` with the panel's id, and \
                     `{% include \"pieces/panel_messages.html\" %}`. Its forms have the hidden field `form-page`, \
                     which brings the reader back to this page";

const fn change(contract: u32, template: &'static str, what: &'static str) -> ContractChange {
    ContractChange { contract, template, what }
}

/// What built-in pages have had only since a later contract than the first: forms by their action, links by
/// their target, hidden fields by their name. The check does not ask it of a theme of an older contract.
const SINCE: &[(u32, &str)] = &[
    (2, "/user/devices/ask"),
    (2, "form-page"),
    (2, "/user/security"),
    (2, "/user/devices"),
    (2, "/user/security/app-passwords"),
    (2, "/user/security/app-passwords/revoke"),
    (2, "/user/security/applications/end"),
    (2, "/user/authorize/consent"),
    (2, "/user/logout/application/confirm"),
    (2, "/user/security/log"),
    (2, "/user/security/recovery/cancel"),
    (2, "/user/delete"),
    (2, "/user/modify/email/again"),
    (2, "/user/modify/email/cancel"),
    (2, "/user/login/passkey"),
    (2, "credential"),
    (2, "/user/providers"),
    (2, "/user/identity"),
    (2, "/user/identity/link"),
    (2, "/user/security/providers"),
    (2, "/user/security/providers/unlink"),
    (2, "/user/security/totp"),
    (2, "/user/security/totp/remove"),
    (2, "/user/security/recovery-codes"),
];

/// Whether pages of `contract` have the form, link or hidden field `name` of the built-in page.
pub(crate) fn asked_of(contract: u32, name: &str) -> bool {
    SINCE.iter().all(|(since, new)| *new != name || *since <= contract)
}

/// A change to a template that themes can replace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ContractChange {
    /// The version with the change.
    pub contract: u32,
    /// The name of the template.
    pub template: &'static str,
    /// The step that a theme which replaces the template must take.
    pub what: &'static str,
}
