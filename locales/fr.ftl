# Layout
skip-to-content = Aller au contenu
nav-label = Votre compte
sign-out = Se déconnecter
optional = facultatif
show-password = Afficher le mot de passe
home-link = Aller à la page d’accueil

# Labels and hints
label-email = Adresse e-mail
label-email-or-username = Adresse e-mail ou nom d’utilisateur
label-username = Nom d’utilisateur
label-password = Mot de passe
label-current-password = Mot de passe actuel
label-new-email = Nouvelle adresse e-mail
label-new-password = Nouveau mot de passe
label-name = Nom affiché
label-firstname = Prénom
label-lastname = Nom de famille
label-locale = Langue
locale-automatic = Celle du navigateur
# What this language is called by those who speak it
locale-name = Français
label-picture = Nouvelle photo
label-code = Code
code-hint = Six lettres et chiffres, en majuscules ou en minuscules.
profile-link = Retour à votre compte
username-hint = Lettres, chiffres, points, tirets et tirets bas.
# $min: fewest characters that a password has.
password-hint = { $min ->
    [one] Au moins { $min } caractère.
   *[other] Au moins { $min } caractères. Quelques mots à la suite conviennent très bien.
}
name-hint = C’est sous ce nom que les autres vous voient.

# Sign in
sign-in-title = Connexion
sign-in-button = Se connecter
sign-in-link = Se connecter
forgot-link = Mot de passe oublié ?
no-account-yet = Pas encore de compte ?
sign-up-link = En créer un

# Recovery
forgot-title = Mot de passe oublié ?
forgot-about = Indiquez votre adresse e-mail ou votre nom d’utilisateur : nous vous enverrons un lien pour choisir un nouveau mot de passe.
forgot-button = Recevoir le lien
forgot-requested = Si un compte existe avec cette adresse e-mail ou ce nom d’utilisateur, un message contenant un lien est en route vers sa boîte de réception.
forgot-nothing-came = Toujours rien après quelques minutes ? Regardez parmi les courriers indésirables, ou réessayez avec une autre adresse.
reset-title = Choisissez un nouveau mot de passe
reset-about = Ce nouveau mot de passe est celui du compte ci-dessous. Toutes vos sessions seront fermées.
reset-first-title = Choisissez un mot de passe
reset-first-about = Bienvenue ! Ce compte a été créé pour vous. Avec votre propre mot de passe, vous pourrez vous connecter.
reset-button = Enregistrer le mot de passe

# Verification
verify-title = Confirmez votre adresse e-mail
verify-about = Saisissez le mot de passe choisi lors de l’inscription pour confirmer cette adresse :
verify-signed-in-about = Un clic, et cette adresse est confirmée :
verify-button = Confirmer mon adresse
verify-not-mine = Je n’ai pas choisi de mot de passe, ou je l’ai oublié
verify-not-mine-about = Choisissez-en un nouveau, et le compte n’est plus qu’à vous : toutes les sessions ouvertes seront fermées.
verify-request-about = Nous vous avons envoyé un message contenant un lien. Rien reçu ? Regardez parmi les courriers indésirables, ou demandez un nouvel envoi.
verify-request-button = Renvoyer le lien
verify-requested = Si un compte existe avec cette adresse e-mail ou ce nom d’utilisateur et reste à confirmer, un message contenant un lien est en route vers sa boîte de réception.
unverified-about = Veuillez confirmer votre adresse e-mail : un lien vous attend dans votre boîte de réception.
address-title = Confirmez votre nouvelle adresse e-mail
address-about = Votre compte utilisera désormais cette adresse :
address-button = Utiliser cette adresse
# A masked address follows, such as a•••@example.org.
address-account = L’adresse actuelle du compte qui l’a demandé est :
address-password-about = Pour que personne d’autre ne puisse le faire, le mot de passe de ce compte est nécessaire.
address-not-me = Ce n’était pas moi
address-not-me-about = Vous ne connaissez pas ce compte ? Quelqu’un s’est peut-être trompé d’adresse. Un clic, et le lien ne fonctionne plus.

