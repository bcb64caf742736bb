# Layout
skip-to-content = Перейти к содержимому
nav-label = Ваша учётная запись
sign-out = Выйти
optional = необязательно
show-password = Показать пароль
home-link = На главную страницу
# Goes before the title of a page that was refused.
title-refused = Ошибка:
back-link = Вернуться
imprint-link = Правовая информация
privacy-link = Конфиденциальность
help-link = Помощь

# Labels and hints
label-email = Электронная почта
label-email-or-username = Электронная почта или имя пользователя
label-trap = Оставьте это поле пустым
label-username = Имя пользователя
label-password = Пароль
label-current-password = Текущий пароль
label-new-email = Новый адрес электронной почты
label-new-password = Новый пароль
label-name = Отображаемое имя
label-firstname = Имя
label-lastname = Фамилия
label-locale = Язык
locale-automatic = Язык моего браузера
# What this language is called by those who speak it
locale-name = Русский
label-picture = Загрузить фотографию
label-code = Код
code-hint = 6 букв и цифр; регистр букв не важен.
profile-link = Вернуться к учётной записи
username-hint = Буквы, цифры, точки, дефисы и знаки подчёркивания.
# $min: fewest characters that a password has.
password-hint = { $min ->
    [one] Не менее { $min } символа
   *[other] Не менее { $min } символов
}
name-hint = Его видят другие.

# Sign in
sign-in-title = Вход
sign-in-button = Войти
sign-in-link = Войти
forgot-link = Забыли пароль?
no-account-yet = Ещё нет учётной записи?
terms-title = Условия использования
terms-changed = Условия использования изменились. Прочитайте их и примите, чтобы продолжить.
terms-first = У этого сайта есть условия использования. Прочитайте их и примите, чтобы продолжить.
terms-agreed = Вы приняли условия использования.
terms-read = Прочитать условия использования
terms-button = Принимаю
terms-agree = Я принимаю
terms-link = условия использования
sign-up-link = Создать

# Recovery
forgot-title = Забыли пароль?
forgot-about = Введите адрес электронной почты или имя пользователя, и мы отправим ссылку для сброса пароля.
forgot-button = Прислать ссылку
forgot-requested = Если такая учётная запись есть, мы уже отправили ссылку на её адрес.
forgot-nothing-came = Прошло несколько минут, а письма нет? Проверьте папку «Спам» или попробуйте другой адрес.
check-email-title = Проверьте почту
# The address follows, on a line of its own.
check-email-recovery = Если это адрес или имя пользователя вашей учётной записи, мы отправили вам письмо со ссылкой:
check-email-verification = Если есть такая неподтверждённая учётная запись, мы отправили письмо со ссылкой:
check-email-welcome = Почти готово. Откройте ссылку, которую мы отправили на адрес:
check-email-again = Отправить ещё раз
check-email-other = Указать другой адрес
reset-title = Придумайте новый пароль
reset-about = Все открытые сеансы завершатся. Новый пароль для учётной записи:
reset-first-title = Придумайте пароль
reset-first-about = Добро пожаловать! Придумайте пароль, чтобы войти в созданную для вас учётную запись:
reset-button = Сохранить пароль

# Verification
verify-title = Подтвердите адрес электронной почты
verify-about = Введите пароль, заданный при регистрации, чтобы подтвердить этот адрес:
verify-signed-in-about = Подтвердите, что этот адрес ваш:
verify-button = Подтвердить адрес
verify-not-mine = Пароль не задан или забыт
verify-not-mine-about = Придумайте новый пароль. Все, кто вошёл в эту учётную запись, потеряют к ней доступ.
verify-request-about = Мы отправили вам письмо со ссылкой. Не можете найти? Проверьте папку «Спам» или запросите письмо ещё раз.
verify-request-button = Отправить ссылку ещё раз
verify-requested = Если такая учётная запись есть и ещё не подтверждена, мы уже отправили на её адрес новую ссылку.
# $email: the address of the account.
unverified-about = Подтвердите адрес { $email }: откройте ссылку из письма.
address-title = Подтвердите новый адрес электронной почты
address-about = Использовать этот адрес для вашей учётной записи:
address-button = Использовать этот адрес
# A masked address follows, such as a•••@example.org.
address-account = Нынешний адрес этой учётной записи:
address-password-about = Введите пароль этой учётной записи, чтобы изменить адрес не мог никто другой.
address-not-me = Это не я
address-not-me-about = Не узнаёте эту учётную запись? Возможно, кто-то ошибся, вводя свой адрес. Одно нажатие — и ссылка перестанет действовать.

# Sign-in by redirection
switch-title = Сменить учётную запись?
# An address follows.
switch-present = В этом браузере выполнен вход с адресом:
# An address follows.
switch-other = Открытая ссылка выполняет вход с адресом:
switch-about = Ссылку вам кто-то прислал? Не меняйте учётную запись: тот, кому принадлежит другая, увидит всё, что вы в ней сделаете.
switch-button = Сменить учётную запись
switch-stay = Остаться в этой

# Sign up
sign-up-title = Создание учётной записи
sign-up-button = Создать учётную запись
have-account-already = Уже есть учётная запись?

# Profile
contents-label = На этой странице
pages-label = Учётная запись
profile-title = Ваш профиль
security-title = Безопасность
# A date follows.
member-since = С нами с
profile-heading = Профиль
names-heading = Имя и язык
profile-about = Ваше имя и язык сайта.
profile-button = Сохранить профиль
username-heading = Имя пользователя
username-about = С ним можно войти вместо адреса электронной почты.
username-button = Изменить имя пользователя
username-next-change = Другое можно выбрать с
username-change-days = { $days ->
    [one] Его можно менять раз в { $days } день.
    [few] Его можно менять раз в { $days } дня.
   *[other] Его можно менять раз в { $days } дней.
}
username-former = Прежние имена пользователя
username-former-about = Пока имя закреплено за вами, его не может взять никто другой, и с ним всё ещё можно войти.
username-given-up = вы отказались от него
username-reserved-until = закреплено до
email-about = Этот адрес нужен для входа, и на него приходят письма о вашей учётной записи. Новый адрес начнёт действовать, когда вы откроете отправленную на него ссылку.
email-button = Изменить адрес
email-confirmed = Подтверждён
email-unconfirmed = Не подтверждён
# $email: the new address.
email-pending = Ждём подтверждения адреса { $email }.
email-again = Отправить ещё раз
email-cancel = Отменить изменение
password-heading = Пароль
password-about = После смены пароля сеансы на всех остальных устройствах завершатся. Забыли пароль? Выйдите и запросите ссылку на странице входа.
password-button = Изменить пароль
totp-heading = Приложение-аутентификатор
totp-about = Приложение на телефоне каждые 30 секунд показывает новый код; мы спросим его после пароля. Телефон потерян? Введите резервный код.
totp-on = Включено
totp-since = Подключено
totp-set-up = Подключить
totp-replace = Перенести на другой телефон
totp-remove = Отключить
totp-title = Подключение приложения
totp-scan = Отсканируйте этот QR-код в приложении:
totp-picture = QR-код для приложения-аутентификатора
totp-type = Не получается отсканировать? Введите в приложении этот ключ:
totp-open = Открыть приложение на этом устройстве
label-totp-code = Код из приложения
totp-code-hint = 6 цифр, которые приложение показывает сейчас.
totp-confirm = Включить
security-link = Вернуться на страницу «Безопасность»
recovery-codes-heading = Резервные коды
recovery-codes-about = Без телефона и ключей доступа каждый код один раз поможет пройти второй шаг. Коды потеряны? Создайте новые.
recovery-codes-left = { $count ->
    [0] Кодов не осталось
    [one] Остался { $count } код
    [few] Осталось { $count } кода
   *[many] Осталось { $count } кодов
}
recovery-codes-few = Пора создать новые.
recovery-codes-make = Создать новые коды
recovery-codes-make-hint = Прежние перестанут действовать.
recovery-codes-title = Ваши резервные коды
recovery-codes-once = Храните их в надёжном месте отдельно от телефона: без него и без ключей доступа каждый код один раз поможет пройти второй шаг. Больше мы их не покажем.
recovery-codes-print = Эту страницу можно и распечатать.
recovery-codes-download = Скачать как текст
recovery-codes-done = Коды сохранены
recovery-codes-file = Резервные коды для { $account } на { $site }

# App passwords
app-passwords-heading = Пароли приложений
app-passwords-about = Для приложений и устройств, которые не умеют запрашивать второй шаг: там такой пароль вводят вместо своего. Пароль потерян? Отзовите его и создайте новый.
label-app-password-name = Название
app-password-name-hint = Например, приложение и устройство, на котором оно стоит
label-app-password-dialect = Для чего
app-password-fastsite = Сайты и мобильные приложения (fastsite)
app-password-mirror = Умные зеркала и их приложения (mirror)
app-password-amadis = Серверы устройств (amadis)
app-password-button = Создать пароль приложения
app-password-unused = Ещё не использовался
app-password-revoke = Отозвать
app-password-made-title = Пароль приложения создан
app-password-once-heading = Ваш пароль приложения
app-password-once-about = Введите его в приложении вместо своего пароля. Он показывается только один раз: если потеряете его, создайте новый.
app-password-done = Вернуться на страницу «Безопасность»
consent-title = Вход в приложение
# $name: название приложения, данное владельцем сайта.
consent-heading = Сообщить приложению { $name }, кто вы?
consent-about = Вы вернётесь на:
consent-learns = Приложение узнает:
scope-openid = кто вы на этом сайте (номер вашей учётной записи)
scope-profile = ваше имя, имя пользователя, фото, язык и роль
scope-email = ваш адрес электронной почты
scope-offline = это и тогда, когда вы здесь не вошли
consent-allow = Продолжить
consent-deny = Отмена
consent-later = Доступ можно отозвать в любой момент на странице «Безопасность».
client-sign-out-title = Выйти?
client-sign-out-about = { $name }: приложение хочет завершить и ваш сеанс на этом сайте. Приложения, которыми вы пользовались в этом сеансе, тоже могут завершить свои.
client-sign-out-unknown = Другой сайт хочет завершить ваш сеанс здесь.
client-sign-out-stay = Не выходить
device-consent-about = Этот код показывает устройство или программа. Продолжайте, только если вы сами их только что запустили.
onward-title = Один момент…
# $host: имя сайта, например «shop.example.org».
onward-link = Перейти на { $host }
authorization-refused-title = Эта ссылка не работает
applications-heading = Приложения
applications-about = Сайты и приложения, которым можно знать, кто вы. Если каким-то вы больше не пользуетесь, закройте ему доступ.
application-end = Закрыть доступ

