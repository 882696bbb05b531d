"""Blades: chef's knife and oyster knife."""

from shop.catalog.sample.draw.color import PAINTS, lit, shaded
from shop.catalog.sample.draw.forms import plank
from shop.catalog.sample.draw.lines import at, rounded, smooth
from shop.catalog.sample.draw.sheet import Sheet
from shop.catalog.sample.draw.studio import cast, hang


def reef_knife(sheet: Sheet) -> None:
    hang(sheet, "kitchen")
    with sheet.group(transform="rotate(-38 500 500)"):
        blade = (
            "M330 440L330 566C330 580 350 584 372 584C560 586 760 572 962 470"
            "C900 452 800 440 640 436Z"
        )
        cast(sheet, blade, 14)
        steel = sheet.linear(
            0,
            436,
            0,
            586,
            (0, "#8e999e"),
            (0.3, "#c3ccd0"),
            (0.34, "#aab4b9"),
            (0.8, "#d8dee0"),
            (1, "#f3f6f6"),
        )
        sheet.path(blade, steel)
        with sheet.group(clip=blade):
            sheet.path("M330 540C560 548 780 530 962 468L962 620L330 620Z", "#f2f5f5", opacity=0.75)
            sheet.path("M520 420L590 420L480 600L410 600Z", "#ffffff", opacity=0.3, blur=8)
            sheet.line("M330 438L640 436C800 440 900 452 962 470", "#6d787d", 5, opacity=0.7)
        _ash_handle(sheet)


def _ash_handle(sheet: Sheet) -> None:
    wood = "#3d3a36"
    handle = smooth(
        at(
            "348,440 348,440 300,434 180,432 90,424 40,440 34,486 62,520 140,516 240,506 "
            "320,520 348,520 348,520"
        ),
        closed=True,
    )
    cast(sheet, handle, 14)
    plank(sheet, handle, (34, 424, 314, 100), wood, 4)
    with sheet.group(clip=handle):
        sheet.line("M60 446C160 446 260 450 346 452", "#a59c8f", 9, opacity=0.55, blur=4)
        sheet.box(322, 420, 30, 120, sheet.linear(0, 430, 0, 520, (0, "#e0b864"), (1, "#8f6a25")))
    for x in (110, 190, 270):
        sheet.ellipse(x, 474, 13, 13, shaded(PAINTS["Brass"], 0.4))
        sheet.ellipse(x - 1, 473, 11, 11, PAINTS["Brass"])
        sheet.ellipse(x - 4, 469, 4, 4, lit(PAINTS["Brass"], 0.7))


def oyster_knife(sheet: Sheet) -> None:
    hang(sheet, "kitchen")
    _oyster(sheet)
    with sheet.group(transform="translate(-60 40) rotate(-52 500 500)"):
        blade = "M470 476L640 478C690 484 712 494 720 502C712 510 690 520 640 524L470 526Z"
        cast(sheet, blade, 12)
        sheet.path(
            blade,
            sheet.linear(
                0, 476, 0, 526, (0, "#e9eef0"), (0.5, "#b6c0c5"), (0.52, "#8d989d"), (1, "#c9d1d4")
            ),
        )
        handle = smooth(
            at(
                "450,440 450,440 380,428 280,412 180,420 110,452 96,501 110,550 180,582 280,590 "
                "380,574 450,562 450,562"
            ),
            closed=True,
        )
        cast(sheet, handle, 18)
        plank(sheet, handle, (96, 412, 354, 178), PAINTS["Beech"], 9)
        with sheet.group(clip=handle):
            dusk = sheet.linear(
                0,
                412,
                0,
                590,
                (0, "#fff8ea", 0.5),
                (0.35, "#fff8ea", 0),
                (0.55, "#3a2413", 0),
                (1, "#3a2413", 0.55),
            )
            sheet.path(handle, dusk)
        guard = rounded(446, 424, 34, 154, 15)
        cast(sheet, guard, 10)
        sheet.path(
            guard, sheet.linear(0, 424, 0, 578, (0, "#f0dcae"), (0.35, "#c9993f"), (1, "#7d5a20"))
        )


def _oyster(sheet: Sheet) -> None:
    shell = smooth(
        at(
            "600,640 560,560 590,470 680,420 790,430 880,500 906,610 880,720 800,800 "
            "700,808 630,740"
        ),
        closed=True,
    )
    cast(sheet, shell, 18)
    sheet.path(shell, sheet.linear(560, 420, 900, 800, (0, "#a49a8b"), (1, "#5f5a55")))
    with sheet.group(clip=shell):
        for place in range(5):
            sheet.line(
                f"M{590 + place * 12} 830C{560 + place * 10} 640 {600 + place * 16} 470 "
                f"{780 + place * 20} {424 + place * 8}",
                "#d8cfc0",
                5,
                opacity=0.5,
            )
    inner = smooth(
        at(
            "628,636 600,560 630,490 700,456 788,466 852,526 872,612 850,702 790,764 "
            "704,770 652,716"
        ),
        closed=True,
    )
    sheet.path(
        inner, sheet.linear(600, 460, 870, 770, (0, "#d9d6d0"), (0.5, "#f6f3ee"), (1, "#cfd4d8"))
    )
    meat = smooth(
        at("668,640 652,580 690,524 760,512 818,566 828,640 790,708 716,718"),
        closed=True,
    )
    sheet.path(meat, sheet.radial(720, 570, 180, (0, "#efe6d2"), (0.6, "#d3c6aa"), (1, "#a39a86")))
    sheet.line("M676 660C700 720 790 716 816 640", "#6f6b63", 12, opacity=0.6, blur=4)
    sheet.ellipse(712, 566, 30, 14, "#ffffff", opacity=0.7, blur=5)
    sheet.ellipse(830, 540, 14, 34, "#b8a6c4", opacity=0.4, blur=8)
