//! The actors that change accounts, and their rights.

use super::{AccountError, ApiKey, Role, Scope, Session};

/// The party that acts on an account.
#[derive(Clone, Copy, Debug)]
pub enum Actor<'a> {
    /// The account's owner, signed in with a browser. Changes to one's own account have flows of their own,
    /// so this actor has no rights over accounts.
    Owner(&'a Session),
    /// A trusted server, identified by its API key, with the rights of that key.
    Key(&'a ApiKey),
    /// A member of the operator's staff, signed in with a browser, with the rights of the role.
    Staff(&'a Session, Role),
    /// The command line of the server. It has every right.
    Operator,
}

impl Actor<'_> {
    /// Whether the actor may make calls of this scope. Among roles, only administrators may.
    pub fn allows(self, scope: Scope) -> bool {
        match self {
            Self::Owner(_) => false,
            Self::Key(key) => key.allows(scope),
            Self::Staff(_, role) => role == Role::ADMINISTRATOR,
            Self::Operator => true,
        }
    }

    /// Refuses an actor without the scope.
    ///
    /// # Errors
    /// `Forbidden` when [`allows`](Self::allows) is `false`.
    pub fn require(self, scope: Scope) -> Result<(), AccountError> {
        if self.allows(scope) { Ok(()) } else { Err(AccountError::Forbidden) }
    }

    /// Whether the actor may give `role` to an account, and change an account that has `role`.
    pub fn may_give(self, role: Role) -> bool {
        match self {
            Self::Owner(_) => false,
            Self::Key(key) => key.may_give(role),
            Self::Staff(_, own) => own == Role::ADMINISTRATOR && role <= own,
            Self::Operator => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AccountId, ApiKeyId, Factors, Millis, OsRandom, SessionId, Token};

    #[test]
    fn each_has_its_own_rights_and_no_more() {
        let session = Session {
            id: SessionId(1),
            account_id: AccountId(1),
            token: Token::generate(&OsRandom).digest(),
            browser_label: String::new(),
            place: String::new(),
            created_at: Millis(0),
            seen_at: Millis(0),
            proven_at: Millis(0),
            proof: Factors::default(),
            factors: Factors::default(),
        };
        let key = ApiKey {
            id: ApiKeyId(1),
            name: "shop".into(),
            scopes: vec![Scope::AccountsRead],
            roles: vec![Role::MEMBER, Role::EDITOR],
            created_at: Millis(0),
            expires_at: None,
            used_at: None,
            revoked_at: None,
        };
        let rights = |actor: Actor<'_>| {
            (
                Scope::ALL.map(|scope| actor.allows(scope)),
                [Role::MEMBER, Role::EDITOR, Role::ADMINISTRATOR, Role(9)].map(|role| actor.may_give(role)),
            )
        };
        let none = ([false; 3], [false; 4]);
        assert_eq!(rights(Actor::Owner(&session)), none);
        assert_eq!(rights(Actor::Staff(&session, Role::EDITOR)), none);
        assert_eq!(rights(Actor::Key(&key)), ([true, false, false], [true, true, false, false]));
        let administrator = Actor::Staff(&session, Role::ADMINISTRATOR);
        assert_eq!(rights(administrator), ([true; 3], [true, true, true, false]));
        assert_eq!(rights(Actor::Operator), ([true; 3], [true; 4]));
        assert!(matches!(Actor::Key(&key).require(Scope::AccountsWrite), Err(AccountError::Forbidden)));
        assert!(Actor::Key(&key).require(Scope::AccountsRead).is_ok());
    }
}