# Picture
picture-heading = Фотография
picture-about = Показывается рядом с вашим именем.
# $max_mib: largest size, in megabytes.
picture-hint = JPEG, PNG, WebP или GIF, не больше { $max_mib } МБ.
# $max_megapixels: most pixels, in millions.
picture-hint-webp = { $max_megapixels ->
    [one] WebP — не больше { $max_megapixels } мегапикселя.
   *[other] WebP — не больше { $max_megapixels } мегапикселей.
}
picture-button = Сохранить фотографию
picture-cancel = Отмена
picture-remove = Удалить фотографию
picture-too-large-here = Этот файл слишком большой. Выберите файл поменьше.
picture-unreadable-here = Похоже, этот файл — не изображение.
crop-label = Область кадрирования
crop-hint = Перетащите фотографию или нажмите на то, что должно быть в центре. Стрелки двигают её, + и − меняют масштаб.
crop-zoom = Масштаб

# What opens the account
sessions-heading = Доступ к учётной записи
sessions-about = Видите что-то незнакомое? Закройте доступ и смените пароль.
session-current = Этот браузер
session-unknown-device = Неизвестный браузер
devices-title = Сеансы и устройства
devices-about = Всё, у чего есть доступ к вашей учётной записи. Видите что-то незнакомое? Закройте доступ и смените пароль.
devices-link = Браузеры, приложения и устройства с доступом
openings-heading = Что имеет доступ к учётной записи
openings-about = Доступ закрывается сразу.
opening-session = Вход выполнен
opening-known-browser = Знакомый браузер
# $door: the name of an API, such as “fastsite”.
opening-bearer = Приложение, вход через { $door }
opening-device = Подключённое устройство
opening-user-secret = Секрет, который даёт доступ программе
opening-app-password = Пароль приложения для { $door }
opening-link = Ссылка, отправленная вам письмом
opening-redirection = Незавершённый вход с другого сайта
opening-unknown-app = Неизвестное приложение
opening-unknown-program = Неизвестная программа
opening-link-recovery = Чтобы задать новый пароль
opening-link-invitation = Чтобы задать первый пароль
opening-link-verification = Чтобы подтвердить адрес электронной почты
# A date follows.
opening-created = Добавлено:
# $browser: such as “Firefox”. $system: such as “Linux”.
opening-browser = { $browser }, { $system }
opening-now = используется сейчас
# A time follows, often one like “3 days ago”.
opening-seen = Последнее использование:
opening-sent = Отправлено:
# A network follows, such as “203.0.113.0/24”.
opening-place = Сеть:
# The name of the browser, app or device follows, for those who hear the page.
opening-end = Закрыть доступ
opening-trusted = код не запрашивается
opening-ask = Снова запрашивать код
opening-end-session = Завершить сеанс
opening-end-device = Отключить
openings-end-others = Выйти везде, кроме этого браузера
openings-end-others-about = Вход сохранится только в этом браузере. В приложения придётся войти снова, а устройства — подключить заново.
# $count: how many are not shown yet.
openings-more = { $count ->
    [one] Показать ещё { $count }
   *[other] Показать ещё { $count }
}

# The security log
log-title = Журнал безопасности
log-heading = Что происходило с учётной записью
# $days: how many days an event is kept.
log-about = { $days ->
    [one] Входы и изменения за последний { $days } день, начиная с новых.
    [few] Входы и изменения за последние { $days } дня, начиная с новых.
   *[many] Входы и изменения за последние { $days } дней, начиная с новых.
}
log-hint = Что-то сделали не вы? Сообщите об этом, и мы закроем весь доступ к учётной записи.
log-none = Пока ничего не произошло.
log-older = Более старые записи
log-newest = Самые новые записи
log-link-about = Посмотрите, кто входил в учётную запись и что менялось, и сообщите, если это были не вы.
log-link = Открыть журнал безопасности

deletion-title = Удалить учётную запись
deletion-link-about = Уйти с этого сайта насовсем.
deletion-link = Удалить учётную запись…
deletion-about = Вы собираетесь удалить эту учётную запись:
deletion-ask-about = Учётные записи удаляет администрация сайта. Вы можете попросить её удалить эту; пока решения нет, ничего не изменится:
deletion-goes = Что исчезнет
deletion-goes-now = Сразу завершатся все сеансы, и никто на этом сайте больше не увидит учётную запись.
deletion-ask-goes-now = После решения завершатся все сеансы, и никто на этом сайте больше не увидит учётную запись.
deletion-goes-later = { $days ->
    [one] Через { $days } день ваш профиль, изображение, адрес и всё остальное о вас будет стёрто. Отменить это нельзя.
    [few] Через { $days } дня ваш профиль, изображение, адрес и всё остальное о вас будет стёрто. Отменить это нельзя.
   *[other] Через { $days } дней ваш профиль, изображение, адрес и всё остальное о вас будет стёрто. Отменить это нельзя.
}
deletion-stays = Что останется
deletion-stays-log = { $days ->
    [one] В течение { $days } дня — записи журнала под номером учётной записи, без вашего имени и адреса.
   *[other] В течение { $days } дней — записи журнала под номером учётной записи, без вашего имени и адреса.
}
deletion-stays-username = { $days ->
    [one] Имя пользователя: ещё { $days } день после этого его никто не сможет взять.
    [few] Имя пользователя: ещё { $days } дня после этого его никто не сможет взять.
   *[other] Имя пользователя: ещё { $days } дней после этого его никто не сможет взять.
}
deletion-stays-elsewhere = То, что сохранили у себя другие сайты и приложения, в которые вы входили с этой учётной записью.
deletion-back = { $days ->
    [one] В течение { $days } дня вы можете передумать: откройте ссылку из письма или просто войдите.
   *[other] В течение { $days } дней вы можете передумать: откройте ссылку из письма или просто войдите.
}
deletion-ask-back = { $days ->
    [one] После этого в течение { $days } дня вы можете передумать: откройте ссылку из письма или просто войдите.
   *[other] После этого в течение { $days } дней вы можете передумать: откройте ссылку из письма или просто войдите.
}
deletion-button = Удалить мою учётную запись
deletion-ask-button = Попросить удалить мою учётную запись
deletion-asked = Вы попросили удалить вашу учётную запись. Мы напишем, когда будет принято решение. Дата просьбы:
deletion-cancel-button = Сохранить мою учётную запись
deletion-done = Ваша учётная запись удалена, все её сеансы завершены.
restore-title = Восстановить учётную запись
restore-about = Эта учётная запись удалена и будет стёрта { $at }. Её можно вернуть:
restore-button = Восстановить мою учётную запись
restore-done = Ваша учётная запись снова доступна, и в ней всё как было. Чтобы продолжить, войдите.
restore-gone = По этой ссылке учётную запись больше не вернуть. Пока она не стёрта, её вернёт вход с паролем.
# What it was and when follows, for those who hear the page.
log-deny = Это не я
# Password, app code and the like follow, for those who hear the page.
log-factors = Подтверждено:

