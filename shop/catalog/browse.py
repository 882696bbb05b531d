"""Lists that people narrow and sort: a category with all below it, and what a search has found."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from shop.catalog import currencies, facets, listing
from shop.catalog import search as searching
from shop.catalog.cards import cards, light
from shop.catalog.facets import Asked, Counted
from shop.catalog.models import Category, OldSlug, Product, ProductQuerySet
from shop.catalog.tree import Tree, tree_of


@require_safe
def category(request: HttpRequest, slug: str) -> HttpResponse:
    found = Category.objects.filter(slug=slug).first()
    if found is None:
        return moved(request, slug) or missing(request)
    tree = tree_of(request)
    ids = [one.pk for one in tree.branch(found)]
    asked, wide = _asked(request, tree)
    counts = facets.counted(wide, categories=ids, names=_names(tree, tree.children(found)))
    order = listing.order_asked(request)
    products = light(Product.objects.on_sale().filter(category__in=ids))
    ordered = listing.sort(facets.narrowed(products, wide), order, asked.currency)
    page = listing.page_asked(request, ordered, None if counts.is_capped else counts.total)
    if page is None:
        return missing(request)
    if request.GET.get("page") == "1":
        return _without_page(request)
    sorting = {"sort": order.key} if order != listing.ORDERS[0] else {}
    context = {
        "category": found,
        "children": tree.children(found),
        "way": tree.way(found),
        "orders": listing.ORDERS,
        "order": order,
        **_listed(page, asked, counts, sorting),
    }
    return render(request, "catalog/category.html", context)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    found = searching.find(request.GET.get("q", ""))
    tree = tree_of(request)
    asked, wide = _asked(request, tree)
    counts = facets.counted(wide, ids=found.ids, names=_names(tree, tree.top))
    orders = [listing.RELEVANCE, *listing.ORDERS]
    order = listing.order_asked(request, orders)
    page = listing.page_asked(request, left_of(found.ids, wide, order))
    if page is None:
        return missing(request)
    products = light(Product.objects.on_sale()).in_bulk(list(page.object_list))
    page.object_list = [products[pk] for pk in page.object_list if pk in products]
    sorting = {"sort": order.key} if order != listing.RELEVANCE else {}
    context = {
        "found": found,
        "suggestion": searching.suggestion(found) if found.is_near else "",
        "orders": orders,
        "order": order,
        **_listed(page, asked, counts, {"q": found.query, **sorting}),
    }
    return render(request, "catalog/search.html", context)


def _asked(request: HttpRequest, tree: Tree) -> tuple[Asked, Asked]:
    """What the address asks for, and the same with all categories below the chosen ones."""
    asked = Asked.of(request.GET, currencies.of(request))
    chosen = [tree.by_id[pk] for pk in asked.categories if pk in tree.by_id]
    asked = replace(asked, categories=[one.pk for one in chosen])
    below = [one.pk for top in chosen for one in tree.branch(top)]
    return asked, replace(asked, categories=below)


def _names(tree: Tree, shown: Iterable[Category]) -> dict[int, tuple[int, str]]:
    """Each category below one that is shown counts as that one."""
    return {below.pk: (one.pk, one.said("name")) for one in shown for below in tree.branch(one)}


def left_of(ids: list[int], asked: Asked, order: listing.Order) -> list[int]:
    """The ids that are left after narrowing, in the order asked for."""
    if not asked and order == listing.RELEVANCE:
        return ids
    products: ProductQuerySet = facets.narrowed(Product.objects.on_sale().filter(pk__in=ids), asked)
    if order != listing.RELEVANCE:
        ordered = listing.sort(products, order, asked.currency)
        return list(ordered.values_list("pk", flat=True))
    left = set(products.values_list("pk", flat=True))
    return [pk for pk in ids if pk in left]


def _listed(
    page: Page[Product], asked: Asked, counts: Counted, kept: dict[str, str]
) -> dict[str, Any]:
    """What both kinds of list show: cards, facets, chips, and the queries of further addresses."""
    products = page.object_list
    rest = urlencode(asked.pairs())
    return {
        "page": page,
        "cards": cards(products, asked.currency),
        "facets": counts.facets,
        "is_capped": counts.is_capped,
        "is_narrowed": bool(asked),
        "chips": facets.chosen(counts.facets, asked, urlencode(kept)),
        "kept": kept,
        "cleared": urlencode(kept),
        "narrowing": rest,
        "query": "&".join(filter(None, [urlencode(kept), rest])),
    }


def moved(request: HttpRequest, slug: str) -> HttpResponse | None:
    """Leads from an address that a category once had to the present one, query and all."""
    old = OldSlug.objects.filter(slug=slug, product=None).select_related("category").first()
    if old is None or old.category is None:
        return None
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(old.category.get_absolute_url() + query, permanent=True)


def _without_page(request: HttpRequest) -> HttpResponse:
    query = request.GET.copy()
    del query["page"]
    return HttpResponsePermanentRedirect(
        f"{request.path}?{query.urlencode()}" if query else request.path
    )


def missing(request: HttpRequest) -> HttpResponse:
    return render(request, "404.html", status=404)
