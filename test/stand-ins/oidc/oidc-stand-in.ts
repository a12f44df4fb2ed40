import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWTPayload,
  SignJWT,
  UnsecuredJWT,
} from "jose";
import { Provider } from "oidc-provider";

export const CLIENT_ID = "pregonero";
export const CLIENT_SECRET = "what the provider and we alone know";

/** Whom the provider signs in next, and what it says of them. */
export interface Account {
  readonly subject: string;
  readonly email: string;
  readonly isVerified: boolean;
  readonly name: string;
  /** RFC 8176. */
  readonly amr: readonly string[];
}

/** How the next token lies. */
export type Lie =
  | { readonly kind: "claims"; readonly claims: JWTPayload }
  | { readonly kind: "unsigned" }
  | { readonly kind: "other-key" };

/** A certified provider on loopback, whose sign-in page says yes, and whose tokens can be made to lie. */
export interface OidcStandIn {
  readonly issuer: string;
  readonly port: number;
  account: Account;
  lie: Lie | undefined;
  /** As a browser would: from the first address to the one that it is sent back to. */
  visit(url: string): Promise<URL>;
  close(): Promise<void>;
}

export async function startOidcStandIn(redirectUri: () => string): Promise<OidcStandIn> {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  const jwk = { ...(await exportJWK(privateKey)), alg: "RS256", use: "sig", kid: "one" };
  let handle: (request: IncomingMessage, response: ServerResponse) => void = () => {};
  const server = createServer((request, response) => handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}`;
  const standIn: OidcStandIn = {
    issuer,
    port,
    account: {
      subject: "s-1",
      email: "ana@example.org",
      isVerified: true,
      name: "Ana",
      amr: ["pwd"],
    },
    lie: undefined,
    visit: (url) => visit(url, redirectUri()),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  handle = createHandler(standIn, jwk, redirectUri);
  return standIn;
}

function createHandler(
  standIn: OidcStandIn,
  jwk: Awaited<ReturnType<typeof exportJWK>>,
  redirectUri: () => string,
) {
  const provider = new Provider(standIn.issuer, {
    jwks: { keys: [jwk] },
    clients: [
      {
        client_id: CLIENT_ID,
        client_secret: CLIENT_SECRET,
        redirect_uris: [redirectUri()],
        response_types: ["code"],
        grant_types: ["authorization_code"],
      },
    ],
    pkce: { required: () => true },
    cookies: { keys: ["for tests alone"] },
    claims: { openid: ["sub", "amr"], email: ["email", "email_verified"], profile: ["name"] },
    // In the ID token, as the large providers do.
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: () => ({
      accountId: standIn.account.subject,
      claims: () => ({
        sub: standIn.account.subject,
        email: standIn.account.email,
        email_verified: standIn.account.isVerified,
        name: standIn.account.name,
        amr: standIn.account.amr,
      }),
    }),
  });
  provider.use(async (context, next) => {
    await next();
    const token = context.oidc?.route === "token" ? context.body?.id_token : undefined;
    if (token === undefined || standIn.lie === undefined) return;
    context.body = { ...context.body, id_token: await lieAbout(token, standIn.lie, jwk) };
  });
  const answer = provider.callback();
  return (request: IncomingMessage, response: ServerResponse) => {
    if (!request.url?.startsWith("/interaction/")) {
      answer(request, response);
      return;
    }
    agree(provider, standIn, request, response).catch((error: unknown) => {
      response.statusCode = 500;
      response.end(String(error));
    });
  };
}

/** The sign-in page and the consent, answered at once. */
async function agree(
  provider: Provider,
  { account }: OidcStandIn,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { prompt, params } = await provider.interactionDetails(request, response);
  const accountId = account.subject;
  const login = { accountId, amr: account.amr };
  const grant = new provider.Grant({ accountId, clientId: params.client_id ?? "" });
  grant.addOIDCScope("openid email profile");
  const result = prompt.name === "login" ? { login } : { consent: { grantId: await grant.save() } };
  const next = await provider.interactionResult(request, response, result, {
    mergeWithLastSubmission: true,
  });
  response.writeHead(303, { location: next }).end();
}

async function lieAbout(
  token: string,
  lie: Lie,
  jwk: Awaited<ReturnType<typeof exportJWK>>,
): Promise<string> {
  const claims = JSON.parse(
    Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"),
  ) as JWTPayload;
  if (lie.kind === "unsigned") return new UnsecuredJWT(claims).encode();
  const key =
    lie.kind === "other-key"
      ? (await generateKeyPair("RS256")).privateKey
      : await importJWK(jwk, "RS256");
  const told = lie.kind === "claims" ? { ...claims, ...lie.claims } : claims;
  return new SignJWT(told).setProtectedHeader({ alg: "RS256", kid: "one" }).sign(key);
}

const MAX_HOPS = 12;

async function visit(first: string, redirectUri: string): Promise<URL> {
  const cookies = new Map<string, string>();
  let url = new URL(first);
  for (let hop = 0; hop < MAX_HOPS; hop += 1) {
    if (url.href.startsWith(redirectUri)) return url;
    const response = await fetch(url, {
      redirect: "manual",
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") },
    });
    for (const line of response.headers.getSetCookie()) {
      const pair = line.split(";")[0] ?? "";
      const at = pair.indexOf("=");
      cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const location = response.headers.get("location");
    if (location === null) throw new Error(`${response.status} ${await response.text()}`);
    url = new URL(location, url);
  }
  throw new Error(`More than ${MAX_HOPS} hops from ${first}`);
}
