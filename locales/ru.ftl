# Layout
skip-to-content = Перейти к содержимому
nav-label = Ваша учётная запись
sign-out = Выйти
optional = необязательно
show-password = Показать пароль
home-link = На главную страницу

# Labels and hints
label-email = Электронная почта
label-email-or-username = Электронная почта или имя пользователя
label-username = Имя пользователя
label-password = Пароль
label-current-password = Текущий пароль
label-new-email = Новый адрес электронной почты
label-new-password = Новый пароль
label-name = Как вас называть
label-firstname = Имя
label-lastname = Фамилия
label-locale = Язык
locale-automatic = Как в браузере
# What this language is called by those who speak it
locale-name = Русский
label-picture = Новая фотография
label-code = Код
code-hint = Шесть букв и цифр, заглавных или строчных.
profile-link = Вернуться к учётной записи
username-hint = Буквы, цифры, точки, дефисы и знаки подчёркивания.
# $min: fewest characters that a password has.
password-hint = { $min ->
    [one] Не меньше { $min } символа. Хорошо подойдут несколько слов подряд.
   *[other] Не меньше { $min } символов. Хорошо подойдут несколько слов подряд.
}
name-hint = Под этим именем вас видят другие.

# Sign in
sign-in-title = Вход
sign-in-button = Войти
sign-in-link = Войти
forgot-link = Забыли пароль?
no-account-yet = Ещё нет учётной записи?
sign-up-link = Создайте её

# Recovery
forgot-title = Забыли пароль?
forgot-about = Укажите адрес электронной почты или имя пользователя, и мы пришлём ссылку, по которой можно выбрать новый пароль.
forgot-button = Прислать ссылку
forgot-requested = Если есть учётная запись с этим адресом или именем пользователя, письмо со ссылкой уже отправляется на её почту.
forgot-nothing-came = Прошло несколько минут, а письма нет? Проверьте папку «Спам» или попробуйте другой адрес.
reset-title = Выберите новый пароль
reset-about = Новый пароль — для этой учётной записи. Все открытые сеансы завершатся.
reset-first-title = Выберите пароль
reset-first-about = Добро пожаловать! Эту учётную запись создали для вас. Выберите свой пароль, чтобы входить.
reset-button = Сохранить пароль

# Verification
verify-title = Подтвердите адрес электронной почты
verify-about = Введите пароль, выбранный при регистрации, чтобы подтвердить этот адрес:
verify-signed-in-about = Одно нажатие — и этот адрес подтверждён:
verify-button = Подтвердить адрес
verify-not-mine = Я не выбирал пароль или не помню его
verify-not-mine-about = Выберите новый, и учётная запись станет только вашей: все открытые сеансы завершатся.
verify-request-about = Мы отправили вам письмо со ссылкой. Его нет? Проверьте папку «Спам» или попросите прислать ещё раз.
verify-request-button = Прислать ссылку ещё раз
verify-requested = Если есть неподтверждённая учётная запись с этим адресом или именем пользователя, письмо со ссылкой уже отправляется на её почту.
unverified-about = Пожалуйста, подтвердите адрес электронной почты: ссылка ждёт вас в почте.
address-title = Подтвердите новый адрес электронной почты
address-about = Теперь ваша учётная запись будет использовать этот адрес:
address-button = Использовать этот адрес
# A masked address follows, such as a•••@example.org.
address-account = Сейчас у учётной записи, которая это запросила, такой адрес:
address-password-about = Чтобы этого не сделал никто другой, нужен пароль этой учётной записи.
address-not-me = Это был не я
address-not-me-about = Не знаете этой учётной записи? Возможно, кто-то ошибся в своём адресе. Одно нажатие — и ссылка больше не действует.

# Sign-in by redirection
switch-title = Перейти в другую учётную запись?
# An address follows.
switch-present = В этом браузере вы вошли с таким адресом:
# An address follows.
switch-other = По открытой ссылке выполняется вход с другим:
switch-about = Ссылку вам кто-то прислал? Тогда оставайтесь: владелец другой учётной записи увидит всё, что вы в ней сделаете.
switch-button = Перейти в другую учётную запись
switch-stay = Остаться в нынешней

