#!/bin/sh
# nginx, HAProxy and PgBouncer for the tests of deploy/, from the system's packages where this account may install them. Installed
# alone: the services that the packages bring are not started.
set -eu
need=""
PATH="$PATH:/usr/sbin:/sbin"
command -v nginx >/dev/null 2>&1 || need="nginx"
command -v haproxy >/dev/null 2>&1 || need="$need haproxy"
command -v openssl >/dev/null 2>&1 || need="$need openssl"
command -v pgbouncer >/dev/null 2>&1 || need="$need pgbouncer"
[ -z "$need" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing $need for the tests of the proxies …"
  policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    trap 'rm -f "$policy"' EXIT
  fi
  apt-get update -qq
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $need >/dev/null
  exit 0
fi
echo "The tests of deploy/ need nginx, haproxy and pgbouncer on the PATH. Install them from your system's packages and run make test again." >&2
exit 1
