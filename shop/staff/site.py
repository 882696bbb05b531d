"""The staff site: Django's admin under the shop's own name and look, with pages of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.module_loading import import_string

from shop.staff import menu

View = Callable[..., HttpResponse]


class ShopAdminConfig(AdminConfig):
    default_site = "shop.staff.site.ShopAdminSite"


@dataclass(frozen=True)
class Waiting:
    """Something that waits for staff: a link on the landing page, with how many there are."""

    title: str
    url_name: str
    permission: str
    count: Callable[[], int]
    query: str = ""
    # In the header of every staff page, too.
    everywhere: bool = False
    # A trouble: not worth a word while there is none.
    is_trouble: bool = False

    @property
    def address(self) -> str:
        return reverse(self.url_name) + self.query


class ShopAdminSite(AdminSite):
    site_header = "Holdfast"
    site_title = "Holdfast staff"
    index_title = "What waits"
    index_template = "admin/what_waits.html"
    enable_nav_sidebar = True

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self._pages: list[URLPattern] = []
        self._waiting: list[Waiting] = []
        self._alarms: list[Callable[[], list[str]]] = []

    def add_page(self, address: str, view: View, *, name: str, permission: str) -> None:
        """Put a page of an upper app at /admin/<address>, for staff with that permission only."""
        guarded = self.admin_view(needs(permission)(view))
        self._pages.append(path(address, guarded, name=name))

    def add_alarm(self, alarm: Callable[[], list[str]]) -> None:
        """Ask, for every page, what keeps the shop from working; each sentence is a red line."""
        self._alarms.append(alarm)

    def add_waiting(self, waiting: Waiting) -> None:
        self._waiting.append(waiting)

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """By the one door that counts attempts; Django's own would count none."""
        response: HttpResponse = import_string(settings.STAFF_LOGIN)(request)
        return response

    def get_urls(self) -> list[URLResolver | URLPattern]:
        # The site's own last pattern catches all that is left.
        return [*self._pages, *super().get_urls()]

    def get_app_list(
        self, request: HttpRequest, app_label: str | None = None
    ) -> list[dict[str, Any]]:
        """The menu; of one app alone, as its own page shows it, all its models."""
        apps: list[Any] = super().get_app_list(request, app_label)
        return apps if app_label else menu.groups(request, apps)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        allowed = [one for one in self._waiting if request.user.has_perm(one.permission)]
        return {
            **super().each_context(request),
            "waiting": allowed,
            "waiting_everywhere": [one for one in allowed if one.everywhere],
            "alarms": [said for alarm in self._alarms for said in alarm()]
            if request.user.is_staff
            else [],
            "live": settings.STRIPE_LIVE,
        }


def needs(permission: str) -> Callable[[View], View]:
    """Answer 403 to staff without the permission."""

    def decorate(view: View) -> View:
        def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            if not request.user.has_perm(permission):
                raise PermissionDenied
            return view(request, **kwargs)

        guarded.__name__ = getattr(view, "__name__", "view")
        return guarded

    return decorate
