"""Lists that people narrow and sort: a category with all below it, and what a search has found."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from shop.catalog.category_tree import Tree, tree_of
from shop.catalog.models import Category, OldSlug, Product
from shop.catalog.search import facet_counts, ranking, sorting, spelling
from shop.catalog.search.facet_counts import Counts
from shop.catalog.search.facets import chips, facets
from shop.catalog.search.filters import ListFilters
from shop.catalog.search.matching import Scope, Selection
from shop.catalog.search.sorting import Page
from shop.catalog.storefront import currency
from shop.catalog.storefront.cards import cards, light


@require_safe
def category(request: HttpRequest, slug: str) -> HttpResponse:
    found = Category.objects.filter(slug=slug).first()
    if found is None:
        return moved(request, slug) or missing(request)
    if request.GET.get("page") == "1":
        return _without_page(request)
    tree, order = tree_of(request), sorting.order_asked(request)
    scope = Scope.of_categories(one.pk for one in tree.branch(found))
    filters, selection = _filters_and_selection(request, tree, scope)
    counts = facet_counts.count(selection)
    rows = sorting.sorted_rows(selection, order, few=counts.are_few)
    page = sorting.page_asked(request, rows, counts)
    if page is None:
        return missing(request)
    kept = {"sort": order.key} if order != sorting.NEWEST else {}
    context = {
        "category": found,
        "children": tree.children(found),
        "way": tree.way(found),
        "orders": sorting.ORDERS,
        "order": order,
        **_listed(page, filters, kept),
        **_narrowed(filters, counts, tree, tree.children(found), kept),
    }
    return render(request, "catalog/category.html", context)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    if request.GET.get("page") == "1":
        return _without_page(request)
    orders = [sorting.RELEVANCE, *sorting.ORDERS]
    found, order = ranking.find(request.GET.get("q", "")), sorting.order_asked(request, orders)
    tree = tree_of(request)
    filters, selection = _filters_and_selection(request, tree, found.scope)
    counts = facet_counts.count(selection) if found.scope.size else Counts()
    if order == sorting.RELEVANCE:
        rows = found.ranked(selection)
    else:
        rows = sorting.sorted_rows(selection, order, few=counts.are_few)
    page = sorting.page_asked(request, rows, counts)
    if page is None:
        return missing(request)
    kept = {"q": found.query} | ({"sort": order.key} if order != sorting.RELEVANCE else {})
    context = {
        "found": found,
        "suggestion": spelling.suggestion(found.words, page.ids) if found.is_near else "",
        "orders": orders,
        "order": order,
        **_listed(page, filters, kept),
        **_narrowed(filters, counts, tree, tree.top, kept),
    }
    return render(request, "catalog/search.html", context)


def _filters_and_selection(
    request: HttpRequest, tree: Tree, scope: Scope
) -> tuple[ListFilters, Selection]:
    """What the address asks for, and what fits it: all categories below the chosen ones too."""
    filters = ListFilters.of(request.GET, currency.of(request))
    chosen = [tree.by_id[pk] for pk in filters.categories if pk in tree.by_id]
    filters = replace(filters, categories=[one.pk for one in chosen])
    below = [one.pk for top in chosen for one in tree.branch(top)]
    return filters, Selection(scope, replace(filters, categories=below))


def _listed(page: Page, filters: ListFilters, kept: dict[str, str]) -> dict[str, Any]:
    """The cards, and the queries of further addresses."""
    products = light(Product.objects.on_sale()).in_bulk(page.ids)
    narrowing = urlencode(filters.pairs())
    return {
        "page": page,
        "cards": cards((products[pk] for pk in page.ids if pk in products), filters.currency),
        "kept": kept,
        "cleared": f"?{urlencode(kept)}" if kept else "",
        "narrowing": narrowing,
        "query": "&".join(filter(None, [urlencode(kept), narrowing])),
    }


def _narrowed(
    filters: ListFilters, counts: Counts, tree: Tree, shown: list[Category], kept: dict[str, str]
) -> dict[str, Any]:
    """The facets, and the chips of what was chosen."""
    return {
        "facets": facets(filters, counts, tree, shown),
        "is_partly_counted": bool(counts.capped),
        "is_narrowed": bool(filters),
        "chips": chips(filters, counts, tree, urlencode(kept)),
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


def missing(request: HttpRequest, gone: Product | None = None) -> HttpResponse:
    """Nothing is here; or not any more, if it is known what was."""
    return render(request, "404.html", {"gone": gone}, status=404)
