# Layout
skip-to-content = Aller au contenu
nav-label = Votre compte
sign-out = Se déconnecter
optional = facultatif
show-password = Afficher le mot de passe
home-link = Aller à la page d’accueil
# Goes before the title of a page that was refused.
title-refused = Erreur :
back-link = Retour
imprint-link = Mentions légales
privacy-link = Confidentialité
help-link = Aide

# Labels and hints
label-email = Adresse e-mail
label-email-or-username = Adresse e-mail ou nom d’utilisateur
label-trap = Laissez ce champ vide
label-username = Nom d’utilisateur
label-password = Mot de passe
label-current-password = Mot de passe actuel
label-new-email = Nouvelle adresse e-mail
label-new-password = Nouveau mot de passe
label-name = Nom affiché
label-firstname = Prénom
label-lastname = Nom de famille
label-locale = Langue
locale-automatic = Utiliser la langue de mon navigateur
# What this language is called by those who speak it
locale-name = Français
label-picture = Ajouter une photo
label-code = Code
code-hint = 6 lettres et chiffres, en majuscules ou en minuscules.
profile-link = Retour à votre compte
username-hint = Lettres, chiffres, points, tirets et tirets bas.
# $min: fewest characters that a password has.
password-hint = { $min ->
    [one] { $min } caractère ou plus
   *[other] { $min } caractères ou plus
}
name-hint = Visible par les autres.

# Sign in
sign-in-title = Connexion
sign-in-button = Se connecter
sign-in-link = Se connecter
forgot-link = Mot de passe oublié ?
no-account-yet = Pas encore de compte ?
terms-title = Conditions d’utilisation
terms-changed = Les conditions d’utilisation ont changé. Lisez-les et acceptez-les pour continuer.
terms-first = Ce site a des conditions d’utilisation. Lisez-les et acceptez-les pour continuer.
terms-agreed = Vous avez accepté les conditions d’utilisation.
terms-read = Lire les conditions d’utilisation
terms-button = J’accepte
terms-agree = J’accepte les
terms-link = conditions d’utilisation
sign-up-link = En créer un

# Recovery
forgot-title = Mot de passe oublié ?
forgot-about = Saisissez votre adresse e-mail ou votre nom d’utilisateur : nous vous enverrons un lien pour réinitialiser votre mot de passe.
forgot-button = Recevoir le lien
forgot-requested = Si un compte correspond, nous venons d’envoyer un lien à son adresse e-mail.
forgot-nothing-came = Toujours rien après quelques minutes ? Vérifiez vos courriers indésirables (spam), ou essayez une autre adresse.
check-email-title = Consultez vos e-mails
# The address follows, on a line of its own.
check-email-recovery = Si c’est l’adresse ou le nom d’utilisateur de votre compte, nous venons de vous envoyer un lien par e-mail :
check-email-verification = Si un compte non confirmé correspond, nous venons de vous envoyer un lien par e-mail :
check-email-welcome = Presque terminé. Ouvrez le lien que nous avons envoyé à :
check-email-again = Renvoyer
check-email-other = Utiliser une autre adresse
reset-title = Choisissez un nouveau mot de passe
reset-about = Toutes vos sessions seront fermées. Le nouveau mot de passe est celui de ce compte :
reset-first-title = Choisissez un mot de passe
reset-first-about = Bienvenue ! Choisissez un mot de passe pour vous connecter au compte créé pour vous :
reset-button = Enregistrer le mot de passe

# Verification
verify-title = Confirmez votre adresse e-mail
verify-about = Saisissez le mot de passe choisi lors de l’inscription pour confirmer cette adresse :
verify-signed-in-about = Confirmez que cette adresse est la vôtre :
verify-button = Confirmer mon adresse
verify-not-mine = Je n’ai pas de mot de passe, ou je l’ai oublié
verify-not-mine-about = Choisissez un nouveau mot de passe : vous serez la seule personne à avoir accès à ce compte, et toutes les sessions ouvertes seront fermées.
verify-request-about = Nous vous avons envoyé un e-mail avec un lien. Vous ne le trouvez pas ? Vérifiez vos courriers indésirables (spam), ou demandez un nouvel envoi.
verify-request-button = Renvoyer le lien
verify-requested = Si un compte correspond et n’est pas encore confirmé, nous venons d’envoyer un nouveau lien à son adresse e-mail.
# $email: the address of the account.
unverified-about = Confirmez { $email } : ouvrez le lien que nous vous avons envoyé.
address-title = Confirmez votre nouvelle adresse e-mail
address-about = Utiliser cette adresse pour votre compte :
address-button = Utiliser cette adresse
# A masked address follows, such as a•••@example.org.
address-account = Adresse actuelle de ce compte :
address-password-about = Saisissez le mot de passe de ce compte, pour que personne d’autre ne puisse faire ce changement.
address-not-me = Ce n’était pas moi
address-not-me-about = Vous ne connaissez pas ce compte ? Quelqu’un s’est peut-être trompé d’adresse. Un clic suffit pour annuler le lien.

# Sign-in by redirection
switch-title = Changer de compte ?
# An address follows.
switch-present = Dans ce navigateur, votre session est ouverte avec cette adresse :
# An address follows.
switch-other = Le lien que vous avez ouvert vous connecte avec cette adresse :
switch-about = Quelqu’un vous a envoyé ce lien ? Ne changez pas de compte : la personne à qui appartient l’autre verrait ce que vous y faites.
switch-button = Passer à l’autre compte
switch-stay = Rester dans ce compte

# Sign up
sign-up-title = Créer votre compte
sign-up-button = Créer mon compte
have-account-already = Vous avez déjà un compte ?

# Profile
contents-label = Sur cette page
pages-label = Compte
profile-title = Votre profil
security-title = Sécurité
# A date follows.
member-since = Compte créé le
profile-heading = Profil
names-heading = Nom et langue
profile-about = Votre nom et la langue du site.
profile-button = Enregistrer le profil
username-heading = Nom d’utilisateur
username-about = Il vous permet de vous connecter à la place de votre adresse e-mail.
username-button = Modifier le nom d’utilisateur
username-next-change = Vous pourrez en choisir un autre à partir du
username-change-days = { $days ->
    [one] Vous pouvez le changer une fois par jour.
   *[other] Vous pouvez le changer une fois en { $days } jours.
}
username-former = Anciens noms d’utilisateur
username-former-about = Tant qu’un nom est réservé, personne d’autre ne peut le prendre, et il vous permet encore de vous connecter.
username-given-up = abandonné le
username-reserved-until = réservé jusqu’au
email-about = Elle vous sert à vous connecter et à recevoir les messages concernant votre compte. Une nouvelle adresse prend effet lorsque vous ouvrez le lien que nous y envoyons.
email-button = Modifier l’adresse e-mail
email-confirmed = Confirmée
email-unconfirmed = Non confirmée
# $email: the new address.
email-pending = En attente de la confirmation de { $email }.
email-again = Renvoyer le message
email-cancel = Annuler la modification
password-heading = Mot de passe
password-about = Le modifier ferme toutes vos autres sessions. Oublié ? Déconnectez-vous, puis demandez un lien sur la page de connexion.
password-button = Modifier le mot de passe
totp-heading = Application d’authentification
totp-about = Une application sur votre téléphone affiche un nouveau code toutes les 30 secondes ; nous le demandons après votre mot de passe. Téléphone perdu ? Utilisez un code de secours.
totp-on = Activée
totp-since = Ajoutée le
totp-set-up = Ajouter
totp-replace = Changer de téléphone
totp-remove = Retirer
totp-title = Ajouter une application d’authentification
totp-scan = Scannez cette image avec l’application :
totp-picture = Code QR pour votre application d’authentification
totp-type = Impossible de la scanner ? Saisissez cette clé dans l’application :
totp-open = Ouvrir l’application sur cet appareil
label-totp-code = Code de l’application
totp-code-hint = Les 6 chiffres qu’elle affiche maintenant.
totp-confirm = Activer
security-link = Retour à la page Sécurité
recovery-codes-heading = Codes de secours
recovery-codes-about = Sans votre téléphone ni vos clés d’accès, chaque code vous fait passer une fois la deuxième étape. Codes perdus ? Créez-en de nouveaux.
recovery-codes-left = { $count ->
    [0] Aucun code restant
    [one] { $count } code restant
   *[other] { $count } codes restants
}
recovery-codes-few = Il est temps d’en créer de nouveaux.
recovery-codes-make = Créer de nouveaux codes
recovery-codes-make-hint = Les précédents cesseront de fonctionner.
recovery-codes-title = Vos codes de secours
recovery-codes-once = Gardez-les en lieu sûr, ailleurs que sur votre téléphone : sans lui ni vos clés d’accès, chaque code vous fait passer une fois la deuxième étape. Ils ne seront plus affichés.
recovery-codes-print = Vous pouvez aussi imprimer cette page.
recovery-codes-download = Télécharger en texte
recovery-codes-done = C’est noté
recovery-codes-file = Codes de secours de { $account } sur { $site }

# App passwords
app-passwords-heading = Mots de passe d’application
app-passwords-about = Pour les applications et appareils qui ne peuvent pas demander la deuxième étape : saisissez-y un de ces mots de passe à la place du vôtre. Perdu ? Révoquez-le et créez-en un autre.
label-app-password-name = Nom
app-password-name-hint = Par exemple, l’application et l’appareil où elle se trouve
label-app-password-dialect = Pour
app-password-fastsite = Sites et applications mobiles (fastsite)
app-password-mirror = Miroirs connectés et leurs applications (mirror)
app-password-amadis = Serveurs d’appareils (amadis)
app-password-button = Créer un mot de passe d’application
app-password-unused = Jamais utilisé
app-password-revoke = Révoquer
app-password-made-title = Mot de passe d’application créé
app-password-once-heading = Votre mot de passe d’application
app-password-once-about = Saisissez-le dans l’application à la place de votre mot de passe. Il n’est affiché qu’une seule fois : si vous le perdez, créez-en un autre.
app-password-done = Retour à la page Sécurité
consent-title = Se connecter à une application
# $name: le nom que l’exploitant du site donne à l’application.
consent-heading = Dire qui vous êtes à { $name } ?
consent-about = Vous retournerez à :
consent-learns = L’application apprendra :
scope-openid = qui vous êtes sur ce site (le numéro de votre compte)
scope-profile = votre nom, votre nom d’utilisateur, votre photo, votre langue et votre rôle
scope-email = votre adresse e-mail
scope-offline = cela aussi quand vous n’êtes pas connecté(e) ici
consent-allow = Continuer
consent-deny = Annuler
consent-later = Vous pouvez revenir sur ce choix à tout moment, sur la page « Sécurité ».
client-sign-out-title = Se déconnecter ?
client-sign-out-about = À la demande de { $name }, vous pouvez aussi vous déconnecter de ce site. Les applications utilisées pendant cette session peuvent faire de même.
client-sign-out-unknown = Un autre site veut vous déconnecter ici.
client-sign-out-stay = Rester connecté(e)
device-consent-about = Un appareil ou un programme affiche ce code. Continuez seulement si vous venez de le lancer vous-même.
onward-title = Un instant…
# $host: le nom d’un site, comme « shop.example.org ».
onward-link = Continuer vers { $host }
authorization-refused-title = Ce lien ne fonctionne pas
applications-heading = Applications
applications-about = Les sites et applications qui peuvent savoir qui vous êtes. Si vous n’en utilisez plus une, mettez fin à son accès.
application-end = Mettre fin à l’accès

