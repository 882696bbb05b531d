"""What is kept from browsers and strangers, and what a shop must have before it takes money."""

from email.utils import parseaddr
from urllib.parse import urlsplit

from shop.configuration.environment import Environment

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTHENTICATION_BACKENDS = [
    "shop.accounts.login.backend.StaffPasswords",
    "shop.accounts.login.backend.Customers",
]
# For the link in a mail about a forgotten password.
PASSWORD_RESET_TIMEOUT = 60 * 60
# allauth guards two doors. Staff come in by a password; customers by a code from a mail, which
# proves the address and makes the account, so nobody signs up and nothing else is confirmed.
ACCOUNT_ADAPTER = "shop.accounts.login.adapter.ShopAdapter"
ACCOUNT_FORMS = {
    "login": "shop.accounts.login.forms.LoginForm",
    "reset_password": "shop.accounts.login.forms.ForgottenForm",
    "reset_password_from_key": "shop.accounts.login.forms.NewPasswordForm",
    "user_token": "shop.accounts.login.forms.LinkForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SIGNUP_ENABLED = False
# It would lead somebody who is logged in without being staff round in a circle.
ACCOUNT_AUTHENTICATED_LOGIN_REDIRECTS = False
# Typed on telephones, too. Five codes of six tries in ten minutes: one guess in three million.
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 8, "dashed": True}
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 6
# Seconds. Mails may take their time; the log-in that waits for it lives as long.
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_LOGIN_TIMEOUT = 15 * 60
# As long as any visit: how long staff stay is counted apart (shop/accounts/login/sessions.py).
ACCOUNT_SESSION_REMEMBER = True
# Django's knows the address that the mail went to; allauth's would keep a second list of those.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
# The second factor of staff: an app with codes, a key, and codes for the day both are lost.
MFA_ADAPTER = "shop.accounts.second_factor.adapter.ShopFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# A clock may be half a minute off.
MFA_TOTP_TOLERANCE = 1
# None of our own forms is that large, and a webhook reads its body itself.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
# Strict would lose the visitor's session on the way back from the payment page.
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
CSRF_FAILURE_VIEW = "shop.http.error_pages.csrf_failure"
# Probes and Stripe's deliveries are answered where they arrive; they do not follow redirects.
SECURE_REDIRECT_EXEMPT = [r"^webhook$", r"^healthz$", r"^readyz$"]
# `no-referrer` would turn the Origin of our own forms into `null`.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Django would have both; they bind a whole domain, and are for its owner to ask for.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
# Django's own floor for a secret (security.W009).
SHORTEST_SECRET, FEWEST_CHARACTERS = 50, 5


def login_limits(attempts: int, codes: int = 5) -> dict[str, str]:
    """How often staff may try: failed attempts by account, and all that one network sends; how
    many codes go to one address of a customer, and how often each may be typed.

    Several people sit behind one network; a program that tries many accounts does, too.
    """
    many = 4 * attempts
    return {
        "login": f"{2 * many}/m/ip",
        "login_failed": f"{many}/5m/ip,{attempts}/5m/key",
        "reset_password": f"{many}/5m/ip,{attempts}/5m/key",
        "reset_password_from_key": f"{many}/m/ip",
        "request_login_code": f"{4 * codes}/m/ip,{codes}/10m/key",
        "confirm_login_code": f"{ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS}/15m/key",
    }


def content_policy(checkout_origins: list[str]) -> dict[str, dict[str, list[str]]]:
    """What a page may load and where its forms may lead: here, and to where customers pay."""
    return {
        "DIRECTIVES": {
            "default-src": ["'self'"],
            "img-src": ["'self'", "data:"],
            "object-src": ["'none'"],
            "base-uri": ["'none'"],
            "frame-ancestors": ["'none'"],
            # Chromium applies form-action to the redirect that answers a form, too.
            "form-action": ["'self'", *checkout_origins],
        }
    }


def check_live(
    env: Environment, *, site: str, secret: str, mail: str, addresses: dict[str, str]
) -> None:
    """Report what would do for a rehearsal and would fail customers of a shop with a live key."""
    env.check(
        "SITE_URL",
        lambda: site.startswith("https://") and not _is_here(urlsplit(site).hostname or ""),
        "leads customers to this machine, or not over https, while the key is live. "
        "Use https://shop.example.",
    )
    env.check(
        "SECRET_KEY",
        lambda: (
            not secret
            or (
                len(secret) >= SHORTEST_SECRET
                and len(set(secret)) >= FEWEST_CHARACTERS
                and not secret.startswith("only-for-")
            )
        ),
        f"is shorter than {SHORTEST_SECRET} characters, or everybody knows it, while the key is "
        "live. Use 50 or more random characters.",
    )
    env.check(
        "EMAIL_URL",
        lambda: mail.endswith(".smtp.EmailBackend"),
        "is missing or reaches nobody while the key is live. "
        "Use smtp+tls://user:password@host:587.",
    )
    for name, address in addresses.items():
        if _is_here(parseaddr(address)[1].rpartition("@")[2]):
            env.report(
                name,
                "is at localhost while the key is live. Use an address that customers can write "
                "to.",
            )


def _is_here(host: str) -> bool:
    """Whether the name means the machine that asks."""
    name = host.strip("[]").lower()
    return (
        name in {"localhost", "::1"}
        or name.startswith("127.")
        or name.endswith((".localhost", ".localdomain"))
    )