deny-title = Это не я
deny-heading = Закрыть весь доступ?
deny-about = Если это сделал кто-то другой, мы отменим то, что он мог сделать с тех пор:
deny-ends = Доступ потеряют все браузеры, приложения и устройства, включая этот браузер.
deny-takes = Добавленные с тех пор ключи доступа, приложения-аутентификаторы, резервные коды и пароли приложений будут удалены.
deny-password = Ваш пароль перестанет действовать.
# $email: an address.
deny-restores = Адресом электронной почты снова станет { $email }.
deny-link = Мы отправим на { $email } ссылку, чтобы задать новый пароль.
deny-locks = Учётная запись будет заблокирована: адрес, который был у неё тогда, теперь у другой учётной записи. Чтобы открыть её снова, обратитесь к нам.
deny-button = Закрыть весь доступ
deny-back = Назад к журналу безопасности
event-signed-in = Вход
# $door: the name of an API, such as “fastsite”.
event-signed-in-app = Вход приложения через { $door }
event-second-step-refused = Второй шаг входа не пройден
event-proven-again = Личность подтверждена
event-proof-refused = Неверный пароль или код при подтверждении
event-password-changed = Пароль изменён
event-password-reset = Пароль сброшен по ссылке из письма
event-password-generated = Пароль заменён сгенерированным
event-password-removed = Пароль удалён
# $before: the address or username before.
event-address-changed = Адрес электронной почты изменён; прежний: { $before }
event-username-changed = Имя пользователя изменено; прежнее: { $before }
event-username-chosen = Имя пользователя выбрано
event-totp-added = Приложение-аутентификатор добавлено
event-totp-removed = Приложение-аутентификатор удалено
event-recovery-codes-made = Резервные коды созданы
event-recovery-code-used = Использован резервный код
# $name: what somebody called it.
event-passkey-added = Ключ доступа добавлен: { $name }
event-passkey-removed = Ключ доступа удалён: { $name }
event-passkey-refused = Ключ доступа отклонён
event-app-password-made = Пароль приложения создан: { $name }
event-app-password-revoked = Пароль приложения отозван: { $name }
event-application-permitted = Приложению разрешён доступ: { $name }
event-application-ended = Приложению закрыт доступ: { $name }
# $provider: what people call another provider, such as Google.
event-identity-linked = Учётная запись привязана: { $provider }
event-identity-unlinked = Учётная запись отвязана: { $provider }
event-browser-trusted = Браузер отмечен как доверенный: 30 дней без запроса кода
event-browser-trust-ended = Браузер больше не доверенный: код снова запрашивается
event-device-paired = Устройство подключено: { $name }
event-ended-session = Сеанс завершён
event-ended-known-browser = Знакомый браузер забыт
event-ended-app = Доступ приложения закрыт
event-ended-device = Устройство отключено
event-ended-secret = Секрет программы отозван
event-ended-link = Ссылка из письма отменена
event-ended-redirection = Вход с другого сайта отменён
event-ended-other = Доступ закрыт
event-openings-ended = Весь остальной доступ закрыт
event-sessions-ended = Все остальные сеансы завершены
event-recovery-asked = Запрошено отключение второго шага
event-recovery-cancelled = Отключение второго шага отменено
event-factors-removed = Второй шаг полностью отключён
event-denied = Отправлено сообщение «Это не я»
event-locked = Учётная запись заблокирована
event-unlocked = Учётная запись разблокирована
event-created = Учётная запись создана
event-approved = Учётная запись одобрена
event-terms-agreed = Условия использования приняты
event-verified = Адрес подтверждён
event-profile-changed = Профиль изменён
event-role-changed = Роль изменена
event-link-mailed = Отправлена ссылка для выбора пароля
event-deletion-asked = Запрошено удаление учётной записи
event-deletion-declined = Учётная запись остаётся
event-deleted = Учётная запись удалена
event-restored = Учётная запись восстановлена
event-data-asked = Запрошены ваши данные
event-data-downloaded = Скачан файл с вашими данными
# $name: the name of an API key.
event-by-key = программой { $name }
event-by-operator = администрацией сайта
event-by-system = автоматически
factor-password = пароль
factor-totp = код из приложения
factor-recovery-code = резервный код
factor-passkey = ключ доступа
factor-app-password = пароль приложения
factor-redirection = ссылка с другого сайта
factor-trusted-browser = доверенный браузер
factor-provider = учётная запись на другом сервисе
# Passkeys
passkeys-heading = Ключи доступа
passkeys-about = Входите по отпечатку пальца, по лицу или с кодом вашего устройства; одного пароля для входа тогда уже недостаточно. Устройство потеряно? Удалите его ключ доступа.
passkeys-none = У вас пока нет ключа доступа.
passkeys-off = По адресу этого сайта ключи доступа работать не могут: им нужны имя и https.
passkeys-script = Чтобы добавить ключ доступа, разрешите JavaScript на этой странице.
passkeys-unsupported = Этот браузер не умеет создавать ключи доступа. Попробуйте другой.
passkeys-failed = Ключ доступа не создан. Попробуйте ещё раз.
passkeys-add = Добавить ключ доступа
passkeys-unnamed = Ключ доступа
passkeys-name = Название
# The name of the passkey follows, for those who hear the page.
passkeys-rename = Переименовать
passkeys-remove = Удалить
# A date follows.
passkeys-created = Добавлен:
# A time follows.
passkeys-seen = Последнее использование:
passkeys-unused = ещё не использовался
passkeys-password-heading = Без пароля
passkeys-password-about = Вы можете удалить пароль и входить только с ключами доступа. Если вы их потеряете, мы пришлём ссылку для выбора нового пароля.
passkeys-password-button = Удалить пароль
password-none = У вашей учётной записи нет пароля: вы входите другим способом.
password-none-link = Получить ссылку для выбора пароля
sign-in-passkey = Войти с ключом доступа
sign-in-passkey-failed = Не получилось. Попробуйте ещё раз или войдите с паролем.

# Other providers. $provider: what people call one, such as Google.
provider-button = Продолжить через { $provider }
providers-heading = Привязанные учётные записи
providers-about = Учётные записи на других сервисах, с которыми можно войти в эту. Если у вас есть второй фактор, мы по-прежнему его спросим.
provider-link = Привязать
provider-unlink = Отвязать
provider-unlinked = не привязана
provider-unused = привязана, для входа ещё не использовалась
identity-new-title = Почти готово
identity-new-about = Ни одна учётная запись здесь не привязана к этой учётной записи на сервисе { $provider }
identity-have-account = У меня есть учётная запись: войти
identity-new-waits = Уже зарегистрировались? Откройте ссылку из нашего письма.
identity-taken = У вас есть учётная запись? Войдите в неё с помощью кнопки выше и привяжите.
identity-link-title = Привязать эту учётную запись?
identity-link-about = С этого момента вы сможете входить через { $provider }
# An address follows.
identity-link-here = Ваша учётная запись здесь:
identity-link-button = Привязать
identity-leave-button = Не сейчас
identity-failed-title = Не получилось
identity-failed-other = Войти другим способом
identity-failed-back = Вернуться на страницу «Безопасность»
prove-no-way = У вашей учётной записи нет ни пароля, ни ключа доступа, поэтому здесь нечем подтвердить, что это вы. Выберите пароль по ссылке, которую мы пришлём.

# Second factors that were lost
recovery-title = Коды и ключи доступа потеряны?
# $days: how many days the owner has to stop it.
recovery-lost-about = { $days ->
    [one] Мы можем отключить второй шаг через { $days } день. До тех пор мы будем предупреждать владельца учётной записи — на случай, если это не вы.
    [few] Мы можем отключить второй шаг через { $days } дня. До тех пор мы будем предупреждать владельца учётной записи — на случай, если это не вы.
   *[many] Мы можем отключить второй шаг через { $days } дней. До тех пор мы будем предупреждать владельца учётной записи — на случай, если это не вы.
}
recovery-lost-try = Остался резервный код, ключ доступа или браузер, в котором вы вошли? Так будет быстрее.
recovery-lost-button = Отправить мне ссылку
recovery-sent = Проверьте почту. Мы отправили ссылку на адрес:
recovery-sent-nothing = Через несколько минут ничего не пришло? Проверьте папку «Спам».
recovery-ask-about = { $days ->
    [one] Отключить через { $days } день второй шаг для учётной записи:
    [few] Отключить через { $days } дня второй шаг для учётной записи:
   *[many] Отключить через { $days } дней второй шаг для учётной записи:
}
recovery-ask-then = До тех пор мы будем писать вам каждый день, и любой, кто вошёл в учётную запись, сможет это отменить. Потом для входа хватит пароля, а на всех браузерах, приложениях и устройствах придётся войти заново.
recovery-ask-button = Отключить второй шаг
# A date follows.
recovery-asked = Мы отключим второй шаг:
recovery-asked-then = Если до тех пор вы найдёте способ пройти второй шаг, войдите и отмените отключение.
recovery-keep-title = Оставить второй шаг
# $at: a date.
recovery-keep-about = По чьей-то просьбе мы отключим второй шаг { $at } для учётной записи:
recovery-keep-button = Отменить отключение
recovery-kept = Отключение отменено. Второй шаг остаётся.
recovery-kept-then = Если просили не вы, кто-то знает ваш пароль. Задайте новый.
recovery-kept-link = Задать новый пароль
recovery-gone = Ничего не изменится. Чтобы начать заново, войдите со своим паролем.
recovery-banner-label = Ваш второй шаг
# $at: a date.
recovery-banner = Нас попросили отключить второй шаг в вашей учётной записи. Это произойдёт { $at }. Это были не вы? Отмените отключение и смените пароль.

# Pairing a device
pair-heading = Подключить устройство
pair-about = Введите код с экрана устройства. Его показывают зеркала, колонки и другие устройства без клавиатуры; он меняется каждые десять минут.
devices-none = Пока не подключено ни одного устройства. Устройство — это вещь без клавиатуры, которая пользуется вашей учётной записью: например, зеркало или колонка.
pair-button = Продолжить
pair-confirm-heading = Подключить это устройство?
# The name of the device follows.
pair-confirm-about = Кто-то дал устройству это имя. Подключайте его, только если оно ваше и перед вами: оно получит доступ к вашей учётной записи.
pair-confirm-button = Да, подключить
pair-confirm-no = Нет, не подключать