# Picture
picture-heading = Photo
picture-about = Elle apparaît à côté de votre nom.
# $max_mib: largest size, in megabytes.
picture-hint = JPEG, PNG, WebP ou GIF, { $max_mib } Mo au maximum.
# $max_megapixels: most pixels, in millions.
picture-hint-webp = { $max_megapixels ->
    [one] WebP : { $max_megapixels } mégapixel au maximum.
   *[other] WebP : { $max_megapixels } mégapixels au maximum.
}
picture-button = Enregistrer la photo
picture-cancel = Annuler
picture-remove = Supprimer ma photo
picture-too-large-here = Cette photo est trop volumineuse. Choisissez-en une plus petite.
picture-unreadable-here = Ce fichier ne semble pas être une photo.
crop-label = Zone de recadrage
crop-hint = Faites glisser la photo, ou cliquez sur ce qui doit se trouver au centre. Les flèches du clavier la déplacent ; + et − règlent le zoom.
crop-zoom = Zoom

# What opens the account
sessions-heading = Accès à votre compte
sessions-about = Vous ne reconnaissez pas un accès ? Retirez-le, puis modifiez votre mot de passe.
session-current = Ce navigateur
session-unknown-device = Navigateur inconnu
devices-title = Sessions et appareils
devices-about = Tout ce qui a accès à votre compte. Vous ne reconnaissez pas un accès ? Retirez-le, puis modifiez votre mot de passe.
devices-link = Navigateurs, applications et appareils ayant accès
openings-heading = Ce qui a accès à votre compte
openings-about = Ce que vous retirez perd immédiatement l’accès à votre compte.
opening-session = Session ouverte
opening-known-browser = Navigateur connu
# $door: the name of an API, such as “fastsite”.
opening-bearer = Application, connectée via { $door }
opening-device = Appareil associé
opening-user-secret = Secret qui donne accès à un programme
opening-app-password = Mot de passe d’application pour { $door }
opening-link = Lien envoyé par e-mail
opening-redirection = Connexion depuis un autre site, en cours
opening-unknown-app = Application inconnue
opening-unknown-program = Programme inconnu
opening-link-recovery = Pour choisir un nouveau mot de passe
opening-link-invitation = Pour choisir un premier mot de passe
opening-link-verification = Pour confirmer votre adresse e-mail
# A date follows.
opening-created = Depuis le
# $browser: such as “Firefox”. $system: such as “Linux”.
opening-browser = { $browser } sur { $system }
opening-now = en cours d’utilisation
# A time follows, often one like “3 days ago”.
opening-seen = Dernière utilisation :
opening-sent = Envoyé le
# A network follows, such as “203.0.113.0/24”.
opening-place = Réseau :
# The name of the browser, app or device follows, for those who hear the page.
opening-end = Retirer
opening-trusted = sans code demandé
opening-ask = Redemander un code
opening-end-session = Fermer la session
opening-end-device = Dissocier
openings-end-others = Se déconnecter partout ailleurs
openings-end-others-about = Seule la session de ce navigateur reste ouverte. Il faudra vous reconnecter dans vos applications et associer de nouveau vos appareils.
# $count: how many are not shown yet.
openings-more = { $count ->
    [one] En afficher un de plus
   *[other] En afficher { $count } de plus
}

# The security log
log-title = Journal de sécurité
log-heading = Ce qui s’est passé sur votre compte
# $days: how many days an event is kept.
log-about = Connexions et modifications des { $days } derniers jours, les plus récentes d’abord.
log-hint = Quelque chose ne vient pas de vous ? Signalez-le : nous fermerons tous les accès à votre compte.
log-none = Il ne s’est encore rien passé.
log-older = Entrées plus anciennes
log-newest = Entrées les plus récentes
log-link-about = Voyez qui s’est connecté et ce qui a été modifié, et signalez ce qui ne vient pas de vous.
log-link = Ouvrir le journal de sécurité

deletion-title = Supprimer votre compte
deletion-link-about = Quittez ce site pour de bon.
deletion-link = Supprimer le compte…
deletion-about = Vous êtes sur le point de supprimer ce compte :
deletion-ask-about = Les responsables de ce site suppriment les comptes. Vous pouvez leur demander de supprimer celui-ci ; jusqu’à leur décision, rien ne change :
deletion-goes = Ce qui disparaît
deletion-goes-now = Tout de suite, tout ce qui est connecté au compte est déconnecté, et plus personne ne voit le compte sur ce site.
deletion-ask-goes-now = Une fois la décision prise, tout ce qui est connecté au compte est déconnecté, et plus personne ne voit le compte sur ce site.
deletion-goes-later = { $days ->
    [one] Après un jour, votre profil, votre photo, votre adresse et tout ce qui vous concerne sont effacés. C’est irréversible.
   *[other] Après { $days } jours, votre profil, votre photo, votre adresse et tout ce qui vous concerne sont effacés. C’est irréversible.
}
deletion-stays = Ce qui reste
deletion-stays-log = { $days ->
    [one] Pendant un jour, les entrées du journal sous le numéro du compte, sans votre nom ni votre adresse.
   *[other] Pendant { $days } jours, les entrées du journal sous le numéro du compte, sans votre nom ni votre adresse.
}
deletion-stays-username = { $days ->
    [one] Votre nom d’utilisateur, que personne ne peut prendre pendant un jour de plus.
   *[other] Votre nom d’utilisateur, que personne ne peut prendre pendant { $days } jours de plus.
}
deletion-stays-elsewhere = Ce que d’autres sites et applications auxquels vous vous êtes connecté avec ce compte ont enregistré eux-mêmes.
deletion-back = { $days ->
    [one] Vous pouvez changer d’avis pendant un jour : ouvrez le lien que nous vous enverrons par e-mail, ou connectez-vous.
   *[other] Vous pouvez changer d’avis pendant { $days } jours : ouvrez le lien que nous vous enverrons par e-mail, ou connectez-vous.
}
deletion-ask-back = { $days ->
    [one] Vous pourrez alors changer d’avis pendant un jour : ouvrez le lien que nous vous enverrons par e-mail, ou connectez-vous.
   *[other] Vous pourrez alors changer d’avis pendant { $days } jours : ouvrez le lien que nous vous enverrons par e-mail, ou connectez-vous.
}
deletion-button = Supprimer mon compte
deletion-ask-button = Demander la suppression de mon compte
deletion-asked = Vous avez demandé la suppression de votre compte. Nous vous écrirons quand ce sera décidé. Date de la demande :
deletion-cancel-button = Garder mon compte
deletion-done = Votre compte est supprimé, et toutes ses sessions sont terminées.
restore-title = Rétablir votre compte
restore-about = Ce compte est supprimé et sera effacé le { $at }. Vous pouvez le récupérer :
restore-button = Rétablir mon compte
restore-done = Votre compte est de nouveau là, avec tout ce qu’il contenait. Connectez-vous pour continuer.
restore-gone = Ce lien ne peut plus rétablir de compte. Tant que le vôtre n’est pas effacé, vous connecter avec votre mot de passe le rétablit.
# What it was and when follows, for those who hear the page.
log-deny = Ce n’était pas moi
# Password, app code and the like follow, for those who hear the page.
log-factors = Prouvé par :

