// The page's own backend: it knows its user, and gets a token of an hour for them from the platform.
// TROTH_TOKEN=… node backend.mjs; the token is an admin's, and never leaves this process.
import { createServer } from 'node:http';

const platform = process.env.TROTH_URL ?? 'http://localhost:4000';
const page = process.env.PAGE_ORIGIN ?? 'http://localhost:3000';
const admin = process.env.TROTH_TOKEN;
if (!admin) {
  console.error('TROTH_TOKEN is missing, expected the token of an admin');
  process.exit(2);
}

// Whoever is logged in at your site; here everybody is ann.
const userOf = () => process.env.PAGE_USER ?? 'ann';

createServer(async (request, response) => {
  if (request.url !== '/token' || request.method !== 'GET') {
    response.writeHead(404).end();
    return;
  }
  try {
    const answer = await fetch(`${platform}/api/tokens`, {
      method: 'POST',
      headers: { authorization: `Bearer ${admin}`, 'content-type': 'application/json' },
      body: JSON.stringify({ user: userOf(request), role: 'member', life: '1h', note: 'its page' }),
    });
    const issued = await answer.json();
    response
      .writeHead(answer.ok ? 200 : 502, { 'content-type': 'text/plain', 'access-control-allow-origin': page })
      .end(answer.ok ? issued.token : issued.detail);
  } catch (error) {
    response.writeHead(502, { 'access-control-allow-origin': page }).end(String(error));
  }
}).listen(Number(process.env.PORT ?? 3001), '127.0.0.1', function () {
  console.log(`listening on ${this.address().port}`);
});
