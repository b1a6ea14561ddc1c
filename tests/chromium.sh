#!/bin/sh
# Chromium for the browser tests and what PDFs are made with, from the system's packages where this account may
# install them.
set -eu
need=""
command -v chromium >/dev/null 2>&1 || need="chromium"
fc-list 2>/dev/null | grep -q "NotoSansArabic" || need="$need fonts-noto-core"
ldconfig -p 2>/dev/null | grep -q "libpangoft2-1.0" || need="$need libpango-1.0-0 libpangoft2-1.0-0"
ldconfig -p 2>/dev/null | grep -q "libharfbuzz-subset" || need="$need libharfbuzz-subset0"
[ -z "$need" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing $need for the browser tests …"
  apt-get update -qq
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $need >/dev/null
  exit 0
fi
if command -v chromium >/dev/null 2>&1; then exit 0; fi
echo "The browser tests need Chromium on the PATH as 'chromium'. Install it from your system's packages and run make test again." >&2
exit 1