deny-title = Ce n’était pas moi
deny-heading = Fermer tous les accès ?
deny-about = Si quelqu’un d’autre a fait cela, nous annulons ce que cette personne a pu faire depuis :
deny-ends = Tous les navigateurs, applications et appareils perdent leur accès, y compris ce navigateur.
deny-takes = Les clés d’accès, applications d’authentification, codes de secours et mots de passe d’application ajoutés depuis sont retirés.
deny-password = Votre mot de passe ne fonctionne plus.
# $email: an address.
deny-restores = Votre adresse e-mail redevient { $email }.
deny-link = Nous envoyons à { $email } un lien pour choisir un nouveau mot de passe.
deny-locks = Votre compte est verrouillé, car un autre compte a l’adresse e-mail que le vôtre avait alors. Contactez-nous pour le rouvrir.
deny-button = Fermer tous les accès
deny-back = Retour au journal de sécurité
event-signed-in = Connexion
# $door: the name of an API, such as “fastsite”.
event-signed-in-app = Connexion d’une application par { $door }
event-second-step-refused = Deuxième étape d’une connexion refusée
event-proven-again = Identité confirmée
event-proof-refused = Mot de passe ou code refusé lors d’une confirmation
event-password-changed = Mot de passe modifié
event-password-reset = Mot de passe réinitialisé par un lien reçu par e-mail
event-password-generated = Mot de passe remplacé par un mot de passe généré
event-password-removed = Mot de passe supprimé
# $before: the address or username before.
event-address-changed = Adresse e-mail modifiée ; avant : { $before }
event-username-changed = Nom d’utilisateur modifié ; avant : { $before }
event-username-chosen = Nom d’utilisateur choisi
event-totp-added = Application d’authentification ajoutée
event-totp-removed = Application d’authentification retirée
event-recovery-codes-made = Codes de secours créés
event-recovery-code-used = Code de secours utilisé
# $name: what somebody called it.
event-passkey-added = Clé d’accès ajoutée : { $name }
event-passkey-removed = Clé d’accès retirée : { $name }
event-passkey-refused = Clé d’accès refusée
event-app-password-made = Mot de passe d’application créé : { $name }
event-app-password-revoked = Mot de passe d’application révoqué : { $name }
event-application-permitted = Application autorisée : { $name }
event-application-ended = Accès d’une application terminé : { $name }
# $provider: what people call another provider, such as Google.
event-identity-linked = Compte associé : { $provider }
event-identity-unlinked = Compte dissocié : { $provider }
event-browser-trusted = Navigateur de confiance ajouté : aucun code demandé pendant 30 jours
event-browser-trust-ended = Navigateur de confiance retiré : un code est de nouveau demandé
event-device-paired = Appareil associé : { $name }
event-ended-session = Session fermée
event-ended-known-browser = Navigateur connu oublié
event-ended-app = Application déconnectée
event-ended-device = Appareil dissocié
event-ended-secret = Secret d’un programme révoqué
event-ended-link = Lien envoyé par e-mail annulé
event-ended-redirection = Connexion depuis un autre site annulée
event-ended-other = Accès fermé
event-openings-ended = Tous les autres accès fermés
event-sessions-ended = Toutes les autres sessions fermées
event-recovery-asked = Retrait de la deuxième étape demandé
event-recovery-cancelled = Retrait de la deuxième étape annulé
event-factors-removed = Deuxième étape entièrement retirée
event-denied = « Ce n’était pas moi » signalé
event-locked = Compte verrouillé
event-unlocked = Compte déverrouillé
event-created = Compte créé
event-approved = Compte approuvé
event-terms-agreed = Conditions d’utilisation acceptées
event-verified = Adresse confirmée
event-profile-changed = Profil modifié
event-role-changed = Rôle modifié
event-link-mailed = Lien pour choisir un mot de passe envoyé
event-deletion-asked = Suppression du compte demandée
event-deletion-declined = Le compte est finalement gardé
event-deleted = Compte supprimé
event-restored = Compte rétabli
event-data-asked = Vos données ont été demandées
event-data-downloaded = Le fichier avec vos données a été téléchargé
# $name: the name of an API key.
event-by-key = par le programme { $name }
event-by-operator = par l’administration du site
event-by-system = automatiquement
factor-password = mot de passe
factor-totp = code d’application
factor-recovery-code = code de secours
factor-passkey = clé d’accès
factor-app-password = mot de passe d’application
factor-redirection = lien d’un autre site
factor-trusted-browser = navigateur de confiance
factor-provider = compte chez un autre fournisseur
# Passkeys
passkeys-heading = Clés d’accès
passkeys-about = Connectez-vous avec votre empreinte, votre visage ou le code de votre appareil ; votre mot de passe ne suffit alors plus pour ouvrir votre compte. Appareil perdu ? Retirez sa clé d’accès.
passkeys-none = Vous n’avez pas encore de clé d’accès.
passkeys-off = Les clés d’accès ne peuvent pas fonctionner à l’adresse de ce site : il leur faut un nom et https.
passkeys-script = Pour ajouter une clé d’accès, autorisez JavaScript sur cette page.
passkeys-unsupported = Ce navigateur ne sait pas créer de clés d’accès. Essayez-en un autre.
passkeys-failed = Aucune clé d’accès n’a été créée. Veuillez réessayer.
passkeys-add = Ajouter une clé d’accès
passkeys-unnamed = Clé d’accès
passkeys-name = Nom
# The name of the passkey follows, for those who hear the page.
passkeys-rename = Renommer
passkeys-remove = Retirer
# A date follows.
passkeys-created = Ajoutée :
# A time follows.
passkeys-seen = Dernière utilisation :
passkeys-unused = jamais utilisée
passkeys-password-heading = Sans mot de passe
passkeys-password-about = Vous pouvez retirer votre mot de passe et vous connecter uniquement avec vos clés d’accès. Si vous les perdez, un lien reçu par e-mail vous permettra de choisir un nouveau mot de passe.
passkeys-password-button = Retirer le mot de passe
password-none = Votre compte n’a pas de mot de passe : vous vous connectez autrement.
password-none-link = Recevoir un lien pour choisir un mot de passe
sign-in-passkey = Se connecter avec une clé d’accès
sign-in-passkey-failed = Cela n’a pas fonctionné. Réessayez, ou connectez-vous avec votre mot de passe.

# Other providers. $provider: what people call one, such as Google.
provider-button = Continuer avec { $provider }
providers-heading = Comptes associés
providers-about = Des comptes ailleurs qui permettent de se connecter à celui-ci. Si vous avez un second facteur, il vous est toujours demandé.
provider-link = Associer
provider-unlink = Dissocier
provider-unlinked = non associé
provider-unused = associé, jamais utilisé pour se connecter
identity-new-title = Vous y êtes presque
identity-new-about = Aucun compte ici n’est associé à ce compte chez { $provider }
identity-have-account = J’ai un compte : me connecter
identity-new-waits = Déjà inscrit ? Ouvrez le lien de l’e-mail que nous vous avons envoyé.
identity-taken = Vous avez un compte ? Connectez-vous avec le bouton ci-dessus, puis associez les deux.
identity-link-title = Associer ces comptes ?
identity-link-about = Désormais, ce compte vous connecte : { $provider }
# An address follows.
identity-link-here = Votre compte ici :
identity-link-button = Les associer
identity-leave-button = Pas maintenant
identity-failed-title = Cela n’a pas fonctionné
identity-failed-other = Se connecter autrement
identity-failed-back = Retour à la page Sécurité
prove-no-way = Votre compte n’a ni mot de passe ni clé d’accès : rien ici ne peut confirmer que c’est vous. Choisissez un mot de passe grâce à un lien que nous vous envoyons par e-mail.

# Second factors that were lost
recovery-title = Codes et clés d’accès perdus ?
# $days: how many days the owner has to stop it.
recovery-lost-about = { $days ->
    [one] Nous pouvons retirer la deuxième étape de votre compte après { $days } jour. D’ici là, nous prévenons son propriétaire, au cas où ce ne serait pas vous.
   *[other] Nous pouvons retirer la deuxième étape de votre compte après { $days } jours. D’ici là, nous prévenons son propriétaire, au cas où ce ne serait pas vous.
}
recovery-lost-try = Vous avez encore un code de secours, une clé d’accès ou un navigateur connecté ? C’est plus rapide.
recovery-lost-button = M’envoyer un lien
recovery-sent = Consultez vos e-mails. Nous avons envoyé un lien à :
recovery-sent-nothing = Rien après quelques minutes ? Vérifiez vos courriers indésirables.
recovery-ask-about = { $days ->
    [one] Retirer après { $days } jour la deuxième étape du compte de :
   *[other] Retirer après { $days } jours la deuxième étape du compte de :
}
recovery-ask-then = D’ici là, nous vous écrivons chaque jour, et toute personne connectée au compte peut annuler. Ensuite, votre mot de passe suffit pour vous connecter, et tous les navigateurs, applications et appareils sont déconnectés.
recovery-ask-button = Retirer la deuxième étape
# A date follows.
recovery-asked = Nous retirerons la deuxième étape le :
recovery-asked-then = Si vous retrouvez un moyen de la passer d’ici là, connectez-vous et annulez le retrait.
recovery-keep-title = Garder la deuxième étape
# $at: a date.
recovery-keep-about = À la demande de quelqu’un, nous retirerons le { $at } la deuxième étape du compte de :
recovery-keep-button = Annuler le retrait
recovery-kept = Retrait annulé. La deuxième étape reste en place.
recovery-kept-then = Si vous n’avez rien demandé, quelqu’un connaît votre mot de passe. Choisissez-en un nouveau.
recovery-kept-link = Choisir un nouveau mot de passe
recovery-gone = Rien ne sera modifié. Pour recommencer, connectez-vous avec votre mot de passe.
recovery-banner-label = Votre deuxième étape
# $at: a date.
recovery-banner = Quelqu’un nous a demandé de retirer la deuxième étape de votre compte. Ce sera fait le { $at }. Ce n’était pas vous ? Annulez le retrait, puis changez de mot de passe.

# Pairing a device
pair-heading = Associer un appareil
pair-about = Saisissez le code affiché sur l’appareil. Les miroirs, enceintes et autres appareils sans clavier en affichent un ; il change toutes les dix minutes.
devices-none = Aucun appareil n’est encore associé. Un appareil est un objet sans clavier qui utilise votre compte, comme un miroir ou une enceinte.
pair-button = Continuer
pair-confirm-heading = Associer cet appareil ?
# The name of the device follows.
pair-confirm-about = Quelqu’un a donné ce nom à l’appareil. Associez-le seulement s’il est à vous et sous vos yeux : il aura accès à votre compte.
pair-confirm-button = Oui, l’associer
pair-confirm-no = Non, ne pas l’associer

