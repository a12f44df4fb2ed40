import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ChangeWebChatRequest } from "../../../src/http/widget/contract.ts";
import { themeOf } from "../../../src/http/widget/theme.ts";
import { bodyOf, embedOf, looksOf } from "./looks.ts";
import { shadesOf } from "./shades.ts";

const SAVED = {
  name: "Consultas",
  colour: "#004488",
  greeting: "",
  questions: ["¿Qué se publicó hoy?"],
  allowedOrigins: ["https://www.example.org"],
  shownColours: null,
  notice: null,
  embed: null,
  avatar: null,
};

describe("the looks of a web chat", () => {
  it("are previewed in the very shades that the server shows", () => {
    const part = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(fc.tuple(part, part, part), (parts) => {
        const colour = `#${parts.map((each) => each.toString(16).padStart(2, "0")).join("")}`;
        const theme = themeOf(colour);
        expect(shadesOf(colour, "light")).toEqual(theme.light);
        expect(shadesOf(colour, "dark")).toEqual(theme.dark);
      }),
    );
  });

  it("are sent as they were read when nothing is changed", () => {
    const { name, colour, greeting, questions, allowedOrigins } = SAVED;
    const same = { name, colour, greeting, questions, allowedOrigins };
    expect(bodyOf(looksOf(SAVED))).toEqual(same);
    expect(bodyOf({ ...looksOf(SAVED), colour: "" }).colour).toBeNull();
  });

  it("take the site of whatever address was pasted, once", () => {
    const allowedOrigins =
      "https://www.Example.org/contacto?x=1\n www.example.org \nhttp://localhost:3000/";
    const body = bodyOf({ ...looksOf(SAVED), allowedOrigins });
    expect(body.allowedOrigins).toEqual(["https://www.example.org", "http://localhost:3000"]);
    expect(ChangeWebChatRequest.safeParse(body).success).toBe(true);
  });

  it("come as two lines of HTML in which no name can be markup", () => {
    const [script, link, ...rest] = embedOf("https://p.example.org", "k1", '"><b>').split("\n");
    expect(script).toBe(
      '<script src="https://p.example.org/widget.js" data-bot="k1" async></script>',
    );
    expect(link).toContain(">&quot;&gt;&lt;b&gt;</a>");
    expect(rest).toEqual([]);
  });
});
