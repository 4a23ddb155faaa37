// A certified OpenID Connect provider. Prints its issuer; then reads the redirect URI of its one client, a line, and
// answers until its input ends.
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { Provider } from 'oidc-provider';

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const lines = createInterface({ input: process.stdin });
  lines.once('line', (redirect) => {
    const provider = new Provider(issuer, {
      clients: [{
        client_id: 'troth', client_secret: 'a secret: 1+1', redirect_uris: [redirect],
        response_types: ['code'], grant_types: ['authorization_code'],
      }],
      pkce: { required: () => true },
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['groups'] },
      // The claims of scopes are in userinfo alone, as the standard has it.
      findAccount: (context, id) => ({
        accountId: id,
        claims: () => ({ sub: id, email: `${id}@shop.example`, email_verified: true, groups: ['staff'] }),
      }),
    });
    server.on('request', provider.callback());
    console.log('ready');
  });
  lines.on('close', () => process.exit(0));
  console.log(issuer);
});
