# syntax=docker/dockerfile:1
# Two stages: the first has pip and its caches, the second only what runs.
FROM python:3.13.9-slim-trixie AS build
WORKDIR /build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/rappel
# The dependencies first: a change of the code does not install them again.
COPY requirements.lock ./
RUN /opt/rappel/bin/pip install --require-hashes --no-deps -r requirements.lock
COPY app ./app
RUN /opt/rappel/bin/pybabel -q compile -d app/translations

FROM python:3.13.9-slim-trixie
RUN groupadd --gid 999 rappel \
    && useradd --uid 999 --gid rappel --no-create-home --home-dir /data --shell /usr/sbin/nologin rappel \
    && install -d -o rappel -g rappel /data
WORKDIR /srv/rappel
COPY --from=build /opt/rappel /opt/rappel
COPY --from=build /build/app ./app
COPY migrations ./migrations
COPY questions ./questions
# The version that pages show is read from pyproject.toml.
COPY LICENSE README.md pyproject.toml ./
ENV PATH=/opt/rappel/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    RAPPEL_HOST=0.0.0.0 \
    RAPPEL_PORT=8000 \
    RAPPEL_INSTANCE=/data
# Numeric, so that an orchestrator can see that it is not root.
USER 999:999
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"RAPPEL_PORT\"]}/healthz', timeout=4)"]
CMD ["python", "-m", "app", "run"]
