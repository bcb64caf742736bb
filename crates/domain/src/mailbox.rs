//! Mailboxes: how an account is tied to the mailbox that a message about it goes to.

use super::Account;

/// The tie between an account and a mailbox, the strongest last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MailboxTie {
    /// Anybody may have made it: a tagged address that was never proven, or an address that the account does
    /// not have yet.
    Other,
    /// The account's address is the mailbox's own, without a tag. It was never proven. No two accounts have
    /// the same.
    Named,
    /// The account's address, tagged or not, is of this mailbox and was proven.
    Proven,
}

impl MailboxTie {
    const ALL: [Self; 3] = [Self::Other, Self::Named, Self::Proven];

    /// How `account` is tied to the mailbox with the key `mailbox`.
    pub fn of(account: &Account, mailbox: &str) -> Self {
        if account.email.mailbox_key() != mailbox {
            Self::Other
        } else if account.verified_at.is_some() {
            Self::Proven
        } else if account.email.key() == mailbox {
            Self::Named
        } else {
            Self::Other
        }
    }

    /// The word stored in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Other => "other",
            Self::Named => "named",
            Self::Proven => "proven",
        }
    }

    /// Reads [`as_str`](Self::as_str) back. A word that only another version knows is `Other`.
    pub fn parse(stored: &str) -> Self {
        Self::ALL.into_iter().find(|tie| tie.as_str() == stored).unwrap_or(Self::Other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_read_back() {
        for tie in MailboxTie::ALL {
            assert_eq!(MailboxTie::parse(tie.as_str()), tie);
        }
        assert_eq!(MailboxTie::parse("a poem"), MailboxTie::Other);
        assert!(MailboxTie::Other < MailboxTie::Named && MailboxTie::Named < MailboxTie::Proven);
    }
}
