"""Django's settings, all from the one file that LIENTHONG_APPS_CONFIG names."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.management.utils import get_random_secret_key
from psycopg.conninfo import conninfo_to_dict

from apps.config import Site, load

HERE = Path(__file__).parent
PLAINLY = "-c jit=off -c max_parallel_workers_per_gather=0"
"""Questions of a page are answered sooner than PostgreSQL has compiled them, or started workers for them."""
CONFIG = load(Path(os.environ["LIENTHONG_APPS_CONFIG"]).absolute())


def _secret(path: Path) -> str:
    """The key of the session signatures, made on first start and readable by us alone."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(0o600, exist_ok=False)
        path.write_text(get_random_secret_key(), "ascii")
    return path.read_text("ascii").strip()


def database(site: Site) -> dict[str, Any]:
    """SQLite beside the site, or the PostgreSQL that the site's file names."""
    if site.database_url_file is None:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": site.database,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32768;",
            },
        }
    told = conninfo_to_dict(site.database_url_file.read_text("utf-8").strip())
    named = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    held = {name: str(told.pop(key, "")) for name, key in named.items()}
    told["options"] = f"{PLAINLY} {told.get('options', '')}".strip()
    return {"ENGINE": "django.db.backends.postgresql", **held, "OPTIONS": told}


def mail(site: Site) -> dict[str, Any]:
    """Django's settings of the mail server that the site's file names; none sends nothing."""
    if not site.mail:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    told = urlsplit(site.mail)
    password = site.mail_password_file.read_text("utf-8").strip() if site.mail_password_file else ""
    return {
        "EMAIL_HOST": told.hostname or "",
        "EMAIL_PORT": told.port or 587,
        "EMAIL_HOST_USER": unquote(told.username or ""),
        "EMAIL_HOST_PASSWORD": password,
        "EMAIL_USE_TLS": told.scheme == "smtp",
        "EMAIL_USE_SSL": told.scheme == "smtps",
        "EMAIL_TIMEOUT": 20,
    }


SECRET_KEY = _secret(CONFIG.site.secret_key_file)
DEBUG = False
ALLOWED_HOSTS = list(CONFIG.site.hosts)
ROOT_URLCONF = "apps.urls"
WSGI_APPLICATION = "apps.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "apps.accounts",
    "apps.ui",
    "apps.audit",
    "apps.operator",
    "apps.directory",
    "apps.onboarding",
    "apps.authority",
    "apps.staff",
    "apps.office",
    "apps.unsent",
    *(["apps.demo"] if CONFIG.site.demo else []),
]
MIDDLEWARE = [
    "apps.ui.middleware.Headers",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "apps.ui.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "apps.accounts.middleware.Gate",
    "apps.operator.middleware.Idle",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "apps.ui.middleware.Failures",
    "apps.unsent.middleware.Unsent",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["apps.ui.templatetags.ui", "apps.unsent.templatetags.unsent"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.ui.context.page",
                "apps.office.context.rail",
                "apps.operator.context.rail",
            ],
        },
    }
]
DATABASES = {"default": database(CONFIG.site)}
MEDIA_ROOT = CONFIG.site.contents
globals().update(mail(CONFIG.site))

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = CONFIG.site.https
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "apps.ui.errors.stale_form"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler", "apps.ui.receiving.Bounded"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}}
]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
