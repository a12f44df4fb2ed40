/** Pages that a link of ours opens. */
export type AccessPage = "setup" | "invitation" | "password-reset";

/**
 * The address to hand to a person. The token is the fragment, which browsers send nowhere: no log and no Referer
 * has it. Without an address of the installation, the path alone.
 */
export function linkTo(siteUrl: string | undefined, page: AccessPage, token: string): string {
  return `${siteUrl ?? ""}/access/${page}#${token}`;
}

/** Where an identity provider sends browsers back to: to be allowed there, letter for letter. */
export function ssoRedirectTo(siteUrl: string | undefined): string {
  return `${siteUrl ?? "http://localhost"}/access/sso`;
}
