import { createRoot } from 'react-dom/client';
import { connect } from '../../watch-js/watch.js';
import App from './App.jsx';

// Where the platform is, and where this page's own backend says who its user is: see backend.mjs.
const url = import.meta.env.VITE_TROTH ?? 'http://localhost:4000';
const backend = import.meta.env.VITE_BACKEND ?? 'http://localhost:3001';

async function getToken() {
  const answer = await fetch(`${backend}/token`);
  if (!answer.ok) throw new Error(`the backend answered ${answer.status}`);
  return answer.text();
}

const troth = connect({ url, getToken });
createRoot(document.getElementById('root')).render(<App troth={troth} url={url} getToken={getToken} />);
