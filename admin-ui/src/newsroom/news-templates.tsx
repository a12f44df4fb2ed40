import { Button, Code, Group, Text } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../parts/icon.tsx";
import { Section } from "../parts/section.tsx";
import { Failure, LoadingRows } from "../parts/states.tsx";
import { keyOf, type NewsTemplate, useNewsTemplates } from "./news-template-queries.ts";
import classes from "./publishing.module.css";

const NewsTemplateDialog = lazy(() => import("./news-template-dialog.tsx"));

/** By which templates WhatsApp tells of alerts and digests those to whom no text may be sent any more. */
export function NewsTemplates() {
  const { t } = useTranslation();
  const list = useNewsTemplates();
  const [open, setOpen] = useState<NewsTemplate | "new">();
  return (
    <Section
      title={t("publishing.templates")}
      lead={t("publishing.templatesHint")}
      actions={
        <Button
          size="xs"
          variant="default"
          leftSection={<Icon name="plus" size={16} />}
          disabled={list.data === undefined}
          onClick={() => setOpen("new")}
        >
          {t("publishing.addTemplate")}
        </Button>
      }
    >
      {list.isError && <Failure error={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <LoadingRows rows={2} />}
      {list.data?.length === 0 && (
        <Text size="sm" className="soft">
          {t("publishing.noTemplates")}
        </Text>
      )}
      <ul className={classes.templates}>
        {list.data?.map((template) => (
          <li key={keyOf(template)} className={classes.template}>
            <Template template={template} onChange={() => setOpen(template)} />
          </li>
        ))}
      </ul>
      <Suspense fallback={null}>
        {open !== undefined && (
          <NewsTemplateDialog
            former={open === "new" ? undefined : open}
            taken={(list.data ?? []).map(keyOf)}
            onClose={() => setOpen(undefined)}
          />
        )}
      </Suspense>
    </Section>
  );
}

function Template({
  template,
  onChange,
}: {
  readonly template: NewsTemplate;
  readonly onChange: () => void;
}) {
  const { t } = useTranslation();
  const { kind, language, name, parameters } = template;
  return (
    <Group justify="space-between" gap="sm">
      <div style={{ minWidth: 0, flex: "1 1 240px" }}>
        <Text size="sm" fw={600}>
          {t(`publishing.templateKind.${kind}`)} · {language}
        </Text>
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          <Code>{name}</Code>{" "}
          <span className="soft">{parameters.length > 0 && parameters.join(" · ")}</span>
        </Text>
      </div>
      <Button
        size="xs"
        variant="default"
        aria-label={t("publishing.changeOf", { name })}
        onClick={onChange}
      >
        {t("publishing.change")}
      </Button>
    </Group>
  );
}
