notes-title = Vos notes
notes-label = Nouvelle note
# $max: most characters of a note.
notes-hint = { $max ->
    [one] Un seul caractère. Les autres membres ne la voient pas.
   *[other] { $max } caractères au plus. Les autres membres ne la voient pas.
}
notes-button = Garder cette note
notes-none = Il n’y a pas encore de notes.
notes-error-required = Écrivez d’abord quelque chose.
notes-error-too-long = { $max ->
    [one] N’utilisez qu’un seul caractère.
   *[other] Utilisez { $max } caractères au plus.
}
notes-error-unreadable = Ce texte contient des caractères qui ne peuvent pas être utilisés ici.
notes-error-too-many = Il n’y a plus de place pour d’autres notes.
notice-note-kept = Votre note est gardée.
