import { Anchor, Center, Group, Paper, Stack, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { LANGUAGE_NAMES, LANGUAGES, speak } from "../i18n/i18n.ts";
import { useTitle } from "../parts/page.tsx";
import { tellFailure } from "../parts/tell.ts";

/** The page of somebody who is not in yet. */
export function Card({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ReactNode;
}) {
  const { i18n } = useTranslation();
  useTitle(title);
  return (
    <Center mih="100dvh" p="md" component="main">
      <Stack w="100%" maw={400} gap="lg">
        <Group justify="center" gap="sm">
          <img src="/assets/site/icon.svg" alt="" width={40} height={40} />
          <Title order={1} size="h2">
            Pregonero
          </Title>
        </Group>
        <Paper p="xl" className="sheet" shadow="xs">
          <Title order={2} size="h4" mb="md">
            {title}
          </Title>
          {children}
        </Paper>
        <Group justify="center" gap="md">
          {LANGUAGES.map((language) => (
            <Anchor
              key={language}
              component="button"
              type="button"
              size="sm"
              lang={language}
              c={i18n.language === language ? undefined : "var(--soft)"}
              {...(i18n.language === language && { "aria-current": "true" as const })}
              onClick={() => void speak(language).catch(tellFailure)}
            >
              {LANGUAGE_NAMES[language]}
            </Anchor>
          ))}
        </Group>
      </Stack>
    </Center>
  );
}
