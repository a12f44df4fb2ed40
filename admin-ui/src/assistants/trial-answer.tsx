import { Anchor, Badge, Code, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "../../../client/index.ts";
import { useFormats } from "../parts/time.ts";
import classes from "./assistants.module.css";

type Answer = Schema<"AssistantTrial">;

/** What the assistant said, and below it why: what was found, who was asked, what it cost. */
export function TrialAnswer({
  answer,
  tookMs,
}: {
  readonly answer: Answer;
  readonly tookMs: number;
}) {
  const { t } = useTranslation();
  const { language, number } = useFormats();
  const { costMicroUsd, passages, attempts } = answer;
  return (
    <div className={classes.said}>
      {answer.abstained && (
        <Badge variant="light" color="yellow" tt="none" mb={6}>
          {t("trial.abstained")}
        </Badge>
      )}
      <Text size="sm" className="prose">
        {answer.answer}
      </Text>
      {answer.disclaimer !== undefined && (
        <Text size="xs" mt="xs" fs="italic">
          {answer.disclaimer}
        </Text>
      )}
      {answer.citations.length > 0 && (
        <Places label={t("trial.citations")}>
          {answer.citations.map((citation, at) => (
            <Place key={`${citation.url} ${citation.quote}`} place={citation} mark={at + 1} />
          ))}
        </Places>
      )}
      <dl className={classes.facts}>
        <Fact name={t("trial.model")}>{answer.model}</Fact>
        <Fact name={t("trial.cost")}>
          {costMicroUsd === null ? t("trial.costUnknown") : inDollars(costMicroUsd, language)}
        </Fact>
        <Fact name={t("trial.time")}>{`${number(tookMs)} ms`}</Fact>
        <Fact name={t("trial.passport")}>
          <Code fz="xs">{answer.passport}</Code>
        </Fact>
      </dl>
      {passages.length > 0 && (
        <More title={t("trial.found", { count: passages.length })}>
          <Places label={t("trial.passages")}>
            {passages.map((passage, at) => (
              <Place key={`${passage.url} ${passage.quote}`} place={passage} mark={at + 1}>
                {t("trial.score", { score: number(Math.round(passage.score * 1_000) / 1_000) })}
                {passage.lexicalRank !== null &&
                  ` · ${t("trial.byWords", { rank: passage.lexicalRank })}`}
                {passage.vectorRank !== null &&
                  ` · ${t("trial.byMeaning", { rank: passage.vectorRank })}`}
              </Place>
            ))}
          </Places>
        </More>
      )}
      {attempts.length > 0 && (
        <More title={t("trial.tried", { count: attempts.length })}>
          <Stack component="ul" gap={4} m={0} mt={4} p={0} className={classes.plain}>
            {attempts.map(({ model, purpose, outcome, durationMs, outputTokens }, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: what was tried is never moved
              <Text key={at} component="li" size="xs">
                {model} · {t(`trial.purpose.${purpose}`, { defaultValue: purpose })} ·{" "}
                {t(`trial.outcome.${outcome}`, { defaultValue: outcome })}
                {durationMs !== null && ` · ${number(durationMs)} ms`}
                {outputTokens !== null && ` · ${t("trial.tokens", { count: outputTokens })}`}
              </Text>
            ))}
          </Stack>
        </More>
      )}
    </div>
  );
}

function Places({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <Stack component="ol" gap={6} m={0} mt="xs" p={0} className={classes.plain} aria-label={label}>
      {children}
    </Stack>
  );
}

function Place({
  place,
  mark,
  children,
}: {
  readonly place: Pick<Answer["citations"][number], "url" | "edition" | "page" | "quote">;
  readonly mark: number;
  readonly children?: ReactNode;
}) {
  const { t } = useTranslation();
  const name = t("trial.citation", { mark, edition: place.edition, page: place.page });
  return (
    <li>
      {place.url === "" ? (
        <Text size="xs">{name}</Text>
      ) : (
        <Anchor
          size="xs"
          href={place.url}
          target="_blank"
          rel="noreferrer"
          underline="always"
          c="inherit"
        >
          {name}
        </Anchor>
      )}
      {children !== undefined && (
        <Text size="xs" className="soft tabular">
          {children}
        </Text>
      )}
      <Text size="xs" className="soft" lineClamp={3}>
        “{place.quote}”
      </Text>
    </li>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function More({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <details className={classes.more}>
      <summary>{title}</summary>
      {children}
    </details>
  );
}

/** One answer costs less than a cent: two figures that count. */
function inDollars(microUsd: number, language: string): string {
  const style = { style: "currency", currency: "USD", maximumSignificantDigits: 2 } as const;
  return new Intl.NumberFormat(language, style).format(microUsd / 1e6);
}
