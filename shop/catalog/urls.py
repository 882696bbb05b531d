from django.contrib.sitemaps.views import index, sitemap
from django.urls import path

from shop.catalog import browse, help_pages, media, views
from shop.catalog.google_feed import views as feed_views
from shop.catalog.sitemaps import SITEMAPS

app_name = "catalog"
urlpatterns = [
    path("", views.home, name="home"),
    path("categories/<slug:slug>/", browse.category, name="category"),
    path("products/<slug:slug>/", views.product, name="product"),
    path("search/", browse.search, name="search"),
    path("help/", help_pages.questions, name="help"),
    path("terms/", help_pages.terms, name="terms"),
    path("privacy/", help_pages.privacy, name="privacy"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("media/pictures/<str:name>", media.picture, name="media"),
    path("feeds/google.xml", feed_views.google, name="google_feed"),
    path("robots.txt", views.robots, name="robots"),
    path(
        "sitemap.xml",
        index,
        {"sitemaps": SITEMAPS, "sitemap_url_name": "catalog:sitemap_section"},
        name="sitemap",
    ),
    path("sitemap-<slug:section>.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap_section"),
]
