"""What is kept from browsers and strangers, whatever the address of the shop."""

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
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
