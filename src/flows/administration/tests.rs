use super::{AccountChange, AccountName, NewAccount, Order, OrderError, deletion, identity, locking};
use crate::flows::fixture::{Fixture, client};
use domain::{
    AccountError, Actor, ApiKey, ApiKeyId, Field, FieldCode, FieldError, MailKind, Millis, Role, Scope,
    Verification,
};
use store::{accounts, outbox};

fn key(scopes: &[Scope], roles: &[Role]) -> ApiKey {
    ApiKey {
        id: ApiKeyId(1),
        name: "shop".into(),
        scopes: scopes.to_vec(),
        roles: roles.to_vec(),
        created_at: Millis(0),
        expires_at: None,
        used_at: None,
        revoked_at: None,
    }
}

#[tokio::test]
async fn an_actor_makes_what_its_rights_cover() {
    let fixture = Fixture::new(Verification::Off).await;
    let administration = fixture.administration();
    let new =
        NewAccount { email: "ada@example.org", role: Some(Role::ADMINISTRATOR), ..NewAccount::default() };
    let (reads, writes) =
        (key(&[Scope::AccountsRead], &[Role::ADMINISTRATOR]), key(&[Scope::AccountsWrite], &[Role::EDITOR]));
    let refused = administration.create(Actor::Key(&reads), &new, |_| None, &client()).await;
    assert!(matches!(refused, Err(AccountError::Forbidden)), "{refused:?}");
    let refused = administration.create(Actor::Key(&writes), &new, |_| None, &client()).await;
    let role = FieldError { field: Field::Role, code: FieldCode::RoleForbidden };
    assert!(matches!(&refused, Err(AccountError::Invalid(errors)) if *errors == [role]), "{refused:?}");

    let made = administration.create(Actor::Operator, &new, |_| None, &client()).await.unwrap();
    assert_eq!(made.account.role, Role::ADMINISTRATOR);
    // An account without a password gets an invitation to choose one.
    let mails = outbox::list(&mut fixture.store.read().await.unwrap(), false).await.unwrap();
    assert_eq!(mails[0].kind, MailKind::Invitation.as_str());
}

#[tokio::test]
async fn an_account_above_the_actor_is_not_changed() {
    let fixture = Fixture::new(Verification::Off).await;
    let root = fixture.account("root", Role::ADMINISTRATOR).await;
    let shop = key(&Scope::ALL, &Role::BELOW_ADMINISTRATOR);
    let change = AccountChange { email: Some("thief@example.org"), ..AccountChange::default() };
    let administration = fixture.administration();
    let refused = administration.update(Actor::Key(&shop), root, &change, |_| None, &client()).await;
    assert!(matches!(refused, Err(AccountError::Invalid(_))), "{refused:?}");
    assert_eq!(fixture.find(root).await.email.as_str(), "root@example.org");

    administration.update(Actor::Operator, root, &change, |_| None, &client()).await.unwrap();
    let mut db = fixture.store.read().await.unwrap();
    assert!(accounts::find_by_identifier(&mut db, "thief@example.org").await.unwrap().is_some());
}

#[tokio::test]
async fn administrators_take_no_rights_from_themselves_and_never_the_last_ones() {
    let fixture = Fixture::new(Verification::Off).await;
    let (root, second, ada) = (
        fixture.account("root", Role::ADMINISTRATOR).await,
        fixture.account("second", Role::ADMINISTRATOR).await,
        fixture.account("ada", Role::MEMBER).await,
    );
    let (store, clock) = (&fixture.store, fixture.clock.as_ref());
    let who = fixture.signed_in(root).await;
    let actor = Actor::Staff(&who.session, Role::ADMINISTRATOR);
    let order = Order { actor, client: None, reason: "" };
    let own = AccountName::Number(root);
    for refused in [
        identity::set_role(store, clock, order, &own, Role::MEMBER).await.map(drop),
        locking::lock(store, clock, order, &own).await.map(drop),
        deletion::delete(store, clock, order, &own, domain::lifetimes::days(14)).await.map(drop),
    ] {
        assert!(matches!(refused, Err(OrderError::OwnAccount)), "{refused:?}");
    }
    // Of two who take each other's role away the second finds the own one gone.
    let other = fixture.signed_in(second).await;
    let late = Order { actor: Actor::Staff(&other.session, Role::ADMINISTRATOR), ..order };
    let second = AccountName::Number(second);
    identity::set_role(store, clock, order, &second, Role::MEMBER).await.unwrap();
    let refused = identity::set_role(store, clock, late, &own, Role::MEMBER).await;
    assert!(matches!(refused, Err(OrderError::Account(AccountError::Forbidden))), "{refused:?}");
    assert_eq!(fixture.find(root).await.role, Role::ADMINISTRATOR);

    // An editor's session gives no rights, whatever its owner was when it began.
    let editor = Order { actor: Actor::Staff(&other.session, Role::EDITOR), ..order };
    let ada = AccountName::Number(ada);
    let refused = locking::lock(store, clock, editor, &ada).await;
    assert!(matches!(refused, Err(OrderError::Account(AccountError::Forbidden))), "{refused:?}");
    // The command line may take the last one away, for it can make another.
    identity::set_role(store, clock, Order::of_operator(), &own, Role::MEMBER).await.unwrap();
}