# Sign up
sign-up-title = Создание учётной записи
sign-up-button = Создать учётную запись
have-account-already = Уже есть учётная запись?

# Profile
profile-title = Ваша учётная запись
contents-label = На этой странице
# A date follows.
member-since = С нами с
profile-heading = Профиль
profile-about = Как этот сайт обращается к вам и на каком языке.
profile-button = Сохранить профиль
username-heading = Имя пользователя
username-about = Ещё один способ войти, кроме адреса электронной почты.
username-button = Изменить имя пользователя
email-about = С ним вы входите, и на него приходят письма о вашей учётной записи. Новый адрес начнёт действовать, когда вы откроете отправленную на него ссылку.
email-button = Изменить адрес
password-heading = Пароль
password-about = После смены пароля понадобится снова войти на всех остальных устройствах.
password-button = Изменить пароль

# Picture
picture-heading = Фотография
picture-about = Она показывается рядом с вашим именем.
# $max_mib: largest size, in megabytes.
picture-hint = JPEG, PNG, WebP или GIF, не больше { $max_mib } МБ.
# $max_megapixels: most pixels, in millions.
picture-hint-webp = { $max_megapixels ->
    [one] WebP – не больше { $max_megapixels } мегапикселя.
   *[other] WebP – не больше { $max_megapixels } мегапикселей.
}
picture-button = Поставить эту фотографию
picture-remove = Удалить мою фотографию
picture-too-large-here = Этот файл слишком большой. Пожалуйста, выберите файл поменьше.
picture-unreadable-here = Браузер не может показать этот файл. Возможно, это не изображение.
crop-label = Видимая часть фотографии
crop-hint = Перетащите фотографию или нажмите на то, что должно быть в центре. Стрелки на клавиатуре двигают её, плюс и минус меняют масштаб.
crop-zoom = Масштаб

# What opens the account
sessions-heading = Где открыта ваша учётная запись
sessions-about = Не узнаёте что-то? Завершите это и смените пароль.
session-current = этот браузер
session-unknown-device = Неизвестный браузер
devices-title = Где открыта ваша учётная запись
devices-about = Всё, что может пользоваться вашей учётной записью. Не узнаёте что-то? Завершите это и смените пароль.
devices-link = Браузеры, приложения и устройства с доступом к учётной записи
openings-heading = Браузеры, приложения, устройства и ссылки
openings-about = То, что вы завершаете, сразу теряет доступ к вашей учётной записи.
opening-session = Вход выполнен
opening-known-browser = Вход выполнялся раньше: чужие ошибки в пароле его не задерживают
# $door: the name of an API, such as “fastsite”.
opening-bearer = Приложение, вход через { $door }
opening-device = Связанное устройство
opening-user-secret = Секрет, который открывает учётную запись программе
opening-link = Ссылка, отправленная вам письмом
opening-redirection = Незавершённый вход с другого сайта
opening-unknown-app = Приложение, которое себя не назвало
opening-unknown-program = Программа, которая себя не назвала
opening-link-recovery = Чтобы выбрать новый пароль
opening-link-invitation = Чтобы выбрать первый пароль
opening-link-verification = Чтобы подтвердить адрес почты
opening-link-address = Чтобы сменить адрес почты
# A date follows.
opening-created = С даты:
# A time follows, often one like “3 days ago”.
opening-seen = Последнее использование:
# A network follows, such as “203.0.113.0/24”.
opening-place = Откуда:
# The name of the browser, app or device follows, for those who hear the page.
opening-end = Завершить
openings-end-others = Завершить всё остальное
openings-end-others-about = Вход сохранится только в этом браузере. В приложения придётся войти снова, а устройства — снова связать.

