"""The pictures of a variant at Stripe: its own first, then the others of its product."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urljoin, urlsplit

from django.conf import settings

from shop.catalog.models import Image, PictureFetch, Variant
from shop.catalog.pictures.renditions import Picture

# Stripe takes no more of one product.
MOST = 8
LONGEST_ADDRESS = Image._meta.get_field("source").max_length or 0


def addresses(own: Image | None, images: Iterable[Image]) -> list[str]:
    """Where Stripe's servers can fetch them; those that they could not are left out."""
    shown = [own, *images] if own else images
    found = (public_address(image) for image in shown)
    return list(dict.fromkeys(address for address in found if address))[:MOST]


def public_address(image: Image) -> str:
    """Where the largest rendition lies, else where the picture came from; empty for neither.

    The rendition of a release may not have been collected: no picture is better than no sync. A
    stand-in's page is read on this machine, where the shop's own address does.
    """
    picture = Picture.of(image)
    own = urljoin(settings.SITE_URL, picture.large) if picture else ""
    here = own if is_loopback(own) and settings.STRIPE_API_BASE != settings.STRIPE_API else ""
    return next((place for place in [own, image.source] if is_public(place)), here)


def is_public(web: str) -> bool:
    """https, and neither a bare host name nor an address of a private network."""
    parts = urlsplit(web)
    host = parts.hostname or ""
    if parts.scheme != "https" or "." not in host:
        return False
    try:
        return ip_address(host).is_global
    except ValueError:
        return True


def is_loopback(web: str) -> bool:
    """On this machine alone."""
    host = urlsplit(web).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


# -- Taking over -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Arrangement:
    """How the pictures of a product have to stand so that a variant says what Stripe says."""

    own: Image | None
    order: list[Image]
    gone: list[Image]


def arrangement(variant: Variant, theirs: list[str]) -> Arrangement | None:
    """None where there is none: other variants show what would go, or an address is not public.

    The smallest change that does it: new pictures stand last, where they are not in the way of
    those that can be shown already.
    """
    before = list(variant.product.images.all())
    wanted = [_picture(address, before, variant) for address in theirs]
    said = addresses(variant.image, before)
    gone = [one for one in before if public_address(one) in set(said) - set(theirs)]
    if not theirs or _is_shown_by_others(gone, variant):
        return None
    kept = [one for one in before if one not in gone]
    own = None if variant.image in gone else variant.image
    last = [*kept, *(one for one in wanted if one not in kept)]
    first = [*wanted, *(one for one in kept if one not in wanted)]
    for tried in (
        Arrangement(own, last, gone),
        Arrangement(wanted[0], last, gone),
        Arrangement(wanted[0], first, gone),
    ):
        if addresses(tried.own, tried.order) == theirs:
            return tried
    return None


def _picture(address: str, images: list[Image], variant: Variant) -> Image:
    """The picture with this address, or a new one."""
    known = (one for one in images if address in (public_address(one), one.source))
    return next(known, None) or Image(product=variant.product, source=address[:LONGEST_ADDRESS])


def _is_shown_by_others(images: list[Image], variant: Variant) -> bool:
    return bool(images) and Variant.objects.filter(image__in=images).exclude(pk=variant.pk).exists()


def arrange(variant: Variant, wanted: Arrangement) -> None:
    """Let them stand so. New ones are fetched, and seen by customers from then on."""
    Image.objects.filter(pk__in=[image.pk for image in wanted.gone]).delete()
    place = 0
    for image in wanted.order:
        if image.pk is None:
            image.position = place
            image.save()
            _fetch(image)
        elif image.position < place:
            # Nothing else of it: it may be fetched right now.
            Image.objects.filter(pk=image.pk).update(position=place)
            image.position = place
        place = image.position + 1
    Variant.objects.filter(pk=variant.pk).update(image=wanted.own)


def _fetch(image: Image) -> None:
    row = PictureFetch(image=image)
    row.save()
    row.ring()
