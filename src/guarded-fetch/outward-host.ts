import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { PregoneroError } from "../core/errors.ts";
import type { ReachableHost, ReachHost } from "../core/guarded-fetch.ts";
import type { ResolveName } from "./guarded-fetch.ts";
import { type Allowed, refused } from "./outward-url.ts";
import { isPublicAddress } from "./public-address.ts";

const HOST =
  /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i;

/**
 * As the guarded fetch, for what does not speak HTTP: all that the host stands for is checked, and the caller connects
 * to one of exactly those. `ports` are those of the public internet that may be reached.
 */
export function createReachHost(options: {
  readonly allowed: Allowed;
  readonly ports: ReadonlySet<number>;
  /** Default: as the machine resolves names. */
  readonly resolve?: ResolveName;
}): ReachHost {
  const { allowed, ports, resolve = (host) => lookup(host, { all: true }) } = options;
  return async (host, port): Promise<ReachableHost> => {
    const isLiteral = isIP(host) !== 0;
    if (!isLiteral && !HOST.test(host)) throw refused(host, "it is no name of a host");
    const found = isLiteral ? [{ address: host }] : await resolveHost(resolve, host);
    for (const { address } of found) {
      if (allowed === "everything") continue;
      if (allowed.some((entry) => entry.address === address && entry.port === port)) continue;
      if (!isPublicAddress(address)) throw refused(host, "it leads into a private network");
      if (!ports.has(port)) throw refused(`${host}:${port}`, "its port is not reached");
    }
    const [first] = found;
    if (first === undefined) throw unknownHost(host);
    return {
      address: first.address,
      isPublic: found.some(({ address }) => isPublicAddress(address)),
    };
  };
}

async function resolveHost(
  resolve: ResolveName,
  host: string,
): Promise<readonly { readonly address: string }[]> {
  try {
    return await resolve(host);
  } catch (error) {
    throw unknownHost(host, error);
  }
}

function unknownHost(host: string, cause?: unknown): PregoneroError {
  return new PregoneroError("host-unknown", `The name ${host} has no address now.`, {
    retry: "backoff",
    status: 502,
    cause,
  });
}
