"""Who sells, and how their mails go out."""

from typing import Any, NamedTuple

from shop.configuration import kinds
from shop.configuration.environment import Environment


class Mail(NamedTuple):
    """The eight settings, in the order in which shop.settings names them."""

    backend: str
    host: str
    port: int
    user: str
    password: str
    use_tls: bool
    use_ssl: bool
    file_path: str | None


def mail(env: Environment) -> Mail:
    """As EMAIL_URL says; without it mails are written to the console."""
    told: dict[str, Any] = env.read(
        "EMAIL_URL",
        kinds.mail_server,
        default={"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"},
    )
    path = told.get("EMAIL_FILE_PATH")
    return Mail(
        told.get("EMAIL_BACKEND", ""),
        told.get("EMAIL_HOST") or "localhost",
        told.get("EMAIL_PORT") or 25,
        told.get("EMAIL_HOST_USER") or "",
        told.get("EMAIL_HOST_PASSWORD") or "",
        told.get("EMAIL_USE_TLS", False),
        told.get("EMAIL_USE_SSL", False),
        # The reader takes the first slash of filemail:///directory away.
        "/" + path.lstrip("/") if path else None,
    )


def seller(env: Environment, shop_name: str) -> tuple[str, str, str]:
    """Name, address in one line, and the number by which the tax office knows them.

    As the terms, the privacy page and invoices name them.
    """
    return (
        str(env.read("SELLER_NAME", default=shop_name)),
        str(env.read("SELLER_ADDRESS", default="")),
        str(env.read("SELLER_TAX_NUMBER", default="")),
    )
