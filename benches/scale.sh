#!/usr/bin/env bash
# Builds generated archives of growing size and prints time and memory for each as Markdown.
#
#   benches/scale.sh [REPORTS...]          default: 1000 3000 10000 30000 100000
#
# Needs `make_corpus.py` (MAKE_CORPUS, default ../shared/tools/make_corpus.py) and Python 3; 100,000 reports need 15 GB of disk.
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

echo "| reports | cold: wall, s | CPU, s | ms CPU a report | peak, MiB | nothing changed: CPU, s |"
echo "| --- | --- | --- | --- | --- | --- |"
for size in "${sizes[@]}"; do
  # Each in a place of its own, and deleted at the end: file systems are slow to use again what has just been deleted.
  python3 "$make_corpus" --reports "$size" --seed 1 --format txt --out "$work/$size/content" >/dev/null
  touch "$work/$size/config.toml"
  build=("$huibian" --root "$work/$size" --quiet build)
  read -r wall cpu peak < <(python3 benches/measure.py --runs 1 "${build[@]}")
  sleep 3
  "${build[@]}" >/dev/null # the inputs are settled now
  read -r _ same _ < <(python3 benches/measure.py --runs 3 "${build[@]}")
  echo "| $size | $wall | $cpu | $(python3 -c "print(f'{1000 * $cpu / $size:.2f}')") | $peak | $same |"
done
