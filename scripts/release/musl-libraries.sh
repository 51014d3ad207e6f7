#!/usr/bin/env bash
# Gets the C++ libraries for musl that Alpine's package libstdc++ has, so that tests can run the program for musl on another Linux: a package of PyPI
# carries them. With Debian's package musl, which has the loader, nothing else is needed.
set -euo pipefail
cd "$(dirname "$0")/../.."

libraries=node_modules/.cache/kt-release/musl
if [ -e "$libraries/libstdc++.so.6" ]; then exit; fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
  --platform=musllinux_1_1_x86_64 --python-version=3.12 --dest="$work" greenlet==3.1.1
unzip -q "$work"/*.whl 'greenlet.libs/*' -d "$work"
rm -rf "$libraries"
mkdir -p "$libraries"
cp "$work"/greenlet.libs/* "$libraries"
# There, names carry a hash.
for library in libstdc++.so.6 libgcc_s.so.1; do
  ln -s "$(basename "$libraries/${library%%.so*}"-*.so*)" "$libraries/$library"
done