# What is wrong with a field
error-required = Ce champ est obligatoire.
error-required-email = Saisissez votre adresse e-mail.
error-required-email-or-username = Saisissez votre adresse e-mail ou votre nom d’utilisateur.
error-required-username = Choisissez un nom d’utilisateur.
error-required-password = Saisissez un mot de passe.
error-required-current-password = Saisissez votre mot de passe actuel.
error-required-new-password = Saisissez un nouveau mot de passe.
error-required-code = Saisissez le code.
error-required-labelled = Remplissez le champ « { $label } ».
error-required-box = Cochez cette case.
error-email-invalid = Saisissez une adresse e-mail. Exemple : nom@exemple.fr
error-email-invisible = Cette adresse contient un caractère invisible. Saisissez-la au lieu de la coller.
error-email-not-ascii = Nous ne pouvons pas écrire à une adresse qui contient de telles lettres avant le signe @. Indiquez-en une autre.
error-email-domain-refused = Les adresses de ce fournisseur ne peuvent pas être utilisées ici. Utilisez une autre adresse.
error-email-taken = Un compte existe déjà avec cette adresse e-mail.
error-email-same = C’est déjà votre adresse.
error-username-invalid = N’utilisez que des lettres, des chiffres, des points, des tirets et des tirets bas.
error-username-reserved = Ce nom d’utilisateur est réservé. Choisissez-en un autre.
error-username-taken = Ce nom d’utilisateur est déjà pris. Choisissez-en un autre.
error-username-changed-lately = { $days ->
    [one] Vous avez changé de nom d’utilisateur il y a peu. Vous pourrez en choisir un autre demain.
   *[other] Vous avez changé de nom d’utilisateur il y a peu. Vous pourrez en choisir un autre dans { $days } jours.
}
error-username-mixed = Utilisez les lettres d’un seul alphabet.
error-password-too-short = { $min ->
    [one] Utilisez au moins { $min } caractère.
   *[other] Utilisez au moins { $min } caractères.
}
error-password-too-long = { $max ->
    [one] Ce mot de passe est trop long. Utilisez { $max } caractère au plus.
   *[other] Ce mot de passe est trop long. Utilisez { $max } caractères au plus.
}
error-password-common = Ce mot de passe est trop courant. Choisissez-en un autre.
error-password-personal = N’utilisez ni votre nom, ni votre adresse e-mail, ni le nom du site.
error-password-invalid = Ce mot de passe contient des caractères impossibles à saisir au clavier. Retirez-les.
error-text-too-long = { $max ->
    [one] Utilisez { $max } caractère au plus.
   *[other] Utilisez { $max } caractères au plus.
}
error-text-invalid = Ce texte contient des caractères qui ne peuvent pas être utilisés ici. Retirez-les.
error-number-invalid = Saisissez un nombre sans espaces, comme 1234 ou 3,5.
error-date-invalid = Saisissez une date valide.
error-url-invalid = Saisissez une adresse web, comme https://exemple.fr.
error-boolean-invalid = Cochez cette case ou laissez-la vide.
error-locale-unknown = Cette langue n’est pas disponible ici.
error-passwords-differ = Les deux mots de passe ne sont pas identiques.
error-role-unknown = Ce rôle n’existe pas.
error-role-forbidden = Ce rôle ne peut pas être attribué ici.
error-administrator-last = Vous êtes le seul administrateur. Nommez d’abord quelqu’un d’autre.
error-not-changeable = Cette valeur ne peut pas être définie ici.
error-password-wrong = Ce n’est pas votre mot de passe actuel.
error-picture-missing = Choisissez d’abord une photo.
error-picture-too-large = Cette photo est trop volumineuse. La limite est de { $max_mib } Mo.
error-picture-too-many-pixels = { $max_megapixels ->
    [one] Cette photo a trop de pixels. La limite est de { $max_megapixels } mégapixel.
   *[other] Cette photo a trop de pixels. La limite est de { $max_megapixels } mégapixels.
}
error-picture-not-an-image = Choisissez une photo JPEG, PNG, WebP ou GIF.
error-picture-unreadable = Cette photo semble endommagée. Essayez-en une autre.
error-code-unknown = Aucun appareil n’affiche ce code. Vérifiez l’appareil : le code a peut-être changé.
error-passkeys-off = Les clés d’accès ne peuvent pas fonctionner à l’adresse de ce site.
error-passkey-unknown = Cette clé d’accès n’est plus connue ici. Connectez-vous autrement.
error-passkey-refused = Cette clé d’accès n’a pas pu être vérifiée. Veuillez réessayer.
error-passkey-expired = Le délai est dépassé, ou l’envoi a été fait deux fois. Veuillez réessayer.
error-passkey-copied = Cette clé d’accès a peut-être été copiée, elle n’a donc pas été acceptée. Connectez-vous autrement, puis retirez-la.
error-passkey-taken = Cette clé d’accès est déjà ajoutée.
error-passkey-last = C’est le seul moyen de vous connecter à votre compte. Ajoutez d’abord une autre clé d’accès ou choisissez un mot de passe.
error-passkey-wanted = Ajoutez d’abord une clé d’accès : sans elle, rien ne permettrait de vous connecter.
error-passkeys-too-many = { $max ->
    [one] Vous pouvez avoir une clé d’accès. Retirez-la d’abord.
   *[other] Vous pouvez avoir { $max } clés d’accès. Retirez-en une d’abord.
}
error-factor-code-wrong = Ce code n’est pas le bon, ou a déjà servi. Saisissez celui que l’application affiche maintenant.
error-dialect-unknown = Choisissez à quoi sert ce mot de passe.
error-app-passwords-too-many = { $most ->
    [one] Vous pouvez avoir { $most } mot de passe d’application. Révoquez-le d’abord.
   *[other] Vous pouvez avoir { $most } mots de passe d’application. Révoquez-en un d’abord.
}
error-provider-lost = Cela a pris trop de temps, ou a été commencé dans un autre navigateur ou un autre onglet. Recommencez ici.
error-provider-denied = Vous n’avez pas donné votre accord là-bas. Rien n’a été modifié.
error-provider-unanswered = L’autre fournisseur ne répond pas. Réessayez dans un instant, ou connectez-vous autrement.
error-provider-refused = La réponse de l’autre fournisseur n’a pas pu être acceptée. Réessayez, ou connectez-vous autrement.
error-identity-taken = Ce compte est déjà associé à un autre compte ici. Connectez-vous avec lui, et dissociez-le d’abord là-bas.
error-identity-double = Un autre compte chez ce fournisseur est déjà associé. Dissociez-le d’abord.
error-identity-last = C’est le seul moyen de vous connecter à votre compte. Choisissez d’abord un mot de passe ou ajoutez une clé d’accès.
error-terms-wanted = Acceptez les conditions d’utilisation pour continuer.
error-trap-filled = Laissez ce champ vide.
error-repeated = Cette valeur a été envoyée plusieurs fois. Veuillez réessayer.
error-wrong-type = Cette valeur a été envoyée sous une forme illisible. Veuillez réessayer.

# What is wrong with a whole form or page
alert-invalid-credentials = Adresse e-mail, nom d’utilisateur ou mot de passe incorrect.
alert-locked = Ce compte est verrouillé. Contactez les responsables de ce site.
alert-client-unknown = L’application qui vous a envoyé(e) ici n’est pas enregistrée auprès de ce site. Retournez-y et signalez-le à ses responsables.
alert-request-over = La demande a expiré ou a déjà reçu une réponse. Retournez à l’application et recommencez.
alert-unverified = Confirmez d’abord votre adresse e-mail : ouvrez le lien que nous vous avons envoyé.
alert-password-expired = Ce mot de passe ne fonctionne plus. Demandez un lien pour en choisir un nouveau.
alert-second-factor-required = Terminez la connexion avec un code ou une clé d’accès.
alert-second-step-closed = Cette connexion a pris trop de temps ou compté trop de codes erronés. Saisissez de nouveau votre mot de passe.
alert-second-factor-missing = Il faut pour cela un second facteur. Configurez-en un d’abord sur le site.
alert-registration-closed = Aucun nouveau compte n’est créé ici. Si vous en avez un, connectez-vous.
alert-invitation-required = Les comptes sont créés sur invitation. Adressez-vous aux responsables de ce site ; si vous avez un compte, connectez-vous.
alert-approval-wanted = Les responsables de ce site examinent d’abord les nouveaux comptes. Nous vous écrirons dès que vous pourrez vous connecter.
alert-deletion-pending = Vous avez supprimé ce compte. Pour le récupérer, ouvrez le lien de notre e-mail.
alert-administrator-last = Vous êtes le seul administrateur. Nommez d’abord quelqu’un d’autre.
alert-terms-wanted = Acceptez d’abord les conditions d’utilisation de ce site : connectez-vous-y avec un navigateur.
alert-reauthentication-required = Confirmez d’abord votre identité.
alert-throttled = { $seconds ->
    [one] Trop de tentatives. Réessayez dans { $seconds } seconde.
   *[other] Trop de tentatives. Réessayez dans { $seconds } secondes.
}
alert-throttled-minutes = { $minutes ->
    [one] Trop de tentatives. Réessayez dans { $minutes } minute.
   *[other] Trop de tentatives. Réessayez dans { $minutes } minutes.
}
alert-throttled-hours = { $hours ->
    [one] Trop de tentatives. Réessayez dans { $hours } heure.
   *[other] Trop de tentatives. Réessayez dans { $hours } heures.
}
alert-busy = Le site est très sollicité en ce moment. Veuillez réessayer dans un instant.
alert-session-ended-sign-in-again = Votre session a expiré. Veuillez vous reconnecter.
alert-other-account = Rien n’a été modifié : cette page était celle d’un autre compte. La session ouverte maintenant est celle de ce compte.
alert-ticket-spent = Ce lien a expiré ou a déjà été utilisé. Demandez-en un nouveau ci-dessous.
alert-link-gone = Ce lien a expiré ou a déjà été utilisé.
alert-address-link-spent = Ce lien a expiré ou a déjà été utilisé. Demandez-en un nouveau sur la page de votre profil.
alert-fix-the-fields = { $count ->
    [one] Veuillez vérifier ce champ.
   *[other] Veuillez vérifier ces { $count } champs.
}

# What went well
notice-welcome = Bienvenue ! Votre compte est prêt.
notice-password-changed = Votre mot de passe a été modifié. Toutes vos autres sessions ont été fermées.
notice-factor-wanted = Votre rôle exige un second facteur. Configurez-en un pour continuer.
notice-totp-added = L’application d’authentification a été ajoutée.
notice-totp-removed = L’application d’authentification a été retirée.
notice-data-asked = Votre demande est enregistrée.
alert-data-asked-lately = Vous avez déjà demandé vos données dans les dernières 24 heures. Vous pourrez les redemander un jour après.
notice-picture-changed = Votre photo a été mise à jour.
notice-picture-removed = Votre photo a été supprimée.
notice-username-changed = Votre nom d’utilisateur a été modifié.
notice-profile-changed = Votre profil a été enregistré.
notice-session-ended = La session de cet appareil a été fermée.
notice-sessions-ended = Toutes vos autres sessions ont été fermées.
notice-password-reset = Votre mot de passe a été enregistré. Vous pouvez maintenant vous connecter.
notice-password-reset-elsewhere = Le mot de passe de l’autre compte a été enregistré. La session ouverte ici reste celle de ce compte.
notice-opening-ended = L’accès a été retiré.
notice-browser-trust-ended = Un code sera de nouveau demandé à ce navigateur.
notice-openings-ended = Tous les autres accès ont été retirés. Seule la session de ce navigateur reste ouverte.
notice-device-paired = L’appareil a été associé à votre compte.
notice-device-permitted = C’est fait. Retournez à votre appareil ou programme : il continuera dans quelques secondes.
notice-device-denied = L’appareil ou le programme n’apprend rien.
notice-device-removed = L’appareil a été dissocié.
notice-passkey-added = La clé d’accès a été ajoutée. Vous pouvez désormais vous connecter avec elle.
notice-passkey-renamed = La clé d’accès a été renommée.
notice-passkey-removed = La clé d’accès a été retirée.
notice-password-removed = Le mot de passe a été retiré. Vous vous connectez désormais avec vos clés d’accès.
notice-app-password-revoked = Le mot de passe d’application a été révoqué. Tout ce qui s’était connecté avec lui est déconnecté.
notice-application-ended = L’accès a pris fin. L’application n’apprend plus rien de vous.
notice-identity-linked = Le compte a été associé. Vous pouvez désormais vous connecter avec lui.
notice-identity-unlinked = Le compte a été dissocié. Il ne permet plus de se connecter.
notice-verification-sent = Nous venons de vous envoyer un nouveau lien par e-mail.
notice-verified = Votre adresse e-mail a été confirmée.
notice-verified-sign-in = Votre adresse e-mail a été confirmée. Vous pouvez maintenant vous connecter.
notice-verified-elsewhere = L’adresse e-mail de l’autre compte a été confirmée. La session ouverte ici reste celle de ce compte.
notice-address-requested = Nous venons d’envoyer un lien à la nouvelle adresse. Ouvrez-le pour terminer le changement.
notice-address-sent-again = Nous venons d’envoyer un nouveau message à la nouvelle adresse. Ouvrez le lien pour terminer le changement.
notice-address-cancelled = Le changement est annulé. Le lien envoyé ne fonctionne plus.
notice-address-changed = Votre adresse e-mail a été modifiée.
notice-address-changed-elsewhere = L’adresse e-mail de l’autre compte a été modifiée. La session ouverte ici reste celle de ce compte.
notice-address-declined = Merci. Le lien ne fonctionne plus, et votre adresse n’est pas utilisée.
notice-signed-out = Déconnexion réussie. À bientôt !
notice-event-denied = Tous les accès à votre compte sont fermés. Choisissez un nouveau mot de passe : nous vous avons envoyé un lien.
notice-event-denied-locked = Tout ce qui avait accès à votre compte l’a perdu, et le compte est verrouillé. Contactez-nous pour le rouvrir.
notice-factors-kept = Retrait annulé. La deuxième étape reste en place.

