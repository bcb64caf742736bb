// A site of better-auth with user names, second factors and administrators, on SQLite.
// server.mjs FETCHED PORT SECRET: what npm fetched, and where the site answers. Its folder keeps the database and the mails.
import { appendFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [fetched, port, secret] = process.argv.slice(2);
const require = createRequire(`${fetched}/`);
const Database = require("libsql");
const load = async (name) => import(pathToFileURL(require.resolve(name)).href);
const { betterAuth } = await load("better-auth");
const { toNodeHandler } = await load("better-auth/node");
const { getMigrations } = await load("better-auth/db/migration");
const { admin, twoFactor, username } = await load("better-auth/plugins");
const { SqliteDialect } = await load("kysely");

const auth = betterAuth({
  baseURL: `http://127.0.0.1:${port}`,
  secret,
  database: { dialect: new SqliteDialect({ database: new Database("site.sqlite") }), type: "sqlite" },
  emailAndPassword: { enabled: true },
  emailVerification: {
    sendOnSignUp: true,
    sendVerificationEmail: async ({ user, url }) => appendFileSync("mails", `${JSON.stringify([user.email, url])}\n`),
  },
  user: { changeEmail: { enabled: true } },
  // The first administrator of a site, whom nobody can name before the account is there.
  databaseHooks: {
    user: { create: { before: async (user) => ({ data: user.email.startsWith("chief@") ? { ...user, role: "admin" } : user }) } },
  },
  plugins: [username(), twoFactor({ issuer: "Source" }), admin()],
});
await (await getMigrations(auth.options)).runMigrations();
createServer(toNodeHandler(auth)).listen(port, "127.0.0.1");
