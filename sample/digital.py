"""What buyers of the sample's guide download: one page, made here."""

from django.core.files.base import ContentFile
from django.db import transaction

from shop.catalog import digital_goods
from shop.catalog.models import DigitalGood, Variant

SKU = "GUIDE-SHORE"
NAME = "Strandführer · Shoreline Field Guide.pdf"
LINES = (
    "Shoreline Field Guide",
    "",
    "This file is what the rehearsal hands out in place of sixteen pages.",
    "It came by a link that opens for who has paid, for some days and so often.",
    "In your own shop you put up the files: admin, Digital goods.",
)


@transaction.atomic
def set_guide() -> None:
    """For a shop whose guide gives nothing yet; what staff have set stays."""
    guide = Variant.objects.filter(sku=SKU, requires_shipping=False, digital=None).first()
    if guide is None:
        return
    file = digital_goods.keep(guide, ContentFile(guide_pdf(), NAME), by="sample")
    DigitalGood.objects.create(variant=guide, file=file)


def guide_pdf() -> bytes:
    """One A4 page with a headline and a few lines, as a PDF in its plainest form."""
    shown = "".join(
        f"/F1 {22 if number == 0 else 12} Tf ({line}) Tj T* " for number, line in enumerate(LINES)
    )
    stream = f"BT 72 740 Td 24 TL {shown}ET".encode("ascii")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources << /Font << /F1 5 0 R >> >> >>"
        ),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    file, starts = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        starts.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    return file + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table, len(objects) + 1, len(file))
    )
