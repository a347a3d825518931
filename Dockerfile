# The site as a container: not root, and fit for a read-only file system.
#   docker build -t evidence . && docker run --rm --read-only --tmpfs /tmp -p 8001:8001 evidence
FROM python:3.11-slim AS build
WORKDIR /src
COPY . .
RUN python -m venv /opt/evidence && /opt/evidence/bin/pip install --no-cache-dir . \
 && mkdir -p /srv/evidence && cp metadata.yml /srv/evidence/ \
 && /opt/evidence/bin/evidence build --base /src -o /srv/evidence/evidence.db

FROM python:3.11-slim
RUN useradd --system --uid 10001 --no-create-home evidence
COPY --from=build /opt/evidence /opt/evidence
COPY --from=build /srv/evidence /srv/evidence
USER evidence
WORKDIR /srv/evidence
ENV PORT=8001 PYTHONDONTWRITEBYTECODE=1 HOME=/tmp
EXPOSE 8001
CMD ["sh", "-c", "exec /opt/evidence/bin/datasette serve -i /srv/evidence/evidence.db --metadata /srv/evidence/metadata.yml --host 0.0.0.0 --port \"$PORT\" --setting suggest_facets off --setting facet_time_limit_ms 2000 --setting max_csv_mb 0 --setting sql_time_limit_ms 5000"]
