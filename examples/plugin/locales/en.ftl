notes-title = Your notes
notes-label = A new note
# $max: most characters of a note.
notes-hint = { $max ->
    [one] One character at most. Other members do not see it.
   *[other] { $max } characters at most. Other members do not see it.
}
notes-button = Keep this note
notes-none = There are no notes yet.
notes-error-required = Please write something first.
notes-error-too-long = { $max ->
    [one] Please use one character only.
   *[other] Please use at most { $max } characters.
}
notes-error-unreadable = This contains characters that cannot be used here.
notes-error-too-many = There is no room for more notes.
notice-note-kept = Your note is kept.
