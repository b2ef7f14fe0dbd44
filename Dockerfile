# One image for the API, the worker and the emulator; the command selects one. Dependencies are a separate layer.
FROM node:24-slim AS dependencies
WORKDIR /moat
COPY package.json package-lock.json .npmrc ./
# No install scripts: they would download the pinned Node, which the image already provides, and compile unused modules.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:24-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && install -d -o node -g node /var/lib/moat
WORKDIR /moat
COPY --from=dependencies /moat/node_modules node_modules
COPY package.json LICENSE ./
COPY src src
ENV NODE_ENV=production MOAT_DATA_DIR=/var/lib/moat
USER node
VOLUME /var/lib/moat
CMD ["node", "src/main/api.ts"]
