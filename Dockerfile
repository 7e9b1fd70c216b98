# Socket Mode: docker build -t ivig-bot .               then docker run --env-file .env ivig-bot
# HTTP:        docker build -t ivig-bot --target web .  then docker run --env-file .env -p 3000:3000 ivig-bot

# A tag moves; a digest does not. No registry could be asked for the digest when this was written, so pin it yourself:
# docker build --build-arg PYTHON=python:3.13-slim@sha256:… (`docker buildx imagetools inspect python:3.13-slim` says it)
ARG PYTHON=python:3.13-slim

FROM ${PYTHON} AS build
RUN pip install --no-cache-dir uv==0.13.9
ENV UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
WORKDIR /app
# The dependencies, a layer of their own: installed anew only when these two files change …
COPY pyproject.toml uv.lock ./
RUN uv sync --locked --no-default-groups --no-install-project
# … and then the bot and what it knows, which takes a second.
COPY README.md LICENSE manifest.yml ./
COPY data data
COPY slackbot slackbot
RUN uv sync --locked --no-default-groups --no-editable

FROM ${PYTHON} AS bot
WORKDIR /app
COPY --from=build /app/.venv .venv
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1
USER 65534

FROM bot AS web
EXPOSE 3000
HEALTHCHECK --start-period=10s \
  CMD python -c "import urllib.request as u; u.urlopen('http://127.0.0.1:${PORT:-3000}/healthz', timeout=5)"
CMD ["python", "-m", "slackbot", "web"]

# A worker has no port to ask. It ends when Slack refuses it, and connects again by itself otherwise.
FROM bot AS worker
CMD ["python", "-m", "slackbot", "worker"]
