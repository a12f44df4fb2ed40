import { Badge, Button, Group, Modal, Paper, Stack, Text, TextInput, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Link, useNavigate } from "@tanstack/react-router";
import { type FormEvent, lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { withWords } from "../i18n/i18n.ts";
import { Icon } from "../parts/icon.tsx";
import { Page } from "../parts/page.tsx";
import { Empty, Failure, LoadingRows } from "../parts/states.tsx";
import { useSigned } from "../shell/session.ts";
import type { Assistant } from "./draft.ts";
import { useAssistants } from "./queries.ts";

const Budgets = lazy(() => withWords(import("../usage/budgets.tsx"), "budgets"));

/** How the tenant's bots answer: each manner by its name, and what all of them may cost. */
export function Assistants() {
  const { t } = useTranslation();
  const { role } = useSigned();
  const mayChange = role === "owner" || role === "editor";
  const [isNaming, naming] = useDisclosure();
  const assistants = useAssistants();
  return (
    <Page
      title={t("nav.assistants")}
      lead={t("assistants.lead")}
      actions={
        mayChange && (
          <Button leftSection={<Icon name="plus" size={17} />} onClick={naming.open}>
            {t("assistants.add")}
          </Button>
        )
      }
    >
      {assistants.isError && (
        <Failure error={assistants.error} retry={() => assistants.refetch()} />
      )}
      {assistants.isPending && <LoadingRows height={84} rows={3} />}
      {assistants.data?.length === 0 && (
        <Empty icon="assistants" title={t("assistants.none")}>
          {t("assistants.noneHint")}
        </Empty>
      )}
      <Stack>
        {assistants.data?.map((assistant) => (
          <Card key={assistant.name} assistant={assistant} />
        ))}
        <Suspense fallback={<LoadingRows rows={2} />}>
          <Budgets />
        </Suspense>
      </Stack>
      {isNaming && <NameDialog onClose={naming.close} />}
    </Page>
  );
}

function Card({ assistant }: { readonly assistant: Assistant }) {
  const { t } = useTranslation();
  const { name, isDefault, persona, chain, bots, quotesOnly } = assistant;
  const models = chain.map(({ provider, model }) => `${provider}:${model}`).join(" → ");
  return (
    <Paper p="md" className="sheet" component="section" aria-label={name}>
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <div style={{ minWidth: 0 }}>
          <Title order={2} size="h5">
            <Link
              to="/assistants/$assistantName"
              params={{ assistantName: name }}
              style={{ color: "inherit" }}
            >
              {name}
            </Link>
          </Title>
          {persona !== "" && <Text size="sm">{persona}</Text>}
          <Text size="sm" className="soft" style={{ overflowWrap: "anywhere" }}>
            {quotesOnly
              ? t("assistants.quotesOnly")
              : models === ""
                ? t("assistants.installationChain")
                : models}
          </Text>
        </div>
        <Group gap="xs" justify="flex-end">
          {isDefault && (
            <Badge variant="light" tt="none">
              {t("assistants.default")}
            </Badge>
          )}
          {bots.length > 0 && (
            <Badge variant="light" color="gray" tt="none">
              {t("assistants.bots", { count: bots.length })}
            </Badge>
          )}
        </Group>
      </Group>
    </Paper>
  );
}

function NameDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const assistantName = String(new FormData(event.currentTarget).get("name"));
    void navigate({ to: "/assistants/$assistantName", params: { assistantName } });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("assistants.add")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            name="name"
            label={t("assistants.name")}
            description={t("assistants.nameHint")}
            placeholder="atencion-ciudadana"
            pattern="[a-z0-9]([a-z0-9\-]{0,38}[a-z0-9])?"
            required
            withAsterisk={false}
            autoComplete="off"
          />
          <Button type="submit">{t("assistants.continue")}</Button>
        </Stack>
      </form>
    </Modal>
  );
}
