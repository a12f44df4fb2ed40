#!/usr/bin/env bash
# Installs pgvector for a PostgreSQL on Debian or Ubuntu: packaged where the distribution has it, else built
# from Debian's source package against this server's headers. Usage: install-pgvector.sh [MAJOR]; needs root.
# Running it again changes nothing.
set -euo pipefail

major=${1:-$(ls /usr/lib/postgresql | sort -n | tail -1)}
pg_config=/usr/lib/postgresql/$major/bin/pg_config

has_pgvector() { [ -f "/usr/share/postgresql/$major/extension/vector.control" ]; }

if has_pgvector; then
  echo "pgvector is there for PostgreSQL $major"
  exit 0
fi
if apt-get install -y --no-install-recommends "postgresql-$major-pgvector" >/dev/null 2>&1; then
  echo "pgvector installed for PostgreSQL $major"
  exit 0
fi

apt-get install -y --no-install-recommends "postgresql-server-dev-$major" build-essential dpkg-dev >/dev/null
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/source"
# The mirror that this machine uses already; Debian 13 (trixie) is the first release with the package.
mirror=$(sed -n 's/^URIs: //p' /etc/apt/sources.list.d/*.sources 2>/dev/null | grep '/debian$' | head -1 || true)
[ -n "$mirror" ] || mirror=$(awk '$1 == "deb" { print $2; exit }' /etc/apt/sources.list)
echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" >"$work/sources.list"
apt=(apt-get -o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=/dev/null
  -o "Dir::State::Lists=$work/lists" -o "Dir::Cache=$work/cache" -o APT::Sandbox::User=root)
"${apt[@]}" update >/dev/null
(cd "$work" && "${apt[@]}" source --download-only pgvector >/dev/null)
tar xf "$work"/pgvector_*.orig.tar.gz -C "$work/source" --strip-components=1
# OPTFLAGS empty: no instructions that only the building machine has.
make -C "$work/source" -s -j"$(nproc)" OPTFLAGS="" with_llvm=no PG_CONFIG="$pg_config" >/dev/null
make -C "$work/source" -s install with_llvm=no PG_CONFIG="$pg_config" >/dev/null
has_pgvector || { echo "pgvector was built, but PostgreSQL $major does not see it" >&2; exit 1; }
echo "pgvector built for PostgreSQL $major"
