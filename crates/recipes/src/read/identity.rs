//! ASP.NET Core Identity's bytes, and Keycloak's JSON in strings.

use serde_json::Value;

use super::super::check::{ArgonKind, Check};
use super::super::columns::Columns;
use super::super::hash::HashName;
use super::super::refusal::{OrMalformed as _, Refusal};
use super::Plan;
use super::parts::{base64, number};

/// Rounds and salt of version 2.
const V2_ROUNDS: u32 = 1000;
const V2_SALT: usize = 16;
const V2_DIGEST: usize = 32;

/// Base64 of 0, salt and digest; or of 1, three numbers, salt and digest.
pub(super) fn aspnet(columns: &Columns<'_>) -> Result<Plan, Refusal> {
    let bytes = base64(columns.value)?;
    let (version, rest) = bytes.split_first().or_malformed("no version")?;
    let (hash, rounds, salt, rest) = match version {
        0 => (HashName::Sha1, V2_ROUNDS, V2_SALT, rest),
        1 => {
            let (hash, rest) = big_endian(rest)?;
            let (rounds, rest) = big_endian(rest)?;
            let (salt, rest) = big_endian(rest)?;
            let hash = match hash {
                0 => HashName::Sha1,
                1 => HashName::Sha256,
                2 => HashName::Sha512,
                _ => return Err(Refusal::UnknownScheme("no digest of ASP.NET's")),
            };
            (hash, rounds, salt as usize, rest)
        }
        _ => return Err(Refusal::UnknownScheme("no version of ASP.NET's hashes")),
    };
    let (salt, digest) = rest.split_at_checked(salt).or_malformed("shorter than its salt")?;
    if *version == 0 && digest.len() != V2_DIGEST {
        return Err(Refusal::Malformed("a digest of another length"));
    }
    Ok(Check::Pbkdf2 { hash, rounds, salt: salt.to_vec(), digest: digest.to_vec() }.into())
}

fn big_endian(bytes: &[u8]) -> Result<(u32, &[u8]), Refusal> {
    let (number, rest) = bytes.split_first_chunk().or_malformed("no parameters")?;
    Ok((u32::from_be_bytes(*number), rest))
}

/// `secretData` as the value, `credentialData` as the algorithm.
pub(super) fn keycloak(columns: &Columns<'_>) -> Result<Plan, Refusal> {
    let json = |text: &str| serde_json::from_str::<Value>(text).ok().or_malformed("no JSON");
    let secret = json(columns.value)?;
    let data = json(columns.algorithm.or_malformed("no credentialData")?)?;
    let bytes = |name: &str| base64(secret[name].as_str().or_malformed("no value and salt in secretData")?);
    let (salt, digest) = (bytes("salt")?, bytes("value")?);
    let rounds = data["hashIterations"].as_u64().and_then(|rounds| u32::try_from(rounds).ok());
    let rounds = rounds.or_malformed("no hashIterations")?;
    let hash = match data["algorithm"].as_str().or_malformed("no algorithm")? {
        "pbkdf2" => HashName::Sha1,
        "pbkdf2-sha256" => HashName::Sha256,
        "pbkdf2-sha512" => HashName::Sha512,
        "argon2" => {
            let more = &data["additionalParameters"];
            return keycloak_argon2(more, rounds, salt, digest).map(Plan::from);
        }
        _ => return Err(Refusal::UnknownScheme("no algorithm of Keycloak's")),
    };
    Ok(Check::Pbkdf2 { hash, rounds, salt, digest }.into())
}

/// Each parameter is a list of one string.
fn keycloak_argon2(more: &Value, passes: u32, salt: Vec<u8>, digest: Vec<u8>) -> Result<Check, Refusal> {
    let text = |name: &str| more[name][0].as_str().or_malformed("a parameter is missing");
    let kind = match text("type")? {
        "id" => ArgonKind::Id,
        "i" => ArgonKind::I,
        "d" => ArgonKind::D,
        _ => return Err(Refusal::UnknownScheme("no kind of Argon2")),
    };
    let version = match text("version")? {
        "1.3" => 19,
        "1.0" => 16,
        _ => return Err(Refusal::UnknownScheme("no version of Argon2")),
    };
    let (memory_kib, lanes) = (number(text("memory")?)?, number(text("parallelism")?)?);
    let (secret, data) = (None, Vec::new());
    Ok(Check::Argon2 { kind, version, memory_kib, passes, lanes, secret, data, salt, digest })
}
