"""Settings of the site. Everything a city changes comes from the environment (`YANGLAO_…`); see docs/operate.md."""

from __future__ import annotations

import json
import os
import secrets
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext_lazy as _

ROOT = Path(__file__).resolve().parent.parent
TESTING = "pytest" in sys.modules
VAR = Path(os.environ.get("YANGLAO_VAR", ROOT / "var")) / ("test" if TESTING else "")
ASSETS = Path(os.environ.get("YANGLAO_ASSETS", ROOT / ".assets"))
CITIES = ROOT / "cities"
STANDARDS = ROOT / "standards"
DEBUG = os.environ.get("YANGLAO_DEBUG") == "1"


def _key_file(name: str) -> str:
    """A secret of this installation: made at first start, readable by its owner only, never in the repository."""
    folder = Path(os.environ.get("YANGLAO_KEYS", VAR / "keys"))
    path = folder / name
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(48))
        except FileExistsError:
            pass  # another process of the same start made it a moment ago
    return path.read_text().strip()


KEYS = Path(os.environ.get("YANGLAO_KEYS", VAR / "keys"))
SECRET_KEY = os.environ.get("YANGLAO_SECRET_KEY") or _key_file("secret.key")
AUDIT_KEY = os.environ.get("YANGLAO_AUDIT_KEY") or _key_file("audit.key")
YANGLAO_CIPHER = os.environ.get("YANGLAO_CIPHER", "sm4")  # "sm4" (with SM3) or "aes" (with SHA-256)
ALLOWED_HOSTS = os.environ.get("YANGLAO_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("YANGLAO_ORIGINS", "").split(",") if o]

# --- rooms: one line each; a room is added or taken out here -----------------------------------------------
KERNEL = [
    "yanglao.kernel.crypto",
    "yanglao.kernel.divisions",
    "yanglao.kernel.accounts",
    "yanglao.kernel.audit",
    "yanglao.kernel.rooms",
    "yanglao.kernel.packs",
    "yanglao.kernel.jobs",
    "yanglao.kernel.files",
    "yanglao.kernel.calendar",
    "yanglao.kernel.cases",
    "yanglao.kernel.backup",
]
ROOMS = [
    "yanglao.shell",
    "yanglao.shell.imports",
    "yanglao.shell.cases",
    "yanglao.shell.offline",
    "yanglao.doors.api",
    "yanglao.registers.people",
    "yanglao.registers.comparison",
    "yanglao.registers.places",
    "yanglao.registers.stays",
    "yanglao.registers.workforce",
    "yanglao.registers.training",
    "yanglao.registers.doubles",
    "yanglao.registers.estates",
    "yanglao.entitlement.assessment",
    "yanglao.entitlement.benefits",
    "yanglao.entitlement.payments",
    "yanglao.entitlement.vouchers",
    "yanglao.entitlement.policymaking",
    "yanglao.entitlement.catalogue",
    "yanglao.entitlement.applications",
    "yanglao.entitlement.proposals",
    "yanglao.entitlement.corrections",
    "yanglao.steering.indicators",
    "yanglao.steering.plans",
    "yanglao.steering.tables",
    "yanglao.steering.matters",
    "yanglao.steering.documents",
    "yanglao.demo",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
    "django_filters",
    "csp",
    "django_tasks",
    "django_tasks_db",
    *KERNEL,
    *ROOMS,
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "yanglao.shell.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "yanglao.kernel.accounts.middleware.SessionTimeoutMiddleware",
    "yanglao.kernel.accounts.middleware.FirstPasswordMiddleware",
    "yanglao.kernel.accounts.middleware.ActorMiddleware",
]
ROOT_URLCONF = "yanglao.urls"
WSGI_APPLICATION = "yanglao.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # before the apps: our own look of the sign-in pages stands over that of allauth
        "DIRS": [ROOT / "yanglao" / "shell" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "yanglao.shell.context.house",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.insert(0, "django.forms")

# --- database: SQLite beside the code by default, PostgreSQL by address --------------------------------------
# Two gigabytes of the file are read through memory, the most SQLite allows; a million persons are one. The log is
# carried over into the file every 64 MiB, not every 4: pages a large writing touches again and again go there once.
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=2147418112; PRAGMA wal_autocheckpoint=16384;"
    "PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY; PRAGMA foreign_keys=ON;"
)


def _database(address: str) -> dict[str, object]:
    """One Django database from `sqlite:///path` or `postgres://user:password@host:port/name?host=/socket/folder`."""
    parts = urlsplit(address)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": f"/{unquote(parts.path).lstrip('/')}",  # one slash: other readers open it as a file: address
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": SQLITE_PRAGMAS},
        }
    if parts.scheme in ("postgres", "postgresql"):
        socket = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair).get("host")
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(socket) if socket else parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    raise SystemExit(f"YANGLAO_DATABASE: 只认得 sqlite:///路径 或 postgres://…，收到 {parts.scheme}://…")