# Error pages
# A short code follows.
error-page-incident = Référence de l’erreur :
error-page-400-title = Requête invalide
error-page-400-message = Une partie de la requête manquait ou était illisible. Revenez en arrière et réessayez.
error-page-401-title = Veuillez vous connecter
error-page-401-message = Connectez-vous pour voir cette page.
error-page-403-title = Accès refusé
error-page-403-message = Vous n’avez pas accès à cette page, ou la requête provient d’un autre site. Rien n’a été modifié.
error-page-404-title = Page introuvable
error-page-404-message = Cette page n’existe pas, ou elle a changé d’adresse.
error-page-405-title = Action impossible
error-page-405-message = Cette adresse ne fonctionne qu’à partir d’un formulaire de ce site.
error-page-408-title = Délai dépassé
error-page-408-message = La requête n’est pas arrivée à temps. Veuillez réessayer.
error-page-409-title = Vous avez changé de compte
error-page-409-message = Ce formulaire était celui d’un autre compte que celui dont la session est ouverte maintenant. Rien n’a été modifié.
error-page-410-title = Ce lien ne fonctionne plus
error-page-410-message = Il a expiré ou a déjà été utilisé. Vous pouvez en demander un nouveau sur la page de connexion.
error-page-413-title = Fichier trop volumineux
error-page-413-message = La taille autorisée est dépassée. Revenez en arrière et choisissez quelque chose de plus petit.
error-page-415-title = Type de fichier non pris en charge
error-page-415-message = Revenez en arrière et choisissez un autre fichier.
error-page-421-title = Mauvaise adresse
error-page-421-message = Ce serveur ne répond pas à ce nom. Vérifiez l’adresse.
error-page-422-title = Données à vérifier
error-page-422-message = Une partie de ce que vous avez saisi ne peut pas être utilisée. Revenez en arrière et vérifiez.
error-page-429-title = Trop de tentatives
error-page-429-message = Patientez un instant avant de réessayer.
error-page-431-title = Requête trop longue
error-page-431-message = Votre navigateur a envoyé plus que nous ne pouvons lire, sans doute trop de cookies. Supprimez ceux de ce site et réessayez.
error-page-500-title = Une erreur s’est produite
error-page-500-message = L’erreur vient de nous, pas de vous. Veuillez réessayer dans un instant.
error-page-503-title = Temporairement indisponible
error-page-503-message = Veuillez réessayer dans un instant.
error-page-other-title = Une erreur s’est produite
error-page-other-message = Revenez en arrière et réessayez.

# What programs are told about a request, in one line
error-call-400 = Requête mal formée.
error-call-401 = Identifiants manquants ou invalides.
error-call-403 = Appel non autorisé avec ces identifiants.
error-call-404 = Point d’accès inconnu.
error-call-405 = Méthode non autorisée.
error-call-413 = Le corps de la requête est trop volumineux.
error-call-415 = Envoyez un formulaire, du multipart ou du JSON, avec le Content-Type correspondant.
error-call-421 = La requête désigne un hôte qui n’est pas celui-ci.
error-call-431 = Les en-têtes de la requête, cookies compris, sont trop volumineux.

# What the fastsite dialect says of success

fastsite-auth = Connexion réussie.
fastsite-refreshed = Session renouvelée.
fastsite-registered = Votre compte a été créé, et la session est ouverte.
fastsite-recover = Si ce compte existe, nous venons d’envoyer à son adresse un lien pour choisir un nouveau mot de passe.

# Mails. The text in English keeps to ASCII, so that it travels as it is written.
mail-hello = Bonjour,
mail-link-by-hand = Si le bouton ne fonctionne pas, ouvrez ce lien :
# $at: when, with the hour, in UTC.
mail-until = Valable jusqu’au { $at }.
# At the end of a mail: why its reader gets it.
mail-reason-account = Vous recevez ce message parce que vous avez un compte sur { $site }.
mail-reason-address = Vous recevez ce message parce que quelqu’un a indiqué cette adresse pour un compte sur { $site }.
mail-reason-former = Vous recevez ce message parce que cette adresse était celle d’un compte sur { $site }.
mail-reason-test = Vous recevez ce message parce que l’administration de { $site } vous l’a envoyé.
# $site: name of the site.
mail-recovery-subject = Choisissez un nouveau mot de passe pour { $site }
mail-recovery-title = Choisissez un nouveau mot de passe
mail-recovery-why = Nous avons reçu une demande de réinitialisation du mot de passe de votre compte sur { $site }.
mail-recovery-button = Choisir un nouveau mot de passe
mail-recovery-open = Ouvrez ce lien pour en choisir un nouveau :
mail-recovery-lasts = { $hours ->
    [one] Le lien est valable { $hours } heure et ne peut servir qu’une fois.
   *[other] Le lien est valable { $hours } heures et ne peut servir qu’une fois.
}
mail-recovery-not-you = Ce n’était pas vous ? Vous pouvez ignorer ce message : votre mot de passe pour { $site } ne changera pas.
mail-invitation-subject = Votre compte sur { $site }
mail-invitation-title = Votre compte est prêt
mail-invitation-why = Un compte sur { $site } a été créé pour vous. Il n’a pas encore de mot de passe.
mail-invitation-button = Choisir un mot de passe
mail-invitation-open = Ouvrez ce lien pour en choisir un :
mail-invitation-lasts = { $days ->
    [one] Le lien est valable { $days } jour et ne peut servir qu’une fois. Ensuite, vous pourrez en demander un autre sur la page de connexion.
   *[other] Le lien est valable { $days } jours et ne peut servir qu’une fois. Ensuite, vous pourrez en demander un autre sur la page de connexion.
}
mail-invitation-not-you = Si vous n’attendiez pas de compte sur { $site }, vous pouvez ignorer ce message.
mail-confirm-open = Ouvrez ce lien pour confirmer :
mail-confirm-lasts = { $hours ->
    [one] Le lien est valable { $hours } heure et ne peut servir qu’une fois.
   *[other] Le lien est valable { $hours } heures et ne peut servir qu’une fois.
}
mail-approved-subject = Vous pouvez maintenant vous connecter à { $site }
mail-approved-title = Votre compte est approuvé
mail-approved-why = Votre compte sur { $site } a été approuvé. Vous pouvez maintenant vous connecter.
mail-approved-button = Se connecter
mail-approved-not-you = Si vous n’avez pas créé de compte sur { $site }, vous pouvez ignorer ce message.
mail-deletion-declined-subject = Votre compte sur { $site } est conservé
mail-deletion-declined-title = Votre compte est conservé
mail-deletion-declined-what = Vous avez demandé la suppression de votre compte sur { $site }. Les responsables du site ont décidé de le garder.
mail-deletion-declined-was-you = Si vous souhaitez toujours sa suppression, adressez-vous aux responsables du site.
mail-account-deleted-subject = Votre compte sur { $site } est supprimé
mail-account-deleted-title = Votre compte est supprimé
mail-account-deleted-what = Votre compte sur { $site } a été supprimé, comme vous l’avez demandé.
mail-account-deleted-until = Il sera effacé le { $at }.
mail-account-deleted-was-you = Si c’était vous, vous n’avez rien à faire.
mail-account-deleted-not-you = Si ce n’était pas vous, ou si vous avez changé d’avis, vous pouvez le récupérer d’ici là :
mail-account-deleted-button = Rétablir mon compte
mail-account-restored-subject = Votre compte sur { $site } est rétabli
mail-account-restored-title = Votre compte est rétabli
mail-account-restored-what = Votre compte sur { $site }, qui était supprimé, a été rétabli.
mail-account-erased-subject = Votre compte sur { $site } est effacé
mail-account-erased-title = Votre compte est effacé
mail-account-erased-what = Votre compte sur { $site } et tout ce qu’il contenait ont été effacés.
mail-account-erased-then = Ceci est notre dernier message. Vous pouvez créer un nouveau compte à tout moment :
mail-account-erased-button = Ouvrir le site
mail-data-ready-subject = Vos données sur { $site } sont prêtes
mail-data-ready-title = Vos données sont prêtes
mail-data-ready-why = Le fichier avec tout ce que { $site } conserve sur votre compte est prêt. Vous devrez vous connecter et confirmer que c’est bien vous.
mail-data-ready-button = Récupérer mes données
# $until: a time.
mail-data-ready-until = Il est disponible jusqu’au { $until }, puis il est supprimé.
mail-data-ready-not-you = Si vous ne l’avez pas demandé, quelqu’un d’autre a accès à votre compte. Ouvrez-y le journal de sécurité et signalez que ce n’était pas vous.
mail-verification-subject = Confirmez votre adresse e-mail pour { $site }
mail-verification-title = Confirmez votre adresse e-mail
mail-verification-why = Un compte a été créé sur { $site } avec cette adresse e-mail. Veuillez confirmer qu’elle est bien à vous.
mail-verification-button = Confirmer mon adresse
mail-verification-not-you = Si vous n’avez pas créé ce compte sur { $site }, vous pouvez ignorer ce message. Pour reprendre ce compte, ouvrez le lien et choisissez un nouveau mot de passe : la session de la personne qui l’a créé sera fermée.
mail-address-change-subject = Confirmez votre nouvelle adresse e-mail pour { $site }
mail-address-change-title = Confirmez votre nouvelle adresse e-mail
mail-address-change-why = Nous avons reçu une demande d’utilisation de cette adresse e-mail pour un compte sur { $site }.
# $account: the present address of that account, masked, such as a***@example.org.
mail-address-change-account = Adresse actuelle de ce compte : { $account }
mail-address-change-button = Utiliser cette adresse
mail-address-change-open = Ouvrez ce lien pour la confirmer. Il faudra avoir ouvert une session sur ce compte, ou en saisir le mot de passe :
mail-address-change-not-you = Si vous n’avez rien demandé, vous pouvez ignorer ce message. Vous pouvez aussi ouvrir le lien et choisir « Ce n’était pas moi » : il ne permettra plus à personne de confirmer cette adresse pour ce compte sur { $site }.

