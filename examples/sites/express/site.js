// A site in Node at www.example.net, whose members are Vestibule's accounts at accounts.example.org: `npm install && npm start`,
// behind a proxy that sends X-Forwarded-Proto (Caddy does by itself). Beside Vestibule, this prints CLIENT_ID and CLIENT_SECRET:
//   vestibule client create Shop --first-party --redirect https://www.example.net/callback
// The settings are these two, SESSION_SECRET (`openssl rand -base64 32`) and PORT in the environment.
import express from "express";
import session from "express-session";
import * as oidc from "openid-client";

const SITE = "https://www.example.net", VESTIBULE = "https://accounts.example.org";
const { CLIENT_ID, CLIENT_SECRET, SESSION_SECRET, PORT = 8001 } = process.env;
const vestibule = await oidc.discovery(new URL(VESTIBULE), CLIENT_ID, CLIENT_SECRET);
const app = express();

// Whoever is on this machine is the proxy, and says by what scheme the visitor came.
app.set("trust proxy", "loopback");
// Sessions are in memory here, so a restart signs everybody out: give them a store.
app.use(session({
  name: "__Host-shop", secret: SESSION_SECRET, resave: false, saveUninitialized: false,
  cookie: { secure: true, httpOnly: true, sameSite: "lax" },
}));

app.get("/", (request, response) => {
  response.send('<!doctype html><title>The shop</title><h1>The shop</h1><p><a href="/members">For members</a></p>');
});

app.get("/members", async (request, response) => {
  const { member } = request.session;
  if (!member) return lead(request, response);
  response.set("Cache-Control", "no-store").send(`<!doctype html><title>Members</title><h1>Hello ${escaped(member.name)}</h1>
<p>You are member ${escaped(member.sub)}.</p>
<form method="post" action="/sign-out"><button>Sign out</button></form>`);
});

// Leads to sign-in, and keeps what the answer is held against.
async function lead(request, response) {
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier(), expectedState = oidc.randomState();
  request.session.asked = { pkceCodeVerifier, expectedState, wanted: request.originalUrl };
  response.redirect(oidc.buildAuthorizationUrl(vestibule, {
    redirect_uri: `${SITE}/callback`, scope: "openid profile email", state: expectedState,
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier), code_challenge_method: "S256",
  }).href);
}

app.get("/callback", async (request, response) => {
  const { wanted, ...checks } = request.session.asked ?? {};
  delete request.session.asked;
  let tokens;
  try {
    if (!wanted) throw new Error("this browser was not led to sign-in, or keeps no cookies");
    tokens = await oidc.authorizationCodeGrant(vestibule, new URL(request.originalUrl, SITE), checks);
  } catch (error) {
    console.error(error);
    return response.status(403).send('<!doctype html><title>Not signed in</title><h1>Not signed in</h1><p><a href="/">The shop</a>');
  }
  const { sub, name } = tokens.claims();  // `sub` names the account for ever
  // A new session, so that nobody has its number from before.
  request.session.regenerate(() => {
    request.session.member = { sub, name };
    request.session.save(() => response.redirect(wanted));
  });
});

// The cookie does not come with a form of another site, so nobody else signs people out.
app.post("/sign-out", (request, response) => request.session.destroy(() => response.redirect("/")));

const escaped = (text) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

app.listen(PORT, "127.0.0.1");
