# One image for all our parts; the command says which one runs. Dependencies are a layer of their own.
FROM node:24-slim AS dependencies
WORKDIR /moat
COPY package.json package-lock.json .npmrc ./
# The image's own Node is the one; the pinned copy is for machines that have an older one.
RUN npm ci --omit=dev --no-audit --no-fund && rm -r node_modules/node node_modules/.bin/node

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
