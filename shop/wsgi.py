"""The WSGI entry point: `gunicorn shop.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

from shop.http.whole_bodies import WholeBodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
application = WholeBodies(get_wsgi_application())
