#!/bin/sh
# Every command of ours: `survey check`. /usr/local/bin/survey; `make system` puts it there. The account `survey` commands, and
# owns the tables; what needs the keys is the worker's, whose role in PostgreSQL is survey_worker. Alone `survey init` stays
# root: it gives files away and makes roles, and asks the rest as those two.
set -eu
cd /srv/sju-fragor
export INSTANCE="${INSTANCE:-/var/lib/sju-fragor}"
case "$*" in
    init*) exec .venv/bin/flask --app wsgi "$@" ;;
    "round open "* | "round close "* | "round publish "* | "round restored "* | federation* | worker* | "check --deep"* | "db doctor"*)
        who=survey-worker
        export PGUSER="${PGUSER:-survey_worker}"
        ;;
    *) who=survey ;;
esac
# Root's own home is closed to others, whose programs would look there.
unset HOME
umask 027
[ "$(id -un)" = "$who" ] || exec runuser -u "$who" -- .venv/bin/flask --app wsgi "$@"
exec .venv/bin/flask --app wsgi "$@"
