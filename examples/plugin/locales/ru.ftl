notes-title = Ваши заметки
notes-label = Новая заметка
# $max: most characters of a note.
notes-hint = { $max ->
    [one] Не больше { $max } символа. Её видите только вы.
    [few] Не больше { $max } символов. Её видите только вы.
   *[many] Не больше { $max } символов. Её видите только вы.
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
