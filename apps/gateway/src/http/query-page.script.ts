/** What runs in the browser on the query page. The token stays in this tab's memory and is gone when the tab is. */
export const QUERY_PAGE_SCRIPT = String.raw`
'use strict';
const { issuer, client } = document.body.dataset;
const find = (id) => document.getElementById(id);
const here = location.origin + '/graphiql';
const base64url = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));
const show = (text) => { find('answer').textContent = text; };
const endpoints = () => fetch(issuer.replace(/\/$/, '') + '/.well-known/openid-configuration').then((response) => response.json());
let token;

find('query').value = sessionStorage.getItem('query') ?? '{\n  portfolio(first: 10) {\n    totalCount\n    edges { node { mission code activities { planned held unrecorded } } }\n  }\n}\n';

const signIn = async () => {
  const { authorization_endpoint } = await endpoints();
  const verifier = random();
  const state = random();
  sessionStorage.setItem('verifier', verifier);
  sessionStorage.setItem('state', state);
  const challenge = base64url(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier)));
  const parameters = { response_type: 'code', client_id: client, redirect_uri: here, scope: 'openid', state, code_challenge: challenge, code_challenge_method: 'S256' };
  location.assign(authorization_endpoint + '?' + new URLSearchParams(parameters));
};

const comeBack = async () => {
  const parameters = new URLSearchParams(location.search);
  const [code, state] = [parameters.get('code'), parameters.get('state')];
  if (!code && !parameters.get('error')) return;
  history.replaceState(null, '', here);
  if (!code || state !== sessionStorage.getItem('state')) return show('Sign-in did not succeed: ' + (parameters.get('error_description') ?? 'the answer was not meant for this page') + '. Try again.');
  const { token_endpoint } = await endpoints();
  const body = new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: here, client_id: client, code_verifier: sessionStorage.getItem('verifier') });
  const answer = await fetch(token_endpoint, { method: 'POST', body }).then((response) => response.json());
  sessionStorage.removeItem('verifier');
  sessionStorage.removeItem('state');
  token = answer.access_token;
  if (!token) return show('Sign-in did not succeed: ' + (answer.error_description ?? answer.error));
  find('who').textContent = 'Signed in';
  find('sign').textContent = 'Sign in as another';
};

const run = async () => {
  if (!token) return show('Sign in first.');
  const query = find('query').value;
  sessionStorage.setItem('query', query);
  show('…');
  try {
    const variables = JSON.parse(find('variables').value || '{}');
    const response = await fetch('/graphql', { method: 'POST', headers: { 'content-type': 'application/json', authorization: 'Bearer ' + token }, body: JSON.stringify({ query, variables }) });
    show(JSON.stringify(await response.json(), null, 2));
  } catch (error) {
    show(String(error));
  }
};

find('sign').addEventListener('click', () => signIn().catch((error) => show(String(error))));
find('run').addEventListener('click', run);
addEventListener('keydown', (event) => { if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) run(); });
comeBack().catch((error) => show(String(error)));
`;
