// The peer: the service that gate replaces. KEY=string passes the secret as it is, KEY=object as a KeyObject.
const express = require('express');
const jwt = require('jsonwebtoken');
const { createSecretKey } = require('node:crypto');

const secret = process.env.JWT_SECRET;
const key = process.env.KEY === 'object' ? createSecretKey(Buffer.from(secret)) : secret;
const app = express();
app.use(express.json());
app.post('/validate', (request, response) => {
  const token = request.body.token;
  if (!token) {
    return response.status(400).json({ valid: false, error: 'No token provided' });
  }
  try {
    jwt.verify(token, key, { algorithms: ['HS256'] });
    response.json({ valid: true });
  } catch (error) {
    response.status(401).json({ valid: false, error: error.message });
  }
});
app.listen(Number(process.env.PORT), '127.0.0.1');
