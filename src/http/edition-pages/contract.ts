import { extendZodWithOpenApi } from "@asteasolutions/zod-to-openapi";
import { z } from "zod";
import { LANGUAGES } from "../../core/language.ts";

extendZodWithOpenApi(z);

/** The outside contract of how an edition was read: page by page, for whoever looks after it. */

const origin = z.enum(["text-layer", "ocr", "empty"]).openapi({
  description:
    "How its text was had: from the PDF itself, recognised from its image, or there is none.",
});
const confidence = z.number().min(0).max(100).nullable().openapi({
  description:
    "What the recogniser believes of the words that it read; null: nothing was recognised, or it was not kept.",
});
const printedPage = z
  .string()
  .nullable()
  .openapi({ description: "The number printed on it; null: none was found.", example: "12" });

const givenUp = z
  .object({
    reason: z.string().openapi({ example: "pdf-too-slow" }),
    tries: z.int(),
    nextTryAt: z
      .string()
      .nullable()
      .openapi({ format: "date-time", description: "Null: no more." }),
  })
  .nullable()
  .openapi({ description: "Why its image was not read to the end; null: it was, or need not be." });

export const EditionReadingShape = z
  .object({
    id: z.string(),
    source: z.object({
      id: z.string(),
      slug: z.string(),
      name: z.string(),
      language: z.enum(LANGUAGES),
      isPublic: z.boolean(),
    }),
    date: z.string().openapi({ example: "2026-11-20" }),
    number: z.string().nullable(),
    documentName: z.string(),
    pages: z
      .array(z.object({ page: z.int(), printedPage, origin, confidence, givenUp }))
      .openapi({ description: "Each page of the file, in order." }),
    coverage: z
      .object({ pages: z.int(), read: z.int() })
      .openapi({ description: "Pages, and those of them that were not given up." }),
    acts: z.array(
      z.object({
        section: z.string(),
        issuingBody: z.string(),
        title: z.string(),
        page: z.int(),
        lastPage: z.int(),
      }),
    ),
  })
  .openapi("EditionReading");

const coordinate = z.number();
export const PageReadingShape = z
  .object({
    page: z.int(),
    printedPage,
    width: coordinate.openapi({ description: "Points, as displayed; so are all boxes." }),
    height: coordinate,
    origin,
    confidence,
    givenUp,
    text: z.string().openapi({ description: "In reading order, without running heads and feet." }),
    passages: z
      .array(
        z.object({
          id: z.string(),
          act: z.int().openapi({ description: "Order of its act in the edition, from 0." }),
          heading: z.string(),
          lines: z
            .array(
              z.object({
                text: z.string().openapi({
                  description: "One goes on where the other ends; divided words are joined.",
                }),
                x: coordinate,
                y: coordinate,
                width: coordinate,
                height: coordinate,
              }),
            )
            .openapi({ description: "Those that stand on this page; origin at the top left." }),
        }),
      )
      .openapi({ description: "What is cited, in the order in which it is read." }),
  })
  .openapi("PageReading");

export const PageInPath = z
  .string()
  .regex(/^[1-9]\d{0,5}$/, "must be the number of a page, from 1")
  .transform(Number);

export const ImageQuery = z.strictObject({
  width: z
    .enum(["800", "1200", "1800"])
    .default("1200")
    .openapi({ description: "In pixels.", example: "1200" }),
});
