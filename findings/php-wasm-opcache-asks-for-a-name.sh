#!/usr/bin/env bash
# @php-wasm/node 3.1.56 (npm; PHP 8.3 in WebAssembly, which WordPress Playground runs on) switches opcache on with a cache in
# files, and opcache keeps nothing all the same: it serves only SAPIs whose names it knows, and this PHP calls itself `wasm`.
# Every request compiles every file again. `opcache.enable` and `opcache.enable_cli` read 1, no warning is given, and only
# `opcache_get_status()` is false. `setSapiName` with one of the known names is enough; WordPress is then four times as fast.
# Guessed before: with `opcache.enable` at 1 and a folder for its files, what was compiled once is kept.
#
# Seen: a file that is run twice is in the cache under the names `cli` and `fpm-fcgi`, and not under the own name.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
# Other versions of PHP are left out: they are large.
cat > package.json <<'JSON'
{
  "private": true,
  "dependencies": { "@php-wasm/node": "3.1.56", "@php-wasm/universal": "3.1.56" },
  "overrides": {
    "@php-wasm/node-5-2": "npm:empty-npm-package@1.0.0",
    "@php-wasm/node-7-4": "npm:empty-npm-package@1.0.0",
    "@php-wasm/node-8-0": "npm:empty-npm-package@1.0.0",
    "@php-wasm/node-8-1": "npm:empty-npm-package@1.0.0",
    "@php-wasm/node-8-2": "npm:empty-npm-package@1.0.0",
    "@php-wasm/node-8-4": "npm:empty-npm-package@1.0.0",
    "@php-wasm/node-8-5": "npm:empty-npm-package@1.0.0"
  }
}
JSON
npm install --silent --ignore-scripts --no-audit --no-fund
cat > run.mjs <<'NODE'
import { loadNodeRuntime } from "@php-wasm/node";
import { PHP } from "@php-wasm/universal";

const CACHE = "/internal/shared/opcache";
for (const name of [undefined, "cli", "fpm-fcgi"]) {
  const php = new PHP(await loadNodeRuntime("8.3", { emscriptenOptions: { processId: 1 } }));
  if (name) await php.setSapiName(name);
  php.writeFile("/page.php", "<?php function page() { return 1; }");
  // opcache passes over files that are younger than two seconds.
  await new Promise((done) => setTimeout(done, 3000));
  for (let time = 0; time < 2; time += 1) await php.run({ code: "<?php require '/page.php';" });
  const asked = "<?php echo PHP_SAPI, ': enabled ', ini_get('opcache.enable'), ini_get('opcache.enable_cli');";
  const { text } = await php.run({ code: asked });
  const within = (at) => php.listFiles(at, { prependPath: true }).flatMap((file) => (php.isDir(file) ? within(file) : [file]));
  const kept = within(CACHE).filter((file) => file.includes("page.php")).length;
  console.log(`${text}, compiled files that are kept: ${kept}`);
}
process.exit(0);
NODE
nice -n 10 node run.mjs > seen
cat seen
cmp seen - <<'SEEN'
wasm: enabled 11, compiled files that are kept: 0
cli: enabled 11, compiled files that are kept: 1
fpm-fcgi: enabled 11, compiled files that are kept: 1
SEEN