# What is wrong with a field
error-required = Заполните это поле.
error-required-email = Введите адрес электронной почты.
error-required-email-or-username = Введите адрес электронной почты или имя пользователя.
error-required-username = Придумайте имя пользователя.
error-required-password = Введите пароль.
error-required-current-password = Введите текущий пароль.
error-required-new-password = Введите новый пароль.
error-required-code = Введите код.
error-required-labelled = Заполните поле «{ $label }».
error-required-box = Поставьте отметку.
error-email-invalid = Введите адрес электронной почты, например name@example.org.
error-email-invisible = В этом адресе есть невидимый символ. Наберите адрес вручную, а не вставляйте его.
error-email-not-ascii = Мы не можем отправить письмо на адрес с такими буквами перед знаком @. Укажите другой.
error-email-domain-refused = Адреса этого поставщика здесь использовать нельзя. Укажите другой адрес.
error-email-taken = Учётная запись с этим адресом уже есть.
error-email-same = Это уже ваш адрес.
error-username-invalid = Используйте только буквы, цифры, точки, дефисы и знаки подчёркивания.
error-username-reserved = Это имя пользователя зарезервировано. Выберите другое.
error-username-taken = Это имя пользователя уже занято. Выберите другое.
error-username-changed-lately = { $days ->
    [one] Вы недавно меняли имя пользователя. Другое можно будет выбрать через { $days } день.
    [few] Вы недавно меняли имя пользователя. Другое можно будет выбрать через { $days } дня.
   *[other] Вы недавно меняли имя пользователя. Другое можно будет выбрать через { $days } дней.
}
error-username-mixed = Используйте буквы только одного алфавита.
error-password-too-short = { $min ->
    [one] Введите не меньше { $min } символа.
   *[other] Введите не меньше { $min } символов.
}
error-password-too-long = { $max ->
    [one] Этот пароль слишком длинный: введите не больше { $max } символа.
   *[other] Этот пароль слишком длинный: введите не больше { $max } символов.
}
error-password-common = Слишком простой пароль. Придумайте другой.
error-password-personal = Не используйте своё имя, свой адрес и название сайта.
error-password-invalid = В этом пароле есть символы, которые нельзя набрать на клавиатуре. Уберите их.
error-text-too-long = { $max ->
    [one] Введите не больше { $max } символа.
   *[other] Введите не больше { $max } символов.
}
error-text-invalid = Здесь есть недопустимые символы. Уберите их.
error-number-invalid = Введите число без пробелов, например 1234 или 3,5.
error-date-invalid = Введите существующую дату.
error-url-invalid = Введите адрес сайта, например https://example.org.
error-boolean-invalid = Поставьте отметку или снимите её.
error-locale-unknown = Этот язык здесь недоступен.
error-passwords-differ = Пароли не совпадают.
error-role-unknown = Такой роли нет.
error-role-forbidden = Эту роль здесь назначить нельзя.
error-administrator-last = Вы единственный администратор. Сначала назначьте другого.
error-not-changeable = Это значение здесь задать нельзя.
error-password-wrong = Это не ваш текущий пароль.
error-picture-missing = Сначала выберите фотографию.
error-picture-too-large = Этот файл слишком большой. Размер не должен превышать { $max_mib } МБ.
error-picture-too-many-pixels = { $max_megapixels ->
    [one] В этом изображении слишком много пикселей. Можно не больше { $max_megapixels } мегапикселя.
   *[other] В этом изображении слишком много пикселей. Можно не больше { $max_megapixels } мегапикселей.
}
error-picture-not-an-image = Подойдут только файлы JPEG, PNG, WebP и GIF.
error-picture-unreadable = Похоже, этот файл повреждён. Выберите другой.
error-code-unknown = Ни одно устройство не показывает этот код. Проверьте устройство: возможно, код уже сменился.
error-passkeys-off = По адресу этого сайта ключи доступа работать не могут.
error-passkey-unknown = Этот ключ доступа здесь больше не известен. Войдите другим способом.
error-passkey-refused = Не удалось проверить этот ключ доступа. Попробуйте ещё раз.
error-passkey-expired = Прошло слишком много времени, или ответ отправлен дважды. Попробуйте ещё раз.
error-passkey-copied = Возможно, этот ключ доступа скопирован, поэтому он не принят. Войдите другим способом и удалите его.
error-passkey-taken = Этот ключ доступа уже добавлен.
error-passkey-last = Это единственный способ войти в вашу учётную запись. Сначала добавьте другой ключ доступа или выберите пароль.
error-passkey-wanted = Сначала добавьте ключ доступа: без него войти было бы нечем.
error-passkeys-too-many = { $max ->
    [one] У вас может быть не больше { $max } ключа доступа. Сначала удалите один.
   *[other] У вас может быть не больше { $max } ключей доступа. Сначала удалите один.
}
error-factor-code-wrong = Код неверный или уже использован. Введите тот, который приложение показывает сейчас.
error-dialect-unknown = Выберите, для чего нужен этот пароль.
error-app-passwords-too-many = { $most ->
    [one] Может быть не больше { $most } пароля приложений. Сначала отзовите один из них.
    [few] Может быть не больше { $most } паролей приложений. Сначала отзовите один из них.
    [many] Может быть не больше { $most } паролей приложений. Сначала отзовите один из них.
   *[other] Может быть не больше { $most } пароля приложений. Сначала отзовите один из них.
}
error-provider-lost = Прошло слишком много времени, или вход был начат в другом браузере или другой вкладке. Начните здесь ещё раз.
error-provider-denied = Вы не дали там согласия. Ничего не изменилось.
error-provider-unanswered = Другой сервис не отвечает. Попробуйте чуть позже или войдите другим способом.
error-provider-refused = Ответ другого сервиса не удалось принять. Попробуйте ещё раз или войдите другим способом.
error-identity-taken = Она уже привязана к другой учётной записи здесь. Войдите с ней и сначала отвяжите её там.
error-identity-double = Уже привязана другая учётная запись на этом сервисе. Сначала отвяжите её.
error-identity-last = Это единственный способ войти в вашу учётную запись. Сначала выберите пароль или добавьте ключ доступа.
error-terms-wanted = Чтобы продолжить, примите условия использования.
error-trap-filled = Оставьте это поле пустым.
error-repeated = Это значение отправлено несколько раз. Попробуйте ещё раз.
error-wrong-type = Это значение не удалось прочитать. Попробуйте ещё раз.

# What is wrong with a whole form or page
alert-invalid-credentials = Неверный адрес, имя пользователя или пароль.
alert-locked = Эта учётная запись заблокирована. Обратитесь к администрации сайта.
alert-client-unknown = Приложение, которое направило вас сюда, не зарегистрировано на этом сайте. Вернитесь в него и сообщите об этом его владельцу.
alert-request-over = Прошло слишком много времени, или ответ уже дан. Вернитесь в приложение и начните заново.
alert-unverified = Сначала подтвердите адрес электронной почты: откройте ссылку из нашего письма.
alert-password-expired = Этот пароль больше не действует. Запросите ссылку, чтобы задать новый.
alert-second-factor-required = Завершите вход: введите код или используйте ключ доступа.
alert-second-step-closed = Вход занял слишком много времени, или было слишком много неверных кодов. Введите пароль ещё раз.
alert-second-factor-missing = Для этого нужен второй фактор. Сначала настройте его на сайте.
alert-registration-closed = Новые учётные записи здесь не создаются. Если она у вас есть, войдите.
alert-invitation-required = Учётные записи здесь создаются по приглашению: обратитесь к администрации сайта. Если учётная запись у вас есть, войдите.
alert-approval-wanted = Администрация сайта сначала рассматривает новые учётные записи. Мы напишем вам, когда можно будет войти.
alert-deletion-pending = Вы удалили эту учётную запись. Чтобы вернуть её, откройте ссылку из нашего письма.
alert-administrator-last = Вы единственный администратор. Сначала назначьте другого.
alert-terms-wanted = Сначала примите условия использования сайта: войдите на него в браузере.
alert-reauthentication-required = Сначала подтвердите, что это вы.
alert-throttled = { $seconds ->
    [one] Слишком много попыток. Повторите через { $seconds } секунду.
    [few] Слишком много попыток. Повторите через { $seconds } секунды.
   *[many] Слишком много попыток. Повторите через { $seconds } секунд.
}
alert-throttled-minutes = { $minutes ->
    [one] Слишком много попыток. Повторите через { $minutes } минуту.
    [few] Слишком много попыток. Повторите через { $minutes } минуты.
   *[many] Слишком много попыток. Повторите через { $minutes } минут.
}
alert-throttled-hours = { $hours ->
    [one] Слишком много попыток. Повторите через { $hours } час.
    [few] Слишком много попыток. Повторите через { $hours } часа.
   *[many] Слишком много попыток. Повторите через { $hours } часов.
}
alert-busy = Сервис перегружен. Попробуйте чуть позже.
alert-session-ended-sign-in-again = Сеанс завершён. Войдите снова.
alert-other-account = Ничего не изменилось: та страница относилась к другой учётной записи. Сейчас выполнен вход в эту.
alert-ticket-spent = Срок действия ссылки истёк, или она уже использована. Запросите новую ниже.
alert-link-gone = Срок действия ссылки истёк, или ею уже воспользовались.
alert-address-link-spent = Срок действия ссылки истёк, или она уже использована. Запросите новую на странице профиля.
alert-fix-the-fields = { $count ->
    [one] Проверьте { $count } поле.
    [few] Проверьте { $count } поля.
   *[many] Проверьте { $count } полей.
}

# What went well
notice-welcome = Добро пожаловать! Ваша учётная запись готова.
notice-password-changed = Пароль изменён. Сеансы на остальных устройствах завершены.
notice-factor-wanted = Для вашей роли нужен второй фактор. Настройте его, чтобы продолжить.
notice-totp-added = Приложение-аутентификатор подключено.
notice-totp-removed = Приложение-аутентификатор отключено.
notice-data-asked = Запрос принят.
alert-data-asked-lately = Вы уже запрашивали свои данные за последние 24 часа. Снова запросить их можно через сутки после этого.
notice-picture-changed = Фотография обновлена.
notice-picture-removed = Фотография удалена.
notice-username-changed = Имя пользователя изменено.
notice-profile-changed = Профиль сохранён.
notice-session-ended = Сеанс на устройстве завершён.
notice-sessions-ended = Сеансы на остальных устройствах завершены.
notice-password-reset = Пароль сохранён. Теперь с ним можно войти.
notice-password-reset-elsewhere = Пароль другой учётной записи сохранён. Здесь по-прежнему выполнен вход в эту.
notice-opening-ended = Доступ закрыт.
notice-browser-trust-ended = В этом браузере снова будет запрашиваться код.
notice-openings-ended = Весь остальной доступ закрыт. Вход сохранён только в этом браузере.
notice-device-paired = Устройство подключено к вашей учётной записи.
notice-device-permitted = Готово. Вернитесь к устройству или программе: работа продолжится через несколько секунд.
notice-device-denied = Устройство или программа ничего не узнает.
notice-device-removed = Устройство отключено.
notice-passkey-added = Ключ доступа добавлен. Теперь вы можете входить с ним.
notice-passkey-renamed = Ключ доступа переименован.
notice-passkey-removed = Ключ доступа удалён.
notice-password-removed = Пароль удалён. Теперь вы входите с ключами доступа.
notice-app-password-revoked = Пароль приложения отозван. Всё, что входило с ним, потеряло доступ.
notice-application-ended = Доступ закрыт. Приложение больше ничего о вас не узнаёт.
notice-identity-linked = Учётная запись привязана. Теперь вы можете входить с ней.
notice-identity-unlinked = Учётная запись отвязана. Войти с ней больше нельзя.
notice-verification-sent = Мы отправили вам новую ссылку.
notice-verified = Адрес электронной почты подтверждён.
notice-verified-sign-in = Адрес электронной почты подтверждён. Теперь можно войти.
notice-verified-elsewhere = Адрес электронной почты другой учётной записи подтверждён. Здесь по-прежнему выполнен вход в эту.
notice-address-requested = Мы отправили ссылку на новый адрес. Адрес изменится, когда вы откроете ссылку.
notice-address-sent-again = Мы ещё раз отправили письмо на новый адрес. Адрес изменится, когда вы откроете ссылку.
notice-address-cancelled = Изменение отменено. Отправленная ссылка больше не работает.
notice-address-changed = Адрес электронной почты изменён.
notice-address-changed-elsewhere = Адрес электронной почты другой учётной записи изменён. Здесь по-прежнему выполнен вход в эту.
notice-address-declined = Спасибо. Ссылка больше не действует, и ваш адрес не используется.
notice-signed-out = Выход выполнен. До встречи!
notice-event-denied = Весь доступ к вашей учётной записи закрыт. Задайте новый пароль: мы отправили вам ссылку.
notice-event-denied-locked = Всё, что имело доступ к учётной записи, его потеряло, а сама она заблокирована. Чтобы открыть её снова, обратитесь к нам.
notice-factors-kept = Отключение отменено. Второй шаг остаётся.

