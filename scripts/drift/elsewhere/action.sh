#!/usr/bin/env bash
# The step of action.yml: annotations on stdout, a summary of the job, reports, and outputs.
set -uo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
base=$INPUT_BASE
if [ -z "$base" ]; then
	if [ -z "${BASE_SHA:-}" ] || [ -z "${BASE_SHA//0/}" ]; then
		echo 'error: this event has no commit to compare with; give the input base' >&2
		exit 2
	fi
	# A checkout has one commit only.
	git cat-file -e "$BASE_SHA^{commit}" 2>/dev/null || git fetch --quiet --no-tags --depth=1 origin "$BASE_SHA"
	base=$BASE_SHA:./$INPUT_DOCUMENT
fi
mkdir -p "$INPUT_REPORTS"
options=(--fail-on="$INPUT_FAIL_ON")
[ -z "$INPUT_ACCEPTED" ] || options+=(--accepted="$INPUT_ACCEPTED")
[ -z "$INPUT_LEVELS" ] || options+=(--levels="$INPUT_LEVELS")
for format in json:json sarif:sarif html:html markdown:md; do
	options+=(--"${format%:*}"="$INPUT_REPORTS/drift.${format#*:}")
done
"$here/run.sh" "${options[@]}" --format=github -- "$base" "$INPUT_DOCUMENT"
code=$?
verdict=
if [ -e "$INPUT_REPORTS/drift.json" ]; then
	verdict=$(sed -n 's/^  "verdict": "\([a-z]*\)",$/\1/p' "$INPUT_REPORTS/drift.json")
	cat "$INPUT_REPORTS/drift.md" >>"$GITHUB_STEP_SUMMARY"
else
	echo '## Could not compare' >>"$GITHUB_STEP_SUMMARY"
fi
{ echo "exit-code=$code"; echo "verdict=$verdict"; } >>"$GITHUB_OUTPUT"
exit "$code"
