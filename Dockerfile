# syntax=docker/dockerfile:1
# The bot as one static program, in an image that holds nothing else. How to run it: docs/deploy.md.

# As in rust-toolchain.toml, which is left out: it would have rustup fetch tools that a build does not need. The digest is
# that of the tag for all platforms; `docker buildx imagetools inspect rust:1.95.0-slim-bookworm` prints the present one.
FROM rust:1.95.0-slim-bookworm@sha256:d7482085ff5b415f84dba5647ae71606650bdef00db7aeb69f4b3d170c3e4082 AS build
# What builds the C and assembly in `ring` and jemalloc. Which version it is changes nothing that matters here.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends make musl-tools \
    && rm -rf /var/lib/apt/lists/* \
    && rustup target add "$(uname -m)-unknown-linux-musl"
ENV TARGET_CC=musl-gcc
WORKDIR /build

# The tables in config/ and the notes in corpus/ are compiled in. The cache of built crates outlives this layer, so that a
# change of ours does not build the libraries again; cargo goes by the time of a file, and a copied one may be old.
COPY Cargo.toml Cargo.lock ./
COPY .cargo .cargo
COPY config config
COPY corpus corpus
COPY benches benches
COPY crates crates
COPY src src
# The commit that `takeaways --version` names: --build-arg COMMIT="$(git rev-parse HEAD)"
ARG COMMIT=""
RUN --mount=type=cache,target=/build/target --mount=type=cache,target=/usr/local/cargo/registry \
    find crates src -name '*.rs' -exec touch {} + \
    && TAKEAWAYS_COMMIT="$COMMIT" cargo build --profile dist --locked --features jemalloc --target "$(uname -m)-unknown-linux-musl" \
    && mkdir -p /image/program /image/volumes/state \
    && cp "target/$(uname -m)-unknown-linux-musl/dist/takeaways" /image/program/
COPY LICENSE /image/program/

FROM scratch
ARG COMMIT=""
LABEL org.opencontainers.image.title="takeaways" \
      org.opencontainers.image.revision="$COMMIT" \
      org.opencontainers.image.description="A Discord bot that answers from conference recaps, with their own words" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /image/program/ /
COPY --from=build --chown=65532:65532 /image/volumes/ /
USER 65532:65532
# The index and what else outlives the container; all other places may be read-only.
ENV TAKEAWAYS__STATE__DIR=/state
VOLUME /state
# Asks whether the process lives, not whether Discord can be reached: a new container does not help against that.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 CMD ["/takeaways", "health", "--live"]
ENTRYPOINT ["/takeaways"]
CMD ["serve"]
