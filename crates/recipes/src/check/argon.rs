//! Argon2 in all its kinds, with what npm's argon2 adds: a secret, associated data and long digests.

use argon2::{Algorithm, Argon2, AssociatedData, Block, Params, ParamsBuilder, Version};
use zeroize::Zeroizing;

use super::super::refusal::VerifyError;
use super::{ArgonKind, Check};

/// The parameters as the crate has them; `None` if it refuses them.
pub(super) fn params(check: &Check) -> Option<Params> {
    let Check::Argon2 { memory_kib, passes, lanes, data, digest, .. } = check else { return None };
    let mut builder = ParamsBuilder::new();
    builder.m_cost(*memory_kib).t_cost(*passes).p_cost(*lanes).output_len(digest.len());
    if !data.is_empty() {
        builder.data(AssociatedData::new(data).ok()?);
    }
    builder.build().ok()
}

pub(super) fn compute(
    check: &Check,
    input: &[u8],
    secret: Option<&[u8]>,
) -> Result<Zeroizing<Vec<u8>>, VerifyError> {
    let Check::Argon2 { kind, version, salt, digest, .. } = check else {
        return Err(VerifyError::Library);
    };
    let algorithm = match kind {
        ArgonKind::D => Algorithm::Argon2d,
        ArgonKind::I => Algorithm::Argon2i,
        ArgonKind::Id => Algorithm::Argon2id,
    };
    let version = Version::try_from(*version).map_err(|_| VerifyError::Library)?;
    let params = params(check).ok_or(VerifyError::Library)?;
    let mut blocks: Vec<Block> = Vec::new();
    blocks.try_reserve_exact(params.block_count()).map_err(|_| VerifyError::OutOfMemory)?;
    blocks.resize(params.block_count(), Block::new());
    let argon2 = match secret {
        Some(secret) => Argon2::new_with_secret(secret, algorithm, version, params),
        None => Ok(Argon2::new(algorithm, version, params)),
    };
    let argon2 = argon2.map_err(|_| VerifyError::Library)?;
    let mut computed = Zeroizing::new(vec![0; digest.len()]);
    argon2
        .hash_password_into_with_memory(input, salt, &mut computed, &mut blocks)
        .map_err(|_| VerifyError::Library)?;
    Ok(computed)
}
