import type { FastifyInstance } from 'fastify';
import { QUERY_PAGE_SCRIPT } from './query-page.script.js';

export type QueryPageOptions = { readonly issuer: string; readonly clientId: string };

const STYLE = `
  :root { color-scheme: light dark; font: 15px/1.4 system-ui, sans-serif }
  body { margin: 0; display: grid; grid-template-rows: auto 1fr; height: 100vh }
  header { display: flex; gap: .75rem; align-items: center; padding: .5rem 1rem; border-bottom: 1px solid #8886 }
  h1 { font-size: 1rem; margin: 0 auto 0 0 }
  main { display: grid; grid-template-columns: 1fr 1fr; min-height: 0 }
  section { display: grid; grid-template-rows: auto 3fr auto 1fr; min-height: 0; border-inline-end: 1px solid #8886 }
  label { padding: .25rem 1rem; font-size: .85rem }
  textarea, pre { margin: 0; padding: .5rem 1rem; border: 0; font: 14px/1.5 ui-monospace, monospace; resize: none; overflow: auto; background: transparent; color: inherit }
  button { font: inherit; padding: .25rem .75rem }
`;

const html = ({ issuer, clientId }: QueryPageOptions): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Common Ground: queries</title>
<style>${STYLE}</style>
<body data-issuer="${attribute(issuer)}" data-client="${attribute(clientId)}">
<header><h1>Common Ground: queries</h1><span id="who" role="status"></span><button id="sign">Sign in</button><button id="run">Run (Ctrl+Enter)</button></header>
<main>
<section><label for="query">Query or mutation</label><textarea id="query" spellcheck="false"></textarea><label for="variables">Variables (JSON)</label><textarea id="variables" spellcheck="false">{}</textarea></section>
<pre id="answer" tabindex="0" aria-live="polite" aria-label="Answer"></pre>
</main>
<script src="/graphiql.js"></script>
</body>
</html>
`;

const attribute = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

/** A page of our own to try queries on, with nothing from elsewhere; sign-in by authorization code with PKCE. */
export const serveQueryPage = (fastify: FastifyInstance, options: QueryPageOptions): void => {
  const issuerOrigin = new URL(options.issuer).origin;
  const policy = `default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self' ${issuerOrigin}; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;
  fastify.get('/graphiql', async (_request, reply) => reply.headers({ 'content-security-policy': policy, 'content-type': 'text/html; charset=utf-8' }).send(html(options)));
  fastify.get('/graphiql.js', async (_request, reply) => reply.header('content-type', 'text/javascript; charset=utf-8').send(QUERY_PAGE_SCRIPT));
};
