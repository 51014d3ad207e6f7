#!/bin/sh
# Writes everything.desc, what protoc makes of the files here. Wants `pip install grpcio-tools googleapis-common-protos`.
set -e
cd "$(dirname "$0")"
types=$(python3 -c 'import google.type; print(list(google.type.__path__)[0])')/../..
python3 -m grpc_tools.protoc -I. -I"$types" --include_imports --descriptor_set_out=everything.desc everything-*.proto
