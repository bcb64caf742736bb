//! How often one address and one account may do what costs work or sends mail.

use std::time::Duration;

use limiter::{Rate, Rates};

use super::describe::{Declared, DescribeSetting, SettingRow, full_name, settings};
use super::kind::{Bounds, HasKind, SettingKind};

settings! {
    /// `[default.rates]`
    RateSettings {
        /// Accounts that one address may make.
        sign_ups_by_address: u32 = Rates::default().registration_by_ip.burst.get(), range 1 to 100000 "in an hour";
        /// Tries of one address, right or wrong, to sign in from browsers that the account does not know.
        sign_ins_by_address: u32 = Rates::default().login_by_ip.burst.get(), range 5 to 1000000 "in 10 minutes";
        /// Passwords of one address that are hashed, whatever asks for it; not less than
        /// `rates.sign_ins_by_address`.
        hashes_by_address: u32 = Rates::default().password_hash_by_ip.burst.get(), range 5 to 1000000 "in 10 minutes";
        /// Right passwords of one account that are hashed.
        hashes_by_account: u32 = Rates::default().password_hash_by_account.burst.get(), range 5 to 1000000 "in 10 minutes";
        /// Mails with a link that one address may ask for.
        mails_by_address: u32 = Rates::default().mail_request_by_ip.burst.get(), range 1 to 100000 "in an hour";
        /// Mails with a link of one kind that one account gets.
        mails_by_account: u32 = Rates::default().recovery_mail_by_account.burst.get(), range 1 to 100 "in an hour";
        /// Pictures that one account may upload.
        pictures_by_account: u32 = Rates::default().picture_upload_by_account.burst.get(), range 1 to 100000 "in 10 minutes";
    }
}

impl RateSettings {
    /// The limiter's rates.
    pub fn rates(&self) -> Rates {
        let in_ten_minutes = |burst| Rate::new(burst, Duration::from_secs(600));
        let in_an_hour = |burst| Rate::new(burst, Duration::from_secs(3_600));
        Rates {
            registration_by_ip: in_an_hour(self.sign_ups_by_address),
            login_by_ip: in_ten_minutes(self.sign_ins_by_address),
            password_hash_by_ip: in_ten_minutes(self.hashes_by_address),
            password_hash_by_account: in_ten_minutes(self.hashes_by_account),
            mail_request_by_ip: in_an_hour(self.mails_by_address),
            recovery_mail_by_account: in_an_hour(self.mails_by_account),
            verification_mail_by_account: in_an_hour(self.mails_by_account),
            address_change_by_account: in_an_hour(self.mails_by_account),
            picture_upload_by_account: in_ten_minutes(self.pictures_by_account),
            ..Rates::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_the_limiters() {
        assert_eq!(format!("{:?}", RateSettings::default().rates()), format!("{:?}", Rates::default()));
    }
}
