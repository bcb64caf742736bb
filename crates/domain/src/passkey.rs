//! Passkeys: key pairs whose private half an authenticator keeps (W3C Web Authentication). An authenticator
//! uses one only for whoever it has recognised, so a passkey is something one has and something one is or
//! knows.

use super::{AccountId, Millis};

/// The most passkeys of an account.
pub const MOST_PASSKEYS: usize = 20;

/// The longest name of a passkey, in characters. It fits on one line of a list.
pub const PASSKEY_NAME_MAX_CHARS: usize = 60;

/// The number of a passkey. Its owner renames and removes it by this number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PasskeyId(pub i64);

/// A passkey, as its owner sees it.
#[derive(Clone, Debug)]
pub struct Passkey {
    pub id: PasskeyId,
    pub account_id: AccountId,
    /// By what an authenticator finds it.
    pub credential_id: Vec<u8>,
    /// The model of the authenticator that made it; zeros where it does not say.
    pub model: AuthenticatorModel,
    /// What its owner calls it.
    pub name: String,
    pub created_at: Millis,
    /// When it was last used; `None` before the first time.
    pub seen_at: Option<Millis>,
    /// The network that it was last used from; may be empty.
    pub place: String,
}

/// The model of an authenticator, by its AAGUID. An authenticator can say what it likes: the name is for its
/// owner, and nothing depends on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AuthenticatorModel(pub [u8; 16]);

impl AuthenticatorModel {
    /// The name that its maker gives it; `None` for a model that is not in the list.
    pub fn name(self) -> Option<&'static str> {
        let known = u128::from_be_bytes(self.0);
        MODELS.iter().find(|(model, _)| *model == known).map(|(_, name)| *name)
    }
}

/// The common ones, as their makers entered them into `aaguid.json` of
/// <https://github.com/passkeydeveloper/passkey-authenticator-aaguids> (7 August 2026).
const MODELS: [(u128, &str); 29] = [
    (0xea9b8d66_4d01_1d21_3ce4_b6b48cb575d4, "Google Password Manager"),
    (0xadce0002_35bc_c60a_648b_0b25f1f05503, "Chrome on Mac"),
    (0xb5397666_4885_aa6b_cebf_e52262a439a2, "Chromium"),
    (0x771b48fd_d3d4_4f74_9232_fc157ab0507a, "Edge on Mac"),
    (0xfbfc3007_154e_4ecc_8c0b_6e020557d7bd, "Apple Passwords"),
    (0xdd4ec289_e01d_41c9_bb89_70fa845d4bf2, "iCloud Keychain"),
    (0x08987058_cadc_4b81_b6e1_30de50dcbe96, "Windows Hello"),
    (0x9ddd1817_af5a_4672_a2b9_3e3dd95000a9, "Windows Hello"),
    (0x6028b017_b1d4_4c02_b4b3_afcdafc96bb2, "Windows Hello"),
    (0xd3452668_01fd_4c12_926c_83a4204853aa, "Microsoft Password Manager"),
    (0x53414d53_554e_4700_0000_000000000000, "Samsung Pass"),
    (0xbada5566_a7aa_401f_bd96_45619a55120d, "1Password"),
    (0xd548826e_79b4_db40_a3d8_11116f7e8349, "Bitwarden"),
    (0x531126d6_e717_415c_9320_3d9aa6981239, "Dashlane"),
    (0xf3809540_7f14_49c1_a8b3_8f813b225541, "Enpass"),
    (0xfdb141b2_5d84_443e_8a35_4698c205a502, "KeePassXC"),
    (0xeaecdef2_1c31_5634_8639_f1cbd9c00a08, "KeePassDX"),
    (0x0ea242b4_43c4_4a1b_8b17_dd6d0b6baec6, "Keeper"),
    (0xb78a0a55_6ef8_d246_a042_ba0f6d55050c, "LastPass"),
    (0xb84e4048_15dc_4dd0_8640_f4f60813c8af, "NordPass"),
    (0x50726f74_6f6e_5061_7373_50726f746f6e, "Proton Pass"),
    (0xb35a26b2_8f6e_4697_ab1d_d44db4da28c6, "Zoho Vault"),
    (0xde503f9c_21a4_4f76_b4b7_558eb55c6f89, "Devolutions"),
    (0xa10c6dd9_465e_4226_8198_c7c44b91c555, "Kaspersky Password Manager"),
    (0xfa37f553_f9b6_4adb_ac53_8bbb57ebdf0d, "Norton Password Manager"),
    (0xa4a2d88e_9796_4356_9164_e2a5a8bd019c, "Avast Password Manager"),
    (0xe7db2bd3_f2fe_4d71_ad78_7e7aa166cfd1, "Avira Password Manager"),
    (0xd9be9d39_e6a6_4c28_a581_32b044d986e4, "Sticky Password Manager"),
    (0xa11a5faa_9f32_4b8c_8c5d_2f7d13e8c942, "AliasVault"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_model_has_a_name_that_fits() {
        let bitwarden = AuthenticatorModel(0xd548826e_79b4_db40_a3d8_11116f7e8349_u128.to_be_bytes());
        assert_eq!(bitwarden.name(), Some("Bitwarden"));
        assert_eq!(AuthenticatorModel::default().name(), None);
        for (model, name) in MODELS {
            assert!(name.chars().count() <= PASSKEY_NAME_MAX_CHARS);
            assert_eq!(MODELS.iter().filter(|(other, _)| *other == model).count(), 1, "{name}");
        }
    }
}
