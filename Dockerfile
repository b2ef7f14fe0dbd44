# One image for the API, the worker and the emulator; the command selects one. The target `emulator` is the emulator alone:
#   docker build --target emulator --tag moat-emulator .
# Dependencies are a separate layer.
FROM node:24-slim AS dependencies
WORKDIR /moat
COPY package.json package-lock.json .npmrc ./
# No install scripts: they would download the pinned Node, which the image already provides, and compile unused modules.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

# The console is built by tools that the image does not need.
FROM node:24-slim AS console
WORKDIR /moat
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY src src
COPY web web
RUN node src/main/buildConsole.ts

FROM node:24-slim AS base
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && install -d -o node -g node /var/lib/moat
WORKDIR /moat
COPY --from=dependencies /moat/node_modules node_modules
COPY package.json LICENSE ./
COPY src src
RUN node src/main/bundleWorkflows.ts
ENV NODE_ENV=production MOAT_DATA_DIR=/var/lib/moat
USER node
VOLUME /var/lib/moat

# Publish the port on loopback only: the emulator accepts every token.
FROM base AS emulator
ENV MOAT_EMULATOR_HOST=0.0.0.0
EXPOSE 8743
HEALTHCHECK --interval=5s --timeout=5s --retries=12 \
  CMD NODE_EXTRA_CA_CERTS=/var/lib/moat/emulator-ca.pem node -e "fetch('https://localhost:8743/_emulator/health').then((r) => process.exit(r.ok ? 0 : 1))"
CMD ["node", "src/main/emulator.ts"]

FROM base AS moat
COPY --from=console /moat/web/dist web/dist
# The limits are those of npm start (src/main/dev/processes.ts).
CMD ["node", "--max-semi-space-size=4", "--max-old-space-size=512", "src/main/api.ts"]
