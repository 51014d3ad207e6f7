#!/usr/bin/env bash
# Checks that this machine has what kt needs to be built and to run a real Kafka, and prints the line to type for what is missing.
# As root on a Debian-like system it installs the distribution's packages itself, and says so.
set -euo pipefail

debian=false
if [ -e /etc/debian_version ] && command -v apt-get >/dev/null; then debian=true; fi

missing() { # what, the line to type
  printf 'missing: %s\n  type:  %s\n' "$1" "$2" >&2
  exit 2
}

node_is_new_enough() {
  command -v node >/dev/null && node -e '
    const [major, minor] = process.versions.node.split(".").map(Number);
    process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1);'
}

java_is_new_enough() {
  local java=java version
  if [ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/java" ]; then java="$JAVA_HOME/bin/java"; fi
  version=$("$java" -version 2>&1 | sed -n 's/.*version "\(1\.\)\{0,1\}\([0-9]*\).*/\2/p') || return 1
  [ -n "$version" ] && [ "$version" -ge 17 ]
}

# The limits keep a daemon that hangs from stopping everything; macOS has no `timeout`.
docker_answers() {
  command -v docker >/dev/null || return 1
  if command -v timeout >/dev/null; then timeout 5 docker version >/dev/null 2>&1; else docker version >/dev/null 2>&1; fi
}

kafka_can_run() { docker_answers || { java_is_new_enough && command -v mvn >/dev/null; }; }

if ! node_is_new_enough; then
  if [ "$(uname -s)" = Darwin ]; then
    line='brew install node'
  elif $debian; then
    line='curl -fsSL https://deb.nodesource.com/setup_22.x | sudo -E bash - && sudo apt-get install -y nodejs'
  else
    line='install Node.js 22 from https://nodejs.org'
  fi
  missing "Node.js 20.19 or newer (found: $(node --version 2>/dev/null || echo none))" "$line"
fi
if ! command -v npm >/dev/null; then
  if $debian; then missing npm 'sudo apt-get install -y npm'; else missing npm 'install Node.js together with npm: https://nodejs.org'; fi
fi

if ! kafka_can_run; then
  what='something to run Kafka with: a Docker daemon, or Java 17 and Maven'
  if $debian; then
    may_install=false
    if [ "$(id -u)" = 0 ]; then
      may_install=true
      apt-get update -qq >&2
    fi
    # Releases without Java 17 have a newer one as their default.
    packages='openjdk-17-jdk-headless maven'
    if apt-cache show default-jdk-headless >/dev/null 2>&1 && ! apt-cache show openjdk-17-jdk-headless >/dev/null 2>&1; then
      packages='default-jdk-headless maven'
    fi
    if ! $may_install; then missing "$what" "sudo apt-get install -y $packages"; fi
    echo "no Docker daemon and no Java 17 with Maven here: installing $packages" >&2
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $packages >&2
    kafka_can_run || missing "$what" "sudo apt-get install -y $packages"
  elif [ "$(uname -s)" = Darwin ]; then
    missing "$what" 'brew install openjdk maven'
  else
    missing "$what" 'start Docker, or install Java 17 or newer and Maven'
  fi
fi
