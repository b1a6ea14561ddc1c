#!/bin/sh
# Make the accounts, folders and services of deploy/ on this machine, as root: `make system`. Safe to run again: a file that
# is there stays as it is, and is named where it is another than ours. DESTDIR: another root folder, for looking first.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=${DESTDIR:-}

put() { # file, where to, mode
    to="$root$2"
    if [ ! -e "$to" ]; then
        install -D -m "$3" "$here/$1" "$to"
        echo "made     $2"
    elif cmp -s "$here/$1" "$to"; then
        echo "there    $2"
    else
        echo "differs  $2  left as it is; ours is deploy/$1"
    fi
}

put sysusers/sju-fragor.conf /etc/sysusers.d/sju-fragor.conf 644
put tmpfiles/sju-fragor.conf /etc/tmpfiles.d/sju-fragor.conf 644
put logrotate/sju-fragor /etc/logrotate.d/sju-fragor 644
put survey.sh /usr/local/bin/survey 755
for unit in "$here"/systemd/*; do
    put "systemd/${unit##*/}" "/etc/systemd/system/${unit##*/}" 644
done
systemd-sysusers ${root:+--root="$root"} "$root/etc/sysusers.d/sju-fragor.conf"
systemd-tmpfiles --create ${root:+--root="$root"} "$root/etc/tmpfiles.d/sju-fragor.conf"
if [ -z "$root" ] && [ -d /run/systemd/system ]; then
    systemctl daemon-reload
fi
