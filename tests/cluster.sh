#!/bin/sh
# etcd, Patroni, PgBouncer and PostgreSQL of the system's, for the tests of several hosts, where this account may install
# them. Installed alone: the services that the packages bring are not started.
set -eu
need=""
PATH="$PATH:/usr/sbin:/sbin"
command -v etcd >/dev/null 2>&1 || need="$need etcd-server"
command -v patroni >/dev/null 2>&1 || need="$need patroni python3-etcd"
command -v pgbouncer >/dev/null 2>&1 || need="$need pgbouncer"
command -v haproxy >/dev/null 2>&1 || need="$need haproxy"
command -v ip >/dev/null 2>&1 || need="$need iproute2"
command -v setpriv >/dev/null 2>&1 || need="$need util-linux"
ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || need="$need postgresql"
[ -z "$need" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing$need for the tests of several hosts …"
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
echo "The tests of several hosts need$need. Install them from your system's packages and run this again." >&2
exit 1
