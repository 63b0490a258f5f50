# Two stages: what is needed to install stays behind.
FROM python:3.11-slim-trixie AS build
RUN pip install --no-cache-dir "uv>=0.13,<0.14" && python -m venv --without-pip /opt/venv
ENV VIRTUAL_ENV=/opt/venv
WORKDIR /src
COPY pyproject.toml requirements.lock README.md LICENSE ./
COPY app app
COPY migrations migrations
COPY seed seed
# versions come from the lock; the extras for tests stay out; seed and migrations are in the wheel
RUN uv pip install --no-cache --compile-bytecode --constraint requirements.lock ".[postgres,redis,fast]"

FROM python:3.11-slim-trixie
# pg_dump, pg_restore and psql, for hit-compare backup and restore: the newest of Debian's release;
# nothing that installs further packages of Python stays
# hadolint ignore=DL3008
RUN apt-get update && apt-get install -y --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/* \
    && python -m pip uninstall -y --root-user-action=ignore pip setuptools wheel
# whoever runs it as another user, as OpenShift does, is of group 0
RUN install -d -m 0775 -o 10001 -g 0 /data /data/exports
COPY --from=build /opt/venv /opt/venv
WORKDIR /data
ENV PATH=/opt/venv/bin:$PATH HOME=/data PYTHONUNBUFFERED=1 \
    DATABASE_URL=sqlite:////data/catalogue.db SPOOL_DIR=/data/imports EXPORT_DIR=/data/exports \
    RATE_LIMIT_PER_ADDRESS=1200/minute RATE_LIMIT_PER_KEY=6000/minute
USER 10001:0
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=120s CMD ["python", "-c", \
    "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health/live', timeout=2)"]
# as process 1 Python would not heed SIGTERM before it serves; what is being sent has ten seconds
STOPSIGNAL SIGINT
CMD ["hit-compare", "serve", "--host", "0.0.0.0"]
