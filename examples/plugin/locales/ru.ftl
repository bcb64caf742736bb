notes-title = Ваши заметки
notes-label = Новая заметка
# $max: most characters of a note.
notes-hint = { $max ->
    [one] Не больше { $max } символа. Другие участники её не видят.
    [few] Не больше { $max } символов. Другие участники её не видят.
   *[many] Не больше { $max } символов. Другие участники её не видят.
}
notes-button = Сохранить заметку
notes-none = Заметок пока нет.
notes-error-required = Сначала напишите что-нибудь.
notes-error-too-long = { $max ->
    [one] Используйте не больше { $max } символа.
    [few] Используйте не больше { $max } символов.
   *[many] Используйте не больше { $max } символов.
}
notes-error-unreadable = Здесь есть символы, которые нельзя использовать.
notes-error-too-many = Для новых заметок больше нет места.
notice-note-kept = Заметка сохранена.
