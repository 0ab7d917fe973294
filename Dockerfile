# The converter in a container:
#
#   docker build -t caffe-model-optimizer .
#   docker run --rm -u "$(id -u):$(id -g)" -v "$PWD:/models" caffe-model-optimizer --input_model net.caffemodel
ARG BASE=debian:12-slim

FROM ${BASE} AS build
COPY . /source
RUN /source/scripts/install_prerequisites.sh --package \
 && /source/scripts/build.sh release \
 && cd /source/build/release && cpack --config CPackConfig.cmake -B /dist

FROM ${BASE}
COPY --from=build /dist/*.deb /tmp/
RUN apt-get update \
 && apt-get install -y --no-install-recommends /tmp/*.deb \
 && rm -rf /tmp/*.deb /var/lib/apt/lists/*
WORKDIR /models
ENTRYPOINT ["mo"]
