import { extendZodWithOpenApi } from "@asteasolutions/zod-to-openapi";
import { z } from "zod";

extendZodWithOpenApi(z);

/** How the editions of a source are found, as it is said from outside. */
const words = (max: number) => z.string().trim().min(1).max(max);
const address = words(1_000).openapi({
  example: "https://www.example.org/{yyyy}/{MM}/{dd}.pdf",
  description: "With {yyyy}, {yy}, {MM}, {M}, {dd} and {d} of the date of publication.",
});

const listing = z.strictObject({
  kind: z.literal("listing"),
  url: address,
  selector: words(300).optional().openapi({
    description: "CSS selector of the links that count; of HTML pages only. Absent: all.",
    example: "ul.ediciones a",
  }),
  links: z
    .array(address)
    .min(1)
    .max(10)
    .openapi({
      description: "Addresses that count; `*` stands for anything but / and ?.",
      example: ["https://www.example.org/{yyyy}/{MM}/{dd}/*.pdf"],
    }),
  render: z.literal("browser").optional().openapi({
    description: "Its links are drawn by scripts: it is opened in a browser.",
  }),
});

const numbered = z.strictObject({
  kind: z.literal("numbered"),
  url: words(1_000).openapi({
    example: "https://www.example.org/{yyyy}/{MM}/{dd}/ALCA{n}_{dd}_{MM}_{yyyy}.pdf",
    description: "With {n}, a number that runs through the year, besides the date.",
  }),
  firstNumber: z
    .int()
    .min(1)
    .max(1_000_000)
    .openapi({ description: "Tried first in a year of which nothing is known." }),
  maxMisses: z
    .int()
    .min(1)
    .max(20)
    .openapi({ description: "So many numbers in a row that lead nowhere end a look." }),
});

const folder = z.strictObject({
  kind: z.literal("folder"),
  path: words(200).openapi({ example: "gacetas/cr", description: "Below SOURCES_DIR." }),
  names: words(200).openapi({
    example: "gaceta-{yyyy}-{MM}-{dd}*.pdf",
    description: "File names that count; `*` stands for anything.",
  }),
});

export const LocatorRequest = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("address"), url: address }),
  listing,
  numbered,
  folder,
  z.strictObject({ kind: z.literal("upload") }),
]);

export const LocatorShape = z.looseObject({
  kind: z.enum(["address", "listing", "numbered", "folder", "upload"]),
});