# Mails that tell what happened. $at: when.
mail-when = Date : { $at }
mail-device = Appareil : { $device }
mail-device-unknown = Appareil : navigateur inconnu
# $place: the network that it came from, such as 203.0.113.0/24.
mail-place = Réseau : { $place }
mail-was-you = Si c’était vous, vous pouvez ignorer ce message.
mail-not-you = Si ce n’était pas vous, quelqu’un d’autre a accès à votre compte. Choisissez sans attendre un nouveau mot de passe, ce qui fermera toutes les sessions.
mail-not-you-button = Ce n’était pas moi
mail-password-changed-subject = Votre mot de passe pour { $site } a été modifié
mail-password-changed-title = Votre mot de passe a été modifié
mail-password-changed-what = Le mot de passe de votre compte sur { $site } a été modifié.
mail-username-changed-subject = Votre nom d’utilisateur sur { $site } a été modifié
mail-username-changed-title = Votre nom d’utilisateur a été modifié
mail-username-changed-what = Le nom d’utilisateur de votre compte sur { $site } a été modifié.
mail-passkey-added-subject = Une clé d’accès a été ajoutée à votre compte sur { $site }
mail-passkey-added-title = Une clé d’accès a été ajoutée
mail-passkey-added-what = Une clé d’accès a été ajoutée à votre compte sur { $site }. Elle permet de se connecter sans votre mot de passe.
mail-passkey-removed-subject = Une clé d’accès a été retirée de votre compte sur { $site }
mail-passkey-removed-title = Une clé d’accès a été retirée
mail-passkey-removed-what = Une clé d’accès a été retirée de votre compte sur { $site }. Elle ne permet plus de se connecter.
mail-password-removed-subject = Votre mot de passe pour { $site } a été retiré
mail-password-removed-title = Votre mot de passe a été retiré
mail-password-removed-what = Le mot de passe de votre compte sur { $site } a été retiré. Seules vos clés d’accès permettent désormais de vous connecter.
mail-identity-linked-subject = Un autre compte a été associé au vôtre sur { $site }
mail-identity-linked-title = Un compte a été associé
# $provider: what people call the provider of the account, such as Google.
mail-identity-linked-what = Un compte d’un autre fournisseur ({ $provider }) a été associé à votre compte sur { $site }. Il permet de se connecter sans votre mot de passe.
mail-identity-unlinked-subject = Un compte a été dissocié du vôtre sur { $site }
mail-identity-unlinked-title = Un compte a été dissocié
mail-identity-unlinked-what = Un compte d’un autre fournisseur ({ $provider }) a été dissocié de votre compte sur { $site }. Il ne permet plus de se connecter.
mail-totp-added-subject = Une application d’authentification a été ajoutée sur { $site }
mail-totp-added-title = Une application d’authentification a été ajoutée
mail-totp-added-what = Une application d’authentification a été ajoutée à votre compte sur { $site }. La connexion demande désormais un de ses codes.
mail-totp-removed-subject = L’application d’authentification a été retirée sur { $site }
mail-totp-removed-title = L’application d’authentification a été retirée
mail-totp-removed-what = L’application d’authentification de votre compte sur { $site } a été retirée.
mail-recovery-codes-made-subject = Nouveaux codes de secours pour { $site }
mail-recovery-codes-made-title = De nouveaux codes de secours ont été créés
mail-recovery-codes-made-what = De nouveaux codes de secours ont été créés pour votre compte sur { $site }. Les précédents ne fonctionnent plus.
mail-recovery-code-used-subject = Un code de secours a été utilisé sur { $site }
mail-recovery-code-used-title = Un code de secours a été utilisé
mail-recovery-code-used-what = Un code de secours de votre compte sur { $site } a été utilisé.
mail-recovery-code-used-left = { $count ->
    [0] Il n’en reste aucun. Créez-en de nouveaux sur la page Sécurité de votre compte.
    [one] Il en reste un. Créez-en de nouveaux sur la page Sécurité de votre compte.
   *[other] Il en reste { $count }.
}
mail-address-requested-subject = Nouvelle adresse e-mail demandée pour votre compte sur { $site }
mail-address-requested-title = Changement d’adresse e-mail demandé
mail-address-requested-what = Quelqu’un a demandé à modifier l’adresse e-mail de votre compte sur { $site }.
mail-address-requested-was-you = Si c’était vous, ouvrez le lien que nous avons envoyé à la nouvelle adresse. D’ici là, rien ne change.
mail-address-requested-not-you = Si ce n’était pas vous, quelqu’un d’autre a accès à votre compte. Choisissez sans attendre un nouveau mot de passe, ce qui annulera aussi ce changement.
mail-address-changed-subject = Votre adresse e-mail sur { $site } a été modifiée
mail-address-changed-title = Votre adresse e-mail a été modifiée
mail-address-changed-what = L’adresse e-mail de votre compte sur { $site } a été modifiée. Nous n’écrirons plus à cette adresse.
mail-address-changed-not-you = Si ce n’était pas vous, contactez sans attendre { $site }.
mail-address-changed-button = Contacter { $site }
mail-new-device-subject = Nouvelle connexion à votre compte sur { $site }
mail-new-device-title = Nouvelle connexion à votre compte
# When a program or a device got a way in.
mail-new-access-title = Nouvel accès à votre compte
mail-new-device-what = Quelqu’un s’est connecté à votre compte sur { $site } depuis un nouveau navigateur.
mail-new-app-what = Une application ou un autre programme s’est connecté à votre compte sur { $site } depuis un nouvel endroit.
mail-new-secret-what = Un programme a reçu un nouveau secret. Il a désormais accès à votre compte sur { $site }.
mail-new-paired-what = Un appareil a été associé à votre compte sur { $site }. Il y a désormais accès.
mail-app-password-made-subject = Nouveau mot de passe d’application pour votre compte sur { $site }
mail-app-password-made-title = Mot de passe d’application créé
mail-app-password-made-what = Un mot de passe d’application a été créé. Il donne accès à votre compte sur { $site } sans la deuxième étape.
mail-app-password-revoked-subject = Mot de passe d’application révoqué pour votre compte sur { $site }
mail-app-password-revoked-title = Mot de passe d’application révoqué
mail-app-password-revoked-what = Un mot de passe d’application a été révoqué. L’application n’a plus accès à votre compte sur { $site }.
mail-address-taken-subject = Vous avez déjà un compte sur { $site }
mail-address-taken-title = Vous avez déjà un compte
mail-address-taken-what = Quelqu’un, peut-être vous, a voulu utiliser cette adresse e-mail pour un autre compte sur { $site }. Vous avez déjà un compte, et rien n’a été modifié.
mail-address-taken-was-you = Si c’était vous, connectez-vous à { $site } avec cette adresse. Sinon, vous pouvez ignorer ce message.
mail-address-taken-not-you = Mot de passe oublié pour { $site } ? Vous pouvez en choisir un nouveau.
mail-denied-subject = Tous les accès à votre compte sur { $site } sont fermés
mail-denied-title = Tous les accès à votre compte sont fermés
mail-denied-what = Quelqu’un a signalé une entrée du journal de sécurité de votre compte sur { $site }. Tous les accès sont fermés, et le mot de passe ne fonctionne plus.
mail-denied-was-you = Si c’était vous, ouvrez le lien de notre autre message pour choisir un nouveau mot de passe.
mail-denied-not-you = Si ce n’était pas vous, ou si ce message n’est pas arrivé, demandez un lien ici :
mail-factor-recovery-subject = Codes et clés d’accès perdus pour { $site } ?
mail-factor-recovery-title = Codes et clés d’accès perdus ?
mail-factor-recovery-why = Quelqu’un a saisi votre mot de passe sur { $site } et a indiqué ne plus pouvoir passer la deuxième étape.
mail-factor-recovery-button = Retirer la deuxième étape
mail-factor-recovery-open = Si c’était vous, ouvrez ce lien pour la faire retirer :
mail-factor-recovery-not-you = Si ce n’était pas vous, quelqu’un connaît votre mot de passe. N’ouvrez pas le lien et changez de mot de passe.
mail-factors-asked-subject = La deuxième étape pour { $site } va être retirée
mail-factors-asked-title = Votre deuxième étape va être retirée
mail-factors-asked-what = Quelqu’un qui connaît votre mot de passe et a ouvert un lien reçu à cette adresse nous a demandé de retirer la deuxième étape de votre compte sur { $site }.
# $at: when.
mail-factors-asked-due = Date du retrait : { $at }
# $count: how many devices.
mail-factors-asked-devices = { $count ->
    [one] { $count } appareil est associé à votre compte. Il faudra l’associer de nouveau.
   *[other] { $count } appareils sont associés à votre compte. Il faudra les associer de nouveau.
}
mail-factors-asked-was-you = Si c’était vous, vous n’avez rien à faire. Ensuite, votre mot de passe suffira pour vous connecter.
mail-factors-asked-not-you = Si ce n’était pas vous, annulez sans attendre, puis choisissez un nouveau mot de passe :
mail-factors-asked-button = Annuler le retrait
mail-factors-kept-subject = La deuxième étape pour { $site } reste en place
mail-factors-kept-title = Votre deuxième étape reste en place
mail-factors-kept-what = Le retrait de la deuxième étape de votre compte sur { $site } a été annulé.
mail-factors-kept-was-you = Si c’était vous, vous pouvez ignorer ce message.
mail-factors-kept-not-you = Si vous n’avez jamais demandé ce retrait, quelqu’un connaît votre mot de passe. Choisissez-en un nouveau :
mail-factors-removed-subject = La deuxième étape pour { $site } a été retirée
mail-factors-removed-title = Votre deuxième étape a été retirée
mail-factors-removed-what = La deuxième étape de votre compte sur { $site } a été entièrement retirée. Tous les navigateurs, applications et appareils ont été déconnectés.
mail-factors-removed-was-you = Si c’était vous, connectez-vous avec votre mot de passe et configurez une nouvelle deuxième étape.
mail-factors-removed-not-you = Si ce n’était pas vous, choisissez sans attendre un nouveau mot de passe :
mail-digest-subject = Activité récente de votre compte sur { $site }
mail-digest-title = Activité récente de votre compte
mail-digest-what = Voici ce qui s’est passé sur votre compte sur { $site }, en un seul e-mail pour ne pas encombrer votre boîte de réception :
# $count: how many.
mail-digest-earlier = { $count ->
    [one] Un autre événement a eu lieu auparavant.
   *[other] { $count } autres événements ont eu lieu auparavant.
}
mail-digest-was-you = Si tout cela vient de vous, vous pouvez ignorer ce message.
mail-digest-not-you = Si l’un de ces événements ne vient pas de vous, quelqu’un d’autre a peut-être accès à votre compte. Choisissez sans attendre un nouveau mot de passe, ce qui fermera toutes les sessions.
# In a list, after the time.
mail-digest-approved = Votre compte a été approuvé.
mail-digest-password-changed = Mot de passe modifié.
mail-digest-username-changed = Nom d’utilisateur modifié.
mail-digest-totp-added = Application d’authentification ajoutée.
mail-digest-totp-removed = Application d’authentification retirée.
mail-digest-recovery-codes-made = Nouveaux codes de secours créés.
mail-digest-recovery-code-used = Code de secours utilisé.
mail-digest-address-requested = Changement d’adresse e-mail demandé.
mail-digest-address-changed = Adresse e-mail modifiée.
mail-digest-app-password-made = Mot de passe d’application créé.
mail-digest-app-password-revoked = Mot de passe d’application révoqué.
mail-digest-new-device = Connexion depuis un nouveau navigateur.
mail-digest-address-taken = Quelqu’un, peut-être vous, a voulu utiliser cette adresse e-mail pour un autre compte.
mail-digest-denied = Tous les accès fermés après le signalement d’une entrée du journal de sécurité.
mail-digest-deletion-declined = Compte gardé, malgré la demande de suppression.
mail-digest-account-deleted = Compte supprimé.
mail-digest-account-restored = Compte rétabli.
mail-digest-data-ready = Le fichier avec vos données est prêt.
mail-digest-passkey-added = Clé d’accès ajoutée.
mail-digest-passkey-removed = Clé d’accès retirée.
mail-digest-password-removed = Mot de passe retiré.
mail-digest-identity-linked = Compte chez un autre fournisseur associé.
mail-digest-identity-unlinked = Compte chez un autre fournisseur dissocié.
mail-digest-factors-asked = Retrait de la deuxième étape demandé.
mail-digest-factors-kept = Retrait de la deuxième étape annulé.
mail-digest-factors-removed = Deuxième étape entièrement retirée.
mail-test-subject = E-mail d’essai de { $site }
mail-test-title = Les e-mails arrivent
mail-test-why = L’administration de { $site } a envoyé ce message pour vérifier l’envoi des e-mails. Il fonctionne.
mail-test-open = Les liens des autres e-mails commencent par cette adresse :
mail-test-button = Ouvrir { $site }
mail-test-not-you = Vous n’avez rien à faire.

