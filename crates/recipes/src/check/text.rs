//! A check as the last part of a stored text, such as `pbkdf2(sha256,rounds=600000,salt=…,digest=…)`.

use std::fmt;

use super::super::call::{BadRecipe, Call};
use super::super::encoding::to_base64url as bytes;
use super::super::hash::HashName;
use super::super::step::{Key, PepperName};
use super::{ArgonKind, Check};

impl ArgonKind {
    /// The name in PHC strings and in ours.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::D => "argon2d",
            Self::I => "argon2i",
            Self::Id => "argon2id",
        }
    }

    /// Reads what [`text`](Self::text) writes.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::D, Self::I, Self::Id].into_iter().find(|kind| kind.text() == text)
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (salt, digest) = match self {
            Self::Bcrypt { text } => return write!(f, "bcrypt({text})"),
            Self::Argon2 { kind, version, memory_kib, passes, lanes, secret, data, salt, digest } => {
                write!(f, "{}(v={version},m={memory_kib},t={passes},p={lanes}", kind.text())?;
                if let Some(secret) = secret {
                    write!(f, ",secret={}", secret.as_str())?;
                }
                if !data.is_empty() {
                    write!(f, ",data={}", bytes(data))?;
                }
                (salt, digest)
            }
            Self::Blake2b { key, digest } => {
                write!(f, "blake2b(key={}", bytes(key))?;
                (&Vec::new(), digest)
            }
            Self::Digest { hash, rounds, before, after, digest } => {
                write!(f, "digest({},rounds={rounds}", hash.text())?;
                if !after.is_empty() {
                    write!(f, ",after={}", bytes(after))?;
                }
                (before, digest)
            }
            Self::Firebase { log_n, block, salt, key, digest } => {
                write!(f, "firebase(ln={log_n},r={block},{key}")?;
                (salt, digest)
            }
            Self::Hmac { hash, salt, digest } => {
                write!(f, "hmac({}", hash.text())?;
                (salt, digest)
            }
            Self::Md5Crypt { apache, salt, digest } => {
                write!(f, "md5-crypt({}", if *apache { "apache" } else { "unix" })?;
                (salt, digest)
            }
            Self::Pbkdf2 { hash, rounds, salt, digest } => {
                write!(f, "pbkdf2({},rounds={rounds}", hash.text())?;
                (salt, digest)
            }
            Self::Phpass { hash, log_rounds, salt, digest } => {
                write!(f, "phpass({},ln={log_rounds}", hash.text())?;
                (salt, digest)
            }
            Self::Scram { hash, rounds, salt, digest } => {
                write!(f, "scram({},rounds={rounds}", hash.text())?;
                (salt, digest)
            }
            Self::Scrypt { log_n, block, lanes, salt, digest } => {
                write!(f, "scrypt(ln={log_n},r={block},p={lanes}")?;
                (salt, digest)
            }
            Self::Sha1Crypt { rounds, salt, digest } => {
                write!(f, "sha1-crypt(rounds={rounds}")?;
                (salt, digest)
            }
            Self::ShaCrypt { hash, rounds, salt, digest } => {
                write!(f, "sha-crypt({},rounds={rounds}", hash.text())?;
                (salt, digest)
            }
            Self::Yescrypt { params, salt, digest } => {
                write!(f, "yescrypt({params}")?;
                (salt, digest)
            }
        };
        if !salt.is_empty() {
            write!(f, ",salt={}", bytes(salt))?;
        }
        write!(f, ",digest={})", bytes(digest))
    }
}

impl Check {
    /// Reads what `Display` writes. The parameters may still be impossible: see
    /// [`is_possible`](Self::is_possible).
    pub(crate) fn parse(mut call: Call<'_>) -> Result<Self, BadRecipe> {
        const BYTES: &str = "base64 for URLs as `salt` and `digest`";
        if call.name() == "bcrypt" {
            let text = call.word().ok_or_else(|| call.bad("the 60 characters of its hash"))?.to_owned();
            return call.finish(Self::Bcrypt { text });
        }
        let digest = call.bytes("digest", BYTES)?;
        let salt = call.bytes("salt", BYTES)?;
        let read = match call.name() {
            "blake2b" => Self::Blake2b { key: call.bytes("key", "`key=base64url`")?, digest },
            "digest" => Self::Digest {
                hash: hash(&mut call)?,
                rounds: rounds(&mut call)?,
                before: salt,
                after: call.bytes("after", "`after=base64url`")?,
                digest,
            },
            "firebase" => {
                let (log_n, block) = (number(&mut call, "ln")?, number(&mut call, "r")?);
                Self::Firebase { log_n, block, key: Key::take(&mut call)?, salt, digest }
            }
            "hmac" => Self::Hmac { hash: hash(&mut call)?, salt, digest },
            "md5-crypt" => {
                let apache = match call.word() {
                    Some("apache") => true,
                    Some("unix") => false,
                    _ => return Err(call.bad("`apache` or `unix`")),
                };
                Self::Md5Crypt { apache, salt, digest }
            }
            "pbkdf2" => Self::Pbkdf2 { hash: hash(&mut call)?, rounds: rounds(&mut call)?, salt, digest },
            "phpass" => {
                let (hash, log_rounds) = (hash(&mut call)?, number(&mut call, "ln")?);
                Self::Phpass { hash, log_rounds, salt, digest }
            }
            "scram" => Self::Scram { hash: hash(&mut call)?, rounds: rounds(&mut call)?, salt, digest },
            "scrypt" => {
                let (log_n, block) = (number(&mut call, "ln")?, number(&mut call, "r")?);
                Self::Scrypt { log_n, block, lanes: number(&mut call, "p")?, salt, digest }
            }
            "sha1-crypt" => Self::Sha1Crypt { rounds: rounds(&mut call)?, salt, digest },
            "sha-crypt" => {
                Self::ShaCrypt { hash: hash(&mut call)?, rounds: rounds(&mut call)?, salt, digest }
            }
            "yescrypt" => {
                let params = call.word().ok_or_else(|| call.bad("the parameters of its text"))?.to_owned();
                Self::Yescrypt { params, salt, digest }
            }
            name => match ArgonKind::parse(name) {
                Some(kind) => argon2(&mut call, kind, salt, digest)?,
                None => return Err(BadRecipe::UnknownWord(name.to_owned())),
            },
        };
        call.finish(read)
    }
}

fn argon2(call: &mut Call<'_>, kind: ArgonKind, salt: Vec<u8>, digest: Vec<u8>) -> Result<Check, BadRecipe> {
    let secret = match call.take("secret") {
        None => None,
        Some(name) => Some(PepperName::parse(name).ok_or_else(|| call.bad("`secret=name`"))?),
    };
    Ok(Check::Argon2 {
        kind,
        version: number(call, "v")?,
        memory_kib: number(call, "m")?,
        passes: number(call, "t")?,
        lanes: number(call, "p")?,
        secret,
        data: call.bytes("data", "`data=base64url`")?,
        salt,
        digest,
    })
}

fn hash(call: &mut Call<'_>) -> Result<HashName, BadRecipe> {
    let name = call.word().and_then(HashName::parse);
    name.ok_or_else(|| call.bad("a digest such as `sha256`"))
}

fn rounds(call: &mut Call<'_>) -> Result<u32, BadRecipe> {
    number(call, "rounds")
}

fn number<T: std::str::FromStr>(call: &mut Call<'_>, name: &str) -> Result<T, BadRecipe> {
    call.number(name, "its parameters as numbers")
}
