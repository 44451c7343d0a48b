# One image per service: docker build --build-arg SERVICE=realtime-gateway .
# The front, nginx with the messaging center's files: docker build --target front .
# The workspace is copied, not bundled: Node runs its TypeScript directly, and strips types in no file under node_modules.
FROM node:24-slim AS sources
WORKDIR /parley
COPY . .

FROM sources AS site
RUN npx --yes pnpm@12.21.0 install --prod --frozen-lockfile --trust-lockfile --filter-prod "@parley/messaging-center..."
RUN node packages/messaging-center/build/main.ts /site

# `resolve` in an upstream, by which instances come and go, needs 1.27.3 or newer.
FROM nginx:1.28-alpine AS front
COPY --from=site /site /site

FROM sources AS workspace
ARG SERVICE
RUN npx --yes pnpm@12.21.0 install --prod --frozen-lockfile --trust-lockfile --filter-prod "@parley/${SERVICE}..."

FROM node:24-slim
ARG SERVICE
ENV SERVICE=${SERVICE} NODE_ENV=production HOST=0.0.0.0 PORT=8080
WORKDIR /parley
COPY --from=workspace /parley /parley
# A volume that is mounted here is the service's.
RUN mkdir -p /data/attachments && chown node:node /data/attachments
USER node
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
CMD ["sh", "-c", "exec node services/$SERVICE/src/main.ts"]