# The page that shows a developer the mail which became files
dev-mail-title = Messages
dev-mail-about = Aucun serveur de messagerie n’est configuré : les e-mails qui auraient été envoyés sont affichés ici. Quiconque voit cette page peut ouvrir des comptes avec leurs liens.
dev-mail-none = Rien n’a encore été envoyé.
dev-mail-text = Version texte
dev-mail-html = Version HTML
dev-mail-all = Tous les messages

# The page about the JSON APIs
api-title = API
api-about = Tous les appels que des programmes peuvent faire ici, avec leurs champs et leurs réponses. Essayez-les sur cette page : les requêtes sont réellement envoyées à ce serveur.
api-document = Document OpenAPI
api-credentials = Authentification
api-credentials-needed = L’un de ces moyens est nécessaire :
api-credentials-optional = L’un de ces moyens peut être utilisé :
api-fields = Champs
api-name = Nom
api-type = Type
api-meaning = Signification
api-required = obligatoire
api-kinds = Formats acceptés pour le corps de la requête :
api-example = Exemple de corps de requête
api-answers = Réponses
api-try = Essayer
api-body = Format de la requête
api-send = Envoyer
api-answer = Réponse

# The second step of signing in, and proving once more who one is.
second-step-title = Encore une étape
second-step-about = En plus du mot de passe, votre compte demande un code.
label-second-code = Code
second-code-hint = Celui de votre application d’authentification, ou un de vos codes de secours.
second-step-trust = Ne plus demander sur ce navigateur pendant { $days } jours
second-step-passkey = Utiliser une clé d’accès
second-step-lost = J’ai perdu mes codes et mes clés d’accès
second-step-again = Se connecter avec un autre compte
prove-title = Est-ce bien vous ?
prove-about = Ce que vous allez faire est important. Confirmez votre identité ; nous ne vous la redemanderons pas pendant dix minutes.
prove-button = Confirmer
prove-by-passkey = Utiliser une clé d’accès
prove-by-code = Utiliser plutôt un code
prove-back = Retour à la page Sécurité

# The file with what an account has
data-title = Vos données
data-heading = Emportez vos données
# $days: how long the file is kept.
data-about = { $days ->
    [one] Nous réunissons tout ce que nous conservons sur votre compte : profil, photos, sessions, appareils, seconds facteurs, journal de sécurité et e-mails. Vous recevez un fichier ZIP avec une page à lire et les mêmes données pour les programmes. Il reste disponible { $days } jour.
   *[other] Nous réunissons tout ce que nous conservons sur votre compte : profil, photos, sessions, appareils, seconds facteurs, journal de sécurité et e-mails. Vous recevez un fichier ZIP avec une page à lire et les mêmes données pour les programmes. Il reste disponible { $days } jours.
}
data-ask = Réunir mes données
data-ask-again = Les réunir à nouveau
data-replaces = Un nouveau fichier remplacera celui-ci.
# A time follows.
data-making = Vos données sont en cours de préparation. Demande faite le
data-mailed = Cela prend un instant, et vous pouvez quitter cette page. Nous vous enverrons un e-mail quand le fichier sera prêt.
data-not-mailed = Cela prend un instant, et vous pouvez quitter cette page. Revenez plus tard : nous n’enverrons pas d’e-mail, car votre adresse n’est pas confirmée.
data-download = Télécharger le fichier ZIP
# A time follows.
data-until = disponible jusqu’au
# A time follows.
data-again = Vous pourrez en demander un nouveau à partir du
data-failed = Vos données n’ont pas pu être réunies. Veuillez réessayer.
data-back = Retour à la page Sécurité
data-link-about = Recevez un fichier avec tout ce que nous conservons sur votre compte.
data-link = Vos données
# $size: a number.
data-size-kilobytes = { $size } Ko
# $size: a number.
data-size-megabytes = { $size } Mo

# The page in that file
# $site: its name.
paper-title = Vos données sur { $site }
# $email: the account’s address. $at: a time.
paper-about = Ce qui appartient au compte { $email }, à la date du { $at }.
paper-files = Les fichiers à côté de cette page disent la même chose pour les programmes : du JSON, dont les dates sont en millisecondes depuis 1970 (UTC). Les autres dates sont ici en UTC.
paper-picture = Votre photo
paper-nothing = Rien.
# $count: how many rows are left out.
paper-more = { $count ->
    [one] Une entrée plus ancienne n’est que dans le fichier.
   *[other] { $count } entrées plus anciennes ne sont que dans le fichier.
}
# The name of a file follows.
paper-file = La même chose pour les programmes :
paper-account = Compte
paper-account-about = Qui vous êtes ici.
paper-sessions = Sessions
paper-sessions-about = Navigateurs dont la session est ouverte.
paper-devices = Appareils et applications
paper-devices-about = Ce qui a aussi accès à votre compte, et ce qu’il retient de vos navigateurs et de vos réseaux.
paper-factors = Mots de passe et seconds facteurs
paper-factors-about = Ce qui prouve que c’est vous. Ce fichier ne contient aucun secret.
paper-applications = Applications et autres fournisseurs
paper-applications-about = Qui peut savoir qui vous êtes ici, et quels comptes connectent à celui-ci.
paper-log = Journal de sécurité
paper-log-about = Ce qui s’est passé sur votre compte ces 90 derniers jours, le plus récent d’abord.
paper-mails = E-mails
paper-mails-about = E-mails des 30 derniers jours et ceux qui attendent d’être envoyés, les plus récents d’abord.
paper-what = Quoi
paper-value = Valeur
paper-browser = Navigateur
paper-network = Réseau
paper-since = Depuis
paper-last-used = Dernière utilisation
paper-proven = Prouvé par
paper-name = Nom
paper-details = Détails
paper-when = Quand
paper-by = Par
paper-recipient = À
paper-state = État
paper-number = Numéro du compte
paper-address-wanted = Nouvelle adresse, pas encore prouvée
paper-terms-at = Conditions d’utilisation acceptées
# $product: the name of another program.
paper-imported = Numéro dans { $product }, d’où vient le compte
paper-known-app = Application qui s’est déjà connectée
# $door: the name of an API, such as “fastsite”.
paper-known-place = Réseau depuis lequel des programmes se sont connectés ({ $door })
paper-password = Mot de passe
paper-totp = Application d’authentification
paper-codes = Codes de secours
# $count: how many are left.
paper-codes-left = { $count ->
    [one] { $count } restant
   *[other] { $count } restants
}
paper-passkey = Clé d’accès
paper-application = Application
paper-identity = Compte chez un autre fournisseur