# Sign-in by redirection
switch-title = Changer de compte ?
# An address follows.
switch-present = Dans ce navigateur, vous êtes connecté avec cette adresse :
# An address follows.
switch-other = Le lien que vous avez ouvert connecte avec une autre :
switch-about = Quelqu’un vous a envoyé ce lien ? Alors ne changez rien : le titulaire de l’autre compte verrait ce que vous y faites.
switch-button = Passer à l’autre compte
switch-stay = Rester connecté comme maintenant

# Sign up
sign-up-title = Créer votre compte
sign-up-button = Créer mon compte
have-account-already = Vous avez déjà un compte ?

# Profile
profile-title = Votre compte
contents-label = Sur cette page
# A date follows.
member-since = Compte créé le
profile-heading = Profil
profile-about = Comment ce site vous appelle, et dans quelle langue il vous parle.
profile-button = Enregistrer le profil
username-heading = Nom d’utilisateur
username-about = Une autre façon de vous connecter, en plus de votre adresse e-mail.
username-button = Changer de nom d’utilisateur
email-about = Elle sert à vous connecter et reçoit les messages sur votre compte. Une nouvelle adresse ne compte qu’une fois ouvert le lien que nous y envoyons.
email-button = Changer d’adresse e-mail
password-heading = Mot de passe
password-about = Un nouveau mot de passe vous déconnecte partout ailleurs.
password-button = Changer de mot de passe

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
picture-button = Utiliser cette photo
picture-remove = Supprimer ma photo
picture-too-large-here = Cette image est trop lourde. Veuillez en choisir une plus légère.
picture-unreadable-here = Votre navigateur ne peut pas afficher ce fichier. Ce n’est peut-être pas une image.
crop-label = Partie de l’image à conserver
crop-hint = Faites glisser l’image, ou cliquez sur ce qui doit se trouver au centre. Les flèches du clavier la déplacent, plus et moins règlent le zoom.
crop-zoom = Zoom

# What opens the account
sessions-heading = Où votre compte est ouvert
sessions-about = Vous ne reconnaissez pas quelque chose ? Mettez-y fin, puis changez de mot de passe.
session-current = ce navigateur
session-unknown-device = Un navigateur inconnu
devices-title = Où votre compte est ouvert
devices-about = Tout ce qui peut utiliser votre compte. Vous ne reconnaissez pas quelque chose ? Mettez-y fin, puis changez de mot de passe.
devices-link = Navigateurs, applications et appareils qui peuvent utiliser votre compte
openings-heading = Navigateurs, applications, appareils et liens
openings-about = Ce à quoi vous mettez fin perd immédiatement l’accès à votre compte.
opening-session = Connecté
opening-known-browser = Déjà connecté auparavant : les essais d’autrui ne le font pas attendre
# $door: the name of an API, such as “fastsite”.
opening-bearer = Application, connectée par { $door }
opening-device = Appareil associé
opening-user-secret = Secret qui ouvre votre compte à un programme
opening-link = Lien qui vous a été envoyé
opening-redirection = Connexion depuis un autre site, en cours
opening-unknown-app = Une application qui ne dit pas son nom
opening-unknown-program = Un programme qui ne dit pas son nom
opening-link-recovery = Pour choisir un nouveau mot de passe
opening-link-invitation = Pour choisir le premier mot de passe
opening-link-verification = Pour confirmer votre adresse e-mail
opening-link-address = Pour changer d’adresse e-mail
# A date follows.
opening-created = Depuis le :
# A time follows, often one like “3 days ago”.
opening-seen = Dernière utilisation :
# A network follows, such as “203.0.113.0/24”.
opening-place = Depuis :
# The name of the browser, app or device follows, for those who hear the page.
opening-end = Mettre fin
openings-end-others = Mettre fin à tout le reste
openings-end-others-about = Seul ce navigateur reste connecté. Les applications devront se reconnecter et les appareils être associés de nouveau.

