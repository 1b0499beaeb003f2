# One Debian release in both stages, so that the libraries that were linked are those that run.
FROM swift:6.3-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpng-dev libssl-dev zlib1g-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
# A layer of its own: packages are fetched anew only when the manifest changes.
COPY Package.swift ./
RUN swift package resolve
COPY Sources Sources
# The manifest speaks of them; nothing of them is built.
COPY Tests Tests
RUN swift build -c release --static-swift-stdlib --product riviera \
    && products=$(swift build -c release --static-swift-stdlib --show-bin-path) \
    && mkdir /riviera \
    && cp -r "$products/riviera" "$products/riviera_Weights.resources" /riviera/ \
    && strip /riviera/riviera

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpng16-16 libssl3 zlib1g \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin riviera
COPY --from=build /riviera /opt/riviera
RUN ln -s /opt/riviera/riviera /usr/local/bin/riviera && riviera --help > /dev/null
USER 10001
EXPOSE 8080
# It asks where RIVIERA_HTTP_HOST and RIVIERA_HTTP_PORT say, not where flags after "serve" do.
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s CMD ["riviera", "health", "--ready"]
ENTRYPOINT ["riviera"]
CMD ["serve", "--host", "0.0.0.0"]
