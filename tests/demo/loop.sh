#!/bin/sh
# A service that crashes again and again, beside a build: its searches through PATH, of which one is in vain. Run by tools/sample
# under execfail, for a picture of what is folded and counted.

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here" || exit 1
exec 2>/dev/null

service() {
	for _ in 1 2 3 4 5 6 7 8 9 10 11; do
		/opt/shop/bin/server --port 8080
		sleep 0.5
	done
}

# env tries each directory, as execvp() does: most of them do not have the program.
build() {
	PATH=/usr/local/games:/usr/games:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin
	for tool in sed awk grep sort cut tr head tail cat pyhton3; do
		env "$tool" --version >/dev/null
	done
}

service &
sleep 1
build
wait
