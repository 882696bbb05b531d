# Three images' worth of stages: `shop` (the default) is what a live installation runs, `stand-in`
# adds what a rehearsal without Stripe needs.

FROM python:3.13.0-slim-bookworm AS base
ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PATH=/venv/bin:$PATH
# A fixed number, so that volumes keep their owner from one image to the next.
RUN groupadd --gid 10001 shop && useradd --uid 10001 --gid shop --no-create-home --home-dir /tmp shop
WORKDIR /app

FROM base AS shop-packages
COPY requirements/production.txt requirements/
RUN python -m venv /venv && pip install --require-hashes --no-deps -r requirements/production.txt

FROM base AS stand-in-packages
COPY requirements/local.txt requirements/
RUN python -m venv /venv && pip install --require-hashes --no-deps -r requirements/local.txt

FROM base AS stand-in
COPY --from=stand-in-packages /venv /venv
COPY . .
RUN install --directory --owner=shop --group=shop /data /media /digital
USER shop
VOLUME /data
EXPOSE 12111
HEALTHCHECK --interval=10s --timeout=5s --start-period=15s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:12111/_fake/health', timeout=4)"]
CMD ["python", "-m", "fake_stripe", "--host", "0.0.0.0", "--port", "12111", "--state", "/data/fake_stripe.sqlite3"]

FROM base AS shop
COPY --from=shop-packages /venv /venv
COPY manage.py ./
COPY locale locale
COPY templates templates
COPY shop shop
COPY payments payments
COPY fulfillment fulfillment
# Collecting needs settings that are whole; none of these values reaches anybody.
RUN SECRET_KEY=only-for-collecting-static-files-only-for-collecting \
    DATABASE_URL=postgres://nobody@127.0.0.1/none REDIS_URL=redis://127.0.0.1/0 \
    STRIPE_SECRET_KEY=sk_test_none STRIPE_WEBHOOK_SECRETS=whsec_none \
    python manage.py collectstatic --noinput
RUN install --directory --owner=shop --group=shop /media /digital
USER shop
EXPOSE 4242
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:4242/healthz', timeout=4)"]
CMD ["gunicorn", "shop.wsgi", "--bind", "0.0.0.0:4242", "--worker-class", "gthread", "--workers", "2", "--threads", "12", "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "--access-logfile", "-", "--logger-class", "shop.http.access_log.AccessLog"]
