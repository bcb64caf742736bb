// A provider of OpenID Connect of another maker, for one client. It prints its issuer, then reads a line: where answers
// go, and by which algorithm it signs. People sign in with any name; its forms are its own (`devInteractions`).
import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'

const { Provider } = await import(pathToFileURL(process.argv[2]))
const keys = [
  ['RS256', generateKeyPairSync('rsa', { modulusLength: 2048 })],
  ['ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' })],
].map(([alg, pair]) => ({ ...pair.privateKey.export({ format: 'jwk' }), alg, use: 'sig', kid: alg }))

const server = createServer()
server.listen(0, '127.0.0.1', () => {
  // Another host than the site's, so that browsers take it for another site.
  const issuer = `http://localhost:${server.address().port}`
  createInterface({ input: process.stdin }).once('line', line => {
    const [callback, algorithm] = line.split(' ')
    const person = sub => ({ sub, email: `${sub}@provider.example`, email_verified: true, name: `Žofie ${sub}` })
    const provider = new Provider(issuer, {
      clients: [{
        client_id: 'vestibule here', client_secret: 'hush & keep=it', redirect_uris: [callback],
        id_token_signed_response_alg: algorithm, token_endpoint_auth_method: 'client_secret_basic',
      }],
      claims: { email: ['email', 'email_verified'], profile: ['name'] },
      cookies: { keys: ['only for tests'] },
      features: { devInteractions: { enabled: true } },
      findAccount: (_, id) => ({ accountId: id, claims: () => person(id) }),
      jwks: { keys },
    })
    server.on('request', provider.callback())
    console.log('ready')
  })
  console.log(issuer)
})
