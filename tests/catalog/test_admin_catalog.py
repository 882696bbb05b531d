"""What staff do with categories, prices, addresses, languages and what is nearly gone."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime

from shop.catalog import publishing
from shop.catalog.models import (
    CatalogSync,
    Category,
    Image,
    OldSlug,
    Price,
    Product,
    Stock,
    StockMovement,
    StripeOffer,
    SyncConflict,
    Variant,
)
from shop.money import Money
from tests.catalog.test_admin import address, errors, row, typed
from tests.factories import (
    CategoryFactory,
    PriceFactory,
    ProductFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

LANDING = reverse("admin:index")
PRODUCTS = reverse("admin:catalog_product_changelist")
CATEGORIES = reverse("admin:catalog_category_changelist")
STOCKS = reverse("admin:catalog_stock_changelist")
NEW_PRICE = reverse("admin:catalog_price_add")


def logged_in(*permissions: str) -> Client:
    user = UserFactory(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def said(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def complaints(response: Any) -> list[str]:
    """What the page complains about in its own form."""
    form = response.context["adminform"].form
    return [text for texts in form.errors.values() for text in texts]


def category_page(category: Category) -> str:
    return reverse("admin:catalog_category_change", args=[category.pk])


def category_typed(category: Category, **changes: Any) -> dict[str, Any]:
    return {
        "name": category.name,
        "slug": category.slug,
        "parent": category.parent_id or "",
        "position": category.position,
        "description": category.description,
        **changes,
    }


# -- Publishing -----------------------------------------------------------------------------------


def act(client: Client, action: str, *products: Product) -> Any:
    chosen = {"action": action, "_selected_action": [product.pk for product in products]}
    return client.post(PRODUCTS, chosen, follow=True)


def test_publishing_together_says_what_came_of_it(staff: Client) -> None:
    draft = PriceFactory(variant__product__status="draft").variant.product
    bare = ProductFactory(status="draft", title="Bare")
    there = PriceFactory().variant.product

    response = act(staff, "publish", draft, bare, there)

    assert said(response) == [
        "2 published; 1 had been before.",
        "Without a price nobody can buy Bare.",
    ]
    assert Product.objects.on_sale().count() == 3
    assert [sync.variant.product for sync in CatalogSync.objects.all()] == [draft]
    assert Product.objects.get(search_vector=draft.title.split()[-1]) == draft


def test_archiving_together_says_what_came_of_it(staff: Client) -> None:
    products = [PriceFactory().variant.product for _ in range(2)]
    gone = ProductFactory(status="archived")

    response = act(staff, "archive", *products, gone)

    assert said(response) == ["2 archived; customers no longer see them. 1 had been before."]
    assert Product.objects.filter(status="archived").count() == 3


def moment(at: datetime) -> dict[str, str]:
    local = localtime(at)
    return {"publish_at_0": f"{local:%Y-%m-%d}", "publish_at_1": f"{local:%H:%M:%S}"}


def test_a_draft_goes_on_sale_at_the_time_that_was_typed(staff: Client) -> None:
    price = PriceFactory(variant__product__status="draft")
    product = price.variant.product
    at = timezone.now().replace(microsecond=0) + timedelta(days=2)

    staff.post(address(product), typed(product, row(price.variant), **moment(at)))
    listed = staff.get(PRODUCTS).content.decode()
    before = publishing.publish_due()
    Product.objects.update(publish_at=timezone.now() - timedelta(seconds=1))
    after = publishing.publish_due()

    product.refresh_from_db()
    assert f"draft until {localtime(at):%-d %b %Y %H:%M}" in listed
    assert (before, after, product.status) == (0, 1, "active")
    assert CatalogSync.objects.get().variant == price.variant


def test_a_draft_is_not_put_on_sale_by_a_time_that_is_past(staff: Client) -> None:
    price = PriceFactory()
    product = price.variant.product
    past = moment(timezone.now() - timedelta(hours=1))

    response = staff.post(
        address(product), typed(product, row(price.variant), status="draft", **past)
    )

    [told] = complaints(response)
    assert told.startswith("This time is past, so the draft would go on sale at once.")


def test_the_most_that_an_order_may_hold_is_typed(staff: Client) -> None:
    price = PriceFactory()
    product = price.variant.product

    staff.post(address(product), typed(product, row(price.variant), most_per_order="3"))
    odd = staff.post(address(product), typed(product, row(price.variant), most_per_order="0"))

    assert Product.objects.get().most_per_order == 3
    assert len(complaints(odd)) == 1


# -- Preview --------------------------------------------------------------------------------------


def test_view_on_site_is_a_preview_of_what_is_not_on_sale(staff: Client) -> None:
    product = PriceFactory(variant__product__status="draft").variant.product

    page = staff.get(address(product)).content.decode()
    preview = staff.get(product.get_absolute_url())

    assert f'href="{product.get_absolute_url()}" class="viewsitelink"' in page
    assert preview.status_code == 200
    assert "customers do not see it" in preview.content.decode()


def test_customers_and_former_staff_get_no_preview(client: Client) -> None:
    product = PriceFactory(variant__product__status="draft").variant.product
    former = UserFactory(is_staff=False)
    former.user_permissions.set(Permission.objects.filter(codename="view_product"))

    answers = [client.get(product.get_absolute_url()).status_code]
    for user in (UserFactory(), former):
        client.force_login(user)
        answers.append(client.get(product.get_absolute_url()).status_code)

    assert answers == [404, 404, 404]


# -- Addresses ------------------------------------------------------------------------------------


def test_a_changed_address_leaves_the_old_one_behind(staff: Client) -> None:
    price = PriceFactory(variant__product__slug="first")
    product = price.variant.product

    staff.post(address(product), typed(product, row(price.variant), slug="second", title="New"))

    product.refresh_from_db()
    assert (product.slug, product.title) == ("second", "New")
    assert list(OldSlug.objects.values_list("slug", "product")) == [("first", product.pk)]
    assert "first" in staff.get(address(product)).content.decode()


def test_a_changed_address_of_a_category_leaves_the_old_one_behind(staff: Client) -> None:
    category = CategoryFactory(slug="first")

    staff.post(category_page(category), category_typed(category, slug="second"))

    category.refresh_from_db()
    assert category.slug == "second"
    assert list(OldSlug.objects.values_list("slug", "category")) == [("first", category.pk)]


def test_an_address_that_comes_back_is_no_old_one_any_more() -> None:
    product = ProductFactory(slug="first")
    publishing.rename(product, "second")
    publishing.rename(product, "first")

    assert product.slug == "first"
    assert [old.slug for old in OldSlug.objects.all()] == ["second"]


def test_an_address_leads_to_whoever_had_it_last() -> None:
    product, other = ProductFactory(slug="first"), ProductFactory(slug="other")
    publishing.rename(product, "second")
    publishing.rename(other, "first")
    publishing.rename(other, "third")

    assert list(OldSlug.objects.order_by("slug").values_list("slug", "product")) == [
        ("first", other.pk),
        ("other", other.pk),
    ]


def test_a_product_and_a_category_may_have_had_the_same_address() -> None:
    publishing.rename(ProductFactory(slug="lamps"), "lanterns")
    publishing.rename(CategoryFactory(slug="lamps"), "lanterns")

    assert OldSlug.objects.filter(slug="lamps").count() == 2


def test_an_address_that_another_has_is_refused() -> None:
    product = ProductFactory(slug="first")
    ProductFactory(slug="second")

    with pytest.raises(publishing.AddressTaken, match="Another product has the address second"):
        publishing.rename(product, "second")

    assert not OldSlug.objects.exists()


# -- Languages ------------------------------------------------------------------------------------


def test_german_texts_are_typed_beside_the_english_ones(staff: Client) -> None:
    price = PriceFactory()
    product = price.variant.product
    Product.objects.update(
        translations={"fr": {"title": "Lanterne"}, "de": {"material": "Messing"}}
    )
    german = {"title_de": "Laterne", "description_de": "Aus Messing."}

    staff.post(address(product), typed(product, row(price.variant), **german))

    assert Product.objects.get().translations == {
        "fr": {"title": "Lanterne"},
        "de": {"material": "Messing", "title": "Laterne", "description": "Aus Messing."},
    }
    page = staff.get(address(product)).content.decode()
    assert 'value="Laterne"' in page
    assert "Aus Messing." in page


def test_an_emptied_german_text_is_gone(staff: Client) -> None:
    category = CategoryFactory(translations={"de": {"name": "Licht", "description": "Hell."}})

    staff.post(category_page(category), category_typed(category, name_de="Lampen"))
    half = Category.objects.get().translations
    staff.post(category_page(category), category_typed(category))

    assert half == {"de": {"name": "Lampen"}}
    assert Category.objects.get().translations == {}


# -- The tree of categories -----------------------------------------------------------------------


def tree() -> dict[str, Category]:
    light = CategoryFactory(name="Light", position=2)
    lamps = CategoryFactory(name="Lamps", parent=light)
    brass = CategoryFactory(name="Brass", parent=lamps)
    table = CategoryFactory(name="Table", position=1)
    return {"light": light, "lamps": lamps, "brass": brass, "table": table}


def test_categories_are_listed_as_a_tree(staff: Client) -> None:
    tree()

    response = staff.get(CATEGORIES)

    found = [(one.name, one.depth) for one in response.context["cl"].result_list]
    assert found == [("Table", 0), ("Light", 0), ("Lamps", 1), ("Brass", 2)]


def test_positions_are_changed_in_the_list(staff: Client) -> None:
    found = tree()
    forms = [found[name] for name in ("table", "light", "lamps", "brass")]
    data: dict[str, Any] = {"form-TOTAL_FORMS": 4, "form-INITIAL_FORMS": 4, "_save": "Save"}
    for number, category in enumerate(forms):
        data |= {f"form-{number}-id": category.pk, f"form-{number}-position": category.position}

    staff.post(CATEGORIES, data | {"form-0-position": 3})

    listed = staff.get(CATEGORIES).context["cl"].result_list
    assert [one.name for one in listed] == ["Light", "Lamps", "Brass", "Table"]


@pytest.mark.parametrize(
    ("child", "parent", "told"),
    [
        ("light", "light", "A category cannot be its own parent."),
        ("light", "lamps", "Lamps lies within Light, so it cannot be its parent."),
        ("light", "brass", "Brass lies within Light, so it cannot be its parent."),
    ],
)
def test_a_category_cannot_lie_within_itself(
    staff: Client, child: str, parent: str, told: str
) -> None:
    found = tree()

    response = staff.post(
        category_page(found[child]), category_typed(found[child], parent=found[parent].pk)
    )

    assert complaints(response) == [told]
    assert Category.objects.get(pk=found[child].pk).parent is None


def test_a_category_moves_with_all_that_lies_within(staff: Client) -> None:
    found = tree()

    staff.post(
        category_page(found["lamps"]), category_typed(found["lamps"], parent=found["table"].pk)
    )

    listed = staff.get(CATEGORIES).context["cl"].result_list
    assert [(one.name, one.depth) for one in listed] == [
        ("Table", 0),
        ("Lamps", 1),
        ("Brass", 2),
        ("Light", 0),
    ]


# -- Prices ---------------------------------------------------------------------------------------


def test_a_variant_has_a_field_for_each_currency_that_is_offered(
    staff: Client, settings: Any
) -> None:
    settings.CURRENCIES_OFFERED = ["eur", "usd", "jpy"]
    price = PriceFactory()
    product = price.variant.product
    new = {"new_price": "", "new_price_usd": "21.50", "new_price_jpy": "2400"}

    page = staff.get(address(product)).content.decode()
    staff.post(address(product), typed(product, row(price.variant, **new)))
    odd = staff.post(address(product), typed(product, row(price.variant, new_price_jpy="1.5")))

    assert "New price in JPY" in page
    current = price.variant.prices.current().order_by("currency")
    assert [str(one) for one in current] == ["18.00 EUR", "2400 JPY", "21.50 USD"]
    assert errors(odd) == ["'1.5' has more than 0 decimals."]


def test_the_history_of_a_price_is_read_and_not_edited(staff: Client) -> None:
    price = PriceFactory()
    publishing.set_price(price.variant, Money(1500, "eur"), regular=Money(1800, "eur"))
    other = PriceFactory()
    history = reverse("admin:catalog_price_changelist")
    page = reverse("admin:catalog_price_change", args=[price.pk])

    link = f'href="{history}?variant__id__exact={price.variant_id}"'
    listed = staff.get(history, {"variant__id__exact": price.variant_id}).context["cl"].result_list

    assert link in staff.get(address(price.variant.product)).content.decode()
    assert [str(one) for one in listed] == ["15.00 EUR", "18.00 EUR"]
    assert other not in listed
    assert "18.00 EUR" in staff.get(page).content.decode()
    assert staff.post(page, {"amount": "1"}).status_code == 403
    assert staff.post(reverse("admin:catalog_price_delete", args=[price.pk])).status_code == 403


PLAIN = {"amount": "20.00", "currency": "eur", "interval": "", "interval_count": "1"}
CHOSEN = {**PLAIN, "is_chosen": "on", "minimum": "5", "maximum": "100"}


def test_customers_may_choose_the_amount(staff: Client) -> None:
    old = PriceFactory()

    response = staff.post(NEW_PRICE, {"sku": old.variant.sku, **CHOSEN}, follow=True)

    price = old.variant.prices.current().get()
    assert response.redirect_chain
    assert (price.unit_amount, price.is_chosen) == (2000, True)
    assert (price.minimum_amount, price.maximum_amount) == (500, 10000)
    assert "20.00 EUR, chosen from 5.00 to 100.00 EUR" in response.content.decode()
    assert [sync.variant for sync in CatalogSync.objects.all()] == [old.variant]


def test_a_price_is_paid_again_and_again_beside_the_plain_one(staff: Client) -> None:
    old = PriceFactory()
    month = {**PLAIN, "interval": "month", "interval_count": "3"}

    staff.post(NEW_PRICE, {"sku": old.variant.sku, **month})
    staff.post(NEW_PRICE, {"sku": old.variant.sku, **month, "amount": "25"})

    found = old.variant.prices.filter(is_active=True).order_by("interval")
    assert [(one.unit_amount, one.interval, one.interval_count) for one in found] == [
        (1800, "", 1),
        (2500, "month", 3),
    ]


def test_a_reduced_price_keeps_the_lowest_of_the_days_before(staff: Client) -> None:
    old = PriceFactory()

    staff.post(NEW_PRICE, {"sku": old.variant.sku, **PLAIN, "amount": "12", "regular": "18"})

    price = old.variant.prices.current().get()
    assert (price.unit_amount, price.regular_amount, price.lowest_recent_amount) == (
        1200,
        1800,
        1800,
    )


@pytest.mark.parametrize(
    ("price", "told"),
    [
        ({"sku": "NONE"}, ["No variant has this SKU."]),
        ({"amount": "1,5"}, ["'1,5' is no amount. Write it like 12.50."]),
        ({"amount": ""}, ["This field is required."]),
        (
            {"currency": "usd"},
            ["Select a valid choice. usd is not one of the available choices."],
        ),
        ({"regular": "20"}, ["20.00 EUR is not below the regular price of 20.00 EUR."]),
        ({"minimum": "5"}, ["This belongs to amounts that customers choose."]),
        ({"interval_count": "2"}, ["What is paid once has no interval; leave it at 1."]),
        (
            {"interval": "month", "interval_count": "37"},
            ["Stripe allows three years at most: 36."],
        ),
        (
            {"interval": "month", "regular": "30"},
            ["Only a fixed price that is paid once can be reduced."],
        ),
        ({**CHOSEN, "minimum": ""}, ["Customers who choose need it."]),
        ({**CHOSEN, "minimum": "0.10"}, ["Stripe charges at least 0.50 EUR."]),
        ({**CHOSEN, "amount": "200"}, ["It is not between 5.00 EUR and 100.00 EUR."]),
        (
            {**CHOSEN, "minimum": "90", "maximum": "10"},
            ["It is not between 90.00 EUR and 10.00 EUR."],
        ),
        (
            {**CHOSEN, "interval": "month"},
            ["A chosen amount is paid once; Stripe knows no other."],
        ),
        (
            {**CHOSEN, "regular": "30"},
            ["Only a fixed price that is paid once can be reduced."],
        ),
    ],
)
def test_a_price_that_does_not_fit_is_told(
    staff: Client, price: dict[str, str], told: list[str]
) -> None:
    old = PriceFactory()

    response = staff.post(NEW_PRICE, {"sku": old.variant.sku, **PLAIN, **price})

    assert complaints(response) == told
    assert Price.objects.get() == old


def test_a_subscription_is_no_longer_offered(staff: Client) -> None:
    plain = PriceFactory()
    month = Price(unit_amount=900, currency="eur", interval="month")
    publishing.replace(plain.variant, month)
    history = reverse("admin:catalog_price_changelist")

    chosen = {"action": "end", "_selected_action": [month.pk]}
    first = staff.post(history, chosen, follow=True)
    again = staff.post(history, chosen, follow=True)

    month.refresh_from_db()
    assert (month.is_active, month.ended_at is None) == (False, False)
    assert [said(first), said(again)] == [
        ["1 ended; nothing is sold at them any more."],
        ["0 ended; nothing is sold at them any more."],
    ]
    assert plain.variant.prices.current().get() == plain


def test_products_lead_to_the_page_of_their_prices(staff: Client) -> None:
    product = PriceFactory().variant.product
    PriceFactory()

    response = act(staff, "set_prices", product)

    assert response.redirect_chain == [
        (f"{reverse('admin:edit_prices')}?products={product.pk}", 302)
    ]
    assert [one.variant.product for one in response.context["rows"]] == [product]


# -- Pictures, Stripe, stock ----------------------------------------------------------------------


def test_pictures_are_put_in_order(staff: Client) -> None:
    price = PriceFactory()
    product = price.variant.product
    first, second = (
        Image.objects.create(product=product, source=f"pictures/{name}", position=position)
        for position, name in enumerate(("one", "two"))
    )
    images: dict[str, Any] = {"images-INITIAL_FORMS": 2, "images-TOTAL_FORMS": 2}
    for number, (image, position) in enumerate([(first, 5), (second, 0)]):
        images |= {
            f"images-{number}-id": image.pk,
            f"images-{number}-product": product.pk,
            f"images-{number}-position": position,
        }

    staff.post(address(product), typed(product, row(price.variant), **images))

    assert list(product.images.all()) == [second, first]


def test_a_picture_is_shown_small(staff: Client) -> None:
    product = PriceFactory().variant.product
    Image.objects.create(
        product=product, source="x", name="tide-bowl", width=640, height=640, widths=[640, 320]
    )

    page = staff.get(address(product)).content.decode()

    assert 'src="/static/pictures/tide-bowl-320.jpg"' in page


def test_each_product_leads_to_its_sync_rows(staff: Client) -> None:
    price, other = PriceFactory(), PriceFactory()
    for variant in (price.variant, other.variant):
        CatalogSync.objects.create(kind="create_product", variant=variant, key=variant.sku)
    rows = reverse("admin:catalog_catalogsync_changelist")
    query = f"variant__product__id__exact={price.variant.product_id}"

    listed = staff.get(PRODUCTS).content.decode()
    page = staff.get(address(price.variant.product)).content.decode()
    found = staff.get(f"{rows}?{query}").context["cl"].result_list

    assert f'<a href="{rows}?{query}">1 waiting</a>' in listed
    assert f'<a href="{rows}?variant__id__exact={price.variant_id}">1 waiting</a>' in page
    assert [one.variant for one in found] == [price.variant]


def test_what_is_nearly_gone_waits_on_the_landing_page(staff: Client) -> None:
    three = PriceFactory(on_hand=3).variant
    none = PriceFactory(on_hand=0).variant
    PriceFactory(on_hand=6)
    PriceFactory(on_hand=1, variant__product__status="archived")
    PriceFactory(on_hand=1, variant__is_active=False)

    landing = " ".join(staff.get(LANDING).content.decode().split())
    listed = staff.get(STOCKS, {"level": "low"}).context["cl"].result_list

    assert f'<a href="{STOCKS}?level=low"><b>2</b> Things sold out or nearly</a>' in landing
    assert [stock.variant for stock in listed] == [none, three]


def test_what_is_low_can_be_asked_more_widely(staff: Client) -> None:
    for on_hand in (30, 10, 2, 200):
        PriceFactory(on_hand=on_hand)

    found = {
        level: [
            one.on_hand for one in staff.get(STOCKS, {"level": level}).context["cl"].result_list
        ]
        for level in ("low", "20", "100")
    }

    assert found == {"low": [2], "20": [2, 10], "100": [2, 10, 30]}


# -- Who may --------------------------------------------------------------------------------------

LOOK = [
    "view_product",
    "view_variant",
    "view_image",
    "view_category",
    "view_stock",
    "view_price",
    "view_catalogsync",
    "view_stockmovement",
]


def test_who_may_only_look_sees_no_button() -> None:
    price = PriceFactory()
    product = price.variant.product
    Image.objects.create(product=product, source="x")
    client = logged_in(*LOOK)
    pages = [
        LANDING,
        PRODUCTS,
        address(product),
        CATEGORIES,
        category_page(product.category),
        STOCKS,
        reverse("admin:catalog_price_changelist"),
        reverse("admin:catalog_price_change", args=[price.pk]),
        reverse("admin:catalog_catalogsync_changelist"),
    ]

    answers = {page: client.get(page) for page in pages}

    assert {answer.status_code for answer in answers.values()} == {200}
    for page, answer in answers.items():
        text = answer.content.decode()
        assert 'name="_save"' not in text, page
        assert 'name="action"' not in text, page
        assert "new_price" not in text, page
        assert "addlink" not in text, page


def test_who_may_only_look_may_not_write() -> None:
    price = PriceFactory()
    product = price.variant.product
    client = logged_in(*LOOK)

    answers = [
        client.post(address(product), typed(product, row(price.variant), title="Other")),
        client.post(category_page(product.category), category_typed(product.category)),
        client.post(reverse("admin:catalog_product_add"), {}),
        client.post(NEW_PRICE, {"sku": price.variant.sku, **PLAIN}),
        client.post(reverse("admin:catalog_category_add"), {}),
    ]

    assert [answer.status_code for answer in answers] == [403] * 5
    assert Product.objects.get().title == product.title
    assert Price.objects.get() == price


@pytest.mark.parametrize("action", ["publish", "archive", "set_prices"])
def test_actions_want_their_permission(action: str) -> None:
    product = PriceFactory(variant__product__status="draft").variant.product

    response = act(logged_in(*LOOK), action, product)

    assert not response.redirect_chain or response.redirect_chain[0][0] == PRODUCTS
    assert Product.objects.get().status == "draft"


# -- Cost -----------------------------------------------------------------------------------------


def many(count: int) -> None:
    """So many rows of everything, in few statements."""
    categories = Category.objects.bulk_create(
        Category(name=f"C{n}", slug=f"c{n}") for n in range(count)
    )
    products = Product.objects.bulk_create(
        Product(title=f"P{n}", slug=f"p{n}", category=categories[n], status="active")
        for n in range(count)
    )
    variants = Variant.objects.bulk_create(
        Variant(product=product, sku=f"S{product.slug}") for product in products
    )
    Price.objects.bulk_create(
        Price(variant=variant, unit_amount=1800, currency="eur") for variant in variants
    )
    stocks = Stock.objects.bulk_create(Stock(variant=variant) for variant in variants)
    StockMovement.objects.bulk_create(
        StockMovement(
            stock=stock,
            kind="adjust",
            quantity=1,
            on_hand_delta=1,
            reserved_delta=0,
            cause_kind="delivery",
            cause_id="00000000-0000-4000-8000-000000000000",
        )
        for stock in stocks
    )
    CatalogSync.objects.bulk_create(
        CatalogSync(kind="create_product", variant=variant, key=variant.sku) for variant in variants
    )
    SyncConflict.objects.bulk_create(
        SyncConflict(variant=variant, field="name") for variant in variants
    )
    StripeOffer.objects.bulk_create(
        StripeOffer(stripe_id=f"price_{variant.sku}", variant=variant) for variant in variants
    )


@pytest.mark.parametrize("count", [5, 500])
@pytest.mark.parametrize(
    "name",
    [
        "product",
        "category",
        "stock",
        "stockmovement",
        "catalogsync",
        "price",
        "syncconflict",
        "stripeoffer",
    ],
)
def test_every_list_costs_at_most_ten_queries(
    staff: Client, name: str, count: int, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    many(count)

    with django_assert_max_num_queries(10):
        response = staff.get(reverse(f"admin:catalog_{name}_changelist"))

    assert response.status_code == 200
    assert len(response.context["cl"].result_list) == min(
        count, response.context["cl"].list_per_page
    )
