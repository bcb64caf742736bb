// WordPress in memory, on PHP in WebAssembly and on SQLite, as WordPress Playground runs it, behind a server of Node.
// server.mjs FETCHED PORT: what `make test` fetched, and where the site answers. Two addresses are no part of WordPress:
// /source/mails has the mails that it wrote, and /source/export the rows of the tables with its users.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [fetched, port] = process.argv.slice(2);
const require = createRequire(`${fetched}/`);
const load = async (name) => import(pathToFileURL(require.resolve(name)).href);
const { bootWordPressAndRequestHandler } = await load("@wp-playground/wordpress");
const { loadNodeRuntime } = await load("@php-wasm/node");
const zip = (...path) => new File([readFileSync(join(fetched, ...path))], path.at(-1));

const handler = await bootWordPressAndRequestHandler({
  createPhpRuntime: () => loadNodeRuntime("8.3", { emscriptenOptions: { processId: 1 } }),
  siteUrl: `http://127.0.0.1:${port}`,
  // Without a name that opcache knows, it keeps nothing, and each page takes four times as long.
  sapiName: "fpm-fcgi",
  maxPhpInstances: 1,
  cookieStore: false,
  wordPressZip: zip("wordpress.zip"),
  sqliteIntegrationPluginZip: zip("node_modules", "@wp-playground", "cli", "sqlite-database-integration.zip"),
});
const php = await handler.getPrimaryPhp();

// The hook by which sites send their mails in another way.
const MAILS = "/tmp/mails";
php.writeFile(MAILS, "");
php.mkdir("/wordpress/wp-content/mu-plugins");
php.writeFile(
  "/wordpress/wp-content/mu-plugins/mails.php",
  `<?php
add_filter( 'pre_wp_mail', function ( $done, $mail ) {
  return (bool) file_put_contents( '${MAILS}', json_encode( $mail ) . "\\n", FILE_APPEND );
}, 10, 2 );`,
);
const EXPORT = `<?php
require '/wordpress/wp-load.php';
$rows = [];
foreach ( [ $wpdb->users, $wpdb->usermeta ] as $table ) { $rows[ $table ] = $wpdb->get_results( "SELECT * FROM $table" ); }
echo json_encode( $rows, JSON_PRETTY_PRINT | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR );`;

const answers = {
  "/source/mails": async () => php.readFileAsText(MAILS),
  "/source/export": async () => (await php.run({ code: EXPORT })).text,
};

createServer(async (request, response) => {
  try {
    if (answers[request.url]) return response.end(await answers[request.url]());
    const parts = [];
    for await (const part of request) parts.push(part);
    const { method, url, headers } = request;
    const answer = await handler.request({ method, url, headers, body: new Uint8Array(Buffer.concat(parts)) });
    response.writeHead(answer.httpStatusCode, answer.headers);
    response.end(answer.bytes);
  } catch (fault) {
    console.error(fault);
    response.writeHead(599).end(String(fault));
  }
}).listen(port, "127.0.0.1");
