import { Avatar } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { GET } from "../api/api.ts";
import type { Bot } from "../api/types.ts";
import { DrawnImage } from "../parts/drawn-image.tsx";
import classes from "./bots.module.css";

/** As `.picture` has it. */
const SIZE_PX = 44;

/** The bot as people see it in their chats; where the network shows no picture, its initials. */
export function BotPicture({ bot: { id, channel, name } }: { readonly bot: Bot }) {
  const picture = useQuery({
    queryKey: ["bot-picture", id],
    enabled: channel === "telegram",
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    queryFn: async () => {
      const params = { path: { botId: id } };
      const { data, response } = await GET("/api/v1/bots/{botId}/picture", {
        params,
        parseAs: "blob",
      });
      return response.status === 204 || data === undefined ? null : data;
    },
  });
  if (picture.data instanceof Blob) {
    return <DrawnImage image={picture.data} label={name} className={classes.picture} />;
  }
  return <Avatar name={name} variant="default" size={SIZE_PX} aria-hidden="true" />;
}
