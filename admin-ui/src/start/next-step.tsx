import { Code, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { GET } from "../api/api.ts";
import { Icon } from "../parts/icon.tsx";
import { useSigned } from "../shell/session.ts";
import { type GettingStarted, useBots } from "./queries.ts";
import classes from "./start.module.css";

/** As the installation reads them (`docs/configuration.md`); one pair is enough. */
const VARIABLES = [
  ["OPENAI_API_KEY", "OPENAI_MODEL"],
  ["ANTHROPIC_API_KEY", "ANTHROPIC_MODEL"],
  ["GEMINI_API_KEY", "GEMINI_MODEL"],
  ["XAI_API_KEY", "XAI_MODEL"],
  ["LOCAL_LLM_BASE_URL", "LOCAL_LLM_MODEL"],
] as const;

/** What to do once it answers; what is done already is marked. */
export default function NextStep({ facts }: { readonly facts: GettingStarted }) {
  const { t } = useTranslation();
  const { role } = useSigned();
  const bots = useBots();
  const models = useQuery({
    queryKey: ["models"],
    queryFn: async () => (await GET("/api/v1/models")).data.models,
  });
  const webChat = bots.data?.find(({ channel }) => channel === "web-chat");
  const hasModel = models.data?.some(({ state }) => state !== "needs-key") ?? false;
  return (
    <Stack component="ul" gap="lg" m={0} p={0} className={classes.plain}>
      <Task title={t("start.model")} isDone={hasModel}>
        <Text size="sm">{t("start.modelHint")}</Text>
        <ul className={classes.variables}>
          {VARIABLES.map(([key, model]) => (
            <li key={key}>
              <Code>{key}</Code> <Code>{model}</Code>
            </li>
          ))}
        </ul>
        <Text size="sm">
          {t("start.modelOwn")} <Go to="/assistants">{t("nav.assistants")}</Go>
        </Text>
      </Task>
      {role === "owner" && (
        <Task title={t("start.invite")} isDone={facts.peopleCount > 1}>
          <Text size="sm">
            {t("start.inviteHint")} <Go to="/members">{t("nav.members")}</Go>
          </Text>
        </Task>
      )}
      {webChat !== undefined && (
        <Task title={t("start.site")}>
          <Text size="sm">
            {t("start.siteHint")}{" "}
            <Link
              to="/bots/$botId/web-chat"
              params={{ botId: webChat.id }}
              style={{ color: "inherit" }}
            >
              {t("bots.looks")}
            </Link>
          </Text>
        </Task>
      )}
      <Task title={t("start.subscribe")} isDone={facts.subscriptionCount > 0}>
        <Text size="sm">
          {t("start.subscribeHint")} <Code>{t("start.subscribeCommand")}</Code>
        </Text>
      </Task>
    </Stack>
  );
}

function Task({
  title,
  isDone = false,
  children,
}: {
  readonly title: string;
  readonly isDone?: boolean;
  readonly children: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <li>
      <Title order={3} size="h5">
        {title}
        {isDone && (
          <Text span size="sm" className="soft">
            {" "}
            <Icon name="tick" size={16} /> {t("start.done")}
          </Text>
        )}
      </Title>
      {children}
    </li>
  );
}

function Go({
  to,
  children,
}: {
  readonly to: "/assistants" | "/members";
  readonly children: string;
}) {
  return (
    <Link to={to} style={{ color: "inherit" }}>
      {children}
    </Link>
  );
}
