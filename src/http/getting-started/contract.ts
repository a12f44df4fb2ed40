import { extendZodWithOpenApi } from "@asteasolutions/zod-to-openapi";
import { z } from "zod";

extendZodWithOpenApi(z);

export const GettingStartedShape = z
  .object({
    edition: z
      .object({
        source: z.string().openapi({ example: "la-gaceta" }),
        name: z.string(),
        date: z.string().openapi({ format: "date" }),
        number: z.string().nullable(),
      })
      .nullable()
      .openapi({ description: "The newest one that bots can cite. Null: there is none yet." }),
    sourceCount: z.int().openapi({ description: "Gazettes that are collected by themselves." }),
    documentCount: z.int().openapi({ description: "Documents that answers can cite." }),
    wasAsked: z.boolean().openapi({ description: "Somebody wrote to one of the bots." }),
    peopleCount: z.int().openapi({ description: "People who may sign in." }),
    subscriptionCount: z.int().openapi({ description: "Subscriptions that are told of news." }),
  })
  .openapi("GettingStarted");