# Error pages
# A short code follows.
error-page-incident = Код ошибки:
error-page-400-title = Некорректный запрос
error-page-400-message = Часть запроса отсутствует или повреждена. Вернитесь и попробуйте ещё раз.
error-page-401-title = Нужно войти
error-page-401-message = Войдите, чтобы увидеть эту страницу.
error-page-403-title = Доступ запрещён
error-page-403-message = У вас нет доступа, или запрос пришёл с другого сайта. Ничего не изменилось.
error-page-404-title = Страница не найдена
error-page-404-message = Такой страницы не существует, или её адрес изменился.
error-page-405-title = Недопустимое действие
error-page-405-message = Этот адрес работает только из формы на этом сайте.
error-page-408-title = Время ожидания истекло
error-page-408-message = Запрос не пришёл вовремя. Попробуйте ещё раз.
error-page-409-title = Учётная запись сменилась
error-page-409-message = Эта форма относилась не к той учётной записи, в которую сейчас выполнен вход. Ничего не изменилось.
error-page-410-title = Эта ссылка больше не действует
error-page-410-message = Срок её действия истёк, или она уже использована. Новую можно запросить на странице входа.
error-page-413-title = Слишком большой файл
error-page-413-message = Размер превышает допустимый. Вернитесь и выберите что-нибудь поменьше.
error-page-415-title = Неподходящий тип файла
error-page-415-message = Вернитесь и выберите другой файл.
error-page-421-title = Неверный адрес
error-page-421-message = Этот сервер не отвечает на такое имя. Проверьте адрес.
error-page-422-title = Проверьте введённые данные
error-page-422-message = Часть введённого использовать нельзя. Вернитесь и проверьте.
error-page-429-title = Слишком много попыток
error-page-429-message = Подождите немного и попробуйте снова.
error-page-431-title = Слишком длинный запрос
error-page-431-message = Браузер отправил больше, чем мы можем прочитать, — скорее всего, слишком много файлов cookie. Удалите файлы cookie этого сайта и попробуйте ещё раз.
error-page-500-title = Произошла ошибка
error-page-500-message = Это наша ошибка, а не ваша. Попробуйте чуть позже.
error-page-503-title = Временно недоступно
error-page-503-message = Попробуйте чуть позже.
error-page-other-title = Произошла ошибка
error-page-other-message = Вернитесь и попробуйте ещё раз.

# What programs are told about a request, in one line
error-call-400 = Некорректный запрос.
error-call-401 = Учётные данные отсутствуют или недействительны.
error-call-403 = Эти учётные данные не дают доступа к этому вызову.
error-call-404 = Неизвестный вызов.
error-call-405 = Недопустимый метод.
error-call-413 = Слишком большое тело запроса.
error-call-415 = Отправьте форму, multipart или JSON с соответствующим Content-Type.
error-call-421 = Запрос обращён к другому имени сервера.
error-call-431 = Слишком большие заголовки запроса, включая файлы cookie.

# What the fastsite dialect says of success

fastsite-auth = Вход выполнен.
fastsite-refreshed = Сеанс продлён.
fastsite-registered = Учётная запись создана, вход выполнен.
fastsite-recover = Если такая учётная запись есть, на её адрес отправлена ссылка, чтобы задать новый пароль.

# Mails. The text in English keeps to ASCII, so that it travels as it is written.
mail-hello = Здравствуйте!
mail-link-by-hand = Если кнопка не работает, откройте эту ссылку:
# $at: when, with the hour, in UTC.
mail-until = Ссылка перестанет работать { $at }.
# At the end of a mail: why its reader gets it.
mail-reason-account = Вы получили это письмо, потому что у вас есть учётная запись на сайте { $site }.
mail-reason-address = Вы получили это письмо, потому что кто-то указал этот адрес для учётной записи на сайте { $site }.
mail-reason-former = Вы получили это письмо, потому что этот адрес принадлежал учётной записи на сайте { $site }.
mail-reason-test = Вы получили это письмо, потому что его отправила вам администрация сайта { $site }.
# $site: name of the site.
mail-recovery-subject = Новый пароль для { $site }
mail-recovery-title = Задайте новый пароль
mail-recovery-why = Мы получили запрос на сброс пароля вашей учётной записи на сайте { $site }.
mail-recovery-button = Задать новый пароль
mail-recovery-open = Чтобы задать новый, откройте эту ссылку:
mail-recovery-lasts = { $hours ->
    [one] Ссылка действует { $hours } час, воспользоваться ею можно один раз.
    [few] Ссылка действует { $hours } часа, воспользоваться ею можно один раз.
   *[many] Ссылка действует { $hours } часов, воспользоваться ею можно один раз.
}
mail-recovery-not-you = Это были не вы? Не обращайте внимания на это письмо: ваш пароль для { $site } не изменится.
mail-invitation-subject = Ваша учётная запись на сайте { $site }
mail-invitation-title = Ваша учётная запись готова
mail-invitation-why = На сайте { $site } для вас создана учётная запись. Пароля у неё пока нет.
mail-invitation-button = Задать пароль
mail-invitation-open = Чтобы задать пароль, откройте эту ссылку:
mail-invitation-lasts = { $days ->
    [one] Ссылка действует { $days } день, воспользоваться ею можно один раз. Потом новую можно запросить на странице входа.
    [few] Ссылка действует { $days } дня, воспользоваться ею можно один раз. Потом новую можно запросить на странице входа.
   *[many] Ссылка действует { $days } дней, воспользоваться ею можно один раз. Потом новую можно запросить на странице входа.
}
mail-invitation-not-you = Если вы не ждали учётной записи на сайте { $site }, не обращайте внимания на это письмо.
mail-confirm-open = Чтобы подтвердить, откройте эту ссылку:
mail-confirm-lasts = { $hours ->
    [one] Ссылка действует { $hours } час, воспользоваться ею можно один раз.
    [few] Ссылка действует { $hours } часа, воспользоваться ею можно один раз.
   *[many] Ссылка действует { $hours } часов, воспользоваться ею можно один раз.
}
mail-approved-subject = Теперь вы можете войти на сайт { $site }
mail-approved-title = Ваша учётная запись одобрена
mail-approved-why = Ваша учётная запись на сайте { $site } одобрена. Теперь вы можете войти.
mail-approved-button = Войти
mail-approved-not-you = Если вы не создавали учётную запись на сайте { $site }, не обращайте внимания на это письмо.
mail-deletion-declined-subject = Ваша учётная запись на сайте { $site } остаётся
mail-deletion-declined-title = Ваша учётная запись остаётся
mail-deletion-declined-what = Вы попросили удалить вашу учётную запись на сайте { $site }. Администрация сайта решила её оставить.
mail-deletion-declined-was-you = Если вы всё ещё хотите её удалить, обратитесь к администрации сайта.
mail-account-deleted-subject = Ваша учётная запись на сайте { $site } удалена
mail-account-deleted-title = Ваша учётная запись удалена
mail-account-deleted-what = Ваша учётная запись на сайте { $site } удалена по вашей просьбе.
mail-account-deleted-until = Она будет стёрта { $at }.
mail-account-deleted-was-you = Если это были вы, ничего делать не нужно.
mail-account-deleted-not-you = Если это были не вы или вы передумали, до этого времени её можно вернуть:
mail-account-deleted-button = Восстановить мою учётную запись
mail-account-restored-subject = Ваша учётная запись на сайте { $site } восстановлена
mail-account-restored-title = Ваша учётная запись восстановлена
mail-account-restored-what = Ваша удалённая учётная запись на сайте { $site } восстановлена.
mail-account-erased-subject = Ваша учётная запись на сайте { $site } стёрта
mail-account-erased-title = Ваша учётная запись стёрта
mail-account-erased-what = Ваша учётная запись на сайте { $site } и всё, что в ней было, стёрто.
mail-account-erased-then = Это наше последнее письмо. Новую учётную запись можно создать в любое время:
mail-account-erased-button = Открыть сайт
mail-data-ready-subject = Ваши данные на сайте { $site } готовы
mail-data-ready-title = Ваши данные готовы
mail-data-ready-why = Файл со всем, что { $site } хранит о вашей учётной записи, готов. Нужно будет войти и подтвердить, что это вы.
mail-data-ready-button = Получить данные
# $until: a time.
mail-data-ready-until = Файл доступен до { $until }, затем он удаляется.
mail-data-ready-not-you = Если вы его не запрашивали, доступ к вашей учётной записи есть у кого-то ещё. Откройте там журнал безопасности и сообщите, что это были не вы.
mail-verification-subject = Подтвердите адрес электронной почты для { $site }
mail-verification-title = Подтвердите адрес электронной почты
mail-verification-why = На сайте { $site } создана учётная запись с этим адресом. Подтвердите, что адрес ваш.
mail-verification-button = Подтвердить адрес
mail-verification-not-you = Если вы не создавали учётную запись на сайте { $site }, не обращайте внимания на это письмо. Либо получите к ней доступ: откройте ссылку и задайте новый пароль, и тот, кто её создал, потеряет доступ.
mail-address-change-subject = Подтвердите новый адрес электронной почты для { $site }
mail-address-change-title = Подтвердите новый адрес электронной почты
mail-address-change-why = Мы получили запрос использовать этот адрес для учётной записи на сайте { $site }.
# $account: the present address of that account, masked, such as a***@example.org.
mail-address-change-account = Нынешний адрес этой учётной записи: { $account }
mail-address-change-button = Использовать этот адрес
mail-address-change-open = Чтобы подтвердить его, откройте эту ссылку. Нужно будет войти в эту учётную запись или ввести её пароль:
mail-address-change-not-you = Если вы этого не запрашивали, не обращайте внимания на это письмо. Либо откройте ссылку и выберите «Это не я»: тогда по ней никто не сможет подтвердить этот адрес для той учётной записи на сайте { $site }.

