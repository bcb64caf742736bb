//! Which template shows the page at a path.

use super::{
    ADMIN_ACCOUNTS, ADMIN_AUDIT, ADMIN_INVITATIONS, ADMIN_KEYS, ADMIN_MAIL, ADMIN_RETRY_MAIL,
    ADMIN_RETRY_WEBHOOK, ADMIN_REVOKE_KEY, ADMIN_STATUS, ADMIN_WEBHOOKS, API_DOCS, AUTHORIZE, CANCEL_ADDRESS,
    CANCEL_DELETION, CHANGE_ADDRESS, CHANGE_PASSWORD, CHANGE_PASWORD, CHANGE_PICTURE, CHANGE_PROFILE,
    CHANGE_USERNAME, CONFIRM_ADDRESS, CONSENT, DATA, DECLINE_ADDRESS, DELETE_ACCOUNT, DENY_EVENT, DEVICES,
    END_APPLICATION, END_OPENING, END_OTHER_OPENINGS, END_TRUST, FORGOT, IDENTITY, KEEP_FACTORS,
    KEEP_FACTORS_BY_LINK, LINK_IDENTITY, LINK_PROVIDER, LOST_FACTORS, PAIR_DEVICE, PROFILE, PROVE, PROVIDERS,
    RECOVER_FACTORS, RECOVERY_CODES, REMOVE_DEVICE, REMOVE_PICTURE, REMOVE_TOTP, RESET, RESTORE_ACCOUNT,
    REVOKE_APP_PASSWORD, SECOND_STEP, SECURITY, SECURITY_LOG, SEND_ADDRESS_AGAIN, SEND_VERIFICATION, SIGN_IN,
    SIGN_UP, SWITCH, TERMS, TOTP, UNLINK_PROVIDER, VERIFY, lies_below,
};

/// The template of the page at `path`; `None` where there is none, or another each time.
pub fn template(path: &str) -> Option<&'static str> {
    match path {
        SIGN_IN => Some("pages/sign_in.html"),
        SECOND_STEP => Some("pages/second_step.html"),
        PROVE => Some("pages/prove.html"),
        TERMS => Some("pages/terms.html"),
        AUTHORIZE | CONSENT => Some("pages/authorization.html"),
        IDENTITY | LINK_IDENTITY => Some("pages/identity.html"),
        path if lies_below(path, PROVIDERS) => Some("pages/identity.html"),
        SIGN_UP => Some("pages/sign_up.html"),
        FORGOT => Some("pages/forgot.html"),
        RESET => Some("pages/reset.html"),
        LOST_FACTORS | RECOVER_FACTORS | KEEP_FACTORS_BY_LINK => Some("pages/factor_recovery.html"),
        VERIFY => Some("pages/verify.html"),
        SEND_VERIFICATION => Some("pages/verify_request.html"),
        CONFIRM_ADDRESS | DECLINE_ADDRESS => Some("pages/address.html"),
        SWITCH => Some("pages/switch.html"),
        PROFILE | CHANGE_USERNAME | CHANGE_ADDRESS | SEND_ADDRESS_AGAIN | CANCEL_ADDRESS | CHANGE_PROFILE
        | CHANGE_PICTURE | REMOVE_PICTURE => Some("pages/profile.html"),
        SECURITY_LOG => Some("pages/security_log.html"),
        DENY_EVENT => Some("pages/security_event.html"),
        path if lies_below(path, SECURITY_LOG) => Some("pages/security_event.html"),
        TOTP => Some("pages/totp.html"),
        RECOVERY_CODES => Some("pages/recovery_codes.html"),
        SECURITY | CHANGE_PASSWORD | CHANGE_PASWORD | REMOVE_TOTP | REVOKE_APP_PASSWORD | END_APPLICATION
        | LINK_PROVIDER | UNLINK_PROVIDER | KEEP_FACTORS => Some("pages/security.html"),
        DEVICES | PAIR_DEVICE | REMOVE_DEVICE | END_OPENING | END_OTHER_OPENINGS | END_TRUST => {
            Some("pages/devices.html")
        }
        DATA => Some("pages/data.html"),
        DELETE_ACCOUNT | CANCEL_DELETION | RESTORE_ACCOUNT => Some("pages/account_deletion.html"),
        API_DOCS => Some("pages/api.html"),
        ADMIN_ACCOUNTS => Some("pages/admin_accounts.html"),
        ADMIN_INVITATIONS => Some("pages/admin_invitations.html"),
        ADMIN_MAIL | ADMIN_RETRY_MAIL => Some("pages/admin_mail.html"),
        ADMIN_WEBHOOKS | ADMIN_RETRY_WEBHOOK => Some("pages/admin_webhooks.html"),
        ADMIN_KEYS | ADMIN_REVOKE_KEY => Some("pages/admin_keys.html"),
        ADMIN_AUDIT => Some("pages/admin_audit.html"),
        ADMIN_STATUS => Some("pages/admin_status.html"),
        path => match path.strip_prefix(ADMIN_ACCOUNTS)?.split('/').count() {
            2 => Some("pages/admin_account.html"),
            3 => Some("pages/admin_action.html"),
            _ => None,
        },
    }
}
