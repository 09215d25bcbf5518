#!/usr/bin/env bash
# flows/dashboard/static: the charts' library as one file, the map, and their licences. Needs npm.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
to=$here/../../flows/dashboard/static
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here/package.json" "$here/entry.js" "$work"
cd "$work"
npm install --silent --no-audit --no-fund --no-package-lock
npx esbuild entry.js --bundle --minify --format=esm --legal-comments=none --target=es2022 --outfile="$to/vega.js"
cp node_modules/world-atlas/countries-110m.json "$to/world.json"
for package in vega vega-lite vega-interpreter world-atlas d3-geo; do
  printf '== %s %s\n\n' "$package" "$(node -p "require('./node_modules/$package/package.json').version")"
  cat "node_modules/$package/LICENSE"
  printf '\n'
done > "$to/LICENSES.txt"