# Pairing a device
pair-heading = Associer un appareil
pair-about = Les miroirs, enceintes et autres appareils sans clavier affichent un code. Saisissez-le ici. Il change toutes les dix minutes.
pair-button = Continuer
pair-confirm-heading = Associer cet appareil ?
# The name of the device follows.
pair-confirm-about = Quelqu’un a donné ce nom à l’appareil. Associez-le seulement s’il est à vous et sous vos yeux : il pourra dès lors utiliser votre compte.
pair-confirm-button = Oui, l’associer
pair-confirm-no = Non, ne pas l’associer

# What is wrong with a field
error-required = Veuillez remplir ce champ.
error-email-invalid = Cela ne ressemble pas à une adresse e-mail. En voici une : nom@example.org.
error-email-invisible = Cette adresse contient un caractère invisible. Veuillez la taper au lieu de la coller.
error-email-not-ascii = Notre serveur de messagerie ne peut pas joindre une adresse qui a de telles lettres avant le signe @. Veuillez en indiquer une autre.
error-email-taken = Un compte existe déjà avec cette adresse e-mail.
error-email-same = C’est déjà votre adresse.
error-username-invalid = Veuillez n’utiliser que des lettres, des chiffres, des points, des tirets et des tirets bas.
error-username-taken = Ce nom d’utilisateur est déjà pris. Veuillez en choisir un autre.
error-username-mixed = Veuillez n’utiliser que les lettres d’un seul alphabet.
error-password-too-short = { $min ->
    [one] Veuillez utiliser au moins { $min } caractère.
   *[other] Veuillez utiliser au moins { $min } caractères.
}
error-password-too-long = { $max ->
    [one] Ce mot de passe est trop long. La limite est de { $max } caractère.
   *[other] Ce mot de passe est trop long. La limite est de { $max } caractères.
}
error-password-common = C’est l’un des premiers mots de passe que l’on essaierait. Veuillez en choisir un autre.
error-password-personal = C’est votre nom, votre adresse ou le nom de ce site. Veuillez choisir quelque chose de plus difficile à deviner.
error-password-invalid = Ce mot de passe contient des caractères qu’aucun clavier ne produit. Veuillez les retirer.
error-text-too-long = { $max ->
    [one] Veuillez utiliser { $max } caractère au plus.
   *[other] Veuillez utiliser { $max } caractères au plus.
}
error-text-invalid = Ce texte contient des caractères qui ne peuvent pas être utilisés ici.
error-number-invalid = Il faut un nombre, comme 42 ou 3.5.
error-date-invalid = Il faut une date qui existe, comme 2024-05-31.
error-url-invalid = Il faut une adresse web, comme https://example.org.
error-boolean-invalid = Cette case ne peut être que cochée ou vide.
error-locale-unknown = Cette langue n’est pas disponible ici.
error-passwords-differ = Les deux mots de passe ne sont pas identiques.
error-role-unknown = Ce rôle n’existe pas.
error-role-forbidden = Ce rôle ne peut pas être attribué ici.
error-not-changeable = Cette valeur ne peut pas être définie ici.
error-password-wrong = Ce n’est pas votre mot de passe actuel.
error-picture-missing = Veuillez d’abord choisir une image.
error-picture-too-large = Cette image est trop lourde. La limite est de { $max_mib } Mo.
error-picture-too-many-pixels = { $max_megapixels ->
    [one] Cette image a trop de pixels. La limite est de { $max_megapixels } mégapixel.
   *[other] Cette image a trop de pixels. La limite est de { $max_megapixels } mégapixels.
}
error-picture-not-an-image = Ce fichier n’est pas une image JPEG, PNG, WebP ou GIF.
error-picture-unreadable = Cette image semble endommagée. Veuillez en essayer une autre.
error-code-unknown = Aucun appareil n’affiche ce code. Veuillez vérifier, il a peut-être changé.
error-repeated = Cette valeur est arrivée plusieurs fois. Veuillez renvoyer le formulaire.
error-wrong-type = Cette valeur est arrivée sous une forme illisible. Veuillez renvoyer le formulaire.