# The operator’s pages
admin-label = Administration
admin-link = Administration
admin-accounts = Comptes
admin-invitations = Invitations
admin-mail = Courrier sortant
admin-webhooks = Webhooks
admin-webhooks-about = Ce qui va être annoncé à vos sites, et ce qui n’a pas pu l’être.
admin-keys = Clés d’API
admin-audit = Journal d’audit
admin-status = État
# A number follows.
admin-number = nº
admin-first-page = Première page
admin-next-page = Page suivante
admin-find = Trouver un compte
admin-find-hint = Tapez le début d’une adresse e-mail, d’un nom d’utilisateur ou d’un nom, ou le numéro d’un compte. Laissez vide pour voir les comptes les plus récents.
admin-find-label = Adresse, nom d’utilisateur, nom ou numéro
admin-find-button = Rechercher
admin-found-none = Aucun compte ne correspond.
account-proven = adresse confirmée
account-unproven = adresse non confirmée
account-waiting = en attente d’approbation
account-leaving = demande à être supprimé
account-locked = verrouillé
account-deleted = supprimé
admin-facts = Informations
admin-fact-role = Rôle
admin-fact-language = Langue
admin-fact-created = Création
admin-fact-changed = Dernière modification
admin-fact-verified = Adresse confirmée
admin-fact-signed-in = Dernière connexion
admin-fact-waiting = En attente d’approbation depuis
admin-fact-deletion-asked = Demande à être supprimé depuis
admin-fact-terms = Conditions acceptées
admin-fact-former-username = Ancien nom d’utilisateur
admin-fact-locked = Verrouillage
admin-fact-deleted = Suppression
admin-fact-never = jamais
admin-fact-none = aucun
admin-fact-password = Mot de passe choisi
admin-fact-totp = Application d’authentification
admin-fact-yes = oui
admin-fact-no = non
admin-fact-passkeys = Clés d’accès
admin-fact-recovery-codes = Codes de secours restants
admin-fact-app-passwords = Mots de passe d’application
admin-fact-providers = Comptes chez d’autres fournisseurs
admin-fact-applications = Applications autorisées
admin-actions = Actions
admin-factors = Preuves d’identité
admin-openings = Ce qui a accès à ce compte
admin-openings-none = Rien n’y a accès pour le moment.
admin-mail-of-account = Courrier des 30 derniers jours
admin-mail-of-account-none = Aucun courrier.
admin-log = Dernières entrées du journal
admin-whole-log = Tout le journal de ce compte
admin-reason = Motif
admin-reason-hint = Le journal d’audit le conserve. Seuls les administrateurs le lisent.
admin-back = Retour au compte
admin-approve = Approuver
admin-approve-about = Son propriétaire pourra alors se connecter et en est averti par e-mail. Pour refuser quelqu’un, supprimez plutôt le compte.
admin-waiting = Comptes en attente d’approbation
admin-waiting-none = Aucun compte n’attend d’approbation.
admin-leaving = Comptes qui demandent à être supprimés
admin-leaving-none = Personne ne demande à être supprimé.
admin-all-accounts = Tous les comptes
admin-set-role = Changer le rôle
admin-set-role-about = Ce que le compte peut faire change aussitôt. Il reste connecté.
admin-rename = Changer le nom d’utilisateur
admin-rename-about = Le titulaire en est informé par e-mail.
admin-set-address = Changer l’adresse e-mail
admin-set-address-about = L’ancienne adresse en est informée. Tous les accès au compte sont fermés, et la nouvelle adresse n’est pas confirmée.
admin-verify = Marquer l’adresse comme confirmée
admin-verify-about = Ne le faites que si vous savez que l’adresse est celle du titulaire.
admin-disable = Désactiver le compte
admin-disable-about = Le compte est déconnecté partout aussitôt, les liens qui lui ont été envoyés ne fonctionnent plus, et personne ne peut s’y connecter. Seule une personne qui connaît le mot de passe en est informée.
admin-enable = Réactiver le compte
admin-enable-about = Le titulaire peut de nouveau se connecter. Ce qui a été déconnecté le reste, et les liens envoyés avant ne fonctionnent plus : envoyez-en un autre si aucun mot de passe n’a été choisi.
admin-reset-link = Envoyer un lien pour choisir un mot de passe
admin-reset-link-about = Le lien est envoyé à l’adresse du compte. Le mot de passe actuel fonctionne jusqu’à son utilisation.
admin-end-sessions = Déconnecter partout
admin-end-sessions-about = Navigateurs, applications et appareils associés perdent leur accès aussitôt, et les liens envoyés au compte ne fonctionnent plus. Le mot de passe ne change pas.
admin-remove-factors = Retirer tous les seconds facteurs
admin-remove-factors-about = Pour qui a perdu son téléphone : vérifiez d’abord qui le demande. Tous les accès sont fermés, et le titulaire en est informé par e-mail.
admin-delete = Supprimer le compte
# $days: how long it can be restored.
admin-delete-about = { $days ->
    [one] Le compte est déconnecté partout et devient introuvable, et les liens qui lui ont été envoyés ne fonctionnent plus. Vous pouvez le rétablir pendant { $days } jour, puis ses données sont effacées.
   *[other] Le compte est déconnecté partout et devient introuvable, et les liens qui lui ont été envoyés ne fonctionnent plus. Vous pouvez le rétablir pendant { $days } jours, puis ses données sont effacées.
}
admin-decline-deletion = Garder le compte
admin-decline-deletion-about = Le titulaire a demandé sa suppression. Le compte reste tel quel, et le titulaire en est informé par e-mail.
admin-restore = Rétablir le compte
admin-restore-about = Le compte est de nouveau là. Le titulaire se reconnecte ; les liens envoyés avant ne fonctionnent plus.
admin-invite = Inviter des personnes
admin-invite-hint = Des adresses e-mail, une par ligne. Chaque personne reçoit un compte et un lien pour choisir un mot de passe.
admin-addresses = Adresses e-mail
admin-invite-button = Inviter
admin-invited = Pas encore acceptées
admin-invited-none = Personne n’est en attente.
admin-mail-about = Ce qui va être envoyé, et ce qui n’a pas pu l’être.
admin-mail-all = Tous les messages
admin-mail-failed = Seulement ceux mis de côté
admin-mail-none = Aucun message en attente.
mail-waiting = en attente
mail-sending = en cours d’envoi
mail-failed = mis de côté
mail-sent = envoyé
# A time follows.
mail-written = écrit le
# A time follows.
mail-next = prochain essai le
# A time follows.
mail-ended = le
mail-held-back = non envoyé : la boîte a déjà reçu ses messages de l’heure
mail-withdrawn = mis de côté, puis retiré
admin-opening-link = Lien envoyé au titulaire
status-webhooks-waiting = Messages aux sites en attente
status-webhooks-failed = Messages aux sites mis de côté
admin-find-label-exact = Une adresse, un nom d’utilisateur ou un numéro
notice-admin-invited-some = Les invitations sont en route. Certaines de ces adresses ont déjà un compte et n’en reçoivent pas.
# $count: how often it was tried.
mail-attempts = { $count ->
    [one] { $count } essai
   *[other] { $count } essais
}
mail-retry = Réessayer
mail-retry-all = Tout réessayer
admin-keys-about = Les clés avec lesquelles vos propres serveurs créent et consultent des comptes.
admin-key-made = Votre nouvelle clé
admin-key-once = Copiez-la maintenant : elle ne sera plus affichée.
admin-keys-heading = Toutes les clés
admin-keys-none = Il n’y a aucune clé.
admin-key-make = Créer une clé
key-name = Nom
key-name-hint = Lettres, chiffres, points, traits d’union et tirets bas, comme « shop ».
key-scopes = Ce qu’elle peut faire
key-roles = Rôles qu’elle peut attribuer
key-days = Expire après (jours)
key-days-hint = Laissez vide pour une clé sans expiration.
key-live = active
key-expired = expirée
key-revoked = révoquée
# A date follows.
key-created = créée le
# A date follows.
key-expires = expire le
key-revoke = Révoquer
# $days: how many days an event is kept.
admin-audit-about = Ce qui s’est passé ces { $days } derniers jours, le plus récent d’abord.
audit-heading = Événements
# A number may follow.
audit-account = compte
audit-whom = Compte
audit-actor = Par qui
audit-kind = Quoi
audit-button = Afficher
audit-anybody = Tout le monde
audit-any-key = une clé d’API
audit-anything = Tout
audit-none = Rien ne correspond.
audit-none-here = Rien ne correspond dans cette partie du journal. La page suivante remonte plus loin.
audit-refused = refusé
# A text follows.
audit-reason = Motif :
actor-owner = le titulaire
actor-visitor = un visiteur
# $name: the name of an API key.
actor-key = la clé d’API { $name }
actor-staff = administrateur
actor-operator = la ligne de commande
actor-system = le serveur
event-erased = Compte effacé
event-key-made = Clé d’API créée
event-key-revoked = Clé d’API révoquée
event-client-made = Client OpenID Connect créé
event-client-secret-rotated = Secret d’un client OpenID Connect remplacé
event-client-revoked = Client OpenID Connect révoqué
event-secrets-rotated = Secrets chiffrés à nouveau
event-mail-retried = Nouvel envoi de courrier demandé
event-webhook-retried = Nouvel envoi aux sites demandé
status-server = Serveur
status-version = Version
status-database = Base de données
status-waiting = Messages en attente
status-oldest = Le plus ancien
status-failed = Messages mis de côté
status-mail-server = Serveur de messagerie
status-mail-answer = Sa dernière réponse
status-mail-files = aucun : les messages deviennent des fichiers
status-mail-unasked = pas interrogé depuis le démarrage
# $mib: a number of mebibytes.
status-disk = Espace libre
status-mib = { $mib } Mio
status-settings = Paramètres
status-settings-about = Les secrets sont masqués.
status-set = défini
alert-admin-own-account = Vous ne pouvez pas faire cela à votre propre compte. Demandez à un autre administrateur.
alert-admin-last-administrator = Plus personne ne pourrait administrer le site.
alert-admin-deleted = Le compte est supprimé. Il ne peut qu’être rétabli.
notice-approval-wanted = Votre compte est créé. Les responsables de ce site l’examinent d’abord ; nous vous écrirons dès que vous pourrez vous connecter.
notice-admin-done = C’est fait.
notice-admin-unchanged = C’était déjà le cas. Rien n’a été modifié.
notice-admin-invited = Les invitations sont en route.
notice-admin-invited-nobody = Ces personnes ont déjà toutes un compte. Personne n’a été invité.
notice-admin-mail-retried = Le serveur réessaie maintenant.
notice-admin-webhook-retried = Le serveur réessaie maintenant.
notice-admin-key-revoked = Clé révoquée. Elle est refusée désormais.
alert-admin-key-name-taken = Ce nom est déjà celui d’une autre clé.
alert-admin-gone = Le compte a changé entre-temps. Vérifiez.
