const escape = (text: string): string => text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);

const STYLE = `
  :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
  body { max-inline-size: 26rem; margin: 10vh auto; padding-inline: 1rem; }
  label { display: block; margin-block-start: 1rem; }
  input { inline-size: 100%; box-sizing: border-box; font: inherit; padding: .5rem; margin-block-start: .25rem; }
  button { font: inherit; padding: .6rem 1.2rem; margin-block-start: 1.5rem; }
  [role=alert] { border-inline-start: .3rem solid #b3261e; padding-inline-start: .75rem; }
  table { border-collapse: collapse; margin-block-start: 2rem; font-size: .875rem; }
  th, td { text-align: start; padding: .15rem 1rem .15rem 0; }
`;

export const page = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escape(title)} - Common Ground</title><style>${STYLE}</style></head><body><main><h1>${escape(title)}</h1>${body}</main></body></html>`;

/** The sign-in form, with the demonstration users beneath it. */
export const signInPage = (action: string, users: readonly { readonly username: string; readonly password: string }[], wrong?: string): string =>
  page(
    'Sign in to Common Ground',
    `${wrong ? `<p role="alert">${escape(wrong)}</p>` : ''}
     <form method="post" action="${escape(action)}">
       <label>User <input name="username" autocomplete="username" autocapitalize="none" required autofocus></label>
       <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
       <button>Sign in</button>
     </form>
     <table><caption>Demonstration users</caption><thead><tr><th scope="col">User</th><th scope="col">Password</th></tr></thead>
     <tbody>${users.map(({ username, password }) => `<tr><td>${escape(username)}</td><td>${escape(password)}</td></tr>`).join('')}</tbody></table>`,
  );

export const messagePage = (title: string, message: string): string => page(title, `<p>${escape(message)}</p>`);