# What is wrong with a whole form or page
alert-invalid-credentials = Identifiant ou mot de passe incorrect. Veuillez réessayer.
alert-locked = Ce compte est verrouillé. Veuillez vous adresser aux responsables de ce site.
alert-unverified = Veuillez d’abord confirmer votre adresse e-mail : un lien vous attend dans votre boîte de réception.
alert-password-expired = Ce mot de passe a été créé pour vous et n’était valable qu’un jour. Veuillez demander un lien et choisir le vôtre.
alert-throttled = { $seconds ->
    [one] Trop d’essais. Veuillez patienter { $seconds } seconde.
   *[other] Trop d’essais. Veuillez patienter { $seconds } secondes.
}
alert-throttled-minutes = { $minutes ->
    [one] Trop d’essais. Veuillez patienter { $minutes } minute.
   *[other] Trop d’essais. Veuillez patienter { $minutes } minutes.
}
alert-busy = Beaucoup de monde arrive en ce moment. Veuillez réessayer dans un instant.
alert-session-ended-sign-in-again = Votre session est terminée. Veuillez vous reconnecter.
alert-other-account = Rien n’a été modifié : cette page était celle d’un autre compte. Dans ce navigateur, vous êtes maintenant connecté à celui-ci.
alert-ticket-spent = Ce lien ne fonctionne plus : il a déjà servi, ou il est trop ancien. Vous pouvez en demander un autre ici.
alert-address-link-spent = Ce lien ne fonctionne plus : il a déjà servi, ou il est trop ancien. Vous pouvez en demander un autre sur la page de votre compte.
alert-fix-the-fields = { $count ->
    [one] Rien n’est encore enregistré. { $count } champ est à revoir.
   *[other] Rien n’est encore enregistré. { $count } champs sont à revoir.
}

# What went well
notice-welcome = Bienvenue ! Votre compte est prêt.
notice-password-changed = Votre mot de passe est changé. Toutes vos autres sessions sont fermées.
notice-picture-changed = Votre nouvelle photo est en place.
notice-picture-removed = Votre photo est supprimée.
notice-username-changed = Votre nom d’utilisateur est changé.
notice-profile-changed = Votre profil est enregistré.
notice-session-ended = Cet appareil est déconnecté.
notice-sessions-ended = Toutes vos autres sessions sont fermées.
notice-password-reset = Votre mot de passe est enregistré. Vous pouvez maintenant vous connecter.
notice-password-reset-elsewhere = Le mot de passe de l’autre compte est enregistré. Ici, vous êtes toujours connecté à celui-ci.
notice-opening-ended = C’est terminé.
notice-openings-ended = Tout le reste est terminé. Seul ce navigateur est encore connecté.
notice-device-paired = L’appareil est associé à votre compte.
notice-device-removed = L’appareil a été retiré.
notice-verification-sent = Un message contenant un lien est en route vers votre boîte de réception.
notice-verified = Votre adresse e-mail est confirmée.
notice-verified-sign-in = Votre adresse e-mail est confirmée. Vous pouvez maintenant vous connecter.
notice-verified-elsewhere = L’adresse e-mail de l’autre compte est confirmée. Ici, vous êtes toujours connecté à celui-ci.
notice-address-requested = Un message contenant un lien est en route vers la nouvelle adresse. Tant que vous ne l’avez pas ouvert, rien ne change.
notice-address-changed = Votre adresse e-mail est changée.
notice-address-changed-elsewhere = L’adresse e-mail de l’autre compte est changée. Ici, vous êtes toujours connecté à celui-ci.
notice-address-declined = Merci. Le lien ne fonctionne plus, et l’adresse n’est pas utilisée.
notice-signed-out = Vous avez quitté votre compte. À bientôt !

