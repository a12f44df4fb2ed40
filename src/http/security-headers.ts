import type { RequestHandler } from "express";
import helmet from "helmet";

/** One year, with subdomains (ASVS 3.4.1). */
const HSTS_SECONDS = 365 * 24 * 3600;

/**
 * Everything comes from this host, and no script or style stands in a page: scripts, styles, images and
 * calls elsewhere are refused by the browser itself.
 */
export function securityHeaders(options: { readonly isSecure: boolean }): RequestHandler[] {
  const headers = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        manifestSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: options.isSecure && { maxAge: HSTS_SECONDS, includeSubDomains: true },
    referrerPolicy: { policy: "same-origin" },
    xFrameOptions: { action: "deny" },
  });
  const permissions: RequestHandler = (_request, response, next) => {
    response.setHeader(
      "Permissions-Policy",
      "camera=(), geolocation=(), microphone=(), payment=()",
    );
    next();
  };
  return [headers, permissions];
}
