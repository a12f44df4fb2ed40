import { expect, it } from "vitest";
import { ACCESS } from "../../../src/http/access/access-table.ts";
import { describeApi } from "../../../src/http/openapi.ts";

it("describes every route that may be called, and no other", () => {
  const { paths = {} } = describeApi({ version: "0", publicUrl: undefined });
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map(
      (method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ":$1")}`,
    ),
  );
  // The description itself is not in it.
  const declared = Object.keys(ACCESS).filter((route) => route !== "GET /api/v1/openapi.json");
  expect(described.filter((route) => route.includes(" /api/v1/")).sort()).toEqual(declared.sort());
});
