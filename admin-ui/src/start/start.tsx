import { Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { Link, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../parts/icon.tsx";
import { Page } from "../parts/page.tsx";
import { Empty, Failure, LoadingRows } from "../parts/states.tsx";
import { useSigned } from "../shell/session.ts";
import { useBots, useGettingStarted } from "./queries.ts";
import classes from "./start.module.css";
import {
  firstStep,
  isDone,
  STEPS,
  type Standing,
  type Step,
  stepAfter,
  stepBefore,
} from "./steps.ts";

const GazetteStep = lazy(() => import("./gazette-step.tsx"));
const BotStep = lazy(() => import("./bot-step.tsx"));
const QuestionStep = lazy(() => import("./question-step.tsx"));
const NextStep = lazy(() => import("./next-step.tsx"));

/** From an empty installation to a first question that is answered; what is there already is not asked for again. */
export function Start() {
  const { t } = useTranslation();
  const { role } = useSigned();
  return (
    <Page title={t("start.title")} lead={t("start.lead")}>
      {role === "owner" || role === "editor" ? (
        <Steps />
      ) : (
        <Empty icon="warning" title={t("state.refused")} />
      )}
    </Page>
  );
}

function Steps() {
  const facts = useGettingStarted();
  const bots = useBots();
  if (facts.isError) return <Failure error={facts.error} retry={() => facts.refetch()} />;
  if (bots.isError) return <Failure error={bots.error} retry={() => bots.refetch()} />;
  if (facts.data === undefined || bots.data === undefined) return <LoadingRows rows={3} />;
  return <Way standing={{ facts: facts.data, botCount: bots.data.length }} />;
}

function Way({ standing }: { readonly standing: Standing }) {
  const { t } = useTranslation();
  const { tab } = useSearch({ from: "/start" });
  // Whoever is somewhere stays there, also when something is done meanwhile.
  const [first] = useState(() => firstStep(standing));
  const step = STEPS.find((each) => each === tab) ?? first;
  const heading = useHeading(step);
  const before = stepBefore(step);
  const after = stepAfter(step);
  return (
    <Stack gap="lg">
      <nav aria-label={t("start.steps")}>
        <ol className={classes.steps}>
          {STEPS.map((each, at) => (
            <li key={each}>
              <Link
                to="/start"
                search={{ tab: each }}
                className={classes.step}
                aria-current={each === step ? "step" : undefined}
              >
                <span className={classes.mark} data-done={isDone(each, standing) || undefined}>
                  {isDone(each, standing) ? <Icon name="tick" size={16} /> : at + 1}
                </span>
                <span>
                  {t(`start.step.${each}`)}
                  <span className={classes.unseen}>
                    {isDone(each, standing) && ` (${t("start.done")})`}
                  </span>
                </span>
              </Link>
            </li>
          ))}
        </ol>
      </nav>
      <Paper
        p={{ base: "md", sm: "xl" }}
        className="sheet"
        component="section"
        aria-label={t(`start.step.${step}`)}
      >
        <Title order={2} size="h3" tabIndex={-1} ref={heading} className={classes.heading ?? ""}>
          {t(`start.title.${step}`)}
        </Title>
        <Text className="soft" mb="md">
          {t(`start.lead.${step}`)}
        </Text>
        <Suspense fallback={<LoadingRows rows={2} />}>
          <View step={step} standing={standing} />
        </Suspense>
      </Paper>
      <Group justify="space-between">
        {before === undefined ? (
          <span />
        ) : (
          <Button
            variant="default"
            renderRoot={(props) => <Link to="/start" search={{ tab: before }} {...props} />}
          >
            {t("start.back")}
          </Button>
        )}
        {after === undefined ? (
          <Button renderRoot={(props) => <Link to="/" {...props} />}>{t("start.home")}</Button>
        ) : (
          <Button
            variant={isDone(step, standing) ? "filled" : "default"}
            renderRoot={(props) => <Link to="/start" search={{ tab: after }} {...props} />}
          >
            {t(onwards(step, standing))}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

function View({ step, standing }: { readonly step: Step; readonly standing: Standing }) {
  switch (step) {
    case "gazette":
      return <GazetteStep facts={standing.facts} />;
    case "bot":
      return <BotStep />;
    case "question":
      return <QuestionStep facts={standing.facts} />;
    case "next":
      return <NextStep facts={standing.facts} />;
  }
}

function onwards(step: Step, standing: Standing) {
  if (!isDone(step, standing)) return "start.skip";
  const { sourceCount, documentCount } = standing.facts;
  const hasOwn = sourceCount > 0 || documentCount > 0;
  return step === "gazette" && !hasOwn ? "start.keep" : "start.continue";
}

/** Who goes on to another step hears where they are; who comes in begins at the top. */
function useHeading(step: Step) {
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef(step);
  useEffect(() => {
    if (shown.current === step) return;
    shown.current = step;
    heading.current?.focus();
  }, [step]);
  return heading;
}