# Pairing a device
pair-heading = Связать устройство
pair-about = Зеркала, колонки и другие устройства без клавиатуры показывают код. Введите его здесь. Он меняется каждые десять минут.
pair-button = Продолжить
pair-confirm-heading = Связать это устройство?
# The name of the device follows.
pair-confirm-about = Кто-то дал устройству это имя. Связывайте его, только если оно ваше и перед вами: после этого оно сможет пользоваться вашей учётной записью.
pair-confirm-button = Да, связать
pair-confirm-no = Нет, не связывать

# What is wrong with a field
error-required = Пожалуйста, заполните это поле.
error-email-invalid = Это не похоже на адрес электронной почты. Он выглядит так: name@example.org.
error-email-invisible = В этом адресе есть невидимый символ. Пожалуйста, наберите адрес вручную, а не вставляйте его.
error-email-not-ascii = Наш почтовый сервер не может доставить письмо на адрес с такими буквами перед знаком @. Пожалуйста, укажите другой.
error-email-taken = Учётная запись с этим адресом уже есть.
error-email-same = Это и так ваш адрес.
error-username-invalid = Пожалуйста, используйте только буквы, цифры, точки, дефисы и знаки подчёркивания.
error-username-taken = Это имя пользователя уже занято. Пожалуйста, выберите другое.
error-username-mixed = Пожалуйста, используйте буквы только одного алфавита.
error-password-too-short = { $min ->
    [one] В пароле должно быть не меньше { $min } символа.
   *[other] В пароле должно быть не меньше { $min } символов.
}
error-password-too-long = { $max ->
    [one] Этот пароль слишком длинный: можно не больше { $max } символа.
   *[other] Этот пароль слишком длинный: можно не больше { $max } символов.
}
error-password-common = Такие пароли пробуют в первую очередь. Пожалуйста, придумайте другой.
error-password-personal = Это ваше имя, ваш адрес или название сайта. Пожалуйста, придумайте пароль, который труднее угадать.
error-password-invalid = В этом пароле есть символы, которые нельзя набрать на клавиатуре. Пожалуйста, уберите их.
error-text-too-long = { $max ->
    [one] Пожалуйста, сократите текст: можно не больше { $max } символа.
   *[other] Пожалуйста, сократите текст: можно не больше { $max } символов.
}
error-text-invalid = Здесь есть символы, которые нельзя использовать.
error-number-invalid = Здесь нужно число, например 42 или 3.5.
error-date-invalid = Здесь нужна существующая дата, например 2024-05-31.
error-url-invalid = Здесь нужен адрес сайта, например https://example.org.
error-boolean-invalid = Здесь можно только поставить или снять отметку.
error-locale-unknown = Этого языка здесь нет.
error-passwords-differ = Пароли не совпадают.
error-role-unknown = Такой роли нет.
error-role-forbidden = Эту роль здесь назначить нельзя.
error-not-changeable = Это значение здесь задать нельзя.
error-password-wrong = Это не ваш текущий пароль.
error-picture-missing = Пожалуйста, сначала выберите фотографию.
error-picture-too-large = Этот файл слишком большой. Можно не больше { $max_mib } МБ.
error-picture-too-many-pixels = { $max_megapixels ->
    [one] В этом изображении слишком много пикселей. Можно не больше { $max_megapixels } мегапикселя.
   *[other] В этом изображении слишком много пикселей. Можно не больше { $max_megapixels } мегапикселей.
}
error-picture-not-an-image = Этот файл не является изображением JPEG, PNG, WebP или GIF.
error-picture-unreadable = Похоже, это изображение повреждено. Пожалуйста, попробуйте другое.
error-code-unknown = Ни одно устройство не показывает этот код. Проверьте его: возможно, он уже сменился.
error-repeated = Это значение пришло несколько раз. Пожалуйста, отправьте форму ещё раз.
error-wrong-type = Это значение пришло в непонятном виде. Пожалуйста, отправьте форму ещё раз.

