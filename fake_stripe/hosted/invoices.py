"""The page of an invoice: what was billed, whether it is paid, and a card to pay it with."""

from typing import Any

from aiohttp import web

from fake_stripe.billing import collection, portal
from fake_stripe.engine.errors import StripeError
from fake_stripe.engine.money import formatted
from fake_stripe.hosted.pages import missing, page
from fake_stripe.schema import Object
from fake_stripe.stand_in import StandIn

PATH = "/i/{id}"


class InvoicePage:
    """The routes of an invoice's page."""

    def __init__(self, stand_in: StandIn) -> None:
        self.stand_in = stand_in

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Put the page where invoices say that it is."""
        router.add_get(PATH, self.show)
        router.add_post(PATH, self.pay)
        router.add_get(f"{PATH}/pdf", self.pdf)

    def invoice(self, request: web.Request) -> Object | None:
        """The invoice that the address names; a draft has no page."""
        invoice = self.stand_in.store.find("invoice", request.match_info["id"])
        return invoice if invoice and invoice["status"] != "draft" else None

    async def show(self, request: web.Request) -> web.Response:
        """The page."""
        invoice = self.invoice(request)
        return shown(self.stand_in.read(), invoice)

    async def pdf(self, request: web.Request) -> web.Response:
        """The same as a file: one sheet that names it, where Stripe's has all of it."""
        invoice = self.invoice(request)
        if invoice is None:
            return missing()
        named = f"Invoice {invoice['number']}, {formatted(invoice['total'], invoice['currency'])}"
        return web.Response(body=sheet(named), content_type="application/pdf")

    async def pay(self, request: web.Request) -> web.Response:
        """The customer has chosen one of their saved cards."""
        chosen = str((await request.post()).get("card", ""))
        with self.stand_in.page_transaction() as tx:
            invoice = self.invoice(request)
            if invoice is None:
                return shown(tx, None)
            if chosen not in [card["id"] for card in portal.saved_cards(tx, invoice["customer"])]:
                return shown(tx, invoice, "This card is not saved any more.", 400)
            try:
                collection.refuse_unpayable(invoice)
            except StripeError as error:
                return shown(tx, invoice, str(error), 409)
            if refusal := collection.collect(tx, invoice, chosen):
                return shown(tx, tx.get("invoice", invoice["id"]), str(refusal), 402)
        raise web.HTTPSeeOther(f"/i/{request.match_info['id']}")


def sheet(words: str) -> bytes:
    """A PDF of one page with these words on it, as far as its plainest font has their letters."""
    said = words.encode("cp1252", "replace").decode("cp1252")
    said = said.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    drawn = f"BT /F1 14 Tf 72 760 Td ({said}) Tj ET".encode("cp1252")
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources << /Font << /F1 5 0 R >> >> >>"
        ),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        font.encode(),
    ]
    body, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return body + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (size, table, size, len(body))
    )


def shown(
    tx: Any, invoice: Object | None, problem: str = "", status: int = 200
) -> web.Response:  # fmt: skip
    """The invoice's page, or one that says that there is none."""
    if invoice is None:
        return missing()
    customer = tx.get("customer", invoice["customer"])
    lines = tx.store.select("line_item", {"invoice": invoice["id"]}, ascending=True)
    payable = invoice["status"] == "open" and not customer.get("deleted")
    cards = portal.saved_cards(tx, customer["id"]) if payable else []
    return page(
        "invoice.html", status=status, invoice=invoice, lines=lines, cards=cards,
        merchant="Test shop", problem=problem,
    )  # fmt: skip
