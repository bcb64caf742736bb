//! Variants that are not among the fixtures, as passlib 1.7.4 wrote them.

use vestibule_recipes::{Columns, ForeignHash, NoPeppers, Typed, recipe_of};

use super::fixture::WITH_WEAK;

fn is(value: &str, password: &str) -> bool {
    let recipe = recipe_of("passlib").unwrap();
    let hash = ForeignHash::read(&recipe, &Columns::of(value), &WITH_WEAK, &NoPeppers);
    let hash = hash.unwrap_or_else(|refusal| panic!("{value}: {refusal}"));
    hash.verify(&Typed::from(password), &NoPeppers).unwrap()
}

#[test]
fn variants_of_one_scheme_are_told_apart() {
    for value in [
        "{FSHP0|16|1000}xVjr/f+f01pLSYnR+j8HIMLN1NoUqBPR5jWSlzbXsTPAtGO4",
        "{FSHP2|16|1000}iLGWktL6PydEaI1xjvE+53gLaQhxEWtgm2pMmtjZIijry2epr0sravBKERzZ32JFlKHkGpSzrVF5SEsKidNM4Q==",
        "{FSHP3|16|1000}p5QyJoRwrpXyfq8VojTGGBeVi38PiLwzecViZuHHT4FAfKS0q7LUYuZ96wsVQ3BsKTMJfvKFy6gXijlDvhW6BWTfbfjF\
         uV4SMO5YR/xAA80=",
        "$bcrypt-sha256$2b,4$sYc9XLqAndatZG4n2BRVoe$sLr3YwgLIcsTLzt32C4EX2ysvN6V80u",
        "$scram$1000$hzCGECJkbC0F4Nw7$sha-1=FTukWfIxI146zGYyIjAitMJTmNc",
        "md5$UZikKHHaRrR3$97efc84280cf267de9253e88217660a4",
        "bcrypt_sha256$$2b$04$h8Jp4hJTrjVuBySz5ujCf.HPvvfs6xOCmYBYXjFaW8ZjfgYsKx87K",
    ] {
        assert!(is(value, "correct horse é") && !is(value, "correct horse e"), "{value}");
    }
}

#[test]
fn md5_crypt_takes_passwords_of_every_length() {
    for (length, unix, apache) in [
        (0, "$1$abcdefgh$M55TzYaaccxVGbptZWaxX/", "$apr1$abc$BfqKdn9xFDWJPa3kcp/PH0"),
        (1, "$1$abcdefgh$jUYc1Xi7pkozuzWQ0Dft71", "$apr1$abc$b6nqHHLPPqa94mIwbhz4Q0"),
        (15, "$1$abcdefgh$EIwAzsJV6lWBcmCeofN85/", "$apr1$abc$5/x41O1.ufmnbmaHGSiFr1"),
        (16, "$1$abcdefgh$J5Pq6dOOetPOeW.rmwFCA0", "$apr1$abc$7pjpfLAKNTp04I4jqs4cL."),
        (17, "$1$abcdefgh$IBfLruRzofMlJhr0TRfXP1", "$apr1$abc$cjWluHszOYJ0McCBpWpyg0"),
        (33, "$1$abcdefgh$Q/EOMdMzzIbywEnLf/9Fq1", "$apr1$abc$G6dqHMaKPw/urK3WXMRnM1"),
        (64, "$1$abcdefgh$Z6CsjrF3TeM70yA9PQ5/G.", "$apr1$abc$Zp3AR1fkd0eVkjIpNVvoc0"),
    ] {
        assert!(is(unix, &"a".repeat(length)) && is(apache, &"b".repeat(length)), "{length}");
        assert!(!is(unix, &"a".repeat(length + 1)));
    }
}