# Error pages
# A short code follows.
error-page-incident = Si vous nous en parlez, veuillez indiquer :
error-page-400-title = Demande incomprise
error-page-400-message = Il manquait quelque chose dans la demande, ou elle était illisible. Veuillez revenir en arrière et réessayer.
error-page-401-title = Veuillez vous connecter
error-page-401-message = Cette page est réservée aux personnes connectées.
error-page-403-title = Accès refusé
error-page-403-message = Soit cette page ne vous est pas ouverte, soit la demande venait d’un autre site. Rien n’a été modifié.
error-page-404-title = Rien par ici
error-page-404-message = Cette page n’existe pas, ou elle a changé d’adresse.
error-page-405-title = Pas de cette façon
error-page-405-message = Cette adresse existe, mais elle ne s’utilise pas ainsi.
error-page-408-title = C’était trop long
error-page-408-message = La demande n’est pas arrivée à temps. Veuillez réessayer.
error-page-409-title = Un autre compte
error-page-409-message = Le formulaire était celui d’un autre compte que celui qui est connecté maintenant. Rien n’a été modifié.
error-page-410-title = Ce lien ne fonctionne plus
error-page-410-message = Il a déjà servi, ou il est trop ancien. Vous pouvez en demander un nouveau sur la page de connexion.
error-page-413-title = Trop volumineux
error-page-413-message = C’est plus que ce qui peut être envoyé ici. Veuillez revenir en arrière et choisir quelque chose de plus léger.
error-page-415-title = Type de fichier inconnu
error-page-415-message = Ce type de fichier ne peut pas être utilisé ici. Veuillez revenir en arrière et en choisir un autre.
error-page-421-title = Mauvaise adresse
error-page-421-message = Ce serveur ne répond pas au nom par lequel il a été appelé. Veuillez vérifier l’adresse.
error-page-422-title = Quelque chose ne va pas
error-page-422-message = Une partie de ce qui a été envoyé ne peut pas être utilisée. Veuillez revenir en arrière et vérifier.
error-page-429-title = Trop d’essais
error-page-429-message = Veuillez patienter un peu avant de réessayer.
error-page-431-title = Requête trop longue
error-page-431-message = Votre navigateur a envoyé plus qu’il n’est possible de lire, sans doute trop de cookies. Veuillez supprimer ceux de ce site et réessayer.
error-page-500-title = Une erreur s’est produite
error-page-500-message = L’erreur vient de nous, pas de vous. Veuillez réessayer dans un instant.
error-page-503-title = Indisponible pour le moment
error-page-503-message = Veuillez réessayer dans un instant.
error-page-other-title = Une erreur s’est produite
error-page-other-message = Veuillez revenir en arrière et réessayer.

# Ce que les programmes lisent d’une requête, en une ligne
error-call-400 = La requête est incompréhensible.
error-call-401 = Cet appel exige des identifiants valides.
error-call-403 = Ces identifiants n’autorisent pas cet appel.
error-call-404 = Cet appel n’existe pas.
error-call-405 = Cet appel ne se fait pas avec cette méthode.
error-call-413 = Le corps de la requête est trop volumineux.
error-call-415 = Le corps de la requête peut être un formulaire, du multipart ou du JSON, et son Content-Type indique lequel.
error-call-421 = La requête désigne un hôte qui n’est pas celui-ci.
error-call-431 = Les en-têtes de la requête, cookies compris, sont trop nombreux ou trop longs.

# Ce que le dialecte fastsite dit d’un succès

fastsite-auth = Vous êtes connecté.
fastsite-refreshed = Votre connexion a été prolongée.
fastsite-registered = Votre compte a été créé et vous êtes connecté.
fastsite-recover = Si ce compte existe, un lien pour choisir un nouveau mot de passe est en route vers son adresse.

