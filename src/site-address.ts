import type { Config } from "./config.ts";

/** Where people reach the pages that citations point to. */
export interface SiteAddress {
  /**
   * PUBLIC_URL, else the address on this machine; no trailing slash. Undefined while PORT is 0 and nothing
   * listens yet: read it when a link is made, not before.
   */
  readonly url: string | undefined;
  /** The server of this process listens on this port. */
  setPort(port: number): void;
}

export function createSiteAddress(
  config: Pick<Config, "publicUrl" | "host" | "port">,
): SiteAddress {
  let port = config.port;
  return {
    get url() {
      if (config.publicUrl !== undefined) return config.publicUrl;
      return port === 0 ? undefined : localUrl(config.host, port);
    },
    setPort(bound) {
      port = bound;
    },
  };
}

/** Where people on this machine reach the port, without a trailing slash. */
export function localUrl(host: string, port: number): string {
  const name = host === "0.0.0.0" || host === "::" ? "localhost" : host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${port}`;
}
