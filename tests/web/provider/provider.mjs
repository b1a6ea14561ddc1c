// A certified OpenID provider as it comes, for the tests of the sign-in: what is set is who we are, who lives there,
// and who has shown two factors. Whoever comes signs in as the account that `/as/<account>` has named.
import { createServer } from 'node:https';
import { readFileSync } from 'node:fs';
import { Provider } from 'oidc-provider';

const { port, client, accounts, cert, key } = JSON.parse(process.argv[2]);
let next = '';

const provider = new Provider(`https://localhost:${port}`, {
  clients: [client],
  acrValues: ['http://id.sambi.se/loa/loa3'],
  claims: { email: ['email', 'email_verified'] },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...accounts[id] }) }),
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
});

provider.use(async (ctx, go_on) => {
  if (ctx.path.startsWith('/as/')) {
    next = ctx.path.slice(4);
    ctx.status = 204;
  } else if (ctx.path.startsWith('/interaction/')) {
    const { prompt, params, session } = await provider.interactionDetails(ctx.req, ctx.res);
    let result = { login: { accountId: next, acr: params.acr_values } };
    if (prompt.name === 'consent') {
      const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
      grant.addOIDCScope(params.scope);
      result = { consent: { grantId: await grant.save() } };
    }
    await provider.interactionFinished(ctx.req, ctx.res, result, { mergeWithLastSubmission: true });
    ctx.respond = false;
  } else {
    await go_on();
  }
});

createServer({ cert: readFileSync(cert), key: readFileSync(key) }, provider.callback()).listen(port, '127.0.0.1', () =>
  console.log('listening'));