# Mails. The text in English keeps to ASCII, so that it travels as it is written.
mail-hello = Bonjour,
mail-link-by-hand = Si le bouton ne fait rien, ouvrez cette adresse :
# $site: name of the site.
mail-recovery-subject = Choisissez un nouveau mot de passe pour { $site }
mail-recovery-why = Quelqu’un, sans doute vous, a demandé un nouveau mot de passe pour votre compte sur { $site }.
mail-recovery-button = Choisir un nouveau mot de passe
mail-recovery-open = Ouvrez cette adresse pour le choisir :
mail-recovery-lasts = { $hours ->
    [one] Le lien fonctionne une seule fois, pendant { $hours } heure.
   *[other] Le lien fonctionne une seule fois, pendant { $hours } heures.
}
mail-recovery-not-you = Si vous n’avez rien demandé, vous n’avez rien à faire : votre mot de passe pour { $site } reste le même.
mail-invitation-subject = Votre compte sur { $site }
mail-invitation-why = Un compte sur { $site } a été créé pour vous. Il n’a pas encore de mot de passe.
mail-invitation-button = Choisir un mot de passe
mail-invitation-open = Ouvrez cette adresse pour en choisir un :
mail-invitation-lasts = { $days ->
    [one] Le lien fonctionne une seule fois, pendant { $days } jour. Ensuite, vous pourrez en demander un autre sur la page de connexion.
   *[other] Le lien fonctionne une seule fois, pendant { $days } jours. Ensuite, vous pourrez en demander un autre sur la page de connexion.
}
mail-invitation-not-you = Si vous n’attendiez pas de compte sur { $site }, vous pouvez ignorer ce message.
mail-confirm-open = Ouvrez cette adresse pour confirmer :
mail-confirm-lasts = { $hours ->
    [one] Le lien fonctionne une seule fois, pendant { $hours } heure.
   *[other] Le lien fonctionne une seule fois, pendant { $hours } heures.
}
mail-verification-subject = Confirmez votre adresse e-mail pour { $site }
mail-verification-why = Un compte a été créé sur { $site } avec cette adresse e-mail. Veuillez confirmer qu’elle est bien à vous.
mail-verification-button = Confirmer mon adresse
mail-verification-not-you = Si vous n’avez pas créé ce compte sur { $site }, vous pouvez ignorer ce message. Vous pouvez aussi vous approprier le compte : le lien permet de choisir un nouveau mot de passe, et la personne qui l’a créé en est déconnectée.
mail-address-change-subject = Confirmez votre nouvelle adresse e-mail pour { $site }
mail-address-change-why = Quelqu’un, sans doute vous, souhaite utiliser cette adresse e-mail pour un compte sur { $site }.
# $account: the present address of that account, masked, such as a***@example.org.
mail-address-change-account = L’adresse actuelle de ce compte est : { $account }
mail-address-change-button = Utiliser cette adresse
mail-address-change-open = Ouvrez cette adresse pour la confirmer. Il faut être connecté à ce compte, ou en saisir le mot de passe :
mail-address-change-not-you = Si vous n’avez rien demandé, vous pouvez ignorer ce message. Vous pouvez aussi ouvrir le lien et choisir « Ce n’était pas moi » : il ne permettra plus à personne de confirmer cette adresse pour ce compte sur { $site }.

