//! The states of the profile page.

use super::{HOSTILE, NOTICES, Sample, Samples, Words, long, typed};
use crate::pages::{
    AccountView, AvatarView, ChoiceView, EmailForm, OptionView, PasswordForm, PictureForm, ProfileForm,
    ProfileForms, ProfilePage, SecretView, TimeView, UsernameForm,
};
use domain::Millis;

impl Samples for ProfilePage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let ada = || profile(words, "ada", "Ada Lovelace", false);
        let show = |state: &str, page: Self| {
            let viewer = page.account.display_name.clone();
            Sample::of(state, page).seen_by(&viewer)
        };
        let mut newcomer = profile(words, "", "newcomer", false);
        newcomer.account.name.clear();
        newcomer.account.avatar = letter();
        newcomer.forms.profile.name.value.clear();
        let mut fields = ada();
        fields.forms.profile.fields = words.custom_fields("", "", false);
        let mut filled_fields = ada();
        filled_fields.forms.profile.fields = words.custom_fields("2024-05-31", "", false);
        let mut crowded = ada();
        crowded.sessions =
            (1..=50).map(|number| words.session(number, "Firefox · Linux", number == 1)).collect();
        let mut stranger = ada();
        stranger.sessions =
            vec![words.session(1, "", true), words.session(2, "", false), words.session(3, HOSTILE, false)];
        for session in &mut stranger.sessions {
            session.address = if session.current { String::new() } else { HOSTILE.to_owned() };
        }
        let mut hostile = profile(words, HOSTILE, HOSTILE, true);
        hostile.forms.profile.fields = words.custom_fields(HOSTILE, HOSTILE, true);
        let endless = profile(words, &"W".repeat(40), &long("Adalovelace"), false);
        let mut samples = vec![
            show("ordinary", ada()),
            show("new, without username, name and picture", newcomer),
            show("custom fields", fields),
            show("custom fields, filled", filled_fields),
            show("address to be proven", ada()).unverified(),
            show("many sessions", crowded),
            show("unknown devices", stranger),
            show("errors everywhere", profile(words, "a b", "Ada", true)).with_alert(words.counted(
                "fix_the_fields",
                "count",
                8,
            )),
            show("hostile", hostile).with_alert(words.counted("fix_the_fields", "count", 1)),
            show("long", endless),
            show("too many tries", ada()).with_alert(words.counted("throttled", "seconds", 90)),
            show("too much to do", ada()).with_alert(words.alert("busy")),
        ];
        samples.extend(NOTICES.map(|code| Sample {
            notice: Some(words.renderer.notice(words.locale, "notice", code)),
            ..show(&format!("notice {code}"), ada())
        }));
        samples
    }
}

fn letter() -> AvatarView {
    let address = || "/user/picture/letter/7/N.svg".to_owned();
    AvatarView { small: address(), medium: address(), large: address(), full: address(), uploaded: false }
}

fn picture() -> AvatarView {
    let address = |size: u32| format!("/user/picture/{}/{size}.jpg", "0f".repeat(32));
    AvatarView {
        small: address(64),
        medium: address(128),
        large: address(256),
        full: address(512),
        uploaded: true,
    }
}

fn profile(words: Words<'_>, username: &str, name: &str, wrong: bool) -> ProfilePage {
    let line = |value: &str| if wrong { words.wrong(value) } else { typed(value) };
    let secret = || if wrong { words.wrong_secret() } else { SecretView::default() };
    let option =
        |value: &str, label: String| OptionView { value: value.to_owned(), label, selected: value == "fr" };
    let catalog = words.renderer.catalog();
    let named =
        catalog.locales().map(|locale| option(locale.as_str(), catalog.text(locale, "locale-name", &[])));
    let automatic = option("", words.sentence("locale-automatic"));
    let locale = ChoiceView {
        value: "fr".to_owned(),
        options: std::iter::once(automatic).chain(named).collect(),
        errors: secret().errors,
    };
    ProfilePage {
        account: AccountView {
            id: 7,
            email: if wrong { HOSTILE.to_owned() } else { "ada@example.org".to_owned() },
            username: username.to_owned(),
            name: name.to_owned(),
            display_name: name.to_owned(),
            avatar: picture(),
            created_at: TimeView::day(Millis(1_717_100_000_000), words.dates()),
        },
        forms: ProfileForms {
            profile: ProfileForm {
                name: line(name),
                firstname: line(name),
                lastname: line(name),
                locale,
                fields: Vec::new(),
            },
            username: UsernameForm { username: line(username) },
            email: EmailForm { email: line(""), apassword: secret() },
            password: PasswordForm { apassword: secret(), npassword: secret() },
            picture: PictureForm { file: secret() },
        },
        sessions: vec![words.session(1, "Firefox · Linux", true), words.session(2, "Safari · iPhone", false)],
        password_min: 8,
        picture_max_mib: 10,
        picture_max_bytes: 10 << 20,
    }
}
