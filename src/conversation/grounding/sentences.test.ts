import { expect, it } from "vitest";
import { sentencesOf } from "./sentences.ts";

const read = (line: string) => sentencesOf(line).map(({ text, marks }) => [text, marks]);

it.each([
  ["A dice algo [1]. B dice otra cosa [2]."],
  ["A dice algo. [1] B dice otra cosa. [2]"],
  ["[1] A dice algo. [2] B dice otra cosa."],
])("reads each mark with its sentence, wherever it stands: %s", (line) => {
  expect(read(line)).toEqual([
    ["A dice algo.", [1]],
    ["B dice otra cosa.", [2]],
  ]);
});

it("leaves a sentence without a mark without one", () => {
  expect(read("A dice algo. B dice otra cosa. [2]")).toEqual([
    ["A dice algo.", []],
    ["B dice otra cosa.", [2]],
  ]);
  expect(read("A dice algo. [1] B dice otra cosa.")).toEqual([
    ["A dice algo.", [1]],
    ["B dice otra cosa.", []],
  ]);
});

it("reads several marks of one sentence", () => {
  expect(read("A dice algo. [1][2] B dice otra cosa [3, 4].")).toEqual([
    ["A dice algo.", [1, 2]],
    ["B dice otra cosa.", [3, 4]],
  ]);
});