# What is wrong with a whole form or page
alert-invalid-credentials = Неверный адрес, имя пользователя или пароль. Пожалуйста, попробуйте ещё раз.
alert-locked = Эта учётная запись заблокирована. Пожалуйста, обратитесь к администрации сайта.
alert-unverified = Сначала подтвердите адрес электронной почты: ссылка ждёт вас в почте.
alert-password-expired = Этот пароль был создан для вас и действовал один день. Пожалуйста, запросите ссылку и придумайте свой.
alert-throttled = { $seconds ->
    [one] Слишком много попыток. Пожалуйста, подождите { $seconds } секунду.
    [few] Слишком много попыток. Пожалуйста, подождите { $seconds } секунды.
   *[many] Слишком много попыток. Пожалуйста, подождите { $seconds } секунд.
}
alert-throttled-minutes = { $minutes ->
    [one] Слишком много попыток. Пожалуйста, подождите { $minutes } минуту.
    [few] Слишком много попыток. Пожалуйста, подождите { $minutes } минуты.
   *[many] Слишком много попыток. Пожалуйста, подождите { $minutes } минут.
}
alert-busy = Сейчас входит очень много людей. Пожалуйста, попробуйте ещё раз чуть позже.
alert-session-ended-sign-in-again = Сеанс завершён. Пожалуйста, войдите снова.
alert-other-account = Ничего не изменилось: та страница принадлежала другой учётной записи. Теперь в этом браузере открыта эта.
alert-ticket-spent = Эта ссылка больше не действует: она уже использована или устарела. Здесь можно запросить новую.
alert-address-link-spent = Эта ссылка больше не действует: она уже использована или устарела. Новую можно запросить на странице учётной записи.
alert-fix-the-fields = { $count ->
    [one] Пока ничего не сохранено. Проверьте { $count } поле.
    [few] Пока ничего не сохранено. Проверьте { $count } поля.
   *[many] Пока ничего не сохранено. Проверьте { $count } полей.
}

# What went well
notice-welcome = Добро пожаловать! Ваша учётная запись готова.
notice-password-changed = Пароль изменён. Сеансы на остальных устройствах завершены.
notice-picture-changed = Новая фотография на месте.
notice-picture-removed = Фотография удалена.
notice-username-changed = Имя пользователя изменено.
notice-profile-changed = Профиль сохранён.
notice-session-ended = Сеанс на том устройстве завершён.
notice-sessions-ended = Сеансы на остальных устройствах завершены.
notice-password-reset = Пароль сохранён. Теперь с ним можно войти.
notice-password-reset-elsewhere = Пароль другой учётной записи сохранён. Здесь по-прежнему открыта эта.
notice-opening-ended = Завершено.
notice-openings-ended = Всё остальное завершено. Вход сохранён только в этом браузере.
notice-device-paired = Устройство связано с вашей учётной записью.
notice-device-removed = Устройство удалено.
notice-verification-sent = Письмо со ссылкой уже отправляется на вашу почту.
notice-verified = Адрес электронной почты подтверждён.
notice-verified-sign-in = Адрес электронной почты подтверждён. Теперь можно войти.
notice-verified-elsewhere = Адрес электронной почты другой учётной записи подтверждён. Здесь по-прежнему открыта эта.
notice-address-requested = Письмо со ссылкой уже отправляется на новый адрес. Пока вы её не открыли, ничего не изменится.
notice-address-changed = Адрес электронной почты изменён.
notice-address-changed-elsewhere = Адрес электронной почты другой учётной записи изменён. Здесь по-прежнему открыта эта.
notice-address-declined = Спасибо. Ссылка больше не действует, и адрес не используется.
notice-signed-out = Вы вышли. До встречи!

