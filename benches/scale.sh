#!/usr/bin/env bash
# Builds generated archives of growing size and prints time and memory for each as Markdown: a first build, one with nothing changed, one after a report
# was corrected, one after a report came.
#
#   benches/scale.sh [REPORTS...]          default: 1000 3000 10000 30000 100000
#
# Needs `make_corpus.py` (MAKE_CORPUS, default ../shared/tools/make_corpus.py) and Python 3; 100,000 reports need 15 GB of disk and take half an hour.
set -euo pipefail
cd "$(dirname "$0")/.."

sizes=("$@")
[ $# -gt 0 ] || sizes=(1000 3000 10000 30000 100000)
make_corpus=${MAKE_CORPUS:-../shared/tools/make_corpus.py}
work=$(mktemp -d -p "${TMPDIR:-/tmp}")
trap 'rm -rf "$work"' EXIT

[ -f "$make_corpus" ] || { echo "no $make_corpus: set MAKE_CORPUS to the generator of reports" >&2; exit 1; }
cargo build --release --locked --quiet
huibian=$PWD/target/release/huibian

share() { python3 -c "import sys; print(f'{float(sys.argv[1]):.2f} ({100 * float(sys.argv[1]) / float(sys.argv[2]):.1f} %)')" "$1" "$2"; }

echo "| reports | cold: wall, s | CPU, s | ms CPU a report | peak, MiB | nothing changed: CPU, s | one corrected: CPU, s | peak, MiB | one new: CPU, s | peak, MiB |"
echo "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
for size in "${sizes[@]}"; do
  # Each in a place of its own, and deleted at the end: file systems are slow to use again what has just been deleted.
  python3 "$make_corpus" --reports "$size" --seed 1 --format txt --out "$work/$size/content" >/dev/null
  touch "$work/$size/config.toml"
  build=("$huibian" --root "$work/$size" --quiet build)
  read -r wall cpu peak < <(python3 benches/measure.py --runs 1 "${build[@]}")
  sleep 3
  "${build[@]}" >/dev/null # the inputs are settled now
  read -r _ same _ < <(python3 benches/measure.py --runs 3 "${build[@]}")
  correct() {
    local file
    file=$(find "$work/$size/content" -name '*.txt' | sort | sed -n "$(($1 * size / 10))p")
    printf '\n　　改动的一行。\n' >>"$file"
    sleep 3
  }
  correct 3
  "${build[@]}" >/dev/null # the first update lays the mirror of the site out
  correct 4
  read -r _ edited edited_peak < <(python3 benches/measure.py --runs 1 "${build[@]}")
  python3 "$make_corpus" --reports "$size" --upload 1 --seed 1 --format txt --out "$work/new" >/dev/null
  cp -r "$work/new/." "$work/$size/content/"
  sleep 3
  read -r _ new new_peak < <(python3 benches/measure.py --runs 1 "${build[@]}")
  ms=$(python3 -c "print(f'{1000 * $cpu / $size:.2f}')")
  echo "| $size | $wall | $cpu | $ms | $peak | $(share "$same" "$cpu") | $(share "$edited" "$cpu") | $edited_peak | $(share "$new" "$cpu") | $new_peak |"
  rm -rf "$work/new"
done