# Mails that tell what happened. $at: when.
mail-when = Date : { $at }
mail-device = Avec : { $device }
mail-device-unknown = Avec : un navigateur qui ne dit pas son nom
mail-was-you = Si c’était vous, vous n’avez rien à faire.
# An address follows.
mail-not-you = Si ce n’était pas vous, quelqu’un d’autre a accès à votre compte. Veuillez choisir sans attendre un nouveau mot de passe, qui fermera toutes les sessions :
mail-password-changed-subject = Votre mot de passe pour { $site } a été changé
mail-password-changed-what = Le mot de passe de votre compte sur { $site } a été changé.
mail-username-changed-subject = Votre nom d’utilisateur sur { $site } a été changé
mail-username-changed-what = Le nom d’utilisateur de votre compte sur { $site } a été changé.
mail-address-requested-subject = Une autre adresse e-mail pour votre compte sur { $site }
mail-address-requested-what = Une autre adresse e-mail a été demandée pour votre compte sur { $site }.
mail-address-requested-was-you = Si c’était vous, veuillez confirmer la nouvelle adresse à l’aide du lien qui y a été envoyé. D’ici là, rien ne change.
# An address follows.
mail-address-requested-not-you = Si ce n’était pas vous, quelqu’un d’autre a accès à votre compte. Veuillez choisir sans attendre un nouveau mot de passe, ce qui annulera aussi ce changement :
mail-address-changed-subject = Votre adresse e-mail sur { $site } a été changée
mail-address-changed-what = Votre compte sur { $site } a désormais une autre adresse e-mail. Les messages n’arriveront plus ici.
# An address follows.
mail-address-changed-not-you = Si ce n’était pas vous, veuillez prévenir sans attendre les responsables de { $site } :
mail-new-device-subject = Nouvelle connexion à votre compte sur { $site }
mail-new-device-what = Quelqu’un s’est connecté à votre compte sur { $site } avec un navigateur qui n’avait encore jamais servi.
mail-new-app-what = Une application ou un autre programme s’est connecté à votre compte sur { $site } depuis un endroit où il n’avait encore jamais servi.
mail-new-secret-what = Un programme a reçu un nouveau secret qui ouvre votre compte sur { $site }.
mail-new-paired-what = Un appareil a été associé à votre compte sur { $site }. Il peut désormais l’utiliser.
mail-address-taken-subject = Vous avez déjà un compte sur { $site }
mail-address-taken-what = Quelqu’un, peut-être vous, a voulu utiliser cette adresse e-mail pour un autre compte sur { $site }. C’est l’adresse de votre compte, et rien n’a été modifié.
mail-address-taken-was-you = Si c’était vous, vous pouvez vous connecter à { $site } avec cette adresse. Sinon, vous n’avez rien à faire.
# An address follows.
mail-address-taken-not-you = Si vous avez oublié votre mot de passe pour { $site }, choisissez-en un nouveau ici :
mail-digest-subject = Ce qui s’est passé sur votre compte { $site }
mail-digest-what = Pour ne pas remplir votre boîte de réception, un seul message vous dit tout ceci. Voici ce qui s’est passé sur votre compte { $site } :
# $count: how many.
mail-digest-earlier = { $count ->
    [one] Un autre événement a eu lieu auparavant.
   *[other] { $count } autres événements ont eu lieu auparavant.
}
mail-digest-was-you = Si tout cela vient de vous, vous n’avez rien à faire.
# An address follows.
mail-digest-not-you = Si l’un de ces événements ne vient pas de vous, quelqu’un d’autre a peut-être accès à votre compte. Veuillez choisir sans attendre un nouveau mot de passe, ce qui fermera toutes les sessions :
# In a list, after the time.
mail-digest-password-changed = Le mot de passe a été changé.
mail-digest-username-changed = Le nom d’utilisateur a été changé.
mail-digest-address-requested = Une autre adresse e-mail a été demandée.
mail-digest-address-changed = L’adresse e-mail a été changée.
mail-digest-new-device = Quelqu’un s’est connecté avec un nouveau navigateur.
mail-digest-address-taken = Quelqu’un, peut-être vous, a voulu utiliser cette adresse e-mail pour un autre compte.
mail-test-subject = { $site } peut envoyer des messages
mail-test-why = L’administrateur de { $site } a envoyé ce message pour vérifier que le courrier arrive. C’est le cas.
mail-test-open = Les liens des autres messages commencent par cette adresse :
mail-test-button = Ouvrir { $site }
mail-test-not-you = Vous n’avez rien à faire.

# The page that shows a developer the mail which became files
dev-mail-title = Messages
dev-mail-about = Aucun serveur de messagerie n’est configuré : ce qui aurait été envoyé se trouve ici. Quiconque voit cette page peut ouvrir les comptes auxquels mènent ses liens.
dev-mail-none = Rien n’a encore été envoyé.
dev-mail-text = Version texte
dev-mail-html = Version HTML
dev-mail-all = Tous les messages

# The page about the JSON APIs
api-title = API
api-about = Tous les appels que des programmes peuvent faire ici, avec leurs champs et leurs réponses. Chacun peut être essayé sur cette page : ce que vous envoyez est réel.
api-document = La même chose en document OpenAPI
api-credentials = Qui appelle
api-credentials-needed = L’un de ces moyens est nécessaire :
api-credentials-optional = L’un de ces moyens peut être envoyé :
api-fields = Champs
api-name = Nom
api-type = Type
api-meaning = Signification
api-required = obligatoire
api-kinds = Le corps peut être envoyé en
api-example = Exemple de corps
api-answers = Réponses
api-try = Essayer
api-body = Corps envoyé en
api-send = Envoyer
api-answer = Réponse
