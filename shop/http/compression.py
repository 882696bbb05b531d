"""Pages travel packed, whatever stands in front of the shop."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressionMiddleware(GZipMiddleware):
    """Django's, for what is text; a picture is packed already.

    Nobody can work out a page's secrets from its length (BREACH): Django adds a random number of
    bytes, and masks the tokens of forms anew each time.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        kind = response.get("Content-Type", "").partition(";")[0]
        if not (kind.startswith("text/") or kind.endswith(("xml", "json"))):
            return response
        return super().process_response(request, response)
