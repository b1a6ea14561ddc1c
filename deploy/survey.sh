#!/bin/sh
# Every command of ours, as the worker's account: `survey check`. /usr/local/bin/survey; `make system` puts it there.
# Alone `survey init` stays root: it gives files away and makes roles, and asks the rest as the worker itself.
set -eu
cd /srv/sju-fragor
export INSTANCE="${INSTANCE:-/var/lib/sju-fragor}"
if [ "${1:-}" = init ] || [ "$(id -un)" = survey-worker ]; then
    exec .venv/bin/flask --app wsgi "$@"
fi
# Root's own home is closed to the worker, whose programs would look there.
unset HOME
umask 027
exec runuser -u survey-worker -- .venv/bin/flask --app wsgi "$@"