# Mails that tell what happened. $at: when.
mail-when = Когда: { $at }
mail-device = Устройство: { $device }
mail-device-unknown = Устройство: неизвестный браузер
# $place: the network that it came from, such as 203.0.113.0/24.
mail-place = Сеть: { $place }
mail-was-you = Если это были вы, ничего делать не нужно.
mail-not-you = Если это были не вы, доступ к вашей учётной записи есть у кого-то ещё. Сразу задайте новый пароль — тогда завершатся все сеансы.
mail-not-you-button = Это не я
mail-password-changed-subject = Пароль для { $site } изменён
mail-password-changed-title = Ваш пароль изменён
mail-password-changed-what = Пароль вашей учётной записи на сайте { $site } изменён.
mail-username-changed-subject = Имя пользователя на сайте { $site } изменено
mail-username-changed-title = Ваше имя пользователя изменено
mail-username-changed-what = Имя пользователя вашей учётной записи на сайте { $site } изменено.
mail-passkey-added-subject = К учётной записи на сайте { $site } добавлен ключ доступа
mail-passkey-added-title = Добавлен ключ доступа
mail-passkey-added-what = К вашей учётной записи на сайте { $site } добавлен ключ доступа. С ним можно войти без пароля.
mail-passkey-removed-subject = Из учётной записи на сайте { $site } удалён ключ доступа
mail-passkey-removed-title = Удалён ключ доступа
mail-passkey-removed-what = Из вашей учётной записи на сайте { $site } удалён ключ доступа. Войти с ним больше нельзя.
mail-password-removed-subject = Пароль для { $site } удалён
mail-password-removed-title = Ваш пароль удалён
mail-password-removed-what = Пароль вашей учётной записи на сайте { $site } удалён. Теперь войти можно только с ключами доступа.
mail-identity-linked-subject = К вашей учётной записи на сайте { $site } привязана ещё одна
mail-identity-linked-title = Привязана учётная запись
# $provider: what people call the provider of the account, such as Google.
mail-identity-linked-what = К вашей учётной записи на сайте { $site } привязана учётная запись на другом сервисе ({ $provider }). С ней можно войти без пароля.
mail-identity-unlinked-subject = От вашей учётной записи на сайте { $site } отвязана ещё одна
mail-identity-unlinked-title = Отвязана учётная запись
mail-identity-unlinked-what = От вашей учётной записи на сайте { $site } отвязана учётная запись на другом сервисе ({ $provider }). Войти с ней больше нельзя.
mail-totp-added-subject = Подключено приложение-аутентификатор на { $site }
mail-totp-added-title = Подключено приложение-аутентификатор
mail-totp-added-what = К вашей учётной записи на { $site } подключено приложение-аутентификатор. Теперь для входа нужен его код.
mail-totp-removed-subject = Приложение-аутентификатор отключено на { $site }
mail-totp-removed-title = Приложение-аутентификатор отключено
mail-totp-removed-what = Приложение-аутентификатор вашей учётной записи на { $site } отключено.
mail-recovery-codes-made-subject = Новые резервные коды для { $site }
mail-recovery-codes-made-title = Созданы новые резервные коды
mail-recovery-codes-made-what = Для вашей учётной записи на { $site } созданы новые резервные коды. Прежние больше не действуют.
mail-recovery-code-used-subject = Использован резервный код на { $site }
mail-recovery-code-used-title = Использован резервный код
mail-recovery-code-used-what = Использован резервный код вашей учётной записи на { $site }.
mail-recovery-code-used-left = { $count ->
    [0] Кодов больше не осталось. Создайте новые на странице «Безопасность» вашей учётной записи.
    [1] Остался один код. Создайте новые на странице «Безопасность» вашей учётной записи.
    [one] Остался { $count } код.
    [few] Осталось { $count } кода.
   *[many] Осталось { $count } кодов.
}
mail-address-requested-subject = Запрошена смена адреса вашей учётной записи на сайте { $site }
mail-address-requested-title = Запрошена смена адреса электронной почты
mail-address-requested-what = Кто-то запросил смену адреса электронной почты вашей учётной записи на сайте { $site }.
mail-address-requested-was-you = Если это были вы, откройте ссылку, которую мы отправили на новый адрес. До этого ничего не изменится.
mail-address-requested-not-you = Если это были не вы, доступ к вашей учётной записи есть у кого-то ещё. Сразу задайте новый пароль — это отменит и смену адреса.
mail-address-changed-subject = Адрес электронной почты на сайте { $site } изменён
mail-address-changed-title = Ваш адрес электронной почты изменён
mail-address-changed-what = Адрес электронной почты вашей учётной записи на сайте { $site } изменён. На этот адрес письма больше приходить не будут.
mail-address-changed-not-you = Если это были не вы, сразу сообщите об этом владельцам сайта { $site }.
mail-address-changed-button = Связаться с сайтом { $site }
mail-new-device-subject = Новый вход в вашу учётную запись на сайте { $site }
mail-new-device-title = Новый вход в вашу учётную запись
# When a program or a device got a way in.
mail-new-access-title = Новый доступ к вашей учётной записи
mail-new-device-what = В вашу учётную запись на сайте { $site } вошли с нового устройства или браузера.
mail-new-app-what = В вашу учётную запись на сайте { $site } вошли из нового места через приложение или другую программу.
mail-new-secret-what = Программа получила новый секрет. Теперь у неё есть доступ к вашей учётной записи на сайте { $site }.
mail-new-paired-what = К вашей учётной записи на сайте { $site } подключили устройство. Теперь у него есть доступ к ней.
mail-app-password-made-subject = Новый пароль приложения для вашей учётной записи на сайте { $site }
mail-app-password-made-title = Создан пароль приложения
mail-app-password-made-what = Создан пароль приложения. Он даёт доступ к вашей учётной записи на сайте { $site } без второго шага.
mail-app-password-revoked-subject = Отозван пароль приложения для вашей учётной записи на сайте { $site }
mail-app-password-revoked-title = Пароль приложения отозван
mail-app-password-revoked-what = Пароль приложения отозван. У приложения больше нет доступа к вашей учётной записи на сайте { $site }.
mail-address-taken-subject = У вас уже есть учётная запись на сайте { $site }
mail-address-taken-title = У вас уже есть учётная запись
mail-address-taken-what = Кто-то, возможно вы, хотел использовать этот адрес электронной почты для другой учётной записи на сайте { $site }. Учётная запись у вас уже есть, ничего не изменилось.
mail-address-taken-was-you = Если это были вы, войдите на сайт { $site } с этим адресом. Если нет, не обращайте внимания на это письмо.
mail-address-taken-not-you = Забыли пароль для { $site }? Можно задать новый.
mail-denied-subject = Весь доступ к вашей учётной записи на сайте { $site } закрыт
mail-denied-title = Весь доступ к учётной записи закрыт
mail-denied-what = Кто-то сообщил о записи в журнале безопасности вашей учётной записи на сайте { $site }. Весь доступ закрыт, пароль больше не действует.
mail-denied-was-you = Если это были вы, откройте ссылку из другого нашего письма и задайте новый пароль.
mail-denied-not-you = Если это были не вы или то письмо не пришло, запросите ссылку здесь:
mail-factor-recovery-subject = Коды и ключи доступа для { $site } потеряны?
mail-factor-recovery-title = Коды и ключи доступа потеряны?
mail-factor-recovery-why = Кто-то ввёл ваш пароль на сайте { $site } и сообщил, что не может пройти второй шаг.
mail-factor-recovery-button = Отключить второй шаг
mail-factor-recovery-open = Если это были вы, откройте эту ссылку, чтобы отключить его:
mail-factor-recovery-not-you = Если это были не вы, кто-то знает ваш пароль. Не открывайте ссылку и смените пароль.
mail-factors-asked-subject = Второй шаг для { $site } будет отключён
mail-factors-asked-title = Второй шаг будет отключён
mail-factors-asked-what = Кто-то, кто знает ваш пароль и открыл ссылку из письма на этот адрес, попросил нас отключить второй шаг в вашей учётной записи на сайте { $site }.
# $at: when.
mail-factors-asked-due = Когда он будет отключён: { $at }
# $count: how many devices.
mail-factors-asked-devices = { $count ->
    [one] К учётной записи подключено { $count } устройство. Его придётся подключить заново.
    [few] К учётной записи подключено { $count } устройства. Их придётся подключить заново.
   *[many] К учётной записи подключено { $count } устройств. Их придётся подключить заново.
}
mail-factors-asked-was-you = Если это были вы, ничего делать не нужно. После этого для входа хватит пароля.
mail-factors-asked-not-you = Если это были не вы, сразу отмените отключение и задайте новый пароль:
mail-factors-asked-button = Отменить отключение
mail-factors-kept-subject = Второй шаг для { $site } остаётся
mail-factors-kept-title = Второй шаг остаётся
mail-factors-kept-what = Отключение второго шага в вашей учётной записи на сайте { $site } отменено.
mail-factors-kept-was-you = Если это были вы, ничего делать не нужно.
mail-factors-kept-not-you = Если вы не просили его отключать, кто-то знает ваш пароль. Задайте новый:
mail-factors-removed-subject = Второй шаг для { $site } отключён
mail-factors-removed-title = Второй шаг отключён
mail-factors-removed-what = Второй шаг в вашей учётной записи на сайте { $site } полностью отключён. Доступ всех браузеров, приложений и устройств закрыт.
mail-factors-removed-was-you = Если это были вы, войдите со своим паролем и настройте второй шаг заново.
mail-factors-removed-not-you = Если это были не вы, сразу задайте новый пароль:
mail-digest-subject = Недавние события в вашей учётной записи на сайте { $site }
mail-digest-title = Недавние события в вашей учётной записи
mail-digest-what = Вот что произошло с вашей учётной записью на сайте { $site } — одним письмом, чтобы не переполнять вашу почту:
# $count: how many.
mail-digest-earlier = { $count ->
    [one] До этого произошло ещё { $count } событие.
    [few] До этого произошло ещё { $count } события.
   *[other] До этого произошло ещё { $count } событий.
}
mail-digest-was-you = Если всё это сделали вы, ничего делать не нужно.
mail-digest-not-you = Если что-то из этого сделали не вы, доступ к вашей учётной записи может быть у кого-то ещё. Сразу задайте новый пароль — тогда завершатся все сеансы.
# In a list, after the time.
mail-digest-approved = Ваша учётная запись одобрена.
mail-digest-password-changed = Пароль изменён.
mail-digest-username-changed = Имя пользователя изменено.
mail-digest-totp-added = Подключено приложение-аутентификатор.
mail-digest-totp-removed = Приложение-аутентификатор отключено.
mail-digest-recovery-codes-made = Созданы новые резервные коды.
mail-digest-recovery-code-used = Использован резервный код.
mail-digest-address-requested = Запрошена смена адреса электронной почты.
mail-digest-address-changed = Адрес электронной почты изменён.
mail-digest-app-password-made = Создан пароль приложения.
mail-digest-app-password-revoked = Пароль приложения отозван.
mail-digest-new-device = Вход с нового устройства или браузера.
mail-digest-address-taken = Кто-то, возможно вы, хотел использовать этот адрес электронной почты для другой учётной записи.
mail-digest-denied = Весь доступ закрыт после сообщения о записи в журнале безопасности.
mail-digest-deletion-declined = Учётная запись оставлена, хотя вы просили её удалить.
mail-digest-account-deleted = Учётная запись удалена.
mail-digest-account-restored = Учётная запись восстановлена.
mail-digest-data-ready = Файл с вашими данными готов.
mail-digest-passkey-added = Добавлен ключ доступа.
mail-digest-passkey-removed = Удалён ключ доступа.
mail-digest-password-removed = Пароль удалён.
mail-digest-identity-linked = Привязана учётная запись на другом сервисе.
mail-digest-identity-unlinked = Отвязана учётная запись на другом сервисе.
mail-digest-factors-asked = Запрошено отключение второго шага.
mail-digest-factors-kept = Отключение второго шага отменено.
mail-digest-factors-removed = Второй шаг полностью отключён.
mail-test-subject = Пробное письмо с сайта { $site }
mail-test-title = Почта доходит
mail-test-why = Администрация сайта { $site } отправила это письмо, чтобы проверить доставку почты, и оно дошло.
mail-test-open = Ссылки в других письмах начинаются с этого адреса:
mail-test-button = Открыть сайт { $site }
mail-test-not-you = Делать ничего не нужно.

