//! Which columns become what, as an operator declares it.

use std::fmt;

use super::target::Target;

/// `ours=theirs` pairs, such as `email=mail` and `created_at_seconds=joined`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnMap(Vec<(Target, String)>);

impl ColumnMap {
    /// Reads the pairs, of which one text may hold several between commas.
    ///
    /// # Errors
    /// [`BadMap`] names the pair.
    pub fn parse<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, BadMap> {
        let mut pairs: Vec<(Target, String)> = Vec::new();
        for pair in texts.into_iter().flat_map(|text| text.split(',')).map(str::trim) {
            let (ours, theirs) = pair.split_once('=').ok_or_else(|| BadMap::NoPair(pair.to_owned()))?;
            if theirs.is_empty() {
                return Err(BadMap::NoPair(pair.to_owned()));
            }
            let target: Target = ours.parse().map_err(|()| BadMap::UnknownName(ours.to_owned()))?;
            if pairs.iter().any(|(known, _)| *known == target) {
                return Err(BadMap::Twice(ours.to_owned()));
            }
            pairs.push((target, theirs.to_owned()));
        }
        // A salt goes to a password that is there.
        pairs.sort_by_key(|(target, _)| *target != Target::Password);
        Ok(Self(pairs))
    }

    /// Whether a column has the secrets of authenticator apps.
    #[must_use]
    pub fn has_totp(&self) -> bool {
        self.0.iter().any(|(target, _)| *target == Target::Totp)
    }

    /// The names of the operator's own fields that columns are for.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|(target, _)| match target {
            Target::Field(name) => Some(&**name),
            _ => None,
        })
    }

    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&Target, &str)> {
        self.0.iter().map(|(target, theirs)| (target, theirs.as_str()))
    }
}

/// What is wrong with a map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadMap {
    /// Not `ours=theirs`.
    NoPair(String),
    /// Nothing of a record has this name.
    UnknownName(String),
    /// The name stands twice.
    Twice(String),
}

impl BadMap {
    /// A stable word for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoPair(_) => "map_no_pair",
            Self::UnknownName(_) => "map_unknown_name",
            Self::Twice(_) => "map_name_twice",
        }
    }
}

impl fmt::Display for BadMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPair(pair) => write!(f, "`{pair}` is not of the form ours=theirs"),
            Self::UnknownName(name) => write!(f, "nothing of an account is named `{name}`"),
            Self::Twice(name) => write!(f, "`{name}` stands twice"),
        }
    }
}

impl std::error::Error for BadMap {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_is_read_or_refused_by_name() {
        let map = ColumnMap::parse(["password_salt=s,password=p", "fields.town=city"]).unwrap();
        let pairs: Vec<_> = map.pairs().map(|(_, theirs)| theirs).collect();
        assert_eq!(pairs, ["p", "s", "city"]);
        assert!(!map.has_totp() && ColumnMap::parse(["totp=secret"]).unwrap().has_totp());
        for (text, code) in [
            ("", "map_no_pair"),
            ("email", "map_no_pair"),
            ("email=", "map_no_pair"),
            ("mail=email", "map_unknown_name"),
            ("fields.=x", "map_unknown_name"),
            ("email=a,email=b", "map_name_twice"),
        ] {
            assert_eq!(ColumnMap::parse([text]).unwrap_err().code(), code, "{text}");
        }
    }
}
