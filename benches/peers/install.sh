#!/bin/sh
# Installs the programs that the benches measure beside Deskhand, each from its
# own registry, into target/peers. What cannot be installed is left out: the
# benches say so loudly once they have measured the rest.
cd "$(dirname "$0")/../.." || exit 1
peers=target/peers
mkdir -p "$peers"

if [ ! -d "$peers/node_modules/odiff-bin" ]; then
  npm install --prefix "$peers" --no-audit --no-fund --silent \
    odiff-bin@4 pixelmatch@7 pngjs@7 @blazediff/core@1 @blazediff/bin@3 ||
    echo 'odiff, pixelmatch and blazediff could not be installed from npm' >&2
fi
if [ ! -d "$peers/node_modules/@playwright/test" ]; then
  npm install --prefix "$peers" --no-audit --no-fund --silent @playwright/test@1 ||
    echo 'Playwright Test could not be installed from npm' >&2
fi
# Cargo wants a whole version, and its own lock file has the crates that go with it.
if [ ! -x "$peers/bin/dify" ]; then
  cargo install dify@0.8.0 --locked --root "$peers" --quiet ||
    echo 'dify could not be installed from crates.io' >&2
fi
if ! "$peers/python/bin/python" -c 'import cv2' 2>/dev/null; then
  { python3 -m venv "$peers/python" &&
    "$peers/python/bin/pip" install --quiet --disable-pip-version-check opencv-python-headless; } ||
    echo 'OpenCV could not be installed from PyPI' >&2
fi
if ! "$peers/python/bin/python" -c 'import playwright' 2>/dev/null; then
  "$peers/python/bin/pip" install --quiet --disable-pip-version-check playwright==1.65.2 ||
    echo 'the driver of Chromium could not be installed from PyPI' >&2
fi