# The page that shows a developer the mail which became files
dev-mail-title = Письма
dev-mail-about = Почтовый сервер не настроен: письма, которые были бы отправлены, показаны здесь. Любой, кто видит эту страницу, может войти в учётные записи по ссылкам из писем.
dev-mail-none = Пока ничего не отправлено.
dev-mail-text = Текст
dev-mail-html = HTML
dev-mail-all = Все письма

# The page about the JSON APIs
api-title = API
api-about = Все вызовы, которые могут делать здесь программы, с их полями и ответами. Попробуйте их на этой странице: запросы действительно отправляются на этот сервер.
api-document = Документ OpenAPI
api-credentials = Аутентификация
api-credentials-needed = Нужно что-то одно:
api-credentials-optional = Можно передать что-то одно:
api-fields = Поля
api-name = Имя
api-type = Тип
api-meaning = Значение
api-required = обязательно
api-kinds = Форматы тела запроса:
api-example = Пример тела запроса
api-answers = Ответы
api-try = Попробовать
api-body = Формат запроса
api-send = Отправить
api-answer = Ответ

# The second step of signing in, and proving once more who one is.
second-step-title = Ещё один шаг
second-step-about = Кроме пароля для вашей учётной записи нужен код.
label-second-code = Код
second-code-hint = Из приложения-аутентификатора или один из резервных кодов.
second-step-trust = Не спрашивать в этом браузере { $days ->
    [one] { $days } день
    [few] { $days } дня
   *[other] { $days } дней
}
second-step-passkey = Использовать ключ доступа
second-step-lost = Коды и ключи доступа потеряны
second-step-again = Войти в другую учётную запись
prove-title = Это вы?
prove-about = Вы собираетесь сделать важное изменение. Подтвердите, что это вы; десять минут мы не будем спрашивать снова.
prove-button = Подтвердить
prove-by-passkey = Использовать ключ доступа
prove-by-code = Ввести код
prove-back = Вернуться на страницу «Безопасность»

# The file with what an account has
data-title = Ваши данные
data-heading = Заберите свои данные
# $days: how long the file is kept.
data-about = { $days ->
    [one] Мы соберём всё, что храним о вашей учётной записи: профиль, фотографии, сеансы, устройства, вторые факторы, журнал безопасности и письма. Вы получите файл ZIP со страницей для чтения и с теми же данными для программ. Он хранится { $days } день.
    [few] Мы соберём всё, что храним о вашей учётной записи: профиль, фотографии, сеансы, устройства, вторые факторы, журнал безопасности и письма. Вы получите файл ZIP со страницей для чтения и с теми же данными для программ. Он хранится { $days } дня.
   *[many] Мы соберём всё, что храним о вашей учётной записи: профиль, фотографии, сеансы, устройства, вторые факторы, журнал безопасности и письма. Вы получите файл ZIP со страницей для чтения и с теми же данными для программ. Он хранится { $days } дней.
}
data-ask = Собрать мои данные
data-ask-again = Собрать заново
data-replaces = Новый файл заменит этот.
# A time follows.
data-making = Данные собираются. Вы запросили их
data-mailed = Это займёт немного времени, страницу можно закрыть. Когда файл будет готов, мы отправим вам письмо.
data-not-mailed = Это займёт немного времени, страницу можно закрыть. Вернитесь сюда позже: письма не будет, потому что ваш адрес не подтверждён.
data-download = Скачать файл ZIP
# A time follows.
data-until = доступен до
# A time follows.
data-again = Запросить новый можно с
data-failed = Собрать данные не удалось. Попробуйте ещё раз.
data-back = Вернуться на страницу «Безопасность»
data-link-about = Получите файл со всем, что мы храним о вашей учётной записи.
data-link = Ваши данные
# $size: a number.
data-size-kilobytes = { $size } КБ
# $size: a number.
data-size-megabytes = { $size } МБ

# The page in that file
# $site: its name.
paper-title = Ваши данные на сайте { $site }
# $email: the account’s address. $at: a time.
paper-about = Что относится к учётной записи { $email }. Собрано { $at }.
paper-files = Файлы рядом с этой страницей содержат то же для программ: это JSON, время в нём — в миллисекундах с 1970 года (UTC). На этой странице время указано по UTC.
paper-picture = Ваша фотография
paper-nothing = Ничего.
# $count: how many rows are left out.
paper-more = { $count ->
    [one] Ещё { $count } более старая запись есть только в файле.
    [few] Ещё { $count } более старые записи есть только в файле.
   *[many] Ещё { $count } более старых записей есть только в файле.
}
# The name of a file follows.
paper-file = То же для программ:
paper-account = Учётная запись
paper-account-about = Кто вы на этом сайте.
paper-sessions = Сеансы
paper-sessions-about = Браузеры, в которых выполнен вход.
paper-devices = Устройства и приложения
paper-devices-about = Что ещё имеет доступ к учётной записи и что она помнит о ваших браузерах и сетях.
paper-factors = Пароли и вторые факторы
paper-factors-about = Чем вы подтверждаете, что это вы. Секретов в этом файле нет.
paper-applications = Приложения и другие сервисы
paper-applications-about = Кому можно знать, кто вы на этом сайте, и через какие учётные записи вы входите.
paper-log = Журнал безопасности
paper-log-about = Что происходило с учётной записью за последние 90 дней, сначала новые.
paper-mails = Письма
paper-mails-about = Письма за последние 30 дней и те, что ждут отправки, начиная с новых.
paper-what = Что
paper-value = Значение
paper-browser = Браузер
paper-network = Сеть
paper-since = С какого времени
paper-last-used = Последнее использование
paper-proven = Подтверждено
paper-name = Название
paper-details = Подробности
paper-when = Когда
paper-by = Кем
paper-recipient = Кому
paper-state = Состояние
paper-number = Номер учётной записи
paper-address-wanted = Новый адрес, ещё не подтверждён
paper-terms-at = Условия использования приняты
# $product: the name of another program.
paper-imported = Номер в { $product }, откуда перенесена учётная запись
paper-known-app = Приложение, из которого уже входили
# $door: the name of an API, such as “fastsite”.
paper-known-place = Сеть, из которой входили программы ({ $door })
paper-password = Пароль
paper-totp = Приложение-аутентификатор
paper-codes = Резервные коды
# $count: how many are left.
paper-codes-left = { $count ->
    [one] остался { $count }
    [few] осталось { $count }
   *[many] осталось { $count }
}
paper-passkey = Ключ доступа
paper-application = Приложение
paper-identity = Учётная запись в другом сервисе

