"""The pages of the admin's door: allauth's, in the look of the staff site."""

from typing import Any

import redis
import structlog
from allauth.account import views as allauth
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from shop.accounts.login import sessions
from shop.accounts.login.forms import LoginForm

log = structlog.get_logger(__name__)

# Seconds. Limits look back five minutes at most; a cache that starts anew needs less.
COME_BACK_AFTER = 300
MENDED_AFTER = 30


class Door:
    """A page before the log-in. Without the cache nobody could count: then it stays shut."""

    title = ""

    @method_decorator(sensitive_post_parameters())
    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        except redis.RedisError as error:
            log.error("nobody can log in", why=str(error))
            return _shut(request)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        request: HttpRequest = self.request  # type: ignore[attr-defined]
        return {
            **super().get_context_data(**kwargs),  # type: ignore[misc]
            **admin.site.each_context(request),
            "title": self.title,
        }


class LogIn(Door, allauth.LoginView):
    template_name = "admin/door/log_in.html"
    form_class = LoginForm
    title = "Log in"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "GET" and admin.site.has_permission(request):
            return HttpResponseRedirect(self.get_next_url() or settings.LOGIN_REDIRECT_URL)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ended = sessions.how_it_ended(self.request)
        return {**super().get_context_data(**kwargs), "ended": ended}

    def form_invalid(self, form: LoginForm) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        if form.had_too_many:
            response.status_code = 429
            response["Retry-After"] = str(COME_BACK_AFTER)
        return response


class Forgotten(Door, allauth.PasswordResetView):
    template_name = "admin/door/forgotten.html"
    title = "Forgotten password"


class Asked(Door, allauth.PasswordResetDoneView):
    template_name = "admin/door/asked.html"
    title = "Look into your mail"


class NewPassword(Door, allauth.PasswordResetFromKeyView):
    template_name = "admin/door/new_password.html"
    title = "New password"
    success_url = reverse_lazy("account_reset_password_from_key_done")


class Changed(Door, allauth.PasswordResetFromKeyDoneView):
    template_name = "admin/door/changed.html"
    title = "The new password is set"


log_in = LogIn.as_view()
forgotten = Forgotten.as_view()
asked = Asked.as_view()
new_password = NewPassword.as_view()
changed = Changed.as_view()


def too_many(request: HttpRequest) -> HttpResponse:
    """What allauth answers where one network address asks too often."""
    context = {**admin.site.each_context(request), "title": "Too many attempts"}
    response = render(request, "admin/door/too_many.html", context, status=429)
    response["Retry-After"] = str(COME_BACK_AFTER)
    return response


def _shut(request: HttpRequest) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": "Nobody can log in at the moment"}
    response = render(request, "admin/door/shut.html", context, status=503)
    response["Retry-After"] = str(MENDED_AFTER)
    return response
