"""A site of Django with django-allauth as their documentation has it: what `startproject` writes, in one file."""

import os
import sys
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse
from django.urls import include, path

FOLDER = Path(os.environ["SITE_FOLDER"])
VALIDATORS = [
    "UserAttributeSimilarityValidator",
    "MinimumLengthValidator",
    "CommonPasswordValidator",
    "NumericPasswordValidator",
]

settings.configure(
    SECRET_KEY="the key of a site that lives for one test",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "allauth",
        "allauth.account",
        "allauth.mfa",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "allauth.account.middleware.AccountMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": FOLDER / "db.sqlite3"}},
    AUTH_PASSWORD_VALIDATORS=[{"NAME": f"django.contrib.auth.password_validation.{name}"} for name in VALIDATORS],
    AUTHENTICATION_BACKENDS=[
        "django.contrib.auth.backends.ModelBackend",
        "allauth.account.auth_backends.AuthenticationBackend",
    ],
    EMAIL_BACKEND="django.core.mail.backends.filebased.EmailBackend",
    EMAIL_FILE_PATH=FOLDER / "mails",
    STATIC_URL="static/",
    USE_TZ=True,
    LOGIN_REDIRECT_URL="/",
    ACCOUNT_LOGIN_METHODS={"username", "email"},
    ACCOUNT_SIGNUP_FIELDS=["email*", "username*", "password1*", "password2*"],
)


def front(request):
    """Says who is signed in."""
    return HttpResponse(f"signed in: {request.user.get_username()}" if request.user.is_authenticated else "nobody")


def urls():
    from django.contrib import admin

    return [path("", front), path("accounts/", include("allauth.urls")), path("admin/", admin.site.urls)]


if __name__ == "__main__":
    import django
    from django.core.management import execute_from_command_line

    django.setup()
    urlpatterns = urls()
    execute_from_command_line(sys.argv)
