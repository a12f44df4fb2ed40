import { type LookupAddress, type LookupOptions, lookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { PregoneroError } from "../core/errors.ts";
import { isPublicAddress } from "../guarded-fetch/public-address.ts";

type Resolve = (
  host: string,
  options: LookupOptions & { readonly all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** Names that only a private network resolves, whatever they lead to. */
const PRIVATE_NAMES = /^[^.]+$|\.(localhost|local|internal|lan|home|intranet|corp|arpa)$/i;

/**
 * For the connections to an address that a tenant gave: looks the name up as usual, and refuses when any of what
 * it stands for at that moment is not of the public internet. A name that was public when it was saved and leads
 * inside now is thereby refused at every connection. An address instead of a name is not looked up by Node: that
 * is `checkBaseUrl`'s.
 */
export function createPublicLookup(resolve: Resolve = lookup): LookupFunction {
  return (host, options, callback) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      const hidden = addresses?.find(({ address }) => !isPublicAddress(address));
      const [first] = addresses ?? [];
      if (error !== null || first === undefined) callback(error ?? unknownName(host), "", 0);
      else if (hidden !== undefined) callback(refused(host), "", 0);
      else if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

function unknownName(host: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${host} has no address.`), { code: "ENOTFOUND" });
}

function refused(host: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${host} leads into a private network.`), { code: "EACCES" });
}

/**
 * The address of a model server as it is saved: http or https, nothing but host, port and path. Throws
 * `assistant-invalid` for another, and unless the operator allows private hosts for every host that is or leads
 * inside, and for a public one without TLS. A name that cannot be looked up now is judged when it is connected to.
 */
export async function checkBaseUrl(
  given: string,
  options: { readonly allowsPrivateHosts: boolean; readonly resolve?: Resolve },
): Promise<string> {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  const isPlain =
    url !== undefined &&
    ["http:", "https:"].includes(url.protocol) &&
    [url.username, url.password, url.search, url.hash].every((part) => part === "");
  if (!isPlain) {
    throw invalid(
      `"${given.slice(0, 100)}" is no address of a model server: it begins with https://, and holds no password, query or fragment.`,
    );
  }
  const baseUrl = `${url.origin}${url.pathname}`.replace(/\/+$/, "");
  if (options.allowsPrivateHosts) return baseUrl;
  const host = url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  if (await isPrivate(host, options.resolve ?? lookup)) {
    throw invalid(
      `${url.hostname} is or leads into a private network, where this installation's operator allows no model servers (ALLOW_PRIVATE_MODEL_HOSTS).`,
    );
  }
  if (url.protocol === "http:") {
    throw invalid(`${url.hostname} must be reached by https: over http anybody reads the key.`);
  }
  return baseUrl;
}

async function isPrivate(host: string, resolve: Resolve): Promise<boolean> {
  if (isIP(host) !== 0) return !isPublicAddress(host);
  if (PRIVATE_NAMES.test(host)) return true;
  const addresses = await new Promise<readonly LookupAddress[]>((done) => {
    resolve(host, { all: true }, (error, found) => done(error === null ? found : []));
  });
  return addresses.some(({ address }) => !isPublicAddress(address));
}

function invalid(message: string): PregoneroError {
  return new PregoneroError("assistant-invalid", message, { status: 400 });
}
