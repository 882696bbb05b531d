"""The staff site: Django's admin under the shop's own name and look."""

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig


class ShopAdminConfig(AdminConfig):
    default_site = "shop.admin.ShopAdminSite"


class ShopAdminSite(AdminSite):
    site_header = "Holdfast"
    site_title = "Holdfast staff"
    index_title = "What waits"
    enable_nav_sidebar = True
