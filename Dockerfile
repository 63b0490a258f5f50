# Two stages: what is needed to install stays behind.
FROM python:3.11-slim AS build
RUN pip install --no-cache-dir "uv>=0.13,<0.14" && python -m venv /opt/venv
ENV VIRTUAL_ENV=/opt/venv
WORKDIR /src
COPY pyproject.toml requirements.lock README.md LICENSE ./
COPY app app
# versions come from the lock; the extras for tests stay out
RUN uv pip install --no-cache --constraint requirements.lock ".[postgres,redis,fast]"

FROM python:3.11-slim
RUN useradd --system --uid 10001 --create-home hit && install -d -o hit /data
COPY --from=build /opt/venv /opt/venv
WORKDIR /srv/hit-compare
COPY app app
COPY migrations migrations
COPY seed seed
COPY pyproject.toml .
# the folder itself is what runs: seed and migrations lie beside the code
ENV PATH=/opt/venv/bin:$PATH PYTHONPATH=/srv/hit-compare PYTHONUNBUFFERED=1 \
    DATABASE_URL=sqlite:////data/catalogue.db SPOOL_DIR=/data/imports EXPORT_DIR=/data/exports
USER hit
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=60s CMD ["python", "-c", \
    "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health/live', timeout=2)"]
CMD ["hit-compare", "serve", "--host", "0.0.0.0"]
