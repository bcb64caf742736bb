// An app without a server at www.example.net, whose members are Vestibule's accounts at accounts.example.org: `npm install`, and
// let any web server hand out this folder. The two addresses below stand in index.html too. Vestibule's settings beside its own:
//   cors = { origins = ["https://www.example.net"] }
// Beside Vestibule, this prints CLIENT_ID, which is no secret:
//   vestibule client create App --public --redirect https://www.example.net/
import * as oauth from "./node_modules/oauth4webapi/build/index.js";

const APP = "https://www.example.net/", VESTIBULE = new URL("https://accounts.example.org");
const client = { client_id: "CLIENT_ID" };
const kept = (name) => JSON.parse(sessionStorage.getItem(name));
const keep = (name, value) => sessionStorage.setItem(name, JSON.stringify(value));

async function discovered() {
  return oauth.processDiscoveryResponse(VESTIBULE, await oauth.discoveryRequest(VESTIBULE));
}

// Leads to sign-in, and keeps for this tab what the answer is held against.
async function signIn() {
  const asked = {
    verifier: oauth.generateRandomCodeVerifier(), state: oauth.generateRandomState(), nonce: oauth.generateRandomNonce(),
    wanted: location.href,
  };
  const address = new URL((await discovered()).authorization_endpoint);
  address.search = new URLSearchParams({
    client_id: client.client_id, redirect_uri: APP, response_type: "code", scope: "openid profile",
    state: asked.state, nonce: asked.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(asked.verifier), code_challenge_method: "S256",
  });
  keep("asked", asked);
  location.assign(address);
}

// Exchanges the answer in the address for who came back with it.
async function comeBack() {
  const answer = new URL(location.href), asked = kept("asked");
  sessionStorage.removeItem("asked");
  // Neither the history nor a reload has the answer.
  history.replaceState(null, "", asked?.wanted ?? APP);
  if (!asked) throw new Error("this tab did not lead to sign-in");
  const vestibule = await discovered();
  const code = oauth.validateAuthResponse(vestibule, client, answer, asked.state);
  const exchanged = await oauth.authorizationCodeGrantRequest(vestibule, client, oauth.None(), code, APP, asked.verifier);
  const checks = { expectedNonce: asked.nonce, requireIdToken: true };
  const tokens = await oauth.processAuthorizationCodeResponse(vestibule, client, exchanged, checks);
  const { sub } = oauth.getValidatedIdTokenClaims(tokens);  // names the account for ever
  const told = await oauth.userInfoRequest(vestibule, client, tokens.access_token);
  const { name } = await oauth.processUserInfoResponse(vestibule, client, sub, told);
  // The tokens are in no storage, where scripts could read them later.
  keep("member", { sub, name });
}

function show(trouble) {
  const member = kept("member"), button = (id) => document.querySelector(id);
  const greeting = member ? `Hello ${member.name}. You are member ${member.sub}.` : "For members.";
  document.querySelector("#told").textContent = trouble ?? greeting;
  button("#sign-in").hidden = Boolean(member);
  button("#sign-out").hidden = !member;
}

function refuse(error) {
  console.error(error);
  show("Not signed in.");
}

document.querySelector("#sign-in").addEventListener("click", () => signIn().catch(refuse));
// Vestibule's own session goes on.
document.querySelector("#sign-out").addEventListener("click", () => {
  sessionStorage.removeItem("member");
  show();
});

if (new URLSearchParams(location.search).has("state")) await comeBack().then(() => show(), refuse);
else show();
