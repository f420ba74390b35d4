#!/usr/bin/env bash
# Counts the instructions of the hot stages in a first build of generated reports, on one thread, and compares them with those on record. Where
# time is too noisy to tell, a stage that has become slower shows here.
#
#   benches/instructions.sh             fails if a stage needs over 5 % more than benches/instructions.tsv says
#   benches/instructions.sh --record    writes that file anew
#
# Needs valgrind, Python 3 and `make_corpus.py` (MAKE_CORPUS, default ../shared/tools/make_corpus.py); takes about a minute and a half.
set -euo pipefail
cd "$(dirname "$0")/.."

reports=40
make_corpus=${MAKE_CORPUS:-../shared/tools/make_corpus.py}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

command -v valgrind >/dev/null || { echo "no valgrind: install it, it counts the instructions" >&2; exit 1; }
[ -f "$make_corpus" ] || { echo "no $make_corpus: set MAKE_CORPUS to the generator of reports" >&2; exit 1; }
cargo rustc --release --locked --quiet ${FEATURES:+--features "$FEATURES"} --bin huibian -- -C strip=none # callgrind tells functions by their names
python3 "$make_corpus" --reports $reports --seed 1 --format txt --out "$work/archive/content" >/dev/null
touch "$work/archive/config.toml"
RAYON_NUM_THREADS=1 valgrind --quiet --tool=callgrind --callgrind-out-file="$work/out" \
  target/release/huibian --root "$work/archive" --quiet build >/dev/null
callgrind_annotate --inclusive=yes --threshold=100 "$work/out" >"$work/functions"
python3 benches/instructions.py "$work/functions" benches/instructions.tsv "$@"
