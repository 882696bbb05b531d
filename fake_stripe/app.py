"""The web application: the API, the hosted payment page, and the controls."""

from pathlib import Path

from aiohttp import web

from fake_stripe.api import Api
from fake_stripe.controls.routes import Controls
from fake_stripe.hosted import wording
from fake_stripe.hosted.invoices import InvoicePage
from fake_stripe.hosted.portal.views import PortalPage
from fake_stripe.hosted.redirects import RedirectPages
from fake_stripe.hosted.views import HostedPage
from fake_stripe.resources import registry
from fake_stripe.stand_in import StandIn

STATIC = Path(__file__).parent / "hosted" / "static"
LARGEST_BODY = 2 * 1024 * 1024
STAND_IN = web.AppKey("stand_in", StandIn)


def build(stand_in: StandIn) -> web.Application:
    """The application around a stand-in; it starts and stops with it."""
    assert registry.__all__  # noqa: S101 - imported so that every operation is registered
    app = web.Application(client_max_size=LARGEST_BODY, middlewares=[wording.language_middleware])
    app[STAND_IN] = stand_in
    Controls(stand_in).add_routes(app.router)
    HostedPage(stand_in).add_routes(app.router)
    RedirectPages(stand_in).add_routes(app.router)
    PortalPage(stand_in).add_routes(app.router)
    InvoicePage(stand_in).add_routes(app.router)
    app.router.add_static("/_static/", STATIC)
    app.router.add_get("/", to_controls)
    app.router.add_route("*", "/{path:.*}", Api(stand_in).handle)
    app.on_startup.append(lambda _: stand_in.start())
    app.on_shutdown.append(release)
    app.on_cleanup.append(lambda _: stand_in.stop())
    return app


async def release(app: web.Application) -> None:
    """What is held on demand does not hold up the end."""
    app[STAND_IN].faults.release()


async def to_controls(_request: web.Request) -> web.Response:
    """People who open the bare address are shown the control room."""
    raise web.HTTPFound("/_fake/")