# Error pages
# A short code follows.
error-page-incident = Если будете писать нам об этом, укажите:
error-page-400-title = Запрос не понят
error-page-400-message = В запросе чего-то не хватает, или он повреждён. Пожалуйста, вернитесь и попробуйте ещё раз.
error-page-401-title = Пожалуйста, войдите
error-page-401-message = Эта страница доступна только после входа.
error-page-403-title = Сюда нельзя
error-page-403-message = Либо эта страница закрыта для вас, либо запрос пришёл с другого сайта. Ничего не изменилось.
error-page-404-title = Здесь ничего нет
error-page-404-message = Такой страницы не существует, или она переехала.
error-page-405-title = Так не получится
error-page-405-message = Этот адрес существует, но обратиться к нему таким способом нельзя.
error-page-408-title = Слишком долго
error-page-408-message = Запрос не успел дойти. Пожалуйста, попробуйте ещё раз.
error-page-409-title = Другая учётная запись
error-page-409-message = Форма была открыта для другой учётной записи, не для той, в которую выполнен вход сейчас. Ничего не изменилось.
error-page-410-title = Эта ссылка больше не действует
error-page-410-message = Она уже использована или устарела. Новую можно запросить на странице входа.
error-page-413-title = Слишком много
error-page-413-message = Столько сюда отправить нельзя. Пожалуйста, вернитесь и выберите что-нибудь поменьше.
error-page-415-title = Неподходящий файл
error-page-415-message = Файлы такого вида здесь не принимаются. Пожалуйста, вернитесь и выберите другой.
error-page-421-title = Не тот адрес
error-page-421-message = Этот сервер не отвечает на имя, по которому к нему обратились. Проверьте, пожалуйста, адрес.
error-page-422-title = Что-то не подходит
error-page-422-message = Часть отправленного нельзя использовать. Пожалуйста, вернитесь и проверьте.
error-page-429-title = Слишком много попыток
error-page-429-message = Пожалуйста, подождите немного и попробуйте снова.
error-page-431-title = Слишком длинный запрос
error-page-431-message = Браузер прислал больше, чем можно прочитать, — скорее всего, слишком много файлов cookie. Удалите, пожалуйста, файлы cookie этого сайта и попробуйте ещё раз.
error-page-500-title = Что-то сломалось
error-page-500-message = Это наша ошибка, а не ваша. Пожалуйста, попробуйте ещё раз чуть позже.
error-page-503-title = Сейчас недоступно
error-page-503-message = Пожалуйста, попробуйте ещё раз чуть позже.
error-page-other-title = Что-то сломалось
error-page-other-message = Пожалуйста, вернитесь и попробуйте ещё раз.

# Что программы читают о запросе, одной строкой
error-call-400 = Запрос не удалось разобрать.
error-call-401 = Для этого вызова нужны действительные учётные данные.
error-call-403 = Эти учётные данные не дают права на этот вызов.
error-call-404 = Такого вызова нет.
error-call-405 = Этот вызов выполняется другим методом.
error-call-413 = Тело запроса слишком велико.
error-call-415 = Тело запроса может быть формой, multipart или JSON, а вид указывают в Content-Type.
error-call-421 = Запрос обращён к другому имени сервера.
error-call-431 = Заголовков запроса, включая файлы cookie, слишком много, или они слишком длинные.

# Что диалект fastsite говорит об успехе

fastsite-auth = Вы вошли.
fastsite-refreshed = Вход продлён.
fastsite-registered = Учётная запись создана, вы вошли.
fastsite-recover = Если такая учётная запись есть, на её адрес отправлена ссылка для выбора нового пароля.

