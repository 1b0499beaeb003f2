FROM swift:6.3-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpng-dev libssl-dev zlib1g-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
# A layer of its own: packages are fetched anew only when the manifest changes.
COPY Package.swift ./
RUN swift package resolve
COPY Sources Sources
# The manifest names them; nothing of them is built.
COPY Tests Tests
RUN swift build -c release --static-swift-stdlib --product riviera
# The image is the executable, its weights, and the libraries that it is linked with: no shell, no
# package manager, nothing else to keep up to date.
RUN products=$(swift build -c release --static-swift-stdlib --show-bin-path) \
    && mkdir -p /image/opt/riviera /image/usr/local/bin \
    && cp -r "$products/riviera" "$products/riviera_Weights.resources" "$products/riviera_Page.resources" /image/opt/riviera/ \
    && strip /image/opt/riviera/riviera \
    && ldd /image/opt/riviera/riviera | grep -o '/[^ ]*' | xargs -I '{}' cp -L --parents '{}' /image \
    && ln -s /opt/riviera/riviera /image/usr/local/bin/riviera

FROM scratch
COPY --from=build /image /
# A container is reached from outside it: it listens on all addresses.
ENV PATH=/usr/local/bin RIVIERA_HTTP_HOST=*
# It has to start in there.
RUN ["riviera", "--help"]
USER 10001:10001
EXPOSE 8080
# It asks where RIVIERA_HTTP_HOST and RIVIERA_HTTP_PORT say, not where flags after "serve" do.
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s CMD ["riviera", "health", "--ready"]
ENTRYPOINT ["riviera"]
CMD ["serve"]
