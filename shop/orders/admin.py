"""What staff set about orders to come. The orders themselves are in fulfillment/admin."""

from django.contrib import admin

from shop.orders.delivery.admin import DeliveryMethodAdmin
from shop.orders.discounts.admin import DiscountAdmin
from shop.orders.models import DeliveryMethod, Discount, PageText, Question, TaxRate
from shop.orders.questions.admin import PageTextAdmin, QuestionAdmin
from shop.orders.tax.admin import TaxRateAdmin

admin.site.register(DeliveryMethod, DeliveryMethodAdmin)
admin.site.register(Discount, DiscountAdmin)
admin.site.register(TaxRate, TaxRateAdmin)
admin.site.register(Question, QuestionAdmin)
admin.site.register(PageText, PageTextAdmin)