# Mails. The text in English keeps to ASCII, so that it travels as it is written.
mail-hello = Здравствуйте!
mail-link-by-hand = Если кнопка не работает, откройте этот адрес:
# $site: name of the site.
mail-recovery-subject = Новый пароль для { $site }
mail-recovery-why = Кто-то, вероятно вы, запросил новый пароль для вашей учётной записи на сайте { $site }.
mail-recovery-button = Выбрать новый пароль
mail-recovery-open = Чтобы выбрать его, откройте этот адрес:
mail-recovery-lasts = { $hours ->
    [one] Ссылка сработает один раз в течение { $hours } часа.
    [few] Ссылка сработает один раз в течение { $hours } часов.
   *[many] Ссылка сработает один раз в течение { $hours } часов.
}
mail-recovery-not-you = Если вы ничего не запрашивали, делать ничего не нужно: ваш пароль для { $site } останется прежним.
mail-invitation-subject = Ваша учётная запись на сайте { $site }
mail-invitation-why = На сайте { $site } для вас создана учётная запись. Пароля у неё пока нет.
mail-invitation-button = Выбрать пароль
mail-invitation-open = Чтобы выбрать пароль, откройте этот адрес:
mail-invitation-lasts = { $days ->
    [one] Ссылка сработает один раз в течение { $days } дня. Потом новую можно запросить на странице входа.
    [few] Ссылка сработает один раз в течение { $days } дней. Потом новую можно запросить на странице входа.
   *[many] Ссылка сработает один раз в течение { $days } дней. Потом новую можно запросить на странице входа.
}
mail-invitation-not-you = Если вы не ждали учётной записи на сайте { $site }, на это письмо можно не обращать внимания.
mail-confirm-open = Чтобы подтвердить, откройте этот адрес:
mail-confirm-lasts = { $hours ->
    [one] Ссылка сработает один раз в течение { $hours } часа.
    [few] Ссылка сработает один раз в течение { $hours } часов.
   *[many] Ссылка сработает один раз в течение { $hours } часов.
}
mail-verification-subject = Подтвердите адрес электронной почты для { $site }
mail-verification-why = На сайте { $site } создана учётная запись с этим адресом. Пожалуйста, подтвердите, что адрес ваш.
mail-verification-button = Подтвердить адрес
mail-verification-not-you = Если вы не создавали учётную запись на сайте { $site }, на это письмо можно не обращать внимания. Или заберите её себе: по ссылке можно выбрать новый пароль, и тот, кто её создал, потеряет доступ.
mail-address-change-subject = Подтвердите новый адрес электронной почты для { $site }
mail-address-change-why = Кто-то, вероятно вы, хочет использовать этот адрес для учётной записи на сайте { $site }.
# $account: the present address of that account, masked, such as a***@example.org.
mail-address-change-account = Сейчас у этой учётной записи такой адрес: { $account }
mail-address-change-button = Использовать этот адрес
mail-address-change-open = Откройте эту ссылку, чтобы подтвердить его. Нужно войти в эту учётную запись или ввести её пароль:
mail-address-change-not-you = Если вы этого не запрашивали, на это письмо можно не обращать внимания. Или откройте ссылку и выберите «Это был не я»: тогда по ней никто не сможет подтвердить этот адрес для той учётной записи на сайте { $site }.