# The operator’s pages
admin-label = Администрирование
admin-link = Администрирование
admin-accounts = Учётные записи
admin-invitations = Приглашения
admin-mail = Исходящие письма
admin-webhooks = Вебхуки
admin-webhooks-about = О чём ваши сайты будут извещены и о чём известить не удалось.
admin-keys = Ключи API
admin-audit = Журнал аудита
admin-status = Состояние
# A number follows.
admin-number = №
admin-first-page = Первая страница
admin-next-page = Следующая страница
admin-find = Найти учётную запись
admin-find-hint = Введите начало адреса, имени пользователя или имени либо номер учётной записи. Пустое поле покажет самые новые.
admin-find-label = Адрес, имя пользователя, имя или номер
admin-find-button = Найти
admin-found-none = Ничего не найдено.
account-proven = адрес подтверждён
account-unproven = адрес не подтверждён
account-waiting = ждёт одобрения
account-leaving = просит об удалении
account-locked = заблокирована
account-deleted = удалена
admin-facts = Сведения
admin-fact-role = Роль
admin-fact-language = Язык
admin-fact-created = Создана
admin-fact-changed = Изменена
admin-fact-verified = Адрес подтверждён
admin-fact-signed-in = Последний вход
admin-fact-waiting = Ждёт одобрения с
admin-fact-deletion-asked = Просит об удалении с
admin-fact-terms = Приняты условия
admin-fact-former-username = Прежнее имя пользователя
admin-fact-locked = Заблокирована
admin-fact-deleted = Удалена
admin-fact-never = никогда
admin-fact-none = нет
admin-fact-password = Пароль выбран
admin-fact-totp = Приложение с кодами
admin-fact-yes = да
admin-fact-no = нет
admin-fact-passkeys = Ключи доступа
admin-fact-recovery-codes = Осталось резервных кодов
admin-fact-app-passwords = Пароли приложений
admin-fact-providers = Учётные записи у других провайдеров
admin-fact-applications = Разрешённые приложения
admin-actions = Действия
admin-factors = Подтверждение личности
admin-openings = Что имеет доступ к этой учётной записи
admin-openings-none = Сейчас доступа нет ни у чего.
admin-mail-of-account = Письма за последние 30 дней
admin-mail-of-account-none = Писем нет.
admin-log = Последние записи журнала
admin-whole-log = Весь журнал этой учётной записи
admin-reason = Причина
admin-reason-hint = Сохраняется в журнале аудита. Её видят только администраторы.
admin-back = Назад к учётной записи
admin-approve = Одобрить
admin-approve-about = После этого владелец сможет войти; ему придёт письмо. Чтобы отказать, удалите учётную запись.
admin-waiting = Ждут одобрения
admin-waiting-none = Никто не ждёт одобрения.
admin-leaving = Просят об удалении
admin-leaving-none = Никто не просит об удалении.
admin-all-accounts = Все учётные записи
admin-set-role = Изменить роль
admin-set-role-about = Права изменятся сразу. Вход сохранится.
admin-rename = Изменить имя пользователя
admin-rename-about = Владелец получит письмо.
admin-set-address = Изменить адрес
admin-set-address-about = На прежний адрес придёт письмо. Весь доступ к учётной записи закроется, новый адрес не подтверждён.
admin-verify = Считать адрес подтверждённым
admin-verify-about = Делайте это, только если знаете, что адрес принадлежит владельцу.
admin-disable = Отключить учётную запись
admin-disable-about = Вход сразу завершится везде, отправленные ссылки перестанут действовать, и войти больше никто не сможет. Об этом узнает только тот, кто знает пароль.
admin-enable = Включить учётную запись
admin-enable-about = Владелец снова сможет войти. Завершённые сеансы останутся завершёнными, прежние ссылки не действуют: отправьте новую, если пароль ещё не выбран.
admin-reset-link = Отправить ссылку для выбора пароля
admin-reset-link-about = Ссылка придёт на адрес учётной записи. Нынешний пароль действует, пока её не откроют.
admin-end-sessions = Завершить все сеансы
admin-end-sessions-about = Браузеры, приложения и устройства сразу потеряют доступ, отправленные ссылки перестанут действовать. Пароль не изменится.
admin-remove-factors = Отключить второй шаг
admin-remove-factors-about = Для тех, кто потерял телефон: сначала убедитесь, кто просит. Весь доступ закроется, владелец получит письмо.
admin-delete = Удалить учётную запись
# $days: how long it can be restored.
admin-delete-about = { $days ->
    [one] Вход завершится везде, учётную запись больше никто не найдёт, отправленные ссылки перестанут действовать. Её можно восстановить в течение { $days } дня, затем данные сотрутся.
    [few] Вход завершится везде, учётную запись больше никто не найдёт, отправленные ссылки перестанут действовать. Её можно восстановить в течение { $days } дней, затем данные сотрутся.
   *[other] Вход завершится везде, учётную запись больше никто не найдёт, отправленные ссылки перестанут действовать. Её можно восстановить в течение { $days } дней, затем данные сотрутся.
}
admin-decline-deletion = Сохранить учётную запись
admin-decline-deletion-about = Владелец попросил её удалить. Учётная запись останется как есть; владельцу придёт письмо.
admin-restore = Восстановить учётную запись
admin-restore-about = Учётная запись снова доступна. Владельцу нужно войти заново; прежние ссылки не действуют.
admin-invite = Пригласить людей
admin-invite-hint = Адреса, по одному в строке. Каждый получит учётную запись и ссылку для выбора пароля.
admin-addresses = Адреса
admin-invite-button = Пригласить
admin-invited = Ещё не приняты
admin-invited-none = Никто не ожидает.
admin-mail-about = Что будет отправлено и что отправить не удалось.
admin-mail-all = Все письма
admin-mail-failed = Только отложенные
admin-mail-none = Писем нет.
mail-waiting = в очереди
mail-sending = отправляется
mail-failed = отложено
mail-sent = отправлено
# A time follows.
mail-written = написано
# A time follows.
mail-next = следующая попытка
# A time follows.
mail-ended = с
mail-held-back = не отправлено: ящик уже получил свои письма за час
mail-withdrawn = отложено, затем отозвано
admin-opening-link = Ссылка, отправленная владельцу
status-webhooks-waiting = Сообщений сайтам в очереди
status-webhooks-failed = Отложенных сообщений сайтам
admin-find-label-exact = Адрес, имя пользователя или номер
notice-admin-invited-some = Приглашения отправляются. У некоторых из этих адресов уже есть учётные записи.
# $count: how often it was tried.
mail-attempts = { $count ->
    [one] { $count } попытка
    [few] { $count } попытки
   *[other] { $count } попыток
}
mail-retry = Повторить
mail-retry-all = Повторить все
admin-keys-about = Ключи, которыми ваши серверы создают и находят учётные записи.
admin-key-made = Новый ключ
admin-key-once = Скопируйте его сейчас: больше он показан не будет.
admin-keys-heading = Все ключи
admin-keys-none = Ключей нет.
admin-key-make = Создать ключ
key-name = Название
key-name-hint = Латинские буквы, цифры, точки, дефисы и подчёркивания, например «shop».
key-scopes = Что ему разрешено
key-roles = Какие роли может назначать
key-days = Срок действия в днях
key-days-hint = Пустое поле — бессрочный ключ.
key-live = действует
key-expired = истёк
key-revoked = отозван
# A date follows.
key-created = создан
# A date follows.
key-expires = истекает
key-revoke = Отозвать
# $days: how many days an event is kept.
admin-audit-about = Что произошло за последние { $days } дн., сначала новое.
audit-heading = События
# A number may follow.
audit-account = учётная запись
audit-whom = Учётная запись
audit-actor = Кто
audit-kind = Что
audit-button = Показать
audit-anybody = Кто угодно
audit-any-key = ключ API
audit-anything = Что угодно
audit-none = Ничего не найдено.
audit-none-here = В этой части журнала ничего нет. Следующая страница ищет дальше в прошлом.
audit-refused = отказано
# A text follows.
audit-reason = Причина:
actor-owner = владелец
actor-visitor = посетитель
# $name: the name of an API key.
actor-key = ключ API { $name }
actor-staff = администратор
actor-operator = командная строка
actor-system = сервер
event-erased = Данные учётной записи стёрты
event-key-made = Ключ API создан
event-key-revoked = Ключ API отозван
event-client-made = Клиент OpenID Connect создан
event-client-secret-rotated = Секрет клиента OpenID Connect заменён
event-client-revoked = Клиент OpenID Connect отозван
event-secrets-rotated = Секреты зашифрованы заново
event-mail-retried = Повторная отправка писем
event-webhook-retried = Повторная отправка вебхуков
status-server = Сервер
status-version = Версия
status-database = База данных
status-waiting = Писем в очереди
status-oldest = Самое старое
status-failed = Отложенных писем
status-mail-server = Почтовый сервер
status-mail-answer = Его последний ответ
status-mail-files = нет: письма сохраняются в файлы
status-mail-unasked = не опрашивался с запуска
# $mib: a number of mebibytes.
status-disk = Свободно на диске
status-mib = { $mib } МиБ
status-settings = Настройки
status-settings-about = Секреты скрыты.
status-set = задано
alert-admin-own-account = С собственной учётной записью это сделать нельзя. Попросите другого администратора.
alert-admin-last-administrator = Администраторов больше не осталось бы.
alert-admin-deleted = Учётная запись удалена. Её можно только восстановить.
notice-approval-wanted = Учётная запись создана. Сначала её рассмотрит администрация сайта; мы напишем вам, когда можно будет войти.
notice-admin-done = Готово.
notice-admin-unchanged = Так уже было. Ничего не изменилось.
notice-admin-invited = Приглашения отправляются.
notice-admin-invited-nobody = У всех уже есть учётные записи. Никто не приглашён.
notice-admin-mail-retried = Сервер повторяет отправку.
notice-admin-webhook-retried = Сервер повторяет отправку.
notice-admin-key-revoked = Ключ отозван и больше не принимается.
alert-admin-key-name-taken = Это название уже занято другим ключом.
alert-admin-gone = Учётная запись тем временем изменилась. Проверьте ещё раз.
