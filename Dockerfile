# One image for all our parts; the command says which one runs. Dependencies are a layer of their own.
FROM node:24-slim AS dependencies
WORKDIR /moat
COPY package.json package-lock.json .npmrc ./
# No install scripts: they would download the pinned Node, where the image's own is the one, and compile what nothing here needs.
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