# Mails that tell what happened. $at: when.
mail-when = Когда: { $at }
mail-device = Откуда: { $device }
mail-device-unknown = Откуда: браузер, который себя не назвал
mail-was-you = Если это были вы, ничего делать не нужно.
# An address follows.
mail-not-you = Если это были не вы, значит, вашей учётной записью может пользоваться кто-то другой. Сразу выберите новый пароль — тогда завершатся все сеансы:
mail-password-changed-subject = Пароль для { $site } изменён
mail-password-changed-what = Пароль вашей учётной записи на сайте { $site } изменён.
mail-username-changed-subject = Имя пользователя на сайте { $site } изменено
mail-username-changed-what = Имя пользователя вашей учётной записи на сайте { $site } изменено.
mail-address-requested-subject = Другой адрес для вашей учётной записи на сайте { $site }
mail-address-requested-what = Для вашей учётной записи на сайте { $site } запрошен другой адрес электронной почты.
mail-address-requested-was-you = Если это были вы, подтвердите новый адрес по ссылке, отправленной на него. До этого ничего не изменится.
# An address follows.
mail-address-requested-not-you = Если это были не вы, значит, вашей учётной записью может пользоваться кто-то другой. Сразу выберите новый пароль — это отменит и смену адреса:
mail-address-changed-subject = Адрес электронной почты на сайте { $site } изменён
mail-address-changed-what = У вашей учётной записи на сайте { $site } теперь другой адрес электронной почты. Письма сюда больше не приходят.
# An address follows.
mail-address-changed-not-you = Если это были не вы, сразу сообщите об этом владельцам сайта { $site }:
mail-new-device-subject = Новый вход в вашу учётную запись на сайте { $site }
mail-new-device-what = Кто-то вошёл в вашу учётную запись на сайте { $site } через браузер, с которого раньше не входили.
mail-new-app-what = Приложение или другая программа вошла в вашу учётную запись на сайте { $site } из места, откуда раньше не входили.
mail-new-secret-what = Программа получила новый секрет, который открывает вашу учётную запись на сайте { $site }.
mail-new-paired-what = С вашей учётной записью на сайте { $site } связали устройство. Теперь оно может ею пользоваться.
mail-address-taken-subject = У вас уже есть учётная запись на сайте { $site }
mail-address-taken-what = Кто-то, возможно вы, хотел использовать этот адрес электронной почты для другой учётной записи на сайте { $site }. Адрес принадлежит вашей учётной записи, и ничего не изменилось.
mail-address-taken-was-you = Если это были вы, на сайт { $site } можно войти с этим адресом. Если нет, ничего делать не нужно.
# An address follows.
mail-address-taken-not-you = Если вы забыли пароль для { $site }, выберите новый здесь:
mail-digest-subject = Что произошло с вашей учётной записью на сайте { $site }
mail-digest-what = Чтобы не переполнять вашу почту, обо всём этом говорит одно письмо. Вот что произошло с вашей учётной записью на сайте { $site }:
# $count: how many.
mail-digest-earlier = { $count ->
    [one] До этого произошло ещё { $count } событие.
    [few] До этого произошло ещё { $count } события.
   *[other] До этого произошло ещё { $count } событий.
}
mail-digest-was-you = Если всё это были вы, ничего делать не нужно.
# An address follows.
mail-digest-not-you = Если что-то из этого были не вы, вашей учётной записью может пользоваться кто-то другой. Сразу выберите новый пароль — это завершит все сеансы:
# In a list, after the time.
mail-digest-password-changed = Пароль изменён.
mail-digest-username-changed = Имя пользователя изменено.
mail-digest-address-requested = Запрошен другой адрес электронной почты.
mail-digest-address-changed = Адрес электронной почты изменён.
mail-digest-new-device = Кто-то вошёл через новый браузер.
mail-digest-address-taken = Кто-то, возможно вы, хотел использовать этот адрес электронной почты для другой учётной записи.
mail-test-subject = { $site }: почта отправляется
mail-test-why = Администратор сайта { $site } отправил это письмо, чтобы проверить, доходит ли почта. Она доходит.
mail-test-open = Ссылки в других письмах начинаются с этого адреса:
mail-test-button = Открыть сайт { $site }
mail-test-not-you = От вас ничего не требуется.

# The page that shows a developer the mail which became files
dev-mail-title = Письма
dev-mail-about = Почтовый сервер не настроен, поэтому всё, что было бы отправлено, лежит здесь. Тот, кто видит эту страницу, может войти в учётные записи по ссылкам из писем.
dev-mail-none = Пока ничего не отправлено.
dev-mail-text = Текст
dev-mail-html = HTML
dev-mail-all = Все письма

# The page about the JSON APIs
api-title = API
api-about = Все вызовы, которые могут делать здесь программы, с их полями и ответами. Каждый можно попробовать на этой странице: всё отправляется по-настоящему.
api-document = То же самое в виде документа OpenAPI
api-credentials = Кто вызывает
api-credentials-needed = Нужно что-то одно:
api-credentials-optional = Можно передать что-то одно:
api-fields = Поля
api-name = Имя
api-type = Тип
api-meaning = Значение
api-required = обязательно
api-kinds = Тело можно отправить как
api-example = Пример тела
api-answers = Ответы
api-try = Попробовать
api-body = Отправить тело как
api-send = Отправить
api-answer = Ответ
