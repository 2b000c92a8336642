#!/bin/sh
# Run drift from any folder: `PATH/TO/THIS/REPOSITORY/scripts/drift/elsewhere/run.sh BASE REVISION`.
# With --changed it compares files with what a git revision has of them, see `changed.py`.
# It takes the interpreter of DRIFT_PYTHON, or the environment of this repository, or sets up one of its own, once.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../../.." && pwd)
lock=$root/requirements-drift.lock
if [ -n "${DRIFT_PYTHON:-}" ]; then
	python=$DRIFT_PYTHON
elif [ -e "$root/.venv/.ready" ]; then
	python=$root/.venv/bin/python
else
	venv=$root/.venv-drift
	python=$venv/bin/python
	if ! cmp -s "$lock" "$venv/.ready"; then
		found=
		for each in python3 python3.14 python3.13 python3.12 python3.11 python; do
			if "$each" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then found=$each; break; fi
		done
		[ -n "$found" ] || { echo 'error: no Python 3.11 or later with venv was found; set DRIFT_PYTHON' >&2; exit 2; }
		echo 'Setting up drift (once, some seconds) ...' >&2
		rm -rf "$venv"
		"$found" -m venv "$venv" >&2 || { echo 'error: drift could not be set up: no environment' >&2; exit 2; }
		PIP_DISABLE_PIP_VERSION_CHECK=1 "$python" -m pip install -qq --require-hashes --requirement "$lock" >&2 \
			|| { echo 'error: drift could not be set up: pip failed' >&2; exit 2; }
		cp "$lock" "$venv/.ready"
	fi
fi
module=scripts.drift
if [ "${1:-}" = --changed ]; then module=scripts.drift.elsewhere.changed; shift; fi
# -P: a folder `scripts` of the repository at hand is not ours.
PYTHONPATH=$root PYTHONUTF8=1 exec "$python" -P -m "$module" "$@"