DATABASES = {"default": _database(os.environ.get("YANGLAO_DATABASE", f"sqlite:///{VAR / 'yanglao.sqlite3'}"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}

# --- people who sign in ---------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "yanglao.kernel.accounts.passwords.ThreeKindsValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "yanglao.kernel.accounts.adapter.ClosedSignup"
SOCIALACCOUNT_ADAPTER = "yanglao.kernel.accounts.adapter.KnownUsersOnly"
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/5m/ip,5/15m/key",
    "case_query": "20/10m/ip",
    "case_number": "10/60m/key",  # of one number, from wherever: four digits are soon guessed
    "application": "20/60m/ip",  # applying without an account
    "training": "60/10m/ip",  # enrolling without an account
    "training_leave": "10/10m/ip,5/60m/key",
    "entitlement": "60/10m/ip",  # the public's question of what is due
    "training_scan": "600/10m/ip",  # a whole class scans behind one address
}
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "养老 Yanglao"
USERSESSIONS_TRACK_ACTIVITY = False
SOCIALACCOUNT_PROVIDERS: dict[str, object] = {}
if os.environ.get("YANGLAO_OIDC_URL"):
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "APPS": [
            {
                "provider_id": "oidc",
                "name": os.environ.get("YANGLAO_OIDC_NAME", "统一身份认证"),
                "client_id": os.environ.get("YANGLAO_OIDC_CLIENT", ""),
                "secret": os.environ.get("YANGLAO_OIDC_SECRET", ""),
                "settings": {"server_url": os.environ["YANGLAO_OIDC_URL"]},
            }
        ]
    }
SESSION_IDLE_MINUTES = int(os.environ.get("YANGLAO_SESSION_IDLE_MINUTES", "30"))
OFFLINE_HOURS = int(
    os.environ.get("YANGLAO_OFFLINE_HOURS", "72")
)  # how long a phone opens without signing in
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
ROLES = STANDARDS / "roles.yaml"

# --- safety ---------------------------------------------------------------------------------------------------
HTTPS = os.environ.get("YANGLAO_HTTPS") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "yanglao.shell.errors.csrf_failure"
MAP_TILES = os.environ.get("YANGLAO_MAP_TILES", "")
_TILE_HOST = (
    [f"{urlsplit(MAP_TILES).scheme}://{urlsplit(MAP_TILES).netloc.replace('{s}', '*')}"] if MAP_TILES else []
)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:", *_TILE_HOST],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# --- language, time -------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
FILTERS_EMPTY_CHOICE_LABEL = _("不限")  # a list that is not narrowed, in all filters
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("英文"))]
LOCALE_PATHS = [VAR / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- files ----------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [ASSETS / "static"] if (ASSETS / "static").is_dir() else []
MEDIA_ROOT = VAR / "files"
_COLLECTED = (
    STATIC_ROOT / "staticfiles.json"
).exists() or "YANGLAO_COLLECTING" in os.environ  # yanglao.ready
_PLAIN_STATIC = DEBUG or TESTING or not _COLLECTED
WHITENOISE_USE_FINDERS = _PLAIN_STATIC
WHITENOISE_AUTOREFRESH = DEBUG or TESTING
STORAGES = {
    "default": {
        "BACKEND": os.environ.get("YANGLAO_FILES_BACKEND", "django.core.files.storage.FileSystemStorage"),
        "OPTIONS": json.loads(os.environ.get("YANGLAO_FILES_OPTIONS", "null")) or {"location": MEDIA_ROOT},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if _PLAIN_STATIC
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- our own --------------------------------------------------------------------------------------------------
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
JOBS_IMMEDIATE = TESTING  # background jobs run where they are asked for
SNAPSHOTS = VAR / "snapshots"
BACKUPS = os.environ.get("YANGLAO_BACKUPS", "")  # a folder: back up every night
TEST_ID_NUMBERS = (
    os.environ.get("YANGLAO_TEST_ID_NUMBERS", "1") == "1"
)  # "0": refuse the numbers of demo data
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": os.environ.get("YANGLAO_LOG", "WARNING")},
}
