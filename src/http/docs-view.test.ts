import { describe, expect, it } from "vitest";
import { docsView } from "./docs-view.ts";
import type { OpenApiDocument } from "./openapi.ts";

const METHODS = ["get", "post", "put", "patch", "delete"] as const;
const document: OpenApiDocument = {
  openapi: "3.1.0",
  info: { title: "Pregonero", version: "1", description: "Answers." },
  paths: {
    "/api/v1/things": Object.fromEntries(
      METHODS.map((method) => [
        method,
        {
          summary: `To ${method} things`,
          description: "Needs the scope `ask` of <everybody>.",
          responses: { 400: { description: "`fields` says where." } },
        },
      ]),
    ),
  },
};

describe("the page of the API", () => {
  it("shows every operation, whatever its method", () => {
    const { markup } = docsView(document);
    for (const method of METHODS) {
      expect(markup).toContain(`To ${method} things`);
      expect(markup).toContain(method.toUpperCase());
    }
  });

  it("shows as code what stands between backticks, and nothing of it as markup", () => {
    const { markup } = docsView(document);
    expect(markup).toContain("Needs the scope <code>ask</code> of &lt;everybody&gt;.");
    expect(markup).toContain("<code>fields</code> says where.");
    expect(markup).not.toContain("`");
  });
});
