"""A site in Django at www.example.net, whose members are Vestibule's accounts at accounts.example.org, by django-allauth:

    pip install -r requirements.txt
    export DJANGO_SETTINGS_MODULE=settings
    python -m django migrate
    gunicorn --bind 127.0.0.1:8001 'django.core.wsgi:get_wsgi_application()'

It is behind a proxy that sets X-Forwarded-Proto (Caddy does by itself). SECRET_KEY (`openssl rand -base64 32`) is in the
environment, with CLIENT_ID and CLIENT_SECRET, which this prints beside Vestibule:
    vestibule client create Blog --redirect https://www.example.net/accounts/oidc/vestibule/login/callback/
"""

import os
import pathlib

SECRET_KEY = os.environ["SECRET_KEY"]
ALLOWED_HOSTS = ["www.example.net"]
ROOT_URLCONF = "urls"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": pathlib.Path("blog.sqlite")}}
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
# The pages of allauth, such as what is said to whoever does not permit it, come with it.
TEMPLATES = [{
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "APP_DIRS": True,
    "OPTIONS": {"context_processors": [
        "django.template.context_processors.request",
        "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages",
    ]},
}]

# The proxy says that visitors came by https.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True

# People sign in at Vestibule alone, which proves their addresses and asks them to prove themselves.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
SOCIALACCOUNT_ONLY = True
ACCOUNT_EMAIL_VERIFICATION = "none"
# A page of allauth's own would stand before Vestibule's otherwise.
SOCIALACCOUNT_LOGIN_ON_GET = True
LOGIN_URL = "/accounts/oidc/vestibule/login/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {
    # Vestibule wants the challenge, which allauth leaves out by itself.
    "OAUTH_PKCE_ENABLED": True,
    "APPS": [{
        "provider_id": "vestibule",
        "name": "Vestibule",
        "client_id": os.environ["CLIENT_ID"],
        "secret": os.environ["CLIENT_SECRET"],
        "settings": {"server_url": "https://accounts.example.org"},
    }],
}}
