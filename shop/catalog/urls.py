from django.contrib.sitemaps.views import index, sitemap
from django.urls import path

from shop.catalog.google_feed import views as feed_views
from shop.catalog.storefront import info_pages, list_pages, media, product_pages
from shop.catalog.storefront.sitemaps import SITEMAPS

app_name = "catalog"
urlpatterns = [
    path("", product_pages.home, name="home"),
    path("categories/<slug:slug>/", list_pages.category, name="category"),
    path("products/<slug:slug>/", product_pages.product, name="product"),
    path("search/", list_pages.search, name="search"),
    path("help/", info_pages.questions, name="help"),
    path("terms/", info_pages.terms, name="terms"),
    path("privacy/", info_pages.privacy, name="privacy"),
    path("imprint/", info_pages.imprint, name="imprint"),
    path("favicon.ico", product_pages.favicon, name="favicon"),
    path("manifest.webmanifest", product_pages.manifest, name="manifest"),
    path("media/pictures/<str:name>", media.picture, name="media"),
    path("feeds/google.xml", feed_views.google, name="google_feed"),
    path("robots.txt", product_pages.robots, name="robots"),
    path(
        "sitemap.xml",
        index,
        {"sitemaps": SITEMAPS, "sitemap_url_name": "catalog:sitemap_section"},
        name="sitemap",
    ),
    path("sitemap-<slug:section>.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap_section"),
]
