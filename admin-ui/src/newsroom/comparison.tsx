import { Alert, Button, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Section } from "../parts/section.tsx";
import { Failure, LoadingRows } from "../parts/states.tsx";
import { type Run, type Statement, useComparison } from "./queries.ts";
import classes from "./run.module.css";
import versionsClasses from "./versions.module.css";
import { useNewsroomWords } from "./words.ts";

/** Two runs side by side: what both say, what each says in its own words, what one alone says. */
export default function Comparison({
  run,
  other,
  onClose,
}: {
  readonly run: Run;
  readonly other: string;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const compared = useComparison(run.id, other);
  return (
    <Section
      title={t("newsroom.comparison")}
      actions={
        <Button variant="default" size="xs" onClick={onClose}>
          {t("newsroom.endComparison")}
        </Button>
      }
    >
      {compared.isError && <Failure error={compared.error} retry={() => void compared.refetch()} />}
      {compared.isPending && <LoadingRows rows={2} />}
      {compared.data !== undefined && <Columns compared={compared.data} />}
    </Section>
  );
}

type Compared = NonNullable<ReturnType<typeof useComparison>["data"]>;

function Columns({ compared }: { readonly compared: Compared }) {
  const { t } = useTranslation();
  const { left, right, same, reworded, onlyLeft, onlyRight } = compared;
  const name = ({ version }: Run) => t("newsroom.version", { version });
  return (
    <Stack gap="md">
      {!compared.hasSameEditions && (
        <Alert color="yellow" variant="light">
          {t("newsroom.otherEditions")}
        </Alert>
      )}
      {reworded.length > 0 && (
        <section aria-label={t("newsroom.reworded")}>
          <Title order={3} size="h6">
            {t("newsroom.reworded")}
          </Title>
          {reworded.map((pair) => (
            <div key={pair.left.text} className={versionsClasses.pair}>
              <Said label={name(left)} statement={pair.left} />
              <Said label={name(right)} statement={pair.right} />
            </div>
          ))}
        </section>
      )}
      <div className={versionsClasses.pair}>
        <Alone title={t("newsroom.onlyIn", { name: name(left) })} statements={onlyLeft} />
        <Alone title={t("newsroom.onlyIn", { name: name(right) })} statements={onlyRight} />
      </div>
      {same.length > 0 && (
        <details className={classes.details}>
          <summary>{t("newsroom.same", { count: same.length })}</summary>
          <Alone title="" statements={same} />
        </details>
      )}
    </Stack>
  );
}

function Alone({
  title,
  statements,
}: {
  readonly title: string;
  readonly statements: readonly Statement[];
}) {
  const { t } = useTranslation();
  return (
    <div>
      {title !== "" && (
        <Title order={3} size="h6" mb={4}>
          {title}
        </Title>
      )}
      {statements.length === 0 ? (
        <Text size="sm" className="soft">
          {t("newsroom.nothingAlone")}
        </Text>
      ) : (
        statements.map((statement) => (
          <Said key={statement.text} label={undefined} statement={statement} />
        ))
      )}
    </div>
  );
}

function Said({
  label,
  statement,
}: {
  readonly label: string | undefined;
  readonly statement: Statement;
}) {
  const words = useNewsroomWords();
  const places = statement.citations.map((citation) => words.page(citation));
  return (
    <div>
      {label !== undefined && <span className={versionsClasses.pairLabel}>{label}</span>}
      <div className={versionsClasses.pairText}>
        {statement.text}
        {places.length > 0 && <span className="soft"> ({[...new Set(places)].join(", ")})</span>}
      </div>
    </div>
  );
}
