import { describe, expect, it } from "vitest";
import { docsView } from "./docs-view.ts";
import { describeApi, type OpenApiDocument } from "./openapi.ts";

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

  it("has every operation of the API in a chapter, in the index, and with a call to copy", () => {
    const api = describeApi({ version: "1", publicUrl: undefined });
    const { markup } = docsView(api);
    const ids = new Set([...markup.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
    const broken = [...markup.matchAll(/href="#([^"]+)"/g)].filter(([, id]) => !ids.has(id));
    expect(broken.map(([, id]) => id)).toEqual([]);
    const operations = Object.values(api.paths ?? {}).flatMap((item) => Object.values(item));
    expect(operations.filter(({ tags }) => tags === undefined)).toEqual([]);
    for (const { operationId } of operations) {
      expect(markup).toContain(`id="op-${operationId}"`);
      expect(markup).toContain(`href="#op-${operationId}"`);
    }
    expect(markup.split(">curl ")).toHaveLength(operations.length + 1);
  });
});
